"""Flow of a constant-flow pump relative to the flow on its label.

Vapour drive: the vapour pressure of a propellant pushes the fluid through a capillary,
Q = (pv + spring - ambient - back) / R, with R proportional to viscosity. Elastic drive: a diaphragm pushes,
Q = (recoil - back) / R; the air presses on both sides of it. In the ratio to the baseline the restrictor drops out.
Not modelled: the cold transient after a refill, air in the reservoir, tolerance of the restrictor, inertia, how an
elastic diaphragm ages or softens with warmth (facts: all second order, per pump, or not published).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from thecal.hydraulics.pressure import SEA_LEVEL_KPA, vapour_pressure_kpa
from thecal.hydraulics.viscosity import water_viscosity_mpa_s

HALF_FULL = 0.5


@dataclass(frozen=True, slots=True)
class Drive:
    """Vapour drive: Antoine constants of the propellant, log10(p/bar) = a - b / (T + c).

    ``spring_kpa``: how much more the bellows push when the reservoir is full than when it is empty; 0 leaves it out.
    """

    a: float
    b_kelvin: float
    c_kelvin: float
    spring_kpa: float = 0.0

    def push_kpa(self, at: Conditions) -> float:
        """Vapour and spring less the air and the pressure at the tip. Raises ValueError below the pole of the law."""
        vapour_kpa = vapour_pressure_kpa(self.a, self.b_kelvin, self.c_kelvin, at.temperature_degc)
        return vapour_kpa + self.spring_kpa * (at.fill - HALF_FULL) - at.ambient_kpa - at.back_pressure_kpa


@dataclass(frozen=True, slots=True)
class ElasticDrive:
    """Elastic drive: pressure of the diaphragm on the drug when full and when empty, linear in between."""

    full_kpa: float
    empty_kpa: float

    def push_kpa(self, at: Conditions) -> float:
        """Recoil less the pressure at the tip (gauge); height and temperature do not enter."""
        return self.empty_kpa + (self.full_kpa - self.empty_kpa) * at.fill - at.back_pressure_kpa


@dataclass(frozen=True, slots=True)
class Conditions:
    """Round and inside the pump: body temperature, pressure in the spinal canal (gauge), ambient pressure (absolute),
    how full the reservoir is (0 to 1) and how thick the drug solution is as a multiple of water.

    Raises ValueError for a fill outside 0 to 1 or a thickness not above zero.
    """

    temperature_degc: float
    back_pressure_kpa: float
    ambient_kpa: float = SEA_LEVEL_KPA
    fill: float = HALF_FULL
    thickness: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.fill <= 1:
            raise ValueError(f"fill must lie from 0 to 1, not {self.fill}")
        if self.thickness <= 0:
            raise ValueError(f"thickness must be above 0, not {self.thickness}")

    @property
    def viscosity_mpa_s(self) -> float:
        """Of the drug solution. Raises ValueError outside 0 to 100 degC."""
        return self.thickness * water_viscosity_mpa_s(self.temperature_degc)


def flow_ratio(drive: Drive | ElasticDrive, now: Conditions, baseline: Conditions) -> float:
    """Flow now over flow at the baseline; zero when nothing pushes any more (no valve fault: nothing flows back).

    Raises ValueError when the drive does not push at the baseline: such a pump has no label flow.
    """
    pushed_kpa = drive.push_kpa(baseline)
    if pushed_kpa <= 0:
        raise ValueError("this drive does not push at the baseline")
    thinner = baseline.viscosity_mpa_s / now.viscosity_mpa_s
    return max(0.0, drive.push_kpa(now)) / pushed_kpa * thinner


def with_spring(drive: Drive, baseline: Conditions, span: float) -> Drive:
    """The same vapour drive with bellows whose spring makes a full pump ``span`` (a share) faster than an empty one."""
    return replace(drive, spring_kpa=span * drive.push_kpa(baseline))
