"""A bolus as a fact: when it began, how many strokes it has, how long it lasts, and what cut it off."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tests.oracle.calendar import DAY
from thecal.device import ONCE_KINDS, BolusKind


@dataclass
class Given:
    """One granted bolus: n strokes evenly over ``duration`` of powered time, unless it was cut off."""

    start: int
    strokes: int
    duration: int
    kind: BolusKind = BolusKind.PATIENT
    delayed: int = 0
    cut: tuple[int, int] | None = None  # (tick, strokes made until then)
    over: bool = False  # it made its last stroke, and the basal has come back
    before: tuple[int, int] = (0, 0)  # strokes of all earlier ones: patient and periodic; given once

    @property
    def once(self) -> bool:
        """Is it given in the place of the basal?"""
        return self.kind in ONCE_KINDS

    @property
    def end(self) -> int:
        """From this tick on it makes no stroke."""
        return self.start + self.delayed + self.duration if self.cut is None else self.cut[0]

    def made(self, tick: int, outages: list[tuple[int, int]]) -> int:
        """Strokes made by ``tick``."""
        if self.cut is not None and tick >= self.cut[0]:
            return self.cut[1]
        dark = sum(max(0, min(tick, end) - max(self.start, start)) for start, end in outages) if self.delayed else 0
        powered = max(0, tick - self.start - dark)
        return min(self.strokes, int(Fraction(powered * self.strokes, self.duration)))

    def counts(self, tick: int, strokes: int, duration_ms: int) -> bool:
        """Does it count in the 24 h that a bolus of these strokes, beginning now, must share?"""
        if self.once:
            return False
        if (self.strokes, self.duration) == (strokes, duration_ms) and not self.delayed:
            return tick - self.start < DAY
        return tick - self.end < DAY
