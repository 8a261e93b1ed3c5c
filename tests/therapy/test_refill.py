"""A refill as told: thresholds by reservoir size, and what may not be recorded."""

from __future__ import annotations

from fractions import Fraction

import pytest

from thecal.quantities import Volume
from thecal.therapy import Verdict
from thecal.therapy.refill import Refill, review_refill

from .given import continuous, morphine, standing

FULL = Volume.parse("20 mL")


def refill(withdrawn="5 mL", filled="20 mL", fluid=None, injected=None, recovered="5 mL"):
    seen = (None if each is None else Volume.parse(each) for each in (injected, recovered))
    return Refill(Volume.parse(withdrawn), Volume.parse(filled), morphine() if fluid is None else fluid, *seen)


def found_in(told, at):
    return {finding.rule: finding for finding in review_refill(told, at, FULL).findings}


@pytest.mark.parametrize("withdrawn", ["4 mL", "5 mL", "6 mL"])
def test_within_one_millilitre_of_a_20_ml_reservoir_nothing_is_said(withdrawn):
    assert found_in(refill(withdrawn), standing(reservoir="5 mL")) == {}


@pytest.mark.parametrize(("withdrawn", "says"), [("3.999 mL", "Less"), ("6.001 mL", "More")])
def test_beyond_it_the_difference_is_named_with_its_direction(withdrawn, says):
    finding = found_in(refill(withdrawn), standing(reservoir="5 mL"))["volume-differs"]
    assert finding.verdict is Verdict.WARN
    assert finding.words.startswith(says)


def test_the_fatal_refill_1_5_ml_below_expected_is_caught():
    assert "volume-differs" in found_in(refill("11.5 mL"), standing(reservoir="13 mL"))


@pytest.mark.parametrize(
    ("withdrawn", "recovered", "verdict"),
    [("12.1 mL", None, Verdict.WARN), ("12.1 mL", "1.9 mL", Verdict.WARN), ("11.5 mL", None, Verdict.STOP)],
)
def test_every_refill_is_asked_for_the_proof_of_place_and_one_that_came_out_short_is_stopped(
    withdrawn, recovered, verdict
):
    at = standing(reservoir="13 mL")
    assert found_in(refill(withdrawn, recovered=recovered), at)["place-unproven"].verdict is verdict
    assert "place-unproven" not in found_in(refill(withdrawn, recovered="2 mL"), at)


def test_what_the_syringes_held_must_be_what_the_pump_is_told():
    at = standing(reservoir="5 mL")
    assert found_in(refill(injected="10 mL"), at)["fill-inconsistent"].verdict is Verdict.REFUSE
    assert "fill-inconsistent" not in found_in(refill(injected="19.5 mL"), at)


def test_a_reservoir_still_full_is_said_to_need_care_at_restart():
    review = review_refill(refill("19 mL"), standing(reservoir="5 mL"), FULL)
    assert review.fuller_than_expected
    assert review.delivered_ratio == Fraction(1, 15)
    assert "restart with care" in review.findings[0].words


@pytest.mark.parametrize("told", [refill(filled="40 mL"), refill(withdrawn="21 mL")])
def test_twenty_millilitres_recorded_as_forty_is_refused(told):
    assert found_in(told, standing(reservoir="5 mL"))["fill-too-large"].verdict is Verdict.REFUSE


def test_another_fluid_is_refused_while_a_dose_runs_and_warned_of_when_stopped():
    told = refill(fluid=morphine("12 mg/mL"))
    running = standing(reservoir="5 mL", running=continuous("2.4 mg/day"))
    assert found_in(told, running)["fluid-change-while-infusing"].verdict is Verdict.REFUSE
    assert found_in(told, standing(reservoir="5 mL"))["fluid-change"].verdict is Verdict.WARN


@pytest.mark.parametrize("concentration", ["25 mg/mL", "1 mg/mL", "100 mg/mL"])
def test_a_tenfold_concentration_needs_a_separate_confirmation(concentration):
    finding = found_in(refill(fluid=morphine(concentration)), standing(reservoir="5 mL"))["concentration-step"]
    assert finding.verdict is Verdict.STOP
    assert finding.ratio is not None


def test_a_refill_names_its_drug():
    assert found_in(refill(fluid=()), standing(reservoir="5 mL"))["no-fluid"].verdict is Verdict.REFUSE
