"""What stands beside a selection: what would change it, what is missing, trial, cost, warnings, sources."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

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
from thecal.therapy.selection.changes import Change, Effect, changes
from thecal.therapy.selection.cost import cost_of, money, prices_missing
from thecal.therapy.selection.facts import Prices, SelectionInputs
from thecal.therapy.selection.missing import missing
from thecal.therapy.selection.paths import facts, price_words, value_of, with_value, words_of
from thecal.therapy.selection.systems import choose
from thecal.therapy.selection.trial import trial_advice

from .selecting import CANCER, SPASTIC, chosen, document, drugs, systems, told

UNTRIED = {"trial.done": False, "trial.relief_percent": None, "trial.intolerable_effects": None}
INFECTED = {"patient.conditions": ["active infection"]}


def answered(*changed: dict[str, Any]) -> Calculation[Selection]:
    return _answered(told(*changed))


@cache
def _answered(inputs: SelectionInputs) -> Calculation[Selection]:
    return selection(inputs)


def what_changes(*changed: dict[str, Any]) -> dict[str, Change]:
    return {f"{each.path}: {each.becomes}": each for each in answered(*changed).answer.changes}


def rules_of(found: Calculation[Selection]) -> dict[str, Verdict]:
    return {each.rule: each.verdict for each in found.findings}


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


# --- trial ---


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


# --- cost ---

PRICES = Prices(
    currency="EUR",
    years=10,
    implantation=Decimal(5000),
    refill_visit=Decimal(200),
    fill=Decimal(150),
    revision=Decimal(3000),
    programmable_pump=Decimal(12000),
    constant_flow_pump=Decimal(6000),
    dose_changes_per_year=2,
    programming_visit=Decimal(100),
)


def priced(pump: str, prices: Prices | None = PRICES, case: dict[str, Any] | None = None) -> Any:
    return cost_of(systems(chosen(case or {}), pump)[0], prices)


def test_a_cost_is_the_sum_of_its_parts_at_the_prices_given():
    """SynchroMed II, 40 mL, 0.342 mL/day: 90 days a fill, 7 years a battery; IsoMed, 35 mL, 0.307 mL/day: 90 days."""
    programmable, constant = priced("synchromed-ii-40"), priced("isomed-35-03")
    fills = 41  # ceil(3652.5 days / 90 days)
    assert {part.what: (part.number, part.cost) for part in programmable.parts} == {
        "implantation": (1, 5000),
        "refill visits": (fills, fills * 200),
        "fills": (fills, fills * 150),
        "revisions of the catheter, expected": (Fraction(1, 5), 600),
        "pumps": (2, 24000),
        "visits to change the program": (20, 2000),
    }
    assert {part.what: (part.number, part.cost) for part in constant.parts} == {
        "implantation": (1, 5000),
        "refill visits": (fills, fills * 200),
        "fills": (fills, fills * 150),
        "revisions of the catheter, expected": (Fraction(1, 5), 600),
        "pumps": (1, 6000),
        "refill visits to change the dose": (20, 4000),
        "fills discarded at changes of the dose, expected": (10, 1500),
    }
    assert programmable.total == sum(part.cost for part in programmable.parts)
    assert programmable.text == f"{5000 + fills * 350 + 600 + 24000 + 2000}.00 EUR"


def test_no_price_no_cost():
    assert priced("synchromed-ii-40", None) is None
    assert priced("synchromed-ii-40", case={"needs.drugs": drugs("morphine")}) is None
    without = {"years": 10, "currency": "EUR", "implantation": Decimal(1), "refill_visit": Decimal(1)}
    bare = Prices(**without, fill=Decimal(1), revision=Decimal(1))
    assert priced("synchromed-ii-40", bare) is None
    assert priced("isomed-35-03", bare) is None
    half = Prices(
        **without, fill=Decimal(1), revision=Decimal(1), programmable_pump=Decimal(1), dose_changes_per_year=1
    )
    assert priced("synchromed-ii-40", half) is None
    assert list(prices_missing(half)) == ["prices.constant_flow_pump", "prices.programming_visit"]
    assert list(prices_missing(bare)) == ["prices.programmable_pump", "prices.constant_flow_pump"]
    assert list(prices_missing(None)) == list(prices_missing(PRICES)) == []


@pytest.mark.parametrize(
    ("amount", "text"), [(Fraction(1, 3), "0.34"), (Fraction(5), "5.00"), (Fraction(2001, 200), "10.01")]
)
def test_money_is_rounded_up_to_hundredths(amount, text):
    assert money(amount) == text


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


# --- warnings, words, sources ---


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
