"""Everything a pump can say has words, and an interrogation is told in full."""

from __future__ import annotations

import pytest

from thecal.device import Alarm, BolusKind, LogEntry, LogKind, Mode, Reason, Refused
from thecal.device.reports import NeverSeen
from thecal.programmer import log_words, refusal_words
from thecal.programmer.alarm_words import ALARM_WORDS
from thecal.programmer.reason_words import REASON_WORDS
from thecal.programmer.words import LOG_WORDS, MODE_WORDS, not_applied_words
from thecal.telemetry import NotSent

from ..therapy.given import bolus, continuous
from .test_visit import filled, updated


def test_every_reason_alarm_log_entry_and_mode_has_words():
    assert set(REASON_WORDS) == set(Reason)
    assert set(ALARM_WORDS) == set(Alarm)
    assert set(LOG_WORDS) == set(LogKind)
    assert set(MODE_WORDS) == set(Mode)


@pytest.mark.parametrize("reason", Reason)
def test_a_refusal_is_whole_sentences(reason):
    words = refusal_words(Refused(reason))
    assert words[0].isupper()
    assert words.endswith(".")


def test_a_refusal_names_the_field_and_the_time_where_the_pump_gave_them():
    assert "Field: patient bolus" in refusal_words(Refused(Reason.PROGRAM_OUT_OF_RANGE, field="patient_bolus"))
    assert "Possible in 3 h 40 min" in refusal_words(Refused(Reason.LOCKOUT, retry_after_ms=13_200_000))


def test_nothing_sent_and_never_seen_are_told_apart():
    assert not_applied_words(NotSent()) != not_applied_words(NeverSeen())


def test_a_log_entry_tells_volume_time_and_reason():
    granted = LogEntry(1, 0, 0, LogKind.BOLUS_GRANTED, volume_nl=10_000, duration_ms=600_000)
    assert log_words(granted) == "Patient bolus granted, 0.01 mL over 10 min"
    assert log_words(LogEntry(2, 0, 0, LogKind.BOLUS_REFUSED, reason=Reason.LOCKOUT)).endswith(
        "The lockout is running."
    )


def test_a_log_entry_names_its_bolus_and_its_alarm():
    assert log_words(LogEntry(1, 0, 0, LogKind.BOLUS_COMPLETED)) == "Bolus completed"
    assert log_words(LogEntry(1, 0, 0, LogKind.BOLUS_COMPLETED, bolus=BolusKind.PATIENT)) == "Patient bolus completed"
    assert log_words(LogEntry(1, 0, 0, LogKind.BOLUS_STARTED, bolus=BolusKind.BRIDGE)) == "Bridge bolus started"
    silenced = LogEntry(1, 0, 0, LogKind.ALARM_SILENCED, alarm=Alarm.MOTOR_STALL)
    assert log_words(silenced) == "Alarm silenced: motor stall"


def test_an_interrogation_says_what_is_given_what_is_left_and_until_when():
    bedside = filled()
    updated(bedside, continuous("2.4 mg/day", bolus=bolus()))
    found = bedside.interrogated()
    facts = {fact.key: fact.text for fact in found.facts()}
    assert facts["dose"] == "morphine 2.4 mg/day"
    assert facts["greatest"] == "morphine 2.8 mg/day"
    assert facts["fluid"] == "morphine 10 mg/mL"
    assert facts["daily-volume"] == "0.24 mL"
    assert facts["alarm-date"] == "5 Feb 2027"
    assert facts["refill-date"] == "18 Jan 2027"
    assert facts["clock"].startswith("22 Nov 2026, 08:00")
    assert [line.words.split(",")[0] for line in found.log()] == [
        "Pump manufactured",
        "Refill recorded",
        "Program updated",
    ]
    assert found.alarms() == ()
