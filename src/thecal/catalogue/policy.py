"""What a clinic plans by: refill lead, intervals, tolerances. Not a property of any pump or drug.

A figure is one line here and one entry in ``policy.toml`` under its topic; both are read by the same name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, get_type_hints

from thecal.catalogue.quoted import quoted, share
from thecal.catalogue.sourced import Sourced, Table, load, read
from thecal.quantities import Concentration, Duration, Volume


class Tighter(Enum):
    """Which way a site may move a figure without a reviewer; NEITHER: not at all."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Figure:
    """Where a planning figure stands in the file, its unit there, and which way is tighter."""

    topic: str
    unit: str
    tighter: Tighter


@dataclass(frozen=True, slots=True)
class Policy:
    """Planning figures; the origin of each is in ``sources`` under the field's name."""

    lead_before_alarm: Annotated[Duration, Figure("refill", "day", Tighter.HIGHER)]
    shortest_interval: Annotated[Duration, Figure("refill", "day", Tighter.HIGHER)]
    lowest_alarm_level: Annotated[Volume, Figure("refill", "mL", Tighter.HIGHER)]
    highest_alarm_share: Annotated[Fraction, Figure("refill", "1", Tighter.LOWER)]
    longest_interval: Annotated[Duration, Figure("refill", "day", Tighter.LOWER)]
    system_label_interval: Annotated[Duration, Figure("refill", "day", Tighter.LOWER)]
    handheld_refill_level: Annotated[Volume, Figure("refill", "mL", Tighter.HIGHER)]
    overlong_factor: Annotated[int, Figure("refill", "1", Tighter.LOWER)]
    slip_band: Annotated[int, Figure("refill", "1", Tighter.NEITHER)]
    small_reservoir: Annotated[Volume, Figure("discrepancy", "mL", Tighter.NEITHER)]
    tolerance_small: Annotated[Volume, Figure("discrepancy", "mL", Tighter.LOWER)]
    tolerance_large: Annotated[Volume, Figure("discrepancy", "mL", Tighter.LOWER)]
    about_empty: Annotated[Volume, Figure("discrepancy", "mL", Tighter.NEITHER)]
    smallest_proof: Annotated[Volume, Figure("discrepancy", "mL", Tighter.HIGHER)]
    silent_share: Annotated[Fraction, Figure("discrepancy", "1", Tighter.HIGHER)]
    one_refill: Annotated[Fraction, Figure("trend", "%", Tighter.NEITHER)]
    normal_quantile: Annotated[Fraction, Figure("trend", "1", Tighter.NEITHER)]
    drift_visits: Annotated[int, Figure("trend", "visit", Tighter.NEITHER)]
    constant_flow_accept: Annotated[Fraction, Figure("constant_flow", "%", Tighter.LOWER)]
    constant_flow_investigate: Annotated[Fraction, Figure("constant_flow", "%", Tighter.LOWER)]
    constant_flow_averaged: Annotated[int, Figure("constant_flow", "interval", Tighter.NEITHER)]
    constant_flow_worst: Annotated[Fraction, Figure("constant_flow", "%", Tighter.HIGHER)]
    constant_flow_reserve: Annotated[Volume, Figure("constant_flow", "mL", Tighter.HIGHER)]
    restrictor_caution: Annotated[Concentration, Figure("constant_flow", "mg/mL", Tighter.LOWER)]
    replacement_tolerance: Annotated[Duration, Figure("replacement", "day", Tighter.LOWER)]
    replacement_notice: Annotated[Duration, Figure("replacement", "day", Tighter.HIGHER)]
    bridge_ask: Annotated[Duration, Figure("bridge", "h", Tighter.LOWER)]
    bridge_refuse: Annotated[Duration, Figure("bridge", "h", Tighter.LOWER)]
    bridge_tolerance: Annotated[Fraction, Figure("bridge", "%", Tighter.LOWER)]
    prime_share: Annotated[Fraction, Figure("bridge", "%", Tighter.LOWER)]
    preparation_extra: Annotated[Volume, Figure("mixture", "mL", Tighter.NEITHER)]
    assay_tolerance: Annotated[Fraction, Figure("mixture", "%", Tighter.LOWER)]
    steps_without_response: Annotated[int, Figure("titration", "1", Tighter.LOWER)]
    step_look_back: Annotated[Duration, Figure("titration", "h", Tighter.HIGHER)]
    child_below: Annotated[int, Figure("titration", "year", Tighter.NEITHER)]
    trial_relief: Annotated[Fraction, Figure("trial", "%", Tighter.HIGHER)]
    relief_for_boluses: Annotated[Duration, Figure("trial", "h", Tighter.NEITHER)]
    relief_for_steps: Annotated[Duration, Figure("trial", "h", Tighter.NEITHER)]
    slip_dose_spread: Annotated[Fraction, Figure("slips", "1", Tighter.NEITHER)]
    slip_concentration_spread: Annotated[Fraction, Figure("slips", "1", Tighter.NEITHER)]
    granuloma_therapy_age: Annotated[Duration, Figure("granuloma", "day", Tighter.LOWER)]
    granuloma_window: Annotated[Duration, Figure("granuloma", "day", Tighter.HIGHER)]
    granuloma_growth: Annotated[Fraction, Figure("granuloma", "1", Tighter.LOWER)]
    granuloma_steps: Annotated[int, Figure("granuloma", "1", Tighter.LOWER)]
    sources: tuple[tuple[str, Sourced], ...]

    def source_of(self, field: str) -> Sourced:
        """Where a figure comes from. KeyError for a field that is not one."""
        return dict(self.sources)[field]

    def tolerance(self, capacity: Volume) -> Volume:
        """How far withdrawn and expected volume may differ in a reservoir of this size."""
        return self.tolerance_small if capacity <= self.small_reservoir else self.tolerance_large


@lru_cache
def policy() -> Policy:
    """The planning figures of this catalogue. Raises CatalogueError when the file is incomplete."""
    return policy_from(load("policy.toml"))


def policy_from(table: Table) -> Policy:
    """Planning figures from a parsed file. Raises CatalogueError in one line that names file and field."""
    known = figures()
    table.only(*{figure.topic for _, figure in known.values()})
    for topic in table.subs():
        topic.only(*(name for name, (_, figure) in known.items() if figure.topic == topic.name()))
    found = {name: figure_from(table.sub(figure.topic), name) for name, (_, figure) in known.items()}
    make: Any = Policy  # built by field name, which its type alone cannot tell
    filled: Policy = make(
        **{name: amount for name, (amount, _) in found.items()},
        sources=tuple((name, origin) for name, (_, origin) in found.items()),
    )
    return filled


@lru_cache
def figures() -> dict[str, tuple[type[Any], Figure]]:
    """Every planning figure: its kind of quantity, and where it stands."""
    hints = get_type_hints(Policy, include_extras=True)
    marked = ((name, hint) for name, hint in hints.items() if hasattr(hint, "__metadata__"))
    return {name: (hint.__origin__, hint.__metadata__[0]) for name, hint in marked}


def figure_from(table: Table, name: str) -> tuple[Any, Sourced]:
    """The figure ``name`` as it stands in ``table``: the quantity (Fraction, whole number) and its origin.

    Raises CatalogueError when it lacks value, unit, source or confidence, or has another unit.
    """
    kind, figure = figures()[name]
    entry = read(table, name, figure.unit)
    if kind is int:
        return entry.whole(), entry
    if kind is Fraction:
        return share(table, name).amount, entry
    return quoted(table, name, kind).amount, entry
