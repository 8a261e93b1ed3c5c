"""Random stories: the pump does what a second pump, written from the requirements alone, says it must do."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracle.oracle import DAY
from tests.oracle.played import Played, check_lockout, check_log, check_strokes, check_windows, play
from tests.oracle.programs import random_descriptor, random_program
from thecal.device import COMMAND_LIFE_MS, Done, Request, RequestBolus, Role, Stage, Staged, program_hash
from thecal.pump import CommandReceived, TimePassed, step

HOUR = 3_600_000


def check_whole(played: Played, chance: Random, samples: int | None) -> None:
    """What must hold of a finished story."""
    check_strokes(played, chance, samples)
    check_lockout(played)
    check_windows(played)
    check_log(played)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=True))
def test_every_stroke_falls_on_the_first_millisecond_at_which_it_is_owed(chance):
    played = play(chance, random_descriptor(chance, least_stroke_nl=250), 30, 300, 40 * HOUR)
    check_whole(played, chance, samples=None)


@pytest.mark.parametrize("part", range(4))
def test_hundreds_of_programs_over_days_agree_with_the_second_pump(part):
    """Verify, after each act of 160 stories (programs, stops, refills, presses, outages; thousands of days):
    - strokes by then, reservoir, next stroke and what is shown of the bolus
    - each grant and each refusal with its reason, and that each countdown ends exactly when it says
    - no 24 h above the limit, no two grants closer than the lockout, one log entry for each fact
    """
    programs = grants = 0
    for seed in range(part * 40, part * 40 + 40):
        chance = Random(seed)
        played = play(chance, random_descriptor(chance, least_stroke_nl=250), 40, 300, 40 * HOUR)
        check_whole(played, chance, samples=10)
        programs += len(played.reference.commits)
        grants += len(played.reference.given)
    assert programs > 180
    assert grants > 70


@pytest.mark.parametrize("stroke_nl", [1, 7])
def test_strokes_many_a_second_agree_too(stroke_nl):
    for seed in range(10):
        chance = Random(seed)
        model = replace(random_descriptor(chance), stroke_nl=stroke_nl, highest_rate_nl_per_day=24_000_000)
        check_whole(play(chance, model, 30, 600_000, 4_000_000), chance, samples=300)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=True))
def test_a_patient_who_always_asks_gets_the_effective_number_in_some_24_hours_and_never_more(chance):
    model = random_descriptor(chance, least_stroke_nl=250)
    program = random_program(chance, model, 60)
    while program.patient_bolus is None or program.patient_bolus.lockout_ms < HOUR:
        program = random_program(chance, model, 60)
    played = Played(model, 0, chance.randint(-840, 840))
    played.refill(model.reservoir_nl)
    staged = played.ask(Stage(program, program_hash(played.state.program)), Role.PHYSICIAN)
    assert isinstance(staged, Staged)
    played.commit(program)
    starts = []
    while played.now < 3 * DAY:
        answer = played.press(played.now)
        if isinstance(answer, Done):
            starts.append(played.now)
            played.wait(played.now + 1)
        elif answer.retry_after_ms is None:
            return  # the reservoir cannot give more than it holds
        else:
            played.wait(played.now + answer.retry_after_ms)
    most = max(sum(0 <= later - start < DAY for later in starts) for start in starts)
    assert most == staged.effective_boluses_per_24h, played.story()


def test_a_granted_bolus_is_never_cut_short_by_an_empty_reservoir():
    """The rule of margin, against flex steps that rise in the middle of the bolus."""
    cut = granted = 0
    for seed in range(150):
        chance = Random(seed)
        model = random_descriptor(chance, least_stroke_nl=250)
        program = random_program(chance, model, 20_000)
        if program.patient_bolus is None:
            continue
        played = Played(model, chance.randrange(0, DAY), 0)
        strokes = program.patient_bolus.volume_nl // model.stroke_nl
        played.refill(model.reservoir_nl)
        played.commit(program)
        played.wait(played.now + program.patient_bolus.lockout_ms)
        for spare in range(1, 600):  # the first that is granted has the least fluid
            least = played.state.reservoir._replace(volume_nl=(strokes + spare) * model.stroke_nl)
            state = played.state._replace(reservoir=least)
            press = Request(b"x" * 16, state.tick_ms + COMMAND_LIFE_MS, RequestBolus())
            after = step(state, CommandReceived(press, Role.PATIENT), state.tick_ms)
            if after.effects[-1].reply.answer != Done(state.tick_ms):
                continue
            granted += 1
            ended = step(after.state, TimePassed(), state.tick_ms + program.patient_bolus.duration_ms).state
            cut += ended.bolus_strokes_total != strokes
            break
    assert granted > 50
    assert cut == 0
