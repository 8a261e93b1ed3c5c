"""Precautions: what they concern, and that an incomplete one is refused in a line that names the field."""

from __future__ import annotations

import pytest

from thecal.catalogue.drugs import drug
from thecal.catalogue.precautions import Weight, precautions, precautions_from
from thecal.catalogue.sourced import CatalogueError, parse

WORDS = 'words = { text = "said", source = "a label", confidence = "recalled" }'


def one(*lines: str):
    return precautions_from(parse("precautions.toml", "\n".join(("[[precautions]]", *lines, WORDS))))


def test_a_precaution_concerns_its_drugs_and_its_classes():
    (found,) = one('drugs = ["baclofen"]', 'classes = ["opioid"]', 'medicine = "sedative"', 'weight = "warn"')
    assert [found.concerns(drug(key)) for key in ("baclofen", "fentanyl", "clonidine")] == [True, True, False]
    assert (found.condition, found.medicine, found.below_age) == (None, "sedative", None)


def test_an_age_is_a_number_with_its_source():
    (found,) = one(
        'drugs = ["morphine"]',
        'below_age = { value = 18, unit = "year", source = "a label", confidence = "verified" }',
        'weight = "inform"',
    )
    assert found.below_age.value == 18
    assert found.weight is Weight.INFORM


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (('drugs = ["morphine"]', 'weight = "warn"'), "condition"),
        (('drugs = ["morphine"]', 'condition = "a"', 'medicine = "b"', 'weight = "warn"'), "condition"),
        (('condition = "a"', 'weight = "warn"'), "drugs"),
        (('drugs = ["sugar"]', 'condition = "a"', 'weight = "warn"'), "sugar"),
        (('classes = ["sweetener"]', 'condition = "a"', 'weight = "warn"'), "classes"),
        (('drugs = ["morphine"]', 'condition = "a"', 'weight = "heavy"'), "weight"),
        (('drugs = ["morphine"]', 'condition = "a"', 'weight = "warn"', "when = 1"), "when"),
    ],
)
def test_an_incomplete_precaution_is_refused_by_its_field(lines, named):
    with pytest.raises(CatalogueError, match=named):
        one(*lines)


def test_what_is_ruled_out_here_is_listed_among_the_contraindications_of_the_drug():
    """The drug's own list is what people read; a rule must not refuse what it does not hold."""
    refused = [(key, each) for each in precautions() if each.weight is Weight.REFUSE for key in each.drugs]
    assert refused
    for key, each in refused:
        assert any(each.condition.casefold() in text.casefold() for text in drug(key).contraindications), each.condition
