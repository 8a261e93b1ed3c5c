"""The laws in whole numbers and Fractions, for rooms that count: whole in, one rounding, named, out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from thecal.hydraulics.arrival import arrival
from thecal.hydraulics.constant_flow import Conditions, Drive, ElasticDrive, flow_ratio
from thecal.hydraulics.lumen import Lumen
from thecal.hydraulics.pressure import KPA_PER_MMHG, ambient_pressure_kpa, pressure_under_sea_kpa
from thecal.hydraulics.resistance import (
    lumen_resistance_pa_s_per_m3,
    restricted_share,
    restrictor_resistance_pa_s_per_m3,
)
from thecal.hydraulics.transit import MS_PER_DAY
from thecal.hydraulics.viscosity import glycerol_thickness

MILLIONTHS = 1_000_000
SEA_LEVEL_PA = 101_325
HALF_FULL_PERMILLE = 500
MDEGC_PER_DEGC = 1_000
PA_PER_KPA = 1_000
PER_MILLE = 1_000
CM_PER_M = 100
PER_CENT = 100
M3_PER_NL = 1e-12
M_PER_UM = 1e-6
M2_PER_UM2 = 1e-12
S_PER_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class WholeConditions:
    """Round and inside a constant-flow pump, in whole numbers: milli-degC, Pa (gauge at the tip, absolute outside), per
    mille of fill; ``thickness`` of the drug solution as a multiple of water.
    """

    temperature_mdegc: int
    back_pressure_pa: int
    ambient_pa: int = SEA_LEVEL_PA
    fill_permille: int = HALF_FULL_PERMILLE
    thickness: Fraction = Fraction(1)

    def conditions(self) -> Conditions:
        """The same as floats. Raises ValueError for a fill or thickness that cannot be."""
        return Conditions(
            temperature_degc=self.temperature_mdegc / MDEGC_PER_DEGC,
            back_pressure_kpa=self.back_pressure_pa / PA_PER_KPA,
            ambient_kpa=self.ambient_pa / PA_PER_KPA,
            fill=self.fill_permille / PER_MILLE,
            thickness=float(self.thickness),
        )


@dataclass(frozen=True, slots=True)
class FrontArrival:
    """When a new fluid leaves the tip at 10 % (rounded down), 50 % (nearest) and 90 % (rounded up) of its strength,
    in ms, and how much of it has left when exactly the line's volume has entered (rounded up), in nL.
    """

    tenth_ms: int
    half_ms: int
    nine_tenths_ms: int
    early_nl: int


def flow_share(drive: Drive | ElasticDrive, now: WholeConditions, baseline: WholeConditions) -> Fraction:
    """Flow now over flow at the baseline, to the nearest millionth. Raises ValueError as ``flow_ratio``."""
    return _nearest_millionth(flow_ratio(drive, now.conditions(), baseline.conditions()))


def ambient_pa(altitude_m: int) -> int:
    """Pressure of the standard atmosphere to the nearest Pa. Raises ValueError outside -430 to 11 000 m."""
    return round(ambient_pressure_kpa(altitude_m) * PA_PER_KPA)


def under_sea_pa(depth_cm: int) -> int:
    """Pressure under sea water to the nearest Pa. Raises ValueError for a negative depth."""
    return round(pressure_under_sea_kpa(depth_cm / CM_PER_M) * PA_PER_KPA)


def pa_of_mmhg(mmhg: int) -> int:
    """Millimetres of mercury to the nearest Pa."""
    return round(mmhg * KPA_PER_MMHG * PA_PER_KPA)


def glycerol_thickness_of(percent: int, temperature_mdegc: int) -> Fraction:
    """How many times thicker than water, to the nearest millionth, for glycerol in mass per cent. Raises ValueError."""
    return _nearest_millionth(glycerol_thickness(percent / PER_CENT, temperature_mdegc / MDEGC_PER_DEGC))


def kinked_share(
    drive: Drive | ElasticDrive, at: WholeConditions, flow_nl_per_day: int, kink_um: int, bore_um: int
) -> Fraction:
    """Flow with a kink over flow without, to the nearest millionth, for a pump that gives this flow under ``at``.

    The kink is ``kink_um`` long and leaves a round bore of ``bore_um``; 0 is shut. Raises ValueError when nothing
    pushes or a length is negative.
    """
    conditions = at.conditions()
    restrictor = restrictor_resistance_pa_s_per_m3(drive.push_kpa(conditions), _m3_per_s(flow_nl_per_day))
    if bore_um == 0:
        return Fraction(0)
    kink = Lumen(kink_um * M_PER_UM, bore_um * M_PER_UM / 2)
    return _nearest_millionth(
        restricted_share(restrictor, lumen_resistance_pa_s_per_m3(kink, conditions.viscosity_mpa_s))
    )


def front_arrival(
    volume_nl: int, length_um: int, flow_nl_per_day: int, diffusivity_um2_per_s: int, plug_nl: int = 0
) -> FrontArrival:
    """Arrival of a new fluid at the end of a lumen of this volume and length.

    ``plug_nl`` lies before it and is passed as a plug: pump tubing, whose length nobody published. Raises ValueError
    without volume, length, flow or diffusion, for a negative plug, and for a push faster than tau = 0.01.
    """
    if plug_nl < 0:
        raise ValueError("what lies before the lumen is not negative")
    lumen = Lumen.holding(volume_nl * M3_PER_NL, length_um * M_PER_UM)
    found = arrival(lumen, _m3_per_s(flow_nl_per_day), diffusivity_um2_per_s * M2_PER_UM2)
    ms_per_nl = MS_PER_DAY / flow_nl_per_day
    return FrontArrival(
        tenth_ms=math.floor((plug_nl + found.tenth * volume_nl) * ms_per_nl),
        half_ms=round((plug_nl + found.half * volume_nl) * ms_per_nl),
        nine_tenths_ms=math.ceil((plug_nl + found.nine_tenths * volume_nl) * ms_per_nl),
        early_nl=math.ceil(found.spill * volume_nl),
    )


def _nearest_millionth(share: float) -> Fraction:
    return Fraction(round(share * MILLIONTHS), MILLIONTHS)


def _m3_per_s(flow_nl_per_day: int) -> float:
    return flow_nl_per_day * M3_PER_NL / S_PER_DAY
