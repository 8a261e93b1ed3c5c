"""A plainly fictional patient of whom everything is known and against whom nothing stands, and changes to her facts."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from thecal.documents import read
from thecal.therapy.calculation import Calculation
from thecal.therapy.calculators.selection import selection
from thecal.therapy.selection.answer import Selection
from thecal.therapy.selection.facts import SelectionInputs
from thecal.therapy.selection.systems import Choice, Excluded, System, choose

_KNOWN: dict[str, Any] = {
    "jurisdiction": "US",
    "patient": {
        "indication": "non-cancer pain",
        "conditions": [],
        "life_expectancy_months": 60,
        "expected_duration_months": 120,
        "conservative_failed": True,
        "pathology_shown": True,
        "psychology": "no objection",
        "room_for_pump": True,
        "depth_cm": 2,
    },
    "trial": {"done": True, "relief_percent": 60, "intolerable_effects": False},
    "needs": {
        "drugs": [{"drug": "morphine", "daily_dose": "2.4 mg/day"}],
        "patient_bolus": False,
        "day_night_pattern": False,
        "frequent_titration": False,
        "stable_dose": True,
        "scans": "none expected",
        "read_after_scan": True,
    },
    "life": {
        "home_altitude_m": 100,
        "visited_altitude_m": 100,
        "flies_often": False,
        "diving_depth_m": 0,
        "hyperbaric": False,
        "comes_reliably": True,
        "far_from_clinic": False,
        "avoids_replacement": False,
        "cost_limited": False,
    },
}
SPASTIC = {
    "patient.indication": "spasticity",
    "patient.cause": "spinal cord injury",
    "patient.consents": True,
    "trial.relief_percent": None,
    "trial.responded": True,
    "needs.drugs": [{"drug": "baclofen", "daily_dose": "300 microgram/day"}],
}
CANCER = {"patient.indication": "cancer pain", "patient.stage": "stable, recurrence likely"}


def drugs(*pairs: str) -> list[dict[str, str]]:
    """``drugs("morphine 2.4 mg/day")``; a name alone: its dose is not known."""
    named = [pair.split(" ", 1) for pair in pairs]
    return [{"drug": name, **({"daily_dose": dose[0]} if dose else {})} for name, *dose in named]


def document(*changed: dict[str, Any]) -> dict[str, Any]:
    """Her facts as a document with some changed, by path; None leaves one out."""
    found = copy.deepcopy(_KNOWN)
    for facts in changed:
        for path, value in facts.items():
            group, _, field = path.rpartition(".")
            table = found.setdefault(group, {}) if group else found
            if value is None:
                table.pop(field, None)
            else:
                table[field] = value
    return found


def told(*changed: dict[str, Any]) -> SelectionInputs:
    """Her facts with some changed."""
    return read(SelectionInputs, document(*changed))


def chosen(*changed: dict[str, Any]) -> Choice:
    """What follows from her facts with some changed."""
    return choose(told(*changed))


def standing(choice: Choice, rule: str) -> str | None:
    """How the facts stand to a rule about the patient; None where it does not apply."""
    return next((each.standing.value for each in choice.rulings if each.rule == rule), None)


def systems(choice: Choice, pump: str) -> tuple[System, ...]:
    """Systems with this pump that are left, best first."""
    return tuple(each for each in choice.systems if each.pump.key == pump)


def excluded(choice: Choice, pump: str) -> tuple[Excluded, ...]:
    """What is excluded of this pump."""
    return tuple(each for each in choice.excluded if each.pump.key == pump)


def rules_against(choice: Choice, pump: str) -> set[str]:
    """Every rule that excludes the whole model."""
    return {ruling.rule.value for each in excluded(choice, pump) if each.catheter is None for ruling in each.rulings}


def answered(*changed: dict[str, Any]) -> Calculation[Selection]:
    """The whole answer to her facts with some changed."""
    return _answered(told(*changed))


@cache
def _answered(inputs: SelectionInputs) -> Calculation[Selection]:
    return selection(inputs)
