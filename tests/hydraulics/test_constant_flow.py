"""The derived table of flow against temperature, height, depth and back pressure is reproduced."""

import pytest

from thecal.catalogue.pumps import constant_flow_pump, propellant
from thecal.hydraulics import (
    KPA_PER_MMHG,
    Conditions,
    Drive,
    ambient_pressure_kpa,
    flow_ratio,
    pressure_under_sea_kpa,
    transit_ms,
    vapour_pressure_kpa,
    water_viscosity_mpa_s,
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


@pytest.mark.parametrize(("degc", "mpa_s"), [(35, 0.7208), (36, 0.7064), (37, 0.6925), (38, 0.6791), (39, 0.6661)])
def test_water_is_as_viscous_as_the_critical_tables_say(degc, mpa_s):
    assert water_viscosity_mpa_s(degc) == pytest.approx(mpa_s, rel=0.004)


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
        lambda: flow_ratio(drive_of("fluorocarbon"), warm(37), warm(20)),  # boils above room temperature
    ],
)
def test_outside_their_range_the_laws_refuse(beyond):
    with pytest.raises(ValueError, match=r"."):
        beyond()
