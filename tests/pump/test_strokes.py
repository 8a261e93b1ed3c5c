"""Strokes: exact, the same however time is cut, and equal to an oracle written from the requirement."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import (
    BOLUS,
    DAY,
    HOUR,
    MIDNIGHT_UTC_MS,
    MINUTE,
    STROKE,
    Driven,
    program,
    rate_in_minute,
    treated,
)
from thecal.device import PatientBolus, PumpDescriptor
from thecal.pump import PowerRestored, StrokeKind, TimePassed, next_event_tick, next_stroke_tick, step
from thecal.pump.strokes import MS_PER_DAY, strokes_due

RATES = st.one_of(st.just(0), st.integers(48_000, 3_000_000))


@st.composite
def schedules(draw) -> tuple[tuple[int, int], ...]:
    starts = sorted({0, *draw(st.lists(st.integers(1, 1_439), max_size=12))})
    return tuple((start, draw(RATES)) for start in starts)


def owed_nl(rates: tuple[tuple[int, int], ...], local_from_ms: int, local_to_ms: int) -> Fraction:
    """The oracle: what the requirement says is owed, minute of the clock by minute of the clock."""
    total = Fraction(0)
    at = local_from_ms
    while at < local_to_ms:
        until = min((at // MINUTE + 1) * MINUTE, local_to_ms)
        total += Fraction(rate_in_minute(rates, at // MINUTE % 1_440) * (until - at), DAY)
        at = until
    return total


@settings(max_examples=25, deadline=None)
@given(schedules(), st.integers(0, DAY), st.integers(-840, 840), st.integers(1, 3 * DAY))
def test_a_day_schedule_gives_what_the_clock_says_to_within_one_stroke(rates, utc_ms, offset_min, elapsed_ms):
    """Verify, for any schedule, moment and clock offset:
    - the volume given is what is owed, less than one stroke behind, never ahead
    - what is missing is exactly the carry
    """
    pump = treated(program(*rates, limit_nl=4_000_000), utc_ms=MIDNIGHT_UTC_MS + utc_ms, offset_min=offset_min)
    pump.wait(elapsed_ms)
    start = MIDNIGHT_UTC_MS + utc_ms + offset_min * MINUTE
    missing = owed_nl(rates, start, start + elapsed_ms) - len(pump.strokes) * STROKE
    assert 0 <= missing < STROKE
    assert missing == Fraction(pump.state.carry, DAY)


@pytest.mark.parametrize("stroke_nl", [1, 7])
def test_every_stroke_falls_on_the_first_millisecond_at_which_it_is_owed(stroke_nl):
    """Verify ms by ms, with bolus: each stroke's tick is the first at which so many strokes are owed."""
    small = PumpDescriptor("m", stroke_nl, 20_000_000, 6_000, 48_000, 28_800_000)
    pump = Driven.new(small)
    pump.refill()
    prescribed = PatientBolus(999, MINUTE, 15 * MINUTE, 24)
    pump.commit(program((0, 9_999_999), (1, 7_654_321), bolus=prescribed, limit_nl=28_000_000))
    pump.wait(15 * MINUTE)
    start, carry, before = pump.state.tick_ms, Fraction(pump.state.carry, DAY), len(pump.strokes)
    pump.press()
    pump.wait(4_000)
    basal, bolus, expected = 0, 0, []
    for tick in range(start + 1, start + 4_001):
        owed = carry + Fraction(7_654_321 * (tick - start), DAY)
        if owed // stroke_nl > basal:
            basal += 1
            expected.append((tick, StrokeKind.BASAL))
        if Fraction((999 // stroke_nl) * (tick - start), MINUTE) >= bolus + 1:
            bolus += 1
            expected.append((tick, StrokeKind.BOLUS))
    assert [(s.tick_ms, s.kind) for s in pump.strokes[before:]] == expected


@settings(max_examples=25, deadline=None)
@given(
    schedules(),
    st.lists(st.integers(0, 3 * HOUR), min_size=1, max_size=12),
    st.lists(st.sampled_from(["press", "outage", "stop", "refill", "commit"]), min_size=12, max_size=12),
    st.lists(st.integers(0, DAY), max_size=30),
    st.integers(150_000, 400_000),
)
def test_cutting_time_into_pieces_changes_nothing(rates, gaps, acts, cuts, volume_nl):
    """Verify, for any story of waits and acts and any moments at which the pump is looked at in between:
    - the same strokes at the same ticks, and the same state, as without looking
    """
    wanted = program(*rates, bolus=BOLUS, limit_nl=4_000_000, low_nl=100_000)

    def lived(cuts: list[int]) -> Driven:
        pump = treated(wanted, volume_nl)
        for gap, act in zip(gaps, acts, strict=False):
            until = pump.state.tick_ms + gap
            for cut in sorted(c for c in cuts if pump.state.tick_ms < c < until):
                pump.event(TimePassed(), cut)
            pump.event(TimePassed(), until)
            match act:
                case "press":
                    pump.press()
                case "outage":
                    pump.event(PowerRestored(gap // 40), pump.state.tick_ms + gap // 40)
                case "stop":
                    pump.stop()
                case "refill":
                    pump.refill(volume_nl)
                case "commit" if pump.state.running_bolus is None:
                    pump.commit(wanted)
        pump.wait(5 * HOUR)
        return pump

    whole, cut = lived([]), lived(cuts)
    assert cut.strokes == whole.strokes
    assert cut.state == whole.state


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 28_800_000), st.integers(0, DAY)), max_size=30), st.integers(1, 1_000))
def test_changing_the_rate_never_loses_a_fraction_of_a_stroke(schedule, stroke_nl):
    """Verify, for any schedule of (rate, elapsed):
    - strokes delivered plus carry equal what was owed, exactly
    - the carry is always less than one stroke
    """
    strokes, carry = 0, 0
    for rate, elapsed_ms in schedule:
        made, carry = strokes_due(carry, rate, elapsed_ms, stroke_nl)
        strokes += made
        assert 0 <= carry < stroke_nl * MS_PER_DAY
    assert strokes * stroke_nl * MS_PER_DAY + carry == sum(rate * ms for rate, ms in schedule)


