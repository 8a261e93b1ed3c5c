"""Branch coverage of rooms by the pure tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from verification.record import ROOT


def branch_coverage(rooms: tuple[str, ...], work: Path) -> tuple[float, tuple[str, ...]]:
    """Percent of statements and branches run in these rooms, and each place that was not, as ``file: lines``."""
    work.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "COVERAGE_FILE": str(work / "coverage")}
    command = [sys.executable, "-m", "coverage", "run", "--branch"]
    command.append("--source=" + ",".join(f"src/thecal/{room}" for room in rooms))
    command += ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not processes and not browser"]
    subprocess.run([*command, *_tests(rooms)], cwd=ROOT, env=environment, check=True)
    report = work / "coverage.json"
    subprocess.run(
        [sys.executable, "-m", "coverage", "json", "-q", "-o", str(report)], cwd=ROOT, env=environment, check=True
    )
    found = json.loads(report.read_text(encoding="utf-8"))
    missed = tuple(
        f"{name}: lines {file['missing_lines']}, branches {file['missing_branches']}"
        for name, file in found["files"].items()
        if file["missing_lines"] or file["missing_branches"]
    )
    totals = found["totals"]
    whole = totals["num_statements"] + totals["num_branches"]
    return 100 * (totals["covered_lines"] + totals["covered_branches"]) / whole, missed


def _tests(rooms: tuple[str, ...]) -> list[str]:
    used_by = ("programmer", "handheld")  # whose tests run the drafts, forms and dates of therapy
    return [f"tests/{room}" for room in (*rooms, *used_by) if (ROOT / "tests" / room).is_dir()]
