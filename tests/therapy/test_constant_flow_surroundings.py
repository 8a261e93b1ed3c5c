"""What fever, height, depth, posture and glycerol do to a constant flow, and what that does to dose and date."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.catalogue.circumstances import circumstances
from thecal.catalogue.pumps import propellant, pump_model
from thecal.quantities import Duration, FlowRate, Instant
from thecal.therapy import EntryRefused, Verdict
from thecal.therapy.calculators.constant_flow import CALCULATOR
from thecal.therapy.surroundings import Surroundings, extra_of_a_day, flow_under, share_under, surroundings_of

from .worked import numbers, said, worked

ISOMED, ELASTIC = pump_model("isomed-20-05"), pump_model("elastic-20-05")
DRIVES = {
    "A": ISOMED,
    "B": replace(ISOMED, pushed_by=propellant("isopentane")),
    "C": replace(ISOMED, pushed_by=propellant("n-butane")),
}
AT = Instant.parse("2026-11-22T08:00:00Z")


def asked(*coming, **more):
    document = {
        "pump": "isomed-20-05",
        "fluid": [{"drug": "morphine", "concentration": "5 mg/mL"}],
        "filled": "20 mL",
        "filled_at": "2026-11-22T08:00:00Z",
        "circumstances": [{"name": f"number {index}", **each} for index, each in enumerate(coming, start=1)],
    }
    return worked(CALCULATOR, {**document, **more})


def near(share, expected):
    """The published table has three decimals."""
    return abs(share - Fraction(expected)) <= Fraction(6, 10_000)


# --- the table of constant-flow 3.3, and 3.5 for glycerol -----------------------------------------


@pytest.mark.parametrize(
    ("at", "a", "b", "c"),
    [
        (Surroundings(temperature_degc=Decimal(33)), "0.603", "0.476", "0.779"),
        (Surroundings(temperature_degc=Decimal(35)), "0.790", "0.723", "0.885"),
        (Surroundings(temperature_degc=Decimal(36)), "0.892", "0.857", "0.941"),
        (Surroundings(temperature_degc=Decimal(37)), "1", "1", "1"),
        (Surroundings(temperature_degc=Decimal(38)), "1.114", "1.151", "1.062"),
        (Surroundings(temperature_degc=Decimal(39)), "1.234", "1.311", "1.126"),
        (Surroundings(temperature_degc=Decimal(40)), "1.360", "1.479", "1.193"),
        (Surroundings(temperature_degc=Decimal(41)), "1.493", "1.657", "1.263"),
        (Surroundings(altitude_m=305), "1.064", "1.104", "1.015"),
        (Surroundings(altitude_m=1609), "1.320", "1.515", "1.073"),
        (Surroundings(altitude_m=2438), "1.465", "1.750", "1.107"),
        (Surroundings(altitude_m=3048), "1.565", "1.910", "1.130"),
        (Surroundings(temperature_degc=Decimal(39), altitude_m=2438), "1.717", "2.090", "1.237"),
        (Surroundings(depth_cm=100), "0.821", "0.711", "0.959"),
        (Surroundings(depth_cm=500), "0.103", "0", "0.794"),
        (Surroundings(depth_cm=1000), "0", "0", "0.588"),
        (Surroundings(back_pressure_mmhg=0), "1.024", "1.038", "1.006"),
        (Surroundings(back_pressure_mmhg=30), "0.952", "0.923", "0.989"),
        (Surroundings(back_pressure_mmhg=90), "0.810", "0.693", "0.956"),
    ],
)
def test_published_changes_of_flow_come_out_to_their_last_digit(at, a, b, c):
    found = {drive: share_under(pump, at) for drive, pump in DRIVES.items()}
    assert {drive: near(found[drive], share) for drive, share in (("A", a), ("B", b), ("C", c))} == dict.fromkeys(
        "ABC", True
    )


def test_half_glycerol_flows_at_about_a_fifth():
    share = share_under(ISOMED, Surroundings(glycerol_percent=50))
    assert Fraction(18, 100) < share < Fraction(22, 100)


@pytest.mark.parametrize(("drive", "percent"), [("A", "15.5"), ("B", "25"), ("C", "3.6")])
def test_a_flight_of_8_hours_gives_that_much_more_of_one_days_dose(drive, percent):
    share = share_under(DRIVES[drive], Surroundings(altitude_m=2438))
    extra = extra_of_a_day(Fraction(1), share, Duration.parse("8 h"))
    assert abs(extra * 100 - Fraction(percent)) <= Fraction(6, 100)


@settings(max_examples=60)
@given(altitude=st.integers(-430, 11_000), depth=st.integers(0, 5_000))
def test_an_elastic_pump_knows_neither_height_nor_depth(altitude, depth):
    """The air presses on both sides of its diaphragm [constant-flow 1.1]."""
    assert share_under(ELASTIC, Surroundings(altitude_m=altitude, depth_cm=depth)) == 1


def test_an_elastic_pump_slows_as_it_empties_and_thins_with_warmth_only():
    full, empty = (share_under(ELASTIC, Surroundings(fill_percent=percent)) for percent in (100, 0))
    assert empty < 1 < full
    warm = share_under(ELASTIC, Surroundings(temperature_degc=Decimal(38)))
    assert Fraction(1015, 1000) < warm < Fraction(1025, 1000)  # viscosity: about 2 % a degree


@settings(max_examples=80)
@given(
    low=st.integers(300, 440), high=st.integers(300, 440), altitude=st.integers(0, 4_000), drive=st.sampled_from("ABC")
)
def test_warmer_or_higher_never_flows_less(low, high, altitude, drive):
    cool, warm = sorted((low, high))
    shares = [
        share_under(DRIVES[drive], Surroundings(temperature_degc=Decimal(tenths) / 10, altitude_m=metres))
        for tenths, metres in ((cool, 0), (warm, 0), (warm, altitude))
    ]
    assert shares == sorted(shares)


@settings(max_examples=60)
@given(flow=st.integers(1, 5_000_000), here=st.fractions(Fraction(1, 5), 3), there=st.fractions(0, 3))
def test_going_there_and_back_gives_the_same_flow(flow, here, there):
    at_home = FlowRate(flow)
    assert flow_under(at_home, here, here) == flow
    if there:
        assert flow_under(at_home, here, there) * here == flow * there


# --- the catalogue's circumstances ----------------------------------------------------------------


def test_every_circumstance_is_shown_with_its_source():
    found = asked()
    assert [each.name for each in found.answer.usual] == [each.name for each in circumstances()]
    cited = {(each.source, each.confidence) for each in found.sources}
    assert all(
        (origin.source, origin.confidence.value) in cited for each in circumstances() for _, origin in each.sources
    )


def test_somebody_who_lives_high_flies_from_there_and_dives_from_the_sea():
    named = {each.name: each for each in circumstances()}
    assert surroundings_of(named["fever"], 1_609).altitude_m == 1_609
    assert surroundings_of(named["long flight"], 1_609).altitude_m == 2_438
    assert surroundings_of(named["5 m under the sea"], 1_609) == Surroundings(depth_cm=500)


# --- in the calculator ----------------------------------------------------------------------------


# what is coming -> times the flow at home, 24-hour dose, share of one day's dose
@pytest.mark.parametrize(
    ("coming", "share", "dose", "extra"),
    [
        ({"altitude_m": 2438, "lasts": "8 h"}, "1.4652", "3.663035 mg/day", "15.5071 %"),
        ({"temperature_degc": 39}, "1.2336", "3.08394 mg/day", None),
        ({"temperature_degc": 39, "lasts": "3 day"}, "1.2336", "3.08394 mg/day", "70.0725 %"),
        ({"depth_cm": 1000, "lasts": "30 min"}, "0", "0 mg/day", "−2.0833 %"),
        ({"back_pressure_mmhg": 30}, "0.9524", "2.38097 mg/day", None),
    ],
)
def test_worked_examples_come_out_to_the_last_digit(coming, share, dose, extra):
    shown = numbers(asked(coming))
    assert (shown["coming.1"], shown["coming.1.dose"], shown.get("coming.1.extra")) == (share, dose, extra)


def test_without_a_measured_flow_the_label_is_reckoned_for_where_the_patient_lives():
    assert numbers(asked(lives_at_m=1609))["flow"] == "0.659725 mL/day"
    at_home = [
        {"filled": "20 mL", "returned": "5 mL", "began": "2026-10-23T08:00:00Z", "ended": "2026-11-22T08:00:00Z"}
    ]
    assert numbers(asked(lives_at_m=1609, intervals=at_home))["flow"] == "0.5 mL/day"  # what was measured is from there


def test_from_a_high_home_the_sea_is_less_and_a_flight_hardly_more():
    flight, sea = (asked(each, lives_at_m=1609).answer.coming[0] for each in ({"altitude_m": 2438}, {"altitude_m": 0}))
    assert 1 < flight.share < Fraction(12, 10)
    assert sea.share < Fraction(8, 10)
    assert asked({"depth_cm": 100}, lives_at_m=1609).answer.coming[0].share < sea.share


def test_the_dose_shown_is_that_of_the_fluid_that_is_going_in():
    usual, stronger = (asked(**more).answer.usual[0] for more in ({}, {"daily_dose": "5 mg/day", "residual": "0 mL"}))
    assert stronger.dose.count == pytest.approx(2 * usual.dose.count, abs=2)


# what is coming -> days the refill is earlier than in 29 days
@pytest.mark.parametrize(
    ("coming", "day"),
    [
        ([], 29),
        ([{"altitude_m": 2438, "lasts": "8 h"}], 29),  # 0.08 mL of 0.3 mL to spare
        ([{"temperature_degc": 39, "lasts": "20 day"}], 25),  # 2.3 mL more
        ([{"temperature_degc": 38}], 29),  # 1.11 times: within the 1.15 reckoned with
        ([{"altitude_m": 1609}], 25),  # 1.32 times until the refill: 17 / 0.66
        ([{"depth_cm": 500}], 29),  # less is never counted
        ([{"depth_cm": 500, "lasts": "2 day"}], 29),
    ],
)
def test_what_is_coming_brings_the_refill_forward_and_never_puts_it_off(coming, day):
    assert asked(*coming).answer.due.at == Instant(AT.epoch_ms + day * 86_400_000)


@pytest.mark.parametrize(
    ("coming", "words"),
    [
        ({"temperature_degc": 38}, None),
        ({"altitude_m": 1609}, "changes with the flow"),
        ({"temperature_degc": 35}, "changes with the flow"),
        ({"depth_cm": 1000, "lasts": "30 min"}, "nothing flows"),
    ],
)
def test_what_changes_the_dose_by_more_than_is_accepted_is_warned_of(coming, words):
    found = asked(coming)
    warned = [each for each in found.findings if each.rule == "flow-changes"]
    assert [each.verdict for each in warned] == ([] if words is None else [Verdict.WARN])
    assert all(words in each.words for each in warned)


def test_another_propellant_may_be_tried():
    found = asked({"altitude_m": 2438}, propellant="isopentane")
    assert near(found.answer.coming[0].share, "1.750")
    assert "flow-changes" not in said(asked({"altitude_m": 2438}, propellant="n-butane"))


def test_surroundings_beyond_the_law_are_refused_in_one_line():
    with pytest.raises(EntryRefused) as refused:
        share_under(ISOMED, Surroundings(altitude_m=12_000))
    assert refused.value.field == "circumstances"
    assert "\n" not in str(refused.value)


def test_an_elastic_pump_says_so_in_its_sources():
    found = asked(pump="elastic-20-05")
    assert any("recoil" in each.what for each in found.sources)
    assert not any(each.rule == "flow-changes" for each in asked({"altitude_m": 3000}, pump="elastic-20-05").findings)
