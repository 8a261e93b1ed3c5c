"""What leaves the catheter tip, in what order, how fast and for how long, while the pump moves fluid at given rates.

Everything about a line in which not all is the same fluid is asked here: with a bridge, without one, with one that
ends early or late, after an interruption. Fronts are sharp (plug flow).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from thecal.column import UNKNOWN, Column, Fluid, Masses, Segment
from thecal.quantities import DoseRate, Duration, FlowRate, QuantityError, Volume
from thecal.therapy.arithmetic import time_to_move

NL_PER_ML = 1_000_000


@dataclass(frozen=True, slots=True)
class Phase:
    """The pump moves this much of ``fluid`` from the reservoir at one rate. Raises QuantityError for no rate."""

    volume: Volume
    rate: FlowRate
    fluid: Fluid

    def __post_init__(self) -> None:
        if self.rate.count == 0:
            raise QuantityError("flow: nothing moves at rate 0")


@dataclass(frozen=True, slots=True)
class Leg:
    """One fluid leaves the tip at one rate."""

    volume: Volume
    fluid: Fluid
    rate: FlowRate

    @property
    def lasts(self) -> Duration:
        """How long it takes, rounded up to the millisecond."""
        return time_to_move(self.volume, self.rate)

    @property
    def known(self) -> bool:
        """Whether it is known what leaves."""
        return self.fluid != UNKNOWN

    @property
    def drug(self) -> Masses:
        """Drug that leaves, exactly. Raises ValueError when the fluid is unknown."""
        return self.fluid.mass_in(self.volume.count)

    def dose(self, drug: str) -> DoseRate:
        """Dose of one drug per day meanwhile, rounded up. Raises ValueError when the fluid is unknown."""
        exact = self.exact_dose(drug)
        return DoseRate(-(-exact.numerator // exact.denominator))

    def exact_dose(self, drug: str) -> Fraction:
        """The same in ng/day, exactly."""
        return self.fluid.ng_per_ml(drug) * self.rate.count * Fraction(1, NL_PER_ML)


def at_the_tip(line: Column, phases: Iterable[Phase]) -> tuple[tuple[Leg, ...], Column]:
    """What leaves the tip in these phases, in order, and the line afterwards."""
    legs: list[Leg] = []
    for phase in phases:
        line, left = line.push(phase.volume.count, phase.fluid)
        legs += [_leg(segment, phase.rate) for segment in left]
    return tuple(legs), line


def _leg(segment: Segment, rate: FlowRate) -> Leg:
    return Leg(Volume(segment.volume_nl), segment.fluid, rate)
