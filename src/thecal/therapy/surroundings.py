"""What warmth, height, depth, pressure and thickness do to the flow of a constant-flow pump.

The law is that of ``hydraulics``; here it is asked in whole numbers. An elastic pump is pressed on from both sides by
the air, so height and depth do nothing to it. Which propellant a product used is not published: the catalogue says
which one stands for it, and another may be tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from thecal.catalogue.circumstances import Circumstance
from thecal.catalogue.pumps import ConstantFlowPump, Propellant
from thecal.catalogue.quoted import Quoted
from thecal.hydraulics import (
    Drive,
    ElasticDrive,
    WholeConditions,
    ambient_pa,
    flow_share,
    glycerol_thickness_of,
    pa_of_mmhg,
    under_sea_pa,
)
from thecal.quantities import Duration, FlowRate
from thecal.therapy.entry import EntryRefused
from thecal.therapy.showing import DAY_MS

A = TypeVar("A")
MDEGC_PER_DEGC = 1_000
PERMILLE_PER_PERCENT = 10


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Round and inside the pump; None: as on its label. Depth is below the sea, from ``altitude_m`` 0."""

    temperature_degc: Decimal | None = None
    altitude_m: int = 0
    depth_cm: int = 0
    back_pressure_mmhg: int | None = None
    fill_percent: int | None = None
    glycerol_percent: int | None = None


def surroundings_of(known: Circumstance, altitude_m: int) -> Surroundings:
    """A circumstance of the catalogue for somebody who lives at this height; a height or a depth of its own wins."""
    return Surroundings(
        temperature_degc=_amount(known.temperature),
        altitude_m=_amount(known.altitude) or (altitude_m if known.depth is None else 0),
        depth_cm=_amount(known.depth) or 0,
        back_pressure_mmhg=_amount(known.back_pressure),
        fill_percent=_amount(known.fill),
        glycerol_percent=_amount(known.glycerol),
    )


def share_under(pump: ConstantFlowPump, at: Surroundings) -> Fraction:
    """Flow under these surroundings over the flow on the label, to the nearest millionth; 0 when nothing pushes.

    Raises EntryRefused for surroundings in which the law does not hold.
    """
    baseline = WholeConditions(pump.baseline_temperature_mdegc, pump.baseline_back_pressure_pa)
    try:
        return flow_share(drive_of(pump), _conditions(baseline, at), baseline)
    except ValueError as refused:
        raise EntryRefused("circumstances", str(refused)) from None


def drive_of(pump: ConstantFlowPump) -> Drive | ElasticDrive:
    """What pushes in this pump: the vapour of its propellant or its diaphragm."""
    pushed = pump.pushed_by
    if isinstance(pushed, Propellant):
        return Drive(pushed.a, pushed.b_kelvin, pushed.c_kelvin)
    return ElasticDrive(pushed.full_kpa, pushed.empty_kpa)


def flow_under(flow: FlowRate, here: Fraction, there: Fraction) -> Fraction:
    """A flow measured where the label's share is ``here``, as it becomes where it is ``there``; nL/day, exactly."""
    return flow.count * Fraction(there, here)


def extra_of_a_day(here: Fraction, there: Fraction, lasts: Duration) -> Fraction:
    """The share of one day's dose that is given more (below 0: less) while the surroundings last."""
    return (Fraction(there, here) - 1) * Fraction(lasts.count, DAY_MS)


def _conditions(baseline: WholeConditions, at: Surroundings) -> WholeConditions:
    warm = baseline.temperature_mdegc if at.temperature_degc is None else int(at.temperature_degc * MDEGC_PER_DEGC)
    back = baseline.back_pressure_pa if at.back_pressure_mmhg is None else pa_of_mmhg(at.back_pressure_mmhg)
    fill = baseline.fill_permille if at.fill_percent is None else at.fill_percent * PERMILLE_PER_PERCENT
    thick = Fraction(1) if at.glycerol_percent is None else glycerol_thickness_of(at.glycerol_percent, warm)
    outside = ambient_pa(at.altitude_m) + under_sea_pa(at.depth_cm) - under_sea_pa(0)
    return WholeConditions(warm, back, outside, fill, thick)


def _amount(known: Quoted[A] | None) -> A | None:
    return None if known is None else known.amount
