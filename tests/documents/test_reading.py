"""A document is read into exact records or refused in one line that names the field; its schema says the same."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.documents import About, ClockTime, DocumentError, parse, read, schema
from thecal.quantities import Concentration, DoseRate, Duration, FlowRate, Instant, Mass, QuantityError, Volume


class Colour(Enum):
    RED = "red"
    BLUE = "pale blue"


@dataclass(frozen=True, slots=True)
class Part:
    """One part."""

    volume: Annotated[Volume, About("how much")]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """Every kind of field a document may have.

    Only the first line of this is for the schema.
    """

    name: Annotated[str, About("a name")]
    colour: Annotated[Colour, About("a colour")]
    born: Annotated[date, About("a day")]
    at: Annotated[Instant, About("a moment")]
    clock: Annotated[ClockTime, About("a time of day")]
    age: Annotated[int, About("in years", 0, 120)]
    score: Annotated[Decimal, About("a score", 0, 10)]
    known: bool
    parts: Annotated[tuple[Part, ...], About("its parts")]
    free: Annotated[Mapping[str, Any], About("anything")]
    dose: Annotated[DoseRate | None, About("a dose")] = None


DOCUMENT = """
name = "Demo"
colour = "pale blue"
born = "1958-03-14"
at = "2026-11-22T08:00:00Z"
clock = "07:00"
age = 44
score = 2.50
known = true
parts = [{ volume = "0.316 mL", note = "first" }, { volume = "20 mL" }]
dose = "2.4 mg/day"
[free]
any = [1, "two"]
"""

WRONG = {  # what is written instead -> the whole refusal
    ('name = "Demo"', ""): "name: missing (a name)",
    ('name = "Demo"', 'name = " "'): "name: must be text in quotes (a name)",
    ('name = "Demo"', "name = 3"): "name: must be text in quotes (a name)",
    ('"pale blue"', '"green"'): "colour: 'green' is not one of red, pale blue",
    ('"1958-03-14"', '"14.3.1958"'): "born: '14.3.1958' is not a calendar day: write it as 1958-03-14",
    (
        '"2026-11-22T08:00:00Z"',
        "2026-11-22T08:00:00Z",
    ): 'at: must be text in quotes, such as "2026-11-22T08:00:00Z" (a moment)',
    ('"07:00"', '"7:00"'): "clock: '7:00' is not a time of day: write it as 07:00, from 00:00 to 24:00",
    ("age = 44", "age = 121"): "age: 121 must lie from 0 to 120 (in years)",
    ("age = 44", "age = 44.0"): "age: must be a whole number (in years)",
    ("age = 44", "age = true"): "age: must be a whole number (in years)",
    ("score = 2.50", "score = nan"): "score: must be a number (a score)",
    ("score = 2.50", "score = 10.1"): "score: 10.1 must lie from 0 to 10 (a score)",
    ("known = true", 'known = "yes"'): "known: must be true or false",
    ('{ volume = "20 mL" }', '"20 mL"'): "parts[1]: must be a table of fields",
    ('volume = "20 mL"', "note = 'x'"): "parts[1].volume: missing (how much)",
    (
        '"0.316 mL"',
        '"0.316"',
    ): "parts[0].volume: '0.316' is not a volume: write a number, one space and one of nL, µL, mL",
    ('"2.4 mg/day"', "2.4"): (
        "dose: must be text in quotes, a number with one of ng/day, microgram/day, microgram/h, mg/day, mg/h (a dose)"
    ),
    (
        "[free]",
        "[fee]",
    ): "fee: unknown field; known here: name, colour, born, at, clock, age, score, known, parts, free, dose",
    ('[free]\nany = [1, "two"]', "free = 3"): "free: must be a table (anything)",
}


def test_every_kind_of_field_is_read_exactly():
    whole = read(Whole, parse(DOCUMENT))
    assert whole.colour is Colour.BLUE
    assert whole.at == Instant.parse("2026-11-22T08:00:00Z")
    assert str(whole.clock) == "07:00"
    assert whole.score == Decimal("2.50")
    assert whole.parts == (Part(Volume(316_000), "first"), Part(Volume(20_000_000)))
    assert whole.free == {"any": [1, "two"]}
    assert whole.dose == DoseRate(2_400_000)


def test_json_and_toml_say_the_same():
    assert read(Whole, parse(json.dumps(tomllib.loads(DOCUMENT)))) == read(Whole, parse(DOCUMENT))


@pytest.mark.parametrize(("written", "refusal"), WRONG.items(), ids=[" ".join(key) for key in WRONG])
def test_whatever_is_wrong_is_refused_in_one_line_that_names_the_field(written, refusal):
    right, wrong = written
    assert right in DOCUMENT
    with pytest.raises(DocumentError) as refused:
        read(Whole, parse(DOCUMENT.replace(right, wrong)))
    assert str(refused.value) == refusal


@pytest.mark.parametrize("text", ["", " \n\t", "][", "{", "[]", "a = 1\na = 2", "{} {}"])
def test_a_text_that_is_no_document_is_refused_in_one_line(text):
    with pytest.raises(DocumentError) as refused:
        parse(text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ['{"dose": 1, "dose": 2}', '{"a": [{"b": {"dose": "x", "rate": 1, "dose": "x"}}]}'])
def test_a_field_written_twice_is_refused_by_its_name(text):
    with pytest.raises(DocumentError, match="'dose' stands twice in one table; write each field once"):
        parse(text)


def test_the_schema_has_every_field_with_its_words_and_requires_what_has_no_default():
    told = schema(Whole, "Demo")
    assert told["title"] == "Demo"
    assert told["description"] == "Every kind of field a document may have."
    assert set(told["required"]) == set(told["properties"]) - {"dose"}
    assert told["additionalProperties"] is False
    assert told["properties"]["age"] == {"type": "integer", "minimum": 0, "maximum": 120, "description": "in years"}
    assert told["properties"]["known"] == {"type": "boolean"}
    assert told["properties"]["colour"]["enum"] == ["red", "pale blue"]
    assert told["properties"]["parts"]["items"]["required"] == ["volume"]
    assert told["properties"]["free"] == {"type": "object", "description": "anything"}
    assert (told["properties"]["at"]["format"], told["properties"]["born"]["format"]) == ("date-time", "date")
    json.dumps(told)


def test_a_field_no_document_can_hold_has_no_schema():
    @dataclass
    class Odd:
        part: Fraction

    with pytest.raises(TypeError, match="no schema for"):
        schema(Odd, "Odd")


AMOUNTS = (Volume, Mass, Concentration, FlowRate, DoseRate, Duration)
NUMBERS = st.from_regex(r"[0-9]{0,4}(\.[0-9]{0,4})?", fullmatch=True)


@given(st.sampled_from(AMOUNTS), NUMBERS, st.sampled_from(sorted({unit for kind in AMOUNTS for unit in kind.UNITS})))
@settings(max_examples=300)
def test_the_schema_refuses_no_quantity_that_is_read(kind, number, unit):
    """Verify for numbers with odd points and zeros, in every unit: what parses matches the pattern, and what matches
    is refused only because it has more decimals than can be counted.
    """

    @dataclass
    class One:
        amount: kind

    One.__annotations__["amount"] = kind
    pattern = schema(One, "one")["properties"]["amount"]["pattern"]
    matches = re.search(pattern, f"{number} {unit}") is not None
    assert matches == (refusal(kind, f"{number} {unit}") in ("", "decimals"))


def refusal(kind, text):
    """Empty when the text is read, "decimals" when only their number is wrong, else the whole refusal."""
    try:
        kind.parse(text)
    except QuantityError as refused:
        return "decimals" if "more decimals" in str(refused) else str(refused)
    return ""


@pytest.mark.parametrize("text", ["00:00", "07:05", "23:59", "24:00"])
def test_a_time_of_day_is_written_as_it_was_read(text):
    assert str(ClockTime.parse(text)) == text


@pytest.mark.parametrize("text", ["", "7:00", "07.00", "0700", "24:01", "12:60", "-1:00", "١٢:00", "07:00:00"])
def test_a_time_of_day_is_refused_rather_than_repaired(text):
    with pytest.raises(ValueError, match="is not a time of day"):
        ClockTime.parse(text)
