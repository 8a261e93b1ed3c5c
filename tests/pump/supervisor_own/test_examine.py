"""Trains at once are judged as their strokes one by one, and mostly without looking at each."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.supervisor_own.sealed import (
    BUCKET,
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
    one_by_one,
    sealed,
)
from thecal.pump.strokes import StrokeKind, Strokes, Train
from thecal.pump.supervisor import Guard, Passed, Tripped, TripReason, examine, examine_one, heartbeat
from thecal.pump.supervisor.proof import proven

ANY_TRAIN = st.builds(
    Train,
    kind=st.sampled_from(StrokeKind),
    origin_tick_ms=st.integers(START - 10, START + DAY),
    interval=st.integers(-5, 10**7),
    phase=st.integers(-(10**6), 10**6),
    per=st.integers(1, 900),
    first=st.integers(-3, 5),
    last=st.integers(-3, 40),
    bolus_tick_ms=st.none() | st.integers(START, START + DAY),
)


@st.composite
def steps(draw: st.DrawFn) -> list[Strokes]:
    """Steps of a controller that is mostly right: basal segments, boluses and once boluses beside them."""
    now, made = START, []
    for _ in range(draw(st.integers(1, 4))):
        trains = []
        for _ in range(draw(st.integers(1, 4))):
            rate = draw(st.sampled_from((300_000, 299_999, 48_000, 20_000, 900_000)))
            lasts_ms = draw(st.sampled_from((MINUTE, HOUR, 7 * HOUR, 30 * HOUR, 60 * HOUR)))
            begin_ms = now + draw(st.sampled_from((0, 1, SHORTEST, 20 * MINUTE, 5 * DAY)))
            now = begin_ms + lasts_ms
            trains.append(basal(rate, begin_ms, rate * lasts_ms // (STROKE * DAY)))
            extra = draw(st.sampled_from(("", "", "bolus", "bolus", "once", "no bolus")))
            if extra:
                granted = begin_ms if extra == "bolus" else None
                kind = StrokeKind.ONCE if extra == "once" else StrokeKind.BOLUS
                trains.append(bolus(begin_ms, draw(st.integers(1, 21)), granted=granted, kind=kind))
        made.append(Strokes(tuple(trains)))
    return made


@settings(max_examples=60, deadline=None)
@given(steps())
def test_a_step_is_judged_as_its_strokes_one_by_one(story):
    """Verify, for steps of a controller that is mostly right: the same verdict, and the same guard behind it."""
    guard = sealed()
    for strokes in story:
        verdict = examine(guard, strokes)
        assert verdict == one_by_one(guard, strokes)
        guard = verdict.guard


@settings(max_examples=150, deadline=None)
@given(st.lists(ANY_TRAIN, max_size=4))
def test_whatever_is_asked_is_judged_as_its_strokes_one_by_one(trains):
    """Verify for trains no controller makes: empty, crowding, backwards, in any order."""
    strokes = Strokes(tuple(trains))
    assert examine(sealed(), strokes) == one_by_one(sealed(), strokes)


def test_nothing_asked_passes_even_a_tripped_guard():
    tripped = sealed()._replace(trip=TripReason.TOO_FAST)
    assert examine(tripped, Strokes(())) == examine(tripped, Strokes((basal(1, START, 0),))) == Passed(tripped)


def test_ten_years_of_a_train_are_proven_at_once():
    """Verify: years pass, with a bolus beside them too; what is left behind are the counts of the last buckets."""
    years = basal(300_000, START, 3_652 * 600)
    guard = proven(sealed(), (years,))
    assert guard is not None
    assert guard.let_through == guard.every[-1] == 3_652 * 600
    assert guard.last_tick_ms == guard.tick_ms == START + 3_652 * DAY
    assert guard.before_last_tick_ms == guard.tick_ms - 144 * 1_000
    assert guard.every == tuple(
        (((guard.tick_ms // BUCKET + 1 - back) * BUCKET - 1 - START) // 144_000) if back else 3_652 * 600
        for back in range(97, -1, -1)
    )
    assert guard.apart == (0,) * 98
    beside = proven(sealed(), (years, bolus(START), bolus(START + DAY, kind=StrokeKind.ONCE)))
    assert beside is not None
    assert (beside.let_through, beside.apart) == (3_652 * 600 + 40, (20,) * 98)


def test_a_long_train_that_goes_wrong_is_stopped_at_its_stroke():
    """Verify: three weeks of a rate above the program's pass until its hour is full; so does one above the ceiling."""
    guard = sealed()
    many = Strokes((basal(1_000_000, START, 3 * 7 * 2_000),))
    verdict = examine(guard, many)
    assert verdict == one_by_one(guard, many)
    assert isinstance(verdict, Tripped)
    assert verdict.reason is TripReason.HOUR_PROGRAM
    assert verdict.passed_strokes == guard.limits.program_hour
    assert verdict.refused_tick_ms == many.trains[0].tick(guard.limits.program_hour + 1)
    assert verdict.guard.tick_ms == many.trains[0].tick(guard.limits.program_hour)


