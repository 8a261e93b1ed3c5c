"""A document with some places changed, by path; the document itself stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thecal.bench.accidents.records import Variation
from thecal.documents import DocumentError


def changed(document: Mapping[str, Any], variation: Variation) -> Mapping[str, Any]:
    """The document of a variation. Raises DocumentError naming the path that leads nowhere.

    A table that is not there yet is made; an entry of a list must be there.
    """
    found: dict[str, Any] = _copy(document)
    for path, value in variation.set.items():
        inner, last = _place(found, path, "set")
        inner[last] = _copy(value)
    for path in variation.drop:
        inner, last = _place(found, path, "drop")
        if isinstance(inner, dict) and last not in inner:
            raise DocumentError(f"drop: {path} is not in the document")
        del inner[last]
    return found


def _place(document: Any, path: str, doing: str) -> tuple[Any, Any]:
    """The table or list a path ends in, and the key or index there."""
    *steps, last = path.split(".")
    inner = document
    for step in steps:
        inner = inner[_index(inner, step, path, doing)] if isinstance(inner, list) else inner.setdefault(step, {})
        if not isinstance(inner, dict | list):
            raise DocumentError(f"{doing}: {path} leads into {step}, which holds no fields")
    return inner, _index(inner, last, path, doing) if isinstance(inner, list) else last


def _index(inner: list[Any], step: str, path: str, doing: str) -> int:
    if not (step.isascii() and step.isdigit() and int(step) < len(inner)):
        raise DocumentError(f"{doing}: {path}: {step} is not one of the {len(inner)} entries, counted from 0")
    return int(step)


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value
