"""``thecal scenario accidents``: every published accident, and what stands in its way now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from thecal.bench.accidents.reading import accident_schema, load_accident
from thecal.bench.accidents.replay import Replayed, Tried, replay
from thecal.bench.accidents.telling import Seen
from thecal.cli.accident_tables import counts, markdown_tables, show_accidents
from thecal.cli.documents import read_text, refuse
from thecal.cli.exact_json import exact_json
from thecal.cli.finding_tables import findings_document
from thecal.cli.notice import NOTICE
from thecal.documents import DocumentError
from thecal.programmer.alarm_words import ALARM_WORDS
from thecal.programmer.words import LOG_WORDS


def run_accidents(folder: str, as_json: bool) -> int:
    """Replay every accident document in a folder. 0; 1 when one is not caught any more, or a harmless plan is not let
    pass; 2, with one line, for a folder or a document that cannot be used."""
    replayed: dict[str, Replayed] = {}
    at = folder
    try:
        for file in _documents(Path(folder)):
            at = str(file)
            replayed[file.stem] = replay(load_accident(read_text(at)))
    except (DocumentError, OSError, UnicodeDecodeError) as error:
        return refuse(at, error)
    if as_json:
        print(exact_json(_document(folder, replayed)))
    else:
        show_accidents(replayed, Console())
    return 0 if all(each.held for each in replayed.values()) else 1


def run_accident_schema() -> int:
    """Print the JSON schema of the accident document."""
    print(json.dumps(accident_schema(), indent=2))
    return 0


def markdown(folder: str) -> str:
    """The tables of docs/accidents.md. Raises DocumentError, OSError for what cannot be used."""
    documents = _documents(Path(folder))
    return markdown_tables({file.stem: replay(load_accident(read_text(str(file)))) for file in documents})


def _documents(folder: Path) -> list[Path]:
    """In the order of their names: by year, those without one last. Raises DocumentError for a folder without any."""
    if not folder.is_dir():
        raise DocumentError("is not a folder")
    found = sorted(folder.glob("*.toml"))
    if not found:
        raise DocumentError("holds no accident documents (*.toml)")
    return found


def _document(folder: str, replayed: Mapping[str, Replayed]) -> Mapping[str, Any]:
    return {
        "notice": NOTICE,
        "folder": folder,
        "counts": counts(replayed),
        "accidents": [_accident(name, each) for name, each in replayed.items()],
    }


def _accident(name: str, replayed: Replayed) -> Mapping[str, Any]:
    accident = replayed.accident
    return {
        "id": name,
        "title": accident.title,
        "year": accident.year,
        "year_of": None if accident.year_of is None else accident.year_of.value,
        "harm": accident.harm,
        "source": accident.source,
        "confidence": accident.confidence.value,
        "done": accident.done,
        "then": accident.then,
        "lesson": accident.lesson,
        "needs": accident.needs.value,
        "open": replayed.open,
        "caught_by": accident.caught_by,
        "verdict": None if replayed.reached is None else replayed.reached.value.lower(),
        "words": _words(replayed),
        "held": None if replayed.open else replayed.held,
        "ours": None if accident.replay is None else accident.replay.ours,
        "tried": [_tried(each) for each in replayed.tried],
    }


def _tried(tried: Tried) -> Mapping[str, Any]:
    return {
        "title": tried.title,
        "must": "pass" if tried.twin else "be caught",
        "held": tried.held,
        "verdict": tried.verdict.value if tried.told is None else None,
        "findings": findings_document(tried.findings),
        "lines": None if tried.told is None else [_line(each) for each in tried.told.seen],
        "amiss": tried.amiss,
    }


def _words(replayed: Replayed) -> str | None:
    if replayed.finding is not None:
        return replayed.finding.words
    seen = replayed.seen
    if seen is None:
        return None
    return LOG_WORDS[seen.kind] if seen.alarm is None else ALARM_WORDS[seen.alarm]


def _line(seen: Seen) -> Mapping[str, Any]:
    return {"at_ms": seen.at_ms, "line": seen.kind.value, "alarm": None if seen.alarm is None else seen.alarm.value}
