"""What truly moves: reservoir, line and tip of one pump, counted apart from everything the pump counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from thecal.column import NOTHING, SALINE, Fluid, Segment, mass_in
from thecal.fluid import Act, FluidPath, NeedleAct, Outflow, Run, TipRelease, play


class TrueFluid:
    """The fluid path as it is now, and what left the tip ever. Moments are bench time in ms, volumes nL.

    ``path`` is reservoir and line; ``releases`` is the drug that left the tip; ``left_tip_nl`` the volume, of whatever
    fluid; ``strokes_made`` the strokes that the motor made, whether or not there was fluid left to move;
    ``gained_nl`` what seeped into the reservoir. ``is_shut``: a flow-activated valve keeps everything from the tip.
    """

    def __init__(self, path: FluidPath, stroke_nl: int = 0) -> None:
        self.path = path
        self.releases: list[TipRelease] = []
        self.left_tip_nl = 0
        self.strokes_made = 0
        self.gained_nl = 0
        self.is_shut = False
        self._stroke_nl = stroke_nl

    def strokes(self, moments: list[int]) -> None:
        """The motor made a stroke at each of these moments."""
        self.strokes_made += len(moments)
        if not moments or self.is_shut:
            return
        before_nl = self.path.reservoir.volume_nl
        self.path, runs = self.path.strokes(len(moments), self._stroke_nl)
        self.left_tip_nl += before_nl - self.path.reservoir.volume_nl
        self.releases += _releases(moments, runs)

    def flow(self, from_ms: int, to_ms: int, volume_nl: int) -> None:
        """Gas pressed this much towards the tip, evenly between two moments."""
        before_nl = self.path.reservoir.volume_nl
        self.path, left = play(self.path, Outflow(from_ms, to_ms, volume_nl), 0)
        self.left_tip_nl += before_nl - self.path.reservoir.volume_nl
        self.releases += left

    def discharge(self, at_ms: int, volume_nl: int) -> int:
        """So much of the reservoir, or all of it, is pressed out at one moment. Returns how much."""
        self.path, left = self.path.deliver(volume_nl)
        return self._left(at_ms, left)

    def seep(self, volume_nl: int) -> int:
        """Body fluid enters the reservoir, until it is full. Returns how much did."""
        self.path, entered_nl = self.path.fill(volume_nl, SALINE)
        self.gained_nl += entered_nl
        return entered_nl

    def needle(self, act: NeedleAct) -> int:
        """What the refill needle does. Returns the volume that moved."""
        before_nl = self.path.reservoir.volume_nl
        self.path, _ = play(self.path, act, 0)
        moved_nl = self.path.reservoir.volume_nl - before_nl
        return -moved_nl if act.act is Act.WITHDRAW else moved_nl

    def inject(self, at_ms: int, port_nl: int, volume_nl: int, fluid: Fluid) -> int:
        """Fluid enters the line at a port; as much leaves the tip. Returns how much did."""
        line, left = self.path.line.inject(port_nl, volume_nl, fluid)
        books = self.path.books
        books = replace(books, filled=books.filled + fluid.mass_in(volume_nl), released=books.released + mass_in(left))
        self.path = replace(self.path, line=line, books=books)
        return self._left(at_ms, left)

    def aspirate(self, port_nl: int, volume_nl: int) -> tuple[Segment, ...]:
        """Fluid is drawn from the line at a port while CSF enters at the tip. Returns what came out, in order."""
        line, drawn = self.path.line.aspirate(port_nl, volume_nl, SALINE)
        books = replace(self.path.books, withdrawn=self.path.books.withdrawn + mass_in(drawn))
        self.path = replace(self.path, line=line, books=books)
        return drawn

    def _left(self, at_ms: int, left: tuple[Segment, ...]) -> int:
        volume_nl = sum(each.volume_nl for each in left)
        masses = mass_in(left)
        self.left_tip_nl += volume_nl
        if masses != NOTHING:
            self.releases.append(TipRelease(at_ms, at_ms, masses))
        return volume_nl


def _releases(moments: list[int], runs: tuple[Run, ...]) -> Iterator[TipRelease]:
    made = 0
    for run in runs:
        if run.masses != NOTHING:
            yield from (TipRelease(at_ms, at_ms, run.masses) for at_ms in moments[made : made + run.count])
        made += run.count
