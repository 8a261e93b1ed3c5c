"""Slips of units and decimal points: caught by their factor, named for what they look like, silent for real changes."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.quantities import DoseRate, Volume
from thecal.therapy import Prescription, check
from thecal.therapy.arithmetic import rate_for_dose
from thecal.therapy.findings import Verdict
from thecal.therapy.rules.slips import OF_A_CONCENTRATION, OF_A_DOSE, nearest
from thecal.therapy.situation import LabelReading, Pending, RefillOrder

from .dosed import CANCER, NAIVE, SPINAL, TOLERANT, Class, Told, bolus, fluid, history, morning, regimen
from .given import standing

CLASSES = [
    Class(
        "unit-slip",
        (
            # against the previous dose
            (Verdict.STOP, Told("morphine 10 mg/mL", "24 mg/day", "2.4 mg/day")),
            (Verdict.STOP, Told("hydromorphone 1 mg/mL", "0.1 mg/day", "1 mg/day")),
            (
                Verdict.STOP,
                Told("baclofen 500 microgram/mL", morning("60 microgram", "0 microgram/day", 1), "60 microgram/day"),
            ),
            (Verdict.STOP, Told("morphine 10 mg/mL", "2.4 mg/day", "2.4 mg/day", bolus=bolus("1 mg", 20, "1 h"))),
            # against the recorded dose, in a new pump
            (
                Verdict.STOP,
                Told(
                    "baclofen 500 microgram/mL",
                    "60 microgram/day",
                    history=history(("9 day", "600 microgram/day", None)),
                ),
            ),
            # against the library
            (Verdict.STOP, Told("fentanyl 500 microgram/mL", "750 microgram/day")),
            (Verdict.STOP, Told("hydromorphone 2 mg/mL", "1.5 mg/day", patient=NAIVE)),
            (Verdict.STOP, Told("morphine 10 mg/mL", "5 mg/day", patient=NAIVE)),
            (Verdict.STOP, Told("baclofen 50 microgram/mL", "5 microgram/day", patient=SPINAL)),
            # against the library in a rotation, where a ratio is printed and where none is
            (Verdict.STOP, Told("sufentanil 500 microgram/mL", "480 microgram/day", "0.1 mg/day", "morphine 2 mg/mL")),
            (Verdict.STOP, Told("hydromorphone 10 mg/mL", "8 mg/day", "5 mg/day", "morphine 20 mg/mL")),
            (Verdict.STOP, Told("morphine 20 mg/mL", "15 mg/day", "5 mg/day", history=history(silent="60 day"))),
            # concentrations
            (Verdict.STOP, Told("morphine 2.5 mg/mL", "2 mg/day", "2 mg/day", "morphine 25 mg/mL")),
            (Verdict.STOP, Told("hydromorphone 1 mg/mL", "0.5 mg/day", "0.5 mg/day", "hydromorphone 10 mg/mL")),
            (Verdict.STOP, Told("morphine 20 microgram/mL", "10 microgram/day")),
            (Verdict.STOP, Told("hydromorphone 50 mg/mL", "3 mg/day", patient=CANCER)),
            (Verdict.STOP, Told("morphine 2 mg/mL + clonidine 1 microgram/mL", "0.5 mg/day")),
        ),
        (
            Told("morphine 10 mg/mL", "5 mg/day", "2.4 mg/day"),
            Told("morphine 10 mg/mL", "12 mg/day", "2.4 mg/day"),  # five times: another rule stops it
            Told("morphine 20 mg/mL", "9 mg/day", patient=TOLERANT),
            Told("morphine 2 mg/mL", "0.1 mg/day", patient=NAIVE),
            Told("baclofen 2000 microgram/mL", "300 microgram/day", "300 microgram/day", "baclofen 500 microgram/mL"),
            Told("morphine 2 mg/mL", "0.5 mg/day", "0.5 mg/day", "morphine 10 mg/mL"),
            Told("morphine 2 mg/mL", "0.5 mg/day", "5 mg/day", "morphine 20 mg/mL", history=history(silent="60 day")),
            Told("hydromorphone 5 mg/mL", "1 mg/day", "5 mg/day", "morphine 20 mg/mL"),
            Told("sufentanil 100 microgram/mL", "15 microgram/day", "0.1 mg/day", "morphine 2 mg/mL"),
            Told("hydromorphone 0.02 mg/mL", "2 microgram/day", "0.01 mg/day", "morphine 0.1 mg/mL"),
            Told("fentanyl 5000 microgram/mL", "250 microgram/day", "240 microgram/day"),
            Told("clonidine 20 microgram/mL", "20 microgram/day"),
            Told("bupivacaine 10 mg/mL", "9 mg/day", "8 mg/day"),
            Told("ropivacaine 2 mg/mL", "1 mg/day"),
            Told("meperidine 30 mg/mL", "3 mg/day"),
            Told("morphine 10 mg/mL", "stopped", "2.4 mg/day"),
        ),
    ),
]


@pytest.mark.parametrize("mistakes", CLASSES, ids=lambda each: each.rule)
def test_a_class_of_mistakes_is_caught_and_its_harmless_twin_is_not(mistakes):
    mistakes.must_hold()


def fields(told: Told) -> list[str]:
    return [each.field for each in told.findings() if each.rule == "unit-slip"]


CONCENTRATIONS = [
    # the fluid, what it is about, and how the slip is called; nothing ran before
    (Told("morphine 20 microgram/mL", "10 microgram/day"), "mg and microgram"),
    (Told("clonidine 500 ng/mL", "25 ng/day"), "mg and microgram"),
    (Told("hydromorphone 50 mg/mL", "3 mg/day"), "one place off"),
    (Told("ziconotide 250 microgram/mL", "14 microgram/day"), "one place off"),
    (Told("clonidine 50000 microgram/mL", "3 mg/day"), "two places off"),
    (Told("sufentanil 60000 microgram/mL", "3 mg/day"), "two places off"),
    (Told("ziconotide 1000 microgram/mL", "50 microgram/day"), "one place off"),
    (Told("morphine 25 microgram/mL", "5 microgram/day"), "mg and microgram"),
]


@pytest.mark.parametrize(("told", "named"), CONCENTRATIONS)
def test_a_first_fluid_is_held_against_the_strongest_that_is_printed(told, named):
    found = next(
        each for each in told.findings() if each.rule == "unit-slip" and each.field.startswith("concentration of")
    )
    assert named in found.words
    assert found.compared[0].label == "strongest fluid printed"


ORDINARY = [
    "morphine 0.5 mg/mL",
    "morphine 50 mg/mL",
    "hydromorphone 0.1 mg/mL",
    "fentanyl 10000 microgram/mL",
    "fentanyl 50 microgram/mL",
    "clonidine 20 microgram/mL",
    "baclofen 50 microgram/mL",
    "ropivacaine 90 mg/mL",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_a_diluted_fluid_is_no_slip(text):
    held = fluid(text)
    flow = rate_for_dose(DoseRate(held[0].concentration.count // 5), held[0].concentration)
    assert flow.count == 200_000
    told = Told(text, DoseRate(held[0].concentration.count // 5).text_in("ng/day"))
    assert not [field for field in fields(told) if field.startswith("concentration of")]


# Sufentanil is started at 10 to 20 microgram a day: no two factors lead back among so few.
EDGES = [
    ("100", "one place off"),
    ("200", "one place off"),
    ("240", "per hour and per day"),
    ("1", "one place off"),
    ("2", "one place off"),
    ("0.5", "per hour and per day"),
    ("40", None),
    ("5", None),
    ("3", None),
    ("500", None),
]


@pytest.mark.parametrize(("microgram", "named"), EDGES)
def test_a_factor_leads_back_to_either_end_of_the_printed_starts_and_not_beyond(microgram, named):
    dose = f"{microgram} microgram/day"
    strength = Fraction(microgram) * 10
    told = Told(f"sufentanil {strength} microgram/mL", dose)
    found = [each.words for each in told.findings() if each.rule == "unit-slip" and "24-hour dose" in each.field]
    assert (named is None) == (found == [])
    assert named is None or named in found[0]


@pytest.mark.parametrize(("dose", "chosen"), [("1", True), ("1.1", False), ("0.25", True), ("0.2", False)])
def test_a_fluid_is_chosen_for_its_dose_while_the_daily_volume_at_most_doubles_or_halves(dose, chosen):
    told = Told("morphine 2 mg/mL", f"{dose} mg/day", "5 mg/day", "morphine 20 mg/mL")
    assert ("concentration of morphine" not in fields(told)) == chosen


def test_a_first_program_after_a_refill_is_held_against_the_fluid_before_it():
    """The pump never ran, but was told of a fluid; the refill of this visit brings a tenth of it."""
    thin, strong = fluid("baclofen 50 microgram/mL"), fluid("baclofen 500 microgram/mL")
    order = RefillOrder(
        Volume.parse("18 mL"),
        Volume.parse("18 mL"),
        tuple(LabelReading(each.drug, each.concentration) for each in thin),
    )
    wanted = Prescription(thin, regimen("50 microgram/day"))
    found = check(Pending(wanted, order), standing(strong))
    assert "concentration of baclofen" in [each.field for each in found if each.rule == "unit-slip"]


def slip(told: Told):
    return next(each for each in told.findings() if each.rule == "unit-slip")


# Hydromorphone is started at 0.01 to 0.15 mg a day, fentanyl at 25 to 75 microgram: the middle by ratio is 39 and 43.
BEST = [
    (Told("hydromorphone 2 mg/mL", "1.5 mg/day", patient=NAIVE), ("minutes and hours", "per hour and per day")),
    (Told("hydromorphone 10 mg/mL", "3.8 mg/day", patient=NAIVE), ("two places off", "minutes and hours")),
    (Told("fentanyl 500 microgram/mL", "750 microgram/day"), ("per hour and per day", "one place off")),
    (Told("fentanyl 5000 microgram/mL", "4000 microgram/day"), ("two places off", "minutes and hours")),
]


@pytest.mark.parametrize(("told", "named"), BEST)
def test_of_many_factors_that_lead_back_the_two_are_named_that_lead_nearest_to_the_middle(told, named):
    first, second = re.findall(r"(?:looks like| or) (.*?)(?= or |; read)", slip(told).words)
    assert named[0] in first
    assert named[1] in second


NAMED = [
    (Told("morphine 10 mg/mL", "24 mg/day", "2.4 mg/day"), "a decimal point one place off", Fraction(10)),
    (Told("morphine 25 mg/mL", "105 mg/day", "1.25 mg/day"), "a decimal point two places off", Fraction(84)),
    (Told("morphine 25 mg/mL", "72 mg/day", "1.2 mg/day"), "minutes and hours", Fraction(60)),
    (Told("morphine 10 mg/mL", "24 mg/day", "1 mg/day"), "per hour and per day", Fraction(24)),
    (Told("ziconotide 25 microgram/mL", "2.4 microgram/day", "58 microgram/day"), "per hour and per day", None),
    (
        Told("fentanyl 50000 microgram/mL", "100000 microgram/day", "100 microgram/day", "fentanyl 200 microgram/mL"),
        "mg and microgram",
        Fraction(1_000),
    ),
    (Told("baclofen 500 microgram/mL", "1440 microgram/day"), "per hour and per day", Fraction(36, 5)),
    (Told("sufentanil 100 microgram/mL", "20000 ng/day", "20 mg/day", "sufentanil 2 mg/mL"), "mg and microgram", None),
]


@pytest.mark.parametrize(("told", "named", "ratio"), NAMED)
def test_a_slip_is_called_by_its_name(told, named, ratio):
    found = slip(told)
    assert named in found.words
    assert ratio is None or found.ratio == ratio


def test_the_factors_are_those_of_the_units():
    assert [each.factor for each in OF_A_DOSE] == [1_000, 100, 60, 24, 10]
    assert [each.factor for each in OF_A_CONCENTRATION] == [1_000, 100, 10]


@settings(max_examples=80)
@given(
    st.sampled_from(OF_A_DOSE),
    st.fractions(Fraction(2, 3), Fraction(3, 2), max_denominator=1_000),
    st.booleans(),
)
def test_a_whole_factor_on_a_titrated_dose_is_seen_either_way(made, moved, upwards):
    ratio = made.factor * moved
    assert nearest(ratio if upwards else 1 / ratio, OF_A_DOSE, Fraction(3, 2)) is not None


@settings(max_examples=80)
@given(st.fractions(Fraction(1, 6), Fraction(6), max_denominator=10_000).filter(lambda ratio: ratio > 0))
def test_no_change_up_to_six_times_looks_like_a_slip(ratio):
    assert nearest(ratio, OF_A_DOSE, Fraction(3, 2)) is None


def test_of_two_factors_in_reach_the_nearer_one_is_named():
    assert nearest(Fraction(75), OF_A_DOSE, Fraction(3, 2)).factor == 60
    assert nearest(Fraction(80), OF_A_DOSE, Fraction(3, 2)).factor == 100


def test_a_thinner_fluid_for_a_smaller_dose_is_a_choice_and_for_the_same_dose_a_slip():
    chosen = Told("morphine 2 mg/mL", "0.5 mg/day", "5 mg/day", "morphine 20 mg/mL")
    assert fields(chosen) == ["24-hour dose of morphine"]
    same = Told("morphine 2 mg/mL", "5 mg/day", "5 mg/day", "morphine 20 mg/mL")
    assert fields(same) == ["concentration of morphine"]
