"""The pump's clock is set: limits do not notice, no slot runs twice, what is skipped is not made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import (
    BOLUS,
    DAY,
    HOUR,
    MINUTE,
    STROKE,
    Driven,
    once_bolus,
    program,
    rate_in_minute,
    treated,
    weekly,
)
from tests.pump.test_strokes import schedules
from thecal.device import Alarm, BolusKind, Done, LogKind, Mode, Reason, Refused, SetClock
from thecal.pump.controller.events import ClockUncertain

YEARS = 10**11  # ms, more than three
NIGHT = ((0, 48_000), (120, 960_000), (180, 480_000))  # much from 02:00 to 03:00
MOVES = st.integers(-20 * 60, 20 * 60).map(lambda minutes: minutes * MINUTE + 17)


def moved(pump: Driven, by_ms: int, offset_min: int = 0) -> Done | Refused:
    """Set the clock this much ahead (or back)."""
    return pump.send(SetClock(pump.state.utc_ms + by_ms, offset_min))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7 * HOUR), st.integers(-YEARS, YEARS), st.integers(-840, 840)), max_size=15))
def test_limits_lockouts_and_windows_do_not_notice_the_clock(story):
    """Verify, for a patient who presses at any times: the same answers and strokes with and without settings."""
    still, turned = (treated(program((0, 240_000), bolus=BOLUS, limit_nl=270_000)) for _ in range(2))
    for wait_ms, by_ms, offset_min in story:
        for pump in (still, turned):
            pump.wait(wait_ms)
        if turned.state.running_bolus is None:
            assert isinstance(moved(turned, by_ms, offset_min), Done)
        assert turned.press() == still.press()
        assert turned.report().status.bolus == still.report().status.bolus
    assert turned.strokes == still.strokes


@settings(max_examples=25, deadline=None)
@given(schedules(), st.lists(st.tuples(st.integers(1, 30 * HOUR), MOVES), min_size=1, max_size=5))
def test_the_schedule_follows_the_latest_moment_that_the_clock_had_reached(rates, story):
    """Verify against the requirement, ms exactly: the rate is that of the latest civil time so far.

    So whatever the clock was set to, civil time between two settings moves the schedule on only where it is new.
    """
    pump = treated(program(*rates, limit_nl=4_000_000))
    local = reached = pump.state.utc_ms
    owed = 0
    for wait_ms, by_ms in story:
        pump.wait(wait_ms)
        until = local + wait_ms
        while local < until:
            at = max(local, reached)
            same_until = min(until, reached if local < reached else (at // MINUTE + 1) * MINUTE)
            owed += rate_in_minute(rates, at // MINUTE % 1_440) * (same_until - local)
            local = same_until
            reached = max(reached, local)
        if isinstance(moved(pump, by_ms), Done):
            local += by_ms
            reached = max(reached, local)
        else:
            assert len(rates) > 1
            assert reached - (local + by_ms) > DAY
        if len(rates) == 1:
            reached = local
    assert len(pump.strokes) * STROKE * DAY + pump.state.carry == owed


def test_the_hour_that_the_end_of_daylight_saving_repeats_runs_once():
    """Verify 25 October: at 03:00 the clock goes back to 02:00; the slot of 02:00 is over, that of 03:00 lasts."""
    midnight = int(datetime(2026, 10, 25, tzinfo=UTC).timestamp()) * 1_000 - 2 * HOUR
    pump = treated(program(*NIGHT), utc_ms=midnight, offset_min=120)
    pump.wait(3 * HOUR)
    before = len(pump.strokes)
    assert moved(pump, 0, offset_min=60) == Done(3 * HOUR)
    pump.wait(HOUR)
    assert (len(pump.strokes) - before) * STROKE == 480_000 // 24
    pump.wait(22 * HOUR)
    per_hour = [48_000, 48_000, 960_000, 480_000, *[480_000] * 21, 48_000]
    assert len(pump.strokes) * STROKE == sum(per_hour) // 24


def test_the_hour_that_the_beginning_of_daylight_saving_skips_is_not_made_up():
    midnight = int(datetime(2026, 3, 29, tzinfo=UTC).timestamp()) * 1_000 - HOUR
    pump = treated(program(*NIGHT), utc_ms=midnight, offset_min=60)
    pump.wait(2 * HOUR)
    before = len(pump.strokes)
    assert moved(pump, 0, offset_min=120) == Done(2 * HOUR)
    pump.wait(21 * HOUR)
    assert (len(pump.strokes) - before) * STROKE == 21 * 480_000 // 24


def test_by_itself_the_pump_knows_no_daylight_saving():
    """Verify over the night on which civil clocks repeat an hour: each day gives the same."""
    midnight = int(datetime(2026, 10, 25, tzinfo=UTC).timestamp()) * 1_000 - 2 * HOUR
    pump = treated(program(*NIGHT), utc_ms=midnight, offset_min=120)
    given = []
    for _ in range(3):
        before = len(pump.strokes)
        pump.wait(DAY)
        given.append(len(pump.strokes) - before)
    assert len(set(given)) == 1


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("year", [2026, 2028])
def test_groups_of_days_follow_the_calendar_over_the_end_of_every_month(year, month):
    """Verify each day from three before to three after: weekends at one rate, other days at another."""
    first = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    begin = first - timedelta(days=3)
    weekend, week = 0b110_0000, 0b001_1111
    wanted = weekly((week, ((0, 480_000),)), (weekend, ((0, 960_000),)))
    pump = treated(wanted, utc_ms=int(begin.timestamp()) * 1_000)
    for number in range(6):
        before = len(pump.strokes)
        pump.wait(DAY)
        today = begin + timedelta(days=number)
        assert (len(pump.strokes) - before) * STROKE == (960_000 if today.weekday() >= 5 else 480_000)


@pytest.mark.parametrize("kind", [BolusKind.SINGLE, BolusKind.PRIMING, BolusKind.BRIDGE])
def test_the_clock_cannot_be_set_while_a_bolus_runs(kind):
    pump = treated(program((0, 240_000), once=once_bolus(kind)))
    assert moved(pump, HOUR) == Refused(Reason.CLOCK_DURING_BOLUS)
    pump.wait(HOUR)
    assert isinstance(moved(pump, HOUR), Done)


def test_a_flex_pump_is_not_set_back_by_more_than_a_day():
    """Verify the edge, that a second setting counts from the latest moment reached, and that a stopped pump may."""
    pump = treated(program(*NIGHT))
    assert moved(pump, -DAY - 1) == Refused(Reason.PROGRAM_OUT_OF_RANGE, field="utc_ms")
    assert isinstance(moved(pump, -DAY), Done)
    assert moved(pump, -1).reason is Reason.PROGRAM_OUT_OF_RANGE
    pump.stop()
    assert isinstance(moved(pump, -3_650 * DAY), Done)
    pump.commit(program(*NIGHT))
    pump.wait(DAY)
    assert len(pump.strokes) * STROKE == sum(rate_in_minute(NIGHT, hour * 60) for hour in range(24)) // 24


def test_setting_the_clock_ends_its_doubt_and_is_in_the_log():
    pump = treated(program((0, 240_000)))
    pump.event(ClockUncertain())
    assert pump.report().status.alarms == (Alarm.CLOCK_UNCERTAIN,)
    assert isinstance(moved(pump, 5 * MINUTE, 60), Done)
    status = pump.report().status
    assert (status.alarms, status.clock_offset_min) == ((), 60)
    entry = pump.state.log[-1]
    assert (entry.kind, entry.tick_ms, entry.utc_ms) == (LogKind.CLOCK_SET, 0, status.utc_ms)


def test_a_waiting_program_moves_with_the_clock():
    pump = treated(program((0, 240_000)))
    pump.commit(program((0, 480_000), begins_utc_ms=pump.state.utc_ms + DAY))
    assert isinstance(moved(pump, 23 * HOUR), Done)
    pump.wait(HOUR - 1)
    assert pump.state.program.begins_utc_ms is None
    pump.wait(1)
    assert pump.state.program.mode is Mode.SIMPLE_CONTINUOUS
    assert pump.state.numbers.highest_rate_nl_per_day == 480_000
