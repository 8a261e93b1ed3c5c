"""What is not known neither excludes nor lets in: it is named, and the answer says what it still waits for."""

from __future__ import annotations

import pytest

from thecal.therapy.selection.candidacy import Route
from thecal.therapy.selection.rulings import Standing

from .selecting import CANCER, SPASTIC, chosen, drugs, rules_against, standing, systems

ISOMED, CODMAN = "isomed-35-05", "codman-3000-50-05"
SYNCHROMED, MEDSTREAM, PROMETRA = "synchromed-ii-20", "medstream-20", "prometra-ii-20"
ZICONOTIDE = {"needs.drugs": drugs("ziconotide 2.4 microgram/day")}

MISSING = [
    # what is left out, pump -> rule that waits and for what
    ({"jurisdiction": None} | SPASTIC, ISOMED, "H4-H5-label", {"jurisdiction"}),
    ({"needs.patient_bolus": None}, ISOMED, "H6-bolus", {"needs.patient_bolus"}),
    ({"needs.patient_bolus": None}, MEDSTREAM, "H6-bolus", {"needs.patient_bolus"}),
    ({"needs.day_night_pattern": None}, ISOMED, "H6-pattern", {"needs.day_night_pattern"}),
    ({"needs.frequent_titration": None}, ISOMED, "H6-titration", {"needs.frequent_titration"}),
    (CANCER | {"needs.stable_dose": None}, ISOMED, "H6-titration", {"needs.stable_dose"}),
    ({"patient.indication": None, "needs.stable_dose": False}, ISOMED, "H6-titration", {"patient.indication"}),
    (SPASTIC | {"life.comes_reliably": None}, CODMAN, "H7-alarm", {"life.comes_reliably"}),
    ({"life.home_altitude_m": None}, ISOMED, "H8-altitude", {"life.home_altitude_m"}),
    ({"life.visited_altitude_m": None}, ISOMED, "H8-altitude", {"life.visited_altitude_m"}),
    ({"life.flies_often": None}, ISOMED, "H8-altitude", {"life.flies_often"}),
    ({"life.diving_depth_m": None}, ISOMED, "H8-pressure", {"life.diving_depth_m"}),
    ({"life.hyperbaric": None}, ISOMED, "H8-pressure", {"life.hyperbaric"}),
    ({"needs.drugs": drugs("morphine")}, ISOMED, "H10-concentration", {"needs.drugs.1.daily_dose"}),
    (
        {"needs.drugs": drugs("morphine 2 mg/day", "bupivacaine")},
        SYNCHROMED,
        "H10-concentration",
        {"needs.drugs.2.daily_dose"},
    ),
    ({"needs.drugs": []}, SYNCHROMED, "H10-concentration", {"needs.drugs"}),
    ({"needs.drugs": []}, SYNCHROMED, "H4-H5-label", {"needs.drugs"}),
    ({"needs.drugs": [], "life.comes_reliably": False}, ISOMED, "H7-alarm", {"needs.drugs"}),
]


@pytest.mark.parametrize(("left_out", "pump", "rule", "missing"), MISSING)
def test_an_unknown_fact_excludes_nothing_and_is_named(left_out, pump, rule, missing):
    found = chosen(left_out)
    (waits,) = (each for each in systems(found, pump)[0].open if each.rule == rule)
    assert waits.standing is Standing.NOT_KNOWN
    assert set(waits.missing) == missing


def test_a_jurisdiction_matters_only_where_labels_differ():
    found = chosen({"jurisdiction": None} | ZICONOTIDE)
    assert "H4-H5-label" in rules_against(found, PROMETRA)  # forbidden wherever it is
    assert not any(each.rule == "H4-H5-label" for each in systems(found, SYNCHROMED)[0].open)


PATIENT_MISSING = [
    ("patient.indication", "indication"),
    ("patient.conservative_failed", "conservative"),
    ("patient.pathology_shown", "pathology"),
    ("patient.psychology", "psychology"),
    ("patient.expected_duration_months", "duration"),
    ("patient.life_expectancy_months", "H2-life-expectancy"),
    ("patient.conditions", "H1-infection"),
    ("patient.room_for_pump", "H1-body-size"),
    ("patient.depth_cm", "H1-depth"),
    ("needs.drugs", "H1-drug"),
    ("trial.relief_percent", "H3-trial"),
    ("trial.intolerable_effects", "H3-trial"),
]


@pytest.mark.parametrize(("path", "rule"), PATIENT_MISSING)
def test_a_patient_of_whom_a_fact_is_missing_is_neither_a_candidate_nor_not(path, rule):
    found = chosen({path: None})
    assert standing(found, rule) == "not known"
    assert found.route is Route.NOT_KNOWN
    assert found.first is not None
    (waits, *_) = (each for each in found.rulings if each.rule == rule)
    assert path in waits.missing


@pytest.mark.parametrize(
    ("left_out", "rule"),
    [
        (SPASTIC | {"patient.cause": None}, "brain-injury"),
        (SPASTIC | {"patient.cause": "brain injury"}, "brain-injury"),
        (SPASTIC | {"patient.consents": None}, "consent"),
        (SPASTIC | {"trial.responded": None}, "H3-trial"),
        (ZICONOTIDE | {"patient.conditions": None}, "H1-drug"),
        ({"trial.done": None, "trial.relief_percent": None, "trial.intolerable_effects": None}, "H3-trial"),
    ],
)
def test_what_is_asked_only_of_some_is_missing_only_there(left_out, rule):
    assert standing(chosen(left_out), rule) == "not known"


def test_a_failed_trial_counts_whatever_else_is_not_known_of_it():
    assert standing(chosen({"trial.relief_percent": 20, "trial.intolerable_effects": None}), "H3-trial") == "against"
    assert standing(chosen({"trial.relief_percent": None, "trial.intolerable_effects": True}), "H3-trial") == "against"


def test_a_drug_that_no_condition_rules_out_needs_no_conditions():
    assert standing(chosen({"patient.conditions": None}), "H1-drug") == "met"


def test_without_a_trial_a_candidate_is_one_only_if_it_succeeds():
    untried = {"trial.done": False, "trial.relief_percent": None, "trial.intolerable_effects": None}
    assert chosen(untried).route is Route.TRIAL_FIRST
    advanced = untried | CANCER | {"patient.stage": "palliation"}
    assert chosen(advanced).route is Route.IMPLANT
    assert chosen(untried | CANCER).route is Route.TRIAL_FIRST


def test_a_short_life_alone_leads_to_an_external_pump_and_with_anything_else_to_none():
    short = {"patient.life_expectancy_months": 2}
    assert chosen(short).route is Route.EXTERNAL
    assert chosen(short | {"patient.room_for_pump": False}).route is Route.NONE
    assert chosen(SPASTIC | short).route is Route.IMPLANT  # not asked for spasticity
