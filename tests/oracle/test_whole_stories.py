"""Random stories of the whole pump: both layers do what a second pump, written from the requirements alone, says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracle.played import check_lockout, check_strokes, check_windows
from tests.oracle.programs import random_descriptor
from tests.oracle.whole_played import WholePlayed, check_whole_log, play_whole
from thecal.device import BolusKind


def judged(chance: Random, samples: int | None, acts: int = 40) -> WholePlayed:
    """A story, compared after each act and in the end."""
    played = play_whole(chance, random_descriptor(chance, least_stroke_nl=250), acts, 300)
    check_strokes(played, chance, samples)
    check_lockout(played)
    check_windows(played)
    check_whole_log(played)
    return played


@pytest.mark.parametrize("part", range(4))
def test_hundreds_of_programs_of_every_kind_agree_with_the_second_pump(part):
    """Verify, after each act of 200 stories (all modes, day groups, periodic and once boluses, bridges continued,
    restarted and cancelled, delayed starts, clocks set forward and back, outages, stops, refills, presses):
    - strokes of each kind, reservoir, next stroke, what runs, what is left of a bridge, what waits
    - each grant and each refusal with its reason; the supervisor never objects to a correct controller
    - each sampled stroke falls on the first ms at which it is owed; the log tells every bolus, its chain holds
    """
    outcomes: Counter[str] = Counter()
    kinds: Counter[BolusKind] = Counter()
    programs = delayed = skipped = 0
    for seed in range(part * 50, part * 50 + 50):
        played = judged(Random(seed), samples=20)
        programs += played.committed
        delayed += len(played.reference.delayed)
        skipped += len(played.reference.skipped)
        outcomes.update(played.outcomes)
        kinds.update(each.kind for each in played.reference.given)
    assert programs > 200
    assert delayed > 20
    assert skipped > 40
    for kind in BolusKind:
        assert kinds[kind] > 10, kinds
    for refusal in (
        "commit: BOLUS_RUNNING",
        "clock: CLOCK_DURING_BOLUS",
        "clock: PROGRAM_OUT_OF_RANGE",
        "cancel: Done",
    ):
        assert outcomes[refusal] > 1, (refusal, outcomes)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=True))
def test_every_stroke_of_every_kind_falls_on_the_first_millisecond_at_which_it_is_owed(chance):
    judged(chance, samples=None, acts=25)


@pytest.mark.parametrize("stroke_nl", [1, 7])
def test_strokes_many_a_second_agree_too(stroke_nl):
    for seed in range(4):
        chance = Random(seed)
        model = replace(random_descriptor(chance), stroke_nl=stroke_nl, highest_rate_nl_per_day=24_000_000)
        played = play_whole(chance, model, 12, 20_000)
        check_strokes(played, chance, samples=100)
