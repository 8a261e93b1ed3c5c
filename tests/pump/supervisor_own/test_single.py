"""Each rule of the supervisor at its limit and one beyond, and which of two objections is named."""

from __future__ import annotations

import pytest

from tests.pump.supervisor_own.sealed import (
    BUCKET,
    CEILING,
    DAY,
    HOUR,
    MINUTE,
    PROGRAM,
    SHORTEST,
    START,
    STROKE,
    basal,
    bolus,
    let_through,
    sealed,
)
from thecal.pump.strokes import StrokeKind
from thecal.pump.supervisor import (
    Guard,
    Passed,
    Tripped,
    TripReason,
    died,
    examine_one,
    new_guard,
    seal,
    trip,
)

BASAL, BOLUS, ONCE = StrokeKind


def verdict_on(guard: Guard, tick_ms: int, kind: StrokeKind = BASAL, granted: int | None = None) -> TripReason | None:
    """The reason of a refusal, after a look at all else that a verdict says; None where the stroke passes."""
    verdict = examine_one(guard, tick_ms, kind, granted)
    if isinstance(verdict, Tripped):
        assert verdict == Tripped(trip(guard, verdict.reason), verdict.reason, 0, tick_ms)
        return verdict.reason
    after = verdict.guard
    assert (after.tick_ms, after.last_tick_ms, after.before_last_tick_ms) == (tick_ms, tick_ms, guard.last_tick_ms)
    assert after.let_through == guard.let_through + 1
    assert after.every[-1] == guard.every[-1] + 1
    assert after.apart[-1] == guard.apart[-1] + (kind is ONCE)
    assert after.bucket == tick_ms // BUCKET
    return None


def test_nothing_passes_before_the_first_seal():
    assert verdict_on(new_guard(STROKE, CEILING, START), START) is TripReason.NOT_SEALED


def test_time_may_stand_but_not_run_backwards():
    """Verify also that a tripped guard names time first, and keeps the reason it tripped for."""
    assert verdict_on(sealed(), START) is None
    assert verdict_on(sealed(), START - 1) is TripReason.TIME_BACKWARDS
    tripped = trip(sealed(), TripReason.TOO_FAST)
    assert verdict_on(tripped, START) is TripReason.TOO_FAST
    assert verdict_on(tripped, START - 1) is TripReason.TIME_BACKWARDS
    assert trip(tripped, TripReason.DAY_CEILING) == tripped


def test_two_strokes_may_coincide_but_three_may_not_crowd():
    first = let_through(sealed(), basal(CEILING, START, 1))
    assert verdict_on(first, first.tick_ms) is None
    second = let_through(first, bolus(first.tick_ms - 30_000, 1, granted=START - 30_000))
    assert second.tick_ms == second.before_last_tick_ms == first.tick_ms
    assert verdict_on(second, second.tick_ms + SHORTEST - 1) is TripReason.TOO_FAST
    assert verdict_on(second, second.tick_ms + SHORTEST) is None


def held(guard: Guard, **limits: int) -> Guard:
    return guard._replace(limits=guard.limits._replace(**limits))


