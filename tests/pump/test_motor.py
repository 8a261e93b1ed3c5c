"""The motor: what it says it did is what the pump believes; a stall is found, told, and ended by the first stroke."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import BOLUS, HOUR, MINUTE, STROKE, Driven, program, treated
from thecal.device import Alarm, BolusKind, Done, LogKind, OnceBolus, Reason, Refused, Role, SilenceAlarm
from thecal.device.commands import Interrogate, ReadStatus
from thecal.pump import FieldEntered, FieldLeft, LinkAbused, MotorReported, StrokeKind

EVERY_3_MIN = program((0, 240_000), bolus=BOLUS)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 40 * MINUTE),
            st.floats(0, 1),
            st.sampled_from([0, 0, 0, 1, 2]),
            st.sampled_from(["", "", "press", "stop", "start"]),
        ),
        max_size=40,
    )
)
def test_what_the_pump_believes_is_what_the_motor_did(story):
    """Verify, for any motor that misses some strokes and makes others unasked, reported late or early:
    - the believed volume and the strokes counted are always those that were truly made
    - strokes of boluses are part of all
    """
    pump = treated(EVERY_3_MIN)
    pump.wait(5 * HOUR)
    pump.event(MotorReported(0, 0))
    made = len(pump.strokes)
    for wait_ms, share, extra, act in story:
        before = len(pump.strokes)
        pump.wait(wait_ms)
        asked = pump.strokes[before:]
        lost = asked[: round(share * len(asked))]
        of_bolus = sum(stroke.kind is StrokeKind.BOLUS for stroke in lost)
        pump.event(MotorReported(len(lost), extra, of_bolus))
        made += len(asked) - len(lost) + extra
        assert pump.state.strokes_total == made
        assert pump.state.reservoir.volume_nl == 20_000_000 - made * STROKE
        assert 0 <= pump.state.bolus_strokes_total <= made
        if act == "press":
            pump.press()
        elif act == "stop":
            pump.stop()
        elif act == "start" and pump.state.running_bolus is None:
            pump.commit(EVERY_3_MIN)


def test_a_report_concerns_the_strokes_before_its_step_not_those_due_at_it():
    """Verify that a report which comes late does not take the strokes since for ones that turned."""
    pump = treated(EVERY_3_MIN)
    for _ in range(3):
        pump.wait(3 * MINUTE)
        pump.event(MotorReported(1, 0), pump.state.tick_ms + MINUTE)
    assert pump.report().status.alarms == (Alarm.MOTOR_STALL,)
    pump = treated(EVERY_3_MIN)
    pump.wait(3 * MINUTE)
    pump.event(MotorReported(1, 0), pump.state.tick_ms + 3 * MINUTE)
    assert (pump.state.strokes_total, pump.state.motor.unconfirmed) == (1, 1)
    pump.event(MotorReported(1, 0), pump.state.tick_ms + 3 * MINUTE)
    assert (pump.state.strokes_total, pump.state.motor.unconfirmed) == (1, 2)


def missing_one_by_one(pump: Driven, count: int) -> None:
    for _ in range(count):
        pump.wait(3 * MINUTE)
        pump.event(MotorReported(1, 0))


def test_three_in_a_row_are_a_stall_and_two_are_not():
    pump = treated(EVERY_3_MIN)
    missing_one_by_one(pump, 2)
    assert pump.report().status.alarms == ()
    missing_one_by_one(pump, 1)
    assert pump.report().status.alarms == (Alarm.MOTOR_STALL,)
    assert pump.logged()[-4:] == [LogKind.STROKES_MISSED] * 3 + [LogKind.MOTOR_STALL]
    assert (pump.state.strokes_total, pump.state.reservoir.volume_nl) == (0, 20_000_000)


def test_a_stroke_that_turned_in_between_begins_the_row_anew():
    """Verify, whether it was reported or just not named as missing."""
    pump = treated(EVERY_3_MIN)
    missing_one_by_one(pump, 2)
    pump.wait(3 * MINUTE)
    missing_one_by_one(pump, 2)
    pump.wait(3 * MINUTE)
    pump.event(MotorReported(0, 0))
    missing_one_by_one(pump, 2)
    assert pump.report().status.alarms == ()
    assert pump.state.motor.missed_total == 6


def test_a_stalled_motor_is_asked_on_and_its_first_stroke_ends_the_stall():
    pump = treated(EVERY_3_MIN)
    missing_one_by_one(pump, 200)
    log = pump.state.log
    assert [e.kind for e in log].count(LogKind.STROKES_MISSED) == 3
    assert len(pump.strokes) == 200
    pump.wait(3 * MINUTE)
    assert pump.report().status.alarms == (Alarm.MOTOR_STALL,)
    pump.event(MotorReported(0, 0))
    assert pump.report().status.alarms == ()
    entry = pump.state.log[-1]
    assert (entry.kind, entry.duration_ms) == (LogKind.MOTOR_RECOVERED, (200 - 3 + 1) * 3 * MINUTE)
    assert pump.state.strokes_total == 1
    pump.wait(HOUR)
    assert pump.state.strokes_total == 21


def test_news_of_nothing_ends_no_stall():
    pump = treated(EVERY_3_MIN)
    missing_one_by_one(pump, 3)
    pump.event(MotorReported(0, 0))
    assert pump.report().status.alarms == (Alarm.MOTOR_STALL,)


def test_an_encoder_that_misses_more_than_was_asked_is_believed_for_what_was_asked():
    pump = treated(EVERY_3_MIN)
    pump.wait(HOUR)
    pump.event(MotorReported(1_000, 0))
    assert (pump.state.strokes_total, pump.state.reservoir.volume_nl) == (0, 20_000_000)
    pump.event(MotorReported(5, 0))
    assert (pump.state.strokes_total, pump.state.motor.missed_total) == (0, 20)


def test_strokes_nobody_asked_for_count_against_the_reservoir_and_may_empty_it():
    pump = treated(program((0, 240_000), bolus=BOLUS, low_nl=0), volume_nl=200_000)
    pump.wait(5 * HOUR)
    pump.press()
    pump.wait(5 * MINUTE)
    left = pump.state.reservoir.volume_nl // STROKE
    pump.event(MotorReported(0, left - 1))
    assert pump.report().status.alarms == ()
    assert pump.state.running_bolus is not None
    pump.event(MotorReported(0, 1))
    assert Alarm.EMPTY_RESERVOIR in pump.report().status.alarms
    assert pump.state.running_bolus is None
    assert pump.state.strokes_total * STROKE == 200_000
    pump.event(MotorReported(0, 7))
    assert pump.state.reservoir.volume_nl == 0
    assert pump.logged()[-1] is LogKind.STROKES_UNASKED


def test_strokes_given_back_end_the_alarm_that_they_caused():
    pump = treated(program((0, 240_000), low_nl=5_000), volume_nl=5_500)
    pump.wait(3 * MINUTE)
    assert pump.report().status.alarms == (Alarm.LOW_RESERVOIR,)
    pump.event(MotorReported(1, 0))
    assert pump.report().status.alarms == ()


def test_a_missing_stroke_of_a_bolus_is_not_counted_as_bolus():
    pump = treated(EVERY_3_MIN)
    pump.wait(5 * HOUR)
    pump.press()
    pump.wait(5 * MINUTE)
    assert pump.state.bolus_strokes_total == 10
    pump.event(MotorReported(2, 0, of_bolus=2))
    assert pump.state.bolus_strokes_total == 8


def test_a_bridge_that_meets_a_stall_keeps_the_position_of_what_was_made():
    """Verify that of 100 strokes, 50 due and the last 3 of them stalled, 53 are still owed."""
    pump = treated(program((0, 240_000), once=OnceBolus(BolusKind.BRIDGE, 50_000, 10 * HOUR)))
    pump.wait(5 * HOUR)
    pump.event(MotorReported(3, 0, of_once=3))
    assert pump.state.once is None
    assert (pump.state.once_strokes_total, pump.state.bridge_left) == (47, 53)
    entry = pump.state.log[-1]
    assert (entry.kind, entry.volume_nl) == (LogKind.BRIDGE_INTERRUPTED, 47 * STROKE)


def test_a_magnetic_field_is_a_stall_like_any_other_and_grants_no_bolus():
    pump = treated(EVERY_3_MIN)
    pump.wait(5 * HOUR)
    pump.event(FieldEntered())
    assert pump.report().status.alarms == ()
    assert pump.press() == Refused(Reason.STALLED)
    pump.event(MotorReported(0, 0))
    missing_one_by_one(pump, 20)
    assert pump.report().status.alarms == (Alarm.MOTOR_STALL,)
    pump.event(FieldLeft())
    assert pump.report().status.alarms == (Alarm.MOTOR_STALL,)
    missing_one_by_one(pump, 40)
    pump.wait(3 * MINUTE)
    pump.event(MotorReported(0, 0))
    assert pump.report().status.alarms == ()
    assert isinstance(pump.press(), Done)


def locked(after_ms: int = 2 * HOUR) -> Driven:
    """A pump that sounded an alarm when it came into a field, and left it again."""
    pump = treated(EVERY_3_MIN)
    pump.wait(5 * HOUR + MINUTE)
    pump.event(LinkAbused())
    pump.event(FieldEntered())
    pump.wait(after_ms)
    pump.event(FieldLeft())
    pump.wait(after_ms)
    return pump


@pytest.mark.parametrize(
    ("read", "role"),
    [(ReadStatus(), Role.PATIENT), (ReadStatus(), Role.EMERGENCY), (Interrogate(), Role.PHYSICIAN)],
)
def test_a_sounding_alarm_in_a_field_locks_the_pump_until_it_is_read(read, role):
    pump = locked()
    assert len(pump.strokes) == 100
    carry = pump.state.carry
    assert carry == 240_000 * MINUTE
    pump.send(read, role)
    assert pump.logged()[-2:] == [LogKind.TELEMETRY_LOCKED, LogKind.TELEMETRY_RELEASED]
    pump.wait(2 * MINUTE)
    assert len(pump.strokes) == 101
    assert pump.state.carry == 0


def test_a_locked_pump_grants_no_bolus_and_ends_one_that_runs():
    assert locked().press() == Refused(Reason.STALLED)
    pump = treated(EVERY_3_MIN)
    pump.wait(5 * HOUR)
    pump.press()
    pump.event(LinkAbused())
    pump.wait(MINUTE)
    pump.event(FieldEntered())
    assert pump.state.running_bolus is None
    assert pump.logged()[-2:] == [LogKind.TELEMETRY_LOCKED, LogKind.BOLUS_CANCELLED]


@pytest.mark.parametrize("silenced", [False, True])
def test_only_an_alarm_that_sounds_locks(silenced):
    pump = treated(EVERY_3_MIN)
    if silenced:
        pump.event(LinkAbused())
        pump.send(SilenceAlarm(Alarm.LINK_ABUSE, HOUR))
    pump.event(FieldEntered())
    pump.event(FieldEntered())
    pump.wait(HOUR)
    assert LogKind.TELEMETRY_LOCKED not in pump.logged()
    assert len(pump.strokes) == 20


@pytest.mark.parametrize("bad", [(-1, 0), (0, -1), (1.0, 0), (True, 0)])
def test_a_report_is_whole_numbers(bad):
    with pytest.raises(ValueError, match="count must be a whole number"):
        MotorReported(*bad)


def test_what_was_missing_of_boluses_is_part_of_what_was_missing():
    with pytest.raises(ValueError, match="part of all missing strokes"):
        MotorReported(1, 0, of_bolus=1, of_once=1)
