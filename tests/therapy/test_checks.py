"""Every rule: when it speaks, with which verdict, and that a sound plan hears no WARN."""

from __future__ import annotations

from fractions import Fraction

import pytest

from thecal.catalogue.pumps import ConstantFlowPump, pump_model
from thecal.quantities import Concentration, DoseRate, Mass, Volume
from thecal.therapy import (
    Flex,
    FluidComponent,
    MinimumRate,
    Prescription,
    Stopped,
    TimedDose,
    Verdict,
    cannot_program,
    review,
)
from thecal.therapy.findings import worst
from thecal.therapy.rules import PLAN_RULES

from .given import baclofen, bolus, continuous, morning_dose, morphine, standing, translated


def found_in(prescription, at):
    """Rule -> verdict."""
    return {finding.rule: finding.verdict for finding in review(prescription, at).findings}


SOUND = [
    (continuous("0.8 mg/day", morphine("2 mg/mL")), standing(morphine("2 mg/mL"))),
    (continuous("2.4 mg/day", bolus=bolus()), standing(running=continuous("2 mg/day"))),
    (continuous("3.8 mg/day"), standing(running=continuous("3.5 mg/day"))),
    (morning_dose(background="240 microgram/day"), standing(baclofen(), continuous("250 microgram/day", baclofen()))),
    (continuous("0.15 mg/day", morphine("2 mg/mL")), standing(morphine("2 mg/mL"))),
]


@pytest.mark.parametrize(("prescription", "at"), SOUND)
def test_a_sound_plan_draws_nothing_heavier_than_information(prescription, at):
    assert worst(review(prescription, at).findings).weight <= Verdict.INFO.weight


STRONG = morphine("22 mg/mL")
STRONGER = morphine("30 mg/mL")
MIXED = (*morphine(), FluidComponent("baclofen", Concentration.parse("50 microgram/mL")))

FIRING = [
    ("concentration-above-consensus", Verdict.WARN, continuous("2.4 mg/day", STRONG), standing(STRONG)),
    ("concentration-above-label", Verdict.WARN, continuous("2.4 mg/day", STRONGER), standing(STRONGER)),
    ("dose-above-consensus", Verdict.WARN, continuous("14.9 mg/day", bolus=bolus()), standing()),
    ("dose-above-label-caution", Verdict.WARN, continuous("20.1 mg/day"), standing()),
    ("dose-above-ceiling", Verdict.REFUSE, continuous("50.1 mg/day"), standing()),
    ("no-previous-dose", Verdict.INFO, continuous("2.4 mg/day"), standing()),
    ("dose-step-up", Verdict.STOP, continuous("2.4 mg/day"), standing(running=continuous("1.19 mg/day"))),
    ("dose-step-down", Verdict.WARN, continuous("1.19 mg/day"), standing(running=continuous("2.4 mg/day"))),
    ("step-repeats", Verdict.STOP, morning_dose(every_h=1), standing(baclofen())),
    ("step-repeats", Verdict.INFO, morning_dose(every_h=12), standing(baclofen(), morning_dose(every_h=12))),
    ("abrupt-stop", Verdict.WARN, Prescription(morphine(), Stopped()), standing(running=continuous("2.4 mg/day"))),
    ("abrupt-stop", Verdict.WARN, Prescription(morphine(), MinimumRate()), standing(running=continuous("2.4 mg/day"))),
    ("mixture", Verdict.INFO, continuous("2.4 mg/day", MIXED), standing(MIXED)),
    ("fluid-differs", Verdict.REFUSE, continuous("2.4 mg/day"), standing(morphine("25 mg/mL"))),
    (
        "bolus-not-allowed",
        Verdict.REFUSE,
        continuous("250 microgram/day", baclofen(), bolus("0.01 mg")),
        standing(baclofen()),
    ),
    ("effective-boluses", Verdict.WARN, continuous("2.4 mg/day", bolus=bolus(lockout="8 h", maximum=4)), standing()),
    ("days-left", Verdict.WARN, continuous("2.4 mg/day"), standing(reservoir="3.5 mL")),
    ("refill-interval", Verdict.WARN, continuous("2.4 mg/day", morphine("2 mg/mL")), standing(morphine("2 mg/mL"))),
    ("residual-daily", Verdict.INFO, continuous("1 mg/day", morphine("3 mg/mL")), standing(morphine("3 mg/mL"))),
    ("residual-bolus", Verdict.INFO, continuous("2.4 mg/day", bolus=bolus("0.123 mg")), standing()),
    (
        "unknown-drug",
        Verdict.REFUSE,
        continuous("2.4 mg/day", (FluidComponent("sugar", Concentration(10**7)),)),
        standing(),
    ),
]


