"""A non-negative whole count of one unit, parsed and printed strictly: the base of every quantity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Self

from thecal.quantities.spelling import ACCEPTED, quoted, slip_in

_LARGEST = 2**63 - 1
_LONGEST = 40  # digits: twice as many as the largest count has


class QuantityError(ValueError):
    """A text or number that is not a quantity of the wanted kind; the message is one line for a person."""


@dataclass(frozen=True, slots=True, order=True)
class Amount:
    """A whole, non-negative count of the smallest unit of one kind of quantity.

    Subclasses say what is counted and which units may be typed. Text is refused, never repaired:
    no leading point, no comma, no thousands separator, no sign, no more decimals than the counted
    unit can hold, exactly one space, one spelling per unit.
    """

    count: int

    KIND: ClassVar[str] = "amount"
    UNITS: ClassVar[Mapping[str, int]]

    def __post_init__(self) -> None:
        if type(self.count) is not int:
            raise TypeError(f"{self.KIND} counts whole units; use parse() for text")
        if not 0 <= self.count <= _LARGEST:
            raise QuantityError(f"{self.KIND} must lie between 0 and 2^63 - 1 counts")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"2.4 mg/day"``. Raises QuantityError naming what would be accepted."""
        number, separator, unit = text.rpartition(" ")
        if not separator or unit not in cls.UNITS:
            raise QuantityError(f"{text!r} is not a {cls.KIND}: write a number, one space and one of {cls._listed()}")
        return cls.of(number, unit)

    @classmethod
    def of(cls, number: str, unit: str) -> Self:
        """The quantity for a number typed beside a fixed unit. Raises QuantityError."""
        scale = cls.UNITS.get(unit)
        if scale is None:
            raise QuantityError(f"{unit!r} is not a unit of {cls.KIND}: use one of {cls._listed()}")
        slip = slip_in(number)
        if slip is not None:
            raise QuantityError(f"{quoted(number)} is not accepted as a number: {slip}; {ACCEPTED}")
        if len(number) > _LONGEST:
            raise QuantityError(f"a {cls.KIND} is written with at most {_LONGEST} digits")
        whole, _, decimals = number.partition(".")
        numerator = int(whole + decimals) * scale
        count, remainder = divmod(numerator, 10 ** len(decimals))
        if remainder:
            finest = min(cls.UNITS, key=lambda each: cls.UNITS[each])
            raise QuantityError(
                f"{number} {unit} has more decimals than a {cls.KIND} can hold: its finest step is 1 {finest}"
            )
        return cls(count)

    @classmethod
    def _listed(cls) -> str:
        return ", ".join(cls.UNITS)

    def decimal_in(self, unit: str) -> Decimal:
        """The exact number in ``unit`` (a KeyError means a unit of another kind: a bug)."""
        scale = self.UNITS[unit]
        return Decimal(self.count) / Decimal(scale)

    def number_in(self, unit: str) -> str:
        """The number in ``unit`` for a screen: exact, leading zero always, trailing zero never."""
        text = format(self.decimal_in(unit), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text

    def text_in(self, unit: str) -> str:
        """Number and unit, as in ``0.316 mL``; ``parse`` reads it back."""
        return f"{self.number_in(unit)} {unit}"

    def __str__(self) -> str:
        """In the largest unit that shows a number of at least one within three decimals, never per hour."""
        by_size = sorted(self.UNITS.items(), key=lambda item: item[1], reverse=True)
        for unit, scale in by_size:
            if self.count >= scale and self.count * 1_000 % scale == 0 and not unit.endswith("/h"):
                return self.text_in(unit)
        return self.text_in(by_size[-1][0])

    def __add__(self, other: Self) -> Self:
        self._same_kind(other)
        return type(self)(self.count + other.count)

    def __sub__(self, other: Self) -> Self:
        """Raises QuantityError below zero: a negative amount does not exist."""
        self._same_kind(other)
        return type(self)(self.count - other.count)

    def _same_kind(self, other: Self) -> None:
        if type(other) is not type(self):
            raise TypeError(f"{self.KIND} and {type(other).__name__} do not add")
