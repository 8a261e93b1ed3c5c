"""Which drugs may go into which pumps: what a pump's label names, what it excludes, what a drug's label insists on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache

from thecal.catalogue.drug_terms import Status
from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.pumps import Pump
from thecal.catalogue.quoted import Words, words
from thecal.catalogue.sourced import Table, load


class Placed(Enum):
    """What the labels say of a drug in a pump."""

    LABELLED = "on the label of the pump"
    NOT_NAMED = "not on the label of the pump"
    FORBIDDEN = "must not go into this pump"


@dataclass(frozen=True, slots=True)
class Placement:
    """What the labels say, and whose word it is."""

    placed: Placed
    statement: Words


def placement(pump: Pump, given: Drug, jurisdiction: str) -> Placement:
    """What the labels say of ``given`` in ``pump``.

    A drug that is labelled at all is forbidden where its own label names other pumps, or where the label of the pump
    excludes it. Any other exclusion only says once more that the drug is off label.
    """
    if given.key in pump.labelled_drugs:
        return Placement(Placed.LABELLED, pump.labelling.statement)
    insists = _insisting().get(given.key)
    if insists is not None:
        return Placement(Placed.FORBIDDEN, insists)
    excluded = given.status is Status.LABEL and (jurisdiction, given.key) in pump.labelling.excluded
    return Placement(Placed.FORBIDDEN if excluded else Placed.NOT_NAMED, pump.labelling.statement)


@cache
def _insisting() -> dict[str, Words]:
    return insisting_from(load("labelled_pumps.toml"))


def insisting_from(table: Table) -> dict[str, Words]:
    """Drugs whose label names its pumps, from a parsed file. Raises CatalogueError in one line that names the field."""
    rows = [row.only("drug", "statement") for row in table.only("drug").rows("drug")]
    return {drug(row.text("drug")).key: words(row, "statement") for row in rows}
