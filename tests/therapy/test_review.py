"""Old beside new: everything that changes is marked, nothing else, and the dates follow."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from thecal.device import Component, FlexStep, Mode
from thecal.quantities import DoseRate, FlowRate, Volume
from thecal.therapy import CannotTranslate, Fill, Profile, as_prescribed, project, review, translate
from thecal.therapy.showing import DAY_MS, percent_text, ratio_text

from .given import NOW, bolus, continuous, morning_dose, standing, translated


def rows(found):
    return {row.key: row for row in found.rows}


def test_an_unedited_draft_changes_nothing_and_needs_nothing():
    at = standing(running=continuous("2.4 mg/day", bolus=bolus()))
    found = review(as_prescribed(at.program), at)
    assert found.changed_rows == ()
    assert found.confirmations_needed == ()
    assert found.may_be_sent


def test_a_change_of_dose_shows_both_doses_the_percentage_and_the_ratio():
    found = rows(review(continuous("3.6 mg/day"), standing(running=continuous("2.4 mg/day"))))
    assert (found["achievable.morphine"].old, found["achievable.morphine"].new) == (
        DoseRate.parse("2.4 mg/day"),
        DoseRate.parse("3.6 mg/day"),
    )
    assert found["achievable.morphine"].unit == "mg/day"
    assert found["change.morphine"].new_text == "+50 %"
    assert found["ratio-basal.morphine"].new_text == found["ratio-greatest.morphine"].new_text == "1.5 ×"
    assert found["ratio-basal.morphine"].label == "morphine 24-hour dose, basal, new to old"
    assert found["daily-volume"].new == FlowRate.parse("0.36 mL/day")
    assert found["concentration.morphine"].changed is False
    assert found["refill-date"].changed


def test_what_the_pump_will_really_give_stands_beside_what_was_typed():
    found = rows(review(continuous("2.4 mg/day", bolus=bolus("0.123 mg")), standing()))
    assert (found["bolus.programmed"].new_text, found["bolus.achievable"].new_text) == ("0.123", "0.12")
    assert found["bolus.programmed"].old_text == "\u2013"


@pytest.mark.parametrize(
    ("old", "new", "row", "compared"),
    [
        (continuous("1 mg/day"), continuous("2.5 mg/day"), "ratio-greatest.morphine", "new greatest 24-hour dose"),
        (
            continuous("2.4 mg/day"),
            continuous("2.4 mg/day", bolus=bolus("0.3 mg", "1 h", 10)),
            "ratio-greatest.morphine",
            "new greatest 24-hour dose",
        ),
        (
            continuous("1 mg/day", bolus=bolus("0.3 mg", "1 h", 10)),
            continuous("2.5 mg/day"),
            "ratio-basal.morphine",
            "new basal 24-hour dose",
        ),
    ],
)
def test_the_ratio_of_a_stop_stands_in_its_own_row_and_beside_the_doses_it_came_from(old, new, row, compared):
    found = review(new, standing(running=old))
    stop = next(each for each in found.findings if each.rule == "dose-step-up")
    assert rows(found)[row].new_text == ratio_text(stop.ratio)
    assert [each.label for each in stop.compared][1] == compared


def test_after_a_stop_the_ratio_is_taken_against_what_ran_last_and_says_so():
    ran = translated(continuous("1 mg/day")).program
    found = review(continuous("2.5 mg/day"), standing(last_infusing=ran))
    row = rows(found)["ratio-basal.morphine"]
    assert (row.label, row.new_text) == ("morphine 24-hour dose, basal, new to what ran last", "2.5 ×")


def test_allotted_and_possible_boluses_are_two_rows():
    found = rows(review(continuous("2.4 mg/day", bolus=bolus(lockout="8 h", maximum=4)), standing()))
    assert (found["bolus.maximum"].new, found["bolus.effective"].new) == (4, 3)


def test_a_flex_day_is_spelled_out():
    found = rows(review(morning_dose(background="48 microgram/day"), standing(running=continuous("2.4 mg/day"))))
    assert "06:00\u201307:00 60 microgram" in found["schedule"].new_text
    assert found["schedule"].old_text == "\u2013"
    assert found["mode"].new_text == Mode.FLEX.value


def test_what_cannot_be_done_keeps_the_old_column_and_cannot_be_sent():
    found = review(continuous("0.4 mg/day"), standing(running=continuous("2.4 mg/day")))
    assert not found.may_be_sent
    assert found.translation is None
    assert rows(found)["achievable.morphine"].old_text == "2.4"
    assert isinstance(translate(continuous("0.4 mg/day"), standing().pump), CannotTranslate)


def test_a_pump_that_gave_a_drug_nobody_knows_keeps_its_column_and_nothing_can_be_sent():
    """Verify that an unknown drug that runs is named where it runs, shown by its own key in mg, and stops the draft."""
    known = standing(running=continuous("2.4 mg/day"))
    components = (Component("experimentine", 10_000_000),)
    program = replace(known.program, components=components)
    found = review(continuous("2.4 mg/day"), replace(known, program=program, last_infusing=program))
    assert not found.may_be_sent
    assert found.translation is None
    assert [(each.rule, each.path) for each in found.findings] == [("unknown-drug", "current.fluid")]
    assert "'experimentine' is not a drug of this library" in found.findings[0].words
    old = rows(found)["achievable.experimentine"]
    assert (old.label, old.old_text, old.unit) == ("experimentine 24-hour dose, achievable", "2.4", "mg/day")


def test_days_to_alarm_are_rounded_down_and_the_alarm_falls_on_its_day():
    """(20 - 2) mL at 0.24 mL/day is 75 days; with four boluses of 10 µL a day 64 days."""
    found = review(continuous("2.4 mg/day", bolus=bolus()), standing())
    assert found.projection.days_to_alarm == 75
    assert found.projection.alarm.epoch_ms == NOW.epoch_ms + 75 * DAY_MS
    assert found.projection.days_to_empty == 77  # 18.6 mL usable
    worst = found.projection.worst_case_alarm.epoch_ms - NOW.epoch_ms
    assert 64 * DAY_MS <= worst < 65 * DAY_MS
    assert found.projection.refill.epoch_ms == NOW.epoch_ms + worst - 7 * DAY_MS


@pytest.mark.parametrize("boluses_nl", [0, 1, 40_000, 400_000, 30_000_000])
def test_more_boluses_never_make_the_reservoir_last_longer(boluses_nl):
    profile = translated(morning_dose(background="100 microgram/day")).derived.profile
    fill = Fill(Volume.parse("15 mL"), Volume.parse("20 mL"), Volume.parse("2 mL"), Volume.parse("1.4 mL"), NOW, 60)
    fewer, more = project(profile, boluses_nl, fill, 0), project(profile, boluses_nl + 10_000, fill, 0)
    assert more.worst_case_alarm <= fewer.worst_case_alarm <= fewer.alarm
    taken = boluses_nl * ((fewer.worst_case_alarm.epoch_ms - NOW.epoch_ms) // DAY_MS + 1)
    start = NOW.epoch_ms + 60 * 60_000
    basal = profile.between(start, start + fewer.worst_case_alarm.epoch_ms - NOW.epoch_ms)
    assert basal + taken >= 13_000_000


def test_in_the_worst_case_each_days_boluses_come_at_its_start():
    """13 mL above the alarm and 1 mL of boluses a day, nothing else: the 13th day's take the last of it."""
    fill = Fill(Volume.parse("15 mL"), Volume.parse("20 mL"), Volume.parse("2 mL"), Volume(0), NOW, 60)
    found = project(Profile((FlexStep(0, 0),)), 1_000_000, fill, 0)
    assert found.worst_case_alarm.epoch_ms == NOW.epoch_ms + 12 * DAY_MS
    assert found.alarm is None


def test_where_nothing_flows_there_are_no_dates():
    fill = Fill(Volume(10**7), Volume(2 * 10**7), Volume(0), Volume(0), NOW, 0)
    found = project(Profile((FlexStep(0, 0),)), 0, fill, 0)
    assert (found.alarm, found.days_to_empty, found.refill) == (None, None, None)


def test_ratios_and_percentages_round_away_from_no_change():
    assert ratio_text(Fraction(2_000_001, 1_000_000)) == "2.01 ×"
    assert percent_text(1_000_000, 1_000_001) == "+0.1 %"
    assert percent_text(1_000_000, 999_999) == "\u22120.1 %"
    assert percent_text(5, 5) == "0 %"
