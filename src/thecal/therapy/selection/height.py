"""The flow of a constant-flow pump where the patient lives, and where the patient goes again and again.

Living high is no bar: the working flow is that at home. What changes the dose is the change of height.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from thecal.catalogue.pumps import ConstantFlowPump, constant_flow_pump
from thecal.catalogue.selection import choosing
from thecal.quantities import FlowRate
from thecal.therapy.selection.facts import Life
from thecal.therapy.surroundings import Surroundings, flow_under, share_under


@dataclass(frozen=True, slots=True)
class Flows:
    """The flow at home, rounded up so that a dose planned with it is never passed, and at each height visited (m)."""

    home: FlowRate
    visited: tuple[tuple[int, FlowRate], ...]

    @property
    def greatest_ratio(self) -> Fraction:
        """The flow visited that differs most from that at home, as a multiple of it; 1 where nothing is visited."""
        ratios = [Fraction(flow.count, self.home.count) for _, flow in self.visited]
        return max(ratios, key=lambda ratio: abs(ratio - 1), default=Fraction(1))


def flows_of(pump: ConstantFlowPump, home_m: int | None, visited_m: tuple[int, ...]) -> Flows:
    """What the pump gives there; a home nobody named is taken to be where the label holds."""
    home = _flow_at(pump.key, 0 if home_m is None else home_m)
    return Flows(home, tuple((height, _flow_at(pump.key, height)) for height in visited_m))


def visited_of(life: Life) -> tuple[int, ...]:
    """Every height the patient is known to go to again and again, a flight included."""
    cabin = choosing().cabin.amount if life.flies_often else None
    return tuple(height for height in (life.visited_altitude_m, cabin) if height is not None)


@lru_cache(maxsize=4096)
def _flow_at(key: str, height_m: int) -> FlowRate:
    pump = constant_flow_pump(key)
    share = share_under(pump, Surroundings(altitude_m=height_m))
    exact = flow_under(pump.label_flow, Fraction(1), share)
    return FlowRate(-(-exact.numerator // exact.denominator))
