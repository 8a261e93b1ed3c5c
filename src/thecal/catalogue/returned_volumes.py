"""What may be behind a returned volume, and what each failure of pump and catheter looks like."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from thecal.catalogue.quoted import Words
from thecal.catalogue.sourced import CatalogueError, Choice, Confidence, Table, load


class Came(StrEnum):
    """How what came out compares with what was expected."""

    AS_EXPECTED = "as expected"
    MORE = "more than expected"
    LESS = "less than expected"
    NOTHING = "about nothing"


class CauseKind(StrEnum):
    """What kind of thing went wrong; each kind asks for something else."""

    FLOW = "flow"  # what pump and catheter let through
    PLACE = "place"  # of the needle, now or at the last refill
    READING = "reading"  # incomplete withdrawal, syringe
    RECORD = "record"  # what was told to the pump or written
    DIVERSION = "diversion"


class Aspiration(StrEnum):
    """How the catheter access port draws. It is evidence, not proof: many good catheters cannot be aspirated."""

    FREE = "free"
    SLOW = "slow"
    NONE = "none"
    AIR = "air or pocket fluid"


class Effect(StrEnum):
    """What the patient feels since the last refill."""

    AS_USUAL = "as usual"
    TOO_LITTLE = "too little"
    TOO_MUCH = "too much"
    NEW_SIGN = "new neurological sign"


@dataclass(frozen=True, slots=True)
class Cause:
    """One possible cause and what to do next about it."""

    came: Came
    kind: CauseKind
    statement: Words
    then: str


@dataclass(frozen=True, slots=True)
class Failure:
    """What one failure looks like, for each kind of pump; no returned volume: it does not exist there.

    ``vapour_only``: among constant-flow pumps only those that a propellant drives.
    """

    constant_flow: tuple[Came, ...]
    vapour_only: bool
    programmable: tuple[Came, ...]
    aspiration: tuple[Aspiration, ...]
    effect: tuple[Effect, ...]
    imaging: str
    statement: Words


@dataclass(frozen=True, slots=True)
class ReturnedVolumes:
    """Every cause and every failure, in the order of the file."""

    causes: tuple[Cause, ...]
    failures: tuple[Failure, ...]


@lru_cache
def returned_volumes() -> ReturnedVolumes:
    """The tables of this catalogue. Raises CatalogueError when the file is incomplete."""
    return returned_volumes_from(load("returned.toml"))


def returned_volumes_from(table: Table) -> ReturnedVolumes:
    """The tables of a parsed file. Raises CatalogueError in one line that names file and field."""
    table.only("causes", "failures")
    return ReturnedVolumes(
        tuple(_cause(row) for row in table.rows("causes")), tuple(_failure(row) for row in table.rows("failures"))
    )


def _cause(row: Table) -> Cause:
    row.only("came", "kind", "text", "then", "source", "confidence")
    statement = Words(row.text("text"), row.text("source"), row.choice("confidence", Confidence))
    return Cause(row.choice("came", Came), row.choice("kind", CauseKind), statement, row.text("then"))


def _failure(row: Table) -> Failure:
    row.only(
        "name",
        "constant_flow",
        "vapour_only",
        "programmable",
        "aspiration",
        "effect",
        "imaging",
        "source",
        "confidence",
    )
    return Failure(
        constant_flow=_choices(row, "constant_flow", Came),
        vapour_only=row.flag("vapour_only"),
        programmable=_choices(row, "programmable", Came),
        aspiration=_choices(row, "aspiration", Aspiration),
        effect=_choices(row, "effect", Effect),
        imaging=row.text("imaging"),
        statement=Words(row.text("name"), row.text("source"), row.choice("confidence", Confidence)),
    )


def _choices(row: Table, key: str, of: type[Choice]) -> tuple[Choice, ...]:
    found = row.entries.get(key)
    allowed = {each.value: each for each in of}
    if not isinstance(found, list) or not all(each in allowed for each in found):
        raise CatalogueError(f"{row.where(key)} must be a list of {', '.join(allowed)}")
    return tuple(allowed[each] for each in found)
