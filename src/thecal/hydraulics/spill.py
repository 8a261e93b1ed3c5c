"""How much arrives before its turn: from a hand push without diffusion to the Taylor regime.

Early spill: the share of the lumen's volume that has left the tip as new fluid when exactly one volume has entered.
One law for all regimes: S = 1/4 [1 + (3 pi tau)^1.25]^-0.4, within 3 % of a random walk for tau of 0.001 to 8, with
the limits 1/4 (laminar) and 1/sqrt(48 pi tau) (Taylor). Diffusion along the axis is left out of it, so it holds for
Pe > 30; ``spill_share`` adds that part to the variance and so meets Taylor-Aris at every Pe. [Polaschegg 2008 for 1/4]
"""

from __future__ import annotations

import math

from thecal.hydraulics.dispersion import crossings
from thecal.hydraulics.lumen import Lumen

LAMINAR_SPILL = 0.25
LAW_SCALE = 3 * math.pi
LAW_EXPONENT = 1.25
BREAKTHROUGH = 0.5  # the axis of a parabola moves at twice the mean


def early_spill_share(tau: float) -> float:
    """The law above for tau of 0 or more. Raises ValueError for a negative tau."""
    if tau < 0:
        raise ValueError("tau must not be negative")
    return LAMINAR_SPILL * bending(LAW_SCALE * tau, LAW_EXPONENT)


def spill_share(lumen: Lumen, flow_m3_per_s: float, diffusivity_m2_per_s: float) -> float:
    """Early spill at any flow, diffusion along the axis included. Raises ValueError without flow or diffusion."""
    across = early_spill_share(crossings(lumen.length_m, flow_m3_per_s, diffusivity_m2_per_s))
    return math.hypot(across, math.sqrt(axial_variance(lumen, flow_m3_per_s, diffusivity_m2_per_s) / (2 * math.pi)))


def axial_variance(lumen: Lumen, flow_m3_per_s: float, diffusivity_m2_per_s: float) -> float:
    """What diffusion along the axis adds to (sigma_V/V)^2: 2 D / (U L). Raises ValueError without flow."""
    return 2 * diffusivity_m2_per_s / (lumen.mean_speed_m_per_s(flow_m3_per_s) * lumen.length_m)


def laminar_outlet_share(pushed: float) -> float:
    """New fluid in what leaves after ``pushed`` lumen volumes v, without diffusion: 1 - 1/(4 v^2) from v = 1/2."""
    return 1 - 1 / (4 * pushed**2) if pushed > BREAKTHROUGH else 0.0


def laminar_tip_share(pushed: float) -> float:
    """Mean over the cross-section at the tip, without diffusion: 1 - 1/(2 v) from v = 1/2."""
    return 1 - 1 / (2 * pushed) if pushed > BREAKTHROUGH else 0.0


def laminar_spill(pushed: float) -> float:
    """Lumen volumes of new fluid that have left after ``pushed`` of them, without diffusion: v - 1 + 1/(4 v)."""
    return pushed - 1 + 1 / (4 * pushed) if pushed > BREAKTHROUGH else 0.0


def bending(scaled_tau: float, exponent: float) -> float:
    """1 for small tau, tau^-1/2 for large: [1 + x^n]^(-1/(2n))."""
    return float((1 + scaled_tau**exponent) ** (-1 / (2 * exponent)))
