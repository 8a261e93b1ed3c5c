"""What one pump model can do, in counts: the descriptor a pump is made with and reports to every programmer."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.device import bounds


@dataclass(frozen=True, slots=True)
class PumpDescriptor:
    """Limits of a programmable pump model. All rates in nL/day, all volumes in nL."""

    model: str
    stroke_nl: int
    reservoir_nl: int
    minimum_rate_nl_per_day: int
    lowest_rate_nl_per_day: int
    highest_rate_nl_per_day: int

    def __post_init__(self) -> None:
        bounds.RESERVOIR.check(self.reservoir_nl)
        for rate in (self.minimum_rate_nl_per_day, self.lowest_rate_nl_per_day, self.highest_rate_nl_per_day):
            bounds.RATE.check(rate)
        bounds.STROKE.check(self.stroke_nl)
        if not 0 < self.minimum_rate_nl_per_day <= self.lowest_rate_nl_per_day <= self.highest_rate_nl_per_day:
            raise ValueError("rates must ascend: minimum, lowest, highest")
