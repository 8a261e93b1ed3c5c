"""How thick water is. Drug solutions differ from it by a few per cent."""

from __future__ import annotations

from thecal.hydraulics.pressure import ZERO_CELSIUS_KELVIN

# mu = A * 10 ^ (B / (T - C)), the formula of engineersedge.com "Water density, viscosity, specific weight".
A_MPA_S = 2.414e-2
B_KELVIN = 247.8
C_KELVIN = 140.0


def water_viscosity_mpa_s(temperature_degc: float) -> float:
    """Dynamic viscosity of water in mPa s. Raises ValueError outside 0 to 100 degC."""
    if not 0 <= temperature_degc <= 100:
        raise ValueError(f"water is liquid from 0 to 100 degC, not at {temperature_degc}")
    return A_MPA_S * float(10.0 ** (B_KELVIN / (temperature_degc + ZERO_CELSIUS_KELVIN - C_KELVIN)))
