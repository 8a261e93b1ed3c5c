"""The JSON schema of a document, generated from the records it is read into."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, get_args, get_origin

from thecal.documents.reading import About, ClockTime, kinds
from thecal.quantities import Amount, Instant

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(record: type[Any], title: str) -> Mapping[str, Any]:
    """JSON schema (draft 2020-12) of the documents that are read into ``record``."""
    return {"$schema": _DIALECT, "title": title, **_table(record)}


def _table(record: type[Any]) -> dict[str, Any]:
    found = kinds(record)
    return {
        "type": "object",
        "description": (record.__doc__ or "").partition("\n")[0],
        "properties": {name: _of(kind.type, kind.about) for name, kind in found.items()},
        "required": [name for name, kind in found.items() if not kind.optional],
        "additionalProperties": False,
    }


def _of(kind: Any, about: About | None) -> dict[str, Any]:
    shape = _shape(kind, about)
    if about is not None:
        shape["description"] = about.words
    return shape


def _shape(kind: Any, about: About | None) -> dict[str, Any]:
    if get_origin(kind) is Mapping:
        return {"type": "object"}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _shape(get_args(kind)[0], about)}
    if get_origin(kind) is Mapping:
        return {"type": "object"}
    if kind is bool:
        return {"type": "boolean"}
    if kind in (int, Decimal):
        limits = (
            {} if about is None or about.low is None else {"minimum": _plain(about.low), "maximum": _plain(about.high)}
        )
        return {"type": "integer" if kind is int else "number", **limits}
    if kind is str:
        return {"type": "string", "minLength": 1}
    if issubclass(kind, Enum):
        return {"type": "string", "enum": [member.value for member in kind]}
    if issubclass(kind, Amount):
        units = "|".join(re.escape(unit) for unit in kind.UNITS)
        return {"type": "string", "pattern": rf"^(0|[1-9][0-9]*)(\.[0-9]+)? ({units})$"}
    if issubclass(kind, Instant):
        return {"type": "string", "format": "date-time"}
    if issubclass(kind, date):
        return {"type": "string", "format": "date"}
    if issubclass(kind, ClockTime):
        return {"type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"}
    if isinstance(kind, type) and is_dataclass(kind):
        return _table(kind)
    raise TypeError(f"no schema for {kind!r}")


def _plain(limit: Decimal | int | None) -> int | float | None:
    return float(limit) if isinstance(limit, Decimal) else limit
