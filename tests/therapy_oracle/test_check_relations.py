"""Relations that must hold between two checks: none of them needs to know what a rule computes.

Another unit of entry never changes a finding; a larger dose never frees a plan of what stood against its dose; a second
reading that agrees never adds a finding; findings come heaviest first, and each is complete.
"""

from __future__ import annotations

import json
import re
import tomllib
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from thecal.cli.main import app

from .asked import RUNNER, UNITS, check, examples, fluid, written

CHECKS = sorted((Path(__file__).parents[2] / "examples" / "checks").glob("*.toml"))
DOCUMENTS = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in CHECKS}
WEIGHTS = ("refuse", "stop", "warn", "info", "allow")
KINDS = (
    ("nL", "µL", "mL"),
    ("ng", "microgram", "mg"),
    ("ng/mL", "microgram/mL", "mg/mL"),
    ("ng/day", "microgram/day", "microgram/h", "mg/day", "mg/h"),
    ("ms", "s", "min", "h", "day"),
)
QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]+)?) (\S+)")
# Names a slip by the factor it lies near, so it goes when the factor does; what is too little goes with more.
OF_ONE_FACTOR = {"unit-slip", "unit-confusion", "dose-step-down", "rate-too-low", "facts-missing"}

documents = st.sampled_from(sorted(DOCUMENTS)).map(lambda name: deepcopy(DOCUMENTS[name]))


def respelled(inner: Any, choose: Any) -> Any:
    """The same document, each quantity in another unit of its kind that has an exact decimal for it."""
    if isinstance(inner, dict):
        return {key: respelled(value, choose) for key, value in inner.items()}
    if isinstance(inner, list):
        return [respelled(value, choose) for value in inner]
    found = QUANTITY.fullmatch(inner) if isinstance(inner, str) else None
    if not found:
        return inner
    number, unit = found.groups()
    units = next((kind for kind in KINDS if unit in kind), ())
    count = Fraction(number) * UNITS[unit] if units else Fraction(0)
    exact = [other for other in units if _terminates(count / UNITS[other])]
    return written(count, choose(exact)) if exact else inner


def _terminates(number: Fraction) -> bool:
    places = (Decimal(number.numerator) / Decimal(number.denominator)).normalize()
    return Fraction(places) == number and -places.as_tuple().exponent <= 6


def rules(found: dict[str, Any], *verdicts: str) -> list[str]:
    return sorted(each["rule"] for each in found["findings"] if not verdicts or each["verdict"] in verdicts)


def told(found: dict[str, Any]) -> tuple[Any, ...]:
    return found["status"], found["verdict"], found["findings"]


