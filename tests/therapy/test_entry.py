"""What is typed is read exactly or refused, never repaired."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.quantities import DoseRate, Duration
from thecal.therapy import EntryRefused, Field, read_clock, read_count, read_interval, write_clock

DOSE = Field("daily dose", DoseRate, "mg/day")


@pytest.mark.parametrize(
    "typed",
    [
        ".05",
        "1,5",
        "1.2.3",
        "1.0000001",
        "mg/day",
        "2.4 mg/day",
        "",
        " ",
        "+1",
        "-1",
        "1e3",
        "00.5",
        "5.",
        "1 000",
        "٣",
    ],
)
def test_a_malformed_number_is_refused_in_one_line_that_names_the_field(typed):
    with pytest.raises(EntryRefused) as refused:
        DOSE.read(typed)
    assert refused.value.field == "daily dose"
    assert str(refused.value).startswith("daily dose: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("typed", "count"), [("2.4", 2_400_000), ("0.05", 50_000), ("1000", 10**9), ("0.000001", 1)])
def test_a_well_formed_number_is_exact(typed, count):
    assert DOSE.read(typed).count == count


def test_zero_is_refused_unless_the_field_allows_it():
    with pytest.raises(EntryRefused, match="more than 0 mg/day"):
        DOSE.read("0")
    assert Field("background dose", DoseRate, "mg/day", zero_allowed=True).read("0").count == 0


@settings(max_examples=60)
@given(st.integers(1, 2**40))
def test_what_is_written_into_a_field_reads_back(count):
    assert DOSE.read(DOSE.write(DoseRate(count))) == DoseRate(count)


@pytest.mark.parametrize("typed", ["6:00", "24:00", "06.00", "06:60", "0600", "06:00 ", "-1:00"])
def test_a_time_of_day_has_one_spelling(typed):
    with pytest.raises(EntryRefused, match="HH:MM"):
        read_clock("step start", typed)


def test_every_minute_of_the_day_reads_back_and_the_day_may_end_at_24():
    assert all(read_clock("start", write_clock(minute)) == minute for minute in range(1_440))
    assert read_clock("end", "24:00", end=True) == 1_440


def test_hours_and_minutes_cannot_be_taken_for_each_other():
    assert read_interval("lockout", "4", "h") == Duration.parse("240 min")


@pytest.mark.parametrize(("typed", "count"), [("1", 1), ("9", 9), ("24", 24)])
def test_a_count_within_its_range_is_read(typed, count):
    assert read_count("boluses per 24 h", typed, 1, 24, "boluses") == count


@pytest.mark.parametrize("typed", ["0", "25", "4.0", "four", "", "04", "1000000000000"])
def test_a_count_outside_its_range_is_refused(typed):
    with pytest.raises(EntryRefused, match="from 1 to 24"):
        read_count("boluses per 24 h", typed, 1, 24, "boluses")
