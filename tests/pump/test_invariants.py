"""I1 to I14 in every state that small pumps reach, and the model that is proved against the code that runs.

``make verify-pump`` does the same to millions of steps, proves the model, and checks contracts of the code.
"""

from __future__ import annotations

from dataclasses import replace
from operator import floordiv
from random import Random

import pytest
from verification import pump_model as model
from verification.pump_history import History
from verification.pump_invariants import INVARIANTS
from verification.pump_states import Node, search, taken
from verification.pump_worlds import HOUR_ON, LONG_CUT, MISS, PRESS, QUARTER, WORLDS, Act, committed, with_once

from tests.pump.driven import HOUR, MINUTE
from thecal.device import Alarm, BolusKind, LogKind
from thecal.pump import Bolus, MemoryFaultFound, MotorReported, PumpState, StrokeKind, TimePassed, Train
from thecal.pump.controller import bolus
from thecal.pump.controller.alarms import standing
from thecal.pump.strokes import strokes_due
from thecal.pump.supervisor import Passed
from thecal.pump.supervisor.cut import number_at
from thecal.pump.supervisor.guard import EMPTY_RING, counted, day_of, hour_of, moved
from thecal.pump.supervisor.limits import BUCKET_MS, Declared, _boluses_within, _strokes_within
from thecal.pump.whole import Pump, SupervisorTicked, step

FEW = 4_500


def world(name: str):
    return next(each for each in WORLDS if each.name == name)


def done(pump: Pump, *acts: Act) -> Pump:
    for act in acts:
        pump = taken(Node(pump, History(), ()), act)[0].pump
    return pump


@pytest.mark.parametrize("name", [each.name for each in WORLDS])
def test_every_invariant_holds_in_every_state_near_the_beginning(name):
    """Verify I1 to I14 over thousands of steps of each small pump, with every act in every state."""
    searched = search(world(name), FEW)
    assert searched.transitions >= FEW
    assert searched.failures == ()


def test_the_search_covers_every_invariant():
    """Verify: I1 to I14 each have a function, but I9, which needs a request sent twice and stands with the search."""
    assert {each.__name__.split("_")[0] for each in INVARIANTS} | {"i9"} == {f"i{n}" for n in range(1, 15)}


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("_lockout", "i6_grants_are_a_lockout_apart"),
        ("_volume_limit", "i1_no_window_of_24_h_holds_more_than_the_limit"),
    ],
)
def test_a_pump_without_a_rule_is_found_out(monkeypatch, rule, found):
    """Verify: a pump that grants without looking at the lockout, or at the volume limit, breaks an invariant."""
    monkeypatch.setattr(bolus, "_RULES", tuple(each for each in bolus._RULES if each.__name__ != rule))
    searched = search(replace(world("a full window"), acts=(QUARTER, HOUR_ON, PRESS)), 2_000)
    assert any(found in each for each in searched.failures)


def test_a_pump_that_loses_its_carry_is_found_out(monkeypatch):
    """Verify: a carry that is dropped now and then breaks the integral of the rate."""
    made = PumpState.delivered
    monkeypatch.setattr(
        PumpState,
        "delivered",
        lambda state, tick, carry, *strokes: made(state, tick, 0 if sum(strokes) > 2 else carry, *strokes),
    )
    searched = search(world("patient boluses"), 500)
    assert any("i4_basal_is_the_integral_of_the_rate" in each for each in searched.failures)


def test_a_supervisor_that_does_not_count_is_found_out(monkeypatch):
    """Verify: strokes let through without being counted are noticed at once."""
    monkeypatch.setattr("thecal.pump.whole.examine", lambda guard, _strokes: Passed(guard))
    searched = search(world("patient boluses"), 500)
    assert any("i12_the_supervisor_says_the_same" in each for each in searched.failures)


def test_a_delayed_bolus_that_begins_after_an_outage_is_given():
    """Verify: a single bolus whose delayed start passed without power is given when power is back."""
    later = committed("single later", with_once(BolusKind.SINGLE), begins_in_ms=20 * MINUTE)
    pump = done(world("delayed starts").begins, later, LONG_CUT, QUARTER, QUARTER)
    assert pump.guard.trip is None
    assert pump.state.once_strokes_total == 3


