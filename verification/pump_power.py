"""The pump's memory: power cut at every byte of every erasure and write of random lives, and again while recovering.

Each seed is one life (``tests.implant.traces``) with its cuts (``tests.implant.cuts``), and says the same each time. So
the work can be spread over processes by ranges of seeds, and what an interrupted run has done is found in a file.
"""

from __future__ import annotations

from pathlib import Path

from tests.implant.cuts import Tally, cut_everywhere
from tests.implant.traces import traced

from verification.record import ROOT

DONE = ROOT / ".verify" / "pump" / "power"
POINTS_AT_LEAST = 1_000_000
TRACES_AT_LEAST = 200
RECOVERIES_PER_TRACE = 1


def cut_lives(first_seed: int, last_seed: int, done: Path = DONE) -> Tally:
    """Cut the lives of these seeds (both included) everywhere; those done before under ``done`` are only counted.

    About 20,000 points a life. Raises AssertionError, with the seed, at the first point at which something is lost,
    doubled or misread.
    """
    done.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    for seed in range(first_seed, last_seed + 1):
        said = done / f"{seed}.points"
        if said.exists():
            tally += Tally(1, int(said.read_text(encoding="ascii")))
            continue
        try:
            one = cut_everywhere(traced(seed), RECOVERIES_PER_TRACE, offset=seed)
        except AssertionError as fault:
            raise AssertionError(f"seed {seed}: {fault}") from fault
        said.write_text(f"{one.points}\n", encoding="ascii")
        tally += one
    return tally


def enough(tally: Tally) -> bool:
    """Whether that is what was asked for: a million points in two hundred traces."""
    return tally.points >= POINTS_AT_LEAST and tally.traces >= TRACES_AT_LEAST
