"""A quantity exactly as a source gives it, or a span of it, together with that source.

In a file a quantity is written ``{ value = 20, unit = "mg/mL", source = "...", confidence = "recalled" }`` and a span
``{ low = 0.1, high = 0.5, unit = "mg/day", source = "...", confidence = "recalled" }``. Nothing has a default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any, Generic, TypeVar

from thecal.catalogue.sourced import CatalogueError, Confidence, Sourced, Table, read
from thecal.quantities import Amount, QuantityError

A = TypeVar("A")
Q = TypeVar("Q", bound=Amount)


@dataclass(frozen=True, slots=True)
class Quoted(Generic[A]):
    """One quantity (or Fraction) and where it comes from; ``origin.unit`` is the unit the source writes."""

    amount: A
    origin: Sourced


@dataclass(frozen=True, slots=True)
class Span(Generic[A]):
    """From a lowest to a highest quantity of one source; both ends are equal when it only gives one."""

    low: Quoted[A]
    high: Quoted[A]


@dataclass(frozen=True, slots=True)
class Words:
    """A short statement and where it comes from."""

    text: str
    source: str
    confidence: Confidence


def quoted(table: Table, key: str, kind: type[Q], *units: str) -> Quoted[Q]:
    """The quantity under ``key``, in one of ``units`` (none named: any unit of its kind).

    Raises CatalogueError when value, unit, source or confidence is missing or cannot be used.
    """
    return _quoted(table, key, units or tuple(kind.UNITS), _amount_of(kind))


def quoted_or_none(table: Table, key: str, kind: type[Q], *units: str) -> Quoted[Q] | None:
    """As ``quoted``; None when the table has no ``key``."""
    return quoted(table, key, kind, *units) if key in table.entries else None


def span(table: Table, key: str, kind: type[Q], *units: str) -> Span[Q]:
    """The span under ``key``. Raises CatalogueError as ``quoted`` does, and when its ends are out of order."""
    return _span(table, key, units or tuple(kind.UNITS), _amount_of(kind))


def span_or_none(table: Table, key: str, kind: type[Q], *units: str) -> Span[Q] | None:
    """As ``span``; None when the table has no ``key``."""
    return span(table, key, kind, *units) if key in table.entries else None


def share(table: Table, key: str) -> Quoted[Fraction]:
    """A share written in percent ("%") or as a plain ratio ("1"), exactly. Raises CatalogueError as ``quoted``."""
    return _quoted(table, key, ("%", "1"), _fraction)


def share_or_none(table: Table, key: str) -> Quoted[Fraction] | None:
    """As ``share``; None when the table has no ``key``."""
    return share(table, key) if key in table.entries else None


def shares(table: Table, key: str) -> Span[Fraction]:
    """A span of shares written in percent ("%") or plain ("1"). Raises CatalogueError as ``span``."""
    return _span(table, key, ("%", "1"), _fraction)


def shares_or_none(table: Table, key: str) -> Span[Fraction] | None:
    """As ``shares``; None when the table has no ``key``."""
    return shares(table, key) if key in table.entries else None


def words(table: Table, key: str) -> Words:
    """A statement ``{ text, source, confidence }``. Raises CatalogueError when one of them is missing."""
    inner = table.sub(key).only("text", "source", "confidence")
    return Words(inner.text("text"), inner.text("source"), inner.choice("confidence", Confidence))


def words_or_none(table: Table, key: str) -> Words | None:
    """As ``words``; None when the table has no ``key``."""
    return words(table, key) if key in table.entries else None


def numbers_in(name: str, part: Any) -> Iterator[tuple[str, Sourced]]:
    """Every quoted number inside a record, named by its path: ``starts PACC 2017 naive dose``.

    A part that says whose or which it is (a closed list) carries that in the name.
    """
    if isinstance(part, Quoted):
        yield name, part.origin
    elif isinstance(part, Span):
        yield name, part.low.origin
        yield name, part.high.origin
    elif isinstance(part, tuple):
        for each in part:
            yield from numbers_in(name, each)
    else:
        kind: Any = type(part)
        held = [(inner, getattr(part, inner)) for inner in _fields_of(kind)]
        which = " ".join((name, *(value.value for _, value in held if isinstance(value, StrEnum))))
        for inner, value in held:
            yield from numbers_in(f"{which} {inner}", value)


@lru_cache
def _fields_of(kind: type[Any]) -> tuple[str, ...]:
    """Names of a record's fields; none for anything that is not a record."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def _quoted(table: Table, key: str, units: tuple[str, ...], exact: Callable[[Sourced], A]) -> Quoted[A]:
    inner = table.sub(key)
    written = inner.text("unit")
    if written not in units:
        raise CatalogueError(f"{inner.where('unit')} is {written!r}, expected one of {', '.join(units)}")
    entry = read(table, key, written)
    try:
        return Quoted(exact(entry), entry)
    except QuantityError as refused:
        raise CatalogueError(f"{table.where(key)}: {refused}") from None


def _span(table: Table, key: str, units: tuple[str, ...], exact: Callable[[Sourced], A]) -> Span[A]:
    inner = table.sub(key).only("low", "high", "unit", "source", "confidence")
    shared = {name: value for name, value in inner.entries.items() if name not in ("low", "high")}
    ends = Table(inner.file, inner.path, {end: {"value": inner.entries.get(end), **shared} for end in ("low", "high")})
    low, high = _quoted(ends, "low", units, exact), _quoted(ends, "high", units, exact)
    if low.origin.value > high.origin.value:
        raise CatalogueError(f"{table.where(key)}: low is above high")
    return Span(low, high)


def _amount_of(kind: type[Q]) -> Callable[[Sourced], Q]:
    return lambda entry: kind.of(format(entry.value, "f"), entry.unit)


def _fraction(entry: Sourced) -> Fraction:
    if entry.value < 0:
        raise QuantityError("a share is not negative")
    return Fraction(entry.value) * (Fraction(1, 100) if entry.unit == "%" else 1)
