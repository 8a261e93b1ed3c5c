"""Quantities are read strictly and printed exactly: refuse, never repair."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thecal.quantities import Concentration, DoseRate, Duration, FlowRate, Instant, Mass, QuantityError, Volume

KINDS = [Volume, Mass, Concentration, FlowRate, DoseRate, Duration]
COUNTS = st.integers(min_value=0, max_value=2**63 - 1)


@pytest.mark.parametrize("kind", KINDS)
@given(count=COUNTS)
def test_what_is_printed_is_read_back_exactly(kind, count):
    quantity = kind(count)
    assert kind.parse(str(quantity)) == quantity


@pytest.mark.parametrize("kind", KINDS)
@given(count=COUNTS)
def test_a_number_in_any_decimal_unit_is_exact(kind, count):
    for unit, scale in kind.UNITS.items():
        if set(str(scale)) <= {"1", "0"}:
            assert Fraction(kind(count).number_in(unit)) * scale == count


@pytest.mark.parametrize("kind", KINDS)
def test_every_unit_of_a_kind_is_accepted_once_and_no_other_spelling(kind):
    for unit, scale in kind.UNITS.items():
        assert kind.parse(f"1 {unit}").count == scale
        for wrong in (unit.upper() + "x", f" {unit}", unit + " "):
            with pytest.raises(QuantityError):
                kind.parse(f"1 {wrong}")


@pytest.mark.parametrize(
    "typed",
    [".05", "5.", "1,5", "1.2.3", "1 000", "1'000", "+1", "-1", "1e3", "٣", "", " 1", "1 ", "0x10", "nan", "inf", "01"],
)
def test_a_malformed_number_is_refused_and_the_message_is_one_line(typed):
    with pytest.raises(QuantityError) as refusal:
        Volume.of(typed, "mL")
    assert "\n" not in str(refusal.value)


def test_more_decimals_than_can_be_held_are_refused_not_rounded():
    assert Volume.of("0.000001", "mL").count == 1
    with pytest.raises(QuantityError, match="more decimals"):
        Volume.of("0.0000001", "mL")


def test_a_bare_number_has_no_meaning():
    with pytest.raises(QuantityError, match="one space"):
        DoseRate.parse("2.4")


def test_the_unit_of_another_kind_is_refused():
    with pytest.raises(QuantityError, match="mg/day"):
        DoseRate.parse("2.4 mL/day")


def test_an_amount_below_zero_does_not_exist():
    with pytest.raises(QuantityError):
        Volume(1) - Volume(2)
    with pytest.raises(QuantityError):
        Mass(-1)


def test_floats_and_booleans_are_not_counts():
    for wrong in (1.0, True, "1", None):
        with pytest.raises(TypeError):
            Volume(wrong)


def test_kinds_do_not_add_to_each_other():
    with pytest.raises(TypeError):
        Volume(1) + Mass(1)


@given(st.integers(min_value=0, max_value=253_402_300_799_999))
def test_an_instant_is_read_back_exactly(epoch_ms):
    assert Instant.parse(str(Instant(epoch_ms))) == Instant(epoch_ms)


@pytest.mark.parametrize("typed", ["2026-11-22", "2026-11-22T08:00:00", "yesterday", "1969-12-31T23:59:59Z"])
def test_an_instant_without_an_offset_or_before_the_epoch_is_refused(typed):
    with pytest.raises(QuantityError):
        Instant.parse(typed)


def test_an_instant_reads_any_offset_as_utc():
    assert str(Instant.parse("2026-11-22T09:30:00+01:30")) == "2026-11-22T08:00:00Z"


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Volume(316_000), "316 µL"),
        (Volume(20_000_000), "20 mL"),
        (DoseRate(2_400_000), "2.4 mg/day"),
        (DoseRate(50_000_000), "50 mg/day"),
        (Mass(60_000), "60 microgram"),
        (Duration(14_400_000), "4 h"),
        (Volume(0), "0 nL"),
    ],
)
def test_printing_keeps_a_leading_zero_and_drops_trailing_ones(quantity, text):
    assert str(quantity) == text
