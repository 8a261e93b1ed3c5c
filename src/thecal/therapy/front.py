"""When a new fluid arrives at the tip, as a spreading front: 10, 50 and 90 % of its strength, and what spills early.

The laws are those of ``hydraulics``; here they are asked with a catheter and a drug of the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from thecal.catalogue.flow_physics import flow_physics
from thecal.catalogue.sourced import Sourced
from thecal.hydraulics import FrontArrival, front_arrival
from thecal.quantities import Duration, FlowRate, Volume

_UM_PER_CM = 10_000


@dataclass(frozen=True, slots=True)
class Front:
    """Times from the moment the new fluid leaves the reservoir, or the port it was pushed from.

    ``tenth`` is rounded down, ``nine_tenths`` up. ``early``: how much of the new fluid has left when exactly the
    whole way has been pushed, rounded up.
    """

    tenth: Duration
    half: Duration
    nine_tenths: Duration
    early: Volume


def front(catheter: Volume, length_um: int, ahead: Volume, rate: FlowRate, drug: str) -> Front | None:
    """The front of this drug at the end of a catheter of this volume and length; ``ahead``: tubing before it.

    None where nothing is known of fronts: a push so fast that the drug has no time to spread (tau below 0.01), or
    nothing that moves.
    """
    diffusivity = diffusivity_of(drug).whole()
    try:
        found = front_arrival(catheter.count, length_um, rate.count, diffusivity, ahead.count)
    except ValueError:  # the laws say so of themselves
        return None
    return _front(found)


def micrometres(length_cm: Decimal) -> int:
    """A length of the catalogue in whole micrometres, rounded down."""
    return int(length_cm * _UM_PER_CM)


def diffusivity_of(drug: str) -> Sourced:
    """The figure of diffusion that is used for a drug, with its origin."""
    return flow_physics().diffusivity(drug)


def _front(found: FrontArrival) -> Front:
    return Front(
        Duration(found.tenth_ms), Duration(found.half_ms), Duration(found.nine_tenths_ms), Volume(found.early_nl)
    )
