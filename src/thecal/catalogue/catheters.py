"""Intrathecal catheters, revision kits and outlets: pieces, lumen and connector, each one data file."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from thecal.catalogue.implanted_catheter import ImplantedCatheter, ImplantedSegment
from thecal.catalogue.listing import entries
from thecal.catalogue.quoted import Words, words, words_or_none
from thecal.catalogue.sourced import CatalogueError, Sourced, Table, load, read
from thecal.quantities import Volume

__all__ = [
    "Catheter",
    "CatheterPiece",
    "Connector",
    "ImplantedCatheter",
    "ImplantedSegment",
    "Part",
    "Trim",
    "catheter",
    "catheter_from",
    "catheters",
]


class Connector(StrEnum):
    """What joins the catheter to the pump."""

    SC = "SC sutureless"
    ASCENDA = "Ascenda sutureless"
    STANDARD = "standard"
    OWN = "of its maker"
    NOT_KNOWN = "not known"


class Part(StrEnum):
    """Which stretch of the way from pump to tip a piece is."""

    WHOLE = "whole"
    PUMP = "pump segment"
    SPINAL = "spinal segment"


@dataclass(frozen=True, slots=True)
class CatheterPiece:
    """One piece as delivered; ``length`` (cm) and ``volume_per_cm`` (mL/cm) are None where nothing is published."""

    part: Part
    length: Sourced | None
    volume_per_cm: Sourced | None


@dataclass(frozen=True, slots=True)
class Trim:
    """What was cut off one piece, and the figures of the piece that the catalogue lacks and the clinic measured."""

    trimmed_cm: Decimal
    length_cm: Decimal | None = None
    volume_ml_per_cm: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Catheter:
    """A catheter model; the lumen volume follows from length and mL/cm, never from the rounded bore.

    ``pieces`` stand in the order of flow; a two-piece catheter of which only the whole length is known is one piece
    here, and ``delivered_as`` says so. ``recut_cm``: how much is cut off whenever the connection is remade.
    """

    key: str
    name: str
    maker: str
    connector: Connector
    has_closed_tip: bool | None  # None: not known
    delivered_as: Words
    note: Words | None
    pieces: tuple[CatheterPiece, ...]
    recut_cm: tuple[Sourced, Sourced] | None
    sources: tuple[tuple[str, Sourced], ...]

    @property
    def length_cm(self) -> Decimal | None:
        """As delivered, all pieces; None when one is not known."""
        known = [each.length.value for each in self.pieces if each.length is not None]
        return sum(known, Decimal(0)) if len(known) == len(self.pieces) else None

    def implanted(self, *trims: Trim) -> ImplantedCatheter:
        """What lies in the patient after these trims, one for each piece from pump to tip; none: nothing cut off.

        Raises CatalogueError when the number of trims differs from that of the pieces, when more is cut off than there
        is, when a length or lumen is neither known nor given, or when it is given though the catalogue knows it.
        """
        asked = trims or tuple(Trim(Decimal(0)) for _ in self.pieces)
        if len(asked) != len(self.pieces):
            raise CatalogueError(f"{self.name} has {len(self.pieces)} pieces: give what was cut off each, 0 for none")
        return ImplantedCatheter(tuple(map(self._segment, self.pieces, asked)))

    def lumen(self, trimmed_cm: Decimal) -> Volume:
        """Lumen volume of a one-piece entry after cutting off ``trimmed_cm``, rounded down to the nanolitre.

        Raises CatalogueError as ``implanted`` does.
        """
        return self.implanted(Trim(trimmed_cm)).volume()

    def _segment(self, piece: CatheterPiece, trim: Trim) -> ImplantedSegment:
        length = self._of(piece, "length", "cm", piece.length, trim.length_cm)
        per_cm = self._of(piece, "lumen volume", "mL/cm", piece.volume_per_cm, trim.volume_ml_per_cm)
        name = self.name if piece.part is Part.WHOLE else f"{self.name}, {piece.part.value}"
        return ImplantedSegment(self.key, name, length, per_cm, piece.volume_per_cm).cut(trim.trimmed_cm)

    def _of(self, piece: CatheterPiece, what: str, unit: str, known: Sourced | None, given: Decimal | None) -> Decimal:
        if known is not None and given is not None:
            raise CatalogueError(f"{self.name}: the {what} is {known.value} {unit} and is not given by hand")
        if known is not None:
            return known.value
        if given is not None:
            return given
        raise CatalogueError(f"{self.name}: no published {what} of the {piece.part.value}; give it in {unit}")


def catheters() -> tuple[str, ...]:
    """Keys of every catheter, kit and outlet."""
    return entries("catheters")


@cache
def catheter(key: str) -> Catheter:
    """The catheter ``key``. Raises CatalogueError when there is none or its file is incomplete."""
    if key not in entries("catheters"):
        raise CatalogueError(f"{key!r} is not a catheter: use one of {', '.join(entries('catheters'))}")
    return catheter_from(key, load(f"catheters/{key}.toml"))


def catheter_from(key: str, table: Table) -> Catheter:
    """A catheter from its parsed file. Raises CatalogueError in one line that names file and field."""
    table.only("name", "maker", "connector", "has_closed_tip", "delivered_as", "note", "pieces", "recut")
    pieces = tuple(_piece(row) for row in table.rows("pieces"))
    if not pieces:
        raise CatalogueError(f"{table.where('pieces')} must name at least one piece")
    recut = _recut(table.sub("recut")) if "recut" in table.entries else None
    return Catheter(
        key=key,
        name=table.text("name"),
        maker=table.text("maker"),
        connector=table.choice("connector", Connector),
        has_closed_tip=table.flag("has_closed_tip") if "has_closed_tip" in table.entries else None,
        delivered_as=words(table, "delivered_as"),
        note=words_or_none(table, "note"),
        pieces=pieces,
        recut_cm=recut,
        sources=(
            *(named for piece in pieces for named in _named(piece)),
            *(() if recut is None else (("recut_least", recut[0]), ("recut_most", recut[1]))),
        ),
    )


def _piece(row: Table) -> CatheterPiece:
    row.only("part", "length", "volume_per_cm")
    return CatheterPiece(
        part=row.choice("part", Part),
        length=read(row, "length", "cm") if "length" in row.entries else None,
        volume_per_cm=read(row, "volume_per_cm", "mL/cm") if "volume_per_cm" in row.entries else None,
    )


def _recut(table: Table) -> tuple[Sourced, Sourced]:
    table.only("least", "most")
    least, most = read(table, "least", "cm"), read(table, "most", "cm")
    if not 0 < least.value <= most.value:
        raise CatalogueError(f"{table.where('least')} must be above 0 and not above most")
    return least, most


def _named(piece: CatheterPiece) -> tuple[tuple[str, Sourced], ...]:
    where = "" if piece.part is Part.WHOLE else f"{piece.part.value} "
    both = (("length", piece.length), ("volume_per_cm", piece.volume_per_cm))
    return tuple((f"{where}{name}", entry) for name, entry in both if entry is not None)
