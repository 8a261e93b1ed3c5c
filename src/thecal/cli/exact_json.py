"""JSON for programs that keeps every number exactly as it was counted: a Decimal is written digit by digit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from thecal.quantities import Amount, Duration, Instant
from thecal.therapy.showing import fraction_text, time_number


def exact_json(document: Any) -> str:
    """The document as JSON text, indented, ASCII only. Raises TypeError for a value that has no JSON form (a bug)."""
    return "".join(_pieces(document, "\n"))


def quantity(value: Any, unit: str) -> Mapping[str, Any]:
    """``{"value": 0.316, "unit": "mL"}``; ``exact`` is added where no decimal number is exactly the value.

    An instant is its text in UTC; words and None stand as they are; a unit that is not the value's own is words.
    """
    match value:
        case Instant():
            return {"value": str(value), "unit": "UTC"}
        case Duration():
            number = Decimal(time_number(value, unit))
            rounded = number * value.UNITS[unit] != value.count
            return {"value": number, "unit": unit, **({"exact": f"{value.count} ms"} if rounded else {})}
        case Amount():
            return {"value": Decimal(value.number_in(unit)), "unit": unit}
        case Fraction():
            return ratio(value) | {"unit": unit}
    return {"value": value, "unit": unit}


def ratio(value: Fraction) -> dict[str, Any]:
    """A plain number: exact where it has few decimals, else rounded to nearest with the exact fraction beside it."""
    shown = Decimal(fraction_text(value).replace("\u2212", "-"))
    return {"value": shown, "unit": "", **({} if Fraction(shown) == value else {"exact": str(value)})}


def _pieces(value: Any, line: str) -> Iterator[str]:
    inner = line + "  "
    if isinstance(value, Mapping) and value:
        yield "{"
        for index, (key, each) in enumerate(value.items()):
            yield f"{',' if index else ''}{inner}{json.dumps(key)}: "
            yield from _pieces(each, inner)
        yield line + "}"
    elif isinstance(value, list | tuple) and value:
        yield "["
        for index, each in enumerate(value):
            yield f"{',' if index else ''}{inner}"
            yield from _pieces(each, inner)
        yield line + "]"
    elif isinstance(value, Decimal):
        yield format(value, "f")
    else:
        yield json.dumps(value)