def test_where_years_go_wrong_is_found_without_walking_them(monkeypatch):
    """Verify: after nine years a bolus stroke too many; only some strokes around it are looked at one by one."""
    looked_at = []

    def counted(guard, *stroke):
        looked_at.append(stroke)
        return examine_one(guard, *stroke)

    monkeypatch.setattr("thecal.pump.supervisor.step.examine_one", counted)
    wrong = bolus(START + 9 * 365 * DAY, 21)
    verdict = examine(sealed(), Strokes((basal(300_000, START, 3_652 * 600), wrong)))
    assert isinstance(verdict, Tripped)
    assert (verdict.reason, verdict.refused_tick_ms) == (TripReason.BOLUS_TOO_LARGE, wrong.tick(21))
    assert verdict.passed_strokes == 9 * 365 * 600 + 4 + 20
    assert len(looked_at) <= 20


def test_strokes_after_a_week_of_rest_are_proven():
    """Verify: the windows have emptied, the totals stand; a bolus and a basal after it stand in their own buckets."""
    guard = let_through(sealed(), basal(300_000, START, 50))
    later = START + 7 * DAY
    trains = (basal(300_000, later, 100), bolus(later + HOUR))
    assert Passed(proven(guard, trains)) == one_by_one(guard, Strokes(trains))
    week = (basal(300_000, later, 2_000),)
    assert Passed(proven(guard, week)) == one_by_one(guard, Strokes(week))


def full(guard: Guard, **limits: int) -> Guard:
    return guard._replace(limits=guard.limits._replace(**limits))


@pytest.mark.parametrize("days", [0, 1, 30])
@pytest.mark.parametrize("limit", ["ceiling_hour", "ceiling_day", "program_hour", "program_day"])
def test_a_steady_train_is_proven_exactly_at_its_limit_and_not_one_below(limit, days):
    """Verify: at 20 strokes an hour the fullest 5 buckets hold 25 and 97 hold 485; whether old strokes share them
    or not, a limit of just that is proven, one less is not.
    """
    rate = 20 * 24 * STROKE
    guard = let_through(sealed(), basal(rate, START, 480))
    train = basal(rate, START, 480 * (days + 2), first=481)
    most = 25 if limit.endswith("hour") else 485
    assert proven(full(guard, **{limit: most}), (train,)) is not None
    assert proven(full(guard, **{limit: most - 1}), (train,)) is None


def test_old_strokes_still_in_the_windows_count_beside_a_long_train():
    """Verify: 20 an hour for a month alone would do, but the hour before had 40; what is not proven is walked."""
    guard = full(let_through(sealed(), basal(40 * 24 * STROKE, START, 40)), program_hour=41)
    month = basal(20 * 24 * STROKE, START + HOUR, 480 * 30)
    assert proven(guard, (month,)) is None
    assert proven(sealed(), (month,)) is not None
    verdict = examine(guard, Strokes((month,)))
    assert isinstance(verdict, Tripped)
    assert verdict == one_by_one(guard, Strokes((month,)))


