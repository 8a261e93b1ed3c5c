"""Circumstances in which the flow of a constant-flow pump is looked at: warmth, height, depth, pressure, thickness."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from thecal.catalogue.quoted import Quoted, numbers_in, quoted_or_none
from thecal.catalogue.sourced import Sourced, Table, load, read
from thecal.quantities import Duration

_WHOLE = (("altitude", "m"), ("depth", "cm"), ("back_pressure", "mmHg"), ("fill", "%"), ("glycerol", "%"))


@dataclass(frozen=True, slots=True)
class Circumstance:
    """One circumstance; whatever is None is as on the label of the pump. ``lasts`` None: it goes on.

    ``temperature`` in degC, ``altitude`` in m, ``depth`` in cm below the sea, ``back_pressure`` in mmHg, ``fill`` and
    ``glycerol`` (by mass) in per cent.
    """

    name: str
    temperature: Quoted[Decimal] | None
    altitude: Quoted[int] | None
    depth: Quoted[int] | None
    back_pressure: Quoted[int] | None
    fill: Quoted[int] | None
    glycerol: Quoted[int] | None
    lasts: Quoted[Duration] | None

    @property
    def sources(self) -> tuple[tuple[str, Sourced], ...]:
        """Every number there is, by its name."""
        return tuple(numbers_in(self.name, self))


@lru_cache
def circumstances() -> tuple[Circumstance, ...]:
    """Every circumstance, in the order of the file. Raises CatalogueError when the file is incomplete."""
    return circumstances_from(load("circumstances.toml"))


def circumstances_from(table: Table) -> tuple[Circumstance, ...]:
    """The circumstances of a parsed file. Raises CatalogueError in one line that names file and field."""
    return tuple(_circumstance(row) for row in table.only("circumstances").rows("circumstances"))


def _circumstance(row: Table) -> Circumstance:
    row.only("name", "temperature", "lasts", *(key for key, _ in _WHOLE))
    warm = read(row, "temperature", "degC") if "temperature" in row.entries else None
    return Circumstance(
        name=row.text("name"),
        temperature=None if warm is None else Quoted(warm.value, warm),
        lasts=quoted_or_none(row, "lasts", Duration),
        **{key: _whole(row, key, unit) for key, unit in _WHOLE},
    )


def _whole(row: Table, key: str, unit: str) -> Quoted[int] | None:
    if key not in row.entries:
        return None
    entry = read(row, key, unit)
    return Quoted(entry.whole(), entry)
