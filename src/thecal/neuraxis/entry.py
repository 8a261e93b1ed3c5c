"""Ways into the body other than the catheter tip: a needle, blood, mouth. A dose is shared out over compartments."""

import numpy as np

from thecal.neuraxis.grid import FloatArray
from thecal.neuraxis.spine import Spine


def by_needle(spine: Spine, level: str, volume_ml: float, spread_cm: float) -> FloatArray:
    """Just after an injection: a bell round the level, as wide as the jet (``spread_cm``) and the volume push it.

    The usual ``spread_cm`` is ``anatomy.physiology.injection_spread_cm``. Raises ValueError for an unknown level or a
    volume or spread that is not positive.
    """
    if not (volume_ml > 0 and spread_cm > 0):
        raise ValueError(f"volume and spread must be above zero, not {volume_ml} mL and {spread_cm} cm")
    grid = spine.grid
    centre = grid.cell_of(level)
    section_cm2 = float(grid.csf_volume_ml[centre]) / grid.cell_cm
    width_cm = float(np.hypot(spread_cm, volume_ml / (2 * section_cm2)))
    distance_cm = (np.arange(grid.cells) - centre) * grid.cell_cm
    bell = grid.csf_volume_ml * np.exp(-0.5 * (distance_cm / width_cm) ** 2)
    shares = np.zeros(spine.layout.size)
    shares[spine.layout.csf] = bell / bell.sum()
    return shares


def at_the_tip(spine: Spine) -> FloatArray:
    """All of it in the cell the catheter tip lies in."""
    return _all_in(spine, spine.layout.csf.start + spine.tip_cell)


def into_blood(spine: Spine) -> FloatArray:
    """All of it in plasma."""
    return _all_in(spine, spine.layout.plasma)


def by_mouth(spine: Spine) -> FloatArray:
    """All of it in the gut."""
    return _all_in(spine, spine.layout.gut)


def _all_in(spine: Spine, position: int) -> FloatArray:
    shares = np.zeros(spine.layout.size)
    shares[position] = 1.0
    return shares
