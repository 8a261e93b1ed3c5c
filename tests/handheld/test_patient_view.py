"""The patient's screen and requests, against a real pump."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from thecal.catalogue.policy import policy
from thecal.catalogue.pumps import ConstantFlowPump, pump_model
from thecal.device import (
    COMMAND_LIFE_MS,
    Alarm,
    BolusKind,
    Mode,
    OnceStatus,
    Reason,
    Refused,
    Role,
    Waiting,
)
from thecal.device.reports import NeverSeen
from thecal.handheld import (
    Answer,
    Contact,
    NotReached,
    answer_of,
    ask,
    constant_flow_view,
    look,
    patient_view,
    settle_request,
)
from thecal.handheld.alarms import alarm_notice
from thecal.handheld.reasons import CALL_FOR, REASON_WORDS
from thecal.handheld.refill_words import refill_words
from thecal.pump.controller.status import status
from thecal.quantities import Instant, Volume
from thecal.telemetry import NotApplied, Session
from thecal.therapy import constant_flow_plan
from thecal.therapy.showing import DAY_MS

from ..programmer.bedside import Bedside
from ..programmer.test_visit import HOUR, filled, updated
from ..therapy.given import bolus, continuous, morphine

CLINIC = Contact("Demo Pump Clinic", "555 0100")
MINUTE = 60_000


def handset(prescription=None) -> Bedside:
    """A patient's handset at a pump the clinic has just programmed."""
    bedside = filled()
    updated(bedside, continuous("2.4 mg/day", bolus=bolus()) if prescription is None else prescription)
    bedside.role = Role.PATIENT
    bedside.session = Session(bedside._new_id)
    return bedside


def looked(bedside):
    return bedside.drive(look(bedside.session, CLINIC))


def asked(bedside):
    return bedside.drive(ask(bedside.session, looked(bedside), CLINIC))


def test_right_after_a_visit_the_patient_is_told_to_wait_and_until_when():
    bedside = handset()
    view = looked(bedside)
    assert not view.may_ask
    assert view.sentence == REASON_WORDS[Reason.LOCKOUT_AFTER_VISIT]
    assert view.countdown.remaining_ms == pytest.approx(4 * HOUR, abs=MINUTE)
    assert view.next_words.startswith("at 12:0")
    assert view.dose_words == "0.1 mg of morphine over 10 min"
    answer = asked(bedside)
    assert (answer.answer, answer.reason) == (Answer.REFUSED, Reason.LOCKOUT_AFTER_VISIT)
    assert answer.countdown.until_tick_ms == bedside.state.committed_tick_ms + 4 * HOUR
    assert "The next dose is possible at 12:0" in answer.words


def test_four_hours_later_it_is_granted_and_its_progress_shown():
    bedside = handset()
    bedside.wait(4 * HOUR)
    before = looked(bedside)
    assert (before.may_ask, before.sentence, before.remaining) == (True, "You can ask for a dose now.", 4)
    assert before.countdown is None
    answer = asked(bedside)
    assert answer.answer is Answer.GRANTED
    assert "0.1 mg of morphine" in answer.words
    bedside.wait(5 * MINUTE)
    view = looked(bedside)
    assert (view.remaining, view.running.percent) == (3, 50)
    assert view.remaining_words == "3 of 4 doses left within 24 hours"
    assert view.running.words == "50 % of this dose is given; it ends in 5 min."
    bedside.wait(6 * MINUTE)
    after = looked(bedside)
    assert (after.running, after.sentence) == (None, REASON_WORDS[Reason.LOCKOUT])


def test_the_countdown_ends_at_the_first_moment_a_dose_is_granted():
    bedside = handset()
    until = looked(bedside).countdown.until_tick_ms
    bedside.wait(
        until - bedside.state.tick_ms - 35
    )  # looking, asking for the time and asking for the dose take 10 ms each
    assert asked(bedside).answer is Answer.REFUSED
    bedside.wait(until - bedside.state.tick_ms)
    assert asked(bedside).answer is Answer.GRANTED


