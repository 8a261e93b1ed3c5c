"""Pressures inside and outside a gas-driven pump, absolute, in kPa."""

from __future__ import annotations

ZERO_CELSIUS_KELVIN = 273.15
KPA_PER_BAR = 100.0
KPA_PER_MMHG = 0.133322387415  # conventional millimetre of mercury

# International Standard Atmosphere (ISO 2533:1975), troposphere.
SEA_LEVEL_KPA = 101.325
LAPSE_PER_M = 2.25577e-5
LAPSE_EXPONENT = 5.25588
TROPOPAUSE_M = 11_000.0
DEAD_SEA_M = -430.0  # nobody lives lower

SEA_WATER_KG_PER_M3 = 1025.0
GRAVITY_M_PER_S2 = 9.80665


def vapour_pressure_kpa(a: float, b_kelvin: float, c_kelvin: float, temperature_degc: float) -> float:
    """Antoine's law, log10(p/bar) = a - b / (T + c).

    Raises ValueError at or below the temperature where the law has its pole.
    """
    above_pole_kelvin = temperature_degc + ZERO_CELSIUS_KELVIN + c_kelvin
    if above_pole_kelvin <= 0:
        raise ValueError(f"Antoine's law does not reach down to {temperature_degc} degC")
    return KPA_PER_BAR * float(10.0 ** (a - b_kelvin / above_pole_kelvin))


def ambient_pressure_kpa(altitude_m: float) -> float:
    """Pressure of the standard atmosphere. Raises ValueError outside -430 m (Dead Sea) to 11 000 m (tropopause)."""
    if not DEAD_SEA_M <= altitude_m <= TROPOPAUSE_M:
        raise ValueError(f"altitude must lie from {DEAD_SEA_M:.0f} to {TROPOPAUSE_M:.0f} m, not {altitude_m}")
    return SEA_LEVEL_KPA * float((1.0 - LAPSE_PER_M * altitude_m) ** LAPSE_EXPONENT)


def pressure_under_sea_kpa(depth_m: float) -> float:
    """Pressure under sea water at sea level. Raises ValueError for a negative depth."""
    if depth_m < 0:
        raise ValueError(f"depth must not be negative, not {depth_m} m")
    return SEA_LEVEL_KPA + SEA_WATER_KG_PER_M3 * GRAVITY_M_PER_S2 * depth_m / 1_000.0
