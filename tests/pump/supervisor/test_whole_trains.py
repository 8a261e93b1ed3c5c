"""A step is judged at once as its strokes are judged one by one: the same verdict, the same guard."""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.pump.supervisor.asked import (
    BUCKET,
    DAY,
    HOUR,
    MINUTE,
    declarations,
    in_order,
    let_through,
    one_by_one,
    sealed,
    trains,
)
from thecal.pump.strokes import StrokeKind, Strokes, Train
from thecal.pump.supervisor import Declared, Guard, Passed, Tripped, examine

KINDS = (StrokeKind.BASAL, StrokeKind.BOLUS, StrokeKind.ONCE)


@st.composite
def steps(draw: st.DrawFn) -> tuple[Guard, Strokes]:
    """A guard with a past, and one to three trains beside and after each other."""
    declared = draw(declarations())
    start = draw(st.sampled_from([0, 10 * DAY + 7 * MINUTE, 2**53 - 40 * DAY]))
    guard = sealed(declared, start)
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=3)):
        past = draw(trains(declared, guard.tick_ms, kind))
        guard, _ = let_through(guard, in_order(Strokes((past,))))
    order = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3))
    asked = tuple(draw(trains(declared, guard.tick_ms, kind)) for kind in order)
    return guard, Strokes(asked)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps())
def test_the_verdict_on_trains_is_the_verdict_on_their_strokes(step):
    guard, strokes = step
    assert examine(guard, strokes) == one_by_one(guard, in_order(strokes))


def test_also_with_trains_of_chance_near_every_limit():
    """Verify for many seeds, both verdicts and every reason but those of time and death among them."""
    reasons: set[str] = set()
    passed = 0
    for seed in range(1_500):
        chance = Random(seed)
        declared = random_declared(chance)
        guard = sealed(declared, chance.choice([0, 987_654_321, 2**53 - 30 * DAY]))
        for _ in range(chance.randint(1, 4)):
            strokes = Strokes(tuple(random_train(chance, declared, guard.tick_ms) for _ in range(chance.randint(1, 3))))
            whole, each = examine(guard, strokes), one_by_one(guard, in_order(strokes))
            assert whole == each, f"seed {seed}: {strokes}"
            if isinstance(whole, Tripped):
                reasons.add(whole.reason.name)
                break
            passed += 1
            guard = whole.guard
    assert passed > 400
    assert reasons >= {
        *("TOO_FAST", "HOUR_CEILING", "DAY_CEILING", "HOUR_PROGRAM", "DAY_PROGRAM"),
        *("BOLUS_UNGRANTED", "BOLUS_TOO_LARGE", "BOLUS_TOO_EARLY", "ONCE_TOO_LARGE"),
    }


def random_declared(chance: Random) -> Declared:
    """A program of a small model."""
    stroke, per_day = chance.choice([1, 500]), chance.choice([24, 96, 500, 5_000])
    ceiling = stroke * per_day
    basal = chance.choice([0, ceiling // 10, ceiling // 2, ceiling])
    strokes = chance.randint(0, 6)
    duration = max(MINUTE, -(-strokes * DAY // per_day)) if strokes else 0
    lockout = max(BUCKET, duration + 1) + chance.choice([0, 1, HOUR]) if strokes else 0
    once = chance.randint(0, 8)
    once_ms = max(MINUTE, -(-once * DAY // per_day)) if once else 0
    limit = -(-basal // stroke) * stroke + chance.choice([0, 3, 30]) * stroke
    return Declared(stroke, ceiling, limit, basal, strokes * stroke, duration, lockout, once * stroke, once_ms)


def random_train(chance: Random, declared: Declared, now: int) -> Train:
    """Basal at, below or above what is allowed, or a bolus with its own or a strange id."""
    stroke, kind = declared.stroke_nl, chance.choice(KINDS)
    origin = now + chance.choice([0, 0, 1, MINUTE, BUCKET, HOUR, 3 * HOUR, 25 * HOUR, 60 * DAY])
    if kind is StrokeKind.BASAL:
        rate = max(1, chance.choice([declared.highest_basal_nl_per_day, declared.ceiling_nl_per_day]))
        rate = max(1, rate * chance.choice([1, 1, 1, 2]) // chance.choice([1, 1, 2]) + chance.choice([-1, 0, 1]))
        phase = chance.choice([0, stroke * DAY - 1])
        return Train(kind, origin, stroke * DAY, phase, rate, 1, chance.choice([1, 2, 10, 100, 600]))
    nl, ms = (
        (declared.bolus_nl, declared.bolus_duration_ms)
        if kind is StrokeKind.BOLUS
        else (declared.once_nl, declared.once_duration_ms)
    )
    number = max(1, nl // stroke + chance.choice([0, 0, 0, 1]))
    granted = chance.choice([origin, origin, origin, origin + 10**9, None])
    return Train(kind, origin, max(1, ms or HOUR), 0, number, 1, number, granted)


def test_a_stroke_from_before_is_refused_and_nothing_after_it_passes():
    guard = sealed(Declared(500, 24_000_000, 240_000, 240_000, 0, 0, 0, 0, 0), 10 * DAY)
    early = Train(StrokeKind.BASAL, 10 * DAY - HOUR, 500 * DAY, 0, 240_000, 1, 5)
    verdict = examine(guard, Strokes((early,)))
    assert isinstance(verdict, Tripped)
    assert (verdict.reason.name, verdict.passed_strokes) == ("TIME_BACKWARDS", 0)
    later = Train(StrokeKind.BASAL, 10 * DAY, 500 * DAY, 0, 240_000, 1, 5)
    assert isinstance(examine(verdict.guard, Strokes((later,))), Tripped)


@pytest.mark.parametrize("rate", [48_000, 240_000, 24_000_000])
def test_ten_years_of_one_train_are_judged_in_well_under_a_millisecond(rate):
    """Verify the best of twenty, so that the machine's other work does not count; and that it is the same verdict."""
    guard = sealed(Declared(500, 24_000_000, 24_000_000, rate, 0, 0, 0, 0, 0), 0)
    count = 3_650 * rate // 500
    train = Train(StrokeKind.BASAL, 0, 500 * DAY, 0, rate, 1, count)
    took_s = []
    for _ in range(20):
        began_s = time.perf_counter()
        verdict = examine(guard, Strokes((train,)))
        took_s.append(time.perf_counter() - began_s)
        assert isinstance(verdict, Passed)
        assert verdict.guard.last_tick_ms == train.tick(count)
    assert min(took_s) < 0.002
    short = Strokes((Train(StrokeKind.BASAL, 0, 500 * DAY, 0, rate, 1, min(count, 60 * rate // 500, 20_000)),))
    assert examine(guard, short) == one_by_one(guard, in_order(short))