@pytest.mark.parametrize(
    ("limit", "most"), [("ceiling_hour", 50), ("program_hour", 50), ("ceiling_day", 200), ("program_day", 200)]
)
def test_a_long_step_that_goes_wrong_in_its_last_hours_is_stopped_there(limit, most):
    """Verify: four days of 4 strokes an hour, then 80 an hour; without the fast end, or with room for it, it passes."""
    slow, fast = basal(4 * 24 * STROKE, START, 384), basal(80 * 24 * STROKE, START + 4 * DAY, 160)
    wide = full(sealed(), program_hour=10**6, program_day=10**6)
    strokes = Strokes((slow, fast))
    verdict = examine(full(wide, **{limit: most}), strokes)
    assert verdict == one_by_one(full(wide, **{limit: most}), strokes)
    assert isinstance(verdict, Tripped)
    assert verdict.passed_strokes > 384
    assert isinstance(examine(full(wide, **{limit: most}), Strokes((slow,))), Passed)
    assert isinstance(examine(wide, strokes), Passed)
    once = (slow, bolus(START + 3 * DAY, kind=StrokeKind.ONCE))
    assert proven(full(wide, program_hour=5, program_day=97 * 4), once) is not None


def test_strokes_a_shortest_interval_apart_are_proven_and_not_one_ms_closer():
    guard = full(sealed(), program_hour=10**6, program_day=10**6)
    for interval, proof in ((SHORTEST, True), (SHORTEST - 1, False)):
        train = Train(StrokeKind.BASAL, START, interval, 0, 1, 1, 40)
        assert (proven(guard, (train,)) is not None) is proof


@pytest.mark.parametrize("late_ms", [-1, 0])
def test_a_stream_is_proven_across_trains_a_shortest_interval_apart(late_ms):
    """Verify the joins: train to train, to the guard's last but one, and of two streams to the guard's last."""
    guard = sealed()
    first, second = Train(StrokeKind.BASAL, START, SHORTEST, 0, 1, 1, 3), START + 3 * SHORTEST + late_ms
    join = proven(guard, (first, Train(StrokeKind.BASAL, second, SHORTEST, 0, 1, 1, 1)))
    assert (join is not None) is (late_ms == 0)
    before = let_through(guard, Train(StrokeKind.BASAL, START, SHORTEST, 0, 1, 1, 2))
    crowding = Train(StrokeKind.BOLUS, START + SHORTEST + late_ms, SHORTEST, 0, 1, 1, 1, START)
    assert (proven(before, (crowding,)) is not None) is (late_ms == 0 and crowding.tick(1) >= before.tick_ms)
    beside = Train(StrokeKind.BASAL, START + 2 * SHORTEST + late_ms, SHORTEST, 0, 1, 1, 1)
    both = (Train(StrokeKind.BOLUS, START + SHORTEST, SHORTEST, 0, 1, 1, 1, START), beside)
    assert (proven(before, both) is not None) is (late_ms == 0)


def test_two_streams_are_proven_with_the_last_two_strokes_of_either():
    """Verify the last two ticks where the bolus ends last, where both end at once, and with a single stroke each."""
    guard = let_through(sealed(), basal(300_000, START, 2))
    now = guard.tick_ms
    for trains in (
        (basal(300_000, now, 1), bolus(now, 20)),
        (basal(300_000, now, 5), bolus(now, 4)),
        (basal(300_000, now, 5), bolus(now, 20), bolus(now + 4 * HOUR, 1)),
        (basal(300_000, now, 1), bolus(now + 144_000 - 30_000, 1)),
        (basal(300_000, now, 1), bolus(now + 144_000 - 30_000, 2)),
        (bolus(now, 1),),
        (basal(300_000, now, 2), basal(300_000, now, 3, first=3)),
    ):
        assert Passed(proven(guard, trains)) == one_by_one(guard, Strokes(trains))


