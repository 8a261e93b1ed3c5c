"""The fluid path: reservoir, tubing and catheter, and the books of every nanogram that went through them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from thecal.column import NOTHING, Column, Fluid, Masses, Segment, mass_in
from thecal.fluid.reservoir import TrueReservoir


@dataclass(frozen=True, slots=True)
class Books:
    """Drug that ever went in by needle (or with the tube at implantation), came out by needle, or left the tip."""

    filled: Masses = NOTHING
    withdrawn: Masses = NOTHING
    released: Masses = NOTHING


@dataclass(frozen=True, slots=True)
class Run:
    """``count`` strokes that each released the same."""

    count: int
    masses: Masses


@dataclass(frozen=True, slots=True)
class FluidPath:
    """Reservoir and line as they truly are. ``line`` is pump tubing and catheter, pump end first, tip last."""

    reservoir: TrueReservoir
    line: Column
    books: Books

    @classmethod
    def implanted(cls, reservoir: TrueReservoir, line_nl: int, line_fluid: Fluid) -> FluidPath:
        """A new system whose tubing and catheter are full of one fluid."""
        line = Column.filled(line_nl, line_fluid)
        return cls(reservoir, line, Books(filled=line.mass + reservoir.mass))

    @property
    def is_balanced(self) -> bool:
        """Whether filled = reservoir + line + withdrawn + released, exactly."""
        held = self.reservoir.mass + self.line.mass
        return self.books.filled == held + self.books.withdrawn + self.books.released

    def deliver(self, volume_nl: int) -> tuple[FluidPath, tuple[Segment, ...]]:
        """The pump moves this much, or what is left. Returns the path and what left the tip, first to leave first."""
        reservoir, moved_nl = self.reservoir.less(volume_nl)
        line, left = self.line.push(moved_nl, self.reservoir.fluid)
        books = replace(self.books, released=self.books.released + mass_in(left))
        return FluidPath(reservoir, line, books), left

    def stroke(self, stroke_nl: int) -> tuple[FluidPath, Masses]:
        """One stroke. Returns the path and the drug that left the tip; from an empty reservoir, nothing."""
        path, left = self.deliver(stroke_nl)
        return path, mass_in(left)

    def strokes(self, count: int, stroke_nl: int) -> tuple[FluidPath, tuple[Run, ...]]:
        """``count`` strokes at once; the same, exactly, as one after another."""
        path, runs = self, list[Run]()
        while count:
            # Each leaves the same behind while the fluid next to the tip lasts; the stroke at a front differs.
            alike = min(count, path.line.tip.volume_nl // stroke_nl, path.reservoir.volume_nl // stroke_nl)
            together = max(1, alike)
            each = path.line.tip.fluid.mass_in(stroke_nl)
            path, left = path.deliver(together * stroke_nl)
            runs.append(Run(together, each if alike else mass_in(left)))
            count -= together
            if path.reservoir.volume_nl == 0 and count:
                runs.append(Run(count, NOTHING))
                break
        return path, tuple(runs)

    def withdraw(self, volume_nl: int) -> tuple[FluidPath, int]:
        """A needle draws this much, or all but the residual. Returns the path and how much was drawn."""
        reservoir, drawn_nl = self.reservoir.drawn(volume_nl)
        taken = self.reservoir.fluid.mass_in(drawn_nl)
        books = replace(self.books, withdrawn=self.books.withdrawn + taken)
        return replace(self, reservoir=reservoir, books=books), drawn_nl

    def fill(self, volume_nl: int, fluid: Fluid) -> tuple[FluidPath, int]:
        """A needle puts this much in, or until it is full; it mixes with what was left. Returns path and volume."""
        reservoir, put_nl = self.reservoir.filled(volume_nl, fluid)
        books = replace(self.books, filled=self.books.filled + fluid.mass_in(put_nl))
        return replace(self, reservoir=reservoir, books=books), put_nl
