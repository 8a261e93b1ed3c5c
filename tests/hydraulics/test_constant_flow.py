"""The derived table of flow against temperature, height, depth and back pressure is reproduced."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thecal.catalogue.pumps import constant_flow_pump, propellant
from thecal.hydraulics import (
    KPA_PER_MMHG,
    Conditions,
    Drive,
    ElasticDrive,
    ambient_pressure_kpa,
    flow_ratio,
    pressure_under_sea_kpa,
    transit_ms,
    vapour_pressure_kpa,
    water_viscosity_mpa_s,
    with_spring,
)

M_PER_FOOT = 0.3048
PUMP = constant_flow_pump("isomed-20-05")
BASELINE = Conditions(PUMP.baseline_temperature_degc, PUMP.baseline_back_pressure_kpa)
BACK = PUMP.baseline_back_pressure_kpa
PRESETS = ("fluorocarbon", "isopentane", "n-butane")  # A, B, C


def warm(temperature_degc):
    return Conditions(temperature_degc, BACK)


def high(feet, temperature_degc=37.0):
    return Conditions(temperature_degc, BACK, ambient_pressure_kpa(feet * M_PER_FOOT))


def deep(metres):
    return Conditions(37.0, BACK, pressure_under_sea_kpa(metres))


def pressed(mmhg):
    return Conditions(37.0, mmhg * KPA_PER_MMHG)


FLOW_OVER_FLOW_AT_37 = [  # facts, constant-flow pumps, 3.3: finite changes, A, B, C
    ("33 degC", warm(33), 0.603, 0.476, 0.779),
    ("35 degC", warm(35), 0.790, 0.723, 0.885),
    ("36 degC", warm(36), 0.892, 0.857, 0.941),
    ("37 degC", warm(37), 1.0, 1.0, 1.0),
    ("38 degC", warm(38), 1.114, 1.151, 1.062),
    ("39 degC", warm(39), 1.234, 1.311, 1.126),
    ("40 degC", warm(40), 1.360, 1.479, 1.193),
    ("41 degC", warm(41), 1.493, 1.657, 1.263),
    ("1000 ft", high(1_000), 1.064, 1.104, 1.015),
    ("Denver", high(5_280), 1.320, 1.515, 1.073),
    ("cabin limit", high(8_000), 1.465, 1.750, 1.107),
    ("10000 ft", high(10_000), 1.565, 1.910, 1.130),
    ("fever in a cabin", high(8_000, 39), 1.717, 2.090, 1.237),
    ("1 m under sea", deep(1), 0.821, 0.711, 0.959),
    ("5 m under sea", deep(5), 0.103, 0, 0.794),
    ("10 m under sea", deep(10), 0, 0, 0.588),
    ("no back pressure", pressed(0), 1.024, 1.038, 1.006),
    ("sitting", pressed(30), 0.952, 0.923, 0.989),
    ("arterial", pressed(90), 0.810, 0.693, 0.956),
]
CASES = [(row[0], row[1], key, row[2 + column]) for row in FLOW_OVER_FLOW_AT_37 for column, key in enumerate(PRESETS)]


def drive_of(key):
    found = propellant(key)
    return Drive(found.a, found.b_kelvin, found.c_kelvin)


@pytest.mark.parametrize(("name", "conditions", "key", "ratio"), CASES, ids=[f"{case[0]}, {case[2]}" for case in CASES])
def test_flow_against_conditions_follows_the_derived_table(name, conditions, key, ratio):  # noqa: ARG001
    assert flow_ratio(drive_of(key), conditions, BASELINE) == pytest.approx(ratio, abs=0.0006)


@pytest.mark.parametrize(("key", "kpa"), [("fluorocarbon", 158.67), ("isopentane", 137.41), ("n-butane", 346.67)])
def test_vapour_pressure_at_body_temperature(key, kpa):
    drive = drive_of(key)
    assert vapour_pressure_kpa(drive.a, drive.b_kelvin, drive.c_kelvin, 37.0) == pytest.approx(kpa, abs=0.006)


@pytest.mark.parametrize(("key", "boils_degc"), [("fluorocarbon", 23.8), ("isopentane", 27.8), ("n-butane", -0.5)])
def test_each_propellant_boils_where_it_should(key, boils_degc):
    """Antoine sets reproduce the boiling point under one standard atmosphere within 0.4 K."""
    drive = drive_of(key)

    def pressure_kpa(degc):
        return vapour_pressure_kpa(drive.a, drive.b_kelvin, drive.c_kelvin, degc)

    assert pressure_kpa(boils_degc - 0.4) < ambient_pressure_kpa(0) < pressure_kpa(boils_degc + 0.4)


SENSITIVITIES = [  # facts, constant-flow pumps, 3.3: percent of flow for A, B, C
    (
        "half a degree each way, per degree",
        lambda d: (ratio(d, warm(37.5)) - ratio(d, warm(36.5))) * 100,
        11.1,
        14.7,
        6.0,
    ),
    ("10 mmHg of back pressure", lambda d: (ratio(d, pressed(20)) - 1) * 100, -2.38, -3.84, -0.55),
    ("1000 ft", lambda d: (ratio(d, high(1_000)) - 1) * 100, 6.44, 10.4, 1.48),
    ("1 cmH2O", lambda d: (ratio(d, pressed(10 + 0.73556)) - 1) * 100, -0.18, -0.28, -0.04),
    ("8 h in a cabin, of a day's dose", lambda d: (ratio(d, high(8_000)) - 1) * 100 / 3, 15.5, 25, 3.6),
]


def ratio(drive, now):
    return flow_ratio(drive, now, pressed(10))


@pytest.mark.parametrize(("name", "percent", "a", "b", "c"), SENSITIVITIES, ids=[row[0] for row in SENSITIVITIES])
def test_small_changes_follow_the_derived_sensitivities(name, percent, a, b, c):  # noqa: ARG001
    found = [percent(drive_of(key)) for key in PRESETS]
    assert found == pytest.approx([a, b, c], rel=0.02, abs=0.006)


def test_a_fluorocarbon_pump_does_not_flow_on_the_table():
    assert flow_ratio(drive_of("fluorocarbon"), Conditions(20.0, 0.0), BASELINE) == 0
    assert flow_ratio(drive_of("n-butane"), Conditions(20.0, 0.0), BASELINE) > 0


RECOIL = constant_flow_pump("elastic-20-05").pushed_by
ELASTIC = ElasticDrive(RECOIL.full_kpa, RECOIL.empty_kpa)


@given(st.floats(-400, 10_000), st.floats(0, 10))
def test_an_elastic_pump_knows_neither_height_nor_depth(metres, depth):
    for ambient in (ambient_pressure_kpa(metres), pressure_under_sea_kpa(depth)):
        assert flow_ratio(ELASTIC, Conditions(37.0, BACK, ambient), BASELINE) == 1


@given(st.floats(0, 1), st.floats(0, 1))
def test_an_elastic_pump_flows_faster_the_fuller_it_is(fuller, emptier):
    emptier, fuller = sorted((emptier, fuller))
    full, empty = (flow_ratio(ELASTIC, Conditions(37.0, BACK, fill=fill), BASELINE) for fill in (fuller, emptier))
    assert full >= empty
    assert 0.89 < empty <= full < 1.11


def test_an_elastic_pump_stops_when_the_tip_pushes_back_as_hard():
    assert flow_ratio(ELASTIC, Conditions(37.0, RECOIL.empty_kpa, fill=0.0), BASELINE) == 0


@pytest.mark.parametrize("key", PRESETS)
def test_bellows_make_a_full_pump_faster_by_their_span_and_half_full_neither(key):
    sprung = with_spring(drive_of(key), BASELINE, 0.06)
    full, half, empty = (flow_ratio(sprung, Conditions(37.0, BACK, fill=fill), BASELINE) for fill in (1.0, 0.5, 0.0))
    assert (full, half, empty) == pytest.approx((1.03, 1.0, 0.97))


def test_a_solution_twice_as_thick_flows_half_as_fast():
    assert flow_ratio(drive_of("fluorocarbon"), Conditions(37.0, BACK, thickness=2.0), BASELINE) == pytest.approx(0.5)


@pytest.mark.parametrize(  # facts, catheters, 4.3: 0.53 mm bore, 100 cm, 220.6 microlitre
    ("ml_per_day", "hours"), [(0.1, 52.95), (0.25, 21.18), (0.3, 17.65), (0.5, 10.59), (1.0, 5.30), (2.0, 2.65)]
)
def test_transit_through_a_catheter_of_one_metre(ml_per_day, hours):
    assert transit_ms(220_600, round(ml_per_day * 1_000_000)) / 3_600_000 == pytest.approx(hours, rel=0.002)


@pytest.mark.parametrize(
    "beyond",
    [
        lambda: ambient_pressure_kpa(12_000),
        lambda: pressure_under_sea_kpa(-1),
        lambda: water_viscosity_mpa_s(-1),
        lambda: vapour_pressure_kpa(4.0, 1_000.0, -40.0, -240.0),
        lambda: transit_ms(1, 0),
        lambda: Conditions(37.0, BACK, fill=1.1),
        lambda: Conditions(37.0, BACK, thickness=0.0),
        lambda: flow_ratio(drive_of("fluorocarbon"), warm(37), warm(20)),  # boils above room temperature
    ],
)
def test_outside_their_range_the_laws_refuse(beyond):
    with pytest.raises(ValueError, match=r"."):
        beyond()
