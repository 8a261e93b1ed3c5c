"""``thecal plan``: one calculation from a document, with inputs, formula, sources, assumptions and warnings."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

from rich.console import Console

from thecal.catalogue.sourced import CatalogueError
from thecal.cli.calculation_tables import calculation_document, show_calculation, show_kinds
from thecal.cli.documents import read_text, refuse
from thecal.cli.exact_json import exact_json
from thecal.cli.notice import NOTICE
from thecal.documents import DocumentError, kinds, parse, read, schema
from thecal.quantities import QuantityError
from thecal.therapy.calculation import Calculation, Calculator
from thecal.therapy.calculators import CALCULATORS, KINDS
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Verdict, worst


def run_plan(kind: str, path: str, as_json: bool) -> int:
    """Work out the plan in a file (``-``: standard input). 0; 1 when a REFUSE stands; 2, with one line, for a kind
    that does not exist, an invalid document or a file that cannot be read."""
    calculator = _named(kind)
    if calculator is None:
        return 2
    if not path:
        print(f"thecal plan {kind}: name its document, or - for standard input; --schema prints it", file=sys.stderr)
        return 2
    try:
        found = _leading_back(calculator, calculator.calculate(read(calculator.inputs, parse(read_text(path)))))
    except (DocumentError, EntryRefused, CatalogueError, QuantityError, OSError, UnicodeDecodeError) as error:
        return refuse(path, error)
    if as_json:
        print(exact_json(calculation_document(path, calculator.title, found)))
    else:
        show_calculation(calculator.title, found, Console())
    return 1 if worst(found.findings) is Verdict.REFUSE else 0


def run_plan_schema(kind: str) -> int:
    """Print the JSON schema of the document of one kind of plan."""
    calculator = _named(kind)
    if calculator is None:
        return 2
    print(json.dumps(schema(calculator.inputs, f"Thecal plan: {kind}"), indent=2))
    return 0


def run_plan_kinds(as_json: bool) -> int:
    """List the kinds of plan."""
    if as_json:
        kinds = [{"kind": each.kind, "title": each.title} for each in CALCULATORS]
        print(exact_json({"notice": NOTICE, "kinds": kinds}))
    else:
        show_kinds(CALCULATORS, Console())
    return 0


def _leading_back(calculator: Calculator[Any, Any], found: Calculation[Any]) -> Calculation[Any]:
    """The same with field paths only where they lead into this document: rules speak of the document of a check."""
    here = kinds(calculator.inputs)
    told = (each if each.path.partition(".")[0] in here else replace(each, path="") for each in found.findings)
    return replace(found, findings=tuple(told))


def _named(kind: str) -> Calculator[Any, Any] | None:
    if kind not in KINDS:
        print(f"thecal plan: {kind!r} is not a kind of plan: use one of {', '.join(KINDS)}", file=sys.stderr)
    return KINDS.get(kind)
