"""``thecal scenario accidents``: every published accident, and what stands in its way now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from thecal.bench.accidents.reading import accident_schema, load_accident
from thecal.bench.accidents.replay import Replayed, replay
from thecal.cli.documents import read_text, refuse
from thecal.cli.notice import NOTICE
from thecal.documents import DocumentError


def run_accidents(folder: str, as_json: bool) -> int:
    """Replay every accident document in a folder. 0; 1 when one is not caught any more; 2, with one line, for a folder
    or a document that cannot be used."""
    files = sorted(Path(folder).glob("*.toml"))
    if not files:
        return refuse(folder, ValueError("holds no accident documents (*.toml)"))
    replayed: dict[str, Replayed] = {}
    for file in files:
        try:
            replayed[file.stem] = replay(load_accident(read_text(str(file))))
        except (DocumentError, OSError, UnicodeDecodeError) as error:
            return refuse(str(file), error)
    if as_json:
        print(json.dumps([_document(name, each) for name, each in replayed.items()], indent=2))
    else:
        _show(replayed, Console())
    return 0 if all(each.open or each.caught for each in replayed.values()) else 1


def run_accident_schema() -> int:
    """Print the JSON schema of the accident document."""
    print(json.dumps(accident_schema(), indent=2))
    return 0


def _document(name: str, replayed: Replayed) -> Mapping[str, Any]:
    accident = replayed.accident
    return {
        "id": name,
        "title": accident.title,
        "year": accident.year,
        "harm": accident.harm,
        "source": accident.source,
        "confidence": accident.confidence.value,
        "done": list(accident.done),
        "then": accident.then,
        "needs": accident.needs.value,
        "open": replayed.open,
        "caught": replayed.caught,
        "caught_by": accident.caught_by,
        "words": None if replayed.finding is None else replayed.finding.words,
        "tried": [
            {
                "title": each.title,
                "must": "pass" if each.twin else "be caught",
                "held": each.held,
                "verdict": each.verdict.value,
                "findings": [{"rule": found.rule, "verdict": found.verdict.value} for found in each.findings],
            }
            for each in replayed.tried
        ],
    }


def _show(replayed: Mapping[str, Replayed], console: Console) -> None:
    table = Table(title="Published accidents and what stands in their way now", title_justify="left")
    for head in ("accident", "year", "harm", "caught by", "verdict", "open"):
        table.add_column(head)
    for each in replayed.values():
        accident, finding = each.accident, each.finding
        by = accident.caught_by or "\u2013"
        verdict = "\u2013" if finding is None else finding.verdict.name
        waits = f"needs the {accident.needs.value}" if each.open else "" if each.caught else "NOT CAUGHT"
        table.add_row(accident.title, str(accident.year), accident.harm, by, verdict, waits)
    console.print(table)
    for name, each in replayed.items():
        for tried in each.tried:
            if not tried.held:
                must = "must pass" if tried.twin else f"must be caught by {each.accident.caught_by}"
                said = ", ".join(f"{found.rule} {found.verdict.name}" for found in tried.findings) or "nothing"
                console.print(f"FAILED {name}: {tried.title}: {must}; the rules said {said}", highlight=False)
    console.print(_tally(replayed), highlight=False)
    console.print(NOTICE, style="dim")


def _tally(replayed: Mapping[str, Replayed]) -> str:
    caught = sum(each.caught for each in replayed.values())
    waiting = sum(each.open for each in replayed.values())
    failed = len(replayed) - caught - waiting
    variants = sum(not tried.twin for each in replayed.values() for tried in each.tried)
    twins = sum(tried.twin for each in replayed.values() for tried in each.tried)
    words = f"{len(replayed)} accidents: {caught} stopped by a plan check, {waiting} open. "
    words += f"{variants} plans that had to be caught, {twins} harmless near twins that had to pass."
    return words + (f" {failed} NOT CAUGHT ANY MORE." if failed else "")
