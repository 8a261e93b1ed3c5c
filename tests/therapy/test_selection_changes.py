"""What would change a selection: the nearest single fact, and what really follows from it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from thecal.therapy.selection.changes import Change, Effect, changes
from thecal.therapy.selection.paths import facts

from .selecting import SPASTIC, answered, chosen, drugs, systems, told

INFECTED = {"patient.conditions": ["active infection"]}


def what_changes(*changed: dict[str, Any]) -> dict[str, Change]:
    return {f"{each.path}: {each.becomes}": each for each in answered(*changed).answer.changes}


# what stands against a patient -> the one fact that would make a candidate, and what it would have to be
TO_CANDIDATE = [
    (INFECTED, "patient.conditions", "none"),
    ({"patient.life_expectancy_months": 2}, "patient.life_expectancy_months", "3"),
    ({"patient.expected_duration_months": 2}, "patient.expected_duration_months", "7"),
    ({"patient.depth_cm": 4}, "patient.depth_cm", "2.5"),
    ({"trial.relief_percent": 20}, "trial.relief_percent", "50"),
    ({"trial.intolerable_effects": True}, "trial.intolerable_effects", "no"),
    ({"patient.psychology": "objection"}, "patient.psychology", "no objection"),
    ({"patient.room_for_pump": None}, "patient.room_for_pump", "yes"),
    ({"patient.depth_cm": None}, "patient.depth_cm", "2.5"),
    ({"patient.conditions": None}, "patient.conditions", "none"),
    (
        SPASTIC | {"patient.cause": "brain injury", "patient.injured_months_ago": 3},
        "patient.injured_months_ago",
        "12",
    ),
]


@pytest.mark.parametrize(("against", "path", "becomes"), TO_CANDIDATE)
def test_the_nearest_value_that_makes_a_candidate_is_found_and_the_one_before_it_does_not(against, path, becomes):
    found = [each for each in what_changes(against).values() if each.path == path]
    change = next(each for each in found if each.becomes.split(", or ")[0] == becomes)
    assert change.effect is Effect.CANDIDATE
    assert not chosen(against).route.candidate


def test_every_change_that_is_told_is_what_really_follows():
    """Verify by choosing again with each change to a number or a word
    - whoever was no candidate is one, or
    - another system is first, the one that is named
    """
    for case in ({}, INFECTED, {"life.home_altitude_m": None, "life.visited_altitude_m": None}):
        before = chosen(case)
        inputs = told(case)
        for change in changes(inputs, before):
            kind = next((fact.kind.type for fact in facts() if fact.path == change.path), None)
            if kind is None or ", or " in change.becomes or change.path == "patient.conditions":
                continue
            value = {"yes": True, "no": False}.get(change.becomes, change.becomes)
            if kind in (int, Decimal):
                value = kind(value)
            after = chosen(case | {change.path: value})
            if change.effect is Effect.CANDIDATE:
                assert after.route.candidate
                assert not before.route.candidate
            assert after.first is not None
            assert after.first.name == change.first
            assert before.first is None or after.first.name != before.first.name


def test_a_height_that_makes_another_system_first_is_the_nearest_one():
    found = what_changes({"life.avoids_replacement": True})
    up = found["life.visited_altitude_m: 1601"]
    assert up.effect is Effect.FIRST
    assert up.size == Fraction(1501, 1601)
    assert systems(chosen({"life.avoids_replacement": True, "life.visited_altitude_m": 1600}), "isomed-35-03")


def test_a_dose_that_makes_another_system_first_is_told_in_twentieths():
    found = what_changes({"life.avoids_replacement": True})
    (up,) = (each for each in found.values() if each.path == "needs.drugs.1.daily_dose")
    assert (up.was, up.becomes) == ("2.4 mg/day", "3.12 mg/day")  # 10 mg/mL at 0.3 mL/day and a little more is 3.06
    again = chosen({"life.avoids_replacement": True, "needs.drugs": drugs("morphine 3.12 mg/day")})
    assert again.first is not None
    assert again.first.name == up.first
    same = chosen({"life.avoids_replacement": True, "needs.drugs": drugs("morphine 3 mg/day")})
    assert same.first == chosen({"life.avoids_replacement": True, "needs.drugs": drugs("morphine 3 mg/day")}).first
    assert same.first is not None
    assert same.first.name != up.first


def test_the_smallest_change_comes_first_and_unknown_facts_before_all():
    found = list(what_changes({"life.flies_often": None, "life.avoids_replacement": True}).values())
    sizes = [each.size for each in found]
    assert sizes == sorted(sizes)
    assert (found[0].path, found[0].was, found[0].becomes) == ("life.flies_often", "not known", "yes")


def test_another_drug_would_do_where_a_condition_rules_out_the_wanted_one():
    facts_of_her = {
        "needs.drugs": drugs("ziconotide 2 microgram/day"),
        "patient.conditions": ["psychosis, now or before"],
    }
    found = what_changes(facts_of_her)
    (other,) = (each for each in found.values() if each.path == "needs.drugs")
    assert other.was == "ziconotide"
    assert set(other.becomes.split(", or ")) == {
        "morphine", "HYDROmorphone", "fentaNYL", "SUFentanil", "buPIVAcaine", "cloNIDine",
    }  # fmt: skip
    assert other.first is None


def test_two_reasons_against_leave_no_single_fact_that_would_do():
    found = answered(INFECTED | {"patient.room_for_pump": False})
    assert found.answer.changes == ()
    assert {line.key: line.text for line in found.outputs}["change"] == "no single fact"


def test_a_change_that_would_contradict_other_facts_is_not_told():
    paths = {each.path for each in what_changes({"life.avoids_replacement": True}).values()}
    assert "patient.cause" not in paths
    assert "patient.stage" not in paths


def test_an_unknown_height_of_home_is_looked_for_from_the_height_visited():
    found = what_changes({"life.home_altitude_m": None, "life.avoids_replacement": True})
    assert "life.home_altitude_m: 1601" in found
    both = what_changes(
        {"life.home_altitude_m": None, "life.visited_altitude_m": None, "life.avoids_replacement": True}
    )
    assert not any(each.path in ("life.home_altitude_m", "life.visited_altitude_m") for each in both.values())


def test_an_unknown_number_without_a_value_that_is_known_to_do_is_told_at_its_lowest():
    """Flying often, and coming down to the sea: only homes between 938 and 1500 m keep a vapour pump; none is tried."""
    torn = {"life.home_altitude_m": None, "life.visited_altitude_m": 0, "life.flies_often": True}
    found = what_changes(torn | {"life.avoids_replacement": True})
    assert found["life.home_altitude_m: -400"].effect is Effect.FIRST


def test_a_number_that_decides_and_is_not_known_is_told_with_its_bound():
    found = what_changes(SPASTIC | {"patient.cause": "brain injury"})
    assert found["patient.injured_months_ago: 12"].was == "not known"
