"""One change of a site file: which figure, to what, by whom and when, and who reviewed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from thecal.catalogue.drugs import drug
from thecal.catalogue.policy import Tighter, figure_from, figures
from thecal.catalogue.quoted import Quoted
from thecal.catalogue.sourced import CatalogueError, Confidence, Sourced, Table

_VALUE = ("figure", "value", "unit", "by", "on", "reviewer", "reason")


class ReadsAFigure(Protocol):
    """What the reader has to know of a figure: how to read it, and by which closed list it may be narrowed."""

    @property
    def narrowed_by(self) -> tuple[str, type[StrEnum]] | None:
        """Name of the field that narrows the change (``tolerance``), and its closed list."""

    def read(self, table: Table, key: str) -> Quoted[Any]:
        """The quantity under ``key``."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who stands for a change. A reviewer is somebody else and gives a reason."""

    by: str
    on: date
    reviewer: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class DrugChange:
    """A figure of one drug as a site sets it; ``when`` narrows it to a tolerance, a setting or a situation."""

    drug: str
    figure: str
    when: str | None
    value: Quoted[Any]
    signed: Signature
    where: str


@dataclass(frozen=True, slots=True)
class PlanningChange:
    """A planning figure as a site sets it."""

    figure: str
    amount: Any
    origin: Sourced
    signed: Signature
    where: str

    def must_be_allowed(self, standing: Any) -> None:
        """Raises CatalogueError when it is looser than ``standing`` and nobody reviewed it."""
        _, figure = figures()[self.figure]
        looser = {
            Tighter.HIGHER: self.amount < standing,
            Tighter.LOWER: self.amount > standing,
            Tighter.NEITHER: self.amount != standing,
        }[figure.tighter]
        if looser and self.signed.reviewer is None:
            raise CatalogueError(
                f"{self.where}: {self.figure} is looser than the library; name a reviewer and a reason"
            )


def drug_change(row: Table, site: str, known: Mapping[str, ReadsAFigure]) -> DrugChange:
    """A change of a drug from its table. Raises CatalogueError that names the field."""
    named = _one_of(row, known)
    figure = known[named]
    narrowing = figure.narrowed_by
    row.only("drug", *_VALUE, *((narrowing[0],) if narrowing else ()))
    when = row.choice(*narrowing).value if narrowing and narrowing[0] in row.entries else None
    key = row.text("drug")
    drug(key)
    signed = _signature(row)
    return DrugChange(
        key, named, when, figure.read(_entry(row, named, site, signed), named), signed, f"{row.file}: {row.path}"
    )


def planning_change(row: Table, site: str) -> PlanningChange:
    """A change of a planning figure from its table. Raises CatalogueError that names the field."""
    named = _one_of(row, figures())
    row.only(*_VALUE)
    signed = _signature(row)
    amount, origin = figure_from(_entry(row, named, site, signed), named)
    return PlanningChange(named, amount, origin, signed, f"{row.file}: {row.path}")


def _one_of(row: Table, known: Mapping[str, Any]) -> str:
    named = row.text("figure")
    if named not in known:
        raise CatalogueError(f"{row.where('figure')} is {named!r}, expected one of {', '.join(known)}")
    return named


def _entry(row: Table, named: str, site: str, signed: Signature) -> Table:
    """The value as a catalogue entry whose source is the site: it is the site's own choice."""
    source = f"{site}: {signed.by}, {signed.on}"
    if signed.reviewer is not None:
        source += f"; reviewed by {signed.reviewer}: {signed.reason}"
    value = {"value": row.entries.get("value"), "unit": row.text("unit")}
    return Table(row.file, row.path, {named: {**value, "source": source, "confidence": Confidence.ASSUMED.value}})


def _signature(row: Table) -> Signature:
    by, day = row.text("by"), row.text("on")
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise CatalogueError(f"{row.where('on')} is {day!r}, expected a day such as 2026-11-20") from None
    if "reviewer" not in row.entries and "reason" not in row.entries:
        return Signature(by, on, None, None)
    reviewer, reason = row.text("reviewer"), row.text("reason")
    if reviewer == by:
        raise CatalogueError(f"{row.where('reviewer')} must be another person than the one who wrote the entry")
    return Signature(by, on, reviewer, reason)
