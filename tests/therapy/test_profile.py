"""The flow of a day, exactly: whatever the parts, the whole is the same."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.device import FlexStep
from thecal.therapy import Profile, profile_of
from thecal.therapy.showing import DAY_MS

from .given import new_pump_program, pump

BASE = 20_000 * DAY_MS


@st.composite
def profiles(draw):
    starts = sorted({0, *draw(st.lists(st.integers(1, 1_439), max_size=5))})
    return Profile(
        tuple(FlexStep(start, draw(st.sampled_from((0, 48_000)) | st.integers(1, 10**6))) for start in starts)
    )


moments = st.integers(BASE, BASE + 3 * DAY_MS)


@settings(max_examples=80)
@given(profiles(), moments, moments, moments)
def test_a_time_cut_in_two_gives_the_same_volume(profile, first, second, third):
    a, b, c = sorted((first, second, third))
    assert profile.between(a, b) + profile.between(b, c) == profile.between(a, c)


@settings(max_examples=80)
@given(profiles(), moments)
def test_any_24_hours_hold_the_daily_volume(profile, moment):
    assert profile.between(moment, moment + DAY_MS) == profile.daily


@settings(max_examples=80)
@given(profiles(), moments)
def test_within_one_millisecond_the_flow_is_the_rate_of_that_minute(profile, moment):
    assert profile.between(moment, moment + 1) == Fraction(profile.rate_at(moment), DAY_MS)


@settings(max_examples=120)
@given(profiles(), moments, st.integers(1, 3 * 10**6))
def test_a_volume_is_reached_at_its_first_millisecond(profile, moment, volume_nl):
    reached = profile.reaches(moment, volume_nl)
    if profile.daily == 0:
        assert reached is None
        return
    assert profile.between(moment, reached) >= volume_nl
    assert profile.between(moment, reached - 1) < volume_nl


def test_the_last_of_a_days_volume_is_reached_before_the_pause_not_after_it():
    profile = Profile((FlexStep(0, 2_400_000), FlexStep(60, 0)))
    assert profile.reaches(BASE, 100_000) == BASE + 3_600_000
    assert profile.reaches(BASE, 300_000) == BASE + 2 * DAY_MS + 3_600_000


def test_nothing_is_given_between_a_moment_and_an_earlier_one():
    profile = Profile((FlexStep(0, 2_400_000),))
    assert profile.between(BASE, BASE) == 0
    with pytest.raises(ValueError, match="the second moment is before the first"):
        profile.between(BASE, BASE - 1)


def test_a_stopped_pump_has_no_flow():
    profile = profile_of(new_pump_program(), pump().descriptor)
    assert profile.daily == 0
    assert profile.reaches(BASE, 1) is None
