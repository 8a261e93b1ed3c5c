"""The case document: one patient, one system, one therapy; what ``simulate`` runs and ``up`` seeds.

TOML or JSON, the same fields in both. Every quantity is text with its unit (``"2.4 mg/day"``); an unknown or
missing field, a wrong unit or a model that does not exist is refused in one line that names the field.
``therapy`` is what the pump is programmed with when the record begins (and when the case is seeded);
``changes`` are what the physician does later.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thecal.bench.case_check import check
from thecal.bench.case_records import (
    Ask,
    Case,
    Change,
    Expected,
    Line,
    Person,
    Reservoir,
    Source,
    System,
)
from thecal.documents import DocumentError, parse, read, schema
from thecal.therapy.patient import Indication
from thecal.therapy.prescribed import Bolus, DrugIn, Step, Therapy

__all__ = [
    "Ask",
    "Bolus",
    "Case",
    "Change",
    "DocumentError",
    "DrugIn",
    "Expected",
    "Indication",
    "Line",
    "Person",
    "Reservoir",
    "Source",
    "Step",
    "System",
    "Therapy",
    "case_schema",
    "load_case",
]


def load_case(text: str) -> Case:
    """The case in a TOML or JSON text, checked against the catalogue.

    Raises DocumentError, one line that names the field.
    """
    case = read(Case, parse(text))
    check(case)
    return case


def case_schema() -> Mapping[str, Any]:
    """JSON schema of the case document, generated from the records it is read into."""
    return schema(Case, "Thecal case")
