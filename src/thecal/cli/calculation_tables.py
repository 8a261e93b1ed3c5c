"""A calculation for people: answer, warnings, inputs, formula, assumptions, sources; and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from thecal.cli.exact_json import quantity
from thecal.cli.finding_tables import findings_document, plain, show_findings, show_verdict
from thecal.cli.notice import NOTICE
from thecal.quantities import Instant
from thecal.therapy.calculation import Calculation, Calculator, Line, SourceLine


def show_calculation(title: str, found: Calculation[Any], console: Console) -> None:
    """Print one calculation."""
    console.print(Text(title, "bold"))
    _lines("Inputs", (line for line in found.inputs if line.value is not None), console)
    _lines("Answer", found.outputs, console)
    if found.findings:
        console.print()
        show_verdict(found.findings, console)
        show_findings(found.findings, console)
    _words("How it is computed", found.formula, console)
    _words("Assumed", found.assumptions, console)
    _sources(found.sources, console)
    console.print()
    console.print(NOTICE, style="dim")


def calculation_document(path: str, title: str, found: Calculation[Any]) -> Mapping[str, Any]:
    """The calculation for programs, every quantity with its unit."""
    return {
        "kind": found.kind,
        "title": title,
        "notice": NOTICE,
        "document": path,
        "inputs": _documents(line for line in found.inputs if line.value is not None),
        "outputs": _documents(found.outputs),
        "formula": found.formula,
        "assumptions": found.assumptions,
        "sources": [
            {"what": each.what, "source": each.source, "confidence": each.confidence} for each in found.sources
        ],
        "findings": findings_document(found.findings),
    }


def show_kinds(calculators: Iterable[Calculator[Any, Any]], console: Console) -> None:
    """Print which kinds of plan there are."""
    console.print(Text("thecal plan KIND DOCUMENT works out one of these:", "bold"))
    table = Table.grid(padding=(0, 2))
    for each in calculators:
        table.add_row(Text(each.kind), Text(each.title))
    console.print(Padding(table, (0, 0, 0, 2)))
    console.print("thecal plan KIND --schema prints what its document may say.", highlight=False)
    console.print(NOTICE, style="dim")


def _documents(lines: Iterable[Line]) -> Mapping[str, Any]:
    return {line.key: {"label": line.label, **quantity(line.value, line.unit)} for line in lines}


def _lines(title: str, lines: Iterable[Line], console: Console) -> None:
    shown = [(line.label, _is_number(line), plain(line.text), line.unit) for line in lines]
    if not shown:
        return
    width = max((len(text) for _, number, text, _ in shown if number), default=0)
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(overflow="fold")
    for label, number, text, unit in shown:
        value = Text(text.rjust(width) if number else text)
        if unit:
            value.append(f" {unit}", "dim")
        table.add_row(Text(plain(label)), value)
    _titled(title, table, console)


def _is_number(line: Line) -> bool:
    return not isinstance(line.value, str | Instant)


def _words(title: str, words: tuple[str, ...], console: Console) -> None:
    if not words:
        return
    table = Table.grid(padding=(0, 1))
    for each in words:
        table.add_row("\u2022", Text(plain(each)))
    _titled(title, table, console)


def _sources(sources: tuple[SourceLine, ...], console: Console) -> None:
    if not sources:
        return
    table = Table.grid(padding=(0, 1))
    for (source, confidence), what in _by_source(sources):
        told = f"{plain(source)} ", (f"({confidence})", "bold"), f": {plain('; '.join(what))}"
        table.add_row("\u2022", Text.assemble(*told))
    _titled("Sources", table, console)


def _by_source(sources: tuple[SourceLine, ...]) -> Iterator[tuple[tuple[str, str], list[str]]]:
    for key in dict.fromkeys((each.source, each.confidence) for each in sources):
        yield key, list(dict.fromkeys(each.what for each in sources if (each.source, each.confidence) == key))


def _titled(title: str, table: Table, console: Console) -> None:
    console.print()
    console.print(Text(title, "bold"))
    console.print(Padding(table, (0, 0, 0, 2)))
