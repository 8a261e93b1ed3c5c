"""The pump's own clockwork: bench time through a drift in parts per million, in whole numbers both ways."""

from __future__ import annotations

from typing import NamedTuple

MILLION = 1_000_000
LARGEST_PPM = 100_000


class _Pace(NamedTuple):
    """How it runs from one moment of the bench on."""

    from_ms: int
    from_tick_ms: int
    ppm: int


class Oscillator:
    """Which tick of the pump belongs to which moment of the bench. The drift may change; no tick ever goes back."""

    def __init__(self, drift_ppm: int = 0) -> None:
        self._paces = [_Pace(0, 0, _checked(drift_ppm))]

    def tick(self, at_ms: int) -> int:
        """The pump's tick at this moment of the bench, floor."""
        pace = next((each for each in reversed(self._paces) if each.from_ms <= at_ms), self._paces[0])
        return pace.from_tick_ms + (at_ms - pace.from_ms) * (MILLION + pace.ppm) // MILLION

    def moment(self, tick_ms: int) -> int:
        """The first moment of the bench at which the pump has reached this tick."""
        pace = next((each for each in reversed(self._paces) if each.from_tick_ms < tick_ms), self._paces[0])
        return pace.from_ms - (pace.from_tick_ms - tick_ms) * MILLION // (MILLION + pace.ppm)

    def drift(self, ppm: int, from_ms: int) -> None:
        """Run at another speed from this moment on, the latest so far. Raises ValueError for a drift beyond 10 %."""
        self._paces.append(_Pace(from_ms, self.tick(from_ms), _checked(ppm)))


def _checked(ppm: int) -> int:
    if type(ppm) is not int or not -LARGEST_PPM <= ppm <= LARGEST_PPM:
        raise ValueError(f"drift must be a whole number of ppm from {-LARGEST_PPM} to {LARGEST_PPM}")
    return ppm