@pytest.mark.parametrize(("lost", "ends"), [("request", Answer.NOT_REACHED), ("reply", Answer.GRANTED)])
def test_a_lost_answer_is_not_known_yet_and_asking_again_settles_it(lost, ends):
    bedside = handset()
    bedside.wait(4 * HOUR)
    bedside.lose = {"RequestBolus": lost}
    answer = asked(bedside)
    assert answer.answer is Answer.UNKNOWN
    assert answer.pending == bedside.stored
    assert asked(bedside).answer is ends
    assert bedside.state.bolus_strokes_total == 0
    assert len(bedside.state.boluses) == (1 if ends is Answer.GRANTED else 0)


@pytest.mark.parametrize("lost", ["request", "reply"])
def test_a_dose_that_the_pump_has_forgotten_is_not_called_given_nor_not_given(lost):
    """More than 64 requests of another handset later. The patient may ask again; the pump keeps its own limits."""
    bedside = handset()
    bedside.wait(4 * HOUR)
    bedside.lose = {"RequestBolus": lost}
    assert asked(bedside).answer is Answer.UNKNOWN
    session, bedside.session = bedside.session, Session(bedside._new_id)
    kept = bedside.stored
    for wait_ms in (COMMAND_LIFE_MS, COMMAND_LIFE_MS + 1_000):
        bedside.wait(wait_ms)
        for _ in range(64):
            asked(bedside)
    bedside.session, bedside.stored = session, kept
    answer = asked(bedside)
    assert (answer.answer, answer.pending, answer.call) == (Answer.NO_LONGER_KNOWN, None, CLINIC.words)
    assert bedside.stored is session.pending is None
    assert asked(bedside).answer is Answer.REFUSED


def test_settling_may_itself_stay_unknown():
    bedside = handset()
    bedside.wait(4 * HOUR)
    bedside.lose = {"RequestBolus": "reply", "Query": "reply"}
    view = looked(bedside)
    bedside.drive(ask(bedside.session, view, CLINIC))
    assert bedside.drive(settle_request(bedside.session, view, CLINIC)).answer is Answer.UNKNOWN


def test_an_unreachable_pump_is_said_to_have_given_nothing():
    bedside = handset()
    view = looked(bedside)
    bedside.lose = {"ReadStatus": "request"}
    assert bedside.drive(ask(bedside.session, view, CLINIC)).answer is Answer.NOT_REACHED
    bedside.lose = {"ReadStatus": "request"}
    assert isinstance(looked(bedside), NotReached)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_plain_words_that_end_and_never_scold(reason):
    words = REASON_WORDS[reason]
    assert words.endswith(".")
    lowered = words.lower()
    assert not any(
        bad in lowered for bad in ("denied", "error", "invalid", "must", "too many", "too often", "illegal", "!")
    )
    assert ("call your clinic" in lowered) == (reason in CALL_FOR)


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_of_a_request_becomes_an_answer(reason):
    bedside = handset()
    view = looked(bedside)
    answer = answer_of(NotApplied(Refused(reason, 90_000)), bedside.session, view, CLINIC)
    assert answer.reason is reason
    assert answer.next_words.endswith("in 2 min")
    assert (answer.call == CLINIC.words) == (reason in CALL_FOR)
    assert answer_of(NotApplied(NeverSeen()), bedside.session, view, CLINIC).answer is Answer.NOT_REACHED


@pytest.mark.parametrize("alarm", Alarm)
def test_an_alarm_says_what_happened_what_to_do_and_whom_to_call(alarm):
    bedside = handset()
    bedside.wait(4 * HOUR)
    ready = bedside_status(bedside)
    assert patient_view(ready, 0, CLINIC).may_ask
    alarmed = replace(ready, alarms=(alarm,))
    view = patient_view(alarmed, 0, CLINIC)
    (notice,) = view.alarms
    assert notice == alarm_notice(alarm, CLINIC.words)
    assert notice.happened
    assert notice.what_to_do
    assert notice.call == "Demo Pump Clinic, 555 0100"
    assert notice.critical is alarm.critical
    assert notice.may_silence is not alarm.critical
    assert alarm.critical <= ("please call now" in notice.what_to_do.lower())
    if alarm.critical:
        assert view.call_now
        assert not view.may_ask
        assert view.sentence == notice.happened


