"""Whatever is asked, what is let through stays within every limit, recounted stroke by stroke over every window."""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction
from math import ceil
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.pump.supervisor.asked import BUCKET, DAY, HOUR, MINUTE, Asked, let_through, one_by_one, sealed
from tests.pump.supervisor.test_whole_trains import random_declared
from thecal.pump.strokes import StrokeKind
from thecal.pump.supervisor import Declared, Guard, Passed, SealRefused, examine_one, heartbeat, seal

BASAL, BOLUS, ONCE = StrokeKind.BASAL, StrokeKind.BOLUS, StrokeKind.ONCE


def most_in(ticks: list[int], span_ms: int) -> int:
    """The most strokes in any half-open window of this length that ends at a stroke."""
    return max((i + 1 - bisect_left(ticks, tick - span_ms + 1) for i, tick in enumerate(ticks)), default=0)


def ceiling_of(declared: Declared, span_ms: int) -> int:
    """What the highest rate gives in a span and one bucket, and one stroke, for two streams of fractions."""
    return ceil(Fraction(declared.ceiling_nl_per_day * (span_ms + BUCKET), DAY * declared.stroke_nl)) + 1


def basal_of(declared: Declared, span_ms: int) -> int:
    return ceil(Fraction(declared.highest_basal_nl_per_day * span_ms, DAY * declared.stroke_nl))


