"""What came out: delivered ratio = (filled - withdrawn) / (filled - expected), tolerance by the size of the reservoir.

Maino 2017: above 1 mL in a 20 mL pump, above 2 mL in a 40 mL pump. SynchroMed II label: 14.5 % (over-infusion notice).
One refill scatters by 15 % (95 %); three visits on one side and beyond their own interval are drift.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from .asked import MS_PER_DAY, NL_PER_ML, at, examples, plan, written

ACCURACY = Fraction("0.145")
pumps = st.sampled_from(["synchromed-ii-20", "synchromed-ii-40"])
shares = st.fractions(0, 1, max_denominator=200)


def nl(share: Fraction, of_nl: int) -> int:
    return int(share * of_nl) // 10_000 * 10_000


@examples(40)
@given(pumps, shares, shares)
def test_ratio_error_and_class_follow_from_what_came_out(pump, expected_share, withdrawn_share):
    filled = 20_000_000 if pump.endswith("20") else 40_000_000
    expected, withdrawn = nl(expected_share, filled), nl(withdrawn_share, filled)
    assume(expected < filled)
    found = plan(
        "discrepancy",
        pump=pump,
        filled=written(filled, "nL"),
        expected=written(expected, "nL"),
        withdrawn=written(withdrawn, "nL"),
        injected="5 mL",
        recovered="5 mL",
    )
    ratio = Fraction(filled - withdrawn, filled - expected)
    tolerance = 1_000_000 if pump.endswith("20") else 2_000_000
    apart = withdrawn - expected
    assert found.count("tolerance") == tolerance
    assert abs(found.count("difference")) == abs(apart)
    assert found.count("ratio") == ratio
    assert found.count("error") == ratio - 1
    if abs(apart) <= tolerance:
        assert found.word("class") == "as expected"
    else:
        assert found.word("class") in ("more than expected" if apart > 0 else "less than expected", "about nothing")
    assert ("volume-differs" in found.rules()) == (abs(apart) > tolerance)
    assert ("delivered-ratio" in found.rules()) == (abs(ratio - 1) > ACCURACY)


def test_the_published_death_was_outside_the_tolerance_of_its_pump():
    """13 mL expected, 11.5 mL drawn out (Estate of Heisey v Yovino): a tolerance of 2 mL would have missed it."""
    found = plan("discrepancy", pump="synchromed-ii-20", filled="20 mL", expected="13 mL", withdrawn="11.5 mL")
    assert {"volume-differs", "place-unproven"} <= found.rules("warn", "stop", "refuse")


@examples(20)
@given(st.integers(5, 120), st.integers(0, 20_000), st.sampled_from([300_000, 500_000, 1_000_000, 1_500_000]))
def test_a_constant_flow_is_what_left_over_the_days(days, withdrawn_ul, label):
    pump = f"isomed-20-{label // 100_000:02d}"
    withdrawn = withdrawn_ul * 1_000
    assume(days * label < 20_000_000)
    found = plan(
        "discrepancy",
        pump=pump,
        filled="20 mL",
        withdrawn=written(withdrawn, "nL"),
        filled_at=at(),
        now=at(days * MS_PER_DAY),
        injected="5 mL",
        recovered="5 mL",
    )
    flow = Fraction(20_000_000 - withdrawn, days)
    assert abs(found.count("flow") - flow) < 1
    assert found.count("ratio") == flow / label
    off = abs(flow / label - 1)
    expected = "accept" if off <= Fraction("0.15") else "look again" if off <= Fraction("0.25") else "investigate"
    assert found.word("flag") == expected


@pytest.mark.parametrize(("before", "now", "flag"), [("1.16", 16, "investigate"), ("1.14", 16, "look again")])
def test_two_refills_in_a_row_beyond_15_percent_are_investigated(before, now, flag):
    found = plan(
        "discrepancy",
        pump="isomed-20-05",
        filled="20 mL",
        withdrawn=written(20_000_000 - 20 * 500_000 * (100 + now) // 100, "nL"),
        filled_at=at(),
        now=at(20 * MS_PER_DAY),
        ratio_before=float(before),
    )
    assert found.word("flag") == flag


@examples(25)
@given(st.lists(st.integers(-200, 200), min_size=2, max_size=8))
def test_drift_needs_three_visits_on_one_side_and_more_than_chance(thousandths):
    """Each visit: 16 mL supposed to go, so many thousandths of it more went."""
    visits = [
        {
            "at": at(number * 90 * MS_PER_DAY),
            "filled_before": "20 mL",
            "expected": "4 mL",
            "withdrawn": written(4 * NL_PER_ML - 16_000 * each, "nL"),
        }
        for number, each in enumerate(thousandths)
    ]
    found = plan("trend", pump="synchromed-ii-20", visits=visits)
    ratios = [1 + Fraction(each, 1000) for each in thousandths]
    for number, ratio in enumerate(ratios, 1):
        assert found.count(f"ratio.{number}") == ratio
    mean = sum(ratios) / len(ratios)
    assert found.count("mean") == mean
    assert found.count("together") == mean  # every visit was supposed to give the same
    half = found.count("half")
    assert half**2 * len(ratios) >= Fraction("0.15") ** 2
    assert (half - Fraction(1, 10_000)) ** 2 * len(ratios) < Fraction("0.15") ** 2
    last = ratios[-3:]
    one_side = len(last) == 3 and (all(each > 1 for each in last) or all(each < 1 for each in last))
    off = abs(sum(last) / len(last) - 1)
    beyond = off**2 * len(last) > Fraction("0.15") ** 2
    clear_of_rounding = abs(off**2 * len(last) - Fraction("0.15") ** 2) > Fraction(1, 1000)
    if clear_of_rounding:
        assert (found.word("drifting") == "yes") == (one_side and beyond)


@pytest.mark.parametrize("error_percent", [3, 5, 7, 10, 14, 16])
def test_how_many_refills_tell_an_error_from_chance(error_percent):
    """Smallest n with 15 % / sqrt(n) below the error: three or more for a true 10 %."""
    visits = [
        {
            "at": at(number * 90 * MS_PER_DAY),
            "filled_before": "20 mL",
            "expected": "4 mL",
            "withdrawn": written(4_000_000 - 160_000 * error_percent, "nL"),
        }
        for number in range(2)
    ]
    needed = 225 // error_percent**2 + 1
    assert isqrt(225) == 15
    assert plan("trend", pump="synchromed-ii-20", visits=visits).count("refills_to_tell") == needed