def test_a_silenced_alarm_stays_on_the_screen():
    low = replace(bedside_status(handset()), alarms=(Alarm.LOW_RESERVOIR,), silenced=(Alarm.LOW_RESERVOIR,))
    (notice,) = patient_view(low, 0, CLINIC).alarms
    assert (notice.silenced, notice.may_silence) == (True, False)


def test_of_several_alarms_the_sentence_is_the_one_that_tells_of_no_medicine():
    both = replace(bedside_status(handset()), alarms=(Alarm.PROGRAM_NOT_STARTED, Alarm.MOTOR_STALL))
    assert "no medicine" in patient_view(both, 0, CLINIC).sentence


@pytest.mark.parametrize(
    ("kind", "says"),
    [(BolusKind.SINGLE, "your clinic has set"), (BolusKind.PRIMING, "tube"), (BolusKind.BRIDGE, "new medicine")],
)
def test_a_dose_the_clinic_has_set_is_named_for_a_patient_without_extra_doses(kind, says):
    plain = bedside_status(handset(continuous("2.4 mg/day")))
    view = patient_view(replace(plain, once=OnceStatus(kind, 100_000, 20_000, HOUR)), 0, CLINIC)
    assert says in view.sentence
    assert not view.may_ask


def test_an_interrupted_bridge_and_settings_that_wait_are_told():
    ready = bedside_status(handset())
    assert patient_view(ready, 0, CLINIC).notes == ()
    begins = Waiting(b"h" * 32, Instant.parse("2026-11-24T05:00:00Z").epoch_ms)
    view = patient_view(replace(ready, bridge_left_nl=100_000, waiting=begins), 0, CLINIC)
    assert "not complete" in view.notes[0]
    assert view.notes[1].endswith("begin on 24 November 2026 at 06:00.")
    assert view.call_now


def test_with_repeating_doses_the_clinic_tells_the_refill_date():
    repeating = replace(bedside_status(handset()), mode=Mode.PERIODIC_BOLUS, bolus=None)
    assert patient_view(repeating, 0, CLINIC).refill_words == "Your clinic tells you when the next refill is."


def bedside_status(bedside):
    return status(bedside.state)


def test_a_patient_without_extra_doses_and_one_whose_pump_is_paused_are_told_so():
    plain = looked(handset(continuous("2.4 mg/day")))
    assert (plain.may_ask, plain.dose_words, plain.remaining) == (False, None, None)
    assert "by itself" in plain.sentence
    paused = patient_view(replace(bedside_status(handset()), mode=Mode.STOPPED, bolus=None), 0, CLINIC)
    assert "paused" in paused.sentence
    assert paused.call_now
    assert "no refill date" in paused.refill_words


def test_the_refill_date_takes_every_dose_and_the_clinics_lead_and_moves_with_the_reservoir():
    """20 mL to 2 mL at 0.28 mL/day in the worst case is 64 days; 7 days earlier: about 8 weeks."""
    view = looked(handset())
    assert view.refill_words == "around 18 January 2027, in about 8 weeks"


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (0, "due now"),
        (1, "tomorrow"),
        (5, "in 5 days"),
        (13, "in 13 days"),
        (14, "in about 2 weeks"),
        (42, "around 3 January 2027, in about 6 weeks"),
        (60, "in about 9 weeks"),
        (75, "in about 3 months"),
        (120, "in about 4 months"),
    ],
)
def test_dates_are_said_as_people_say_them(days, says):
    now = Instant.parse("2026-11-22T08:00:00Z")
    assert says in refill_words(Instant(now.epoch_ms + days * DAY_MS), now, 60)


def test_a_constant_flow_patient_is_told_there_is_no_programmer_when_the_refill_is_and_whom_to_call():
    pump = pump_model("isomed-20-05")
    assert isinstance(pump, ConstantFlowPump)
    now = Instant.parse("2026-11-22T08:00:00Z")
    plan = constant_flow_plan(pump, morphine(), Volume.parse("20 mL"), now, policy())
    view = constant_flow_view(plan, now, 60, CLINIC)
    assert "no programmer" in view.sentence
    assert view.refill_words == "around 21 December 2026, in about 4 weeks"
    assert view.call == "Demo Pump Clinic, 555 0100"
    assert json.dumps(view.explanation)
