"""No answer and no finding depends on the unit a quantity is written in."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from thecal.documents import DocumentError, parse, read
from thecal.quantities import Amount, Concentration, DoseRate, Duration, FlowRate, Mass, QuantityError, Volume
from thecal.therapy.calculators import KINDS
from thecal.therapy.check_document import check_case
from thecal.therapy.check_reading import case_of
from thecal.therapy.check_records import CheckDocument

from .documents import CHECKS, PLANS

AMOUNTS: tuple[type[Amount], ...] = (Volume, Mass, Concentration, FlowRate, DoseRate, Duration)
UNITS = sorted({unit for kind in AMOUNTS for unit in kind.UNITS})


def in_unit(text: str, unit: str) -> str:
    """The same quantity in another unit; the text itself where it is none of that kind or has no exact number there."""
    for kind in AMOUNTS:
        try:
            amount = kind.parse(text)
            respelled = amount.text_in(unit) if unit in kind.UNITS else text
            return respelled if kind.parse(respelled) == amount else text
        except QuantityError:
            continue
    return text


def respelled(inner: Any, unit: str) -> Any:
    if isinstance(inner, dict):
        return {key: respelled(value, unit) for key, value in inner.items()}
    if isinstance(inner, list):
        return [respelled(value, unit) for value in inner]
    return in_unit(inner, unit) if isinstance(inner, str) else inner


def spellings(path) -> Iterator[tuple[str, Any]]:
    """The document in its own units, and with every quantity of a kind in one other unit, for each unit."""
    document = parse(path.read_text(encoding="utf-8"))
    yield "", document
    yield from ((unit, respelled(document, unit)) for unit in UNITS if respelled(document, unit) != document)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_plan_has_one_answer_in_every_unit(path):
    calculator = KINDS[path.stem]
    (_, own), *others = spellings(path)
    expected = calculator.calculate(read(calculator.inputs, own))
    for unit, document in others:
        found = calculator.calculate(read(calculator.inputs, document))
        assert (found.answer, found.outputs, found.findings) == (
            expected.answer,
            expected.outputs,
            expected.findings,
        ), unit


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_a_check_finds_the_same_in_every_unit(path):
    (_, own), *others = spellings(path)
    expected = check_case(case_of(read(CheckDocument, own)))
    assert len(others) > 3
    for unit, document in others:
        assert check_case(case_of(read(CheckDocument, document))) == expected, unit


def test_this_test_would_notice():
    assert in_unit("2.4 mg/day", "microgram/day") == "2400 microgram/day"
    assert in_unit("2.4 mg/day", "microgram/h") == "100 microgram/h"
    assert in_unit("2.5 mg/day", "microgram/h") == "2.5 mg/day"  # no decimal is exact
    assert in_unit("2.4 mg/day", "mg") == "2.4 mg/day"
    assert in_unit("simple continuous", "mg") == "simple continuous"


def test_a_quantity_of_another_kind_is_refused_in_every_field():
    """Verify for each quantity of each check example that its number with the unit of another kind is not read."""
    for path in CHECKS:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        for unit in ("mL", "mg/day"):
            wrong = respelled_wrongly(document, unit)
            with pytest.raises(DocumentError, match="is not a"):
                case_of(read(CheckDocument, wrong))


def respelled_wrongly(inner: Any, unit: str) -> Any:
    """Every quantity with its number kept and this unit, which fits only one kind."""
    if isinstance(inner, dict):
        return {key: respelled_wrongly(value, unit) for key, value in inner.items()}
    if isinstance(inner, list):
        return [respelled_wrongly(value, unit) for value in inner]
    number, _, written = inner.partition(" ") if isinstance(inner, str) else ("", "", "")
    return f"{number} {unit}" if written in UNITS else inner
