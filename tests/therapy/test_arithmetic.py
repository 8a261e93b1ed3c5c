"""Dose, flow and concentration from one another; and the pump whose dose is its concentration."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.catalogue.policy import policy
from thecal.catalogue.pumps import ConstantFlowPump, pump_model
from thecal.quantities import Concentration, DoseRate, FlowRate, Instant, Mass, QuantityError, Volume
from thecal.therapy import FluidComponent, concentration_of_dose, constant_flow_plan
from thecal.therapy import arithmetic as by
from thecal.therapy.constant_flow import fill_findings

strengths = st.integers(1, 100_000_000).map(Concentration)
doses = st.integers(0, 10**9).map(DoseRate)
flows = st.integers(1, 28_800_000).map(FlowRate)


@settings(max_examples=150)
@given(doses, strengths)
def test_the_flow_for_a_dose_gives_at_most_that_dose_and_one_more_nanolitre_would_give_more(dose, strength):
    rate = by.rate_for_dose(dose, strength)
    assert by.dose_counted(rate, strength) <= dose
    assert (rate.count + 1) * strength.count > dose.count * 1_000_000


@settings(max_examples=150)
@given(doses, strengths)
def test_the_smallest_dose_for_a_programmed_flow_programs_that_flow_again(dose, strength):
    rate = by.rate_for_dose(dose, strength)
    assert by.rate_for_dose(by.dose_counted(rate, strength), strength) == rate


@settings(max_examples=150)
@given(doses, flows)
def test_the_concentration_for_a_dose_never_gives_more(dose, flow):
    strength, given_dose = concentration_of_dose(dose, flow)
    assert given_dose <= dose
    assert (strength.count + 1) * flow.count > dose.count * 1_000_000


@settings(max_examples=100)
@given(st.integers(0, 10**8).map(Mass), strengths, st.integers(1, 1_440))
def test_a_dose_over_minutes_is_never_passed(mass, strength, minutes):
    rate = by.rate_for_timed_dose(mass, strength, minutes)
    assert by.timed_dose_counted(rate, strength, minutes) <= mass


@settings(max_examples=100)
@given(st.integers(0, 10**7).map(Volume), strengths)
def test_the_two_roundings_of_a_mass_differ_by_at_most_one_nanogram(volume, strength):
    assert by.mass_counted(volume, strength).count - by.mass_given(volume, strength).count in (0, 1)


def test_nothing_is_divided_by_nothing():
    with pytest.raises(QuantityError, match="concentration"):
        by.rate_for_dose(DoseRate(1), Concentration(0))
    with pytest.raises(QuantityError, match="flow"):
        by.concentration_for(DoseRate(1), FlowRate(0))
    with pytest.raises(QuantityError, match="flow"):
        by.concentration_to_fit(DoseRate(1), FlowRate(0))


def test_a_20_ml_pump_at_half_a_millilitre_a_day_gives_2_4_mg_from_4_8_mg_per_ml():
    pump = pump_model("isomed-20-05")
    assert isinstance(pump, ConstantFlowPump)
    strength, dose = concentration_of_dose(DoseRate.parse("2.4 mg/day"), pump.label_flow)
    assert (strength, dose) == (Concentration.parse("4.8 mg/mL"), DoseRate.parse("2.4 mg/day"))
    at = Instant.parse("2026-11-22T08:00:00Z")
    plan = constant_flow_plan(pump, (FluidComponent("morphine", strength),), Volume.parse("20 mL"), at, policy())
    assert plan.daily_doses == (DoseRate.parse("2.4 mg/day"),)
    assert plan.empty == Instant.parse("2026-12-29T08:00:00Z")  # 18.5 mL usable: 37 days
    assert plan.refill == Instant.parse("2026-12-21T08:00:00Z")  # 17 mL above the reserve at 1.15 x 0.5: 29 whole days
    assert fill_findings(pump, Volume.parse("20 mL")) == ()
    assert fill_findings(pump, Volume.parse("20.001 mL"))[0].rule == "fill-too-large"
