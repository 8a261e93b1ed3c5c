"""Flex with groups of days: each weekday its own schedule, on the pump's own clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import DAY, HOUR, MIDNIGHT_UTC_MS, MINUTE, STROKE, rate_in_minute, treated, weekly
from tests.pump.test_strokes import schedules
from thecal.device import Done, ProgramInvalid, SetClock
from thecal.pump import TimePassed, next_stroke_tick, step

WEEKDAYS, WEEKEND = 0b001_1111, 0b110_0000
MASKS = st.sampled_from([(0b111_1111,), (WEEKDAYS, WEEKEND), (0b010_1010, 0b101_0101), tuple(1 << d for d in range(7))])


@st.composite
def weeks(draw: st.DrawFn) -> tuple[tuple[int, tuple[tuple[int, int], ...]], ...]:
    masks = sorted(draw(MASKS), key=lambda mask: mask & -mask)
    groups = tuple((mask, draw(schedules())) for mask in masks)
    return groups if sum(len(rates) for _, rates in groups) > 1 else ((masks[0], ((0, 48_000), (1, 0))), *groups[1:])


def rate_at(groups, utc_ms: int, offset_min: int) -> int:
    """The oracle: what the calendar says for this minute."""
    moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=utc_ms, minutes=offset_min)
    rates = next(rates for mask, rates in groups if mask & 1 << moment.weekday())
    return rate_in_minute(rates, moment.hour * 60 + moment.minute)


def owed_nl(groups, utc_from_ms: int, elapsed_ms: int, offset_min: int) -> Fraction:
    total, at, end = Fraction(0), utc_from_ms, utc_from_ms + elapsed_ms
    while at < end:
        until = min((at // MINUTE + 1) * MINUTE, end)
        total += Fraction(rate_at(groups, at, offset_min) * (until - at), DAY)
        at = until
    return total


@settings(max_examples=20, deadline=None)
@given(weeks(), st.integers(0, 400 * DAY), st.integers(-840, 840), st.integers(1, 9 * DAY))
def test_a_week_gives_what_the_calendar_says_to_within_one_stroke(groups, utc_ms, offset_min, elapsed_ms):
    """Verify, for any groups of days, date and clock offset: volume given plus the carry is what is owed, exactly."""
    pump = treated(weekly(*groups), utc_ms=MIDNIGHT_UTC_MS + utc_ms, offset_min=offset_min)
    pump.wait(elapsed_ms)
    owed = owed_nl(groups, MIDNIGHT_UTC_MS + utc_ms, elapsed_ms, offset_min)
    assert len(pump.strokes) * STROKE + Fraction(pump.state.carry, DAY) == owed


@settings(max_examples=15, deadline=None)
@given(weeks(), st.integers(0, 8 * DAY))
def test_the_next_stroke_is_where_it_is_said_to_be(groups, wait_ms):
    """Verify, with any groups of days: each announced stroke comes at its tick and none before."""
    pump = treated(weekly(*groups))
    pump.wait(wait_ms)
    for _ in range(8):
        announced = next_stroke_tick(pump.state)
        if announced is None:
            assert not any(rate for _, rates in groups for _, rate in rates)
            return
        before = len(pump.strokes)
        pump.event(TimePassed(), announced - 1)
        assert len(pump.strokes) == before
        pump.event(TimePassed(), announced)
        assert {stroke.tick_ms for stroke in pump.strokes[before:]} == {announced}


def test_one_minute_a_week_gives_its_stroke_after_many_weeks():
    """Verify that 48 000 nL/day for one minute on Sundays, 33.3 nL a week, make a stroke in the sixteenth week."""
    saturdays = 0b011_1111
    pump = treated(weekly((saturdays, ((0, 0),)), (0b100_0000, ((0, 48_000), (1, 0)))))
    announced = next_stroke_tick(pump.state)
    pump.event(TimePassed(), announced - 1)
    assert pump.strokes == []
    pump.wait(1)
    assert len(pump.strokes) == 1
    weeks = announced / (7 * DAY)
    assert 14 < weeks < 15


@settings(max_examples=25, deadline=None)
@given(weeks(), st.integers(0, 3 * DAY), st.integers(1, DAY), st.integers(1, 2 * DAY))
def test_a_clock_set_back_lets_no_slot_run_twice(groups, before_ms, back_ms, after_ms):
    """Verify, for any moment and distance: the rate of the latest time reached holds until that time comes again."""
    pump = treated(weekly(*groups))
    pump.wait(before_ms)
    reached, made, carry = pump.state.utc_ms, len(pump.strokes), pump.state.carry
    assert isinstance(pump.send(SetClock(reached - back_ms, 0)), Done)
    pump.wait(back_ms + after_ms)
    held = Fraction(rate_at(groups, reached, 0) * back_ms, DAY)
    owed = held + owed_nl(groups, reached, after_ms, 0)
    assert (len(pump.strokes) - made) * STROKE + Fraction(pump.state.carry - carry, DAY) == owed


def test_a_clock_set_forward_skips_slots_and_makes_up_nothing():
    groups = ((0b111_1111, ((0, 0), (60, 480_000), (120, 0))),)
    pump = treated(weekly(*groups))
    pump.send(SetClock(MIDNIGHT_UTC_MS + 2 * HOUR, 0))
    pump.wait(22 * HOUR)
    assert pump.strokes == []
    pump.wait(2 * HOUR)
    assert len(pump.strokes) == 40


def test_four_weeks_are_one_train_for_each_slot():
    pump = treated(weekly((WEEKDAYS, ((0, 240_000), (480, 480_000))), (WEEKEND, ((0, 96_000),))))
    made = step(pump.state, TimePassed(), 28 * DAY).effects[0]
    assert len(made.trains) == 4 * (5 * 2 + 2)


@pytest.mark.parametrize(
    "groups",
    [
        ((WEEKDAYS, ((0, 240_000),)),),  # no weekend
        ((WEEKDAYS, ((0, 240_000),)), (0b111_0000, ((0, 96_000),))),  # Friday twice
        ((WEEKEND, ((0, 96_000),)), (WEEKDAYS, ((0, 240_000),))),  # not from Monday on
    ],
)
def test_days_that_are_missing_doubled_or_out_of_order_are_no_program(groups):
    with pytest.raises(ProgramInvalid, match="each weekday in one group"):
        weekly(*groups)
