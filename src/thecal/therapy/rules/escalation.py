"""Raising a dose: too soon after the last change, or again and again without effect."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from thecal.catalogue.drugs import Drug
from thecal.catalogue.sourced import Sourced
from thecal.quantities import Duration, Instant
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.plan import Dosing
from thecal.therapy.rules.before import raised
from thecal.therapy.rules.named import dose_field, dose_path
from thecal.therapy.showing import length_text
from thecal.therapy.situation import DoseThen, Response
from thecal.therapy.titrating import earliest_ceilings, shortest_interval


def too_soon(dosing: Dosing) -> Iterator[Finding]:
    """A step up before the printed time since the last change, or a ceiling reached before its time."""
    step, doses = raised(dosing), dosing.situation.history.doses
    if step is None or not doses:
        return
    patient = dosing.situation.patient
    wait, since = shortest_interval(step.drug, patient, first=len(doses) == 1), _since(dosing, doses[-1].at)
    if wait is not None and since < wait.amount:
        words = f"{step.drug.display} is raised {length_text(since)} after the last change; wait for its effect."
        shown = ("since the last change", length_text(since)), ("shortest interval", length_text(wait.amount))
        yield _early(dosing, step.drug, words, shown, wait.origin)
    for ceiling, after in earliest_ceilings(step.drug, patient):
        since = _since(dosing, doses[0].at)
        if step.new_greatest >= ceiling.amount and since < after.amount:
            words = f"{step.drug.display} reaches its ceiling {length_text(since)} after the first dose; go slower."
            shown = ("since the first dose", length_text(since)), ("earliest", length_text(after.amount))
            yield _early(dosing, step.drug, words, shown, after.origin)


def steps_without_response(dosing: Dosing) -> Iterator[Finding]:
    """One more step up after several that did nothing, while nobody has shown that the catheter lies right and runs."""
    step, history, policy = raised(dosing), dosing.situation.history, dosing.standing.policy
    if step is None or history.catheter_imaged:
        return
    unanswered = _unanswered(history.doses)
    if unanswered < policy.steps_without_response:
        return
    words = (
        f"{step.drug.display} was raised {unanswered} times without a better response; show where the catheter lies "
        "and that it is open before raising again."
    )
    shown = ("steps without response", str(unanswered)), ("image the catheter at", str(policy.steps_without_response))
    limit, path = policy.source_of("steps_without_response"), "history.catheter_imaged"
    yield finding("steps-without-response", Verdict.STOP, dose_field(step.drug), words, *shown, limit=limit, path=path)


def _unanswered(doses: tuple[DoseThen, ...]) -> int:
    """Steps up that did nothing since the last dose that helped; steps of which nobody knows are not counted."""
    count = 0
    for before, then in pairwise(doses):
        if then.response is Response.BETTER:
            count = 0
        elif then.response is not None and then.daily_dose > before.daily_dose:
            count += 1
    return count


def _since(dosing: Dosing, then: Instant) -> Duration:
    """How long ago; nothing for what is dated later than the pump's clock."""
    return Duration(max(0, dosing.standing.now.epoch_ms - then.epoch_ms))


def _early(dosing: Dosing, drug: Drug, words: str, shown: tuple[tuple[str, str], ...], limit: Sourced) -> Finding:
    rule, path = "titration-too-soon", dose_path(dosing)
    return finding(rule, Verdict.WARN, dose_field(drug), words, *shown, limit=limit, path=path)
