"""A constant-flow pump is almost all restrictor: the derived resistances and kinks are reproduced."""

import pytest

from thecal.catalogue.pumps import propellant
from thecal.hydraulics import (
    Conditions,
    Drive,
    Lumen,
    capillary_length_m,
    kink_bore_m,
    lumen_resistance_pa_s_per_m3,
    restricted_share,
    restrictor_resistance_pa_s_per_m3,
)

ONE_ML_PER_DAY = 1e-6 / 86_400
BASELINE = Conditions(37.0, 1.333)
WATER = BASELINE.viscosity_mpa_s
CATHETER = Lumen(1.0, 0.265e-3)


def restrictor_of(key):
    found = propellant(key)
    push = Drive(found.a, found.b_kelvin, found.c_kelvin).push_kpa(BASELINE)
    return restrictor_resistance_pa_s_per_m3(push, ONE_ML_PER_DAY)


@pytest.mark.parametrize(("key", "resistance"), [("fluorocarbon", 4.84e15), ("n-butane", 2.11e16)])
def test_the_resistance_that_gives_one_millilitre_a_day(key, resistance):
    assert restrictor_of(key) == pytest.approx(resistance, rel=0.003)


@pytest.mark.parametrize(  # facts, constant flow, 3.4: equivalent capillaries, bore in um and length in m
    ("key", "bore_um", "metres"),
    [
        ("fluorocarbon", 50, 1.08),
        ("fluorocarbon", 40, 0.44),
        ("fluorocarbon", 30, 0.14),
        ("n-butane", 50, 4.68),
        ("n-butane", 40, 1.92),
        ("n-butane", 30, 0.61),
    ],
)
def test_the_same_resistance_as_a_capillary(key, bore_um, metres):
    assert capillary_length_m(restrictor_of(key), bore_um * 0.5e-6, WATER) == pytest.approx(metres, abs=0.006)


def test_a_metre_of_catheter_hardly_resists():
    resistance = lumen_resistance_pa_s_per_m3(CATHETER, WATER)
    assert resistance == pytest.approx(3.565e11, rel=0.005)
    assert resistance * ONE_ML_PER_DAY == pytest.approx(4.1, abs=0.05)
    assert 1 - restricted_share(restrictor_of("fluorocarbon"), resistance) == pytest.approx(0.00007, abs=0.000005)


@pytest.mark.parametrize(("key", "bore_um"), [("fluorocarbon", 15), ("n-butane", 10.5)])
def test_a_kink_takes_a_tenth_of_the_flow_only_when_it_is_nearly_shut(key, bore_um):
    bore_m = kink_bore_m(restrictor_of(key), 0.9, 1e-3, WATER)
    assert bore_m * 1e6 == pytest.approx(bore_um, abs=0.2)
    kink = lumen_resistance_pa_s_per_m3(Lumen(1e-3, bore_m / 2), WATER)
    assert restricted_share(restrictor_of(key), kink) == pytest.approx(0.9)


def test_one_per_cent_of_bore_is_four_per_cent_of_flow():
    narrow, wide = (lumen_resistance_pa_s_per_m3(Lumen(1.0, 25e-6 * bore), WATER) for bore in (1.0, 1.01))
    assert narrow / wide == pytest.approx(1.04, abs=0.001)


@pytest.mark.parametrize(
    "beyond",
    [
        lambda: lumen_resistance_pa_s_per_m3(CATHETER, 0.0),
        lambda: restrictor_resistance_pa_s_per_m3(0.0, ONE_ML_PER_DAY),
        lambda: restrictor_resistance_pa_s_per_m3(50.0, 0.0),
        lambda: restricted_share(0.0, 1.0),
        lambda: restricted_share(1.0, -1.0),
        lambda: kink_bore_m(1e15, 1.0, 1e-3, WATER),
        lambda: kink_bore_m(1e15, 0.0, 1e-3, WATER),
    ],
)
def test_outside_their_range_the_laws_refuse(beyond):
    with pytest.raises(ValueError, match=r"."):
        beyond()
