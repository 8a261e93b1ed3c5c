"""A round tube and what flows through it, in SI units."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lumen:
    """A tube of one bore. Raises ValueError unless length and radius are above zero."""

    length_m: float
    radius_m: float

    def __post_init__(self) -> None:
        if not (self.length_m > 0 and self.radius_m > 0):
            raise ValueError("a lumen has a length and a radius above zero")

    @classmethod
    def holding(cls, volume_m3: float, length_m: float) -> Lumen:
        """The lumen of this length that holds this volume. Raises ValueError unless both are above zero."""
        if not (volume_m3 > 0 and length_m > 0):
            raise ValueError("a lumen has a length and a volume above zero")
        return cls(length_m, math.sqrt(volume_m3 / (math.pi * length_m)))

    @property
    def volume_m3(self) -> float:
        """What it holds."""
        return math.pi * self.radius_m**2 * self.length_m

    def mean_speed_m_per_s(self, flow_m3_per_s: float) -> float:
        """Flow over cross-section. Raises ValueError without a flow above zero."""
        if not flow_m3_per_s > 0:
            raise ValueError("transport needs a flow above zero")
        return flow_m3_per_s / (math.pi * self.radius_m**2)