@pytest.mark.parametrize(("rule", "verdict", "prescription", "at"), FIRING)
def test_a_rule_speaks_when_it_should(rule, verdict, prescription, at):
    assert found_in(prescription, at)[rule] is verdict


@pytest.mark.parametrize("rule", sorted({rule for rule, *_ in FIRING}))
def test_a_rule_is_silent_on_at_least_one_sound_plan(rule):
    assert any(rule not in found_in(prescription, at) for prescription, at in SOUND)


@pytest.mark.parametrize("level", ["1.9 mL", "10.1 mL"])
def test_an_alarm_level_that_is_too_low_or_too_high_is_warned_of(level):
    plan = continuous("2.4 mg/day")
    prescription = Prescription(plan.components, plan.regimen, None, Volume.parse(level))
    assert found_in(prescription, standing())["alarm-level"] is Verdict.WARN


def test_every_rule_is_exercised_here():
    spoken = {rule for rule, *_ in FIRING} | {"alarm-level"}
    assert len(set(PLAN_RULES)) == len(PLAN_RULES)
    assert {"dose-step-up", "days-left", "alarm-level", "mixture"} <= spoken


def test_every_limit_is_shown_with_its_source_and_confidence():
    for rule, _, prescription, at in FIRING:
        finding = next(each for each in review(prescription, at).findings if each.rule == rule)
        assert finding.words.endswith(".")
        if rule.startswith(("dose-", "concentration-", "days-", "refill-")):
            assert finding.source
            assert finding.confidence
            assert len(finding.compared) >= 2


def test_a_step_of_exactly_twice_the_dose_needs_no_second_confirmation():
    at = standing(running=continuous("1.2 mg/day"))
    assert "dose-step-up" not in found_in(continuous("2.4 mg/day"), at)
    assert "dose-step-up" in found_in(continuous("2.41 mg/day"), at)


def test_the_ratio_counts_every_bolus_the_patient_could_take():
    """Basal alone is unchanged; with 10 boluses of 0.3 mg the greatest 24-hour dose is 2.25 times the old."""
    at = standing(running=continuous("2.4 mg/day"))
    found = review(continuous("2.4 mg/day", bolus=bolus("0.3 mg", "1 h", 10)), at)
    assert found.ratio == Fraction(9, 4)
    assert [needed.ratio for needed in found.confirmations_needed if needed.separate] == [Fraction(9, 4)]


def test_the_ratio_of_the_basal_counts_even_where_fewer_boluses_hide_it():
    at = standing(running=continuous("1 mg/day", bolus=bolus("0.3 mg", "1 h", 10)))
    assert review(continuous("2.5 mg/day"), at).ratio == Fraction(5, 2)


def test_sixty_microgram_every_hour_instead_of_each_morning_is_caught_as_24_times():
    """The published error, with and without a previous program in the pump."""
    after_right_one = review(morning_dose(every_h=1), standing(baclofen(), morning_dose()))
    first_program = review(morning_dose(every_h=1), standing(baclofen()))
    for found in (after_right_one, first_program):
        stops = [needed for needed in found.confirmations_needed if needed.separate]
        assert Fraction(24) in [needed.ratio for needed in stops]
        assert any("24 ×" in needed.words for needed in stops)


def test_a_morning_dose_entered_as_the_whole_day_is_caught_by_its_ratio():
    steps = (TimedDose(0, 1_440, Mass.parse("1440 microgram"), 24),)
    found = review(Prescription(baclofen(), Flex(DoseRate(0), steps)), standing(baclofen(), morning_dose()))
    assert found.ratio == 24


def test_a_restart_is_compared_with_what_ran_before_the_stop():
    earlier = translated(continuous("1 mg/day")).program
    found = review(continuous("2.4 mg/day"), standing(last_infusing=earlier))
    assert found.ratio == Fraction(12, 5)


def test_a_constant_flow_pump_is_never_programmed_and_says_why():
    pump = pump_model("isomed-20-05")
    assert isinstance(pump, ConstantFlowPump)
    finding = cannot_program(pump)
    assert finding.path == "pending.prescription"
    assert finding.verdict is Verdict.REFUSE
    assert "concentration" in finding.words
    assert "refill" in finding.words
