"""What resists the flow: restrictor, catheter, kink, one behind the other.

Hagen-Poiseuille, R = 8 mu L / (pi r^4). A constant-flow pump is almost all restrictor, which is why a kink stays unseen
until it is nearly shut. Not modelled: a kink that changes with pressure; entrance losses.
"""

from __future__ import annotations

import math

from thecal.hydraulics.lumen import Lumen

PA_PER_KPA = 1_000.0
PA_S_PER_MPA_S = 1e-3


def lumen_resistance_pa_s_per_m3(lumen: Lumen, viscosity_mpa_s: float) -> float:
    """Pressure per flow through this lumen. Raises ValueError for a viscosity not above zero."""
    return 8 * _viscous(viscosity_mpa_s) * lumen.length_m / (math.pi * lumen.radius_m**4)


def restrictor_resistance_pa_s_per_m3(push_kpa: float, flow_m3_per_s: float) -> float:
    """The resistance that lets this flow through at this push. Raises ValueError unless both are above zero."""
    if not (push_kpa > 0 and flow_m3_per_s > 0):
        raise ValueError("a restrictor is known by a push and a flow above zero")
    return push_kpa * PA_PER_KPA / flow_m3_per_s


def capillary_length_m(resistance_pa_s_per_m3: float, radius_m: float, viscosity_mpa_s: float) -> float:
    """How long a capillary of this radius has this resistance. Raises ValueError for a viscosity not above zero."""
    return resistance_pa_s_per_m3 * math.pi * radius_m**4 / (8 * _viscous(viscosity_mpa_s))


def restricted_share(resistance_pa_s_per_m3: float, further_pa_s_per_m3: float) -> float:
    """Flow with a further resistance in the line over flow without. Raises ValueError for a negative one."""
    if not (resistance_pa_s_per_m3 > 0 and further_pa_s_per_m3 >= 0):
        raise ValueError("a line has a resistance above zero and what is added is not negative")
    return resistance_pa_s_per_m3 / (resistance_pa_s_per_m3 + further_pa_s_per_m3)


def kink_bore_m(resistance_pa_s_per_m3: float, share: float, kink_m: float, viscosity_mpa_s: float) -> float:
    """The bore left in a kink of this length when ``share`` of the flow is left. Raises ValueError outside 0 to 1."""
    if not 0 < share < 1:
        raise ValueError(f"a kink lets through a share between 0 and 1, not {share}")
    further = resistance_pa_s_per_m3 * (1 / share - 1)
    return 2 * float((8 * _viscous(viscosity_mpa_s) * kink_m / (math.pi * further)) ** 0.25)


def _viscous(viscosity_mpa_s: float) -> float:
    if not viscosity_mpa_s > 0:
        raise ValueError("viscosity must be above zero")
    return viscosity_mpa_s * PA_S_PER_MPA_S
