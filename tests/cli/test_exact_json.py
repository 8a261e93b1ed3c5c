"""Numbers for programs are exactly the numbers that were counted."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.cli.exact_json import exact_json, quantity, ratio
from thecal.quantities import Duration, Instant, Volume

TEXTS = st.text() | st.integers() | st.booleans() | st.none() | st.decimals(allow_nan=False, allow_infinity=False)
DOCUMENTS = st.recursive(TEXTS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)


@given(DOCUMENTS)
@settings(max_examples=50)
def test_what_is_written_is_read_back_exactly(document):
    text = exact_json(document)
    assert text.isascii()
    read = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    assert read == document


@given(st.integers(0, 2**63 - 1))
def test_a_count_of_any_size_keeps_every_digit(count):
    written = exact_json(quantity(Volume(count), "mL"))
    read = json.loads(written, parse_float=Decimal)
    assert Decimal(read["value"]) * 1_000_000 == count


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (Volume(316_000), "mL", {"value": Decimal("0.316"), "unit": "mL"}),
        (Duration(90_000), "min", {"value": Decimal("1.5"), "unit": "min"}),
        (Duration(100_000), "h", {"value": Decimal("0.03"), "unit": "h", "exact": "100000 ms"}),
        (Instant(0), "", {"value": "1970-01-01T00:00:00Z", "unit": "UTC"}),
        (Fraction(1, 4), "", {"value": Decimal("0.25"), "unit": ""}),
        (Fraction(-1, 3), "mg", {"value": Decimal("-0.3333"), "unit": "mg", "exact": "-1/3"}),
        ("words", "", {"value": "words", "unit": ""}),
        (None, "mg", {"value": None, "unit": "mg"}),
        (3, "", {"value": 3, "unit": ""}),
    ],
)
def test_a_quantity_has_value_and_unit_and_says_when_it_was_rounded(value, unit, expected):
    assert quantity(value, unit) == expected


def test_an_exact_ratio_needs_no_fraction_beside_it():
    assert ratio(Fraction(24)) == {"value": Decimal(24), "unit": ""}


def test_an_empty_table_or_list_stays_one():
    assert exact_json({"a": [], "b": {}}) == '{\n  "a": [],\n  "b": {}\n}'
