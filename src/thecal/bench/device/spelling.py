"""How a value of a pump's state is spelled for people: one line, nothing left out but the middle of long hashes."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum

_HASH_BYTES_SHOWN = 8


def spelled(value: object) -> str:
    """The value in one line."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bytes):
        return value.hex() if len(value) <= _HASH_BYTES_SHOWN else f"{value[:_HASH_BYTES_SHOWN].hex()}…"
    if is_dataclass(value):
        return _named(type(value).__name__, [(each.name, getattr(value, each.name)) for each in fields(value)])
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return _named(type(value).__name__, list(zip(value._fields, value, strict=True)))
    if isinstance(value, tuple | frozenset):
        return f"[{', '.join(spelled(each) for each in value)}]"
    return str(value)


def change_of(before: object, after: object) -> str:
    """What became of a value: of a list that grew at its end, only what was added."""
    if type(before) is tuple and type(after) is tuple and before and after[: len(before)] == before:
        return f"and {', '.join(spelled(each) for each in after[len(before) :])}"
    return f"{spelled(before)} → {spelled(after)}"


def _named(name: str, parts: list[tuple[str, object]]) -> str:
    told = ", ".join(f"{key} {spelled(value)}" for key, value in parts if value is not None)
    return f"{name}({told})"
