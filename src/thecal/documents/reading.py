"""Reading a TOML or JSON document into frozen records: strict, and one clear line for whatever is wrong.

A record is a dataclass. What may stand in the document follows from its field types, and the JSON schema
(``schema``) follows from the same types, so the two cannot drift apart.
"""

from __future__ import annotations

import json
import tomllib
import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from thecal.quantities import Amount, Instant

Record = TypeVar("Record")


class DocumentError(ValueError):
    """A document that cannot be used; the message is one line that names the field."""


@dataclass(frozen=True, slots=True)
class About:
    """What a field means, and for plain numbers the inclusive limits, for messages and for the schema."""

    words: str
    low: Decimal | int | None = None
    high: Decimal | int | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """The type a field takes, with what is said about it."""

    type: Any
    about: About | None
    optional: bool


@dataclass(frozen=True, slots=True, order=True)
class ClockTime:
    """A time of day on the pump's clock, in minutes after midnight; written ``07:00``, up to ``24:00``."""

    minutes: int

    @classmethod
    def parse(cls, text: str) -> ClockTime:
        """Read ``HH:MM``. Raises ValueError saying what would be accepted."""
        hours, separator, minutes = text.partition(":")
        plain = separator and all(part.isascii() and part.isdigit() and len(part) == 2 for part in (hours, minutes))
        total = int(hours) * 60 + int(minutes) if plain else -1
        if not plain or int(minutes) > 59 or total > 1_440:
            raise ValueError(f"{text!r} is not a time of day: write it as 07:00, from 00:00 to 24:00")
        return cls(total)

    def __str__(self) -> str:
        return f"{self.minutes // 60:02d}:{self.minutes % 60:02d}"


def parse(text: str) -> Mapping[str, Any]:
    """The tables of a TOML document, or of a JSON document (it starts with a brace), decimals kept exactly.

    Raises DocumentError.
    """
    if not text.strip():
        raise DocumentError("the document is empty")
    if text.lstrip().startswith("{"):
        try:
            found = json.loads(text, parse_float=Decimal, object_pairs_hook=_each_once)
        except (ValueError, RecursionError) as error:  # also whole numbers of thousands of digits, and endless nesting
            raise DocumentError(f"not a JSON document: {_one_line(error)}") from None
    else:
        try:
            found = tomllib.loads(text, parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            raise DocumentError(f"not a TOML document: {_one_line(error)}") from None
    return found  # type: ignore[no-any-return]


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of one JSON object: of two with one name nobody knows which was meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise ValueError(f"{twice!r} stands twice in one table; write each field once")
    return found


def read(record: type[Record], table: Any, where: str = "") -> Record:
    """The record that ``table`` describes. Raises DocumentError for an unknown, missing or wrong field."""
    if not isinstance(table, Mapping):
        raise DocumentError(f"{where or 'document'}: must be a table of fields")
    expected = kinds(record)
    for key in table:
        if key not in expected:
            raise DocumentError(f"{_join(where, key)}: unknown field; known here: {', '.join(expected)}")
    values = {}
    for key, kind in expected.items():
        if key in table:
            values[key] = _value(kind.type, kind.about, table[key], _join(where, key))
        elif not kind.optional:
            raise DocumentError(f"{_join(where, key)}: missing{_meaning(kind.about)}")
    return record(**values)


def kinds(record: type[Any]) -> Mapping[str, Kind]:
    """Field name -> kind, in the order of declaration."""
    asked: Any = record  # a class is a key like any other
    return _kinds(asked)


@lru_cache(maxsize=256)
def _kinds(record: Any) -> Mapping[str, Kind]:
    hints = get_type_hints(record, include_extras=True)
    return MappingProxyType({field.name: _kind(hints[field.name], _has_default(field)) for field in fields(record)})


def _has_default(field: Any) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _kind(hint: Any, optional: bool) -> Kind:
    about = None
    if get_origin(hint) is Annotated:
        hint, about = get_args(hint)
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    return Kind(hint, about, optional)


def _value(kind: Any, about: About | None, found: Any, where: str) -> Any:
    if get_origin(kind) is Mapping:  # a document within the document, read by whoever knows what it is
        if not isinstance(found, Mapping):
            raise DocumentError(f"{where}: must be a table{_meaning(about)}")
        return found
    if get_origin(kind) is tuple:
        if not isinstance(found, list):
            raise DocumentError(f"{where}: must be a list in square brackets{_meaning(about)}")
        inner = get_args(kind)[0]
        return tuple(_value(inner, about, each, f"{where}[{index}]") for index, each in enumerate(found))
    if is_dataclass(kind) and not _is_text(kind):
        return read(kind, found, where)  # type: ignore[arg-type]
    if kind is bool:
        return _flag(found, where)
    if kind in (int, Decimal):
        return _number(kind, about, found, where)
    return _text(kind, about, found, where)


def _is_text(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Amount | Instant | ClockTime | date)


def _flag(found: Any, where: str) -> bool:
    if type(found) is not bool:
        raise DocumentError(f"{where}: must be true or false")
    return found


def _number(kind: Any, about: About | None, found: Any, where: str) -> Any:
    accepted = (int,) if kind is int else (int, Decimal)
    if type(found) not in accepted or (isinstance(found, Decimal) and not found.is_finite()):
        raise DocumentError(f"{where}: must be a {'whole ' if kind is int else ''}number{_meaning(about)}")
    if about is not None and about.low is not None and about.high is not None and not about.low <= found <= about.high:
        raise DocumentError(f"{where}: {found} must lie from {about.low} to {about.high}{_meaning(about)}")
    return kind(found)


def _text(kind: Any, about: About | None, found: Any, where: str) -> Any:
    if not isinstance(found, str) or not found.strip():
        raise DocumentError(f"{where}: must be text in quotes{_such_as(kind)}{_meaning(about)}")
    if kind is str:
        return found
    if issubclass(kind, Enum):
        for member in kind:
            if member.value == found:
                return member
        raise DocumentError(f"{where}: {found!r} is not one of {', '.join(member.value for member in kind)}")
    try:
        return _day(found) if issubclass(kind, date) else kind.parse(found)
    except ValueError as error:
        raise DocumentError(f"{where}: {error}") from None


def _such_as(kind: type[Any]) -> str:
    if issubclass(kind, Amount):
        return f", a number with one of {', '.join(kind.UNITS)}"
    return ', such as "2026-11-22T08:00:00Z"' if issubclass(kind, Instant) else ""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a calendar day: write it as 1958-03-14") from None


def _meaning(about: About | None) -> str:
    return f" ({about.words})" if about is not None else ""


def _one_line(error: ValueError | RecursionError) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error).splitlines()[0]


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
