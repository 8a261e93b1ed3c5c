"""Returned volumes, failures and circumstances are read strictly, every number with its source."""

from __future__ import annotations

import pytest

from thecal.catalogue.circumstances import circumstances, circumstances_from
from thecal.catalogue.returned_volumes import returned_volumes, returned_volumes_from
from thecal.catalogue.sourced import CatalogueError, parse

CAUSE = """
[[causes]]
came = "less than expected"
kind = "place"
text = "the needle is elsewhere"
then = "look"
source = "somewhere"
confidence = "assumed"
"""
FAILURE = """
[[failures]]
name = "kink"
constant_flow = ["as expected"]
vapour_only = false
programmable = []
aspiration = ["slow"]
effect = ["as usual"]
imaging = "narrowing"
source = "somewhere"
confidence = "assumed"
"""
CIRCUMSTANCE = """
[[circumstances]]
name = "fever"
temperature = { value = 39.5, unit = "degC", source = "somewhere", confidence = "assumed" }
lasts = { value = 2, unit = "day", source = "somewhere", confidence = "assumed" }
"""


def test_what_is_written_is_what_is_read():
    (cause,) = returned_volumes_from(parse("x", CAUSE)).causes
    assert (cause.kind.value, cause.then) == ("place", "look")
    (failure,) = returned_volumes_from(parse("x", FAILURE)).failures
    assert [each.value for each in failure.constant_flow] == ["as expected"]
    (fever,) = circumstances_from(parse("x", CIRCUMSTANCE))
    assert (str(fever.temperature.amount), fever.altitude) == ("39.5", None)
    assert {origin.source for _, origin in fever.sources} == {"somewhere"}


@pytest.mark.parametrize(
    ("text", "old", "new", "names"),
    [
        (CAUSE, '"place"', '"luck"', "kind"),
        (CAUSE, 'then = "look"\n', "", "then"),
        (CAUSE, 'confidence = "assumed"', 'confidence = "sure"', "confidence"),
        (FAILURE, '["slow"]', '["swift"]', "aspiration"),
        (FAILURE, '["as usual"]', '"as usual"', "effect"),
        (FAILURE, "false", '"no"', "vapour_only"),
        (FAILURE, "imaging", "image", "image"),
    ],
)
def test_a_table_of_failures_that_is_wrong_names_its_field(text, old, new, names):
    with pytest.raises(CatalogueError, match=names) as refused:
        returned_volumes_from(parse("x", text.replace(old, new)))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ('unit = "degC"', 'unit = "K"', "temperature"),
        ('name = "fever"', 'name = ""', "name"),
        ("temperature", "warmth", "warmth"),
        ("39.5", "1.5", None),
        (
            "temperature = { value = 39.5",
            'depth = { value = 1.5, unit = "cm", source = "s", confidence = "assumed" }\ntemperature = { value = 39.5',
            "whole number",
        ),
    ],
)
def test_a_circumstance_that_is_wrong_names_its_field(old, new, names):
    text = CIRCUMSTANCE.replace(old, new)
    if names is None:
        assert circumstances_from(parse("x", text))
        return
    with pytest.raises(CatalogueError, match=names) as refused:
        circumstances_from(parse("x", text))
    assert "\n" not in str(refused.value)


def test_every_cause_and_failure_of_the_catalogue_has_a_source():
    tables = returned_volumes()
    said = [each.statement for each in (*tables.causes, *tables.failures)]
    assert all(each.source and each.text for each in said)
    assert all(each.sources for each in circumstances())
