"""The documents of examples/ for plans and checks, and ways to spoil them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PLANS = sorted((ROOT / "examples" / "plans").glob("*.toml"))
CHECKS = sorted((ROOT / "examples" / "checks").glob("*.toml"))
SITE = ROOT / "examples" / "sites" / "demo-pain-clinic.toml"
WRONG = (
    "",
    "1,5 mg/day",
    "0 mL",
    "999999999999 mg/mL",
    "stopped",
    "2026-11-22T08:00:00Z",
    -1,
    10**30,
    True,
    [],
    {},
    None,
)


AT_MOST = 240


def spoiled(path: Path) -> tuple[tuple[str, Any], ...]:
    """The document with one value replaced by something else, one field left out, or one field too many; evenly spread
    over the document where that would be very many.
    """
    every = tuple(_spoiled(path))
    return every[:: len(every) // AT_MOST + 1]


def _spoiled(path: Path) -> Iterator[tuple[str, Any]]:
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    for place in _places(document):
        for wrong in WRONG:
            yield f"{'.'.join(map(str, place))} = {wrong!r}", _with(document, place, wrong)
        yield f"no {'.'.join(map(str, place))}", _without(document, place)
        if isinstance(_at(document, place), dict):
            yield f"more in {'.'.join(map(str, place))}", _with(document, (*place, "colour"), "red")


def _places(inner: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    pairs = inner.items() if isinstance(inner, dict) else enumerate(inner) if isinstance(inner, list) else ()
    for key, value in pairs:
        yield (*place, key)
        yield from _places(value, (*place, key))


def _at(document: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        document = document[key]
    return document


def _with(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    changed = deepcopy(document)
    _at(changed, place[:-1])[place[-1]] = value
    return changed


def _without(document: Any, place: tuple[Any, ...]) -> Any:
    changed = deepcopy(document)
    del _at(changed, place[:-1])[place[-1]]
    return changed
