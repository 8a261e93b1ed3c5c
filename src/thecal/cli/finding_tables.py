"""Findings for people: verdict by symbol and word, field, sentence, numbers compared, source; and for programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from thecal.cli.exact_json import ratio
from thecal.quantities import units
from thecal.therapy.findings import Compared, Finding, Verdict, heaviest_first, worst

# Shapes as on the screens of the clinic; the word stands beside each, so that neither colour nor font is needed.
SYMBOL = {Verdict.REFUSE: "✖", Verdict.STOP: "◆", Verdict.WARN: "▲", Verdict.INFO: "●", Verdict.ALLOW: "✔"}
STYLE = {
    Verdict.REFUSE: "bold red",
    Verdict.STOP: "bold magenta",
    Verdict.WARN: "bold yellow",
    Verdict.INFO: "bold blue",
    Verdict.ALLOW: "bold green",
}
ASKS = {
    Verdict.REFUSE: "this is never sent to a pump as it is",
    Verdict.STOP: "a second, separate confirmation is needed before it is sent",
    Verdict.WARN: "each warning is acknowledged by a person before it is sent",
    Verdict.INFO: "nothing stands against it; there is something to know",
    Verdict.ALLOW: "nothing stands against it",
}
_SPACES = " \u00a0\u202f"
_KINDS = (units.VOLUME, units.MASS, units.CONCENTRATION, units.FLOW_RATE, units.DOSE_RATE, units.DURATION)
_KNOWN_UNITS = {unit for kind in _KINDS for unit in kind} | {"days", "×", "%"}
_NUMBER = re.compile(r"[0-9]+(?:\u202f[0-9]{3})*(?:\.[0-9]+)?")


def show_verdict(findings: Iterable[Finding], console: Console) -> None:
    """One line: the heaviest verdict and what it asks for."""
    verdict = worst(findings)
    console.print(Text.assemble("Verdict: ", _mark(verdict), f", {ASKS[verdict]}"))


def show_findings(findings: Iterable[Finding], console: Console) -> None:
    """Each finding as a paragraph, heaviest first; it reads the same in 80 columns and in 200."""
    for found in heaviest_first(findings):
        console.print()
        console.print(Text.assemble(_mark(found.verdict), f"  {plain(found.field)}  ", (f"[{found.rule}]", "dim")))
        console.print(Padding(Text(plain(found.words)), (0, 0, 0, 2)))
        if found.compared:
            console.print(Padding(_compared(found.compared), (0, 0, 0, 4)))
        if found.source:
            console.print(Padding(Text(plain(f"Source: {found.source} ({found.confidence})")), (0, 0, 0, 2)))
        if found.path:
            console.print(Padding(Text(plain(f"In the document: {found.path}"), "dim"), (0, 0, 0, 2)))


def findings_document(findings: Iterable[Finding]) -> list[Mapping[str, Any]]:
    """The findings for programs, heaviest first."""
    return [
        {
            "rule": found.rule,
            "verdict": found.verdict.value,
            "field": found.field,
            "path": found.path,
            "words": found.words,
            "compared": [_compared_document(each) for each in found.compared],
            "ratio": None if found.ratio is None else ratio(found.ratio),
            "source": found.source,
            "confidence": found.confidence,
        }
        for found in heaviest_first(findings)
    ]


def plain(text: str) -> str:
    """The text without anything a terminal would act on."""
    return "".join(each if each.isprintable() or each in _SPACES else "\ufffd" for each in text)


def _mark(verdict: Verdict) -> tuple[str, str]:
    return f"{SYMBOL[verdict]} {verdict.value.upper()}", STYLE[verdict]


def _compared(pairs: tuple[Compared, ...]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(overflow="fold")
    for pair in pairs:
        table.add_row(Text(plain(pair.label)), Text(plain(pair.text)))
    return table


def _compared_document(pair: Compared) -> Mapping[str, Any]:
    number, _, unit = pair.text.rpartition(" ")
    if unit in _KNOWN_UNITS and _NUMBER.fullmatch(number):
        return {"label": pair.label, "value": Decimal(number.replace("\u202f", "")), "unit": unit}
    return {"label": pair.label, "value": pair.text, "unit": ""}
