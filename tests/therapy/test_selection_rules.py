"""Every hard rule of a selection: two variants of its class that it stops, and a near-twin that passes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.catalogue.pump_parts import MriRule
from thecal.catalogue.pumps import propellant, pump_model, pump_models
from thecal.catalogue.selection_terms import HardRule
from thecal.therapy.patient import Condition
from thecal.therapy.selection.bars import bars
from thecal.therapy.selection.candidacy import Route
from thecal.therapy.selection.rulings import Standing, any_of, every, inverse

from .selecting import CANCER, SPASTIC, chosen, document, drugs, excluded, rules_against, standing, systems, told

# rule, two changes of which each stops an implant, and one like them that does not
PATIENT = [
    ("conservative", {"patient.conservative_failed": False}, SPASTIC | {"patient.conservative_failed": False}, {}),
    ("pathology", {"patient.pathology_shown": False}, SPASTIC | {"patient.pathology_shown": False}, SPASTIC),
    (
        "psychology",
        {"patient.psychology": "objection"},
        CANCER | {"patient.psychology": "untreated addiction"},
        {"patient.psychology": "no objection"},
    ),
    (
        "consent",
        SPASTIC | {"patient.consents": False},
        SPASTIC | {"patient.consents": False, "patient.cause": "stroke"},
        SPASTIC,
    ),
    (
        "duration",
        {"patient.expected_duration_months": 6},
        {"patient.expected_duration_months": 0},
        {"patient.expected_duration_months": 7},
    ),
    (
        "brain-injury",
        SPASTIC | {"patient.cause": "brain injury", "patient.injured_months_ago": 11},
        SPASTIC | {"patient.cause": "brain injury", "patient.injured_months_ago": 0},
        SPASTIC | {"patient.cause": "brain injury", "patient.injured_months_ago": 12},
    ),
    (
        "H1-infection",
        {"patient.conditions": ["active infection"]},
        SPASTIC | {"patient.conditions": ["sleep apnoea", "active infection"]},
        {"patient.conditions": ["sleep apnoea"]},
    ),
    (
        "H1-coagulopathy",
        {"patient.conditions": ["untreated coagulopathy"]},
        CANCER | {"patient.conditions": ["untreated coagulopathy", "lung disease"]},
        {"patient.conditions": ["renal failure"]},
    ),
    (
        "H1-csf-block",
        {"patient.conditions": ["CSF flow blocked"]},
        SPASTIC | {"patient.conditions": ["CSF flow blocked"]},
        {"patient.conditions": ["granuloma, now or before"]},
    ),
    ("H1-body-size", {"patient.room_for_pump": False}, SPASTIC | {"patient.room_for_pump": False}, SPASTIC),
    ("H1-depth", {"patient.depth_cm": 3}, SPASTIC | {"patient.depth_cm": 20}, SPASTIC | {"patient.depth_cm": 2}),
    (
        "H1-drug",
        {"needs.drugs": drugs("ziconotide 2.4 microgram/day"), "patient.conditions": ["psychosis, now or before"]},
        {"needs.drugs": drugs("morphine 2 mg/day", "ziconotide"), "patient.conditions": ["psychosis, now or before"]},
        {"needs.drugs": drugs("morphine 2 mg/day"), "patient.conditions": ["psychosis, now or before"]},
    ),
    (
        "H2-life-expectancy",
        {"patient.life_expectancy_months": 2},
        CANCER | {"patient.life_expectancy_months": 0},
        CANCER | {"patient.life_expectancy_months": 3},
    ),
    ("H3-trial", {"trial.relief_percent": 49}, {"trial.intolerable_effects": True}, {"trial.relief_percent": 50}),
    ("H3-trial", SPASTIC | {"trial.responded": False}, CANCER | {"trial.relief_percent": 0}, SPASTIC),
]

ISOMED, ELASTIC, CODMAN = "isomed-35-05", "elastic-20-05", "codman-3000-50-05"
SYNCHROMED, MEDSTREAM, PROMETRA = "synchromed-ii-20", "medstream-20", "prometra-ii-20"
ZICONOTIDE = {"needs.drugs": drugs("ziconotide 2.4 microgram/day")}
BACLOFEN = {"needs.drugs": drugs("baclofen 300 microgram/day")}
CLONIDINE = {"needs.drugs": drugs("morphine 2 mg/day", "clonidine 0.1 mg/day")}

# rule, (pump, change) twice stopped, (pump, change) once not
PUMP = [
    ("H4-H5-label", (ISOMED, ZICONOTIDE), (PROMETRA, ZICONOTIDE), (SYNCHROMED, ZICONOTIDE)),
    (
        "H4-H5-label",
        (ISOMED, SPASTIC),
        ("isomed-20-03", SPASTIC | {"needs.drugs": drugs("baclofen")}),
        (ISOMED, SPASTIC | {"jurisdiction": "EU"}),
    ),
    ("H4-H5-label", (ISOMED, SPASTIC), (ELASTIC, ZICONOTIDE), (CODMAN, SPASTIC)),
    (
        "H6-bolus",
        (ISOMED, {"needs.patient_bolus": True}),
        (MEDSTREAM, {"needs.patient_bolus": True}),
        (SYNCHROMED, {"needs.patient_bolus": True}),
    ),
    (
        "H6-pattern",
        (ISOMED, {"needs.day_night_pattern": True}),
        (ELASTIC, SPASTIC | {"needs.day_night_pattern": True}),
        (MEDSTREAM, SPASTIC | {"needs.day_night_pattern": True}),
    ),
    (
        "H6-titration",
        (CODMAN, {"needs.frequent_titration": True}),
        (CODMAN, SPASTIC | {"needs.stable_dose": False}),
        (CODMAN, SPASTIC),
    ),
    (
        "H6-titration",
        (CODMAN, SPASTIC | {"patient.cause": "multiple sclerosis"}),
        (ISOMED, CANCER | {"needs.stable_dose": False}),
        (ISOMED, {"needs.stable_dose": False}),
    ),
    (
        "H7-alarm",
        (CODMAN, SPASTIC | {"life.comes_reliably": False}),
        (ISOMED, CLONIDINE | {"life.comes_reliably": False}),
        (ISOMED, {"life.comes_reliably": False}),
    ),
    (
        "H7-alarm",
        (ELASTIC, SPASTIC | {"life.comes_reliably": False}),
        (ISOMED, CLONIDINE | {"life.comes_reliably": False}),
        (MEDSTREAM, SPASTIC | {"life.comes_reliably": False}),
    ),
    (
        "H8-altitude",
        (ISOMED, {"life.visited_altitude_m": 1601}),
        (CODMAN, {"life.flies_often": True}),
        (ISOMED, {"life.visited_altitude_m": 1600}),
    ),
    (
        "H8-altitude",
        (ISOMED, {"life.home_altitude_m": 3000, "life.visited_altitude_m": 0}),
        (ISOMED, {"life.home_altitude_m": 0, "life.visited_altitude_m": 3000}),
        (ISOMED, {"life.home_altitude_m": 3000, "life.visited_altitude_m": 3000}),
    ),
    (
        "H8-altitude",
        (ISOMED, {"life.visited_altitude_m": 4000}),
        (CODMAN, {"life.visited_altitude_m": 4000, "life.flies_often": True}),
        (ELASTIC, {"life.visited_altitude_m": 4000, "life.flies_often": True}),
    ),
    (
        "H8-pressure",
        (ISOMED, {"life.diving_depth_m": 1}),
        (CODMAN, {"life.hyperbaric": True}),
        (ELASTIC, {"life.diving_depth_m": 9, "life.hyperbaric": True}),
    ),
    (
        "H10-concentration",
        ("isomed-35-03", {"needs.drugs": drugs("morphine 6.2 mg/day")}),
        (SYNCHROMED, {"needs.drugs": drugs("morphine 481 mg/day")}),
        ("isomed-35-03", {"needs.drugs": drugs("morphine 6.1 mg/day")}),
    ),
    (
        "H10-concentration",
        (SYNCHROMED, {"needs.drugs": drugs("ziconotide 1.2 microgram/day", "morphine 2 mg/day")}),
        (ISOMED, {"needs.drugs": drugs("morphine 2 mg/day", "bupivacaine 20 mg/day")}),
        (SYNCHROMED, {"needs.drugs": drugs("ziconotide 2.4 microgram/day", "morphine 1 mg/day")}),
    ),
    (
        "H10-thin",
        (SYNCHROMED, {"needs.drugs": drugs("ziconotide 1.1 microgram/day")}),
        ("synchromed-el-18", {"needs.drugs": drugs("ziconotide 0.5 microgram/day")}),
        (SYNCHROMED, {"needs.drugs": drugs("ziconotide 1.2 microgram/day")}),
    ),
    (
        "H10-interval",
        ("isomed-20-15", {}),
        (ISOMED, {"needs.shortest_interval_days": 60}),
        (ISOMED, {"needs.shortest_interval_days": 50}),
    ),
    (
        "H10-interval",
        (SYNCHROMED, {"needs.drugs": drugs("morphine 10 mg/day")}),
        (SYNCHROMED, {"needs.drugs": drugs("morphine 2.4 mg/day"), "needs.shortest_interval_days": 91}),
        ("synchromed-ii-40", {"needs.drugs": drugs("morphine 10 mg/day")}),
    ),
    (
        "on-sale",
        (ISOMED, {"needs.on_sale_only": True}),
        (PROMETRA, {"needs.on_sale_only": True}),
        (SYNCHROMED, {"needs.on_sale_only": True}),
    ),
]


@pytest.mark.parametrize(("rule", "first", "second", "twin"), PATIENT)
def test_a_hard_rule_about_the_patient_stops_its_class_and_lets_a_near_twin_pass(rule, first, second, twin):
    for change in (first, second):
        stopped = chosen(change)
        assert standing(stopped, rule) == "against"
        assert stopped.route in (Route.NONE, Route.EXTERNAL)
        assert stopped.systems == ()
        assert {each.pump.key for each in stopped.excluded} == set(pump_models())
        assert all(rule in rules_against(stopped, pump) for pump in pump_models())
    passed = chosen(twin)
    assert standing(passed, rule) in ("met", None)
    assert passed.route is Route.IMPLANT
    assert passed.first is not None


@pytest.mark.parametrize(("rule", "first", "second", "twin"), PUMP)
def test_a_hard_rule_about_a_pump_excludes_its_class_and_lets_a_near_twin_pass(rule, first, second, twin):
    for pump, change in (first, second):
        stopped = chosen(change)
        assert rule in rules_against(stopped, pump)
        assert systems(stopped, pump) == ()
    pump, change = twin
    passed = chosen(change)
    assert rule not in rules_against(passed, pump)


def test_every_hard_rule_is_tried():
    tried = {row[0] for row in (*PATIENT, *PUMP)}
    elsewhere = {"indication", "H9-pairing", "H9-not-named", "H10-runs", "mri-unsafe"}
    assert tried | elsewhere == set(HardRule)


def test_living_high_is_no_bar_and_the_fluid_allows_for_it():
    low, high = chosen({}), chosen({"life.home_altitude_m": 3000, "life.visited_altitude_m": 3000})
    at_sea, up_there = systems(low, ISOMED)[0].fill, systems(high, ISOMED)[0].fill
    assert at_sea is not None
    assert up_there is not None
    assert up_there.flow > at_sea.flow
    assert up_there.fluid[0].concentration < at_sea.fluid[0].concentration
    assert up_there.interval < at_sea.interval


@pytest.mark.parametrize("catheter", ["indura-8709sc", "intrathecal-8731sc"])
def test_no_sc_connector_is_offered_on_an_isomed_and_the_notice_is_told(catheter):
    found = chosen({})
    assert catheter not in {each.catheter.key for each in systems(found, ISOMED)}
    (barred,) = (each for each in excluded(found, ISOMED) if each.catheter and each.catheter.key == catheter)
    assert [ruling.rule.value for ruling in barred.rulings] == ["H9-pairing"]
    assert "do not fully seat" in barred.rulings[0].basis.text
    assert catheter in {each.catheter.key for each in systems(found, SYNCHROMED)}


def test_a_catheter_its_maker_does_not_name_is_left_out():
    found = chosen({})
    assert {each.catheter.maker for each in systems(found, PROMETRA)} == {"Flowonix"}
    assert {each.catheter.maker for each in systems(found, CODMAN)} == {"Codman"}
    named = {each.catheter.key: each.rulings[0].rule.value for each in excluded(found, PROMETRA) if each.catheter}
    assert named["ascenda-8780"] == "H9-not-named"
    assert set(named.values()) == {"H9-not-named"}


def test_kits_and_outlets_are_no_catheters():
    offered = {each.catheter.key for each in chosen({}).systems}
    assert not {"ascenda-8782", "ascenda-8784", "revision-8578", "revision-8596sc", "codman-3000-outlet"} & offered


def test_baclofen_goes_into_no_isomed_in_the_us_only():
    for where, barred in (("US", True), ("EU", False), ("other", False)):
        found = chosen(SPASTIC | {"jurisdiction": where})
        against = {pump for pump in pump_models() if "H4-H5-label" in rules_against(found, pump)}
        assert against == ({pump for pump in pump_models() if pump.startswith("isomed-")} if barred else set())


def test_ziconotide_goes_only_into_pumps_that_name_it():
    left = {each.pump.key for each in chosen(ZICONOTIDE).systems}
    assert left
    assert all("ziconotide" in pump_model(pump).labelled_drugs for pump in left)


def test_a_drug_that_is_merely_off_label_is_not_excluded():
    found = chosen({"needs.drugs": drugs("hydromorphone 1 mg/day")})
    assert systems(found, SYNCHROMED)
    assert standing(found, "H1-drug") == "met"


def test_a_pump_that_must_not_be_scanned_is_not_for_whoever_will_be():
    safe = pump_model(SYNCHROMED)
    unsafe = replace(safe, mri=replace(safe.mri, rule=MriRule.UNSAFE))
    for scans, expected in (("often", "against"), ("sometimes", "against"), ("none expected", None)):
        found = {each.rule: each.standing.value for each in bars(unsafe, told({"needs.scans": scans}))}
        assert found.get(HardRule.MRI_UNSAFE) == expected
    (waits,) = bars(unsafe, told({"needs.scans": None}))
    assert (waits.rule, waits.standing, waits.missing) == (HardRule.MRI_UNSAFE, Standing.NOT_KNOWN, ("needs.scans",))
    assert bars(safe, told({"needs.scans": "often"})) == ()


def test_a_fluid_of_more_drugs_than_a_program_holds_is_not_for_a_programmable_pump():
    many = drugs(
        "morphine 0.2 mg/day", "fentanyl 5 microgram/day", "bupivacaine 1 mg/day", "clonidine 5 microgram/day",
        "ropivacaine 1 mg/day", "sufentanil 1 microgram/day", "hydromorphone 0.1 mg/day",
    )  # fmt: skip
    found = chosen({"needs.drugs": many})
    assert rules_against(found, SYNCHROMED) == {"H10-runs"}
    assert "H10-runs" not in rules_against(found, ISOMED)


def test_a_steady_propellant_does_not_mind_heights():
    steady = replace(pump_model(ISOMED), pushed_by=propellant("n-butane"))
    facts = told({"life.visited_altitude_m": 4000, "life.diving_depth_m": 5})
    assert {each.rule for each in bars(pump_model(ISOMED), facts)} == {HardRule.ALTITUDE, HardRule.PRESSURE}
    assert bars(steady, facts) == ()


CONDITIONS = st.lists(st.sampled_from([each.value for each in Condition]), unique=True)
CASES = st.sampled_from(
    [{}, SPASTIC, CANCER, ZICONOTIDE, CLONIDINE, {"life.flies_often": True}, {"needs.scans": "often"}]
)


@settings(max_examples=40, deadline=None)
@given(case=CASES, has=CONDITIONS, more=CONDITIONS)
def test_a_contraindication_never_lets_in_what_was_excluded(case, has, more):
    """Verify for any patient that with more conditions
    - every system that was excluded stays so
    - whoever was no candidate stays so
    """
    before = chosen(case | {"patient.conditions": has})
    after = chosen(case | {"patient.conditions": [*has, *(each for each in more if each not in has)]})
    assert {each.name for each in after.systems} <= {each.name for each in before.systems}
    assert before.route.candidate or not after.route.candidate


@settings(max_examples=40, deadline=None)
@given(case=CASES, wishes=st.lists(st.sampled_from(range(8)), unique=True), more=st.sampled_from(range(8)))
def test_a_further_demand_never_lets_in_what_was_excluded(case, wishes, more):
    demands = [
        ("needs.patient_bolus", True), ("needs.day_night_pattern", True), ("needs.frequent_titration", True),
        ("life.hyperbaric", True), ("needs.on_sale_only", True), ("life.comes_reliably", False),
        ("life.visited_altitude_m", 4000), ("needs.shortest_interval_days", 80),
    ]  # fmt: skip
    asked = case | dict(demands[wish] for wish in wishes)
    before, after = chosen(asked), chosen(asked | dict([demands[more]]))
    assert {each.name for each in after.systems} <= {each.name for each in before.systems}


THREE = (True, False, None)


@pytest.mark.parametrize("one", THREE)
@pytest.mark.parametrize("other", THREE)
def test_what_is_not_known_stays_so_unless_the_rest_decides(one, other):
    """Verify that a conjunction or disjunction with an unknown part is known only where both its values agree."""
    for rule, whole in ((every, all), (any_of, any)):
        both = {whole((left, right)) for left in settled(one) for right in settled(other)}
        assert rule(one, other) is (both.pop() if len(both) == 1 else None)
    assert inverse(one) is (None if one is None else not one)


def settled(part: bool | None) -> tuple[bool, ...]:
    return (True, False) if part is None else (part,)


def test_the_patient_of_these_tests_has_nothing_against_her():
    assert chosen().route is Route.IMPLANT
    assert chosen().systems
    assert document({"patient.depth_cm": None})["patient"].get("depth_cm") is None
