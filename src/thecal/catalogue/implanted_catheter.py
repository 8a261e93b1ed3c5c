"""A catheter as it lies in one patient: what is left of each segment, and what it holds.

Volumes follow from lengths and mL/cm, never from a rounded bore: V = sum over segments of (L - trimmed) v + connectors.
Segments stand in the order of flow, from the pump to the tip. Nothing is rounded before the sum.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from thecal.catalogue.sourced import CatalogueError, Sourced
from thecal.quantities import Volume

_NL_PER_ML = 1_000_000
_NOTHING = Volume(0)


@dataclass(frozen=True, slots=True)
class ImplantedSegment:
    """One stretch of one lumen. ``model`` is the catalogue key of its catheter; ``origin`` is where its mL/cm comes
    from, None when the clinic gave it.

    Raises CatalogueError for a length or a lumen not above zero.
    """

    model: str
    name: str
    length_cm: Decimal
    volume_ml_per_cm: Decimal
    origin: Sourced | None

    def __post_init__(self) -> None:
        if self.length_cm <= 0 or self.volume_ml_per_cm <= 0:
            raise CatalogueError(f"{self.name}: length and mL/cm must be above 0")

    @property
    def exact_ml(self) -> Decimal:
        """What it holds, unrounded."""
        return self.length_cm * self.volume_ml_per_cm

    def cut(self, cm: Decimal) -> ImplantedSegment:
        """Shorter by ``cm``. Raises CatalogueError when that leaves nothing or is negative."""
        if not 0 <= cm < self.length_cm:
            raise CatalogueError(f"trimmed length must lie from 0 to below {self.length_cm} cm for {self.name}")
        return replace(self, length_cm=self.length_cm - cm)


@dataclass(frozen=True, slots=True)
class ImplantedCatheter:
    """Segments from pump to tip and what connectors between them hold. Raises CatalogueError without a segment."""

    segments: tuple[ImplantedSegment, ...]
    connectors: Volume = _NOTHING

    def __post_init__(self) -> None:
        if not self.segments:
            raise CatalogueError("an implanted catheter has at least one segment")

    @property
    def length_cm(self) -> Decimal:
        """From pump to tip."""
        return sum((each.length_cm for each in self.segments), Decimal(0))

    def volume(self) -> Volume:
        """What segments and connectors hold together, rounded down to the nanolitre once, at the end."""
        exact_ml = sum((each.exact_ml for each in self.segments), Decimal(0))
        return Volume(int(exact_ml * _NL_PER_ML)) + self.connectors

    def recut(self, cm: Decimal) -> ImplantedCatheter:
        """After cutting ``cm`` off at the pump end, as when the connection is remade. Raises CatalogueError."""
        nearest, *others = self.segments
        return replace(self, segments=(nearest.cut(cm), *others))

    def splice(self, beyond: ImplantedCatheter, connector: Volume = _NOTHING) -> ImplantedCatheter:
        """This one towards the pump, ``beyond`` towards the tip, each with its own lumen, and what joins them."""
        return ImplantedCatheter((*self.segments, *beyond.segments), self.connectors + beyond.connectors + connector)