@pytest.mark.parametrize(
    ("limit", "buckets", "reason"),
    [
        ("ceiling_hour", 5, TripReason.HOUR_CEILING),
        ("ceiling_day", 97, TripReason.DAY_CEILING),
        ("program_hour", 5, TripReason.HOUR_PROGRAM),
        ("program_day", 97, TripReason.DAY_PROGRAM),
    ],
)
def test_a_window_holds_its_limit_until_its_oldest_bucket_is_gone(limit, buckets, reason):
    """Verify: with a limit of three, three at the very start of a bucket count until so many buckets have passed."""
    begin = (START // BUCKET + 1) * BUCKET
    guard = let_through(held(sealed(), **{limit: 3}), basal(300_000, begin - 144_000, 3))
    assert guard.bucket == begin // BUCKET
    assert verdict_on(guard, begin + buckets * BUCKET - 1) is reason
    assert verdict_on(guard, begin + buckets * BUCKET) is None
    assert verdict_on(guard, begin + 1_000 * DAY) is None
    assert verdict_on(held(guard, **{limit: 4}), begin + 2 * 144_000) is None


def test_once_strokes_and_those_before_the_seal_count_for_the_ceiling_only():
    guard = let_through(held(sealed(), program_hour=1, program_day=1), basal(300_000, START, 1))
    assert verdict_on(guard, START + HOUR, ONCE) is None
    assert verdict_on(guard, START + HOUR) is TripReason.HOUR_PROGRAM
    anew = seal(guard, PROGRAM, guard.tick_ms)
    assert isinstance(anew, Guard)
    anew = held(anew, program_hour=1, program_day=1)
    assert verdict_on(anew, START + HOUR) is None
    assert verdict_on(held(anew, ceiling_hour=1), START + HOUR) is TripReason.HOUR_CEILING
    assert verdict_on(held(anew, ceiling_day=1), START + HOUR) is TripReason.DAY_CEILING


@pytest.mark.parametrize(
    ("granted", "reason"),
    [
        (None, TripReason.BOLUS_UNGRANTED),
        (START + HOUR + 1, TripReason.BOLUS_UNGRANTED),
        (START + HOUR, None),
        (START - DAY, None),
    ],
)
def test_a_bolus_was_granted_before_its_strokes(granted, reason):
    assert verdict_on(sealed(), START + HOUR, BOLUS, granted) is reason


def test_a_bolus_has_its_strokes_and_no_more():
    whole = let_through(sealed(), bolus(START, 20))
    assert (whole.bolus_tick_ms, whole.bolus_strokes) == (START, 20)
    assert verdict_on(whole, START + HOUR, BOLUS, START) is TripReason.BOLUS_TOO_LARGE
    nearly = let_through(sealed(), bolus(START, 19))
    assert verdict_on(nearly, START + HOUR, BOLUS, START) is None
    assert verdict_on(held(sealed(), bolus_strokes=0), START, BOLUS, START) is TripReason.BOLUS_TOO_LARGE


@pytest.mark.parametrize(
    ("after_ms", "reason"),
    [
        (4 * HOUR, None),
        (4 * HOUR - 1, TripReason.BOLUS_TOO_EARLY),
        (1, TripReason.BOLUS_TOO_EARLY),
        (-1, TripReason.BOLUS_TOO_EARLY),
    ],
)
def test_the_next_bolus_waits_for_the_lockout_across_seals(after_ms, reason):
    """Verify for grants after the last seal and across one; a new grant begins a new count."""
    granted = START + HOUR
    before = let_through(sealed(), bolus(granted, 20))
    for guard in (before, seal(before, PROGRAM, before.tick_ms)):
        assert isinstance(guard, Guard)
        assert verdict_on(guard, START + DAY, BOLUS, granted + after_ms) is reason
    after = examine_one(before, START + DAY, BOLUS, granted + 4 * HOUR)
    assert isinstance(after, Passed)
    assert (after.guard.bolus_tick_ms, after.guard.bolus_strokes) == (granted + 4 * HOUR, 1)


def test_a_periodic_bolus_may_begin_with_its_program():
    """Verify: a grant at the very tick of the seal waits for no lockout; one a ms later, or an earlier one, does."""
    before = let_through(sealed(), bolus(START, 20))
    guard = seal(before, PROGRAM, START + HOUR)
    assert isinstance(guard, Guard)
    assert verdict_on(guard, START + 2 * HOUR, BOLUS, START + HOUR) is None
    assert verdict_on(guard, START + 2 * HOUR, BOLUS, START + HOUR + 1) is TripReason.BOLUS_TOO_EARLY
    later = guard._replace(bolus_tick_ms=START + HOUR + 1)
    assert verdict_on(later, START + 2 * HOUR, BOLUS, START + HOUR) is TripReason.BOLUS_TOO_EARLY


def test_the_once_budget_is_given_once_per_seal():
    used = sealed()._replace(once_strokes=30)
    assert verdict_on(used, START, ONCE) is TripReason.ONCE_TOO_LARGE
    assert verdict_on(used._replace(once_strokes=29), START, ONCE, START) is None
    anew = seal(used, PROGRAM, START)
    assert isinstance(anew, Guard)
    assert verdict_on(anew, START, ONCE) is None
    passed = examine_one(sealed(), START, ONCE, None)
    assert isinstance(passed, Passed)
    assert (passed.guard.once_strokes, passed.guard.bolus_strokes) == (1, 0)


def test_the_first_rule_that_objects_is_named():
    """Verify by mending one after the other what speaks against a single bolus stroke."""
    guard = held(
        let_through(sealed(), bolus(START, 20)),
        **dict.fromkeys(("ceiling_hour", "ceiling_day", "program_hour", "program_day", "bolus_strokes"), 0),
    )
    tick_ms = guard.before_last_tick_ms + SHORTEST - 1
    told = []
    for mended in (
        {"tick_ms": guard.tick_ms - MINUTE},
        {"shortest_interval_ms": 1},
        {"ceiling_hour": 99},
        {"ceiling_day": 99},
        {"program_hour": 99},
        {"program_day": 99},
        {"bolus_lockout_ms": 1},
        {"bolus_strokes": 1},
    ):
        told.append(verdict_on(guard, tick_ms, BOLUS, START + 1))
        guard = guard._replace(**mended) if "tick_ms" in mended else held(guard, **mended)
    assert told == [
        TripReason.TIME_BACKWARDS,
        TripReason.TOO_FAST,
        TripReason.HOUR_CEILING,
        TripReason.DAY_CEILING,
        TripReason.HOUR_PROGRAM,
        TripReason.DAY_PROGRAM,
        TripReason.BOLUS_TOO_EARLY,
        TripReason.BOLUS_TOO_LARGE,
    ]
    assert verdict_on(guard, tick_ms, BOLUS, START + 1) is None


def test_a_dead_supervisor_lets_nothing_through():
    assert verdict_on(died(sealed()), START) is TripReason.DEAD
