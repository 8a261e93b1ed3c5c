"""Quantities are read exactly as written, in the units asked for, or refused."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.catalogue.drugs import Authority, Start, Tolerance
from thecal.catalogue.quoted import (
    numbers_in,
    quoted,
    quoted_or_none,
    share,
    share_or_none,
    shares,
    shares_or_none,
    span,
    span_or_none,
    words,
    words_or_none,
)
from thecal.catalogue.sourced import CatalogueError, Confidence, Table
from thecal.quantities import Concentration, DoseRate, Duration

ORIGIN = {"source": "somewhere", "confidence": "assumed"}


def table(**entry):
    return Table("f.toml", "part", {"x": {**entry, **ORIGIN}})


@settings(max_examples=60)
@given(st.integers(0, 10**9), st.integers(0, 3), st.sampled_from(["microgram/day", "mg/day", "mg/h"]))
def test_a_quantity_is_exact_and_keeps_the_unit_it_was_written_in(digits, decimals, unit):
    value = Decimal(digits).scaleb(-decimals)
    found = quoted(table(value=value, unit=unit), "x", DoseRate)
    assert found.amount == DoseRate.of(format(value, "f"), unit)
    assert (found.origin.value, found.origin.unit) == (value, unit)


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_span_never_ends_below_where_it_begins(first, second):
    part = table(low=first, high=second, unit="h")
    if first > second:
        with pytest.raises(CatalogueError, match=r"f\.toml: part\.x: low is above high"):
            span(part, "x", Duration)
    else:
        found = span(part, "x", Duration)
        assert (found.low.amount, found.high.amount) == (Duration.of(str(first), "h"), Duration.of(str(second), "h"))


@pytest.mark.parametrize(
    ("value", "unit", "exact"),
    [(30, "%", Fraction(3, 10)), (Decimal("0.5"), "1", Fraction(1, 2)), (Decimal("105.5"), "1", Fraction(211, 2))],
)
def test_a_share_is_an_exact_fraction_in_percent_or_plain(value, unit, exact):
    assert share(table(value=value, unit=unit), "x").amount == exact
    assert shares(table(low=0, high=value, unit=unit), "x").high.amount == exact


@pytest.mark.parametrize("read", [quoted_or_none, span_or_none])
def test_a_quantity_that_is_not_there_is_none(read):
    assert read(table(), "y", DoseRate) is None


@pytest.mark.parametrize("read", [share_or_none, shares_or_none, words_or_none])
def test_a_share_or_a_statement_that_is_not_there_is_none(read):
    assert read(table(), "y") is None


@pytest.mark.parametrize(
    ("entry", "units", "message"),
    [
        ({"value": 1, "unit": "mg/day"}, (), r"part\.x\.unit is 'mg/day', expected one of ng/mL, microgram/mL, mg/mL"),
        ({"value": 1, "unit": "mg/mL"}, ("ng/mL",), r"part\.x\.unit is 'mg/mL', expected one of ng/mL"),
        ({"value": -1, "unit": "mg/mL"}, (), r"part\.x: '-1' is not accepted"),
        ({"value": Decimal("0.0000001"), "unit": "mg/mL"}, (), "more decimals"),
        ({"value": True, "unit": "mg/mL"}, (), "a finite number"),
        ({"value": 1, "unit": "mg/mL", "remark": "x"}, (), "unknown field remark"),
    ],
)
def test_what_cannot_be_read_is_refused_with_file_and_field(entry, units, message):
    with pytest.raises(CatalogueError, match=f"^f.toml: .*{message}"):
        quoted(table(**entry), "x", Concentration, *units)


def test_a_quantity_that_must_be_there_is_asked_for():
    with pytest.raises(CatalogueError, match=r"part\.y is missing"):
        quoted(table(), "y", Concentration)


def test_a_statement_carries_its_source():
    found = words(table(text="stop slowly"), "x")
    assert (found.text, found.source, found.confidence) == ("stop slowly", "somewhere", Confidence.ASSUMED)


def test_numbers_of_a_record_are_named_by_where_they_stand_and_whose_they_are():
    limit = quoted(table(value=1, unit="mg/day"), "x", DoseRate)
    dose = span(table(low=1, high=2, unit="mg/day"), "x", DoseRate)
    record = (limit, Start(Authority.SITE, Tolerance.NAIVE, dose), None, "words")
    assert [(name, number.value) for name, number in numbers_in("first", record)] == [
        ("first", 1),
        ("first site naive dose", 1),
        ("first site naive dose", 2),
    ]
