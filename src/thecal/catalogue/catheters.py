"""Intrathecal catheters: length and lumen, each one data file."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from thecal.catalogue.listing import entries
from thecal.catalogue.sourced import CatalogueError, Sourced, load, read
from thecal.quantities import Volume


@dataclass(frozen=True, slots=True)
class Catheter:
    """A catheter model; the lumen volume follows from length and mL/cm, never from the rounded bore."""

    key: str
    name: str
    length_cm: Decimal
    volume_ml_per_cm: Decimal
    sources: tuple[tuple[str, Sourced], ...]

    def lumen(self, trimmed_cm: Decimal) -> Volume:
        """Lumen volume after cutting off ``trimmed_cm``, rounded down to the nanolitre.

        Raises CatalogueError when more is cut than there is.
        """
        if not 0 <= trimmed_cm < self.length_cm:
            raise CatalogueError(f"trimmed length must lie from 0 to below {self.length_cm} cm for {self.name}")
        return Volume(int((self.length_cm - trimmed_cm) * self.volume_ml_per_cm * 1_000_000))


def catheter(key: str) -> Catheter:
    """The catheter ``key``. Raises CatalogueError when there is none or its file is incomplete."""
    if key not in entries("catheters"):
        raise CatalogueError(f"{key!r} is not a catheter: use one of {', '.join(entries('catheters'))}")
    table = load(f"catheters/{key}.toml")
    length, per_cm = read(table, "length", "cm"), read(table, "volume_per_cm", "mL/cm")
    sources = (("length", length), ("volume_per_cm", per_cm))
    return Catheter(key, table.text("name"), length.value, per_cm.value, sources)