def boluses_of(declared: Declared, span_ms: int) -> int:
    """Strokes of the boluses that may have some in a span: granted in it or up to two durations before."""
    if not declared.bolus_nl:
        return 0
    number = ceil(Fraction(span_ms + 2 * declared.bolus_duration_ms, declared.bolus_lockout_ms))
    return number * (declared.bolus_nl // declared.stroke_nl)


def program_hour(declared: Declared) -> int:
    """The basal and the boluses of an hour and a bucket, and one stroke."""
    return basal_of(declared, HOUR + BUCKET) + boluses_of(declared, HOUR + BUCKET) + 1


def program_day(declared: Declared) -> int:
    """The volume limit, the basal and the boluses of one bucket beyond it, and one stroke."""
    limit = declared.volume_limit_nl_per_24h // declared.stroke_nl
    return limit + basal_of(declared, BUCKET) + boluses_of(declared, BUCKET) + 1


def wild(chance: Random, declared: Declared, guard: Guard, strokes: int) -> list[Asked]:
    """Strokes of a controller gone mad: too many, too fast, of any kind, with ids true and false."""
    asked, tick = [], guard.tick_ms
    pace = max(1, declared.stroke_nl * DAY // declared.ceiling_nl_per_day)
    granted = None
    for _ in range(strokes):
        tick += chance.choice([0, 1, pace // 2, pace - 1, pace, pace, pace, 2 * pace, chance.randint(0, BUCKET)])
        kind = chance.choice([BASAL, BASAL, BOLUS, BOLUS, ONCE])
        if granted is None or chance.random() < 0.2:
            granted = tick - chance.choice([0, 0, 1, HOUR])
        asked.append((tick, kind, granted if kind is not BASAL else None))
    return asked


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=True))
def test_no_window_ever_holds_more_than_is_allowed(chance):
    check_madness(chance)


def test_no_window_ever_holds_more_in_hundreds_of_stories():
    refused = sum(check_madness(Random(seed)) for seed in range(250))
    assert refused > 5_000


def check_madness(chance: Random) -> int:
    """Verify, for a mad controller and seals in between, each refused stroke being left out and the next tried:
    - any window of 1 h and of 24 h holds at most the ceiling, across all seals
    - since a seal any window holds at most the program's hour and day
    - of any three strokes the first and the last are a shortest interval apart
    - each bolus has at most its strokes, a lockout from the one before; once strokes stay within their budget
    """
    declared = random_declared(chance)
    guard = sealed(declared, chance.choice([0, 10**9 + 17]))
    everything: list[Asked] = []
    refused = 0
    last_id: int | None = None
    for _ in range(chance.randint(1, 3)):
        sealed_at = guard.tick_ms
        guard, passed = let_through(guard, asked := wild(chance, declared, guard, chance.randint(1, 300)))
        refused += len(asked) - len(passed)
        everything += passed
        last_id = check_seal(declared, passed, sealed_at, last_id)
        changed = declared._replace(volume_limit_nl_per_24h=declared.volume_limit_nl_per_24h + declared.stroke_nl)
        again = seal(guard, changed, guard.tick_ms + chance.choice([0, MINUTE, BUCKET]))
        assert isinstance(again, Guard)
        declared, guard = changed, again
    ticks = [tick for tick, _, _ in everything]
    assert ticks == sorted(ticks)
    assert most_in(ticks, HOUR) <= ceiling_of(declared, HOUR)
    assert most_in(ticks, DAY) <= ceiling_of(declared, DAY)
    shortest = declared.stroke_nl * DAY // declared.ceiling_nl_per_day
    assert all(third - first >= shortest for first, third in zip(ticks, ticks[2:], strict=False))
    return refused


def check_seal(declared: Declared, passed: list[Asked], sealed_at: int, last_id: int | None) -> int | None:
    """What holds of the strokes between one seal and the next."""
    counted = [tick for tick, kind, _ in passed if kind is not ONCE]
    assert most_in(counted, HOUR) <= program_hour(declared)
    assert most_in(counted, DAY) <= program_day(declared)
    assert sum(kind is ONCE for _, kind, _ in passed) <= declared.once_nl // declared.stroke_nl
    made: dict[int, int] = {}
    for tick, kind, granted in passed:
        if kind is not BOLUS:
            continue
        assert granted is not None
        assert granted <= tick
        if granted not in made:
            waits = last_id is not None and granted not in (sealed_at, last_id)
            assert not waits or granted - last_id >= declared.bolus_lockout_ms
            last_id = granted
        made[granted] = made.get(granted, 0) + 1
    assert all(strokes <= declared.bolus_nl // declared.stroke_nl for strokes in made.values())
    return last_id


def test_fewer_strokes_are_never_refused_where_more_pass():
    """Verify, for any strokes that pass and any part of them: the part passes too."""
    pieces = 0
    for seed in range(300):
        chance = Random(seed)
        declared = random_declared(chance)
        guard = sealed(declared, 0)
        _, passed = let_through(guard, wild(chance, declared, guard, 120))
        for share in (0.1, 0.5, 0.9):
            part = [each for each in passed if chance.random() < share]
            assert isinstance(one_by_one(guard, part), Passed), seed
            pieces += len(part)
    assert pieces > 10_000


def test_the_verdict_depends_on_its_own_inputs_and_on_nothing_else():
    """Verify: asked twice, with other guards asked in between, it says the same, and the guard asked is unchanged."""
    chance = Random(7)
    declared = random_declared(chance)
    guards = [sealed(declared, tick) for tick in (0, 5, DAY)]
    asked = [wild(chance, declared, guard, 40) for guard in guards]
    first = [one_by_one(guard, strokes) for guard, strokes in zip(guards, asked, strict=True)]
    kept = list(guards)
    for order in ([2, 0, 1], [1, 2, 0]):
        for index in order:
            assert one_by_one(guards[index], asked[index]) == first[index]
    assert guards == kept


def test_a_ceiling_of_manufacture_is_not_forgotten_by_any_number_of_seals():
    """Verify that sealing anew every minute buys no stroke more than the highest rate allows in an hour and a day."""
    declared = Declared(500, 480_000, 480_000, 480_000, 0, 0, 0, 40_000, 2 * HOUR)  # 40 strokes an hour
    guard, ticks, tick = sealed(declared, 0), [], 0
    for _ in range(26 * 60):
        tick += MINUTE
        again = seal(guard, declared, tick)
        assert isinstance(again, Guard)
        guard = again
        verdict = examine_one(guard, tick, ONCE, tick)
        if isinstance(verdict, Passed):
            guard, ticks = verdict.guard, [*ticks, tick]
    assert most_in(ticks, HOUR) <= ceiling_of(declared, HOUR)
    assert most_in(ticks, DAY) <= ceiling_of(declared, DAY)
    assert len(ticks) > 26 * 38  # and the ceiling's own rate passes


@pytest.mark.parametrize(
    "changed",
    [
        {"stroke_nl": 499},
        {"ceiling_nl_per_day": 24_000_001},
        {"highest_basal_nl_per_day": 24_000_001},
        {"volume_limit_nl_per_24h": 239_999},
        {"bolus_duration_ms": 0},
        {"bolus_nl": 0},
        {"bolus_lockout_ms": 599_999},
        {"bolus_nl": 24_000_000 * 600_000 // DAY + 500},
        {"once_nl": 24_000_000 * HOUR // DAY + 500},
        {"once_duration_ms": 0},
        {"volume_limit_nl_per_24h": -1},
    ],
)
def test_what_its_own_sums_say_is_impossible_is_not_sealed(changed):
    """Verify each: refused with one line, and what was sealed before still holds."""
    possible = Declared(500, 24_000_000, 500_000, 240_000, 20_000, 600_000, 4 * HOUR, 10_000, HOUR)
    guard = sealed(possible, 0)
    answer = seal(guard, possible._replace(**changed), 10)
    assert isinstance(answer, SealRefused)
    assert answer.why
    assert "\n" not in answer.why
    assert isinstance(examine_one(guard, 10, BASAL, None), Passed)
    assert heartbeat(guard, 10).limits == guard.limits
