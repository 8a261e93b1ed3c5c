"""The battery of a pump: charge left by the longevity curve of its model, in whole numbers, never rising by itself.

The curve gives months at a flow; between two flows the months are interpolated linearly, beyond the ends the nearest
holds [programmable-pumps 3: illustrative curve]. A stretch of time at a flow takes its share of that life.
"""

from __future__ import annotations

from itertools import pairwise

from thecal.catalogue.pumps import LongevityPoint

FULL_PERMILLE = 1_000
MS_PER_MONTH = 2_629_746_000  # the mean month of the Gregorian calendar
_UNITS_PER_PERMILLE = 10**12


class Battery:
    """A cell that is not rechargeable. Raises ValueError for a model without a longevity curve."""

    def __init__(self, longevity: tuple[LongevityPoint, ...]) -> None:
        if not longevity:
            raise ValueError("longevity: the model has no curve")
        self._curve = tuple((point.flow.count, point.months.amount * MS_PER_MONTH) for point in longevity)
        self._units = FULL_PERMILLE * _UNITS_PER_PERMILLE

    @property
    def permille(self) -> int:
        """Charge left, floor."""
        return self._units // _UNITS_PER_PERMILLE

    def life_ms(self, flow_nl_per_day: int) -> int:
        """How long a full cell lasts at this flow, floor."""
        (slowest, longest), (fastest, shortest) = self._curve[0], self._curve[-1]
        if flow_nl_per_day <= slowest:
            return longest
        if flow_nl_per_day >= fastest:
            return shortest
        (below, longer), (above, shorter) = next(
            pair for pair in pairwise(self._curve) if flow_nl_per_day <= pair[1][0]
        )
        return longer - (longer - shorter) * (flow_nl_per_day - below) // (above - below)

    def drain(self, flow_nl_per_day: int, for_ms: int) -> None:
        """What this long at this flow takes, rounded up; an empty cell stays empty."""
        whole = FULL_PERMILLE * _UNITS_PER_PERMILLE
        taken = -(-whole * for_ms // self.life_ms(flow_nl_per_day))
        self._units = max(0, self._units - taken)

    def put(self, permille: int) -> None:
        """Another cell, or a bench supply: so much is left from now on. Raises ValueError."""
        if type(permille) is not int or not 0 <= permille <= FULL_PERMILLE:
            raise ValueError("battery must be a whole number of permille from 0 to 1000")
        self._units = permille * _UNITS_PER_PERMILLE
