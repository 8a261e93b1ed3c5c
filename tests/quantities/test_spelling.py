"""Every malformed number is refused by the name of its slip; every well-formed one is read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thecal.quantities import Duration, QuantityError, Volume
from thecal.quantities.spelling import quoted, slip_in

SLIPS = [
    ("", "nothing is typed"),
    (" 1", "a space before or after it"),
    ("1\u202f", "a space before or after it"),
    (".05", "a digit is missing before the point"),
    ("5.", "a digit is missing after the point"),
    ("01", "a zero in front"),
    ("00.5", "a zero in front"),
    ("+1", "a sign"),
    ("-1", "a sign"),
    ("\u22121", "a sign"),
    ("\u20131", "a sign"),
    ("1e3", "a power of ten"),
    ("1.5E-3", "a power of ten"),
    ("0x10", "letters"),
    ("inf", "letters"),
    ("2.4mg", "letters"),
    ("2.4 mg/day", "letters"),
    ("1,5", "a comma as decimal mark (de-DE, fr-FR)"),
    ("1,2345", "a comma as decimal mark"),
    ("1,234", "it may mark decimals or set digits apart"),
    ("1,234,567", "a comma that sets digits apart (en-US, hi-IN)"),
    ("12,34,567.5", "a comma that sets digits apart"),
    ("1.2.3", "more than one point"),
    ("1.234.567", "a point that sets digits apart (de-DE)"),
    ("1.234,5", "a point that sets digits apart"),
    ("1'000", "an apostrophe that sets digits apart (de-CH)"),
    ("1\u2019000.5", "an apostrophe that sets digits apart"),
    ("1 000", "a space that sets digits apart (fr-FR)"),
    ("1\u00a0000", "a space that sets digits apart"),
    ("1\u2009000", "a space that sets digits apart"),
    ("1\u202f000,5", "a space that sets digits apart"),
    ("1\u066b5", "an Arabic comma as decimal mark (ar-EG)"),
    ("1\u066c234", "an Arabic separator that sets digits apart (ar-EG)"),
    ("1\u066b234\u066b567", "an Arabic comma that sets digits apart is"),
    ("\u0663", "Arabic-Indic digits"),
    ("\u096b.\u096b", "Devanagari digits"),
    ("\u06f3", "foreign digits"),
    ("1\u06f3", "foreign digits"),
    ("1..5", "more in it than digits and a point"),
    ("1;5", "more in it than digits and a point"),
    ("1_000", "more in it than digits and a point"),
]


@pytest.mark.parametrize(("typed", "named"), SLIPS)
def test_a_slip_is_named(typed, named):
    assert named in slip_in(typed)
    with pytest.raises(QuantityError) as refused:
        Volume.of(typed, "mL")
    line = str(refused.value)
    assert line.startswith(f"{quoted(typed)} is not accepted as a number: ")
    assert line.endswith("type digits 0 to 9, and if needed one point between digits (0.5, not .5)")
    assert "\n" not in line


@given(st.from_regex(re.compile(r"(0|[1-9][0-9]{0,9})(\.[0-9]{1,6})?", re.ASCII), fullmatch=True))
def test_a_well_spelled_number_has_no_slip(typed):
    assert slip_in(typed) is None


@given(st.text(alphabet="0123456789.,' \u2019\u202f\u066b\u066c\u0661\u0967e+-x\n", max_size=12))
def test_either_there_is_a_slip_or_it_is_digits_with_at_most_one_point_between(typed):
    whole, point, decimals = typed.partition(".")
    parts = (whole, decimals) if point else (whole,)
    well_spelled = all(part.isascii() and part.isdigit() for part in parts) and (whole == "0" or whole[0] != "0")
    assert (slip_in(typed) is None) == well_spelled


@pytest.mark.parametrize("text", ["1 000 mL", "1\u00a0000 mL", "1,5 mL", "1.2.3 mL", " 1 mL", "1  mL"])
def test_a_slip_before_a_unit_is_named_too(text):
    number = text.rpartition(" ")[0]
    with pytest.raises(QuantityError) as refused:
        Volume.parse(text)
    assert str(refused.value).startswith(f"{quoted(number)} is not accepted as a number: {slip_in(number)}")


def test_too_many_decimals_are_told_the_finest_step():
    with pytest.raises(QuantityError, match="its finest step is 1 nL"):
        Volume.of("0.0000001", "mL")
    with pytest.raises(QuantityError, match="its finest step is 1 ms"):
        Duration.of("0.0001", "s")


def test_a_long_text_is_quoted_short():
    with pytest.raises(QuantityError) as refused:
        Volume.of("1" * 10_000 + ",", "mL")
    assert len(str(refused.value)) < 250
    assert quoted("1" * 40) == repr("1" * 40)


def test_a_unit_of_another_kind_and_more_digits_than_a_count_has_are_refused():
    with pytest.raises(QuantityError, match="'mg' is not a unit of volume: use one of nL, µL, mL"):
        Volume.of("1", "mg")
    with pytest.raises(QuantityError, match="at most 40 digits"):
        Volume.of("1" * 41, "nL")
