"""Sums of amounts, and moments counted on from moments."""

from __future__ import annotations

import pytest

from thecal.quantities import Duration, Instant, Volume


def test_amounts_of_one_kind_add_and_subtract_exactly():
    assert Volume(3) + Volume(4) == Volume(7)
    assert Volume(7) - Volume(4) == Volume(3)


def test_a_moment_and_a_length_of_time_are_a_later_moment():
    begin, length = Instant.parse("2026-11-22T08:00:00Z"), Duration.parse("36 h")
    assert str(begin.plus(length)) == "2026-11-23T20:00:00Z"
    assert begin.plus(length).since(begin) == length


@pytest.mark.parametrize("count", [1.0, "1", True])
def test_a_moment_counts_whole_milliseconds(count):
    with pytest.raises(TypeError, match="whole milliseconds"):
        Instant(count)
