"""What a visit may do wrong: each rule catches variants of its class and leaves a harmless near twin alone."""

from __future__ import annotations

import pytest

from thecal.therapy.findings import Verdict, worst

from . import visit_cases_line, visit_cases_refill, visit_cases_system
from .sound_visits import SOUND
from .visits import found, is_a_field

CASES = {**visit_cases_refill.CASES, **visit_cases_line.CASES, **visit_cases_system.CASES}
CAUGHT = [(rule, verdict, changes) for rule, (caught, _) in CASES.items() for verdict, changes in caught]
TWINS = [(rule, changes) for rule, (_, twins) in CASES.items() for changes in twins]


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_visit_draws_nothing_heavier_than_information(name):
    findings = found(SOUND[name])
    assert worst(findings).weight <= Verdict.INFO.weight, [(each.rule, each.words) for each in findings]


@pytest.mark.parametrize(("rule", "verdict", "changes"), CAUGHT)
def test_what_is_wrong_is_caught_and_its_finding_leads_to_a_field(rule, verdict, changes):
    speaking = [each for each in found(changes) if each.rule == rule]
    assert verdict in [each.verdict for each in speaking]
    for each in speaking:
        assert is_a_field(each.path), each.path
        assert each.words.endswith(".")


@pytest.mark.parametrize(("rule", "changes"), TWINS)
def test_a_harmless_near_twin_passes(rule, changes):
    assert rule not in [each.rule for each in found(changes)]


def test_every_rule_catches_at_least_two_variants_and_passes_a_twin():
    assert all(len(caught) >= 2 and twins for caught, twins in CASES.values())
    assert len(SOUND) >= 15
