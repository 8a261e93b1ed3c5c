"""What a system costs over the years, at the prices of the user and at no others."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from thecal.therapy.selection.cost import cost_of, money, prices_missing
from thecal.therapy.selection.facts import Prices

from .selecting import chosen, drugs, systems

PRICES = Prices(
    currency="EUR",
    years=10,
    implantation=Decimal(5000),
    refill_visit=Decimal(200),
    fill=Decimal(150),
    revision=Decimal(3000),
    programmable_pump=Decimal(12000),
    constant_flow_pump=Decimal(6000),
    dose_changes_per_year=2,
    programming_visit=Decimal(100),
)


def priced(pump: str, prices: Prices | None = PRICES, case: dict[str, Any] | None = None) -> Any:
    return cost_of(systems(chosen(case or {}), pump)[0], prices)


def test_a_cost_is_the_sum_of_its_parts_at_the_prices_given():
    """SynchroMed II, 40 mL, 0.342 mL/day: 90 days a fill, 7 years a battery; IsoMed, 35 mL, 0.307 mL/day: 90 days."""
    programmable, constant = priced("synchromed-ii-40"), priced("isomed-35-03")
    fills = 41  # ceil(3652.5 days / 90 days)
    assert {part.what: (part.number, part.cost) for part in programmable.parts} == {
        "implantation": (1, 5000),
        "refill visits": (fills, fills * 200),
        "fills": (fills, fills * 150),
        "revisions of the catheter, expected": (Fraction(1, 5), 600),
        "pumps": (2, 24000),
        "visits to change the program": (20, 2000),
    }
    assert {part.what: (part.number, part.cost) for part in constant.parts} == {
        "implantation": (1, 5000),
        "refill visits": (fills, fills * 200),
        "fills": (fills, fills * 150),
        "revisions of the catheter, expected": (Fraction(1, 5), 600),
        "pumps": (1, 6000),
        "refill visits to change the dose": (20, 4000),
        "fills discarded at changes of the dose, expected": (10, 1500),
    }
    assert programmable.total == sum(part.cost for part in programmable.parts)
    assert programmable.text == f"{5000 + fills * 350 + 600 + 24000 + 2000}.00 EUR"


def test_no_price_no_cost():
    assert priced("synchromed-ii-40", None) is None
    assert priced("synchromed-ii-40", case={"needs.drugs": drugs("morphine")}) is None
    without = {"years": 10, "currency": "EUR", "implantation": Decimal(1), "refill_visit": Decimal(1)}
    bare = Prices(**without, fill=Decimal(1), revision=Decimal(1))
    assert priced("synchromed-ii-40", bare) is None
    assert priced("isomed-35-03", bare) is None
    half = Prices(
        **without, fill=Decimal(1), revision=Decimal(1), programmable_pump=Decimal(1), dose_changes_per_year=1
    )
    assert priced("synchromed-ii-40", half) is None
    assert list(prices_missing(half)) == ["prices.constant_flow_pump", "prices.programming_visit"]
    assert list(prices_missing(bare)) == ["prices.programmable_pump", "prices.constant_flow_pump"]
    assert list(prices_missing(None)) == list(prices_missing(PRICES)) == []


@pytest.mark.parametrize(
    ("amount", "text"), [(Fraction(1, 3), "0.34"), (Fraction(5), "5.00"), (Fraction(2001, 200), "10.01")]
)
def test_money_is_rounded_up_to_hundredths(amount, text):
    assert money(amount) == text
