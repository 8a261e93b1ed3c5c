"""Patient boluses in their worst case, and what the strokes and the flow floor make of a dose.

The number of boluses is found by pressing the button as often as the pump allows and counting every rolling 24 hours;
limits count every component, rounded up. What is given is whole strokes, rounded down.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from .asked import MS_PER_DAY, NL_PER_ML, ceil, examples, floor, fluid, plan, written

STROKE_NL, LOWEST_NL, HIGHEST_NL = 500, 48_000, 24_000_000
QUARTERS_A_DAY = 96
SHORTEST_BOLUS_MS = 60_000


def most_in_24_hours(lockout_quarters: int, allotted: int) -> int:
    """Boluses in the fullest 24 hours when the button is pressed every quarter of an hour for four days."""
    starts: list[int] = []
    for now in range(4 * QUARTERS_A_DAY):
        window = [each for each in starts if each > now - QUARTERS_A_DAY]
        if len(window) < allotted and (not starts or now - starts[-1] >= lockout_quarters):
            starts.append(now)
    return max(sum(first <= each < first + QUARTERS_A_DAY for each in starts) for first in starts)


def boluses(strength, dose, bolus_ng, quarters, allotted, beside=200_000, minutes=10):
    return plan(
        "bolus",
        pump="synchromed-ii-20",
        fluid=fluid(("morphine", strength), ("clonidine", beside)),
        therapy={
            "mode": "simple continuous",
            "daily_dose": written(dose, "ng/day"),
            "patient_bolus": {
                "dose": written(bolus_ng, "ng"),
                "duration": f"{minutes} min",
                "lockout": f"{quarters * 15} min",
                "maximum_per_24h": allotted,
            },
        },
    )


@examples(40)
@given(
    st.integers(1_000_000, 20_000_000),
    st.integers(500_000, 5_000_000),
    st.integers(20_000, 500_000),
    st.integers(1, 96),
    st.integers(1, 24),
)
def test_the_worst_day_counts_every_bolus_that_the_pump_lets_through(strength, dose, bolus_ng, quarters, allotted):
    flow = Fraction(dose * NL_PER_ML, strength)
    strokes = floor(Fraction(bolus_ng * NL_PER_ML, strength * STROKE_NL))
    assume(flow >= LOWEST_NL and strokes >= 1)
    assume(strokes * STROKE_NL * MS_PER_DAY <= (HIGHEST_NL - floor(flow)) * 600_000)
    found = boluses(strength, dose, bolus_ng, quarters, allotted)
    number = most_in_24_hours(quarters, allotted)
    assert found.count("allotted") == allotted
    assert found.count("effective") == number
    assert ("effective-boluses" in found.rules()) == (number < allotted)
    volume = strokes * STROKE_NL
    assert found.count("bolus_volume") == volume
    assert found.count("daily_volume") <= flow < found.count("daily_volume") + STROKE_NL + 1
    worst = ceil(Fraction(floor(flow), STROKE_NL)) * STROKE_NL + number * volume
    assert found.count("greatest_volume") == worst
    for drug, per_ml in (("morphine", strength), ("clonidine", 200_000)):
        assert found.count(f"{drug}.greatest") == ceil(Fraction(worst * per_ml, NL_PER_ML))
        assert found.count(f"{drug}.bolus") == floor(Fraction(volume * per_ml, NL_PER_ML))
    assert found.count("morphine.bolus") <= bolus_ng
    fits = ceil(Fraction(volume * MS_PER_DAY, HIGHEST_NL - floor(flow)))
    assert found.count("shortest_duration") == max(SHORTEST_BOLUS_MS, fits)


@examples(20)
@given(
    st.integers(500_000, 5_000_000),
    st.tuples(st.integers(20_000, 500_000), st.integers(20_000, 500_000)),
    st.tuples(st.integers(1, 96), st.integers(1, 96)),
    st.tuples(st.integers(1, 24), st.integers(1, 24)),
)
def test_a_larger_bolus_a_shorter_lockout_or_more_of_them_never_lower_the_worst_day(dose, doses, quarters, allotted):
    less = boluses(10_000_000, dose, min(doses), max(quarters), min(allotted))
    more = boluses(10_000_000, dose, max(doses), min(quarters), max(allotted))
    for key in ("effective", "greatest_volume", "morphine.greatest", "clonidine.greatest"):
        assert less.count(key) <= more.count(key)


@examples(20)
@given(st.integers(1_000_000, 20_000_000), st.integers(1, 20_000_000), st.integers(1, 60))
def test_a_bolus_below_a_stroke_or_faster_than_the_pump_is_refused(strength, bolus_ng, minutes):
    dose = 5 * strength // 10
    found = boluses(strength, dose, bolus_ng, 5, 1, minutes=minutes)
    volume = Fraction(bolus_ng * NL_PER_ML, strength)
    flow = floor(Fraction(dose * NL_PER_ML, strength))
    given_nl = floor(volume / STROKE_NL) * STROKE_NL
    too_fast = given_nl * MS_PER_DAY > (HIGHEST_NL - flow) * minutes * 60_000
    assert ("bolus-below-stroke" in found.rules("refuse")) == (volume < STROKE_NL)
    if volume >= STROKE_NL:
        assert ("bolus-flow" in found.rules("refuse")) == too_fast


PUMPS = {"synchromed-ii-20": (500, 48_000, 24_000_000), "prometra-ii-20": (2_500, 48_000, 28_800_000)}


@examples(40)
@given(
    st.sampled_from(sorted(PUMPS)),
    st.integers(100_000, 25_000_000),
    st.integers(10_000, 20_000_000),
    st.integers(1_000, 2_000_000),
)
def test_an_achievable_dose_is_whole_flow_within_the_pump_and_never_more_than_wanted(pump, strength, dose, beside):
    stroke, lowest, highest = PUMPS[pump]
    found = plan(
        "achievable",
        pump=pump,
        fluid=fluid(("morphine", strength), ("clonidine", beside)),
        daily_dose=written(dose, "ng/day"),
    )
    flow = floor(Fraction(dose * NL_PER_ML, strength))
    assert found.count("range.lowest") == ceil(Fraction(lowest * strength, NL_PER_ML))
    assert found.count("range.highest") == floor(Fraction(highest * strength, NL_PER_ML))
    assert -1 < found.count("stroke_dose") - Fraction(stroke * strength, NL_PER_ML) < 1
    if not lowest <= flow <= highest:
        wrong = "rate-too-low" if flow < lowest else "rate-too-high"
        assert wrong in found.rules("refuse")
        assert found.count("flow") is None
        return
    assert not {"rate-too-low", "rate-too-high"} & found.rules()
    assert found.count("flow") == flow
    given_ng = found.count("morphine.achievable")
    assert 0 <= dose - given_ng <= Fraction(strength, NL_PER_ML) + 1
    assert found.count("morphine.residual") == dose - given_ng
    assert abs(found.count("clonidine.achievable") - Fraction(flow * beside, NL_PER_ML)) < 1
    assert found.count("nearest_below") <= dose
    assert found.count("strokes_per_day") == Fraction(flow, stroke)
    assert found.count("thinnest") == ceil(Fraction(dose * NL_PER_ML, highest))
    assert found.count("thickest") == min(floor(Fraction(dose * NL_PER_ML, lowest)), 20_000_000)  # PACC 2017


@pytest.mark.parametrize(("dose", "possible"), [("0.096 mg/day", True), ("0.0959 mg/day", False)])
def test_the_published_floor_of_a_microdose(dose, possible):
    """0.048 mL/day at 2 mg/mL is 0.096 mg/day."""
    found = plan("achievable", pump="synchromed-ii-20", fluid=fluid(("morphine", 2_000_000)), daily_dose=dose)
    assert (found.count("flow") is not None) == possible
    assert found.count("range.lowest") == 96_000


def test_the_published_floor_of_undiluted_ziconotide():
    """Prialt: 1.2 microgram/day is the least of 25 microgram/mL on a pump with 0.048 mL/day."""
    found = plan(
        "achievable", pump="synchromed-ii-20", fluid=fluid(("ziconotide", 25_000)), daily_dose="1.2 microgram/day"
    )
    assert found.count("range.lowest") == found.count("ziconotide.achievable") == 1_200
