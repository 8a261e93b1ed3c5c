"""The commands that the documents show with what they print: found, run in this process, and rewritten on request.

A block begins with the line ``console`` fenced by backticks. A line ``$ thecal …`` is a command; the lines below it are
what it prints, blanks at the end of a line aside; ``...`` stands for any lines. ``; echo "status $?"`` shows the exit
status as its last line. ``python -m tests.docs.examples`` writes what the commands print now into the documents.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
STATUS = '; echo "status $?"'
CUT = "..."
_AFTER_THE_ANSWER = re.compile(r"^(How it is computed|What changes)\n.*\Z", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """One command of a document and what the document says it prints."""

    document: Path
    command: str
    told: str

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}: {self.command}"


def examples() -> Iterator[Example]:
    """Every command of every document, in order."""
    for document in DOCUMENTS:
        for block in _BLOCK.finditer(document.read_text(encoding="utf-8")):
            for command, told in _COMMAND.findall(block[1]):
                yield Example(document, command, told)


def printed(command: str, folder: Path = ROOT) -> str:
    """What ``thecal …`` prints in 80 columns where no terminal is, standard error included."""
    from thecal.cli.main import main

    plain, shows_status = command.removesuffix(STATUS), command.endswith(STATUS)
    program, *arguments = shlex.split(plain)
    assert program == "thecal", f"only thecal is run: {command}"
    heard = io.StringIO()
    surroundings = {"COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"}
    with (
        mock.patch.object(sys, "argv", [program, *arguments]),
        mock.patch.dict(os.environ, surroundings),
        contextlib.chdir(folder),
        contextlib.redirect_stdout(heard),
        contextlib.redirect_stderr(heard),
    ):
        status = 0
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
    lines = [line.rstrip() for line in heard.getvalue().splitlines()]
    return "".join(f"{line}\n" for line in (*lines, *([f"status {status}"] if shows_status else [])))


def agrees(told: str, found: str) -> bool:
    """Whether what the document says is what was printed; ``...`` alone on a line stands for any lines."""
    pattern = "".join("(?:.*\n)*" if line == CUT else re.escape(f"{line}\n") for line in told.splitlines())
    return re.fullmatch(pattern, found) is not None


def rewritten(document: str) -> str:
    """The document with what its commands print now; what was cut after the answer is cut again."""

    def command(found: re.Match[str]) -> str:
        whole, is_cut = printed(found[1]), f"{CUT}\n" in found[2]
        return f"$ {found[1]}\n" + (_AFTER_THE_ANSWER.sub(f"{CUT}\n", whole) if is_cut else whole)

    return _BLOCK.sub(lambda block: f"```console\n{_COMMAND.sub(command, block[1])}```", document)


if __name__ == "__main__":
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        if rewritten(text) != text:
            path.write_text(rewritten(text), encoding="utf-8")
            print(path.relative_to(ROOT))
