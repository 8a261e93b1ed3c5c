"""How long a mixture of drugs may stay in a pump, and which mixtures call for caution.

A mixture nobody has studied has no figure, and none is made up from its parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from thecal.catalogue.drug_reading import texts
from thecal.catalogue.drug_terms import DrugClass, Situation
from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.quoted import Quoted, Words, quoted, words
from thecal.catalogue.sourced import CatalogueError, Table, load
from thecal.quantities import Duration


@dataclass(frozen=True, slots=True)
class Study:
    """One mixture and how long it was found to keep; an unstable one spoils every mixture that contains it."""

    drugs: frozenset[str]
    unstable: bool
    days: Quoted[Duration]


@dataclass(frozen=True, slots=True)
class Caution:
    """What to say of a mixture that holds ``drug`` together with another, or one of class ``with_class``."""

    drug: str
    with_class: DrugClass | None
    words: Words


@dataclass(frozen=True, slots=True)
class Mixtures:
    """All studies and cautions; ``with_ziconotide`` caps every mixture that holds ziconotide."""

    studies: tuple[Study, ...]
    with_ziconotide: Quoted[Duration]
    cautions: tuple[Caution, ...]


@lru_cache
def mixtures() -> Mixtures:
    """What the catalogue knows of mixtures. Raises CatalogueError when its file is incomplete."""
    return mixtures_from(load("mixtures.toml"))


def mixtures_from(table: Table) -> Mixtures:
    """Mixtures from a parsed file. Raises CatalogueError in one line that names file and field."""
    table.only("studies", "with_ziconotide", "cautions")
    return Mixtures(
        tuple(_study(row) for row in table.rows("studies")),
        quoted(table, "with_ziconotide", Duration, "day"),
        tuple(_caution(row) for row in table.rows("cautions")),
    )


def stability_of(drugs: Iterable[str], situation: Situation, library: tuple[Drug, ...] = ()) -> Quoted[Duration] | None:
    """How long a fill of these drugs may stay in the pump; None when nobody has said.

    One drug: its own figure for the situation, else the one for any. A mixture: the shortest of its own study, of an
    unstable mixture inside it, and of the cap on ziconotide mixtures. ``library``: drugs as a site gives them, instead
    of the catalogue's. Raises CatalogueError for an unknown drug and for no drug at all.
    """
    keys = frozenset(drugs)
    if not keys:
        raise CatalogueError("stability is asked of no drug: name at least one")
    as_given = {each.key: each for each in library}
    parts = tuple(as_given.get(key) or drug(key) for key in sorted(keys))
    if len(parts) == 1:
        return _alone(parts[0], situation)
    known = mixtures()
    found = [study.days for study in known.studies if study.drugs == keys or (study.unstable and study.drugs <= keys)]
    if "ziconotide" in keys:
        found.append(known.with_ziconotide)
    if not found:
        return None
    own = [days for days in (_alone(part, situation) for part in parts) if days is not None]
    return min((*found, *own), key=lambda days: days.amount)


def unstable_in(drugs: Iterable[str]) -> tuple[Study, ...]:
    """The unstable mixtures inside this one."""
    keys = frozenset(drugs)
    return tuple(study for study in mixtures().studies if study.unstable and study.drugs <= keys)


def cautions_for(drugs: Iterable[str]) -> tuple[Caution, ...]:
    """What to say of this mixture beside its doses. Raises CatalogueError for an unknown drug."""
    parts = [drug(key) for key in dict.fromkeys(drugs)]
    return tuple(each for each in mixtures().cautions if _concerns(each, parts))


def _concerns(caution: Caution, parts: list[Drug]) -> bool:
    others = [part for part in parts if part.key != caution.drug]
    together = any(caution.with_class in (None, part.drug_class) for part in others)
    return together and len(others) < len(parts)


def _alone(part: Drug, situation: Situation) -> Quoted[Duration] | None:
    by_situation = {each.situation: each.days for each in part.stability}
    return by_situation.get(situation, by_situation.get(Situation.ANY))


def _study(row: Table) -> Study:
    row.only("drugs", "unstable", "days")
    keys = frozenset(texts(row, "drugs"))
    if len(keys) < 2:
        raise CatalogueError(f"{row.where('drugs')} must name at least two different drugs")
    for key in keys:
        drug(key)
    return Study(keys, row.flag("unstable"), quoted(row, "days", Duration, "day"))


def _caution(row: Table) -> Caution:
    row.only("drug", "with_class", "words")
    with_class = row.choice("with_class", DrugClass) if "with_class" in row.entries else None
    return Caution(drug(row.text("drug")).key, with_class, words(row, "words"))
