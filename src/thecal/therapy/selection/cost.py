"""What a system costs over the years, from the user's own prices; without a price there is no cost.

cost(t) = implantation + pump x ceil(t / life) + revisions a year x t x revision + refills x visit + drug + waste
[constant-flow 5.5]. A constant-flow pump has no end of life, and each change of its dose takes a refill and discards
part of a fill; a programmable one is changed at a visit of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from thecal.catalogue.programmable import ProgrammablePump
from thecal.catalogue.selection import choosing
from thecal.therapy.replacement import MONTH_MS, battery_life
from thecal.therapy.selection.facts import Prices
from thecal.therapy.selection.fill import Fill
from thecal.therapy.selection.systems import System

_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the cost: how many, exactly, and what they come to."""

    what: str
    number: Fraction
    cost: Fraction


@dataclass(frozen=True, slots=True)
class Cost:
    """What a system is expected to cost in ``years``, in the user's currency."""

    currency: str
    years: int
    parts: tuple[Part, ...]

    @property
    def total(self) -> Fraction:
        """All of it, exactly."""
        return sum((each.cost for each in self.parts), Fraction(0))

    @property
    def text(self) -> str:
        """Rounded up to hundredths: ``38250.50 EUR``."""
        return f"{money(self.total)} {self.currency}"


def cost_of(system: System, prices: Prices | None) -> Cost | None:
    """The cost of one system; None without prices, and where a price it needs or the refill interval is not known."""
    if prices is None or system.fill is None:
        return None
    changes = prices.dose_changes_per_year * prices.years
    parts = (
        _programmable(system.pump, system.fill, prices, changes)
        if isinstance(system.pump, ProgrammablePump)
        else _constant(prices, changes)
    )
    if parts is None:
        return None
    fills = _up(Fraction(_lasts_ms(prices), system.fill.interval.count))
    revisions = Fraction(choosing().revisions(system.catheter).value) * prices.years
    shared = (
        _part("implantation", 1, prices.implantation),
        _part("refill visits", fills, prices.refill_visit),
        _part("fills", fills, prices.fill),
        _part("revisions of the catheter, expected", revisions, prices.revision),
    )
    return Cost(prices.currency, prices.years, (*shared, *(each for each in parts if each.number)))


def money(amount: Fraction) -> str:
    """Rounded up to hundredths, both written."""
    hundredths = _up(amount * 100)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _programmable(pump: ProgrammablePump, fill: Fill, prices: Prices, changes: int) -> tuple[Part, ...] | None:
    if prices.programmable_pump is None or (changes and prices.programming_visit is None):
        return None
    pumps = _up(Fraction(_lasts_ms(prices), 1) * Fraction(1, battery_life(pump.longevity, fill.flow)))
    visit = prices.programming_visit or Decimal(0)
    return _part("pumps", pumps, prices.programmable_pump), _part("visits to change the program", changes, visit)


def _constant(prices: Prices, changes: int) -> tuple[Part, ...] | None:
    if prices.constant_flow_pump is None:
        return None
    wasted = Fraction(choosing().thresholds.wasted_share.value) * Fraction(1, 100)
    return (
        _part("pumps", 1, prices.constant_flow_pump),
        _part("refill visits to change the dose", changes, prices.refill_visit),
        _part("fills discarded at changes of the dose, expected", changes * wasted, prices.fill),
    )


def _part(what: str, number: Fraction | int, price: Decimal) -> Part:
    return Part(what, Fraction(number), Fraction(number) * Fraction(price))


def _lasts_ms(prices: Prices) -> int:
    return prices.years * _MONTHS_A_YEAR * MONTH_MS


def _up(exact: Fraction) -> int:
    return -(-exact.numerator // exact.denominator)


def prices_missing(prices: Prices | None) -> Iterator[str]:
    """Prices without which one kind of pump has no cost, by their path."""
    if prices is None:
        return
    if prices.programmable_pump is None:
        yield "prices.programmable_pump"
    if prices.constant_flow_pump is None:
        yield "prices.constant_flow_pump"
    if prices.dose_changes_per_year and prices.programming_visit is None:
        yield "prices.programming_visit"
