"""The fluids in a tube, from the end the pump pushes at to the tip."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from thecal.column.fluid import Fluid
from thecal.column.masses import Masses
from thecal.column.segment import Segment, joined, mass_in, volume_of


@dataclass(frozen=True, slots=True)
class Front:
    """A border between two fluids: how far it is from the pump end, and from the tip, along the column in nL."""

    from_pump_nl: int
    to_tip_nl: int
    behind: Fluid
    ahead: Fluid


@dataclass(frozen=True, slots=True)
class Column:
    """Segments in order, pump end first, neighbours of different fluid. The tube is always full.

    Raises ValueError when empty or when neighbours are the same fluid.
    """

    segments: tuple[Segment, ...]

    def __post_init__(self) -> None:
        if not self.segments or joined(self.segments) != self.segments:
            raise ValueError("a column holds at least one segment, and neighbours differ")

    @classmethod
    def filled(cls, volume_nl: int, fluid: Fluid) -> Column:
        """A tube of this volume full of one fluid. Raises ValueError for a volume that is not above zero."""
        return cls((Segment(volume_nl, fluid),))

    @property
    def volume_nl(self) -> int:
        """Volume of the tube; pushing and drawing never change it."""
        return volume_of(self.segments)

    @property
    def mass(self) -> Masses:
        """Drug in the tube."""
        return mass_in(self.segments)

    @property
    def tip(self) -> Segment:
        """What leaves next when fluid is pushed."""
        return self.segments[-1]

    def push(self, volume_nl: int, fluid: Fluid) -> tuple[Column, tuple[Segment, ...]]:
        """Push fluid in at the pump end. Returns the column and what left the tip, first to leave first."""
        if volume_nl == 0:
            return self, ()
        kept, left = _split((Segment(volume_nl, fluid), *self.segments), self.volume_nl)
        return Column(joined(kept)), tuple(reversed(joined(left)))

    def draw(self, volume_nl: int, fluid: Fluid) -> tuple[Column, tuple[Segment, ...]]:
        """Draw out at the pump end while ``fluid`` enters at the tip. Returns column and what came out, in order."""
        if volume_nl == 0:
            return self, ()
        drawn, kept = _split((*self.segments, Segment(volume_nl, fluid)), volume_nl)
        return Column(joined(kept)), joined(drawn)

    def fluid_at(self, from_pump_nl: int) -> Fluid:
        """The fluid at this distance from the pump end, along the column. Raises ValueError outside it."""
        if not 0 <= from_pump_nl < self.volume_nl:
            raise ValueError(f"{from_pump_nl} nL lies outside the column of {self.volume_nl} nL")
        passed = 0
        for segment in self.segments:
            passed += segment.volume_nl
            if from_pump_nl < passed:
                return segment.fluid
        raise AssertionError("a column is as long as its segments")

    @property
    def fronts(self) -> tuple[Front, ...]:
        """Every border between two fluids, pump end first."""
        found, passed, whole = [], 0, self.volume_nl
        for behind, ahead in pairwise(self.segments):
            passed += behind.volume_nl
            found.append(Front(passed, whole - passed, behind.fluid, ahead.fluid))
        return tuple(found)


def _split(segments: tuple[Segment, ...], first_nl: int) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """The first ``first_nl`` of the stretches, and the rest, both in order."""
    first: list[Segment] = []
    rest: list[Segment] = []
    wanted = first_nl
    for segment in segments:
        taken = min(wanted, segment.volume_nl)
        wanted -= taken
        if taken:
            first.append(Segment(taken, segment.fluid))
        if segment.volume_nl > taken:
            rest.append(Segment(segment.volume_nl - taken, segment.fluid))
    return tuple(first), tuple(rest)
