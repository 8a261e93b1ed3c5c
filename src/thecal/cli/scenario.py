"""``thecal scenario``: tell a story on the bench and check what was expected of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from thecal.bench.case import DocumentError
from thecal.bench.scenario import load_scenario, scenario_schema
from thecal.bench.story import StoryResult, Told, tell
from thecal.cli.documents import read_text, refuse
from thecal.cli.finding_tables import plain
from thecal.cli.link_protection import protected
from thecal.cli.notice import NOTICE
from thecal.cli.simulation_tables import time_text

MS_PER_H = 3_600_000


def run_scenario(path: str, as_json: bool) -> int:
    """Tell the story in a file (``-``: standard input). 0; 1 when an expectation failed; 2, with one line, for an
    invalid document or a file that cannot be read."""
    try:
        scenario = load_scenario(read_text(path), _case_reader(path))
    except (DocumentError, OSError, UnicodeDecodeError) as error:
        return refuse(path, error)
    result = tell(scenario, protected(scenario.title))
    if as_json:
        print(json.dumps(document_of(result), indent=2))
    else:
        _show(result, Console())
    return 0 if result.passed else 1


def run_scenario_schema() -> int:
    """Print the JSON schema of the scenario document."""
    print(json.dumps(scenario_schema(), indent=2))
    return 0


def document_of(result: StoryResult) -> Mapping[str, Any]:
    """The story as it went, for programs."""
    return {
        "title": result.scenario.title,
        "source": result.scenario.source,
        "case": result.scenario.case.id,
        "passed": result.passed,
        "fluid_path_exact": result.is_balanced,
        "beginning": [str(act) for act in result.beginning],
        "steps": [_step(told) for told in result.told],
    }


def _step(told: Told) -> Mapping[str, Any]:
    return {
        "at": {"value": told.step.at.count / MS_PER_H, "unit": "h"},
        "who": told.step.who.value,
        "does": told.step.does.value,
        "outcome": told.answered.outcome,
        "words": told.answered.words,
        "passed": told.passed,
        "checked": [
            {"field": each.field, "expected": each.expected, "found": each.found, "passed": each.passed}
            for each in told.checked
        ],
    }


def _case_reader(path: str) -> Callable[[str], str]:
    folder = Path() if path == "-" else Path(path).parent

    def read_case(name: str) -> str:
        try:
            return (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise DocumentError(f"case_file: {name}: {reason}") from None

    return read_case


def _show(result: StoryResult, console: Console) -> None:
    console.print(Text(plain(result.scenario.title), "bold"))
    console.print(Text(plain(f"Why: {result.scenario.source}")))
    for act in result.beginning:
        console.print(Text(plain(f"Beginning: {act}")))
    table = Table()
    for head in ("since the beginning", "step", "answer", "", "expected", "found"):
        table.add_column(head)
    for told in result.told:
        step = f"{told.step.who.value} {told.step.does.value}"
        answer = f"{told.answered.outcome}: {told.answered.words}" if told.answered.words else told.answered.outcome
        rows = [
            ("ok" if each.passed else "FAILED", f"{each.field.replace('_', ' ')}: {each.expected}", each.found)
            for each in told.checked
        ] or [("", "", "")]
        table.add_row(time_text(told.step.at.count), step, Text(plain(answer)), *rows[0])
        for row in rows[1:]:
            table.add_row("", "", "", *row)
        table.add_section()
    console.print(table)
    if not result.is_balanced:
        console.print("FAILED: the fluid path lost drug", highlight=False)
    console.print("As expected." if result.passed else "Not as expected.", highlight=False)
    console.print(NOTICE, style="dim")
