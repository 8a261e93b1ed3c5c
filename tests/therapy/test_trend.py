"""Delivered ratios over visits: mean with its uncertainty, drift, and what one refill cannot tell."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.catalogue.policy import policy
from thecal.therapy import EntryRefused, Verdict
from thecal.therapy.calculators.trend import CALCULATOR
from thecal.therapy.drift import drifting, half_interval, one_sd, refills_to_tell, trend
from thecal.therapy.square_root import root_above

from .worked import explains_itself, numbers, said, worked

POLICY = policy()
fractions = st.fractions(0, 3, max_denominator=1_000)
errors = st.lists(fractions, min_size=1, max_size=8).map(tuple)


def visits(*withdrawn, expected="5 mL", filled="20 mL"):
    """Monthly refills of a reservoir in which 5 of 20 mL were expected."""
    return [
        {"at": f"2026-{month:02d}-01T08:00:00Z", "filled_before": filled, "expected": expected, "withdrawn": each}
        for month, each in enumerate(withdrawn, start=1)
    ]


def asked(*withdrawn, pump="synchromed-ii-20", **more):
    return worked(CALCULATOR, {"pump": pump, "visits": visits(*withdrawn, **more)})


# --- square root --------------------------------------------------------------------------------


@settings(max_examples=200)
@given(square=st.fractions(0, 10**12, max_denominator=10**6), parts=st.integers(1, 10**6))
def test_a_square_root_is_the_smallest_that_is_not_too_small(square, parts):
    root = root_above(square, parts)
    assert (root * parts).denominator == 1
    assert root * root >= square
    below = root - Fraction(1, parts)
    assert below < 0 or below * below < square


@pytest.mark.parametrize("root", range(40))
def test_the_root_of_a_square_is_exact(root):
    assert root_above(Fraction(root * root), 1) == root
    assert root_above(Fraction(root * root + 1), 1) == root + 1


def test_a_negative_number_has_no_root():
    with pytest.raises(ValueError, match="negative"):
        root_above(Fraction(-1, 10), 10)


# --- uncertainty --------------------------------------------------------------------------------


def test_one_refill_and_three_are_as_uncertain_as_published():
    """1402 refills: 0.15 for one, so a standard deviation of 0.077 [constant-flow 1.4], and 0.087 for three [3.7]."""
    assert half_interval(1, POLICY) == Fraction(15, 100)
    assert round(half_interval(3, POLICY), 3) == Fraction(87, 1000)
    assert round(one_sd(POLICY), 3) == Fraction(77, 1000)


@pytest.mark.parametrize("refills", range(1, 30))
def test_uncertainty_falls_with_the_square_root_of_the_refills_and_is_rounded_up(refills):
    exact = Decimal("0.15") / Decimal(refills).sqrt()
    found = half_interval(refills, POLICY)
    assert 0 <= Decimal(found.numerator) / Decimal(found.denominator) - exact < Decimal("0.0001")
    assert half_interval(refills + 1, POLICY) <= found


@pytest.mark.parametrize(
    ("error", "refills"), [("0.2", 1), ("0.15", 2), ("0.1", 3), ("-0.1", 3), ("0.05", 10), ("0.01", 226)]
)
def test_how_many_refills_it_takes_to_tell_an_error(error, refills):
    """One refill cannot tell a true 10 % flow error from reading; three can [constant-flow 1.4]."""
    assert refills_to_tell(Fraction(error), POLICY) == refills


@settings(max_examples=100)
@given(error=st.fractions(Fraction(1, 100), 2, max_denominator=500))
def test_so_many_refills_tell_it_and_one_fewer_does_not(error):
    needed = refills_to_tell(error, POLICY)
    assert error**2 * needed > POLICY.one_refill**2
    assert error**2 * (needed - 1) <= POLICY.one_refill**2


def test_no_error_is_never_told():
    assert refills_to_tell(Fraction(0), POLICY) is None


@settings(max_examples=100)
@given(ratios=errors)
def test_the_mean_lies_within_its_interval_and_the_interval_says_whether_one_does(ratios):
    found = trend(ratios, POLICY)
    assert min(ratios) <= found.mean <= max(ratios)
    assert 0 <= found.low <= found.mean <= found.high
    assert found.differs_from_one == (abs(found.mean - 1) > found.half)
    if found.surely_outside(Fraction(1, 10)):
        assert abs(found.mean - 1) > Fraction(1, 10)


# one ratio -> beyond chance, surely outside 14.5 %: exactly at the end of its interval it is neither
@pytest.mark.parametrize(
    ("ratio", "differs", "outside"),
    [
        ("1.15", False, False),
        ("1.1501", True, False),
        ("0.85", False, False),
        ("0.8499", True, False),
        ("1.295", True, False),
        ("1.2951", True, True),
        ("0.705", True, False),
        ("0.7049", True, True),
    ],
)
def test_the_ends_of_the_interval_belong_to_it(ratio, differs, outside):
    found = trend((Fraction(ratio),), POLICY)
    assert found.differs_from_one is differs
    assert found.surely_outside(Fraction(145, 1000)) is outside


# --- drift --------------------------------------------------------------------------------------


# ratios in per cent, oldest first -> drift
@pytest.mark.parametrize(
    ("ratios", "drifts"),
    [
        ((110, 110, 110), True),
        ((90, 90, 90), True),
        ((109, 108, 112), True),
        ((101, 102, 101), False),  # the same side, within chance: one accurate pump in four
        ((130, 130, 99), False),
        ((99, 130, 130), False),
        ((120, 120), False),
        ((100, 115, 115), False),
        ((80, 110, 110, 110), True),
        ((110, 110, 110, 100), False),
        ((), False),
    ],
)
def test_three_visits_off_to_the_same_side_by_more_than_chance_are_drift(ratios, drifts):
    assert drifting(tuple(Fraction(each, 100) for each in ratios), POLICY) is drifts


@settings(max_examples=150)
@given(ratios=errors, shift=fractions)
def test_what_went_before_the_last_three_does_not_matter_and_drift_is_symmetric(ratios, shift):
    assert drifting((shift, *ratios[-3:]), POLICY) == drifting(ratios[-3:], POLICY) or len(ratios) < 3
    mirrored = tuple(2 - each for each in ratios)
    if all(each <= 2 for each in ratios):
        assert drifting(mirrored, POLICY) == drifting(ratios, POLICY)


# --- the calculator -----------------------------------------------------------------------------


# drawn out at monthly refills -> mean, half, interval, refills to tell
@pytest.mark.parametrize(
    ("withdrawn", "expected"),
    [
        (("5 mL",), ("1", "0.15", "0.85", "1.15", "–")),
        (("3.5 mL",), ("1.1", "0.15", "0.95", "1.25", "3")),
        (("4 mL", "3.5 mL", "3 mL"), ("1.1", "0.0867", "1.0133", "1.1867", "3")),
        (("5 mL", "5 mL", "5 mL", "5 mL"), ("1", "0.075", "0.925", "1.075", "–")),
        (("20 mL",), ("0", "0.15", "0", "0.15", "1")),
    ],
)
def test_worked_examples_come_out_to_the_last_digit(withdrawn, expected):
    found = asked(*withdrawn)
    shown = numbers(found)
    assert tuple(shown[key] for key in ("mean", "half", "low", "high", "refills_to_tell")) == expected
    assert explains_itself(found)


def test_all_delivered_to_all_supposed_is_shown_beside_the_mean():
    """Two refills of 15 and 5 mL supposed: 16 and 4 mL delivered."""
    document = [
        *visits("4 mL"),
        {"at": "2026-06-01T08:00:00Z", "filled_before": "10 mL", "expected": "5 mL", "withdrawn": "6 mL"},
    ]
    shown = numbers(worked(CALCULATOR, {"pump": "synchromed-ii-20", "visits": document}))
    assert (shown["together"], shown["mean"]) == ("1", "0.9333")


@pytest.mark.parametrize(
    ("withdrawn", "rules"),
    [
        (("5 mL", "5.5 mL", "4.5 mL"), {}),
        (("5 mL",), {"one-refill": Verdict.INFO}),
        (("2 mL",), {"one-refill": Verdict.INFO, "delivered-ratio": Verdict.WARN}),  # 1.2: reading may explain it
        (("3.5 mL",) * 3, {"delivered-ratio": Verdict.INFO, "drift": Verdict.WARN}),  # 1.1: within 14.5 %
        (("1 mL",) * 3, {"delivered-ratio": Verdict.WARN, "drift": Verdict.WARN}),  # 1.267
        (("9 mL",) * 3, {"delivered-ratio": Verdict.WARN, "drift": Verdict.WARN}),  # 0.733
    ],
)
def test_what_is_said(withdrawn, rules):
    assert said(asked(*withdrawn)) == rules


@pytest.mark.parametrize(("withdrawn", "words"), [("2.5 mL", "may explain"), ("1 mL", "beyond doubt")])
def test_a_mean_outside_the_label_says_whether_reading_alone_can_explain_it(withdrawn, words):
    (off,) = [each for each in asked(*[withdrawn] * 3).findings if each.rule == "delivered-ratio"]
    assert words in off.words


def test_visits_without_a_supposed_delivery_say_nothing():
    found = asked("20 mL", expected="20 mL")
    assert found.answer.trend is None
    assert said(found) == {"delivered-ratio": Verdict.INFO}
    assert numbers(found)["mean"] == "–"


def test_a_constant_flow_is_accepted_as_far_as_the_clinic_accepts_it():
    assert asked("5 mL", pump="isomed-20-05").answer.accepted.amount == Fraction(15, 100)
    assert asked("5 mL").answer.accepted.amount == Fraction(145, 1000)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([], "at least one"),
        (visits("5 mL", "5 mL")[::-1], "oldest first"),
        (visits("5 mL") * 2, "oldest first"),
        (visits("21 mL"), "number 1"),
        (visits("5 mL", filled="21 mL"), "number 1"),
        (visits("5 mL", "5 mL", expected="20.1 mL"), "number 1 expects more"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(told, words):
    with pytest.raises(EntryRefused, match=words) as refused:
        worked(CALCULATOR, {"pump": "synchromed-ii-20", "visits": told})
    assert refused.value.field == "visits"
    assert "\n" not in str(refused.value)
