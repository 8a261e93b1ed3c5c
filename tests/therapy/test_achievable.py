"""The dose a pump can really give of a fluid, and the fluid of which it gives a dose."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.documents import read
from thecal.quantities import Concentration, DoseRate
from thecal.therapy import EntryRefused, Verdict
from thecal.therapy.calculation import Calculation
from thecal.therapy.calculators.achievable import CALCULATOR, Achievable, AchievableInputs, achievable
from thecal.therapy.prescribed import DrugIn

SYNCHROMED = "synchromed-ii-20"
SLOW_ISOMED = "isomed-20-05"

# pump, fluid, wanted -> achievable, lowest, highest, thinnest, thickest (None: there is none)
WORKED = [
    # flow floor 0.048 mL/day x 2 mg/mL: the floor of a microdose [clinical 7]
    (SYNCHROMED, "morphine 2 mg/mL", "0.096 mg/day", "0.096", "0.096", "48", "0.004", "2"),
    (SYNCHROMED, "morphine 2 mg/mL", "0.095 mg/day", None, "0.096", "48", "0.003959", "1.979166"),
    # undiluted ziconotide in the same pump [clinical 1.6, Prialt US label]
    (SYNCHROMED, "ziconotide 25 microgram/mL", "1.2 microgram/day", "1.2", "1.2", "600", "25", "25"),
    (SYNCHROMED, "ziconotide 25 microgram/mL", "0.5 microgram/day", None, "1.2", "600", None, None),
    # too much for the highest flow
    (SYNCHROMED, "morphine 0.5 mg/mL", "15 mg/day", None, "0.024", "12", "0.625", "20"),
    # one flow for life: 0.5 mL/day
    (SLOW_ISOMED, "morphine 2 mg/mL", "1 mg/day", "1", "1", "1", "2", "2"),
    (SLOW_ISOMED, "morphine 2 mg/mL", "1.5 mg/day", "1", "1", "1", "3", "3"),
    (SLOW_ISOMED, "morphine 2 mg/mL", "11 mg/day", "1", "1", "1", None, None),  # 22 mg/mL: above PACC 2017
    (SLOW_ISOMED, "morphine 2 mg/mL", "0.9 mg/day", None, "1", "1", "1.8", "1.8"),
]


def fluid(text: str) -> tuple[DrugIn, ...]:
    drugs = (each.split(" ", 1) for each in text.split(" + "))
    return tuple(DrugIn(drug, Concentration.parse(strength)) for drug, strength in drugs)


def asked(pump: str, of: str, dose: str) -> Calculation[Achievable]:
    return achievable(AchievableInputs(pump, fluid(of), DoseRate.parse(dose)))


def numbers(found: Calculation[Achievable]) -> dict[str, str]:
    return {line.key: line.text for line in found.outputs}


@pytest.mark.parametrize(("pump", "of", "wanted", "gets", "lowest", "highest", "thinnest", "thickest"), WORKED)
def test_worked_examples_come_out_to_the_last_digit(pump, of, wanted, gets, lowest, highest, thinnest, thickest):
    found = asked(pump, of, wanted)
    shown = numbers(found)
    drug = of.partition(" ")[0]
    assert shown.get(f"{drug}.achievable") == gets
    assert (shown["range.lowest"], shown["range.highest"]) == (lowest, highest)
    assert (shown["thinnest"], shown["thickest"]) == (thinnest or "–", thickest or "–")
    refused = {each.rule for each in found.findings if each.verdict is Verdict.REFUSE}
    assert bool(refused) == (gets is None or thinnest is None)


def test_every_drug_of_a_mixture_is_shown_with_what_it_gets():
    found = asked(SYNCHROMED, "morphine 10 mg/mL + clonidine 300 microgram/mL", "1.000004 mg/day")
    assert [
        (each.drug, str(each.programmed), str(each.achievable), str(each.residual)) for each in found.answer.doses
    ] == [
        ("morphine", "1000.004 microgram/day", "1 mg/day", "4 ng/day"),
        ("clonidine", "30 microgram/day", "30 microgram/day", "0 ng/day"),
    ]


def test_strokes_are_those_of_the_model():
    found = numbers(asked(SYNCHROMED, "morphine 2 mg/mL", "0.096 mg/day"))
    assert (found["flow"], found["stroke_dose"], found["strokes_per_day"]) == ("0.048", "0.001", "96")


def test_a_constant_flow_pump_says_that_only_another_fluid_changes_its_dose():
    (less,) = asked(SLOW_ISOMED, "morphine 2 mg/mL + clonidine 300 microgram/mL", "1.5 mg/day").findings
    assert (less.rule, less.verdict) == ("residual-daily", Verdict.INFO)
    (more,) = asked(SLOW_ISOMED, "morphine 2 mg/mL", "0.9 mg/day").findings
    assert (more.rule, more.verdict) == ("rate-too-high", Verdict.REFUSE)


def test_a_drug_that_nobody_limits_may_be_as_thick_as_the_pump_needs():
    found = asked(SYNCHROMED, "methadone 50 mg/mL", "12 mg/day")
    assert found.answer.thickest == Concentration.parse("250 mg/mL")
    assert not any("methadone" in each.what for each in found.sources)


@settings(max_examples=60, deadline=None)
@given(strength=st.integers(1_000, 25_000_000), dose=st.integers(1, 30_000_000), more=st.integers(0, 1_000_000))
def test_what_is_given_never_passes_what_is_wanted_and_more_wanted_is_never_less_given(strength, dose, more):
    """Verify, for any fluid and dose:
    - programmed = achievable + residual, and both lie in the pump's range when there is an achievable dose
    - a larger dose never gets a smaller nearest dose
    - the nearest dose below is given again when one count more is asked for
    """
    of = (DrugIn("morphine", Concentration(strength)),)
    small = achievable(AchievableInputs(SYNCHROMED, of, DoseRate(dose))).answer
    large = achievable(AchievableInputs(SYNCHROMED, of, DoseRate(dose + more))).answer
    for each in small.doses:
        assert each.programmed == each.achievable + each.residual
    if small.nearest_below is not None:
        assert large.nearest_below is not None
        assert small.nearest_below <= min(large.nearest_below, DoseRate(dose))
    for each in small.doses:
        again = achievable(AchievableInputs(SYNCHROMED, of, DoseRate(each.achievable.count + 1))).answer
        assert not again.doses or again.doses[0].achievable >= each.achievable


@settings(max_examples=60, deadline=None)
@given(pump=st.sampled_from([SYNCHROMED, SLOW_ISOMED, "prometra-ii-20"]), dose=st.integers(10_000, 10_000_000))
def test_the_fluids_that_fit_give_the_dose_and_their_neighbours_outside_do_not(pump, dose):
    asked_for = DoseRate(dose)
    found = achievable(AchievableInputs(pump, fluid("morphine 10 mg/mL"), asked_for)).answer
    assert found.thinnest is not None
    assert found.thickest is not None
    for strength in (found.thinnest, found.thickest):
        at = achievable(AchievableInputs(pump, (DrugIn("morphine", strength),), asked_for)).answer
        assert at.doses
        assert at.doses[0].achievable <= asked_for
    for outside in (found.thinnest.count - 2, found.thickest.count + 1):
        if pump != SLOW_ISOMED and 0 < outside < 20_000_000:
            at = achievable(AchievableInputs(pump, (DrugIn("morphine", Concentration(outside)),), asked_for)).answer
            assert not at.doses or at.doses[0].achievable.count < dose


@pytest.mark.parametrize(
    ("one", "other"),
    [("0.5 mg/day", "500 microgram/day"), ("24 microgram/day", "1 microgram/h"), ("1 mg/h", "24 mg/day")],
)
def test_nothing_depends_on_the_unit_a_dose_is_typed_in(one, other):
    of = "morphine 2 mg/mL"
    assert asked(SYNCHROMED, of, one).answer == asked(SYNCHROMED, of, other).answer
    assert asked(SYNCHROMED, of, one).outputs == asked(SYNCHROMED, of, other).outputs


@pytest.mark.parametrize(
    ("document", "refusal", "words"),
    [
        ({"daily_dose": "0 mg/day"}, EntryRefused, "daily_dose: must be more than zero"),
        ({"fluid": []}, EntryRefused, "fluid: name at least one drug"),
        (
            {"fluid": [{"drug": "morphine", "concentration": "0 mg/mL"}]},
            EntryRefused,
            "fluid[0].concentration: must",
        ),
        ({"fluid": [{"drug": "morphine", "concentration": "1 mg/mL"}] * 2}, EntryRefused, "fluid: names a drug twice"),
        (
            {"fluid": [{"drug": "heroin", "concentration": "1 mg/mL"}]},
            EntryRefused,
            "fluid[0].drug: 'heroin' is",
        ),
        ({"pump": "synchromed-9"}, EntryRefused, "pump: 'synchromed-9' is not a pump model"),
    ],
)
def test_a_document_that_cannot_be_used_is_refused_in_one_line(document, refusal, words):
    sound = {
        "pump": SYNCHROMED,
        "fluid": [{"drug": "morphine", "concentration": "2 mg/mL"}],
        "daily_dose": "0.5 mg/day",
    }
    with pytest.raises(refusal) as told:
        CALCULATOR.calculate(read(CALCULATOR.inputs, {**sound, **document}))
    assert str(told.value).startswith(words)
    assert "\n" not in str(told.value)


def test_what_it_rests_on_is_cited():
    found = asked(SYNCHROMED, "ziconotide 25 microgram/mL", "1.2 microgram/day")
    assert {each.what for each in found.sources} >= {
        "SynchroMed II, 20 mL: lowest rate",
        "ziconotide: lowest concentration",
        "ziconotide: strongest concentration, label",
    }
    assert found.formula
    assert found.assumptions
    assert found.kind == CALCULATOR.kind == "achievable"