def visit(now: int, after: int, strength: int, stronger: int, patient: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A refill that raises a dose, of whatever size; ng/day and ng/mL."""
    return {
        "current": {
            "pump": "synchromed-ii-40",
            "serial": "TH-0900",
            "now": "2026-11-22T08:00:00Z",
            "reservoir": "4 mL",
            "fluid": fluid(("morphine", strength)),
            "therapy": {"mode": "simple continuous", "daily_dose": written(now, "ng/day")},
        },
        "pending": {
            "prescription": {"mode": "simple continuous", "daily_dose": written(after, "ng/day")},
            "refill": {
                "withdrawn": "4 mL",
                "injected": "40 mL",
                "filled": "40 mL",
                "recovered": "4 mL",
                "fluid": fluid(("morphine", stronger)),
            },
        },
        "patient": patient,
    } | more


patients = st.fixed_dictionaries(
    {},
    optional={
        "indication": st.sampled_from(["cancer pain", "non-cancer pain"]),
        "tolerance": st.sampled_from(["naive", "tolerant"]),
        "age_years": st.integers(2, 95),
        "medicines": st.sampled_from([[], ["sedative"]]),
        "conditions": st.sampled_from([[], ["sleep apnoea"]]),
    },
)
strengths = st.sampled_from([1_000_000, 2_000_000, 10_000_000, 20_000_000, 25_000_000])
running = st.tuples(strengths, st.integers(50, 1_500)).map(lambda each: (each[0], each[0] * each[1] // 1_000))
visits = st.builds(
    lambda runs, flow, stronger, patient: visit(runs[1], stronger * flow // 1_000, runs[0], stronger, patient),
    running,
    st.integers(50, 24_000),  # microlitre a day: what SynchroMed II can run
    strengths,
    patients,
)


@examples(40)
@given(st.one_of(documents, visits), st.randoms(use_true_random=False))
def test_the_unit_of_entry_never_changes_what_is_found(document, random):
    other = respelled(document, random.choice)
    assume(other != document)
    assert told(check(other)) == told(check(document))


@examples(40)
@given(running, st.lists(st.integers(100, 5_000), min_size=2, max_size=2), strengths, patients, st.booleans())
@example((10_000_000, 2_000_000), [1_000, 2_250], 10_000_000, {}, False)
def test_a_larger_dose_never_frees_a_plan_of_what_stood_against_its_dose(runs, percents, stronger, patient, silent):
    strength, now = runs
    smaller, larger = (now * percent // 100 for percent in sorted(percents))
    assume(smaller < larger <= 24 * stronger and smaller * 1_000 >= 48 * stronger)  # what SynchroMed II can run
    more = {"history": {"silent_for": "5 day"}} if silent else {}
    before, after = (check(visit(now, dose, strength, stronger, patient, **more)) for dose in (smaller, larger))
    about = [each for each in before["findings"] if "dose" in each["path"] and each["rule"] not in OF_ONE_FACTOR]
    still = {each["rule"]: WEIGHTS.index(each["verdict"]) for each in after["findings"]}
    for each in about:
        if each["verdict"] in ("refuse", "stop"):
            assert still.get(each["rule"], len(WEIGHTS)) <= WEIGHTS.index(each["verdict"]), (each, rules(after))
    heaviest = [
        min((WEIGHTS.index(e["verdict"]) for e in found["findings"] if "dose" in e["path"]), default=len(WEIGHTS))
        for found in (before, after)
    ]
    if heaviest[0] <= 1 and not set(rules(before, "refuse", "stop")) <= OF_ONE_FACTOR:
        assert heaviest[1] <= heaviest[0]


@examples(25)
@given(st.one_of(documents, visits))
def test_a_second_reading_that_agrees_never_adds_a_finding(document):
    refill = document["pending"].get("refill")
    assume(refill is not None)
    alone = deepcopy(document)
    alone["pending"]["refill"].pop("read_again", None)
    twice = deepcopy(alone)
    twice["pending"]["refill"]["read_again"] = refill["fluid"]
    before, after = check(alone)["findings"], check(twice)["findings"]
    keys = [(each["rule"], each["field"]) for each in before]
    for each in after:
        key = (each["rule"], each["field"])
        assert key in keys, key
        keys.remove(key)


@examples(20)
@given(visits)
def test_a_second_reading_that_differs_always_stands_in_the_way(document):
    refill = document["pending"]["refill"]
    strength = Fraction(refill["fluid"][0]["concentration"].split()[0])
    refill["read_again"] = fluid(("morphine", int(strength) + 1_000_000))
    found = check(document)
    assert "label-differs" in rules(found, "refuse", "stop")


@examples(25)
@given(visits, st.sampled_from(["recorded_serial", "new_neurological_sign", "recovered"]))
def test_findings_come_heaviest_first_and_each_is_complete(document, left_out):
    document["devices"] = {"recorded_serial": "TH-0900"}
    document["patient"]["new_neurological_sign"] = False
    for part in (document["devices"], document["patient"], document["pending"]["refill"]):
        part.pop(left_out, None)
    complete(check(document))


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_findings_of_the_examples_come_heaviest_first_and_each_is_complete(name):
    complete(check(DOCUMENTS[name]))


BEYOND = visit(1_656_000, 60_000_000, 2_000_000, 2_000_000, {"tolerance": "tolerant"})
UNRUNNABLE = {
    "too much": {"mode": "simple continuous", "daily_dose": "60 mg/day"},
    "too little": {"mode": "simple continuous", "daily_dose": "0.06 mg/day"},
    "bolus too fast": {
        "mode": "simple continuous",
        "daily_dose": "1 mg/day",
        "patient_bolus": {"dose": "5 mg", "duration": "1 min", "lockout": "1 h", "maximum_per_24h": 4},
    },
}


@pytest.mark.parametrize("prescription", UNRUNNABLE)
def test_findings_about_what_the_pump_cannot_run_are_complete(prescription):
    document = deepcopy(BEYOND)
    document["pending"]["prescription"] = UNRUNNABLE[prescription]
    complete(check(document))


def test_a_dose_beyond_the_pump_still_draws_what_a_smaller_one_draws():
    """2 mg/mL: 45 mg/day runs at 22.5 mL/day; 60 would need 30, and is above the built-in ceiling of 50 mg/day."""
    smaller = deepcopy(BEYOND)
    smaller["pending"]["prescription"]["daily_dose"] = "45 mg/day"
    stood = {each["rule"] for each in check(smaller)["findings"] if each["verdict"] in ("refuse", "stop")}
    assert "dose-step-up" in stood
    assert stood - OF_ONE_FACTOR <= set(rules(check(BEYOND), "refuse", "stop"))


@pytest.mark.parametrize("rule", ["wrong-pump", "label-differs", "fill-too-large"])
def test_a_dose_beyond_the_pump_hides_nothing_else(rule):
    wrong = {
        "wrong-pump": ("devices", {"recorded_serial": "TH-0001"}),
        "label-differs": ("read_again", fluid(("morphine", 20_000_000))),
        "fill-too-large": ("filled", "60 mL"),
    }[rule]
    sound, beyond = deepcopy(BEYOND), deepcopy(BEYOND)
    sound["pending"]["prescription"]["daily_dose"] = "1.656 mg/day"
    for document in (sound, beyond):
        (document if wrong[0] == "devices" else document["pending"]["refill"])[wrong[0]] = wrong[1]
    assert rule in rules(check(sound), "refuse", "stop")
    assert rule in rules(check(beyond), "refuse", "stop")


def complete(found: dict[str, Any]) -> None:
    weights = [WEIGHTS.index(each["verdict"]) for each in found["findings"]]
    assert weights == sorted(weights)
    assert found["verdict"] == (WEIGHTS[weights[0]] if weights else "allow")
    assert found["status"] == (found["verdict"] in ("refuse", "stop"))
    for each in found["findings"]:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each["rule"]), each
        assert each["field"], each
        assert each["words"].endswith("."), each
        assert in_schema(each["path"]), each
        for line in each["compared"]:
            assert line["label"], each


def in_schema(path: str) -> bool:
    """Whether a person finds the field the path names in a document."""
    inner = SCHEMA
    for part in re.findall(r"[a-z_]+|\[\d+\]", path):
        inner = inner.get("items") if part.startswith("[") else inner.get("properties", {}).get(part)
        if inner is None:
            return False
    return bool(path)


SCHEMA = json.loads(RUNNER.invoke(app, ["check", "--schema"]).stdout)
