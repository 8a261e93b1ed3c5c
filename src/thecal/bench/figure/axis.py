"""Axes: from values to places on the page, and where the ticks stand."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

MS_PER_H = 3_600_000
MS_PER_DAY = 86_400_000
_HOUR_STEPS = (1, 2, 3, 4, 6, 12)
_DAY_STEPS = (1, 2, 5, 7, 14, 28)
_TIME_TICKS_MAX = 13


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear map from [low, high] to [at_low, at_high] on the page, in user units."""

    low: float
    high: float
    at_low: float
    at_high: float

    def at(self, value: float) -> float:
        """Where a value stands."""
        return self.at_low + (value - self.low) / (self.high - self.low) * (self.at_high - self.at_low)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis and what is written beside it."""

    value: float
    text: str


def rounded_up(highest: float) -> float:
    """The end of an axis from zero that holds ``highest``: 1, 2, 2.5 or 5 times a power of ten times up to 5 steps."""
    if highest <= 0:
        return 1.0
    step = _step(highest / 4)
    return step * ceil(highest / step)


def value_ticks(high: float) -> tuple[Tick, ...]:
    """Ticks of an axis from zero to ``high``."""
    step = _step(high / 4)
    decimals = max(0, -floor(log10(step) + 1e-9) + (1 if _leading(step) == 2.5 else 0))
    count = int(high / step + 1e-9)
    return tuple(Tick(k * step, f"{k * step:,.{decimals}f}".replace(",", " ")) for k in range(count + 1))


def time_ticks(whole_ms: int) -> tuple[tuple[Tick, ...], str]:
    """Ticks of a time axis in hours (up to two days) or days, and the unit in words."""
    in_hours = whole_ms <= 2 * MS_PER_DAY
    unit_ms, steps = (MS_PER_H, _HOUR_STEPS) if in_hours else (MS_PER_DAY, _DAY_STEPS)
    step = next((s for s in steps if whole_ms / (s * unit_ms) < _TIME_TICKS_MAX), 0)
    if not step:
        step = steps[-1] * ceil(whole_ms / (steps[-1] * unit_ms * _TIME_TICKS_MAX))
    count = whole_ms // (step * unit_ms)
    ticks = tuple(Tick(k * step * unit_ms, str(k * step)) for k in range(count + 1))
    return ticks, "hours" if in_hours else "days"


def _step(rough: float) -> float:
    power = 10.0 ** floor(log10(rough))
    return next(lead * power for lead in (1.0, 2.0, 2.5, 5.0, 10.0) if lead * power >= rough * (1 - 1e-9))


def _leading(step: float) -> float:
    return round(step / 10.0 ** floor(log10(step) + 1e-9), 6)
