"""One patient's truth, followed as it is written down: the fluid path and what left the tip.

Only what was added to the record since the last look is read and played.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from thecal.adapters.truth_file import Implantation, TruthSoFar, read_truth, read_truth_on
from thecal.column import NOTHING
from thecal.fluid import FluidPath, NeedleAct, Stroke, TipRelease, TruthRecord, play


class Followed:
    """The truth of one patient up to ``at_ms`` of bench time. Made by ``begin``; brought up to date by ``look``."""

    def __init__(self, file: Path, so_far: TruthSoFar) -> None:
        self._file = file
        self._so_far = so_far
        self.path: FluidPath = so_far.implantation.path
        self.at_ms = so_far.implantation.from_ms
        self.releases: list[TipRelease] = []
        self.stroke_ms: list[int] = []
        self.last_needle: NeedleAct | None = None
        self._play(so_far.records)

    @classmethod
    def begin(cls, file: Path) -> Followed:
        """Read the whole record. Raises TruthDamaged or OSError."""
        return cls(file, read_truth(file))

    @property
    def implantation(self) -> Implantation:
        """The system when it was implanted."""
        return self._so_far.implantation

    @property
    def version(self) -> int:
        """Grows whenever something was added to the record."""
        return self._so_far.offset

    @property
    def strokes(self) -> int:
        """Strokes that truly left the pump."""
        return len(self.stroke_ms)

    def strokes_between(self, from_ms: int, to_ms: int) -> int:
        """Strokes after the first moment, up to and with the second."""
        return bisect_right(self.stroke_ms, to_ms) - bisect_right(self.stroke_ms, from_ms)

    def look(self) -> None:
        """Read what was added. Raises TruthDamaged or OSError."""
        added = read_truth_on(self._file, self._so_far)
        self._so_far = added
        self._play(added.records)

    def _play(self, records: Sequence[TruthRecord]) -> None:
        at = 0
        while at < len(records):
            record = records[at]
            if isinstance(record, Stroke):
                at = self._train(records, at)
                continue
            self.path, released = play(self.path, record, self.implantation.stroke_nl)
            self.releases += released
            if isinstance(record, NeedleAct):
                self.last_needle = record
            self.at_ms = record.at_ms
            at += 1

    def _train(self, records: Sequence[TruthRecord], first: int) -> int:
        """All strokes from ``first`` on that follow each other; where the next record stands."""
        ticks_ms: list[int] = []
        for record in islice(records, first, None):
            if not isinstance(record, Stroke):
                break
            ticks_ms.append(record.at_ms)
        self.path, runs = self.path.strokes(len(ticks_ms), self.implantation.stroke_nl)
        ticks = iter(ticks_ms)
        for run in runs:
            released = [TipRelease(at_ms, at_ms, run.masses) for at_ms in islice(ticks, run.count)]
            if run.masses != NOTHING:
                self.releases += released
        self.stroke_ms += ticks_ms
        self.at_ms = ticks_ms[-1]
        return first + len(ticks_ms)
