"""The doors for rooms that count: whole numbers in, one named rounding, whole numbers and Fractions out."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thecal.catalogue.catheters import catheter
from thecal.catalogue.flow_physics import flow_physics
from thecal.catalogue.pumps import constant_flow_pump, propellant
from thecal.hydraulics import (
    Conditions,
    Drive,
    ElasticDrive,
    WholeConditions,
    ambient_pa,
    ambient_pressure_kpa,
    flow_ratio,
    flow_share,
    front_arrival,
    glycerol_thickness_of,
    kinked_share,
    pa_of_mmhg,
    transit_ms,
    under_sea_pa,
)

PUMP = constant_flow_pump("isomed-20-05")
BASELINE = WholeConditions(PUMP.baseline_temperature_mdegc, PUMP.baseline_back_pressure_pa)
FOUND = propellant(PUMP.propellant)
DRIVE = Drive(FOUND.a, FOUND.b_kelvin, FOUND.c_kelvin)
ML_PER_DAY = 1_000_000  # nL/day
METRE = 1_000_000  # um
MIN_MS = 60_000


@pytest.mark.parametrize(  # facts, constant-flow pumps, 3.3, preset A
    ("now", "share"),
    [
        (WholeConditions(37_000, 1_333), "1"),
        (WholeConditions(39_000, 1_333), "1.234"),
        (WholeConditions(37_000, 1_333, ambient_pa(2_438)), "1.465"),
        (WholeConditions(37_000, 1_333, under_sea_pa(100)), "0.821"),
        (WholeConditions(37_000, 1_333, under_sea_pa(1_000)), "0"),
        (WholeConditions(37_000, pa_of_mmhg(30)), "0.952"),
        (WholeConditions(37_000, 1_333, thickness=Fraction(2)), "0.5"),
    ],
)
def test_the_share_is_the_ratio_to_the_nearest_millionth(now, share):
    found = flow_share(DRIVE, now, BASELINE)
    assert found == pytest.approx(Fraction(share), abs=0.0006)
    assert (found * 1_000_000).denominator == 1


@given(st.integers(30_000, 42_000), st.integers(0, 10_000), st.integers(-400, 9_000), st.integers(0, 1_000))
def test_the_door_changes_nothing_but_the_last_digit(mdegc, back_pa, metres, fill):
    now = WholeConditions(mdegc, back_pa, ambient_pa(metres), fill)
    plain = Conditions(mdegc / 1_000, back_pa / 1_000, ambient_pressure_kpa(metres), fill / 1_000)
    for drive in (DRIVE, ElasticDrive(44.0, 36.0)):
        assert flow_share(drive, now, BASELINE) == pytest.approx(
            flow_ratio(drive, plain, BASELINE.conditions()), abs=2e-5
        )


def test_pressures_in_whole_pascal():
    assert (ambient_pa(0), pa_of_mmhg(760), pa_of_mmhg(10)) == (101_325, 101_325, 1_333)
    assert under_sea_pa(1_000) == pytest.approx(2 * 101_325, rel=0.01)


def test_glycerol_half_and_half_is_five_times_as_thick_as_water():
    thick = glycerol_thickness_of(50, 37_000)
    assert 4.6 < thick < 5.2
    share = flow_share(DRIVE, WholeConditions(37_000, 1_333, thickness=thick), BASELINE)
    assert share == pytest.approx(1 / thick, abs=1e-6)


@pytest.mark.parametrize(("bore_um", "share"), [(0, 0), (15, 0.9), (100, 1), (500, 1)])
def test_a_kink_of_a_millimetre_is_seen_only_when_nearly_shut(bore_um, share):
    assert kinked_share(DRIVE, BASELINE, ML_PER_DAY, 1_000, bore_um) == pytest.approx(share, abs=0.005)


@given(st.integers(1, 400), st.integers(1, 50))
def test_a_wider_kink_lets_more_through(bore_um, wider):
    narrow, wide = (kinked_share(DRIVE, BASELINE, ML_PER_DAY, 1_000, each) for each in (bore_um, bore_um + wider))
    assert 0 < narrow <= wide <= 1


def test_a_pump_that_nothing_pushes_has_no_kink_to_speak_of():
    with pytest.raises(ValueError, match="a push and a flow above zero"):
        kinked_share(DRIVE, WholeConditions(20_000, 1_333), ML_PER_DAY, 1_000, 15)


@given(st.integers(50_000, 400_000), st.integers(10_000, 2_000_000), st.integers(0, 200_000))
def test_a_front_arrives_round_the_passage_of_a_plug(volume_nl, flow, plug_nl):
    found = front_arrival(volume_nl, METRE, flow, 700, plug_nl)
    plug = transit_ms(volume_nl + plug_nl, flow)
    assert found.tenth_ms < plug < found.nine_tenths_ms
    assert found.half_ms == pytest.approx(plug, rel=0.001)
    assert 0 < found.early_nl < volume_nl / 10


@given(st.integers(10_000, 24_000_000), st.integers(0, 200_000))
def test_what_lies_before_the_lumen_only_delays(flow, plug_nl):
    bare, behind = front_arrival(220_000, METRE, flow, 700), front_arrival(220_000, METRE, flow, 700, plug_nl)
    wait = transit_ms(plug_nl, flow)
    assert behind.half_ms - bare.half_ms == pytest.approx(wait, abs=1.01)
    assert behind.tenth_ms - bare.tenth_ms == pytest.approx(wait, abs=1.01)
    assert behind.early_nl == bare.early_nl


def test_a_prime_at_full_rate_lets_drug_out_before_it_ends():
    """facts, catheters, 4.4: at 24 mL/day about 3 % of the catheter has left when one volume has gone in."""
    volume = catheter("ascenda-8780").implanted().volume().count
    found = front_arrival(volume, 1_143_000, 24 * ML_PER_DAY, flow_physics().diffusivity("morphine").whole(), 140_000)
    prime_ms = transit_ms(volume + 140_000, 24 * ML_PER_DAY)
    assert 0.02 < found.early_nl / volume < 0.03
    assert 1 * MIN_MS < prime_ms - found.tenth_ms < 3 * MIN_MS


@pytest.mark.parametrize(
    "asked", [(0, METRE, 1, 700), (1, 0, 1, 700), (220_000, METRE, 0, 700), (220_000, METRE, 1, 0)]
)
def test_nothing_arrives_without_volume_length_flow_or_diffusion(asked):
    with pytest.raises(ValueError, match="above zero"):
        front_arrival(*asked)


def test_what_lies_before_is_not_negative_and_a_jet_has_no_law():
    with pytest.raises(ValueError, match="not negative"):
        front_arrival(220_000, METRE, ML_PER_DAY, 700, -1)
    with pytest.raises(ValueError, match="no law of arrival"):
        front_arrival(220_000, METRE, 30_000 * ML_PER_DAY, 700)
