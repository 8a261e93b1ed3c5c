"""What a clinic plans by: refill lead, intervals, tolerances. Not a property of any pump or drug."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from thecal.catalogue.pumps import volume
from thecal.catalogue.sourced import Sourced, load, read
from thecal.quantities import Duration, Volume


@dataclass(frozen=True, slots=True)
class Policy:
    """Planning figures; Origin of each is in ``sources`` under the field's name."""

    lead_before_alarm: Duration
    shortest_interval: Duration
    lowest_alarm_level: Volume
    highest_alarm_share: Fraction
    small_reservoir: Volume
    tolerance_small: Volume
    tolerance_large: Volume
    sources: tuple[tuple[str, Sourced], ...]

    def source_of(self, field: str) -> Sourced:
        """Where a figure comes from. KeyError for a field that is not one."""
        return dict(self.sources)[field]

    def tolerance(self, capacity: Volume) -> Volume:
        """How far withdrawn and expected volume may differ in a reservoir of this size."""
        return self.tolerance_small if capacity <= self.small_reservoir else self.tolerance_large


def policy() -> Policy:
    """The planning figures of this catalogue. Raises CatalogueError when the file is incomplete."""
    table = load("policy.toml")
    refill, discrepancy = table.sub("refill"), table.sub("discrepancy")
    found = {
        "lead_before_alarm": read(refill, "lead_before_alarm", "day"),
        "shortest_interval": read(refill, "shortest_interval", "day"),
        "lowest_alarm_level": read(refill, "lowest_alarm_level", "mL"),
        "highest_alarm_share": read(refill, "highest_alarm_share", "1"),
        "small_reservoir": read(discrepancy, "small_reservoir", "mL"),
        "tolerance_small": read(discrepancy, "tolerance_small", "mL"),
        "tolerance_large": read(discrepancy, "tolerance_large", "mL"),
    }
    return Policy(
        lead_before_alarm=_duration(found["lead_before_alarm"]),
        shortest_interval=_duration(found["shortest_interval"]),
        lowest_alarm_level=volume(found["lowest_alarm_level"]),
        highest_alarm_share=Fraction(found["highest_alarm_share"].value),
        small_reservoir=volume(found["small_reservoir"]),
        tolerance_small=volume(found["tolerance_small"]),
        tolerance_large=volume(found["tolerance_large"]),
        sources=tuple(found.items()),
    )


def _duration(sourced: Sourced) -> Duration:
    return Duration.of(format(sourced.value, "f"), sourced.unit)
