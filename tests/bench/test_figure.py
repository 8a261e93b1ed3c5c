"""Axes of a drawing: round numbers, few ticks, everything inside."""

from hypothesis import given
from hypothesis import strategies as st

from thecal.bench.figure.axis import Axis, rounded_up, time_ticks, value_ticks


@given(st.floats(1e-6, 1e9))
def test_an_axis_holds_its_highest_value_with_little_room_to_spare(highest):
    high = rounded_up(highest)
    assert highest <= high * (1 + 1e-9)
    assert high <= 2.5 * highest


@given(st.floats(1e-6, 1e9))
def test_ticks_are_few_even_and_written_as_different_numbers(highest):
    high = rounded_up(highest)
    ticks = value_ticks(high)
    assert 3 <= len(ticks) <= 6
    assert ticks[0].value == 0
    assert ticks[-1].value <= high * (1 + 1e-9)
    assert len({tick.text for tick in ticks}) == len(ticks)


@given(st.integers(600_000, 5_000 * 86_400_000))
def test_time_ticks_are_few_and_inside(whole_ms):
    ticks, unit = time_ticks(whole_ms)
    assert 1 <= len(ticks) <= 14
    assert all(0 <= tick.value <= whole_ms for tick in ticks)
    assert unit == ("hours" if whole_ms <= 2 * 86_400_000 else "days")


def test_an_empty_therapy_still_has_an_axis():
    assert rounded_up(0.0) == 1.0
    assert Axis(0, 10, 100, 0).at(5) == 50