def test_a_rate_changed_every_half_minute_still_delivers_everything():
    """Verify that programming far more often than strokes fall due starves nobody (scenario F15)."""
    pump = treated(program((0, 240_000)))
    owed = 0
    for number in range(200):
        rate = 240_000 + number % 2 * 24_000
        pump.commit(program((0, rate)))
        pump.wait(30_000)
        owed += rate * 30_000
    assert len(pump.strokes) * STROKE * DAY + pump.state.carry == owed
    assert len(pump.strokes) > 30


def test_stop_and_outage_keep_the_carry_and_let_it_not_grow():
    pump = treated(program((0, 240_000)))
    pump.wait(2 * MINUTE)
    carry = pump.state.carry
    assert carry == 240_000 * 2 * MINUTE
    pump.event(PowerRestored(5 * HOUR), pump.state.tick_ms + 5 * HOUR)
    assert pump.state.carry == carry
    pump.stop()
    pump.wait(3 * DAY)
    assert pump.state.carry == carry
    assert pump.strokes == []
    pump.commit(program((0, 240_000)))
    start = pump.state.tick_ms
    pump.wait(HOUR)
    assert pump.strokes[0].tick_ms - start == MINUTE


@settings(max_examples=20, deadline=None)
@given(schedules(), st.integers(0, DAY))
def test_the_next_stroke_is_where_it_is_said_to_be(rates, wait_ms):
    """Verify, going from announced stroke to announced stroke: each comes at its tick and none before."""
    pump = treated(program(*rates, bolus=BOLUS, limit_nl=4_000_000))
    pump.wait(wait_ms)
    if wait_ms % 2:
        pump.press()
    for _ in range(20):
        announced = next_stroke_tick(pump.state)
        if announced is None:
            assert not any(rate for _, rate in rates)
            break
        before = len(pump.strokes)
        pump.event(TimePassed(), announced - 1)
        assert len(pump.strokes) == before
        pump.event(TimePassed(), announced)
        assert {stroke.tick_ms for stroke in pump.strokes[before:]} == {announced}


def test_a_day_that_owes_exactly_one_stroke_gives_it_when_its_step_ends():
    pump = treated(program((0, 0), (360, 48_000), (375, 0)))
    for day in range(3):
        assert next_stroke_tick(pump.state) == day * DAY + 375 * MINUTE
        pump.wait(DAY)
    assert [s.tick_ms % DAY for s in pump.strokes] == [375 * MINUTE] * 3


def test_the_next_event_is_a_stroke_or_a_new_rate():
    pump = treated(program((0, 0), (360, 48_000)))
    assert next_event_tick(pump.state) == 6 * HOUR
    assert next_stroke_tick(pump.state) == 6 * HOUR + DAY * STROKE // 48_000
    pump.wait(6 * HOUR)
    assert next_event_tick(pump.state) == next_stroke_tick(pump.state)
    pump.stop()
    assert next_event_tick(pump.state) == 7 * HOUR  # the reminder that it is stopped
    pump.wait(48 * HOUR)
    assert next_event_tick(pump.state) is None


def test_each_slot_runs_once_across_midnight_on_the_clock_of_the_pump():
    """Verify that a night step which ends at 00:00 and the first step after it meet at the patient's midnight."""
    pump = treated(program((0, 480_000), (60, 0), (1_380, 960_000)), offset_min=-300)
    pump.wait(3 * DAY)
    local_minutes = [(s.tick_ms - 1) // MINUTE - 300 for s in pump.strokes]
    assert {minute % 1_440 // 60 for minute in local_minutes} == {0, 23}
    per_day = (480_000 + 960_000) // 24 // STROKE
    assert len(pump.strokes) == 3 * per_day


def test_thirty_days_are_one_small_train_for_each_slot():
    pump = treated(program((0, 240_000), (480, 480_000)))
    made = step(pump.state, TimePassed(), 30 * DAY).effects[0]
    assert len(made.trains) == 60
    assert made.count == len(list(made)) == 30 * 400_000 // STROKE
    assert all(a.tick_ms <= b.tick_ms for a, b in pairwise(made))


def test_at_one_millisecond_the_basal_stroke_comes_first():
    pump = treated(program((0, 720_000), bolus=PatientBolus(10_000, 20 * MINUTE, 4 * HOUR, 4)))
    pump.wait(4 * HOUR)
    before = len(pump.strokes)
    pump.press()
    pump.wait(MINUTE)
    assert [(s.tick_ms - 4 * HOUR, s.kind) for s in pump.strokes[before:]] == [
        (MINUTE, StrokeKind.BASAL),
        (MINUTE, StrokeKind.BOLUS),
    ]


def test_the_tick_never_goes_back():
    pump = treated(program((0, 240_000)))
    pump.wait(HOUR)
    with pytest.raises(ValueError, match="never goes back"):
        pump.event(TimePassed(), HOUR - 1)
    with pytest.raises(ValueError, match="outage began before"):
        pump.event(PowerRestored(2), HOUR + 1)
