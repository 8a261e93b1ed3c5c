"""Tones: counted in closed form, equal to listening ms by ms; how the classes, silences and intervals meet."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import DAY, HOUR, MINUTE, Driven, program, treated
from thecal.device import Alarm, AlarmTest, Done, LogKind, SetAlarmIntervals, SilenceAlarm
from thecal.pump import (
    AlarmIntervals,
    BatteryRead,
    LinkAbused,
    MotorReported,
    NextTone,
    StandingAlarm,
    Tone,
    ToneCount,
    next_tone,
    tone_count,
)

CLASS = {
    Alarm.LOW_RESERVOIR: Tone.NON_CRITICAL,
    Alarm.STOPPED: Tone.NON_CRITICAL,
    Alarm.LINK_ABUSE: Tone.NON_CRITICAL,
    Alarm.EMPTY_RESERVOIR: Tone.CRITICAL,
    Alarm.MOTOR_STALL: Tone.CRITICAL,
}
INTERVALS = st.builds(AlarmIntervals, st.integers(1, 9), st.integers(1, 9))


@st.composite
def standing(draw) -> tuple[StandingAlarm, ...]:
    return tuple(
        StandingAlarm(alarm, draw(st.integers(0, 30)), draw(st.none() | st.integers(0, 60)))
        for alarm in draw(st.sets(st.sampled_from(list(CLASS))))
    )


def heard_at(alarms: tuple[StandingAlarm, ...], intervals: AlarmIntervals, tick: int) -> Tone | None:
    """The requirement, for one ms: whether a tone begins, and which."""
    audible = [a for a in alarms if a.since_tick_ms <= tick and (a.silenced_until_tick_ms or 0) <= tick]
    critical = [a for a in audible if CLASS[a.alarm] is Tone.CRITICAL]
    driving, tone, every = (
        (critical, Tone.CRITICAL, intervals.critical_ms)
        if critical
        else (audible, Tone.NON_CRITICAL, intervals.non_critical_ms)
    )
    return tone if any((tick - a.since_tick_ms) % every == 0 for a in driving) else None


@settings(max_examples=400, deadline=None)
@given(standing(), INTERVALS, st.integers(0, 80), st.integers(0, 80))
def test_tones_in_a_stretch_are_those_heard_ms_by_ms(alarms, intervals, start, length):
    """Verify, for any alarms, silences and intervals: their number of each kind, and the first of them."""
    heard = [(tick, heard_at(alarms, intervals, tick)) for tick in range(start, start + length)]
    tones = [tone for _, tone in heard]
    counted = tone_count(alarms, intervals, start, start + length)
    assert counted == ToneCount(tones.count(Tone.CRITICAL), tones.count(Tone.NON_CRITICAL))
    first = next((NextTone(tick, tone) for tick, tone in heard if tone is not None), None)
    announced = next_tone(alarms, intervals, start)
    assert announced == first if first is not None else announced is None or announced.tick_ms >= start + length


@settings(max_examples=100, deadline=None)
@given(standing(), INTERVALS, st.lists(st.integers(0, 200), min_size=2, max_size=8))
def test_tones_of_stretches_that_meet_are_those_of_both_together(alarms, intervals, cuts):
    cuts = sorted(cuts)
    pieces = [tone_count(alarms, intervals, a, b) for a, b in pairwise(cuts)]
    whole = tone_count(alarms, intervals, cuts[0], cuts[-1])
    assert whole == ToneCount(sum(p.critical for p in pieces), sum(p.non_critical for p in pieces))


def tones(pump: Driven, elapsed_ms: int) -> ToneCount:
    """The tones of a pump from now on, while nothing happens."""
    now = pump.state.tick_ms
    return tone_count(pump.state.alarms, pump.state.intervals, now, now + elapsed_ms)


def stalled() -> Driven:
    pump = treated(program((0, 240_000)))
    pump.wait(HOUR)
    pump.event(MotorReported(20, 0))
    return pump


def test_a_pump_at_rest_is_quiet():
    pump = treated(program((0, 240_000)))
    assert tones(pump, 30 * DAY) == ToneCount(0, 0)
    assert next_tone(pump.state.alarms, pump.state.intervals, 0) is None


def test_a_critical_alarm_sounds_at_once_and_every_ten_minutes_and_drowns_the_rest():
    pump = stalled()
    pump.event(BatteryRead(90))
    assert tones(pump, 1) == ToneCount(1, 0)
    assert tones(pump, DAY) == ToneCount(144, 0)
    pump.wait(3 * MINUTE)
    pump.event(MotorReported(0, 0))
    assert tones(pump, DAY) == ToneCount(0, 24)


def test_a_silence_of_the_critical_alarm_lets_the_other_be_heard_and_then_ends():
    pump = stalled()
    pump.event(LinkAbused())
    assert isinstance(pump.send(SilenceAlarm(Alarm.MOTOR_STALL, 2 * HOUR)), Done)
    assert tones(pump, 3 * HOUR) == ToneCount(6, 2)


@pytest.mark.parametrize(("critical_ms", "non_critical_ms"), [(10 * MINUTE, DAY), (2 * HOUR, 10 * MINUTE)])
def test_the_physician_sets_how_often_tones_repeat(critical_ms, non_critical_ms):
    quiet, loud = treated(program((0, 240_000))), stalled()
    quiet.event(LinkAbused())
    for pump in (quiet, loud):
        assert isinstance(pump.send(SetAlarmIntervals(critical_ms, non_critical_ms)), Done)
    assert tones(quiet, DAY) == ToneCount(0, DAY // non_critical_ms)
    assert tones(loud, DAY) == ToneCount(DAY // critical_ms, 0)


def test_the_tone_test_is_logged_and_raises_nothing():
    pump = treated(program((0, 240_000)))
    assert isinstance(pump.send(AlarmTest(critical=True)), Done)
    assert pump.state.alarms == ()
    assert pump.logged()[-1] is LogKind.ALARM_TESTED


def test_the_critical_tone_is_the_longer_one():
    assert (Tone.CRITICAL.length_ms, Tone.NON_CRITICAL.length_ms) == (3_000, 1_000)
