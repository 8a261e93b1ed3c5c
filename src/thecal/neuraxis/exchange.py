"""Assembling a rate matrix from flows between compartments, so that no drug can appear or vanish by a slip.

Every flow is a clearance: volume of the source cleared per hour. What leaves one compartment arrives in another in
the same call, therefore every column of the matrix sums to zero up to rounding.
"""

import numpy as np

from thecal.neuraxis.grid import FloatArray


class Exchange:
    """A matrix under construction: dm/dt = M m, m in ng, M per hour."""

    def __init__(self, volumes_ml: FloatArray) -> None:
        self._volumes_ml = volumes_ml
        self.matrix_per_h = np.zeros((len(volumes_ml), len(volumes_ml)))

    def flow(self, source: int, target: int, clearance_ml_per_h: float) -> None:
        """Drug leaves ``source`` with this clearance and arrives in ``target``. Raises ValueError when negative."""
        if not clearance_ml_per_h >= 0:
            raise ValueError(f"clearance must not be negative, not {clearance_ml_per_h} mL/h")
        rate_per_h = clearance_ml_per_h / self._volumes_ml[source]
        self.matrix_per_h[source, source] -= rate_per_h
        self.matrix_per_h[target, source] += rate_per_h

    def both(self, one: int, other: int, clearance_ml_per_h: float) -> None:
        """Passive exchange: the same clearance both ways."""
        self.flow(one, other, clearance_ml_per_h)
        self.flow(other, one, clearance_ml_per_h)

    def follow(self, follower: int, source: int, rate_per_h: float, gain: float = 1.0) -> None:
        """A delayed reading: dF/dt = rate x (gain x concentration of source - F). Takes no drug from the source."""
        self.matrix_per_h[follower, source] += rate_per_h * gain / self._volumes_ml[source]
        self.matrix_per_h[follower, follower] -= rate_per_h
