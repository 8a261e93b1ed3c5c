"""Simulated days of a pump among people, on a bad link, with faults (more: ``verification.pump_simulation``)."""

import pytest
from verification.pump_seen import Seen, Wrong
from verification.pump_simulation import COMPONENTS, Simulation, run
from verification.pump_stub import checksummed

from thecal.bench.device import DeviceBench, Setup
from thecal.column import Fluid
from thecal.device import Role
from thecal.telemetry import Applied

FAULTS = {"cut", "cut at byte", "cut in stroke", "miss", "stall", "run away", "hang", "field", "drift", "gain"}
FLUID = Fluid.of([("morphine", 1_000_000)])


@pytest.fixture
def bench():
    return DeviceBench(Setup("synchromed-ii-20"), checksummed)


def test_days_with_every_fault_and_everybody_at_work_show_nothing_that_must_not_be():
    simulations = [Simulation(seed, days=3) for seed in range(1_001, 1_009)]
    for each in simulations:
        each.play()
    assert {act for each in simulations for act in each.acts} >= FAULTS


def test_the_same_seed_gives_the_same_trace_and_another_seed_another():
    traces = [Simulation(seed, days=1).play() for seed in (7, 7, 8, 8)]
    assert traces[0] == traces[1] != traces[2] == traces[3]


def test_an_answer_that_nobody_gave_is_seen(bench):
    seen = Seen(bench)
    seen.told("request bolus", Applied(5))
    with pytest.raises(Wrong, match="1 were told and not done"):
        seen.compare()


def test_a_stroke_that_the_pump_did_not_count_is_seen(bench):
    seen = Seen(bench)
    bench.pump.turns_unasked(1)
    with pytest.raises(Wrong, match="-1 strokes counted and not made"):
        seen.after("a stroke", None)


def test_fluid_that_went_another_way_is_seen(bench):
    seen = Seen(bench)
    bench.inject(10_000_000, FLUID)
    bench.attach(Role.PHYSICIAN).record_refill(10_000_000, COMPONENTS)
    seen.after("a refill", None)
    bench.fluid.seep(5_000)
    seen.after("what seeps in is known", None)
    bench.withdraw(700)
    with pytest.raises(Wrong, match="700 nL more than it does"):
        seen.after("a needle of which nobody told", None)


def test_a_frame_that_comes_twice_reaches_the_pump_twice_and_an_altered_one_never(bench):
    client = bench.attach(Role.PHYSICIAN)
    client.read_status()
    client.replay(client.recorded[0])
    assert client.channel.refused_at_pump == 0
    client.inject(client.recorded[0].data[:-1])
    assert client.channel.refused_at_pump == 1


def test_a_run_counts_the_days_of_its_seeds_and_tells_no_failure():
    tally = run(2_001, 2_001)
    assert tally.done == 25
    assert tally.failures == ()
