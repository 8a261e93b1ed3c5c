"""Random stories through the implant, with the power cut between any two things that happen, also while it returns."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracle.bedside import BOLUS, HOUR, MADE, MINUTE, Bench, program
from tests.oracle.played import check_lockout, check_log, check_windows
from tests.oracle.powered import Powered, PowerLost, play_with_cuts
from tests.oracle.programs import random_descriptor
from thecal.implant import Implant


def check_whole(played: Powered) -> None:
    """What must hold of a finished story with cuts."""
    check_lockout(played)
    check_windows(played)
    check_log(played)


@pytest.mark.parametrize("records_per_image", [20, 4_096])
def test_cuts_at_any_boundary_cost_at_most_one_stroke_each_and_no_lockout(records_per_image, monkeypatch):
    """Verify, for 60 stories with some 1000 cuts, after each act:
    - no stroke made that is not counted; at most one counted and not made for each cut
    - strokes counted, reservoir and bolus are those of the second pump, told only when there was no power
    - each grant and refusal agrees, so no lockout, maximum or limit is shortened; the windows hold for strokes made
    - a command whose answer was lost: the query tells what happened, and sending it again has no effect
    """
    monkeypatch.setattr("thecal.implant.implant.RECORDS_PER_IMAGE", records_per_image)
    cuts = missing = grants = 0
    for seed in range(60):
        chance = Random(records_per_image + seed)
        played = play_with_cuts(chance, random_descriptor(chance, least_stroke_nl=250), 30, 300)
        check_whole(played)
        cuts += played.cuts
        missing += played.state.strokes_total - sum(map(len, played.ticks.values()))
        grants += len(played.grants)
    assert cuts > 700
    assert missing > 5
    assert grants > 70


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=True))
def test_cuts_in_stories_of_chance(chance):
    check_whole(play_with_cuts(chance, random_descriptor(chance, least_stroke_nl=250), 20, 300))


@pytest.mark.parametrize("boundary", range(8))
def test_a_cut_anywhere_in_a_millisecond_with_two_strokes_costs_one_at_most(boundary):
    """Three minutes after the grant a basal stroke and the twelfth bolus stroke fall on the same tick."""
    bench = Bench(program((0, 240_000), bolus=BOLUS))
    bench.wait(4 * HOUR)
    bench.press()
    bench.wait(3 * MINUTE - 1)

    def motor(tick: int) -> None:
        bench.memory.boundary()
        bench.motor.append(tick)
        bench.memory.boundary()

    before, last = len(bench.motor), bench.now
    bench.memory.fuse = boundary
    with suppress(PowerLost):
        bench.implant.advance(last + 1, motor)
    bench.memory.fuse = None
    bench.implant = Implant.recover(bench.memory.banks, bench.memory, MADE, last + 1, motor)
    bench.wait(1)
    assert bench.implant.state.strokes_total - before == 2
    assert len(bench.motor) - before in {1, 2}
