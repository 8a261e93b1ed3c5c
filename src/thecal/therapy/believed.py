"""The believed line: what the clinic takes to be in pump tubing and catheter. A question to a column, never a form.

``fluid`` holds the true one. Both are ``column.Column``; this one is made from what was told. Fronts are sharp here:
at the flows of a therapy they are, within 1 to 3 % of the catheter [constant-flow 4.4]; ``tip`` says what moves when.
A stretch of which nobody knows what it holds is ``UNKNOWN`` and stays so until it has left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from thecal.column import SALINE, UNKNOWN, Column, Fluid, Masses, Segment, mass_in
from thecal.quantities import Volume


@dataclass(frozen=True, slots=True)
class BelievedLine:
    """Tubing and catheter as one column, pump end first. ``column`` None: nobody knows what is in any of it.

    The access port lies where the catheter begins. Raises ValueError when the column is not as long as both together.
    """

    tubing_nl: int
    catheter_nl: int
    column: Column | None

    def __post_init__(self) -> None:
        if self.tubing_nl < 0 or self.catheter_nl <= 0:
            raise ValueError("a line has a catheter, and no part of it less than nothing")
        if self.column is not None and self.column.volume_nl != self.dead_volume_nl:
            raise ValueError(f"a column of {self.column.volume_nl} nL is not a line of {self.dead_volume_nl} nL")

    @classmethod
    def implanted(cls, tubing: Volume, catheter: Volume) -> BelievedLine:
        """A new system: sterile water in the tubing, CSF in the catheter, no drug in either."""
        return cls.holding(tubing, catheter, SALINE)

    @classmethod
    def holding(cls, tubing: Volume, catheter: Volume, fluid: Fluid) -> BelievedLine:
        """A line that is full of one fluid, as after it has run for longer than the way to the tip takes."""
        whole = tubing.count + catheter.count
        return cls(tubing.count, catheter.count, Column.filled(whole, fluid))

    @classmethod
    def unknown(cls, tubing: Volume, catheter: Volume) -> BelievedLine:
        """A line of which only the volumes are known."""
        return cls(tubing.count, catheter.count, None)

    @property
    def dead_volume_nl(self) -> int:
        """Tubing and catheter together."""
        return self.tubing_nl + self.catheter_nl

    @property
    def dead_volume(self) -> Volume:
        """Tubing and catheter together: what must be pushed until something new from the reservoir is at the tip."""
        return Volume(self.dead_volume_nl)

    @property
    def known(self) -> bool:
        """Whether it is known what every part of it holds."""
        return all(segment.fluid != UNKNOWN for segment in self.stretches)

    @property
    def stretches(self) -> tuple[Segment, ...]:
        """What it holds, pump end first."""
        return self.contents.segments

    @property
    def contents(self) -> Column:
        """The column of it; where nobody knows what is in it, one of ``UNKNOWN``."""
        return Column.filled(self.dead_volume_nl, UNKNOWN) if self.column is None else self.column

    @property
    def drug(self) -> Masses | None:
        """The drug in the whole line; None when some of it is unknown."""
        return self.contents.mass if self.known else None

    def pushed(self, volume: Volume, fluid: Fluid) -> BelievedLine:
        """After the pump moved this much of the reservoir's fluid."""
        return self._with(self.contents.push(volume.count, fluid)[0])

    def leaves(self, volume: Volume, fluid: Fluid) -> tuple[Segment, ...]:
        """What comes out of the tip while the pump moves this much, first to leave first."""
        return self.contents.push(volume.count, fluid)[1]

    def drug_leaving(self, volume: Volume, fluid: Fluid) -> Masses | None:
        """The drug that comes out of the tip while the pump moves this much; None when some of it is unknown."""
        left = self.leaves(volume, fluid)
        return None if any(segment.fluid == UNKNOWN for segment in left) else mass_in(left)

    def until_at_tip(self, fluid: Fluid) -> Volume:
        """How much must be pushed until ``fluid`` is at the tip and only ``fluid`` follows; 0 when it already is."""
        return Volume(self.contents.until_unbroken_nl(fluid))

    def drug_free_at_tip(self) -> Volume:
        """How much water or CSF leaves before anything else does."""
        tip = self.contents.tip
        return Volume(tip.volume_nl if tip.fluid == SALINE else 0)

    def gap(self, fluid: Fluid) -> Volume:
        """How much of anything else than ``fluid``, unknown included, still stands between pump and tip."""
        return Volume(sum(segment.volume_nl for segment in self.stretches if segment.fluid != fluid))

    def aspirated(self, volume: Volume) -> BelievedLine:
        """After this much was drawn from the access port: CSF follows into the catheter; the tubing keeps its fluid."""
        return self._with(self.contents.aspirate(self.tubing_nl, volume.count, SALINE)[0])

    def injected(self, volume: Volume, fluid: Fluid) -> tuple[BelievedLine, Masses | None]:
        """After an injection through the access port; with it the drug driven out of the tip, None when unknown."""
        column, left = self.contents.inject(self.tubing_nl, volume.count, fluid)
        unknown = any(segment.fluid == UNKNOWN for segment in left)
        return self._with(column), None if unknown else mass_in(left)

    def with_pump(self, tubing: Volume, primed_with: Fluid = SALINE) -> BelievedLine:
        """After the pump was replaced: the new tubing holds sterile water, or what it was primed with before."""
        column = Column.of((*_stretch(tubing.count, primed_with), *self._catheter()))
        return BelievedLine(tubing.count, self.catheter_nl, column)._normal()

    def with_catheter(self, catheter: Volume) -> BelievedLine:
        """After the catheter was replaced: the new one holds CSF."""
        column = Column.of((*self._tubing(), Segment(catheter.count, SALINE)))
        return BelievedLine(self.tubing_nl, catheter.count, column)._normal()

    def revised(self, catheter: Volume) -> BelievedLine:
        """After the catheter was opened and now has this volume: where its fluids went, nobody knows."""
        column = Column.of((*self._tubing(), Segment(catheter.count, UNKNOWN)))
        return BelievedLine(self.tubing_nl, catheter.count, column)._normal()

    def spliced(self, cut_pump_end: Volume, new_pump_end: Volume, cut_tip: Volume, new_tip: Volume) -> BelievedLine:
        """After parts were cut off either end of the catheter and new ones, full of CSF, were joined on.

        Only for a catheter in which the fluid did not move meanwhile. Raises ValueError when more is cut off than
        there is.
        """
        kept_end = self.dead_volume_nl - cut_tip.count
        kept = self.contents.between(self.tubing_nl + cut_pump_end.count, kept_end)
        new = _stretch(new_pump_end.count, SALINE), _stretch(new_tip.count, SALINE)
        catheter = (*new[0], *kept, *new[1])
        column = Column.of((*self._tubing(), *catheter))
        return BelievedLine(self.tubing_nl, sum(each.volume_nl for each in catheter), column)._normal()

    def _tubing(self) -> tuple[Segment, ...]:
        return self.contents.between(0, self.tubing_nl)

    def _catheter(self) -> tuple[Segment, ...]:
        return self.contents.between(self.tubing_nl, self.dead_volume_nl)

    def _with(self, column: Column) -> BelievedLine:
        return replace(self, column=column)._normal()

    def _normal(self) -> BelievedLine:
        """A line of which nothing is known has no column."""
        return self if any(segment.fluid != UNKNOWN for segment in self.stretches) else replace(self, column=None)


def _stretch(volume_nl: int, fluid: Fluid) -> tuple[Segment, ...]:
    return (Segment(volume_nl, fluid),) if volume_nl else ()
