"""The dosing rooms: every branch is run, and nearly every small wrong change in their arithmetic is noticed."""

from __future__ import annotations

import re
import time
import tomllib
from dataclasses import dataclass

from verification.coverage_of import branch_coverage
from verification.mutants import Mutant, try_mutants
from verification.record import ROOT, Figure, append

ROOMS = ("therapy", "column", "hydraulics", "quantities")
ARITHMETIC = (
    "src/thecal/quantities/*.py",
    "src/thecal/column/*.py",
    "src/thecal/hydraulics/*.py",
    "src/thecal/therapy/arithmetic.py",
    "src/thecal/therapy/believed.py",
    "src/thecal/therapy/bridging.py",
    "src/thecal/therapy/constant_flow.py",
    "src/thecal/therapy/derived.py",
    "src/thecal/therapy/drift.py",
    "src/thecal/therapy/due.py",
    "src/thecal/therapy/front.py",
    "src/thecal/therapy/mixing.py",
    "src/thecal/therapy/priming.py",
    "src/thecal/therapy/profile.py",
    "src/thecal/therapy/projection.py",
    "src/thecal/therapy/replacement.py",
    "src/thecal/therapy/returned.py",
    "src/thecal/therapy/schedule.py",
    "src/thecal/therapy/square_root.py",
    "src/thecal/therapy/starting.py",
    "src/thecal/therapy/surroundings.py",
    "src/thecal/therapy/tip.py",
    "src/thecal/therapy/titrating.py",
)
TESTS = ("tests/quantities", "tests/column", "tests/hydraulics", "tests/therapy")
KILLED_AT_LEAST_PERCENT = 90
WORK = ROOT / ".verify" / "therapy"
REASONS = ROOT / "verification" / "survivors.toml"


def verify() -> bool:
    """Measure, print, append to the record; whether both figures are met."""
    began_s = time.monotonic()
    percent, missed = branch_coverage(ROOMS, WORK)
    print("\n".join(missed))
    covered = Figure(
        "therapy",
        f"100 % branch coverage of {', '.join(ROOMS)}",
        f"{percent:.2f} %",
        not missed,
        time.monotonic() - began_s,
    )
    began_s = time.monotonic()
    tried = try_mutants(ARITHMETIC, TESTS, WORK / "mutants")
    share = 100 * tried.killed / tried.tried
    reasons = _reasons()
    for mutant in tried.survivors:
        print(f"survived: {mutant.function}: {mutant.removed} -> {mutant.added}")
        print(f"          {_reason(mutant, reasons) or 'no reason given yet'}")
    unexplained = sum(_reason(mutant, reasons) is None for mutant in tried.survivors)
    killed = Figure(
        "therapy",
        f">= {KILLED_AT_LEAST_PERCENT} % of mutants killed in {len(ARITHMETIC)} named places, survivors with reasons",
        f"{tried.killed} of {tried.tried}: {share:.1f} %; {unexplained} survivors without a reason",
        share >= KILLED_AT_LEAST_PERCENT and not unexplained,
        time.monotonic() - began_s,
    )
    append((covered, killed))
    for figure in (covered, killed):
        print(f"{figure.asked}: {figure.measured} {'met' if figure.met else 'MISSED'} ({figure.seconds:.0f} s)")
    return covered.met and killed.met


@dataclass(frozen=True, slots=True)
class Reason:
    """Why survivors in some function, whose changed line looks so, are no gap, or which gap they are."""

    function: str  # the end of the function's dotted name
    added: re.Pattern[str]  # found in what stood there instead
    words: str


def _reason(mutant: Mutant, reasons: tuple[Reason, ...]) -> str | None:
    fitting = (each for each in reasons if mutant.function.endswith(each.function) and each.added.search(mutant.added))
    return next((each.words for each in fitting), None)


def _reasons() -> tuple[Reason, ...]:
    found = tomllib.loads(REASONS.read_text(encoding="utf-8"))["survivor"]
    return tuple(Reason(each["function"], re.compile(each["added"]), each["reason"]) for each in found)
