"""What a pump cannot run is still a dose somebody wrote: the rules about it do not wait for a program."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings

from thecal.quantities import Concentration, DoseRate, Duration, FlowRate, Volume
from thecal.therapy import FluidComponent, MinimumRate, Prescription, SimpleContinuous, Stopped, Translation, translate
from thecal.therapy.arithmetic import dose_counted, follows
from thecal.therapy.checks import check
from thecal.therapy.findings import Verdict
from thecal.therapy.given import by_prescription, by_program
from thecal.therapy.situation import LabelReading, Pending, RefillOrder

from .given import baclofen, bolus, continuous, morning_dose, morphine, pump, standing, translated
from .test_translation import prescriptions

FULL = Volume.parse("20 mL")  # as an alarm level more than the pump can hold: nothing can be programmed

LENGTH = "pending.prescription.patient_bolus.duration"
STROKE = FlowRate(pump().descriptor.stroke_nl)  # one a day


def said(prescription, at):
    return {found.rule: found for found in check(Pending(prescription), at)}


@settings(max_examples=60)
@given(prescriptions())
def test_what_is_programmed_is_at_most_a_stroke_less_than_what_the_pump_may_give(prescription):
    found = translate(prescription, pump())
    assume(isinstance(found, Translation))
    assert isinstance(found, Translation)
    written = by_prescription(prescription, pump().descriptor)
    counted = by_program(found.program, found.derived)
    assert written.keys() == counted.keys()
    for component, daily in zip(prescription.components, found.programmed.daily, strict=True):
        drug, one_stroke = component.drug, dose_counted(STROKE, component.concentration)
        assert written[drug].daily == daily >= counted[drug].daily
        assert counted[drug].greatest.count <= written[drug].greatest.count + one_stroke.count
        assert written[drug].flowing == written[drug].greatest >= written[drug].daily


@pytest.mark.parametrize("regimen", [Stopped(), MinimumRate()])
def test_without_a_dose_only_what_keeps_the_tube_open_flows(regimen):
    resting = Prescription(morphine(), regimen)
    found = translated(resting)
    assert by_prescription(resting, pump().descriptor) == by_program(found.program, found.derived)


def test_boluses_count_as_far_as_the_lockout_lets_them():
    often = continuous("250 mg/day", bolus=bolus("1 mg", lockout="8 h", maximum=20))
    seldom = continuous("250 mg/day", bolus=bolus("1 mg", lockout="8 h", maximum=2))
    for prescription, most in ((often, 253), (seldom, 252)):
        (written,) = by_prescription(prescription, pump().descriptor).values()
        assert written.greatest == DoseRate.parse(f"{most} mg/day")


def test_the_other_drugs_of_a_fluid_follow_the_first_rounded_up_against_a_limit():
    mixed = (*morphine("3 mg/mL"), *baclofen("0.1 mg/mL"))
    prescription = Prescription(mixed, SimpleContinuous(DoseRate(100)))
    other = by_prescription(prescription, pump().descriptor)["baclofen"]
    assert (other.daily.count, other.greatest.count) == (3, 4)
    assert other.daily.count == follows(100, mixed[1].concentration, mixed[0].concentration)


@pytest.mark.parametrize(
    ("rule", "verdict", "prescription", "at"),
    [
        ("dose-above-ceiling", Verdict.REFUSE, continuous("250 mg/day"), standing()),
        ("dose-step-up", Verdict.STOP, continuous("250 mg/day"), standing(running=continuous("2.4 mg/day"))),
        ("unit-slip", Verdict.STOP, continuous("240 mg/day"), standing(running=continuous("2.4 mg/day"))),
        ("start-above-range", Verdict.STOP, continuous("250 mg/day"), standing()),
        ("dose-step-down", Verdict.WARN, continuous("0.4 mg/day"), standing(running=continuous("2.4 mg/day"))),
        ("fluid-differs", Verdict.REFUSE, continuous("0.4 mg/day"), standing(morphine("25 mg/mL"))),
        ("abrupt-stop", Verdict.WARN, Prescription(morphine(), Stopped()), standing(running=continuous("2.4 mg/day"))),
        ("step-repeats", Verdict.STOP, morning_dose(every_h=1), standing(baclofen())),
        ("bolus-not-allowed", Verdict.REFUSE, continuous("20 mg/day", baclofen(), bolus("0.01 mg")), standing()),
        ("facts-missing", Verdict.INFO, continuous("250 mg/day"), standing()),
    ],
)
def test_a_rule_about_doses_or_fluid_speaks_of_what_the_pump_cannot_run(rule, verdict, prescription, at):
    beyond = replace(prescription, low_reservoir=FULL)
    assert said(beyond, at)[rule].verdict is verdict
    assert "low-level-range" in said(beyond, at)


def test_a_bolus_that_takes_no_time_is_refused_by_its_length_alone():
    prescription = continuous("2.4 mg/day", bolus=bolus("5 mg", lasts="0 min"))
    assert {"bolus-duration"} == {
        rule for rule, found in said(prescription, standing()).items() if found.path == LENGTH
    }


def test_a_drug_of_no_library_is_refused_before_any_rule_asks_for_its_limits():
    sugar = (FluidComponent("sugar", Concentration.parse("10 mg/mL")),)
    assert said(continuous("250 mg/day", sugar), standing())["unknown-drug"].path == "pending.prescription.fluid"
    assert "dose-above-ceiling" not in said(continuous("250 mg/day", sugar), standing())


def test_a_pump_that_is_to_hold_nothing_keeps_nothing_too_long():
    told = (LabelReading("morphine", Concentration.parse("10 mg/mL")),)
    filled = RefillOrder(Volume(0), Volume.parse("10 mL"), told)
    plan = Pending(Prescription((), Stopped()), refill=filled, refill_interval=Duration.parse("900 day"))
    assert "stability" not in {found.rule for found in check(plan, standing())}
