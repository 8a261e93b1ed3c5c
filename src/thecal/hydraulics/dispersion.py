"""How a front between two fluids spreads on its way through a lumen.

Taylor-Aris: K = D (1 + Pe^2/48) with Pe = U a / D; the front has sigma_V / V = sqrt(2 K / (U L)) when it reaches the
end. Valid where molecules have had time to cross the lumen: tau = pi D L / Q, the time of passage in units of a^2/D, of
0.5 or more (early spill within 3 %). tau does not depend on the bore. [Taylor 1953; Aris 1956]
Not modelled: side holes, bends, density differences, drug that sticks to the wall.
"""

from __future__ import annotations

import math

from thecal.hydraulics.lumen import Lumen

ARIS = 48.0
TAYLOR_FROM_TAU = 0.5
LAMINAR_TO_TAU = 0.01


def peclet(lumen: Lumen, flow_m3_per_s: float, diffusivity_m2_per_s: float) -> float:
    """Pe = U a / D. Raises ValueError without flow or diffusion."""
    return lumen.mean_speed_m_per_s(flow_m3_per_s) * lumen.radius_m / _positive(diffusivity_m2_per_s)


def effective_dispersion_m2_per_s(lumen: Lumen, flow_m3_per_s: float, diffusivity_m2_per_s: float) -> float:
    """K of Taylor and Aris. Raises ValueError without flow or diffusion."""
    return diffusivity_m2_per_s * (1 + peclet(lumen, flow_m3_per_s, diffusivity_m2_per_s) ** 2 / ARIS)


def crossings(length_m: float, flow_m3_per_s: float, diffusivity_m2_per_s: float) -> float:
    """tau = pi D L / Q: how many times a molecule could cross the lumen on the way. Raises ValueError without flow."""
    if not flow_m3_per_s > 0:
        raise ValueError("transport needs a flow above zero")
    return math.pi * _positive(diffusivity_m2_per_s) * length_m / flow_m3_per_s


def spread_share(lumen: Lumen, flow_m3_per_s: float, diffusivity_m2_per_s: float) -> float:
    """sigma_V as a share of the lumen's volume, by Taylor and Aris. Raises ValueError below tau = 0.5."""
    _in_taylor_regime(crossings(lumen.length_m, flow_m3_per_s, diffusivity_m2_per_s))
    spreading = effective_dispersion_m2_per_s(lumen, flow_m3_per_s, diffusivity_m2_per_s)
    return math.sqrt(2 * spreading / (lumen.mean_speed_m_per_s(flow_m3_per_s) * lumen.length_m))


def tip_share(lumen: Lumen, flow_m3_per_s: float, diffusivity_m2_per_s: float, pushed_m3: float) -> float:
    """New fluid at the tip (0 to 1) after ``pushed_m3`` of it entered: C/C0 = erfc[(V - pushed)/(sqrt 2 sigma_V)] / 2.

    Raises ValueError below tau = 0.5, where the front is no Gaussian.
    """
    sigma_m3 = lumen.volume_m3 * spread_share(lumen, flow_m3_per_s, diffusivity_m2_per_s)
    return 0.5 * math.erfc((lumen.volume_m3 - pushed_m3) / (math.sqrt(2) * sigma_m3))


def resting_spread_m(diffusivity_m2_per_s: float, rest_s: float) -> float:
    """How far a front spreads while nothing flows, sigma = sqrt(2 D t). Raises ValueError for a negative time."""
    if rest_s < 0:
        raise ValueError("a rest does not last less than no time")
    return math.sqrt(2 * _positive(diffusivity_m2_per_s) * rest_s)


def back_diffusion_m(lumen: Lumen, flow_m3_per_s: float, diffusivity_m2_per_s: float) -> float:
    """How deep spinal fluid gets into the tip against the flow, D / U. Raises ValueError without flow."""
    return _positive(diffusivity_m2_per_s) / lumen.mean_speed_m_per_s(flow_m3_per_s)


def _positive(diffusivity_m2_per_s: float) -> float:
    if not diffusivity_m2_per_s > 0:
        raise ValueError("diffusivity must be above zero")
    return diffusivity_m2_per_s


def _in_taylor_regime(tau: float) -> None:
    if tau < TAYLOR_FROM_TAU:
        raise ValueError(f"no Gaussian front at tau = {tau:.3g}: it needs {TAYLOR_FROM_TAU} or more")
