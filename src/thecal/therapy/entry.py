"""Strict entry of numbers: what is typed into a field is read exactly or refused, never repaired.

One unit per field, fixed and shown inside it: the number is typed alone. The refusal is one line that names the field,
the slip, and what is accepted. Grammar and slips are those of ``quantities`` (Thimbleby & Cairns 2010,
doi 10.1098/rsif.2010.0112: blocking malformed numbers halves out-by-ten errors), so a document is read by the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

from thecal.quantities import Amount, Duration, QuantityError
from thecal.quantities.spelling import quoted, slip_in

A = TypeVar("A", bound=Amount)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")
MIDNIGHT_END_MIN = 1_440


class EntryRefused(ValueError):
    """What was typed is not accepted; ``str()`` is one line for the person, ``field`` says where it belongs."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Field(Generic[A]):
    """One entry field: its name, the kind of quantity, and the one unit it is typed in."""

    name: str
    kind: type[A]
    unit: str
    zero_allowed: bool = False

    def read(self, typed: str) -> A:
        """The quantity for a number typed beside the unit. Raises EntryRefused."""
        if not typed:
            raise EntryRefused(self.name, f"nothing is entered; type a number in {self.unit}")
        try:
            amount = self.kind.of(typed, self.unit)
        except QuantityError as refused:
            raise EntryRefused(self.name, f"{refused} [{self.unit}]") from None
        if amount.count == 0 and not self.zero_allowed:
            raise EntryRefused(self.name, f"must be more than 0 {self.unit}")
        return amount

    def write(self, amount: A) -> str:
        """The number as it is typed: ``read(write(x)) == x``."""
        return amount.number_in(self.unit)


def read_count(field: str, typed: str, low: int, high: int, what: str) -> int:
    """A whole number from ``low`` to ``high`` of ``what``. Raises EntryRefused."""
    if _WHOLE.fullmatch(typed) is None or not low <= int(typed) <= high:
        slip = slip_in(typed)
        why = "" if slip is None else f" ({slip})"
        raise EntryRefused(
            field, f"{quoted(typed)} is not accepted{why}: type a whole number of {what} from {low} to {high}"
        )
    return int(typed)


def read_clock(field: str, typed: str, *, end: bool = False) -> int:
    """Minutes after midnight for ``HH:MM`` on the pump's clock; as an end also ``24:00``. Raises EntryRefused."""
    if end and typed == "24:00":
        return MIDNIGHT_END_MIN
    found = _CLOCK.fullmatch(typed)
    if found is None:
        last = "24:00" if end else "23:59"
        raise EntryRefused(field, f"{typed!r} is not a time of day: type it as HH:MM, from 00:00 to {last}")
    return int(found[1]) * 60 + int(found[2])


def write_clock(minutes: int) -> str:
    """``HH:MM``; the end of the day is ``24:00``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def read_interval(field: str, typed: str, unit: str) -> Duration:
    """A length of time typed in one named unit, so that minutes are never taken for hours. Raises EntryRefused."""
    return Field(field, Duration, unit).read(typed)
