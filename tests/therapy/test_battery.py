"""The replacement date: one derived date, never later for more flow, and the same whenever it is asked."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.catalogue.pumps import ConstantFlowPump, pump_model, pump_models
from thecal.quantities import Duration, FlowRate, Instant
from thecal.therapy import EntryRefused, Verdict
from thecal.therapy.calculators.battery import CALCULATOR
from thecal.therapy.replacement import MONTH_MS, FlowSince, battery_end, battery_life, replace_by, used_until

from .worked import explains_itself, numbers, said, worked

START = Instant.parse("2020-01-01T00:00:00Z")
DAY = 86_400_000
MODELS = [each for each in map(pump_model, pump_models()) if not isinstance(each, ConstantFlowPump)]
SYNCHROMED = pump_model("synchromed-ii-20")

flows = st.integers(0, 30_000_000).map(FlowRate)
lengths = st.lists(st.tuples(st.integers(0, 1_500), flows), min_size=1, max_size=5)


def history(spans, faster=0):
    """Flows one after the other, each so many days long; ``faster`` nL/day more throughout."""
    since, found = START.epoch_ms, []
    for days, flow in spans:
        found.append(FlowSince(Instant(since), FlowRate(flow.count + faster)))
        since += days * DAY
    return tuple(found)


def asked(*spans, now="2024-01-01T00:00:00Z", **more):
    flows = [{"since": since, "flow": flow} for since, flow in spans or (("2020-01-01T00:00:00Z", "0.5 mL/day"),)]
    return worked(CALCULATOR, {"pump": "synchromed-ii-20", "flows": flows, "now": now, **more})


def dosed(course, strength):
    """Doses in mg/day one after the other, each so many days long, all from one fluid."""
    since, found = START.epoch_ms, []
    for days, mg in course:
        moment = Instant(since)
        found.append({"since": str(moment), "daily_dose": f"{mg} mg/day", "concentration": strength})
        since += days * DAY
    return found


# The illustrative curve of the catalogue, and half way between its points [programmable pumps 1.3].
@pytest.mark.parametrize(
    ("flow", "months"),
    [
        ("0 mL/day", 84),
        ("0.2 mL/day", 84),
        ("0.5 mL/day", 84),
        ("0.75 mL/day", 81),
        ("1 mL/day", 78),
        ("1.5 mL/day", 69),
        ("2 mL/day", 60),
        ("4 mL/day", 48),
        ("6 mL/day", 36),
        ("15 mL/day", Fraction(51, 2)),
        ("24 mL/day", 15),
        ("48 mL/day", Fraction(15, 2)),  # beyond the curve: half the life at twice the flow
    ],
)
def test_life_follows_the_curve_in_straight_lines(flow, months):
    assert battery_life(SYNCHROMED.longevity, FlowRate.parse(flow)) == months * MONTH_MS


@pytest.mark.parametrize("model", MODELS, ids=lambda each: each.key)
@settings(max_examples=25)
@given(one=flows, other=flows)
def test_more_flow_never_lasts_longer(model, one, other):
    slower, faster = sorted((one, other))
    assert battery_life(model.longevity, faster) <= battery_life(model.longevity, slower)


@settings(max_examples=60)
@given(spans=lengths, faster=st.integers(1, 5_000_000))
def test_more_flow_at_any_time_never_gives_a_later_date(spans, faster):
    """The lesson of recall Z-1338-2012."""
    slow, fast = history(spans), history(spans, faster)
    assert battery_end(SYNCHROMED.longevity, fast) <= battery_end(SYNCHROMED.longevity, slow)


@settings(max_examples=60)
@given(spans=lengths, days=st.integers(0, 4_000))
def test_the_date_does_not_move_because_time_has_passed(spans, days):
    """Saying again at any later moment that the same flow goes on changes nothing."""
    told = history(spans)
    again = (*told, FlowSince(Instant(told[-1].since.epoch_ms + days * DAY), told[-1].flow))
    first, second = (battery_end(SYNCHROMED.longevity, each) for each in (told, again))
    assert abs(first.epoch_ms - second.epoch_ms) <= 1  # one rounding down instead of another


@settings(max_examples=60)
@given(spans=lengths, earlier=st.integers(0, 3_000), later=st.integers(0, 3_000))
def test_what_is_used_only_grows_and_is_all_used_at_the_end(spans, earlier, later):
    told = history(spans)
    moments = [Instant(START.epoch_ms + days * DAY) for days in sorted((earlier, later))]
    first, second = (used_until(SYNCHROMED.longevity, told, moment) for moment in moments)
    assert 0 <= first <= second <= 1
    end = battery_end(SYNCHROMED.longevity, told)
    assert used_until(SYNCHROMED.longevity, told, Instant(end.epoch_ms + 1)) == 1


def test_each_stretch_uses_its_share_of_a_life():
    """Half a life at 0.5 mL/day (42 of 84 months), then half a life at 2 mL/day (30 of 60)."""
    half = FlowSince(Instant(START.epoch_ms + 42 * MONTH_MS), FlowRate.parse("2 mL/day"))
    told = (FlowSince(START, FlowRate.parse("0.5 mL/day")), half)
    assert battery_end(SYNCHROMED.longevity, told) == Instant(START.epoch_ms + 72 * MONTH_MS)
    assert used_until(SYNCHROMED.longevity, told, half.since) == Fraction(1, 2)


def test_a_battery_that_was_used_up_long_ago_ended_then_whatever_flows_now():
    told = (
        FlowSince(START, FlowRate.parse("24 mL/day")),
        FlowSince(Instant.parse("2025-01-01T00:00:00Z"), FlowRate(0)),
    )
    assert battery_end(SYNCHROMED.longevity, told) == Instant(START.epoch_ms + 15 * MONTH_MS)


@settings(max_examples=30)
@given(spans=lengths, sounded=st.integers(0, 3_000))
def test_once_the_warning_has_sounded_the_pump_itself_says_the_date(spans, sounded):
    at = Instant(START.epoch_ms + sounded * DAY)
    found = replace_by(SYNCHROMED.longevity, SYNCHROMED.battery_warning.amount, history(spans), at)
    assert found.sounded
    assert found.warning == at
    assert found.replace_by == at.plus(Duration.parse("90 day"))


def test_a_battery_too_short_for_its_warning_warns_from_the_beginning():
    told = (FlowSince(START, FlowRate.parse("200 mL/day")),)
    found = replace_by(SYNCHROMED.longevity, SYNCHROMED.battery_warning.amount, told)
    assert found.warning == START < found.replace_by < START.plus(SYNCHROMED.battery_warning.amount)


# what is asked -> replace by, warning, used, life
WORKED = [
    ({}, ("31 Dec 2026, 18:00", "2 Oct 2026, 18:00", "0.5714", "2556.75 day")),
    ({"planned_flow": "2 mL/day"}, ("21 Feb 2026, 16:17", "23 Nov 2025, 16:17", "0.5714", "1826.25 day")),
    ({"warned": "2023-12-01T00:00:00Z"}, ("29 Feb 2024, 00:00", "1 Dec 2023, 00:00", "0.5714", "2556.75 day")),
]


@pytest.mark.parametrize(("more", "expected"), WORKED)
def test_worked_examples_come_out_to_the_minute(more, expected):
    found = asked(**more)
    shown = numbers(found)
    assert tuple(shown[key] for key in ("replace_by", "warning", "used", "life")) == expected
    assert explains_itself(found)


# now, what is shown elsewhere -> what is said; 0.5 mL/day since 2020 ends on 31 Dec 2026
@pytest.mark.parametrize(
    ("now", "more", "rules"),
    [
        ("2024-01-01T00:00:00Z", {}, {}),
        ("2026-07-04T17:00:00Z", {}, {}),  # 180 days before
        ("2026-07-05T19:00:00Z", {}, {"replacement-due": "book"}),
        ("2027-01-01T00:00:00Z", {}, {"replacement-due": "used up"}),
        ("2024-01-01T00:00:00Z", {"warned": "2023-12-01T00:00:00Z"}, {"replacement-due": "given its"}),
        ("2024-01-01T00:00:00Z", {"shown": "2026-12-01T00:00:00Z"}, {}),
        ("2024-01-01T00:00:00Z", {"shown": "2027-01-31T18:00:00Z"}, {}),
        ("2024-01-01T00:00:00Z", {"shown": "2027-01-31T18:00:01Z"}, {"replacement-date-differs": "find out"}),
        ("2024-01-01T00:00:00Z", {"shown": "2024-03-01T00:00:00Z"}, {"replacement-date-differs": "find out"}),
        ("2024-01-01T00:00:00Z", {"shown": "2026-07-04T17:59:59Z"}, {"replacement-date-differs": "find out"}),
    ],
)
def test_a_replacement_is_announced_in_time_and_a_wrong_date_is_stopped(now, more, rules):
    found = asked(now=now, **more)
    assert set(said(found)) == set(rules)
    for each in found.findings:
        assert rules[each.rule] in each.words
        assert each.verdict is (Verdict.WARN if each.rule == "replacement-due" else Verdict.STOP)
        assert each.source
        assert each.compared


@pytest.mark.parametrize("shown", ["2026-07-04T18:00:00Z", "2026-11-30T17:59:59Z"])
def test_a_date_shown_as_early_as_replacements_are_booked_is_only_warned_of(shown):
    assert said(asked(now="2024-01-01T00:00:00Z", shown=shown)) == {"replacement-date-differs": Verdict.WARN}


@settings(max_examples=40)
@given(
    course=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60)), min_size=1, max_size=4), ml=st.integers(1, 20)
)
def test_a_course_of_doses_uses_the_battery_as_the_flows_they_come_from(course, ml):
    """Verify, for a fluid of any strength, that dose over concentration is the flow that counts."""
    told = dosed(course, f"{ml} mg/mL")
    flows = [
        {"since": each["since"], "flow": FlowRate(-(-mg * 10**6 // ml)).text_in("nL/day")}
        for each, (_, mg) in zip(told, course, strict=True)
    ]
    assert asked(flows=[], doses=told).answer == asked(flows=flows).answer


@settings(max_examples=40)
@given(
    course=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60)), min_size=1, max_size=4),
    which=st.integers(0, 3),
    more=st.integers(1, 40),
)
def test_a_higher_dose_at_any_time_never_gives_a_later_replacement(course, which, more):
    at = which % len(course)
    higher = [(days, mg + more * (place == at)) for place, (days, mg) in enumerate(course)]
    low, high = (asked(flows=[], doses=dosed(each, "10 mg/mL")).answer for each in (course, higher))
    assert high.replace_by <= low.replace_by
    assert high.used >= low.used
    assert high.life <= low.life


def test_what_is_used_follows_the_course_and_not_the_dose_of_today():
    """Three years at 0.5 mL/day (84 months) and one at 2 mL/day (60): 36/84 + 12/60 of a battery, not 48/60."""
    course = [(1_096, 5), (365, 20)]
    found = asked(flows=[], doses=dosed(course, "10 mg/mL")).answer
    today = asked(flows=[], doses=dosed([(1_461, 20)], "10 mg/mL")).answer
    assert round(float(found.used), 2) == round(36 / 84 + 12 / 60, 2)
    assert round(float(today.used), 2) == round(48 / 60, 2)
    assert found.replace_by > today.replace_by


@pytest.mark.parametrize(
    ("spans", "more", "field"),
    [
        ((("2025-01-01T00:00:00Z", "1 mL/day"),), {}, "now"),
        ((), {"warned": "2024-01-02T00:00:00Z"}, "warned"),
        ((("2022-01-01T00:00:00Z", "1 mL/day"), ("2021-01-01T00:00:00Z", "1 mL/day")), {}, "flows"),
        ((), {"flows": []}, "flows"),
        ((), {"doses": dosed([(1, 5)], "10 mg/mL")}, "doses"),
        ((), {"flows": [], "doses": dosed([(-1, 5), (1, 5)], "10 mg/mL")}, "doses"),
        ((), {"flows": [], "doses": dosed([(1, 5)], "0 mg/mL")}, "doses[0].concentration"),
        ((), {"pump": "isomed-20-05"}, "pump"),
    ],
)
def test_what_contradicts_itself_is_refused_in_one_line(spans, more, field):
    with pytest.raises(EntryRefused) as refused:
        asked(*spans, **more)
    assert refused.value.field == field
    assert "\n" not in str(refused.value)


def test_flows_that_are_not_oldest_first_have_no_date():
    slow, fast = history([(100, FlowRate(500_000)), (100, FlowRate(2_000_000))])
    assert battery_end(SYNCHROMED.longevity, (slow, fast)) > fast.since
    with pytest.raises(EntryRefused, match="oldest first"):
        battery_end(SYNCHROMED.longevity, (fast, slow))


def test_without_a_flow_there_is_no_date():
    with pytest.raises(EntryRefused, match="flows"):
        battery_end(SYNCHROMED.longevity, ())
