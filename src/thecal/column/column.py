"""The fluids in a tube, from the end the pump pushes at to the tip."""

from __future__ import annotations

from collections.abc import Iterable
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

    @classmethod
    def of(cls, stretches: Iterable[Segment]) -> Column:
        """The tube that holds these stretches, pump end first. Raises ValueError when there are none."""
        return cls(joined(stretches))

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

    def inject(self, port_nl: int, volume_nl: int, fluid: Fluid) -> tuple[Column, tuple[Segment, ...]]:
        """Push fluid in at a port so far from the pump end. What lies between pump and port does not move.

        Returns the column and what left the tip. Raises ValueError for a port that is not inside the column.
        """
        near, beyond = self._at_port(port_nl)
        moved, left = beyond.push(volume_nl, fluid)
        return Column.of((*near, *moved.segments)), left

    def aspirate(self, port_nl: int, volume_nl: int, fluid: Fluid) -> tuple[Column, tuple[Segment, ...]]:
        """Draw out at a port so far from the pump end while ``fluid`` enters at the tip; pump to port does not move.

        Returns the column and what came out, in order. Raises ValueError for a port that is not inside the column.
        """
        near, beyond = self._at_port(port_nl)
        moved, drawn = beyond.draw(volume_nl, fluid)
        return Column.of((*near, *moved.segments)), drawn

    def between(self, start_nl: int, end_nl: int) -> tuple[Segment, ...]:
        """The stretches from one distance from the pump end to another; none when it is the same.

        Raises ValueError for a stretch that is not inside the column.
        """
        if not 0 <= start_nl <= end_nl <= self.volume_nl:
            raise ValueError(f"{start_nl} to {end_nl} nL lies outside the column of {self.volume_nl} nL")
        to_end, _ = _split(self.segments, end_nl)
        return _split(to_end, start_nl)[1]

    def fluid_at(self, from_pump_nl: int) -> Fluid:
        """The fluid at this distance from the pump end, along the column. Raises ValueError outside it."""
        (found,) = self.between(from_pump_nl, from_pump_nl + 1)
        return found.fluid

    def until_unbroken_nl(self, fluid: Fluid) -> int:
        """How much of ``fluid`` must be pushed until it stands at the tip and nothing else follows it; 0: it does."""
        first = self.segments[0]
        return self.volume_nl - (first.volume_nl if first.fluid == fluid else 0)

    def _at_port(self, port_nl: int) -> tuple[tuple[Segment, ...], Column]:
        if not 0 <= port_nl < self.volume_nl:
            raise ValueError(f"a port at {port_nl} nL lies outside the column of {self.volume_nl} nL")
        near, beyond = _split(self.segments, port_nl)
        return near, Column(beyond)

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
