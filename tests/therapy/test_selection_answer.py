"""What stands beside a selection: what is missing, trial, warnings, words, sources; and what is refused."""

from __future__ import annotations

import pytest

from thecal.catalogue.selection_terms import TrialMethod
from thecal.documents import DocumentError, read
from thecal.quantities import Mass
from thecal.therapy.calculation import Calculation
from thecal.therapy.calculators.selection import CALCULATOR, selection
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Verdict, worst
from thecal.therapy.selection.answer import Selection
from thecal.therapy.selection.candidacy import Route
from thecal.therapy.selection.facts import SelectionInputs
from thecal.therapy.selection.missing import missing
from thecal.therapy.selection.paths import facts, price_words, value_of, with_value, words_of
from thecal.therapy.selection.systems import choose
from thecal.therapy.selection.trial import trial_advice

from .selecting import CANCER, SPASTIC, answered, document, drugs, told

UNTRIED = {"trial.done": False, "trial.relief_percent": None, "trial.intolerable_effects": None}
INFECTED = {"patient.conditions": ["active infection"]}


def rules_of(found: Calculation[Selection]) -> dict[str, Verdict]:
    return {each.rule: each.verdict for each in found.findings}


def test_missing_facts_name_the_rules_and_reasons_that_wait_for_them():
    inputs = told({"life.home_altitude_m": None, "life.avoids_replacement": None, "patient.conditions": None})
    found = {each.path: each for each in missing(inputs, choose(inputs))}
    assert found["life.home_altitude_m"].rules == ("H8-altitude",)
    assert found["life.avoids_replacement"].reasons == ("S1-replacement",)
    assert set(found["patient.conditions"].rules) == {"H1-infection", "H1-coagulopathy", "H1-csf-block"}
    assert found["patient.conditions"].reasons == ("S5-granuloma",)
    assert found["life.home_altitude_m"].words == "height of home, in m"


def test_what_matters_to_nobody_left_is_not_asked_for():
    inputs = told({"life.home_altitude_m": None, "needs.patient_bolus": True})
    assert missing(inputs, choose(inputs)) == ()
    ruled_out = told(INFECTED | {"life.avoids_replacement": None})
    assert missing(ruled_out, choose(ruled_out)) == ()


def test_nothing_known_at_all_is_answered_with_what_is_missing():
    found = selection(SelectionInputs())
    assert found.answer.choice.route is Route.NOT_KNOWN
    assert rules_of(found) == {
        "candidacy-not-known": Verdict.WARN,
        "facts-missing": Verdict.INFO,
    }
    paths = {each.path for each in found.answer.missing}
    assert {"patient.indication", "trial.done", "needs.drugs", "life.home_altitude_m", "needs.patient_bolus"} <= paths
    assert found.answer.trial.methods == ()


@pytest.mark.parametrize(
    ("case", "methods", "doses"),
    [
        (SPASTIC, ["screening"], ["50 microgram", "75 microgram", "100 microgram"]),
        ({}, ["continuous", "single-shot", "no-method-superior"], ["100 microgram"]),
        ({"needs.drugs": drugs("ziconotide")}, ["ziconotide", "no-method-superior"], ["1 microgram"]),
        (
            {"needs.drugs": drugs("morphine", "ziconotide")},
            ["ziconotide", "continuous", "single-shot", "no-method-superior"],
            ["100 microgram", "1 microgram"],
        ),
        (
            CANCER | {"patient.stage": "palliation"},
            ["may-be-skipped", "continuous", "single-shot", "no-method-superior"],
            ["100 microgram"],
        ),
        ({"patient.indication": None}, [], []),
        ({"needs.drugs": []}, [], []),
    ],
)
def test_the_trial_follows_the_drug_and_the_indication(case, methods, doses):
    found = trial_advice(told(case))
    assert [method for method, _ in found.methods] == [TrialMethod(each) for each in methods]
    assert [dose.low.amount for dose in found.doses] == [Mass.parse(each) for each in doses]


def test_a_trial_that_has_helped_is_not_told_again_and_one_to_be_made_is():
    before, after = answered(UNTRIED), answered()
    assert any(line.key.startswith("trial.") for line in before.outputs)
    assert not any(line.key.startswith("trial.") for line in after.outputs)
    shown = {line.key: line.text for line in before.outputs}
    assert (shown["trial.dose.1.low"], shown["trial.dose.1.high"]) == ("0.1", "0.5")
    screened = {line.key: line.text for line in answered(SPASTIC, UNTRIED, {"trial.responded": None}).outputs}
    assert [screened[f"trial.dose.{place}"] for place in (1, 2, 3)] == ["50", "75", "100"]
    assert rules_of(before)["trial-first"] is Verdict.WARN


