"""A physician's command sent with the patient's keys: what the pump says when nobody asked the handset's screen."""

from __future__ import annotations

from thecal.bench.answered import Answered
from thecal.bench.case_records import Case, Expected
from thecal.bench.command_ids import command_ids
from thecal.bench.people import People
from thecal.device import Refused, Staged
from thecal.programmer import Interrogated, begin, refusal_words, review
from thecal.telemetry import NotApplied, Session, carry_out, stage
from thecal.therapy.prescribed import Therapy, prescription_of


def stage_with_patient_keys(people: People, case: Case, therapy: Therapy) -> Answered:
    """Write a sound program with the physician's knowledge, then try to stage it over the patient's link."""
    found = people.physician.interrogate()
    if not isinstance(found, Interrogated):
        return Answered("not reached", found.words)
    draft = begin(found).with_prescription(prescription_of(therapy, case.reservoir.drugs))
    translation = review(draft, found).translation
    if translation is None:
        return Answered(Expected.REFUSED.value, "the review refuses this program")
    session = Session(command_ids(f"{case.id} intruder {found.tick_ms}"))
    attempt = stage(session, translation.program, draft.based_on)
    answer = carry_out(attempt, people.handset.channel.exchange, people.handset.store)
    match answer:
        case Staged():
            return Answered("staged", "the pump laid the program down")
        case NotApplied(Refused() as refused):
            return Answered(Expected.REFUSED.value, refusal_words(refused), refused.reason)
        case _:
            return Answered(Expected.UNKNOWN.value, "no answer")
