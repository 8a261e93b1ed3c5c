"""Trains: many strokes between two events as one value, from which every stroke's tick follows exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from heapq import merge
from typing import NamedTuple

MS_PER_DAY = 86_400_000
NL_MS_PER_NL = MS_PER_DAY  # a rate in nL/day times ms: this many make one nanolitre


class StrokeKind(Enum):
    """What a stroke was made for."""

    BASAL = "basal"
    BOLUS = "bolus"
    ONCE = "once"


# A member of an enumeration is looked up by a call; these are not, and strokes are made of them all the time.
BASAL, BOLUS, ONCE = StrokeKind.BASAL, StrokeKind.BOLUS, StrokeKind.ONCE
# A named tuple made this way costs less than half of what its own constructor does.
new = tuple.__new__


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke of the pump at its tick (ms)."""

    tick_ms: int
    kind: StrokeKind


class Train(NamedTuple):
    """The strokes ``first`` to ``last`` of one kind; the k-th is at origin + ceil((k * interval - phase) / per) ms.

    Basal: interval is one stroke and phase the carry, both in nL·ms/day, per is the rate in nL/day.
    Bolus and once: interval is the duration in ms, phase 0, per the number of strokes of the whole bolus;
    ``bolus_tick_ms`` is the tick at which it was granted (or started), by which its strokes are counted together.
    """

    kind: StrokeKind
    origin_tick_ms: int
    interval: int
    phase: int
    per: int
    first: int
    last: int
    bolus_tick_ms: int | None = None

    @property
    def number(self) -> int:
        """How many strokes."""
        return self.last - self.first + 1

    def tick(self, k: int) -> int:
        """The tick of the k-th stroke of the train's own numbering."""
        return self.origin_tick_ms - (self.phase - k * self.interval) // self.per

    def strokes(self) -> Iterator[Stroke]:
        """Each stroke, in the order of their ticks."""
        return (Stroke(self.tick(k), self.kind) for k in range(self.first, self.last + 1))


@dataclass(frozen=True, slots=True)
class Strokes:
    """Effect: carry out these strokes, each at its tick. Iterating gives them in order; at one ms basal, bolus, once.

    ``trains`` stand in the order in which the pump made them; the trains of one segment (the basal train and,
    beside it, the bolus train) overlap in time, those of different segments do not.
    """

    trains: tuple[Train, ...]

    @property
    def count(self) -> int:
        """How many strokes in all."""
        return sum(train.number for train in self.trains)

    def __iter__(self) -> Iterator[Stroke]:
        # merge is stable: at one tick the kind named first comes first
        return merge(
            self._of(StrokeKind.BASAL),
            self._of(StrokeKind.BOLUS),
            self._of(StrokeKind.ONCE),
            key=lambda stroke: stroke.tick_ms,
        )

    def _of(self, kind: StrokeKind) -> Iterator[Stroke]:
        return (stroke for train in self.trains if train.kind is kind for stroke in train.strokes())


def strokes_due(carry: int, rate_nl_per_day: int, elapsed_ms: int, stroke_nl: int) -> tuple[int, int]:
    """How many whole strokes are owed, and the new carry.

    ``carry`` is undelivered rate x time in nL·ms/day. It survives a rate change, a stop and a loss of power,
    so no fraction of a stroke is ever lost or given twice (failure scenario F15).
    """
    return divmod(carry + rate_nl_per_day * elapsed_ms, stroke_nl * NL_MS_PER_NL)
