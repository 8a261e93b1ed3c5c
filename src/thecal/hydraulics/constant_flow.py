"""Flow of a gas-driven pump relative to the flow on its label.

Vapour pressure pushes the fluid through a capillary: Q = (pv - ambient - back) / R, with R proportional to viscosity.
In the ratio to the baseline the restrictor drops out. Not modelled: spring of the bellows, the cold transient after a
refill, air in the reservoir, tolerance of the restrictor, inertia (facts: all second order or per pump).
"""

from __future__ import annotations

from dataclasses import dataclass

from thecal.hydraulics.pressure import SEA_LEVEL_KPA, vapour_pressure_kpa
from thecal.hydraulics.viscosity import water_viscosity_mpa_s


@dataclass(frozen=True, slots=True)
class Drive:
    """Antoine constants of the propellant, log10(p/bar) = a - b / (T + c)."""

    a: float
    b_kelvin: float
    c_kelvin: float


@dataclass(frozen=True, slots=True)
class Conditions:
    """Round the pump: body temperature, ambient pressure (absolute), pressure in the spinal canal (gauge)."""

    temperature_degc: float
    back_pressure_kpa: float
    ambient_kpa: float = SEA_LEVEL_KPA


def flow_ratio(drive: Drive, now: Conditions, baseline: Conditions) -> float:
    """Flow now over flow at the baseline; zero when the vapour no longer pushes (no valve fault: nothing flows back).

    Raises ValueError when the propellant does not push at the baseline: such a pump has no label flow.
    """
    pushed_kpa = _push_kpa(drive, baseline)
    if pushed_kpa <= 0:
        raise ValueError("this propellant does not push at the baseline")
    thinner = water_viscosity_mpa_s(baseline.temperature_degc) / water_viscosity_mpa_s(now.temperature_degc)
    return max(0.0, _push_kpa(drive, now)) / pushed_kpa * thinner


def _push_kpa(drive: Drive, at: Conditions) -> float:
    vapour_kpa = vapour_pressure_kpa(drive.a, drive.b_kelvin, drive.c_kelvin, at.temperature_degc)
    return vapour_kpa - at.ambient_kpa - at.back_pressure_kpa
