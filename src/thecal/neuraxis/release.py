"""What leaves the catheter tip, and its division over the stretches between output times."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thecal.neuraxis.grid import FloatArray

IntArray = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Release:
    """Drug leaving the tip: at one instant when start and end are equal (a stroke), else at a constant rate."""

    start_ms: int
    end_ms: int
    mass_ng: float

    def __post_init__(self) -> None:
        if self.end_ms < self.start_ms:
            raise ValueError(f"a release cannot end ({self.end_ms} ms) before it starts ({self.start_ms} ms)")
        if not (isfinite(self.mass_ng) and self.mass_ng >= 0):
            raise ValueError(f"the mass of a release must be finite and not negative, not {self.mass_ng} ng")


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Releases cut at the output times, in order: piece j lies in stretch ``stretch[j]``, which ends at an output."""

    stretch: IntArray
    start_ms: IntArray
    end_ms: IntArray
    mass_ng: FloatArray

    def up_to(self, stretches: int) -> IntArray:
        """Where the pieces of each stretch begin and end: those of stretch k are [bounds[k], bounds[k + 1])."""
        return np.searchsorted(self.stretch, np.arange(stretches + 1))


def cut(releases: Sequence[Release], from_ms: int, times_ms: IntArray) -> Pieces:
    """Cut releases at the output times; a constant rate is divided by time, so that no mass is made or lost.

    A release at an output time belongs to that output. Raises ValueError for a release that is not within
    [from_ms, last output], because it would otherwise be lost without a word.
    """
    start = np.array([release.start_ms for release in releases], dtype=np.int64)
    end = np.array([release.end_ms for release in releases], dtype=np.int64)
    mass = np.array([release.mass_ng for release in releases], dtype=np.float64)
    last_ms = int(times_ms[-1])
    outside = np.flatnonzero((start < from_ms) | (end > last_ms))
    if outside.size:
        found = releases[int(outside[0])]
        span = f"{found.start_ms}..{found.end_ms} ms"
        raise ValueError(f"release at {span} lies outside the run {from_ms}..{last_ms} ms")
    first = np.where(end > start, np.searchsorted(times_ms, start, side="right"), np.searchsorted(times_ms, start))
    count = np.searchsorted(times_ms, end) - first + 1
    owner = np.repeat(np.arange(len(releases)), count)
    stretch = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
    opens = np.concatenate(([from_ms], times_ms[:-1]))
    piece_start = np.maximum(start[owner], opens[stretch])
    piece_end = np.minimum(end[owner], times_ms[stretch])
    piece_mass = mass[owner] * _share(piece_end - piece_start, (end - start)[owner])
    order = np.argsort(stretch, kind="stable")
    return Pieces(stretch[order], piece_start[order], piece_end[order], piece_mass[order])


def _share(part_ms: IntArray, whole_ms: IntArray) -> FloatArray:
    share: FloatArray = np.where(whole_ms > 0, part_ms / np.maximum(whole_ms, 1), 1.0)
    return share
