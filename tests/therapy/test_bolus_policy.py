"""What a patient-bolus policy can bring within any 24 hours."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.documents import read
from thecal.quantities import Duration, Mass
from thecal.therapy import EntryRefused, Verdict
from thecal.therapy.calculation import Calculation
from thecal.therapy.calculators.bolus import CALCULATOR, BolusPolicy

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def asked(
    dose: str = "0.2 mg",
    lockout: str = "4 h",
    maximum: int = 8,
    daily: str = "2 mg/day",
    fluid: str = "morphine 10 mg/mL",
    duration: str = "10 min",
    **therapy: Any,
) -> Calculation[BolusPolicy]:
    drugs = [dict(zip(("drug", "concentration"), each.split(" ", 1), strict=True)) for each in fluid.split(" + ")]
    bolus = {"dose": dose, "duration": duration, "lockout": lockout, "maximum_per_24h": maximum}
    running = therapy or {"mode": "simple continuous", "daily_dose": daily}
    document = {"pump": "synchromed-ii-20", "fluid": drugs, "therapy": {**running, "patient_bolus": bolus}}
    return CALCULATOR.calculate(read(CALCULATOR.inputs, document))


def numbers(found: Calculation[BolusPolicy]) -> dict[str, str]:
    return {line.key: line.text for line in found.outputs}


# dose, lockout, allotted, basal, concentration -> one bolus, effective, greatest volume (mL) and dose (mg) of any 24 h
WORKED = [
    ("0.2 mg", "4 h", 4, "2 mg/day", "10 mg/mL", "0.2", "4", "0.28", "2.8"),
    ("0.2 mg", "4 h", 8, "2 mg/day", "10 mg/mL", "0.2", "6", "0.32", "3.2"),
    ("0.2 mg", "5 h", 8, "2 mg/day", "10 mg/mL", "0.2", "5", "0.3", "3"),
    ("0.2 mg", "24 h", 1, "2 mg/day", "10 mg/mL", "0.2", "1", "0.22", "2.2"),
    # 0.1 mg at 30 mg/mL is 3333 nL: six strokes of 500 nL, 0.09 mg
    ("0.1 mg", "6 h", 4, "3 mg/day", "30 mg/mL", "0.09", "4", "0.112", "3.36"),
]


@pytest.mark.parametrize(
    ("dose", "lockout", "maximum", "daily", "strength", "gives", "effective", "volume", "greatest"), WORKED
)
def test_worked_examples_come_out_to_the_last_digit(
    dose, lockout, maximum, daily, strength, gives, effective, volume, greatest
):
    shown = numbers(asked(dose, lockout, maximum, daily, f"morphine {strength}"))
    assert (shown["morphine.bolus"], shown["effective"]) == (gives, effective)
    assert (shown["greatest_volume"], shown["morphine.greatest"]) == (volume, greatest)
    assert shown["allotted"] == str(maximum)


def test_every_drug_of_the_fluid_comes_with_the_bolus_and_has_its_own_limits():
    found = asked(fluid="morphine 10 mg/mL + bupivacaine 5 mg/mL")
    shown = numbers(found)
    assert (shown["bupivacaine.bolus"], shown["bupivacaine.basal"], shown["bupivacaine.greatest"]) == (
        "0.1",
        "1",
        "1.6",
    )
    assert shown["bupivacaine.share"] == shown["morphine.share"] == "0.1"
    assert shown["morphine.of.pacc_2017"] == "0.2133"  # 3.2 of 15 mg
    assert shown["morphine.of.label"] == "0.16"  # 3.2 of 20 mg
    assert shown["bupivacaine.of.pacc_2017"] == "0.1067"  # 1.6 of 15 mg


# what is asked -> the rules that speak, and how
TOLD = [
    ({}, {"effective-boluses": Verdict.WARN}),
    ({"maximum": 6}, {}),
    ({"maximum": 6, "dose": "0.406 mg"}, {"bolus-share": Verdict.WARN, "residual-bolus": Verdict.INFO}),
    ({"maximum": 4, "daily": "14 mg/day", "dose": "0.7 mg"}, {"dose-above-consensus": Verdict.WARN}),
    ({"maximum": 4, "dose": "0.004 mg"}, {"bolus-below-stroke": Verdict.REFUSE}),
    ({"maximum": 4, "dose": "3 mg", "duration": "1 min"}, {"bolus-flow": Verdict.REFUSE}),
    ({"maximum": 4, "daily": "0.2 mg/day"}, {"rate-too-low": Verdict.REFUSE}),
    (
        {"maximum": 4, "fluid": "baclofen 500 microgram/mL", "daily": "200 microgram/day", "dose": "10 microgram"},
        {"bolus-not-allowed": Verdict.REFUSE},
    ),
    ({"maximum": 4, "fluid": "morphine 10 mg/mL + clonidine 100 microgram/mL"}, {"bolus-not-allowed": Verdict.REFUSE}),
]


@pytest.mark.parametrize(("ask", "told"), TOLD)
def test_it_says_what_the_rules_of_a_plan_would_say(ask, told):
    assert {each.rule: each.verdict for each in asked(**ask).findings} == told


def test_what_a_pump_cannot_run_has_no_worst_case_but_still_a_smallest_bolus():
    found = asked(dose="0.004 mg")
    assert found.answer.worst_case is None
    assert found.answer.smallest == Mass.parse("5 microgram")
    assert numbers(found)["effective"] == "–"


def test_the_smallest_bolus_is_given_whole_and_anything_less_is_not():
    smallest = asked().answer.smallest
    given_whole = asked(dose=str(smallest), maximum=6)
    assert numbers(given_whole)["bolus_volume"] == "0.5"
    less = asked(dose=str(Mass(smallest.count - 1)), maximum=6)
    assert [each.rule for each in less.findings] == ["bolus-below-stroke"]


def test_the_shortest_duration_is_accepted_and_a_shorter_one_is_not():
    shortest = asked(dose="1 mg").answer.worst_case.shortest_duration
    assert shortest > Duration.parse("1 min")
    assert asked(dose="1 mg", duration=str(shortest)).answer.worst_case is not None
    refused = asked(dose="1 mg", duration=str(Duration(shortest.count - 2))).findings
    assert "bolus-flow" in {each.rule for each in refused}


def test_a_day_of_steps_counts_by_its_own_volume():
    step = {"start": "22:00", "end": "24:00", "dose": "0.5 mg", "every_h": 24}
    shown = numbers(asked(mode="flex", background="1 mg/day", steps=[step], maximum=2))
    # 22 h at 1 mg/day (0.1 mL/day) and 0.05 mL at night
    assert shown["morphine.basal"] == "1.41666"
    assert shown["effective"] == "2"


def test_without_a_basal_dose_there_is_no_share():
    step = {"start": "00:00", "end": "24:00", "dose": "0 mg", "every_h": 24}
    shown = numbers(asked(mode="flex", background="0 mg/day", steps=[step], maximum=4))
    assert (shown["morphine.basal"], shown["morphine.share"]) == ("0", "–")
    assert shown["morphine.greatest"] == "0.8"


@settings(max_examples=60, deadline=None)
@given(lockout_min=st.integers(15, 1_440), allotted=st.integers(1, 24))
def test_no_rolling_24_hours_can_hold_more_boluses_and_one_does_hold_as_many(lockout_min, allotted):
    """A patient who asks at every moment: grants as soon as lockout and the count of the last 24 h let one through."""
    found = asked(dose="0.05 mg", lockout=f"{lockout_min} min", maximum=allotted, duration="1 min").answer.worst_case
    grants: list[int] = []
    for minute in range(3 * 1_440):
        within = [each for each in grants if minute - each < 1_440]
        if (not grants or minute - grants[-1] >= lockout_min) and len(within) < allotted:
            grants.append(minute)
    most = max(sum(1 for each in grants if begin <= each < begin + 1_440) for begin in grants)
    assert most == found.effective


@settings(max_examples=40, deadline=None)
@given(fewer=st.integers(1, 24), more=st.integers(0, 12), lockout_h=st.integers(1, 24))
def test_more_boluses_or_a_shorter_lockout_never_lower_the_worst_case(fewer, more, lockout_h):
    """The worst case lies between basal and basal with every allotted bolus, and grows with what is allowed."""
    less = asked(maximum=fewer, lockout=f"{lockout_h} h").answer.worst_case
    greater = asked(maximum=min(24, fewer + more), lockout=f"{max(1, lockout_h - 1)} h").answer.worst_case
    assert less.greatest_volume <= greater.greatest_volume
    for small, large in zip(less.drugs, greater.drugs, strict=True):
        assert small.basal <= small.greatest <= large.greatest
    assert less.effective <= fewer


def test_nothing_depends_on_the_unit_a_number_is_typed_in():
    one = asked(dose="0.2 mg", lockout="4 h", daily="2 mg/day", maximum=6)
    other = asked(dose="200 microgram", lockout="240 min", daily="2000 microgram/day", maximum=6)
    assert (one.answer, one.outputs, one.findings) == (other.answer, other.outputs, other.findings)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"lockout": "5 min"}, "therapy.lockout: must be longer than the bolus lasts"),
        ({"mode": "stopped"}, "therapy.patient bolus: only on top of simple continuous or flex"),
        ({"mode": "simple continuous"}, "therapy.daily_dose: missing for simple continuous"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused_in_one_line(change, words):
    with pytest.raises(EntryRefused) as told:
        asked(**change)
    assert str(told.value) == words


def test_a_bolus_and_a_programmable_pump_are_needed():
    document = {
        "pump": "synchromed-ii-20",
        "fluid": [{"drug": "morphine", "concentration": "10 mg/mL"}],
        "therapy": {"mode": "simple continuous", "daily_dose": "2 mg/day"},
    }
    with pytest.raises(EntryRefused, match=r"therapy\.patient_bolus: missing"):
        CALCULATOR.calculate(read(CALCULATOR.inputs, document))
    with pytest.raises(EntryRefused, match=r"pump: .* has one flow for life"):
        CALCULATOR.calculate(read(CALCULATOR.inputs, {**document, "pump": "isomed-20-05"}))


def test_what_it_rests_on_is_cited():
    cited = {each.what for each in asked(fluid="morphine 10 mg/mL + bupivacaine 5 mg/mL").sources}
    assert {
        "morphine: usual bolus share",
        "buPIVAcaine: 24-hour dose, PACC 2017",
        "SynchroMed II, 20 mL: stroke",
    } <= cited
