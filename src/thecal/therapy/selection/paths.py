"""The facts of a selection by path, such as ``life.home_altitude_m``: what each means, and one of them changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from thecal.documents.reading import Kind, kinds
from thecal.therapy.selection.facts import Prices, SelectionInputs, WantedDrug

_ONE = 1  # lists are counted as people count


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of the document: its path, its words, and what may stand in it."""

    path: str
    words: str
    kind: Kind


@lru_cache
def facts() -> tuple[Fact, ...]:
    """Every fact about the patient, in the order of the document; prices and what is inside lists left out."""
    return tuple(_facts(SelectionInputs, ""))


def words_of(path: str) -> str:
    """What a fact means; for one in a list also which. Raises KeyError for a path that is none."""
    group, _, rest = path.partition(".drugs.")
    if rest:
        place, _, field = rest.partition(".")
        return f"drug {place}: {_about(kinds(WantedDrug)[field])}"
    return {fact.path: fact.words for fact in facts()}[group]


def price_words(path: str) -> str:
    """What a price is of. Raises KeyError for a path that is none."""
    return _about(kinds(Prices)[path.removeprefix("prices.")])


def value_of(inputs: SelectionInputs, path: str) -> Any:
    """What stands there; None where it is not known."""
    found: Any = inputs
    for name in path.split("."):
        found = getattr(found, name)
    return found


def with_value(inputs: SelectionInputs, path: str, value: Any) -> SelectionInputs:
    """The same facts with this one changed."""
    group, _, field = path.rpartition(".")
    if not group:
        return replace(inputs, **{field: value})
    return replace(inputs, **{group: replace(getattr(inputs, group), **{field: value})})


def with_drug(inputs: SelectionInputs, place: int, wanted: WantedDrug) -> SelectionInputs:
    """The same facts with the drug at this place (from 0) changed."""
    drugs = inputs.needs.drugs
    return with_value(inputs, "needs.drugs", (*drugs[:place], wanted, *drugs[place + _ONE :]))


def limits_of(fact: Fact) -> tuple[Decimal | int, Decimal | int]:
    """From where to where a number may lie."""
    about = fact.kind.about
    assert about is not None
    assert about.low is not None
    assert about.high is not None
    return about.low, about.high


def _facts(record: Any, where: str) -> Iterator[Fact]:
    for name, kind in kinds(record).items():
        if name == "prices":
            continue
        if is_dataclass(kind.type):
            yield from _facts(kind.type, f"{name}.")
        else:
            yield Fact(f"{where}{name}", _about(kind), kind)


def _about(kind: Kind) -> str:
    assert kind.about is not None
    return kind.about.words
