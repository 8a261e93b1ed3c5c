"""Every check, in stages: what ``make test`` runs. ``python -m tests.run_all [STAGE ...]`` runs some of them.

Each stage ends with one line: its name, its seconds and how it ended. The exit status is 0 only if all were well.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests import chromium

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
# Floors 1 to 4 are typed strictly.
STRICT = (
    *("quantities", "catalogue", "column", "hydraulics", "device", "documents"),
    *("pump", "telemetry", "therapy", "fluid", "neuraxis"),
    *("implant", "programmer", "handheld"),
)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a stage ended: its line for people."""

    name: str
    seconds: float
    good: bool
    words: str

    def __str__(self) -> str:
        verdict = "ok" if self.good else "FAILED"
        return f"{self.name:<10} {self.seconds:7.1f} s  {verdict}  {self.words}".rstrip()


def quiet(*command: str) -> tuple[bool, str]:
    """Run a checker; what it says is shown only when it finds something."""
    done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0, ""


def tests(marked: str, *options: str) -> tuple[bool, str]:
    """Run the tests of a mark, showing what they say; the last line is kept for the recap."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", marked, *options]
    last = ""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line.strip() or last
    return process.returncode == 0, last


def style() -> tuple[bool, str]:
    """Lint and layout."""
    checked, _ = quiet("ruff", "check", ".")
    formatted, _ = quiet("ruff", "format", "--check", ".")
    return checked and formatted, ""


def types() -> tuple[bool, str]:
    """Strict types on the floors that decide doses."""
    return quiet("mypy", "--strict", *(f"src/thecal/{room}" for room in STRICT))


def layers() -> tuple[bool, str]:
    """Import contracts."""
    return quiet("lint-imports")


def pure() -> tuple[bool, str]:
    """Everything that needs no process and no browser, on every core."""
    return tests("not processes and not browser", "-n", str(os.cpu_count() or 1))


def processes() -> tuple[bool, str]:
    """Real processes, sockets and files, one test at a time: some of them look at how long a stop takes."""
    return tests("processes and not browser")


def browser() -> tuple[bool, str]:
    """Chromium against running servers."""
    chromium.find_or_install()
    return tests("browser")


STAGES: dict[str, Callable[[], tuple[bool, str]]] = {
    "style": style,
    "types": types,
    "layers": layers,
    "pure": pure,
    "processes": processes,
    "browser": browser,
}


def main(wanted: list[str]) -> int:
    """Run the stages named, or all."""
    unknown = [name for name in wanted if name not in STAGES]
    if unknown:
        print(f"there is no stage {', '.join(unknown)}; there are {', '.join(STAGES)}", file=sys.stderr)
        return 2
    ended = []
    for name in wanted or STAGES:
        began_s = time.monotonic()
        good, words = STAGES[name]()
        ended.append(Ended(name, time.monotonic() - began_s, good, words))
        print(ended[-1], flush=True)
    if len(ended) > 1:
        print("\n" + "\n".join(str(stage) for stage in ended), flush=True)
    return 0 if all(stage.good for stage in ended) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
