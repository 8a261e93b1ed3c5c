"""Flow and dose of a constant-flow pump in the circumstances of the catalogue, and in those that are coming."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from thecal.catalogue.circumstances import circumstances
from thecal.catalogue.policy import Policy
from thecal.catalogue.pumps import ConstantFlowPump
from thecal.quantities import Concentration, Duration, FlowRate, Volume
from thecal.therapy.arithmetic import dose_counted
from thecal.therapy.calculators.constant_flow.records import CircumstanceIn, Under
from thecal.therapy.constant_flow import flow_counted, worst_flow
from thecal.therapy.surroundings import Surroundings, extra_of_a_day, flow_under, share_under, surroundings_of


@dataclass(frozen=True, slots=True)
class AtHome:
    """A pump where its patient lives: the flow it has there, and the primary drug's strength."""

    pump: ConstantFlowPump
    flow: FlowRate
    strength: Concentration
    altitude_m: int

    def usual(self) -> tuple[Under, ...]:
        """In every circumstance of the catalogue."""
        known = ((each, None if each.lasts is None else each.lasts.amount) for each in circumstances())
        return tuple(self._under(each.name, surroundings_of(each, self.altitude_m), lasts) for each, lasts in known)

    def coming(self, told: Iterable[CircumstanceIn]) -> tuple[Under, ...]:
        """In what is coming. Raises EntryRefused where the law of flow does not hold."""
        return tuple(self._under(each.name, self._told(each), each.lasts) for each in told)

    def _told(self, each: CircumstanceIn) -> Surroundings:
        home = self.altitude_m if each.depth_cm is None else 0
        return Surroundings(
            temperature_degc=each.temperature_degc,
            altitude_m=home if each.altitude_m is None else each.altitude_m,
            depth_cm=each.depth_cm or 0,
            back_pressure_mmhg=each.back_pressure_mmhg,
        )

    def _under(self, name: str, at: Surroundings, lasts: Duration | None) -> Under:
        here, there = share_under(self.pump, Surroundings(altitude_m=self.altitude_m)), share_under(self.pump, at)
        flow = flow_counted(flow_under(self.flow, here, there))
        extra = None if lasts is None else extra_of_a_day(here, there, lasts)
        return Under(name, Fraction(there, here), flow, dose_counted(flow, self.strength), extra)


def most_flow(flow: FlowRate, coming: tuple[Under, ...], figures: Policy) -> FlowRate:
    """The most that flows until the refill: as uncertain as one refill, or in what is coming and goes on."""
    return max(worst_flow(flow, figures), *(each.flow for each in coming if each.extra is None), FlowRate(0))


def extra_volume(flow: FlowRate, coming: tuple[Under, ...]) -> Volume:
    """What flows more while something passes, rounded up; what would flow less is not counted."""
    days = sum((max(Fraction(0), each.extra) for each in coming if each.extra is not None), Fraction(0))
    return Volume(flow_counted(days * flow.count).count)