def test_more_missing_than_let_through_are_all_of_them():
    """Verify: a report that names more missing strokes than there were is one of all of them, to both layers."""
    pump = world("motor").begins
    pump = step(pump, TimePassed(), pump.state.tick_ms + HOUR).pump
    pump = step(pump, MotorReported(2**40, 0), pump.state.tick_ms).pump
    assert pump.state.motor.unconfirmed == 2
    assert pump.guard.missed_in_a_row == 2
    assert pump.guard.trip is None


def test_a_refused_stroke_does_not_end_a_stall():
    """Verify: a motor stall stands until the motor has turned, also when the supervisor refuses what comes next."""
    pump = done(world("facts").begins, HOUR_ON, HOUR_ON, MISS, HOUR_ON)
    assert Alarm.MOTOR_STALL in standing(pump.state)
    pump = step(pump, SupervisorTicked(), pump.state.tick_ms + 90_000).pump
    pump = step(pump, TimePassed(), pump.state.tick_ms + HOUR).pump
    assert Alarm.SUPERVISOR_TRIP in standing(pump.state)
    assert Alarm.MOTOR_STALL in standing(pump.state)


def test_a_second_memory_fault_is_in_the_log():
    """Verify: what prolongs the time without boluses is written down like every change."""
    pump = done(world("facts").begins, Act("fault", (lambda pump: (MemoryFaultFound(), pump.state.tick_ms),)), QUARTER)
    first = pump.state.fault
    pump = step(pump, MemoryFaultFound(), pump.state.tick_ms).pump
    faults = [each for each in pump.state.log if each.kind is LogKind.MEMORY_FAULT]
    assert len(faults) == 1 + (pump.state.fault != first)


def test_the_model_that_is_proved_calculates_what_the_pump_does():
    """Verify on 20 000 random numbers each: carry, bolus, train, its ticks, a window of basal, boluses in a span."""
    chance = Random(1)
    for _ in range(20_000):
        stroke, rate, elapsed = chance.randint(1, 10_000), chance.randint(1, 28_800_000), chance.randint(0, 10**9)
        owed = stroke * 86_400_000
        carry = chance.randint(0, owed - 1)
        assert model.strokes_due(floordiv, carry, rate * elapsed, owed) == strokes_due(carry, rate, elapsed, stroke)
        strokes, duration = chance.randint(1, 5_000), chance.randint(60_000, 7_200_000)
        at = chance.randint(0, duration)
        given = Bolus(1_000, duration, strokes, 500)
        assert model.due_by(floordiv, strokes, duration, at) == given.due_by(1_500 + at)
        k = chance.randint(1, 10_000)
        train = Train(StrokeKind.BASAL, 0, owed, carry, rate, k, k)
        assert model.train_tick(floordiv, k, owed, carry, rate) == train.tick(k)
        assert model.train_number(floordiv, elapsed, owed, carry, rate) == number_at(train, elapsed)
        assert model.up(floordiv, rate * elapsed, owed) == _strokes_within(elapsed, rate, stroke)
        lockout, span = chance.randint(duration, 86_400_000), chance.choice((BUCKET_MS, 5 * BUCKET_MS))
        declared = Declared(stroke, 1, 0, 0, stroke * strokes, duration, lockout, 0, 0)
        assert model.boluses_within(floordiv, span, duration, lockout) == _boluses_within(span, declared)


def test_the_buckets_of_the_model_are_those_of_the_supervisor():
    """Verify over 20 000 random strokes: what the rings of the supervisor count is what the model says counts."""
    chance = Random(2)
    tick, bucket, ring, ticks = 0, 0, EMPTY_RING, []
    for _ in range(20_000):
        tick += chance.choice((chance.randint(1, 2_000_000), chance.randint(1, 60 * BUCKET_MS)))
        ring = counted(moved(ring, tick // BUCKET_MS - bucket))
        bucket = tick // BUCKET_MS
        ticks = [each for each in (*ticks, tick) if tick - each < 98 * BUCKET_MS]
        for counted_now, buckets in ((hour_of(ring), 5), (day_of(ring), 97)):
            assert counted_now == sum(
                model.counts_in_window(floordiv, each, tick, BUCKET_MS, buckets) for each in ticks
            )
