"""No finding depends on the unit a value was entered in."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.quantities import Amount, Concentration, DoseRate, Duration, Mass, QuantityError, Volume
from thecal.therapy.check_document import check_case, load_check

DOCUMENT = """
[current]
pump = "synchromed-ii-20"
now = "2026-11-22T08:00:00Z"
reservoir = "15 mL"
fluid = [{ drug = "morphine", concentration = "10 mg/mL" }, { drug = "clonidine", concentration = "200 microgram/mL" }]
[current.therapy]
mode = "simple continuous"
daily_dose = "<old>"
[pending]
refill_interval = "90 day"
[pending.prescription]
mode = "simple continuous"
daily_dose = "<new>"
low_reservoir = "2 mL"
fluid = [{ drug = "morphine", concentration = "10 mg/mL" }, { drug = "clonidine", concentration = "200 microgram/mL" }]
[pending.prescription.patient_bolus]
dose = "<bolus>"
duration = "10 min"
lockout = "4 h"
maximum_per_24h = 4
[patient]
indication = "non-cancer pain"
[history]
silent_for = "36 h"
doses = [
  { at = "2026-10-01T08:00:00Z", daily_dose = "1 mg/day", response = "same" },
  { at = "2026-11-01T08:00:00Z", daily_dose = "<old>", response = "same" },
]
"""
QUOTED = re.compile(r'"([0-9.]+ [^"\s]+)"')
KINDS = (Volume, Mass, Concentration, DoseRate, Duration)


def quantity(text: str) -> Amount:
    for kind in KINDS:
        try:
            return kind.parse(text)
        except QuantityError:
            continue
    raise AssertionError(text)


def spellings(amount: Amount) -> list[str]:
    """The same quantity in every unit that spells it exactly."""
    spelled = [amount.text_in(unit) for unit in type(amount).UNITS]
    return [text for text in spelled if reads_back(amount, text)]


def reads_back(amount: Amount, text: str) -> bool:
    try:
        return type(amount).parse(text) == amount
    except QuantityError:
        return False


def filled(old: int, new: int, bolus: int) -> str:
    parts = {
        "<old>": DoseRate(old).text_in("ng/day"),
        "<new>": DoseRate(new).text_in("ng/day"),
        "<bolus>": Mass(bolus).text_in("ng"),
    }
    return re.sub("<[a-z]+>", lambda found: parts[found[0]], DOCUMENT)


@settings(max_examples=40, deadline=None)
@given(
    old=st.integers(500, 20_000).map(lambda number: number * 1_200),
    factor=st.sampled_from(["0.1", "0.4", "0.9", "1", "1.25", "1.5", "3", "10", "24"]),
    bolus=st.integers(5, 400).map(lambda number: number * 1_000),
    data=st.data(),
)
def test_the_same_plan_in_other_units_draws_the_same_findings(old, factor, bolus, data):
    whole, _, tenths = factor.partition(".")
    new = old * int(whole + tenths) // 10 ** len(tenths)
    plain = filled(old, new, bolus)

    def respelled(found: re.Match[str]) -> str:
        return f'"{data.draw(st.sampled_from(spellings(quantity(found[1]))))}"'

    other = QUOTED.sub(respelled, plain)
    assert check_case(load_check(other)) == check_case(load_check(plain))


def test_quantities_here_have_more_than_one_spelling():
    assert spellings(DoseRate.parse("2.4 mg/day")) == [
        "2400000 ng/day", "2400 microgram/day", "100 microgram/h", "2.4 mg/day", "0.1 mg/h",
    ]  # fmt: skip
    assert len(QUOTED.findall(DOCUMENT)) >= 10
