"""Figures with date, commit and seconds, appended to docs/verification.md."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "docs" / "verification.md"
HEAD = """# Verification

What `make verify-<room>` measured, newest last. Rows are appended by the command, never edited.

| date | commit | room | asked | measured | met | seconds |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure asked for, beside the one measured."""

    room: str
    asked: str
    measured: str
    met: bool
    seconds: float


def append(figures: tuple[Figure, ...]) -> None:
    """One row for each figure; the commit carries a ``+`` when files differ from it."""
    if not RECORD.exists():
        RECORD.write_text(HEAD, encoding="utf-8")
    day, commit = datetime.now(UTC).date().isoformat(), _commit()
    with RECORD.open("a", encoding="utf-8") as record:
        for each in figures:
            met = "yes" if each.met else "**no**"
            record.write(
                f"| {day} | {commit} | {each.room} | {each.asked} | {each.measured} | {met} | {each.seconds:.0f} |\n"
            )


def _commit() -> str:
    short = _git("rev-parse", "--short", "HEAD")
    return short + ("+" if _git("status", "--porcelain", "--", "src", "tests") else "")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
