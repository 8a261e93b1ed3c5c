"""Delayed start: the old program until the very ms, then the new one, reviewed once more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import (
    BOLUS,
    DAY,
    HOUR,
    MIDNIGHT_UTC_MS,
    MINUTE,
    Driven,
    once_bolus,
    program,
    treated,
)
from tests.pump.stories import programs
from thecal.device import (
    Alarm,
    BolusKind,
    BridgeLeft,
    Component,
    Done,
    LogKind,
    Mode,
    Program,
    Reason,
    Refused,
    SetClock,
    StopInfusion,
)
from thecal.pump import MemoryFaultFound, PowerRestored, next_event_tick, next_stroke_tick

OLD = program((0, 240_000))
NEW = program((0, 480_000))


def delayed(wanted: Program, by_ms: int, at_ms: int = 0) -> Program:
    return replace(wanted, begins_utc_ms=MIDNIGHT_UTC_MS + at_ms + by_ms)


def waiting(wanted: Program = NEW, by_ms: int = 5 * HOUR) -> Driven:
    """A pump in which this program waits from tick 0."""
    pump = treated(OLD)
    pump.commit(delayed(wanted, by_ms))
    return pump


@settings(max_examples=40, deadline=None)
@given(programs(), st.integers(1, 7 * DAY), st.lists(st.integers(1, 3 * DAY), max_size=5))
def test_a_delayed_program_gives_what_it_would_give_if_committed_at_its_start(wanted, by_ms, waits):
    """Verify, for any program and delay: not a stroke differs from one committed by hand at that ms."""
    late, by_hand = waiting(wanted, by_ms), treated(OLD)
    by_hand.wait(by_ms)
    by_hand.commit(wanted)
    by_hand.wait(sum(waits))
    for wait_ms in (by_ms, *waits):
        late.wait(wait_ms)
    assert late.strokes == by_hand.strokes
    assert late.state.program == delayed(wanted, by_ms)
    assert late.state.committed_tick_ms == by_ms


def test_the_old_program_runs_until_the_very_millisecond():
    pump = waiting()
    assert (pump.state.program, pump.report().status.waiting.begins_utc_ms) == (OLD, MIDNIGHT_UTC_MS + 5 * HOUR)
    pump.wait(5 * HOUR - 1)
    assert pump.state.program == OLD
    pump.wait(1)
    assert (pump.state.program, pump.state.waiting) == (delayed(NEW, 5 * HOUR), None)
    assert pump.logged()[-2:] == [LogKind.PROGRAM_COMMITTED, LogKind.PROGRAM_STARTED]
    assert pump.state.log[-1].tick_ms == 5 * HOUR
    pump.wait(HOUR)
    assert len(pump.strokes) == 5 * 20 + 40


def test_the_start_is_announced_before_the_strokes_it_changes():
    pump = treated(program((0, 0), (1_439, 48_000)))
    pump.commit(delayed(NEW, 5 * HOUR))
    assert next_event_tick(pump.state) == 5 * HOUR
    assert next_stroke_tick(pump.state) == 5 * HOUR + 90_000


@pytest.mark.parametrize("by_ms", [-1, 7 * DAY + 1])
def test_a_start_in_the_past_or_more_than_seven_days_ahead_is_refused(by_ms):
    answer = treated(OLD).stage(delayed(NEW, by_ms))
    assert isinstance(answer, Refused)
    assert answer.reason is Reason.START_IN_PAST


DROPS = {
    "stop": lambda pump: pump.send(StopInfusion()),
    "another program": lambda pump: pump.commit(program((0, 96_000))),
    "memory fault": lambda pump: pump.event(MemoryFaultFound()),
}


@pytest.mark.parametrize("drop", DROPS)
def test_it_is_dropped_by(drop):
    pump = waiting()
    pump.wait(HOUR)
    DROPS[drop](pump)
    assert (pump.state.waiting, pump.report().status.waiting) == (None, None)
    before = pump.state.program
    pump.wait(DAY)
    assert pump.state.program == before
    assert LogKind.PROGRAM_STARTED not in pump.logged()


OTHER = (Component("morphine", 20_000_000),)


def another_fluid(pump: Driven) -> None:
    assert isinstance(pump.refill(components=OTHER), Done)


@pytest.mark.parametrize("mode", [Mode.STOPPED, Mode.MINIMUM_RATE])
def test_what_no_longer_fits_is_not_started_and_a_critical_alarm_says_so(mode):
    pump = treated(program(mode=mode))
    pump.commit(delayed(NEW, 5 * HOUR))
    old = pump.state.program
    pump.wait(HOUR)
    another_fluid(pump)
    pump.wait(5 * HOUR)
    assert (pump.state.program, pump.state.waiting) == (old, None)
    assert Alarm.PROGRAM_NOT_STARTED in pump.report().status.alarms
    alarm = next(entry for entry in pump.state.log if entry.kind is LogKind.PROGRAM_NOT_STARTED)
    assert alarm.tick_ms == 5 * HOUR


def test_a_bridge_that_was_not_foreseen_keeps_it_from_starting():
    pump = treated(program((0, 240_000), once=once_bolus(BolusKind.BRIDGE, 100, 10 * HOUR)))
    cancels = replace(NEW, bridge_left=BridgeLeft.CANCEL)
    pump.commit(delayed(cancels, 5 * HOUR))
    pump.wait(5 * HOUR)
    assert (pump.state.once, pump.state.once_strokes_total) == (None, 50)
    late = treated(program((0, 240_000), once=once_bolus(BolusKind.BRIDGE, 100, 4 * HOUR)))
    late.commit(delayed(cancels, 5 * HOUR))
    late.wait(5 * HOUR)
    assert Alarm.PROGRAM_NOT_STARTED in late.report().status.alarms


def test_a_pump_without_strokes_to_give_does_not_start_it():
    pump = treated(program((0, 240_000), low_nl=0), volume_nl=10_000)
    pump.commit(delayed(replace(NEW, low_reservoir_nl=0), 5 * HOUR))
    pump.wait(5 * HOUR)
    assert pump.state.program.mode is Mode.SIMPLE_CONTINUOUS
    assert pump.state.program.begins_utc_ms is None
    assert Alarm.PROGRAM_NOT_STARTED in pump.report().status.alarms


def test_the_moment_moves_with_the_clock():
    pump = waiting()
    pump.wait(HOUR)
    assert isinstance(pump.send(SetClock(MIDNIGHT_UTC_MS + 2 * HOUR, 0)), Done)
    pump.wait(3 * HOUR - 1)
    assert pump.state.program == OLD
    pump.wait(1)
    assert pump.state.program == delayed(NEW, 5 * HOUR)


@pytest.mark.parametrize("looked_at", [True, False])
def test_a_moment_skipped_by_setting_the_clock_has_come(looked_at):
    pump = waiting()
    pump.wait(HOUR)
    pump.send(SetClock(MIDNIGHT_UTC_MS + 6 * HOUR, 0))
    if looked_at:
        pump.wait(0)
    pump.wait(HOUR)
    assert pump.state.log[-1].kind is LogKind.PROGRAM_STARTED
    assert pump.state.committed_tick_ms == HOUR
    assert len(pump.strokes) == 20 + 40


def test_a_moment_without_power_has_come_when_power_returns():
    pump = waiting()
    pump.wait(4 * HOUR)
    pump.event(PowerRestored(2 * HOUR), 6 * HOUR)
    pump.wait(HOUR)
    assert pump.state.committed_tick_ms == 6 * HOUR
    assert len(pump.strokes) == 4 * 20 + 40


def test_a_patient_bolus_that_runs_ends_with_the_program_it_belongs_to():
    pump = treated(program((0, 240_000), bolus=BOLUS))
    pump.commit(delayed(NEW, 4 * HOUR + 5 * MINUTE))
    pump.wait(4 * HOUR)
    assert isinstance(pump.press(), Done)
    pump.wait(5 * MINUTE)
    assert pump.logged()[-2:] == [LogKind.PROGRAM_STARTED, LogKind.BOLUS_CANCELLED]
    pump.wait(HOUR)
    assert pump.state.bolus_strokes_total == 10


def test_strokes_due_and_the_end_of_a_bolus_come_before_the_start():
    """Verify at one ms: the last stroke of a single bolus, its end, then the new program."""
    pump = treated(program((0, 240_000), once=once_bolus(BolusKind.SINGLE)))
    pump.commit(delayed(NEW, 10 * MINUTE))
    pump.wait(10 * MINUTE)
    assert pump.logged()[-2:] == [LogKind.BOLUS_COMPLETED, LogKind.PROGRAM_STARTED]
    assert pump.state.once_strokes_total == 20
