"""Titration calendars: which dose from which day on, as printed, and what the pump makes of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.documents import read
from thecal.quantities import DoseRate, Instant
from thecal.therapy import EntryRefused, Verdict
from thecal.therapy.calculation import Calculation
from thecal.therapy.calculators.titration import CALCULATOR, Titrated

BEGINS = "2026-11-22T08:00:00Z"
SPINAL, CEREBRAL = "spinal spasticity, titration", "cerebral spasticity, titration"
HOUR_MS = 3_600_000


def asked(fluid: str, setting: str, pump: str = "synchromed-ii-20", **more: Any) -> Calculation[Titrated]:
    drugs = [dict(zip(("drug", "concentration"), each.split(" ", 1), strict=True)) for each in fluid.split(" + ")]
    document = {"pump": pump, "fluid": drugs, "setting": setting, "starts": BEGINS, **more}
    return CALCULATOR.calculate(read(CALCULATOR.inputs, document))


def ziconotide(setting: str, **more: Any) -> Calculation[Titrated]:
    return asked("ziconotide 25 microgram/mL", setting, **more)


def baclofen(setting: str = SPINAL, **more: Any) -> Calculation[Titrated]:
    return asked("baclofen 500 microgram/mL", setting, **more)


def morphine(setting: str = "non-cancer pain", **more: Any) -> Calculation[Titrated]:
    return asked("morphine 10 mg/mL", setting, **{"daily_dose": "1 mg/day", "every": "7 day", **more})


def doses(found: Calculation[Titrated], unit: str = "microgram/day") -> list[str]:
    return [each.programmed.number_in(unit) for each in found.answer.steps]


def hours(found: Calculation[Titrated]) -> list[int]:
    """Hours from the start to each step."""
    return [each.at.since(Instant.parse(BEGINS)).count // HOUR_MS for each in found.answer.steps]


def told(found: Calculation[Titrated]) -> dict[str, Verdict]:
    return {each.rule: each.verdict for each in found.findings}


def test_ziconotide_by_the_us_label_rises_by_2_4_at_most_thrice_a_week_and_reaches_19_2_on_day_21():
    found = ziconotide("US label")
    assert found.answer.start == DoseRate.parse("2.4 microgram/day")
    assert doses(found) == ["4.8", "7.2", "9.6", "12", "14.4", "16.8", "19.2"]
    assert hours(found) == [56, 112, 168, 224, 280, 336, 504]
    assert told(found) == {}


def test_ziconotide_by_the_eu_label_may_rise_daily_and_is_advised_to_rise_every_other_day():
    found = ziconotide("EU label", daily_dose="2.4 microgram/day")
    assert doses(found)[-1] == "21.6"
    assert hours(found)[:3] == [48, 96, 144]
    assert hours(ziconotide("EU label", daily_dose="2.4 microgram/day", every="24 h"))[:3] == [24, 48, 72]
    assert told(found) == {"dose-above-consensus": Verdict.WARN, "dose-above-label-caution": Verdict.WARN}


def test_ziconotide_low_and_slow_rises_by_half_a_microgram_a_week():
    found = ziconotide("low and slow", daily_dose="1.2 microgram/day", goal="3 microgram/day")
    assert doses(found) == ["1.7", "2.2", "2.7", "3"]
    assert hours(found) == [168, 336, 504, 672]


def test_a_pump_that_cannot_flow_so_slowly_is_refused_with_the_reason():
    """0.5 microgram/day of 25 microgram/mL is 0.02 mL/day: below the floor of 0.048, and nothing thinner keeps."""
    found = ziconotide("low and slow", goal="3 microgram/day")
    assert found.answer.steps is None
    assert told(found) == {"rate-too-low": Verdict.REFUSE, "no-fluid-fits": Verdict.REFUSE}


def test_another_fluid_that_gives_the_whole_calendar_is_named():
    found = morphine(daily_dose="0.2 mg/day", goal="2 mg/day")
    assert found.answer.steps is None
    (fits,) = [each for each in found.findings if each.rule == "fluid-fits"]
    assert [each.text for each in fits.compared] == ["0.083334 mg/mL", "4.166666 mg/mL"]
    thinner = asked("morphine 4 mg/mL", "non-cancer pain", daily_dose="0.2 mg/day", goal="2 mg/day", every="7 day")
    assert thinner.answer.steps is not None


def test_baclofen_is_screened_with_50_75_and_100_a_day_apart():
    found = baclofen()
    assert [
        (each.dose.number_in("microgram"), each.at.since(Instant.parse(BEGINS)).count // HOUR_MS, str(each.watched))
        for each in found.answer.screening
    ] == [("50", 0, "8 h"), ("75", 24, "8 h"), ("100", 48, "8 h")]
    assert (found.answer.start, found.answer.goal, found.answer.steps) == (None, None, ())


# effective screening dose, how long it worked -> start, first steps [Lioresal and Gablofen labels]
STARTS = [
    ("50 microgram", "6 h", "100 microgram/day"),
    ("50 microgram", "8 h", "100 microgram/day"),
    ("50 microgram", "8.001 h", "50 microgram/day"),
    ("75 microgram", "3 h", "150 microgram/day"),
    ("100 microgram", "12 h", "100 microgram/day"),
    ("100 microgram", None, "100 microgram/day"),  # nobody knows how long: the smaller start
]


@pytest.mark.parametrize(("dose", "lasted", "start"), STARTS)
def test_baclofen_starts_at_twice_the_screening_dose_or_once_after_a_long_effect(dose, lasted, start):
    more = {} if lasted is None else {"effect_lasted": lasted}
    assert baclofen(goal="400 microgram/day", effective_screening=dose, **more).answer.start == DoseRate.parse(start)


# setting, what else -> the first doses and their hours
BY_ORIGIN = [
    (SPINAL, {}, ["110", "121"], [24, 48]),
    (SPINAL, {"share": 30}, ["130", "169"], [24, 48]),
    (CEREBRAL, {}, ["105", "110.25"], [24, 48]),
    (CEREBRAL, {"share": 15}, ["115", "132.25"], [24, 48]),
    ("spinal spasticity, maintenance", {"every": "7 day", "share": 40}, ["140", "196"], [168, 336]),
    ("cerebral spasticity, maintenance", {"every": "7 day", "share": 20}, ["120", "144"], [168, 336]),
]


@pytest.mark.parametrize(("setting", "more", "first", "when"), BY_ORIGIN)
def test_baclofen_rises_by_the_share_printed_for_its_origin(setting, more, first, when):
    found = baclofen(setting, daily_dose="100 microgram/day", goal="400 microgram/day", steps=2, **more)
    assert (doses(found), hours(found)) == (first, when)


def test_baclofen_in_maintenance_is_lowered_by_ten_to_twenty_percent():
    found = baclofen(
        "spinal spasticity, maintenance", daily_dose="400 microgram/day", goal="350 microgram/day", every="7 day"
    )
    assert doses(found) == ["360", "350"]
    assert all(each.remarks == () for each in found.answer.steps)


# setting -> doses up from 1 mg/day and their share
BY_INDICATION = [("non-cancer pain", {}, "1.2"), ("non-cancer pain", {"share": 30}, "1.3"), ("cancer pain", {}, "1.5")]


@pytest.mark.parametrize(("setting", "more", "first"), BY_INDICATION)
def test_an_opioid_rises_by_the_share_printed_for_the_indication(setting, more, first):
    found = morphine(setting, goal="3 mg/day", steps=1, **more)
    assert doses(found, "mg/day") == [first]
    assert told(found) == {"calendar-short": Verdict.INFO}
    assert found.findings[0].words.startswith("The calendar ends after 1 step, before")


def test_an_opioid_is_left_by_small_steps():
    found = morphine(daily_dose="2 mg/day", goal="1.5 mg/day", share=25)
    assert doses(found, "mg/day") == ["1.5"]
    assert doses(morphine(daily_dose="2 mg/day", goal="1.7 mg/day"), "mg/day") == ["1.8", "1.7"]


def test_each_step_says_what_it_needs_and_when_to_refill():
    """20 mL; a week at 1 mg/day of 0.5 mg/mL is 14 mL; then 2.4 mL/day for a week is 16.8 mL: refill before it."""
    found = asked("morphine 0.5 mg/mL", "non-cancer pain", daily_dose="1 mg/day", goal="1.44 mg/day", every="7 day")
    assert [
        (str(each.needs), None if each.refill is None else str(each.refill), str(each.left))
        for each in found.answer.steps
    ] == [("16.8 mL", "14 mL", "3.2 mL"), ("20.16 mL", "16.8 mL", "0 nL")]
    assert told(found) == {"refill-interval": Verdict.WARN}
    half = asked(
        "morphine 0.5 mg/mL",
        "non-cancer pain",
        daily_dose="1 mg/day",
        goal="1.2 mg/day",
        every="7 day",
        reservoir="10 mL",
    )
    assert [str(each.refill) for each in half.answer.steps] == ["20 mL"]
    assert told(half) == {"days-left": Verdict.WARN}


def test_what_is_left_before_the_first_step_counts_from_the_fill_that_is_there():
    (step,) = morphine(goal="1.2 mg/day", reservoir="10 mL").answer.steps
    assert (step.refill, str(step.left)) == (None, "8.46 mL")  # 0.7 mL at 1 mg/day, then 0.84 mL


def test_after_repeated_steps_the_catheter_and_the_tip_are_asked_about():
    steps = morphine(goal="3 mg/day").answer.steps
    remarked = [bool(each.remarks) for each in steps]
    assert remarked == [(number + 1) % 3 == 0 for number in range(len(steps))]
    assert len(steps[2].remarks) == 2
    assert "catheter" in steps[2].remarks[0]
    assert "inflammatory mass" in steps[2].remarks[1]
    (only,) = ziconotide("US label").answer.steps[2].remarks  # no mass is reported with ziconotide
    assert "catheter" in only


def test_a_goal_above_the_printed_ceiling_ends_there():
    found = ziconotide("US label", goal="25 microgram/day")
    assert doses(found)[-1] == "19.2"
    assert told(found) == {"titration-ceiling": Verdict.WARN}
    below = ziconotide("US label", goal="9.6 microgram/day")
    assert (doses(below)[-1], hours(below)[-1]) == ("9.6", 168)  # no ceiling, no wait for day 21


def test_a_goal_outside_where_doses_settle_or_above_a_limit_is_said():
    found = baclofen(
        "spinal spasticity, maintenance", daily_dose="700 microgram/day", goal="1100 microgram/day", every="7 day"
    )
    assert told(found) == {"outside-usual": Verdict.INFO, "dose-above-label-caution": Verdict.WARN}
    inside = baclofen(
        "spinal spasticity, maintenance", daily_dose="300 microgram/day", goal="400 microgram/day", every="7 day"
    )
    assert told(inside) == {}


def test_a_dose_too_small_for_a_share_of_it_stays():
    found = asked("morphine 10 ng/mL", "non-cancer pain", daily_dose="3 ng/day", goal="9 ng/day", every="7 day")
    assert found.answer.steps == ()
    assert told(found) == {"calendar-short": Verdict.INFO}


# fluid, setting, what else -> refusal
REFUSED = [
    ("morphine 10 mg/mL", "US label", {}, "setting: US label is not printed for morphine; printed are non-cancer"),
    (
        "clonidine 100 microgram/mL",
        "cancer pain",
        {},
        "setting: cancer pain is not printed for cloNIDine; printed are none",
    ),
    ("morphine 10 mg/mL", "cancer pain", {"goal": "2 mg/day"}, "daily_dose: nobody prints a start for cancer pain"),
    ("morphine 10 mg/mL", "cancer pain", {"daily_dose": "0 mg/day"}, "daily_dose: must be more than zero"),
    ("morphine 10 mg/mL", "cancer pain", {"daily_dose": "1 mg/day"}, "goal: nobody prints a ceiling for cancer pain"),
    (
        "morphine 10 mg/mL",
        "cancer pain",
        {"daily_dose": "1 mg/day", "goal": "2 mg/day"},
        "every: nobody prints a time between steps for cancer pain; type one",
    ),
    (
        "morphine 10 mg/mL",
        "cancer pain",
        {"daily_dose": "1 mg/day", "goal": "2 mg/day", "every": "0 h"},
        "every: 0 ms is too short for cancer pain: more than zero between steps",
    ),
    (
        "morphine 10 mg/mL",
        "cancer pain",
        {"daily_dose": "1 mg/day", "goal": "2 mg/day", "every": "7 day", "share": 51},
        "share: 51 % must lie above zero and not above the printed 50 %",
    ),
    (
        "morphine 10 mg/mL",
        "cancer pain",
        {"daily_dose": "1 mg/day", "goal": "2 mg/day", "every": "7 day", "step_dose": "1 mg/day"},
        "step_dose: cancer pain prints steps as a share",
    ),
    (
        "morphine 10 mg/mL",
        "cancer pain",
        {"daily_dose": "1 mg/day", "goal": "0 mg/day"},
        "goal: must be more than zero",
    ),
    ("morphine 10 mg/mL", "cancer pain", {"daily_dose": "1 mg/day", "goal": "1 mg/day"}, "goal: is the dose it starts"),
    (
        "morphine 10 mg/mL",
        "cancer pain",
        {"effective_screening": "1 mg"},
        "effective_screening: morphine is not screened; give a daily_dose",
    ),
    (
        "ziconotide 25 microgram/mL",
        "US label",
        {"effective_screening": "1 mg"},
        "effective_screening: ziconotide is not",
    ),
    (
        "ziconotide 25 microgram/mL",
        "US label",
        {"every": "55 h"},
        "every: 55 h is too short for US label: at least 56 h",
    ),
    ("ziconotide 25 microgram/mL", "US label", {"share": 10}, "share: US label prints steps as a dose"),
    (
        "ziconotide 25 microgram/mL",
        "US label",
        {"step_dose": "2.5 microgram/day"},
        "step_dose: 2.5 microgram/day must lie above zero and not above the printed 2.4 microgram/day",
    ),
    (
        "ziconotide 25 microgram/mL",
        "US label",
        {"daily_dose": "9.6 microgram/day", "goal": "4.8 microgram/day"},
        "setting: nobody prints steps down for US label",
    ),
    (
        "baclofen 500 microgram/mL",
        "spasticity, maintenance, under 12 years",
        {"daily_dose": "50 microgram/day", "goal": "100 microgram/day", "every": "7 day"},
        "setting: nobody prints steps up for spasticity, maintenance, under 12 years",
    ),
    (
        "baclofen 500 microgram/mL",
        SPINAL,
        {"daily_dose": "50 microgram/day", "effective_screening": "50 microgram"},
        "effective_screening: only where no daily_dose is given",
    ),
    (
        "morphine 10 mg/mL",
        "cancer pain",
        {"daily_dose": "1 mg/day", "goal": "2 mg/day", "every": "7 day", "reservoir": "21 mL"},
        "reservoir: SynchroMed II, 20 mL holds 20 mL at most",
    ),
]


@pytest.mark.parametrize(("fluid", "setting", "more", "words"), REFUSED)
def test_what_nobody_prints_is_refused_in_one_line(fluid, setting, more, words):
    with pytest.raises(EntryRefused) as said:
        asked(fluid, setting, **more)
    assert str(said.value).startswith(words)
    assert "\n" not in str(said.value)


def test_an_unknown_pump_is_refused():
    with pytest.raises(EntryRefused, match=r"^pump: 'synchromed-9' is not"):
        morphine(pump="synchromed-9", goal="2 mg/day")


def test_a_smaller_step_dose_than_printed_may_be_asked_for():
    found = ziconotide("US label", step_dose="1.2 microgram/day", goal="4.8 microgram/day")
    assert doses(found) == ["3.6", "4.8"]


@settings(max_examples=60, deadline=None)
@given(
    start=st.integers(400_000, 5_000_000),
    goal=st.integers(400_000, 14_000_000),
    percent=st.integers(1, 25),
    steps=st.integers(1, 12),
)
def test_every_step_stays_within_the_printed_share_and_never_passes_the_goal(start, goal, percent, steps):
    """Verify, for any start and goal:
    - doses move only towards the goal, by at most the share asked for, each from where the last one ended
    - dates are apart by at least the time asked for; what the pump gives never passes what is planned
    """
    if start == goal:
        goal += 1
    found = morphine(
        daily_dose=str(DoseRate(start)), goal=str(DoseRate(goal)), share=percent, steps=steps, every="7 day"
    )
    if found.answer.steps is None:
        assert any(each.verdict is Verdict.REFUSE for each in found.findings)
        return
    dose, at = DoseRate(start), Instant.parse(BEGINS)
    for each in found.answer.steps:
        assert each.before == dose
        assert min(start, goal) <= each.programmed.count <= max(start, goal)
        assert (each.programmed > dose) == (goal > start)
        assert abs(each.programmed.count - dose.count) * 100 <= dose.count * percent
        assert each.achievable <= each.programmed
        assert each.at.since(at).count >= 7 * 24 * HOUR_MS
        dose, at = each.programmed, each.at
    assert len(found.answer.steps) <= steps


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"daily_dose": "1 mg/day", "goal": "2 mg/day"}, {"daily_dose": "1000 microgram/day", "goal": "2 mg/day"}),
        ({"goal": "1.2 mg/day", "every": "168 h"}, {"goal": "0.05 mg/h", "every": "7 day"}),
    ],
)
def test_nothing_depends_on_the_unit_a_number_is_typed_in(one, other):
    assert morphine(**one).answer == morphine(**other).answer


def test_the_lines_hold_every_step_and_its_sources():
    found = morphine(goal="1.8 mg/day")
    shown = {line.key: line.text for line in found.outputs}
    assert (shown["start"], shown["goal"]) == ("1", "1.8")
    assert (shown["step.1.at"], shown["step.1.dose"], shown["step.1.flow"]) == ("29 Nov 2026, 08:00", "1.2", "0.12")
    assert shown["step.3.remark.1"].startswith("if the last steps did nothing")
    refill = {line.key: line.text for line in morphine(goal="1.2 mg/day", reservoir="3 mL").outputs}
    assert refill["step.1.refill"] == "17.7"
    assert {each.what for each in found.sources} >= {
        "morphine, non-cancer pain expert up",
        "SynchroMed II, 20 mL: lowest rate",
        "steps before the catheter is looked at",
    }
    screened = {line.key: line.text for line in baclofen().outputs}
    assert (screened["start"], screened["screening.3.dose"], screened["screening.3.watched"]) == ("–", "100", "8")
