"""From another route or opioid to an intrathecal first dose: the range, the safer end, and never backwards."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.catalogue.drugs import Tolerance, drug
from thecal.catalogue.sourced import CatalogueError
from thecal.documents import read
from thecal.quantities import DoseRate
from thecal.therapy import EntryRefused, Verdict
from thecal.therapy.calculation import Calculation
from thecal.therapy.calculators.conversion import (
    CALCULATOR,
    Conversion,
    ConversionInputs,
    ConversionRoute,
    conversion,
)
from thecal.therapy.patient import Condition, Medicine, PatientFacts
from thecal.therapy.starting import strictest_start

# 180 mg/day of oral morphine by every published ratio [clinical 2.1]: least, median, most
BY_EVERY_RATIO = {
    "400 to 1": ("0.45", None, None),
    "300 to 1": ("0.6", None, None),
    "200 to 1": ("0.9", None, None),
    "75–150 to 1": ("1.2", "1.706161", "2.4"),
    "100 to 1": ("1.8", None, None),
    "90 to 1": ("2", None, None),
    "10–125 to 1": ("1.44", None, "18"),
}


def asked(route: str = "oral", of: str = "morphine", dose: str = "180 mg/day", **more: Any) -> Calculation[Conversion]:
    document = {"from_route": route, "from_drug": of, "daily_dose": dose, **more}
    return CALCULATOR.calculate(read(CALCULATOR.inputs, document))


def numbers(found: Calculation[Conversion]) -> dict[str, str]:
    return {line.key: line.text for line in found.outputs}


def told(found: Calculation[Conversion]) -> dict[str, Verdict]:
    return {each.rule: each.verdict for each in found.findings}


def test_every_published_ratio_is_computed_and_the_range_is_shown():
    found = asked()
    shown = {each.published.text: each for each in found.answer.by_ratio}
    assert set(shown) == set(BY_EVERY_RATIO)
    for ratio, (least, median, most) in BY_EVERY_RATIO.items():
        one = shown[ratio]
        assert one.least.number_in("mg/day") == least
        assert (None if one.median is None else one.median.number_in("mg/day")) == median
        assert one.most.number_in("mg/day") == (most or least)
    assert (numbers(found)["least"], numbers(found)["most"]) == ("0.45", "18")
    assert numbers(found)["ratio"] == "400"  # the safest is taken


# route, drug, dose, what else -> ratio used, worked out, proposed
WORKED = [
    ("oral", "morphine", "180 mg/day", {}, "400", "0.45", "0.45"),
    ("oral", "morphine", "180 mg/day", {"ratio": 100}, "100", "1.8", "0.5"),
    ("oral", "morphine", "60 mg/day", {"ratio": 300}, "300", "0.2", "0.2"),
    ("intravenous", "morphine", "60 mg/day", {}, "300", "0.2", "0.2"),
    ("epidural", "morphine", "4 mg/day", {}, "10", "0.4", "0.4"),
    ("epidural", "hydromorphone", "0.5 mg/day", {}, "5", "0.1", "0.1"),
    ("intravenous", "fentanyl", "1 mg/day", {}, "20", "50", "50"),
    # 3 mg of morphine: sixth, then half for incomplete cross-tolerance
    ("intrathecal", "morphine", "0.6 mg/day", {"to_drug": "hydromorphone"}, "6", "0.05", "0.05"),
    (
        "intrathecal",
        "morphine",
        "0.6 mg/day",
        {"to_drug": "hydromorphone", "ratio": 2, "cross_tolerance": 25},
        "2",
        "0.225",
        "0.15",
    ),
    ("oral", "morphine", "180 mg/day", {"patient": {"age_years": 65}}, "400", "0.3375", "0.3375"),
    ("oral", "morphine", "180 mg/day", {"patient": {"age_years": 64}}, "400", "0.45", "0.45"),
    (
        "oral",
        "morphine",
        "180 mg/day",
        {"patient": {"age_years": 80, "conditions": ["sleep apnoea"], "medicines": ["sedative"]}},
        "400",
        "0.189843",
        "0.189843",
    ),
    # the label would let a tolerant patient start at up to 10 mg, the consensus nobody above 0.5 mg
    ("oral", "morphine", "600 mg/day", {"patient": {"tolerance": "tolerant"}}, "400", "1.5", "0.5"),
]


@pytest.mark.parametrize(("route", "of", "dose", "more", "ratio", "worked_out", "proposed"), WORKED)
def test_worked_examples_come_out_to_the_last_digit(route, of, dose, more, ratio, worked_out, proposed):
    found = asked(route, of, dose, **more)
    shown = numbers(found)
    assert (shown["ratio"], shown["worked_out"], shown["proposed"]) == (ratio, worked_out, proposed)
    assert shown["start"] == proposed
    clamped = {} if worked_out == proposed else {"start-clamped": Verdict.INFO}
    assert told(found) == clamped


# wanted, reason, tolerance -> start, what is said beside the clamp
ASKED_FOR = [
    ("0.3 mg/day", None, None, "0.3", {}),
    ("0.45 mg/day", None, None, "0.45", {}),
    ("0.46 mg/day", None, None, "–", {"start-above-proposal": Verdict.REFUSE}),
    ("0.46 mg/day", "as before the trial", None, "0.46", {"start-above-proposal": Verdict.WARN}),
    ("1 mg/day", "as before the trial", None, "1", {"start-above-proposal": Verdict.WARN}),
    (
        "1.5 mg/day",
        "as before the trial",
        None,
        "1.5",
        {"start-above-proposal": Verdict.WARN, "start-above-range": Verdict.STOP},
    ),
    ("1.5 mg/day", "as before the trial", "tolerant", "1.5", {"start-above-proposal": Verdict.WARN}),
    (
        "60 mg/day",
        "as before the trial",
        "tolerant",
        "–",
        {
            "start-above-proposal": Verdict.WARN,
            "dose-above-ceiling": Verdict.REFUSE,
            "start-above-range": Verdict.STOP,
        },
    ),
]


@pytest.mark.parametrize(("wanted", "reason", "tolerance", "start", "said"), ASKED_FOR)
def test_more_than_is_proposed_needs_a_typed_reason(wanted, reason, tolerance, start, said):
    more = {"reason": reason} if reason else {}
    if tolerance:
        more["patient"] = {"tolerance": tolerance}
    found = asked(wanted_dose=wanted, **more)
    assert numbers(found)["start"] == start
    assert told(found) == said


# route, drug, to drug, to route -> what is shown against it
BACKWARDS = [
    ("intrathecal", "morphine", None, "oral", {"12 to 1, oral", "10–400 to 1"}),
    ("intrathecal", "morphine", None, "epidural", {"12 to 1, oral", "10 to 1"}),
    ("intrathecal", "baclofen", None, "oral", {"10000 to 1, oral"}),
    ("intrathecal", "ziconotide", None, "intravenous", set()),
    ("intrathecal", "hydromorphone", "morphine", "intrathecal", set()),
]


@pytest.mark.parametrize(("route", "of", "to_drug", "to_route", "shown"), BACKWARDS)
def test_nothing_runs_backwards(route, of, to_drug, to_route, shown):
    more = {"to_route": to_route} | ({"to_drug": to_drug} if to_drug else {})
    found = asked(route, of, "10 microgram/day", **more)
    assert told(found) == {"conversion-backwards": Verdict.REFUSE}
    assert {each.text for each in found.findings[0].compared} == shown
    assert found.answer.first is None
    assert found.answer.by_ratio == ()
    assert numbers(found) == {"start": "–"}
    assert (found.findings[0].field, found.findings[0].path) in {
        ("drug wanted", "to_drug"),
        ("route wanted", "to_route"),
    }


def test_why_baclofen_by_mouth_does_not_replace_it_stands_with_its_case():
    (refused,) = asked("intrathecal", "baclofen", "10 microgram/day", to_route="oral").findings
    assert "100 mg/day enterally did not replace 10 microgram/day" in refused.source
    assert "not symmetric" in refused.words


@pytest.mark.parametrize(
    ("route", "of", "more"),
    [
        ("oral", "baclofen", {}),
        ("oral", "hydromorphone", {}),
        ("oral", "morphine", {"to_drug": "hydromorphone"}),
        ("intrathecal", "fentanyl", {"to_drug": "sufentanil"}),
    ],
)
def test_without_a_published_ratio_nothing_is_computed(route, of, more):
    found = asked(route, of, "10 mg/day", **more)
    assert told(found) == {"conversion-no-ratio": Verdict.REFUSE}
    assert found.answer.first is None


@pytest.mark.parametrize(
    ("more", "refusal", "words"),
    [
        ({"dose": "0 mg/day"}, EntryRefused, "daily_dose: must be more than zero"),
        ({"to_route": "epidural"}, EntryRefused, "to_route: only to the intrathecal route"),
        ({"route": "intrathecal"}, EntryRefused, "to_drug: is the drug the patient has"),
        ({"ratio": 9}, EntryRefused, "ratio: 9 is not published for this; published are 10 to 400"),
        ({"ratio": 401}, EntryRefused, "ratio: 401 is not published"),
        ({"cross_tolerance": 25}, EntryRefused, "cross_tolerance: applies only when the drug changes"),
        (
            {"route": "intrathecal", "to_drug": "hydromorphone", "cross_tolerance": 24},
            EntryRefused,
            "cross_tolerance: 24 % is too little; at least 25 % is taken off",
        ),
        ({"wanted_dose": "0 mg/day"}, EntryRefused, "wanted_dose: must be more than zero"),
        ({"of": "heroin"}, EntryRefused, "from_drug: 'heroin' is not a drug"),
    ],
)
def test_inputs_that_contradict_themselves_are_refused_in_one_line(more, refusal, words):
    with pytest.raises(refusal) as said:
        asked(**more)
    assert str(said.value).startswith(words)
    assert "\n" not in str(said.value)


def test_a_drug_without_a_published_start_is_never_clamped_to_nothing():
    with pytest.raises(CatalogueError, match="methadone has no published first dose"):
        strictest_start(drug("methadone"), None)


@pytest.mark.parametrize(
    ("key", "tolerance", "strictest"),
    [
        ("morphine", None, "0.5 mg/day"),
        ("morphine", Tolerance.TOLERANT, "0.5 mg/day"),
        ("ziconotide", None, "1.2 microgram/day"),
        ("baclofen", None, "200 microgram/day"),  # twice the strongest screening dose
    ],
)
def test_the_strictest_start_is_the_lowest_of_the_highest(key, tolerance, strictest):
    assert strictest_start(drug(key), tolerance).amount == DoseRate.parse(strictest)


ROUTES = (ConversionRoute.ORAL, ConversionRoute.INTRAVENOUS, ConversionRoute.EPIDURAL)
patients = st.builds(
    PatientFacts,
    tolerance=st.sampled_from([None, *Tolerance]),
    age_years=st.none() | st.integers(0, 120),
    conditions=st.sampled_from([(), (Condition.SLEEP_APNOEA,)]),
    medicines=st.sampled_from([(), (Medicine.SEDATIVE,), (Medicine.ANTICOAGULANT,)]),
)


@settings(max_examples=60, deadline=None)
@given(route=st.sampled_from(ROUTES), dose=st.integers(1, 10**9), more=st.integers(0, 10**8), patient=patients)
def test_no_proposal_passes_the_strictest_start_and_more_before_is_never_less_now(route, dose, more, patient):
    """Verify, for any patient:
    - what is proposed lies below the strictest start, below the least by any ratio, and is started unasked
    - it grows with the dose before, and no reason for caution ever raises it
    """

    def first(ng: int, who: PatientFacts) -> DoseRate:
        answer = conversion(ConversionInputs(route, "morphine", DoseRate(ng), patient=who)).answer
        assert answer.first.start == answer.first.proposed <= min(answer.least, DoseRate.parse("0.5 mg/day"))
        assert answer.least <= answer.most
        return answer.first.proposed

    plain = PatientFacts(tolerance=patient.tolerance)
    assert first(dose, patient) <= first(dose + more, patient)
    assert first(dose, patient) <= first(dose, plain)


@pytest.mark.parametrize(("one", "other"), [("180 mg/day", "7.5 mg/h"), ("180 mg/day", "180000 microgram/day")])
def test_nothing_depends_on_the_unit_a_dose_is_typed_in(one, other):
    assert asked(dose=one).answer == asked(dose=other).answer


def test_every_ratio_and_every_reduction_is_cited():
    found = asked("intrathecal", "morphine", "6 mg/day", to_drug="hydromorphone", patient={"age_years": 70})
    assert [(each.what, each.confidence) for each in found.sources] == [
        ("ratio 5–6 to 1 (chronic infusion)", "abstract"),
        ("ratio 2 to 1 (single shot)", "abstract"),
        ("less for age from 65 years", "assumed"),
        ("less for incomplete cross-tolerance", "assumed"),
        ("HYDROmorphone: strictest published start", "recalled"),
    ]
    assert asked("intrathecal", "morphine", to_route="oral").sources[0].what == "told of the way back, 12 to 1, oral"
