"""How thick water, drug solutions and glycerol are. Flow through a restrictor goes as one over viscosity.

Drug solutions differ from water by a few per cent (a factor of the catalogue). Glycerol is used on purpose: half and
half it slows a constant-flow pump to about a fifth.
"""

from __future__ import annotations

import math

from thecal.hydraulics.pressure import ZERO_CELSIUS_KELVIN

# mu = A * 10 ^ (B / (T - C)), the formula of engineersedge.com "Water density, viscosity, specific weight".
A_MPA_S = 2.414e-2
B_KELVIN = 247.8
C_KELVIN = 140.0

# Viscosity of water and of glycerol in mPa s, each m * exp((n + k t) t / (p + q t)), t in degC, and the weight that
# mixes their logarithms. [Cheng 2008, Ind. Eng. Chem. Res. 47, 3285; constants recalled, tests hold them to a table]
WATER_TERMS = (1.790, -1230.0, -1.0, 36_100.0, 360.0)
GLYCEROL_TERMS = (12_100.0, -1233.0, 1.0, 9_900.0, 70.0)
WEIGHT_A = (0.705, -0.0017)
WEIGHT_B = (4.9, 0.036, 2.5)


def water_viscosity_mpa_s(temperature_degc: float) -> float:
    """Dynamic viscosity of water in mPa s. Raises ValueError outside 0 to 100 degC."""
    _liquid(temperature_degc)
    return A_MPA_S * float(10.0 ** (B_KELVIN / (temperature_degc + ZERO_CELSIUS_KELVIN - C_KELVIN)))


def glycerol_viscosity_mpa_s(mass_share: float, temperature_degc: float) -> float:
    """Viscosity of glycerol in water, by mass share of glycerol. Raises ValueError outside 0 to 1 or 0 to 100 degC.

    Within 4 % of the maker's table from 10 to 40 degC and up to 70 %. [Cheng 2008]
    """
    if not 0 <= mass_share <= 1:
        raise ValueError(f"the share of glycerol must lie from 0 to 1, not {mass_share}")
    degc = _liquid(temperature_degc)
    a = WEIGHT_A[0] + WEIGHT_A[1] * degc
    b = (WEIGHT_B[0] + WEIGHT_B[1] * degc) * a ** WEIGHT_B[2]
    weight = 1 - mass_share + a * b * mass_share * (1 - mass_share) / (a * mass_share + b * (1 - mass_share))
    return float(_pure(WATER_TERMS, degc) ** weight * _pure(GLYCEROL_TERMS, degc) ** (1 - weight))


def glycerol_thickness(mass_share: float, temperature_degc: float) -> float:
    """Viscosity of glycerol in water over that of water. Raises ValueError as ``glycerol_viscosity_mpa_s``."""
    return glycerol_viscosity_mpa_s(mass_share, temperature_degc) / glycerol_viscosity_mpa_s(0, temperature_degc)


def _pure(terms: tuple[float, float, float, float, float], degc: float) -> float:
    m, n, k, p, q = terms
    return m * math.exp((n + k * degc) * degc / (p + q * degc))


def _liquid(temperature_degc: float) -> float:
    if not 0 <= temperature_degc <= 100:
        raise ValueError(f"water is liquid from 0 to 100 degC, not at {temperature_degc}")
    return temperature_degc
