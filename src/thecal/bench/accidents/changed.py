"""A document with some places changed, by path; the document itself stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thecal.bench.accidents.records import Variation
from thecal.documents import DocumentError


def changed(document: Mapping[str, Any], variation: Variation) -> Mapping[str, Any]:
    """The document of a variation. Raises DocumentError naming the path that leads nowhere."""
    found: Any = _copy(document)
    for path, value in variation.set.items():
        inner, last = _place(found, path)
        if isinstance(inner, list):
            _in_list(inner, last, path)
            inner[int(last)] = _copy(value)
        else:
            inner[last] = _copy(value)
    for path in variation.drop:
        inner, last = _place(found, path)
        if isinstance(inner, list):
            _in_list(inner, last, path)
            del inner[int(last)]
        elif last in inner:
            del inner[last]
        else:
            raise DocumentError(f"drop: {path} is not in the document")
    whole: Mapping[str, Any] = found
    return whole


def _place(document: Any, path: str) -> tuple[Any, str]:
    *steps, last = path.split(".")
    inner = document
    for step in steps:
        if isinstance(inner, list):
            _in_list(inner, step, path)
            inner = inner[int(step)]
        else:
            inner = inner.setdefault(step, {})
        if not isinstance(inner, dict | list):
            raise DocumentError(f"set: {path} leads into {step}, which holds no fields")
    return inner, last


def _in_list(inner: list[Any], step: str, path: str) -> None:
    if not (step.isascii() and step.isdigit() and int(step) < len(inner)):
        raise DocumentError(f"set: {path}: {step} is not one of the {len(inner)} entries, counted from 0")


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value
