"""What in a patient speaks against a drug or asks for care with it: conditions, other medicines, age.

Each says for which drugs or classes it holds, how heavily it weighs, and on whose word.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from thecal.catalogue.drug_reading import texts
from thecal.catalogue.drug_terms import DrugClass
from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.quoted import Words, words
from thecal.catalogue.sourced import CatalogueError, Sourced, Table, load, read


class Weight(StrEnum):
    """How heavily it weighs: the drug is ruled out, asks for care, or is worth knowing."""

    REFUSE = "refuse"
    WARN = "warn"
    INFORM = "inform"


@dataclass(frozen=True, slots=True)
class Precaution:
    """One of ``condition``, ``medicine`` and ``below_age`` (years) is given, its text spelled as therapy spells it."""

    drugs: tuple[str, ...]
    classes: tuple[DrugClass, ...]
    condition: str | None
    medicine: str | None
    below_age: Sourced | None
    weight: Weight
    words: Words

    def concerns(self, given: Drug) -> bool:
        """Whether it holds for this drug."""
        return given.key in self.drugs or given.drug_class in self.classes


@lru_cache
def precautions() -> tuple[Precaution, ...]:
    """Every precaution of the catalogue. Raises CatalogueError when its file is incomplete."""
    return precautions_from(load("precautions.toml"))


def precautions_from(table: Table) -> tuple[Precaution, ...]:
    """Precautions from a parsed file. Raises CatalogueError in one line that names file and field."""
    return tuple(_precaution(row) for row in table.only("precautions").rows("precautions"))


def _precaution(row: Table) -> Precaution:
    row.only("drugs", "classes", "condition", "medicine", "below_age", "weight", "words")
    if len({"condition", "medicine", "below_age"} & set(row.entries)) != 1:
        raise CatalogueError(f"{row.where('condition')}: give one of condition, medicine and below_age")
    found = Precaution(
        drugs=tuple(drug(key).key for key in texts(row, "drugs")),
        classes=tuple(_class_of(row, name) for name in texts(row, "classes")),
        condition=row.text("condition") if "condition" in row.entries else None,
        medicine=row.text("medicine") if "medicine" in row.entries else None,
        below_age=read(row, "below_age", "year") if "below_age" in row.entries else None,
        weight=row.choice("weight", Weight),
        words=words(row, "words"),
    )
    if not found.drugs and not found.classes:
        raise CatalogueError(f"{row.where('drugs')}: name a drug or a class it holds for")
    return found


def _class_of(row: Table, name: str) -> DrugClass:
    return Table(row.file, row.path, {"classes": name}).choice("classes", DrugClass)
