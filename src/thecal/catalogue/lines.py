"""Which line of treatment a drug or a mixture is for pain, by the consensus of 2017: recalled, and shown as such."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from thecal.catalogue.drugs import drug
from thecal.catalogue.pump_parts import texts
from thecal.catalogue.sourced import CatalogueError, Confidence, Table, load


class Pain(StrEnum):
    """Whose column of the tables it is."""

    CANCER = "cancer pain"
    NON_CANCER = "non-cancer pain"


class Spread(StrEnum):
    """How far the pain reaches; near the tip or over many levels."""

    LOCALIZED = "localized"
    DIFFUSE = "diffuse"


@dataclass(frozen=True, slots=True)
class DrugLine:
    """One line of one column: the drugs, each alone or mixed as listed, that stand in it."""

    pain: Pain
    spread: Spread
    line: str
    fluids: tuple[frozenset[str], ...]
    source: str
    confidence: Confidence


@lru_cache
def lines() -> tuple[DrugLine, ...]:
    """Every line. Raises CatalogueError when the file is incomplete."""
    return lines_from(load("lines.toml"))


def line_of(drugs: Iterable[str], pain: Pain, spread: Spread) -> DrugLine | None:
    """The line of exactly these drugs together; None where the tables do not name them so."""
    wanted = frozenset(drugs)
    column = (each for each in lines() if (each.pain, each.spread) == (pain, spread))
    return next((each for each in column if wanted in each.fluids), None)


def lines_from(table: Table) -> tuple[DrugLine, ...]:
    """Lines from a parsed file. Raises CatalogueError in one line that names file and field."""
    found = tuple(_line(row) for row in table.only("lines").rows("lines"))
    places = [(each.pain, each.spread, fluid) for each in found for fluid in each.fluids]
    twice = next((place for place in places if places.count(place) > 1), None)
    if twice is not None:
        raise CatalogueError(f"{table.where('lines')}: {' + '.join(sorted(twice[2]))} stands twice in one column")
    return found


def _line(row: Table) -> DrugLine:
    row.only("indication", "spread", "line", "drugs", "source", "confidence")
    return DrugLine(
        pain=row.choice("indication", Pain),
        spread=row.choice("spread", Spread),
        line=row.text("line"),
        fluids=_fluids(row),
        source=row.text("source"),
        confidence=row.choice("confidence", Confidence),
    )


def _fluids(row: Table) -> tuple[frozenset[str], ...]:
    listed = row.entries.get("drugs")
    if not isinstance(listed, list) or not listed:
        raise CatalogueError(f"{row.where('drugs')} must list at least one drug or mixture")
    each = (texts(Table(row.file, row.path, {"drugs": fluid}), "drugs") for fluid in listed)
    return tuple(frozenset(drug(key).key for key in fluid) for fluid in each)
