"""What a selection goes by is as published, carries its source, and is refused where it is incomplete."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from importlib import resources
from typing import Any

import pytest

from thecal.catalogue.catheters import catheter
from thecal.catalogue.drugs import drug
from thecal.catalogue.lines import Pain, Spread, line_of, lines, lines_from
from thecal.catalogue.selection import choosing, choosing_from
from thecal.catalogue.selection_terms import HardRule, Reason, TrialMethod
from thecal.catalogue.sourced import CatalogueError, Confidence, parse
from thecal.therapy.patient import Indication
from thecal.therapy.selection.facts import Cause

# threshold -> value, unit, mark [constant-flow 5.1, 5.3, 5.5]
PUBLISHED = [
    ("life_expectancy", "3", "month", "verified"),
    ("pain_duration", "6", "month", "verified"),
    ("trial_relief", "50", "%", "verified"),
    ("brain_injury_wait", "12", "month", "verified"),
    ("depth", "2.5", "cm", "verified"),
    ("altitude_change", "1500", "m", "derived"),
    ("dive_depth", "10", "m", "verified"),
    ("long_survival", "71", "month", "abstract"),
    ("strong_share", "50", "%", "assumed"),
]

# drugs, column -> line [clinical 1.4]
PLACED = [
    ("morphine", Pain.CANCER, Spread.DIFFUSE, "1A"),
    ("ziconotide", Pain.NON_CANCER, Spread.LOCALIZED, "1A"),
    ("fentanyl", Pain.NON_CANCER, Spread.LOCALIZED, "1B"),
    ("bupivacaine fentanyl", Pain.CANCER, Spread.LOCALIZED, "1B"),
    ("hydromorphone", Pain.CANCER, Spread.LOCALIZED, "2"),
    ("hydromorphone", Pain.NON_CANCER, Spread.DIFFUSE, "1B"),
    ("bupivacaine", Pain.NON_CANCER, Spread.LOCALIZED, "2"),
    ("sufentanil", Pain.CANCER, Spread.DIFFUSE, "3"),
    ("baclofen", Pain.NON_CANCER, Spread.DIFFUSE, "4"),
    ("sufentanil bupivacaine clonidine", Pain.CANCER, Spread.LOCALIZED, "5"),
]


@pytest.mark.parametrize(("name", "value", "unit", "mark"), PUBLISHED)
def test_thresholds_are_as_published_with_their_marks(name, value, unit, mark):
    found = getattr(choosing().thresholds, name)
    assert (found.value, found.unit, found.confidence.value) == (Decimal(value), unit, mark)


def test_the_height_of_a_flight_is_that_of_the_circumstances():
    assert choosing().cabin.amount == 2438


def test_every_rule_reason_and_method_says_what_it_asks_and_on_whose_word():
    by = choosing()
    for words in (
        *(by.rule(rule) for rule in HardRule),
        *(by.reason(reason).words for reason in Reason),
        *(by.trial(method) for method in TrialMethod),
        *(payer.words for payer in by.payers),
    ):
        assert words.text
        assert words.source


def test_no_weight_is_presented_as_published():
    weights = [choosing().reason(reason).points for reason in Reason]
    assert {weight.confidence for weight in weights} == {Confidence.ASSUMED}
    assert all(weight.whole() != 0 for weight in weights)


def test_closed_lists_in_the_data_are_words_that_therapy_knows():
    by = choosing()
    assert {Cause(each) for each in by.unsettled_causes} == {Cause.MULTIPLE_SCLEROSIS}
    assert {Indication(each) for each in by.unsettled_indications} == {Indication.CANCER_PAIN}
    assert all(Indication(each) for payer in by.payers for each in payer.indications)
    assert {drug(key).key for key in by.unsettled_drugs} == {"baclofen"}


def test_revisions_follow_the_wall_of_the_catheter():
    by = choosing()
    assert by.revisions(catheter("ascenda-8780")).value == Decimal("0.02")
    assert by.revisions(catheter("indura-8709")).value == Decimal("0.06")


def test_published_costs_stay_as_published():
    found = {cost.what: (cost.least, cost.most) for cost in choosing().costs}
    years = found["median life of a programmable pump to the end of its battery, 559 pumps"]
    assert (years[0].value, years[0].unit, years[1]) == (Decimal("5.9"), "year", None)
    least, most = found["time after which an implanted system was cheaper, cancer"]
    assert most is not None
    assert (least.value, most.value, least.unit) == (3, 6, "month")


def test_every_number_is_listed_with_its_origin():
    names = [name for name, _ in choosing().sources]
    assert "life_expectancy" in names
    assert "points, S1-replacement" in names
    assert all(origin.source for _, origin in choosing().sources)
    spans = sum(cost.most is not None for cost in choosing().costs)
    assert sum(name == cost.what for name in names for cost in choosing().costs) == len(choosing().costs) + spans


@pytest.mark.parametrize(("drugs", "pain", "spread", "line"), PLACED)
def test_drugs_stand_in_the_line_of_the_consensus_and_say_that_it_is_recalled(drugs, pain, spread, line):
    found = line_of(drugs.split(), pain, spread)
    assert found is not None
    assert (found.line, found.confidence) == (line, Confidence.RECALLED)


def test_a_mixture_nobody_placed_has_no_line():
    assert line_of(["methadone"], Pain.CANCER, Spread.DIFFUSE) is None
    assert line_of(["morphine", "fentanyl"], Pain.CANCER, Spread.DIFFUSE) is None


def test_every_column_has_a_first_line():
    for pain in Pain:
        for spread in Spread:
            assert any(each.line == "1A" for each in lines() if (each.pain, each.spread) == (pain, spread))


def broken(file: str, reader: Callable[[Any], Any], old: str, new: str, told: str) -> None:
    text = (resources.files("thecal.catalogue") / "data" / file).read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(CatalogueError, match=told):
        reader(parse(file, text.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('points = { value = 1, unit = "point"', 'points = { value = 0, unit = "point"', "must not be 0"),
        ('flight = "long flight"', 'flight = "fever"', "names no circumstance with a height"),
        ('flight = "long flight"', 'flight = "space"', "names no circumstance with a height: 'space'"),
        ("[rules]", "[rules]\nmood = 1", "rules.mood is not a known field"),
        ("H1-infection =", "H1-infections =", "rules.H1-infections is not a known field"),
        ("[scores.label]", "[scores.labels]", "scores.labels is not a known field"),
        ('classes = ["GABA-B agonist"', 'classes = ["vitamin"', "alarm.classes is 'vitamin', expected one of"),
        ('unit = "USD/day"', 'unit = ""', "must be text"),
        ("life_expectancy = {", "life_hope = {", "thresholds.life_hope is not a known field"),
        ('drugs = ["baclofen"]', 'drugs = ["balcofen"]', "'balcofen' is not a drug"),
        ('reinforced = ["ascenda-8780"', 'reinforced = ["ascenda-1"', "'ascenda-1' is not a catheter"),
    ],
)
def test_what_a_selection_goes_by_is_refused_in_one_line_where_it_is_wrong(old, new, told):
    broken("selection.toml", choosing_from, old, new, told)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            '["ziconotide"],\n  ["morphine"],',
            '["ziconotide"],\n  ["ziconotide"],',
            "ziconotide stands twice in one column",
        ),
        ('["ziconotide"],', '["aspirin"],', "'aspirin' is not a drug"),
        ('["ziconotide"],', "[1],", "must be a list of texts"),
        ('spread = "localized"', 'spread = "wide"', "expected one of localized, diffuse"),
        ('line = "1A"', 'lane = "1A"', "lane is not a known field"),
    ],
)
def test_lines_are_refused_in_one_line_where_they_are_wrong(old, new, told):
    broken("lines.toml", lines_from, old, new, told)


@pytest.mark.parametrize("listed", ["[]", '"morphine"'])
def test_a_line_without_drugs_is_refused(listed):
    text = f"""
        [[lines]]
        indication = "cancer pain"
        spread = "diffuse"
        line = "1A"
        drugs = {listed}
        source = "a test"
        confidence = "assumed"
    """
    with pytest.raises(CatalogueError, match="must list at least one drug or mixture"):
        lines_from(parse("lines.toml", text))
