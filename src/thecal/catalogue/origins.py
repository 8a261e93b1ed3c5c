"""Where numbers come from, as a page or a table says it: value, source and confidence, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from thecal.catalogue.sourced import Confidence, Sourced

_WRITTEN = {
    "degC": "°C",
    "cm2": "cm²",
    "cm2/s": "cm²/s",
    "um2/s": "µm²/s",
    "d": "days",
    "day": "days",
    "1/min": "per min",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """A number of the catalogue and where it comes from; one that differs from place to place has two ends."""

    of: str  # what it describes: a pump model, a drug
    what: str
    lowest: Decimal
    highest: Decimal
    unit: str
    source: str
    confidence: Confidence

    @property
    def text(self) -> str:
        """``0.14 mL``; ``1.6 to 3.9 cm``; a number without a unit stands alone."""
        ends = dict.fromkeys(format(end, "f") for end in (self.lowest, self.highest))
        unit = "" if self.unit == "1" else f" {_WRITTEN.get(self.unit, self.unit)}"
        return " to ".join(ends) + unit


@dataclass(frozen=True, slots=True)
class OneSource:
    """Everything about one thing that rests on the same source with the same confidence."""

    of: str
    source: str
    confidence: Confidence
    origins: tuple[Origin, ...]


def origins_of(of: str, sources: Iterable[tuple[str, Sourced]]) -> tuple[Origin, ...]:
    """One line for each entry of a record's ``sources``, in their order; the field's name becomes words."""
    return tuple(
        Origin(of, _words(field, each.unit), each.value, each.value, each.unit, each.source, each.confidence)
        for field, each in sources
    )


def ranged(of: str, sources: Iterable[tuple[str, Sourced]]) -> tuple[Origin, ...]:
    """As ``origins_of`` for a field that stands there many times: from its lowest to its highest value."""
    found: dict[tuple[str, str, str, Confidence], list[Decimal]] = {}
    for field, each in sources:
        found.setdefault((field, each.unit, each.source, each.confidence), []).append(each.value)
    return tuple(
        Origin(of, _words(field, unit), min(values), max(values), unit, source, confidence)
        for (field, unit, source, confidence), values in found.items()
    )


def by_source(origins: Iterable[Origin]) -> tuple[OneSource, ...]:
    """Lines that share what they describe, their source and their confidence, together."""
    found: dict[tuple[str, str, Confidence], list[Origin]] = {}
    for each in origins:
        found.setdefault((each.of, each.source, each.confidence), []).append(each)
    return tuple(OneSource(*shared, tuple(each)) for shared, each in found.items())


def tally(origins: Iterable[Origin]) -> str:
    """``9 verified, 7 recalled, 6 assumed``: how many numbers are how sure, surest first."""
    counts = Counter(each.confidence for each in origins)
    return ", ".join(f"{counts[each]} {each.value}" for each in Confidence if counts[each])


def _words(field: str, unit: str) -> str:
    """``cord_surface_cm_per_min`` in cm/min becomes ``cord surface``: the unit stands beside the value."""
    spelled = unit.lower().replace("/", "_per_", 1).replace("/", "_").removeprefix("1_")
    return field.removesuffix(f"_{spelled}").replace("_", " ").replace("csf", "CSF")