def test_costs_are_shown_for_systems_that_have_one_and_published_ones_beside_them():
    prices = {
        "currency": "EUR", "years": 10, "implantation": 5000, "refill_visit": 200, "fill": 150, "revision": 3000,
        "programmable_pump": 12000,
    }  # fmt: skip
    table = document({"life.avoids_replacement": True}) | {"prices": prices}
    found = selection(read(SelectionInputs, table))
    shown = {line.key: line.text for line in found.outputs}
    totals = [text for key, text in shown.items() if key.endswith(".cost")]
    assert len(totals) == 1
    assert totals[0].endswith(" EUR")
    assert rules_of(found)["prices-missing"] is Verdict.INFO
    assert any(key.startswith("published.") for key in shown)
    assert not any(line.key.startswith("published.") for line in answered().outputs)
    assert any(line.key.startswith("published.") for line in answered({"life.cost_limited": True}).outputs)


def test_whoever_is_no_candidate_gets_no_system_and_a_refusal_with_its_source():
    found = answered(INFECTED)
    assert found.answer.first is None
    (refused,) = (each for each in found.findings if each.verdict is Verdict.REFUSE)
    assert (refused.rule, refused.field) == ("not-a-candidate", "H1-infection")
    assert refused.source
    assert [each.text for each in refused.compared] == ["active infection"]
    (unnamed,) = (
        each for each in answered({"patient.room_for_pump": False}).findings if each.rule == "not-a-candidate"
    )
    assert unnamed.compared == ()


def test_a_candidate_for_whom_every_pump_is_excluded_is_told_why():
    found = answered({"needs.drugs": drugs("morphine 30 mg/day"), "needs.shortest_interval_days": 180})
    assert found.answer.first is None
    assert rules_of(found)["no-system"] is Verdict.REFUSE
    assert found.answer.choice.route is Route.IMPLANT
    shown = {line.key: line.text for line in found.outputs}
    assert shown["first"] == "–"
    assert shown["programmable.best"] == "every model is excluded"
    assert found.answer.changes  # a lower dose, or a shorter interval


def test_a_first_system_that_cannot_be_bought_is_told_with_the_best_that_can():
    found = answered({"life.avoids_replacement": True})
    (warned,) = (each for each in found.findings if each.rule == "not-on-sale")
    assert warned.verdict is Verdict.WARN
    assert found.answer.choice.first_sold is not None
    assert warned.compared[1].text == found.answer.choice.first_sold.name
    assert "not-on-sale" not in rules_of(answered({"needs.on_sale_only": True}))


def test_a_drug_nobody_vouches_for_is_told_in_every_way():
    found = answered({"needs.shortest_interval_days": 170, "needs.drugs": drugs("methadone 2 mg/day")})
    assert found.answer.first is not None
    assert {each.rule for each in found.findings} >= {"needs-site-limits", "not-for-this-pump", "stability-unknown"}


def test_off_label_drugs_and_unknown_stability_are_told():
    found = rules_of(answered({"needs.drugs": drugs("hydromorphone 1 mg/day", "bupivacaine 4 mg/day")}))
    assert found["not-for-this-pump"] is Verdict.INFO
    assert found["stability-unknown"] is Verdict.INFO
    assert "not-for-this-pump" not in rules_of(answered())


@pytest.mark.parametrize(("depth", "warned"), [(10, False), (11, True), (0, False), (None, False)])
def test_nobody_with_a_pump_dives_below_ten_metres(depth, warned):
    assert ("dive-too-deep" in rules_of(answered({"life.diving_depth_m": depth}))) is warned


def test_a_sound_selection_draws_no_warning():
    assert worst(answered({"needs.on_sale_only": True}).findings) in (Verdict.ALLOW, Verdict.INFO)


def test_payers_are_told_where_they_doubt():
    assert [each.who for each in answered().answer.payers] == [
        "Washington State health technology assessment",
        "KCE, Belgium",
    ]
    assert [each.who for each in answered(CANCER).answer.payers] == ["Ontario health technology assessment"]
    assert answered(SPASTIC).answer.payers == ()


