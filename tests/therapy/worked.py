"""A calculator asked with a document, and its answer as the text people read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thecal.documents import read
from thecal.therapy.calculation import Calculation, Calculator
from thecal.therapy.findings import Verdict


def worked(calculator: Calculator[Any, Any], document: Mapping[str, Any]) -> Calculation[Any]:
    """What the calculator answers to this document."""
    return calculator.calculate(read(calculator.inputs, document))


def numbers(found: Calculation[Any]) -> dict[str, str]:
    """Every output by its key, number and unit as shown."""
    return {line.key: f"{line.text} {line.unit}".strip() for line in found.outputs}


def said(found: Calculation[Any]) -> dict[str, Verdict]:
    """Every warning by its rule."""
    return {each.rule: each.verdict for each in found.findings}


def explains_itself(found: Calculation[Any]) -> bool:
    """Whether inputs, formula, sources and assumptions all stand beside the answer, every source with its mark."""
    beside = (found.inputs, found.formula, found.sources, found.assumptions)
    return all(beside) and all(each.source and each.confidence for each in found.sources)
