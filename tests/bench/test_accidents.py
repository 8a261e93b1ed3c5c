"""Every published accident is stopped by the rule it names, its like are too, and harmless plans pass."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from thecal.bench.accidents import replay as replaying
from thecal.bench.accidents.known_rules import ENTRY, RULES
from thecal.bench.accidents.reading import load_accident
from thecal.bench.accidents.records import Needs, Through, YearOf
from thecal.bench.accidents.replay import replay
from thecal.catalogue.sourced import Confidence
from thecal.therapy import checks
from thecal.therapy.calculators import CALCULATORS
from thecal.therapy.findings import Verdict
from thecal.therapy.rules import PLAN_RULES, SITUATION_RULES

ROOT = Path(__file__).parents[2]
ACCIDENTS = {
    file.stem: load_accident(file.read_text(encoding="utf-8"))
    for file in sorted((ROOT / "scenarios" / "accidents").glob("*.toml"))
}
REPLAYED = {name: each for name, each in ACCIDENTS.items() if each.needs is Needs.PLAN}
CHECKED = {name: each for name, each in REPLAYED.items() if each.replay.through is Through.CHECK}
OWN_WORDS = re.compile(r'"([a-z]+(?:-[a-z]+)*)"')


@pytest.mark.parametrize("name", REPLAYED)
def test_the_accident_and_its_variants_are_caught_and_its_near_twins_pass(name):
    accident, found = REPLAYED[name], replay(REPLAYED[name])
    assert [(each.title, each.findings) for each in (*found.missed, *found.false_alarms)] == []
    assert found.finding.rule == accident.caught_by
    assert found.finding.verdict.weight >= Verdict[accident.verdict.value].weight
    assert len(found.tried) == 1 + len(accident.replay.variants) + len(accident.replay.near_twins)
    for twin in (each for each in found.tried if each.twin):
        assert twin.verdict in (Verdict.ALLOW, Verdict.INFO)


@pytest.mark.parametrize("name", REPLAYED)
def test_a_variation_is_another_plan_and_not_the_same_one_under_another_title(name):
    found = replay(REPLAYED[name])
    told = [tuple((each.rule, each.words, each.compared) for each in tried.findings) for tried in found.tried]
    caught = [what for what, tried in zip(told, found.tried, strict=True) if not tried.twin]
    assert told[0] not in [what for what, tried in zip(told, found.tried, strict=True) if tried.twin]
    if REPLAYED[name].replay.through is not Through.PLAN:  # a conversion backwards is refused before any number counts
        assert len(set(caught)) > 1


@pytest.mark.parametrize("name", [name for name, each in ACCIDENTS.items() if each.replay is None])
def test_an_open_accident_is_not_tried_and_holds(name):
    found = replay(ACCIDENTS[name])
    assert (found.open, found.held, found.tried, found.finding) == (True, True, (), None)


def test_enough_accidents_are_told_and_enough_of_them_stopped():
    verdicts = [replay(each).finding.verdict for each in REPLAYED.values()]
    assert len(ACCIDENTS) >= 25
    assert sum(verdict in (Verdict.STOP, Verdict.REFUSE) for verdict in verdicts) >= 16
    assert {each.needs for each in ACCIDENTS.values()} == set(Needs)
    assert {each.replay.through for each in ACCIDENTS.values() if each.replay is not None} == set(Through)


@pytest.mark.parametrize("name", ACCIDENTS)
def test_the_name_of_the_file_is_the_year_and_nothing_is_dated_that_the_source_does_not_date(name):
    accident = ACCIDENTS[name]
    assert name.split("-")[0] == ("undated" if accident.year is None else str(accident.year))
    assert (accident.year is None) == (accident.year_of is None)
    if "publication not noted" in accident.source:
        assert (accident.year, accident.confidence) == (None, Confidence.RECALLED)
    if accident.year_of is YearOf.PUBLICATION:
        assert accident.dated == f"\u2264 {accident.year}"


def test_the_rules_that_may_be_named_exist():
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "thecal" / "therapy").rglob("*.py"))
    written = set(OWN_WORDS.findall(code))
    assert [rule for rule in RULES if rule not in written] == []
    assert list(RULES) == sorted(set(RULES))
    assert {each.caught_by for each in REPLAYED.values()} <= {*RULES, ENTRY}


def test_every_heavy_finding_of_a_replay_is_one_that_may_be_named():
    said = {
        found.rule
        for each in REPLAYED.values()
        for tried in replay(each).tried
        for found in tried.findings
        if found.verdict.weight >= Verdict.WARN.weight
    }
    assert said <= {*RULES, ENTRY}


@pytest.mark.parametrize("name", CHECKED)
def test_without_its_rule_an_accident_is_not_caught_any_more(name, monkeypatch):
    accident = CHECKED[name]
    plan_rules, situation_rules = _without(accident, monkeypatch)
    assert len(plan_rules) + len(situation_rules) < len(PLAN_RULES) + len(SITUATION_RULES)
    monkeypatch.setattr(checks, "PLAN_RULES", plan_rules)
    monkeypatch.setattr(checks, "SITUATION_RULES", situation_rules)
    found = replay(accident)
    assert found.finding is None
    assert not found.held
    assert all(each.held for each in found.tried if each.twin)
    assert [each.title for each in found.missed] == [each.title for each in found.tried if not each.twin]


def test_a_field_that_repairs_what_is_typed_lets_accidents_through(monkeypatch):
    class Repairing(replaying.Field):
        def read(self, typed):
            return super().read("".join(each for each in typed if each.isdigit())[:3].lstrip("0") or "1")

    monkeypatch.setattr(replaying, "Field", Repairing)
    typed = {name: each for name, each in REPLAYED.items() if each.caught_by == ENTRY}
    assert len(typed) >= 4
    for accident in typed.values():
        assert replay(accident).missed[0].title == "as it happened"


def test_a_calculator_that_converts_backwards_is_noticed(monkeypatch):
    calculator = next(each for each in CALCULATORS if each.kind == "conversion")

    class Silent:
        inputs = calculator.inputs

        @staticmethod
        def calculate(inputs):
            found = calculator.calculate(inputs)
            return type("Found", (), {"findings": tuple(f for f in found.findings if "backwards" not in f.rule)})

    monkeypatch.setattr(replaying.calculators, "KINDS", {"conversion": Silent})
    found = replay(ACCIDENTS["undated-enteral-baclofen-for-intrathecal"])
    assert (len(found.missed), found.false_alarms) == (3, ())


def test_a_rule_that_speaks_of_a_harmless_plan_is_a_false_alarm(monkeypatch):
    def suspicious(_):
        yield replaying.refusal("wrong-pump", "pump", "Every pump is suspicious.")

    monkeypatch.setattr(checks, "SITUATION_RULES", (*SITUATION_RULES, suspicious))
    found = replay(ACCIDENTS["1997-two-pumps-one-day"])
    assert (found.missed, len(found.false_alarms), found.held) == ((), 1, False)


def test_a_verdict_that_became_lighter_is_not_enough(monkeypatch):
    def lighter(situation):
        for rule in SITUATION_RULES:
            for found in rule(situation):
                yield replace(found, verdict=Verdict.WARN)

    monkeypatch.setattr(checks, "SITUATION_RULES", (lighter,))
    found = replay(ACCIDENTS["1997-two-pumps-one-day"])
    assert len(found.missed) == 3


def test_a_replay_is_the_same_every_time():
    for accident in REPLAYED.values():
        assert replay(accident) == replay(accident)


def _without(accident, monkeypatch):
    """Both lists of rules without those that say what this accident is caught by."""
    itself = replace(accident, replay=replace(accident.replay, variants=(), near_twins=()))
    kept = []
    for rules, of_plans in ((PLAN_RULES, True), (SITUATION_RULES, False)):
        silent = []
        for rule in rules:
            with monkeypatch.context() as alone:
                alone.setattr(checks, "PLAN_RULES", (rule,) if of_plans else ())
                alone.setattr(checks, "SITUATION_RULES", () if of_plans else (rule,))
                said = replay(itself).tried[0].findings
            if accident.caught_by not in [found.rule for found in said]:
                silent.append(rule)
        kept.append(tuple(silent))
    return kept