def test_the_line_of_treatment_is_told_where_the_tables_name_it():
    assert answered({"patient.spread": "diffuse"}).answer.line is not None
    assert answered().answer.line is None
    assert answered({"patient.spread": "diffuse", "needs.drugs": drugs("methadone")}).answer.line is None
    assert answered({"patient.indication": None, "patient.spread": "diffuse"}).answer.line is None


def test_every_system_that_is_told_shows_what_a_clinician_asks_for():
    """Verify for first and best of either kind
    - market, points, every reason, fluid, flow, interval and what ends it, magnetic resonance, catheter
    - the life of the battery for a programmable pump, and the flow at home for a constant one
    """
    found = answered({"life.avoids_replacement": True, "life.visited_altitude_m": 600, "needs.on_sale_only": False})
    shown = {line.key: line for line in found.outputs}
    assert len(found.answer.told) == 2
    for place, system in enumerate(found.answer.told, start=1):
        at = f"system.{place}"
        for part in (
            "name",
            "market",
            "points",
            "concentration.morphine",
            "flow",
            "interval",
            "binding",
            "mri",
            "catheter",
        ):
            assert f"{at}.{part}" in shown
        assert all(f"{at}.score.{score.reason}" in shown for score in system.scores)
        assert (f"{at}.life" in shown) is system.programmable
        assert (f"{at}.height.home" in shown) is (f"{at}.height.600" in shown) is not system.programmable


def test_every_rule_reason_and_number_that_is_told_is_cited():
    found = answered({"life.avoids_replacement": True, "patient.spread": "diffuse"} | UNTRIED)
    cited = {each.what for each in found.sources}
    for system in found.answer.told:
        assert {f"reason {score.reason}" for score in system.scores} <= cited
        assert f"{system.pump.name}: market" in cited
    assert {f"rule {each.rule}" for each in found.answer.choice.rulings} <= cited
    assert {"rule H9-pairing", "threshold: altitude change", "line of treatment", "trial, continuous"} <= cited
    assert all(each.source and each.confidence for each in found.sources)
    assert len(set(found.sources)) == len(found.sources)
    zico = {each.what for each in answered({"needs.drugs": drugs("ziconotide 2 microgram/day")}).sources}
    assert "ziconotide: lowest concentration" in zico
    own = {each.what for each in answered({"needs.shortest_interval_days": 40}).sources}
    assert not any("shortest refill interval" in each for each in own)


CONTRADICTORY = [
    ({"patient.cause": "stroke"}, "patient.cause"),
    (SPASTIC | {"patient.injured_months_ago": 5}, "patient.injured_months_ago"),
    ({"patient.stage": "remission"}, "patient.stage"),
    (SPASTIC | {"patient.spread": "diffuse"}, "patient.spread"),
    ({"trial.done": False}, "trial.done"),
    ({"trial.done": None}, "trial.done"),
    (SPASTIC | {"trial.relief_percent": 50}, "trial.relief_percent"),
    ({"trial.responded": True}, "trial.responded"),
    ({"needs.drugs": drugs("morphine 1 mg/day", "morphine")}, "needs.drugs"),
    ({"needs.drugs": drugs("morphine 0 mg/day")}, "needs.drugs"),
]


@pytest.mark.parametrize(("facts_given", "field"), CONTRADICTORY)
def test_facts_that_contradict_each_other_are_refused_in_one_line(facts_given, field):
    with pytest.raises(EntryRefused) as refused:
        answered(facts_given)
    assert refused.value.field == field
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("table", "told_line"),
    [
        ({"patient": {"depth_cm": 21}}, "patient.depth_cm: 21 must lie from 0 to 20"),
        ({"life": {"home_altitude_m": 9000}}, "life.home_altitude_m: 9000 must lie from -400 to 6000"),
        ({"needs": {"drugs": [{"drug": "morphine", "daily_dose": 2}]}}, "needs.drugs\\[0\\].daily_dose: must be text"),
        ({"patient": {"mood": "good"}}, "patient.mood: unknown field"),
        ({"jurisdiction": "Mars"}, "'Mars' is not one of US, EU, other"),
    ],
)
def test_a_document_is_read_strictly(table, told_line):
    with pytest.raises(DocumentError, match=told_line):
        read(CALCULATOR.inputs, table)


def test_every_fact_of_the_document_has_words_and_can_be_changed():
    inputs = told()
    for fact in facts():
        assert words_of(fact.path) == fact.words
        assert value_of(with_value(inputs, fact.path, None), fact.path) is None
    assert words_of("needs.drugs.2.daily_dose") == "drug 2: 24-hour dose that is expected"
    assert price_words("prices.fill") == "the drug of one fill"
