"""A refill as typed and as told to the pump."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from thecal.catalogue.drugs import drug
from thecal.catalogue.listing import entries
from thecal.programmer import Confirmation, Interrogated, Refill, from_document, to_document
from thecal.quantities import Concentration, Volume
from thecal.therapy import EntryRefused, Field, FluidComponent


@dataclass(frozen=True, slots=True)
class DrugChoice:
    """A drug of the library, with the unit its concentration is typed in."""

    key: str
    display: str
    unit: str


@dataclass(frozen=True, slots=True)
class RefillAtThePump:
    """What was told, against which interrogation, with what confirmed: kept with the pending command."""

    refill: Refill
    found: Interrogated
    given: tuple[Confirmation, ...]

    def context(self) -> dict[str, object]:
        """As it is stored."""
        return {
            "refill": to_document(self.refill),
            "found": to_document(self.found),
            "given": [to_document(each) for each in self.given],
        }

    @classmethod
    def from_context(cls, context: dict[str, Any]) -> RefillAtThePump:
        """Reads ``context`` back. Raises DocumentRefused."""
        given: tuple[Any, ...] = tuple(from_document(each, object) for each in context["given"])
        return cls(from_document(context["refill"], Refill), from_document(context["found"], Interrogated), given)


def choices() -> tuple[DrugChoice, ...]:
    """Every drug of the library."""
    return tuple(DrugChoice(key, drug(key).display, f"{drug(key).dose_unit}/mL") for key in entries("drugs"))


def read_refill(posted: Mapping[str, str]) -> tuple[Refill | None, dict[str, str]]:
    """The refill as typed, or one refusal for each field."""
    refused: dict[str, str] = {}

    def volume(name: str, *, zero_allowed: bool) -> Volume | None:
        try:
            return Field(name, Volume, "mL", zero_allowed).read(posted.get(name, "").strip())
        except EntryRefused as refusal:
            refused[name] = refusal.message
            return None

    def told(name: str, *, zero_allowed: bool) -> Volume | None:
        return volume(name, zero_allowed=zero_allowed) if posted.get(name, "").strip() else None

    withdrawn, filled = volume("withdrawn", zero_allowed=True), volume("filled", zero_allowed=False)
    injected, recovered = told("injected", zero_allowed=False), told("recovered", zero_allowed=True)
    key = posted.get("drug", "")
    chosen = next((choice for choice in choices() if choice.key == key), None)
    if chosen is None:
        refused["drug"] = "choose the drug that stands on the label of the fluid"
        return None, refused
    try:
        concentration = Field("concentration", Concentration, chosen.unit).read(posted.get("concentration", "").strip())
    except EntryRefused as refusal:
        refused["concentration"] = refusal.message
        return None, refused
    if withdrawn is None or filled is None:
        return None, refused
    return Refill(withdrawn, filled, (FluidComponent(key, concentration),), injected, recovered), refused
