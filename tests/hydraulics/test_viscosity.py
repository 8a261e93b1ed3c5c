"""How thick water and glycerol are, against published tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thecal.hydraulics import glycerol_thickness, glycerol_viscosity_mpa_s, water_viscosity_mpa_s

GLYCEROL = [  # Dow, viscosity of aqueous glycerine in mPa s: mass %, at 10, 20, 30 and 40 degC
    (0, 1.308, 1.005, 0.8007, 0.656),
    (10, 1.74, 1.31, 1.03, 0.826),
    (20, 2.41, 1.76, 1.35, 1.07),
    (30, 3.49, 2.50, 1.87, 1.46),
    (40, 5.37, 3.72, 2.72, 2.07),
    (50, 9.01, 6.00, 4.21, 3.10),
    (60, 17.4, 10.8, 7.19, 5.08),
    (70, 38.8, 22.5, 14.1, 9.40),
]
CASES = [(row[0], degc, row[1 + column]) for row in GLYCEROL for column, degc in enumerate((10, 20, 30, 40))]


@pytest.mark.parametrize(("degc", "mpa_s"), [(35, 0.7208), (36, 0.7064), (37, 0.6925), (38, 0.6791), (39, 0.6661)])
def test_water_is_as_viscous_as_the_critical_tables_say(degc, mpa_s):
    assert water_viscosity_mpa_s(degc) == pytest.approx(mpa_s, rel=0.004)


@pytest.mark.parametrize(("percent", "degc", "mpa_s"), CASES)
def test_glycerol_is_as_viscous_as_its_maker_says(percent, degc, mpa_s):
    assert glycerol_viscosity_mpa_s(percent / 100, degc) == pytest.approx(mpa_s, rel=0.04)


def test_half_glycerol_lets_through_a_fifth():
    """facts, constant flow, 3.5: 3.3 to 3.6 mPa s at 37 degC, about 0.2 of the flow."""
    assert 3.2 < glycerol_viscosity_mpa_s(0.5, 37) < 3.6
    assert 1 / glycerol_thickness(0.5, 37) == pytest.approx(0.2, abs=0.015)


def test_no_glycerol_is_water():
    assert glycerol_thickness(0, 37) == 1
    assert glycerol_viscosity_mpa_s(0, 37) == pytest.approx(water_viscosity_mpa_s(37), rel=0.01)


@given(st.floats(0, 0.99), st.floats(0.001, 0.01), st.floats(0, 99), st.floats(0.01, 1))
def test_more_glycerol_is_thicker_and_warmth_thins_it(share, more, degc, warmer):
    here = glycerol_viscosity_mpa_s(share, degc)
    assert glycerol_viscosity_mpa_s(share + more, degc) > here > glycerol_viscosity_mpa_s(share, degc + warmer)


@pytest.mark.parametrize("beyond", [(-0.01, 37), (1.01, 37), (0.5, -1), (0.5, 101)])
def test_outside_its_range_the_law_refuses(beyond):
    with pytest.raises(ValueError, match=r"must lie from|is liquid from"):
        glycerol_viscosity_mpa_s(*beyond)
