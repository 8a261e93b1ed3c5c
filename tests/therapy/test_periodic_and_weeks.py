"""What a pump runs that no prescription says, periodic boluses and days that differ, is read with its true numbers."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.device import EVERY_DAY, Component, FlexStep, Mode, PatientBolus, PeriodicBolus, Program
from thecal.pump import numbers_of
from thecal.pump.controller.numbers import (
    daily_dose_ng,
    daily_volume_nl,
    effective_per_24h,
    greatest_24h_volume_nl,
)
from thecal.quantities import DoseRate, Instant, Volume
from thecal.therapy import Fill, Flex, Profile, SimpleContinuous, as_prescribed, cannot_prescribe, profile_of, project
from thecal.therapy import review as reviewed
from thecal.therapy.derived import derive
from thecal.therapy.projection import allotted_boluses
from thecal.therapy.showing import DAY_MS

from .given import NOW, continuous, pump, standing

HOUR = 3_600_000
MINUTE = 60_000
WEEKDAYS, WEEKEND = 0b001_1111, 0b110_0000
MONDAY = 20_003 * DAY_MS  # 2024-10-07
FLUID = (Component("morphine", 10_000_000),)
WEEK = (FlexStep(0, 100_000, WEEKDAYS), FlexStep(720, 140_000, WEEKDAYS), FlexStep(0, 200_000, WEEKEND))


def program(mode: Mode, steps: tuple[FlexStep, ...], **more: object) -> Program:
    """Stating the dose that a pump works out itself."""
    bolus = more.pop("patient_bolus", None)
    unstated = Program("S1", "alder", mode, steps, bolus, FLUID, (0,), 10_000_000, 2_000_000, **more)
    return replace(unstated, stated_daily_dose_ng=daily_dose_ng(pump().descriptor, unstated))


def periodic(rate: int, volume: int, interval: int) -> Program:
    bolus = PeriodicBolus(volume, 10 * MINUTE, interval)
    return program(Mode.PERIODIC_BOLUS, (FlexStep(0, rate),), periodic=bolus)


def weekly() -> Program:
    return program(Mode.FLEX, WEEK)


def running(found: Program, reservoir: str = "20 mL"):
    return replace(standing(reservoir=reservoir), program=found, last_infusing=found)


def test_periodic_boluses_are_in_the_dose_by_their_share_of_a_day_and_in_the_greatest_by_all_that_can_begin():
    """0.048 mL of flow and 0.01 mL every 5 h: 0.048 + 4.8 boluses in a day, and 5 of them in the worst 24 h."""
    found = derive(periodic(48_000, 10_000, 5 * HOUR), pump().descriptor)
    assert found.daily_volume == Volume(48_000 + 48_000)
    assert found.daily_doses[0].count == 960_000
    assert found.greatest_24h_volume == Volume(48_000 + 5 * 10_000)


def test_of_days_that_differ_the_greatest_is_the_dose_and_the_highest_rate_all_day_the_limit():
    found = derive(weekly(), pump().descriptor)
    assert found.daily_volume == Volume(200_000)
    assert found.greatest_24h_volume == Volume(200_000)
    half = (FlexStep(0, 100_000, WEEKDAYS), FlexStep(720, 160_000, WEEKDAYS), FlexStep(0, 120_000, WEEKEND))
    found = derive(program(Mode.FLEX, half), pump().descriptor)
    assert found.daily_volume == Volume(130_000)
    assert found.greatest_24h_volume == Volume(160_000)


@pytest.mark.parametrize(("from_day", "days"), [(0, 20 * 7), (5, 20 * 7)])
def test_the_dates_of_days_that_differ_follow_the_week(from_day, days):
    """5 days of 0.12 mL and 2 of 0.2 mL are 1 mL a week: 20 mL last 20 weeks, from whichever day."""
    start = MONDAY + from_day * DAY_MS
    assert profile_of(weekly(), pump().descriptor).reaches(start, 20_000_000) == start + days * DAY_MS
    assert profile_of(weekly(), pump().descriptor).reaches(start, 200_000) < start + 2 * DAY_MS


def test_a_weekend_is_a_saturday_and_a_sunday_by_the_pumps_clock():
    profile = profile_of(weekly(), pump().descriptor)
    rates = [profile.rate_at(MONDAY + day * DAY_MS + HOUR) for day in range(8)]
    assert rates == [100_000] * 5 + [200_000] * 2 + [100_000]
    saturday = Instant.parse("2026-11-21T00:00:00Z").epoch_ms
    assert (profile.rate_at(saturday - 1), profile.rate_at(saturday)) == (140_000, 200_000)


def test_the_dates_of_periodic_boluses_count_the_first_at_once():
    """18 mL above the alarm, nothing between boluses of 1 mL every day: the 18th begins 17 days from now."""
    at = running(periodic(0, 1_000_000, DAY_MS))
    lasts = at.projection(at.program, at.derived)
    assert lasts.alarm.epoch_ms == lasts.worst_case_alarm.epoch_ms == NOW.epoch_ms + 17 * DAY_MS
    assert lasts.refill is not None
    assert lasts.refill.epoch_ms == NOW.epoch_ms + 10 * DAY_MS


@pytest.mark.parametrize(("found", "row"), [(periodic(48_000, 10_000, 4 * HOUR), "periodic"), (weekly(), "schedule")])
def test_a_change_away_from_it_is_reviewed_with_the_true_dose_before(found, row):
    at = running(found)
    shown = {each.key: each for each in reviewed(continuous("2.16 mg/day"), at).rows}
    assert shown["achievable.morphine"].old == at.derived.daily_doses[0]
    assert shown["programmed.morphine"].old is None
    assert shown["ratio-basal.morphine"].new_text == ("2 ×" if row == "periodic" else "1.08 ×")
    assert shown[row].changed
    assert not at.resumes


def test_all_boluses_allotted_count_whether_or_not_they_fit_and_without_a_bolus_there_are_none():
    """24 of 0.01 mL are allotted, though a lockout of 4 h leaves room for 6."""
    steps = (FlexStep(0, 48_000),)
    bolus = PatientBolus(10_000, 10 * MINUTE, 4 * HOUR, 24)
    with_one = derive(program(Mode.SIMPLE_CONTINUOUS, steps, patient_bolus=bolus), pump().descriptor)
    assert (with_one.effective_boluses, allotted_boluses(with_one, 24)) == (6, 240_000)
    assert allotted_boluses(derive(program(Mode.SIMPLE_CONTINUOUS, steps), pump().descriptor), 24) == 0


def test_it_is_told_in_words():
    rows = {each.key: each for each in reviewed(continuous("2 mg/day"), running(periodic(0, 10_100, 4 * HOUR))).rows}
    assert rows["periodic"].old_text == "0.1 mg over 10 min every 4 h"
    rows = {each.key: each for each in reviewed(continuous("2 mg/day"), running(weekly())).rows}
    assert rows["schedule"].old_text.startswith(
        "Mon, Tue, Wed, Thu, Fri: 00:00\u201312:00 0.5 mg; 12:00\u201324:00 0.7 mg"
    )
    assert rows["schedule"].old_text.endswith(" | Sat, Sun: 00:00\u201324:00 2 mg")


def test_a_draft_begins_with_what_can_be_prescribed_and_gives_no_more():
    constant = as_prescribed(periodic(48_000, 10_000, 4 * HOUR))
    assert isinstance(constant.regimen, SimpleContinuous)
    assert constant.regimen.daily_dose.count == 1_080_000
    day = as_prescribed(weekly())
    assert isinstance(day.regimen, Flex)
    assert reviewed(day, running(weekly())).translation.derived.daily_volume == Volume(120_000)
    for found in (periodic(48_000, 10_000, 4 * HOUR), weekly()):
        assert "cannot be prescribed here" in cannot_prescribe(found)
        assert reviewed(as_prescribed(found), running(found)).ratio <= 1
    assert cannot_prescribe(program(Mode.SIMPLE_CONTINUOUS, (FlexStep(0, 48_000),))) is None


def test_a_draft_begins_as_the_least_day_on_all_days_whichever_group_that_is():
    """0.12 mL of 10 mg/mL on working days; 0.09 mL at one rate, or 0.1 mL in two, at the weekend."""
    at_one_rate = program(Mode.FLEX, (*WEEK[:2], FlexStep(0, 90_000, WEEKEND)))
    assert as_prescribed(at_one_rate).regimen == SimpleContinuous(DoseRate(900_000))
    at_two = program(Mode.FLEX, (*WEEK[:2], FlexStep(0, 80_000, WEEKEND), FlexStep(720, 120_000, WEEKEND)))
    weekend = reviewed(as_prescribed(at_two), running(at_two)).translation.program
    assert weekend.steps == (FlexStep(0, 80_000), FlexStep(720, 120_000))


rates = st.integers(0, 2_000_000)
boluses = st.builds(
    PatientBolus, st.integers(1, 90_000), st.just(MINUTE), st.integers(900_000, DAY_MS), st.integers(1, 24)
)


@st.composite
def programs(draw):
    """Any that infuses."""
    kind = draw(st.sampled_from(["periodic", "simple", "week", "week"]))
    if kind == "periodic":
        return periodic(draw(rates), draw(st.integers(1, 300_000)), draw(st.integers(900_000, 7 * DAY_MS)))
    bolus = draw(st.none() | boluses)
    if kind == "simple":
        return program(Mode.SIMPLE_CONTINUOUS, (FlexStep(0, draw(rates)),), patient_bolus=bolus)
    group_of = draw(st.lists(st.integers(0, 2), min_size=7, max_size=7))
    masks = [sum(1 << day for day in range(7) if group_of[day] == group) for group in dict.fromkeys(group_of)]
    steps = []
    for mask in masks:
        starts = sorted({0, *draw(st.lists(st.integers(1, 1_439), max_size=4))})
        steps += [FlexStep(start, draw(rates), mask) for start in starts]
    if len(steps) == 1:
        steps.append(FlexStep(1, draw(rates)))
    return program(Mode.FLEX, tuple(steps), patient_bolus=bolus)


@settings(max_examples=300)
@given(programs())
def test_every_number_is_the_one_the_pump_works_out_itself(found):
    descriptor = pump().descriptor
    ours = derive(found, descriptor)
    assert ours.daily_volume.count == daily_volume_nl(descriptor, found)
    assert tuple(dose.count for dose in ours.daily_doses) == daily_dose_ng(descriptor, found)
    assert ours.greatest_24h_volume.count == greatest_24h_volume_nl(descriptor, found)
    assert ours.highest_rate.count == numbers_of(descriptor, found).highest_rate_nl_per_day
    assert (ours.effective_boluses or 0) == effective_per_24h(descriptor, found)


@settings(max_examples=200)
@given(programs(), st.integers(MONDAY, MONDAY + 14 * DAY_MS))
def test_at_every_moment_of_the_week_the_rate_is_the_pumps(found, moment):
    theirs = numbers_of(pump().descriptor, found)
    slot = bisect_right(theirs.slot_starts, (moment - MONDAY) % (7 * DAY_MS)) - 1
    assert profile_of(found, pump().descriptor).rate_at(moment) == theirs.slot_rates[slot]


@settings(max_examples=200)
@given(programs(), st.integers(MONDAY, MONDAY + 14 * DAY_MS), st.integers(1, 20_000_000))
def test_a_volume_is_reached_at_its_first_millisecond_boluses_counted_as_they_begin(found, moment, volume_nl):
    profile = profile_of(found, pump().descriptor)
    reached = profile.reaches(moment, volume_nl)
    if reached is None:
        assert profile.cycle == profile.bolus_nl == 0
        return

    def asked(until: int):
        begins = profile.bolus_nl if (until - moment) % profile.every_ms == 0 else 0
        return profile.between(moment, until) + begins

    assert asked(reached) >= volume_nl
    assert reached == moment or asked(reached - 1) < volume_nl


@settings(max_examples=100)
@given(programs(), st.integers(1_000, 3_000_000), st.integers(2_000_000, 20_000_000))
def test_with_every_patient_bolus_at_the_start_of_each_day_the_mark_is_reached_at_its_first_millisecond(
    found, daily_nl, reservoir_nl
):
    profile = Profile(found.steps)
    fill = Fill(Volume(reservoir_nl), Volume(20_000_000), Volume(2_000_000), Volume(0), NOW, 60)
    lasts_ms = project(profile, daily_nl, fill, 0).worst_case_alarm.epoch_ms - NOW.epoch_ms
    civil = NOW.epoch_ms + 60 * MINUTE

    def taken(after_ms: int):
        return profile.between(civil, civil + after_ms) + (after_ms // DAY_MS + 1) * daily_nl

    assert taken(lasts_ms) >= reservoir_nl - 2_000_000
    assert lasts_ms == 0 or taken(lasts_ms - 1) < reservoir_nl - 2_000_000


def test_a_profile_has_periodic_boluses_on_one_rate_only():
    with pytest.raises(ValueError, match="on top of one rate"):
        Profile((FlexStep(0, 1, EVERY_DAY), FlexStep(1, 2)), 500, HOUR)
