"""A number of the catalogue together with where it comes from.

In a file every number is written ``{ value = 0.35, unit = "mL/min", source = "...", confidence = "recalled" }``.
Whatever lacks one of the four is refused when it is read, in one line that names the file and the field.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from importlib import resources
from typing import Any, TypeVar

Choice = TypeVar("Choice", bound=StrEnum)


class CatalogueError(ValueError):
    """A catalogue file says something that cannot be used; the message names the file and the field."""


class Confidence(StrEnum):
    """How far a number may be trusted."""

    VERIFIED = "verified"  # read in the paper, label, manual or approval document
    ABSTRACT = "abstract"  # read in an abstract only
    RECALLED = "recalled"  # from the literature, not read again
    ASSUMED = "assumed"  # chosen or tuned by this project
    DERIVED = "derived"  # computed from other entries


@dataclass(frozen=True, slots=True)
class Sourced:
    """One number with its unit, its source and how far that source carries it; ``value`` is exactly as written."""

    value: Decimal
    unit: str
    source: str
    confidence: Confidence

    def __float__(self) -> float:
        """The nearest float, for the rooms that compute with floats."""
        return float(self.value)

    def whole(self) -> int:
        """The value as a whole number. Raises CatalogueError when it has a fraction."""
        if self.value != self.value.to_integral_value():
            raise CatalogueError(f"{self.value} {self.unit} ({self.source}) must be a whole number")
        return int(self.value)


@dataclass(frozen=True, slots=True)
class Table:
    """One TOML table that remembers the file and the path it came from, so that a refusal can name them."""

    file: str
    path: str
    entries: Mapping[str, Any]

    def where(self, key: str) -> str:
        """``file: path.key``, for messages."""
        return f"{self.file}: {self.path}.{key}" if self.path else f"{self.file}: {key}"

    def sub(self, key: str) -> "Table":
        """The table under ``key``. Raises CatalogueError when there is none."""
        inner = self.entries.get(key)
        if not isinstance(inner, Mapping):
            raise CatalogueError(f"{self.where(key)} is missing or not a table")
        return Table(self.file, f"{self.path}.{key}" if self.path else key, inner)

    def subs(self) -> Iterator["Table"]:
        """Every table directly inside, in the order of the file."""
        return (self.sub(key) for key, inner in self.entries.items() if isinstance(inner, Mapping))

    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit(".", 1)[-1]

    def text(self, key: str) -> str:
        """The text under ``key``. Raises CatalogueError when it is missing, empty or not text."""
        found = self.entries.get(key)
        if not isinstance(found, str) or not found.strip():
            raise CatalogueError(f"{self.where(key)} must be text")
        return found

    def flag(self, key: str) -> bool:
        """Yes or no under ``key``. Raises CatalogueError when it is missing or anything else."""
        found = self.entries.get(key)
        if type(found) is not bool:
            raise CatalogueError(f"{self.where(key)} must be true or false")
        return found

    def choice(self, key: str, of: type[Choice]) -> Choice:
        """The text under ``key`` as one of a closed list. Raises CatalogueError that names the list."""
        written = self.text(key)
        try:
            return of(written)
        except ValueError:
            allowed = ", ".join(of)
            raise CatalogueError(f"{self.where(key)} is {written!r}, expected one of {allowed}") from None

    def rows(self, key: str) -> tuple["Table", ...]:
        """The tables of the array ``key`` in the order of the file; none when there is no such array.

        Raises CatalogueError when it is not an array of tables.
        """
        found = self.entries.get(key, [])
        if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
            raise CatalogueError(f"{self.where(key)} must be an array of tables")
        path = f"{self.path}.{key}" if self.path else key
        return tuple(Table(self.file, f"{path}[{index}]", each) for index, each in enumerate(found))

    def only(self, *keys: str) -> "Table":
        """The same table. Raises CatalogueError when it has a field that is not one of ``keys``."""
        surplus = sorted(set(self.entries) - set(keys))
        if surplus:
            raise CatalogueError(f"{self.where(surplus[0])} is not a known field")
        return self


def parse(file: str, document: str) -> Table:
    """The whole of one TOML document, decimals kept exactly. ``file`` is only used in messages.

    Raises CatalogueError when the document is not TOML.
    """
    try:
        return Table(file, "", tomllib.loads(document, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{file}: not a TOML document: {error}") from None


def load(file: str) -> Table:
    """A file of the catalogue's own data folder, for example ``kinetics/morphine.toml``.

    Raises CatalogueError when there is no such file or it is not TOML.
    """
    entry = resources.files("thecal.catalogue").joinpath("data", file)
    if not entry.is_file():
        raise CatalogueError(f"{file}: the catalogue has no such file")
    return parse(file, entry.read_text(encoding="utf-8"))


def read(table: Table, key: str, unit: str) -> Sourced:
    """The number under ``key``, which must be given in ``unit`` and carry source and confidence.

    Raises CatalogueError otherwise; there are no defaults.
    """
    if key not in table.entries:
        raise CatalogueError(f"{table.where(key)} is missing")
    entry = table.entries[key]
    if not isinstance(entry, Mapping):
        raise CatalogueError(f"{table.where(key)} must have value, unit, source and confidence")
    surplus = sorted(set(entry) - {"value", "unit", "source", "confidence"})
    if surplus:
        raise CatalogueError(f"{table.where(key)} has unknown field {surplus[0]}")
    here = Table(table.file, f"{table.path}.{key}" if table.path else key, entry)
    written = here.text("unit")
    if written != unit:
        raise CatalogueError(f"{here.where('unit')} is {written!r}, expected {unit!r}")
    return Sourced(_number(here), unit, here.text("source"), here.choice("confidence", Confidence))


def _number(entry: Table) -> Decimal:
    value = entry.entries.get("value")
    if type(value) is int:
        return Decimal(value)
    if isinstance(value, Decimal) and value.is_finite():
        return value
    raise CatalogueError(f"{entry.where('value')} must be a finite number")