def test_the_bolus_rules_are_proven_exactly_at_their_limits():
    """Verify: 20 strokes of one grant in one train or two, the lockout to the ms, the once budget of 30."""
    guard = let_through(sealed(), bolus(START, 19))
    assert proven(guard, (Train(StrokeKind.BOLUS, START, 10 * MINUTE, 0, 20, 20, 20, START),)) is not None
    assert proven(guard, (Train(StrokeKind.BOLUS, START, 10 * MINUTE, 0, 20, 20, 21, START),)) is None
    next_ms = START + 4 * HOUR
    assert proven(guard, (bolus(next_ms), bolus(next_ms + 4 * HOUR))) is not None
    assert proven(guard, (bolus(next_ms), bolus(next_ms + 4 * HOUR - 1))) is None
    assert proven(guard, (bolus(next_ms, 10), bolus(next_ms + HOUR, 10, granted=next_ms))) is not None
    assert proven(guard, (bolus(next_ms, 10), bolus(next_ms + HOUR, 11, granted=next_ms))) is None
    once = Train(StrokeKind.ONCE, START + HOUR, 30 * MINUTE, 0, 30, 1, 30)
    assert proven(guard, (once,)) is not None
    assert proven(guard, (once, bolus(START + 2 * HOUR, 1, kind=StrokeKind.ONCE))) is None


def test_strokes_before_the_guards_tick_are_not_proven():
    guard = heartbeat(sealed(), START + 144_000)
    assert proven(guard, (basal(300_000, START, 1),)) is not None
    assert proven(heartbeat(guard, START + 144_001), (basal(300_000, START, 1),)) is None


@pytest.mark.parametrize("buckets", [95, 96, 97, 98])
def test_once_strokes_leave_the_windows_with_their_bucket(buckets):
    """Verify around the very bucket with which they leave: the guard is that of one by one, then and after."""
    once = Train(StrokeKind.ONCE, START, 3 * MINUTE, 0, 30, 1, 30)
    guard = let_through(sealed(), once, basal(300_000, START + buckets * BUCKET - 144_000, 1))
    for later_ms in (144_000, 2 * BUCKET):
        later = (basal(300_000, START + buckets * BUCKET + later_ms, 1),)
        assert Passed(proven(guard, later)) == one_by_one(guard, Strokes(later))


@pytest.mark.parametrize("offset_ms", [-1, 0])
@pytest.mark.parametrize("strokes", [9, 900])
def test_a_stroke_at_the_last_ms_of_a_bucket_is_of_that_bucket(offset_ms, strokes):
    """Verify for trains of every fifth minute that meet a bucket's last ms, and its first, of 3 and of 300 buckets."""
    begin = (START // BUCKET + 1) * BUCKET + offset_ms
    train = (Train(StrokeKind.BASAL, begin, 5 * MINUTE, 0, 1, 1, strokes),)
    assert Passed(proven(sealed(), train)) == one_by_one(sealed(), Strokes(train))


def test_a_few_trains_after_a_long_rest_are_proven_in_their_own_buckets():
    """Verify: six trains of 10 strokes in two hours are more than an hour may hold, and none of its hours does."""
    later = START + 9 * DAY
    trains = tuple(basal(60 * 10 * STROKE, later, 10 * k, first=10 * k - 9) for k in range(1, 7))
    guard = full(sealed(), program_hour=40)
    assert Passed(proven(guard, trains)) == one_by_one(guard, Strokes(trains))


@pytest.mark.parametrize("after_ms", [MINUTE, HOUR, 26 * HOUR, 9 * DAY])
def test_a_step_remembers_once_strokes_of_the_last_bucket(after_ms):
    """Verify: they stay apart from the program for as long as they stand in a window."""
    once = Train(StrokeKind.ONCE, START, 3 * MINUTE, 0, 30, 1, 30)
    guard = full(let_through(sealed(), once), program_hour=3, program_day=3)
    later = (basal(300_000, START + 3 * MINUTE + after_ms, 3),)
    assert Passed(proven(guard, later)) == one_by_one(guard, Strokes(later))


def test_program_windows_do_not_count_once_strokes():
    """Verify: a program without room for its once bolus in its own hour still lets it pass, and counts it apart."""
    guard = full(sealed(PROGRAM), program_hour=10, program_day=10)
    once = (Train(StrokeKind.ONCE, START, 30 * MINUTE, 0, 30, 1, 30), basal(300_000, START + 30 * MINUTE, 10))
    assert Passed(proven(guard, once)) == one_by_one(guard, Strokes(once))
    assert proven(guard, (*once, basal(300_000, START + 30 * MINUTE, 11, first=11))) is None
