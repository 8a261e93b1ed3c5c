"""The pump's memory: power cut at every byte of every erasure and write of random lives, and again while recovering.

Each seed is one life (``tests.implant.traces``) with its cuts (``tests.implant.cuts``), and says the same each time.
"""

from __future__ import annotations

from tests.implant.cuts import cut_everywhere
from tests.implant.traces import traced

from verification.pump_tally import Tally

RECOVERIES_PER_LIFE = 1


def run(first_seed: int, last_seed: int) -> Tally:
    """Cut the lives of these seeds (both included) everywhere: some 18,000 points each, done in about 5 s.

    A failure is a point at which something was lost, doubled or misread; what is left of that life is not looked at.
    """
    points, failures = 0, []
    for seed in range(first_seed, last_seed + 1):
        try:
            points += cut_everywhere(traced(seed), RECOVERIES_PER_LIFE, offset=seed)
        except AssertionError as fault:
            failures.append(f"seed {seed}: {str(fault).splitlines()[0] if str(fault) else 'a check failed'}")
    return Tally(points, tuple(failures), f"{last_seed - first_seed + 1} lives")
