"""Proofs about windows: how many strokes any 5 and any 97 buckets hold while a step's trains run.

Inside one bucket a window's sum only grows, so the bucket's end decides. The strokes of a train up to a tick are
floor(((tick - origin) * per + phase) / interval), which gives every bucket's end in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import add, sub

from thecal.pump.strokes import ONCE, Train
from thecal.pump.supervisor.cut import cut, most_within
from thecal.pump.supervisor.guard import BEFORE_HOUR, RING_LENGTH, Ring
from thecal.pump.supervisor.limits import BUCKET_MS, DAY_BUCKETS, DAY_SPAN_MS, HOUR_SPAN_MS, Limits
from thecal.pump.supervisor.spacing import Piece, Runs

Rings = tuple[Ring, Ring]  # ``every`` and ``apart`` of a guard


def continued(rings: Rings, runs: Runs, first_bucket: int, bucket: int, limits: Limits) -> Rings | None:
    """The rings of ``first_bucket`` at ``bucket``, after the runs between; None where a window holds too many."""
    every, apart = rings
    longer = every[:-1] + tuple(_reached(every[-1], runs, first_bucket, bucket))
    once = [piece for piece in runs[-1] if piece[0][0] is ONCE]
    programmed = longer
    if once or apart[0] < apart[-1]:
        longer_apart = apart[:-1] + tuple(_reached(apart[-1], (once,), first_bucket, bucket))
        programmed, apart = tuple(map(sub, longer, longer_apart)), longer_apart[-RING_LENGTH:]
    if _within(longer, limits.ceiling_hour, limits.ceiling_day) and _within(
        programmed, limits.program_hour, limits.program_day
    ):
        return longer[-RING_LENGTH:], apart
    return None


def continued_long(rings: Rings, runs: Runs, first_bucket: int, bucket: int, limits: Limits) -> Rings | None:
    """The same for runs that leave more than 97 buckets between ``first_bucket`` and ``bucket``.

    Windows that end in the first 97 are looked at one by one. Later ones hold strokes of these trains only: of each
    at most all and at most ceil(T * per / interval) in T ms, wherever the window lies.
    """
    trains = [train for run in runs for train, _, _ in run]
    once = [train for train in trains if train.kind is ONCE]
    programmed = [train for train in trains if train.kind is not ONCE]
    if not (
        _bounded(trains, limits.ceiling_hour, limits.ceiling_day)
        and _bounded(programmed, limits.program_hour, limits.program_day)
    ):
        return None
    head = tuple(_cut(run, (first_bucket + DAY_BUCKETS) * BUCKET_MS - 1)[0] for run in runs)
    if continued(rings, head, first_bucket, first_bucket + DAY_BUCKETS - 1, limits) is None:
        return None
    every, apart = rings
    return _ended(every[-1], runs, bucket), _ended(apart[-1], (_pieces_of(once),), bucket)


def _reached(before: int, runs: Runs, first_bucket: int, bucket: int) -> Iterable[int]:
    """The strokes made at the end of each bucket, where ``before`` had been made at the begin of the first."""
    reached = _reached_by(before, runs[0], first_bucket, bucket)
    return reached if len(runs) == 1 else map(add, reached, _reached_by(0, runs[1], first_bucket, bucket))


def _reached_by(made: int, run: Sequence[Piece], first_bucket: int, bucket: int) -> list[int]:
    reached: list[int] = []
    for (_, origin_ms, interval, phase, per, first, last, _), begin_ms, end_ms in run:
        begin, end = begin_ms // BUCKET_MS - first_bucket, end_ms // BUCKET_MS - first_bucket
        reached += [made] * (begin - len(reached))
        if begin < end:
            per_bucket = BUCKET_MS * per
            at_end_ms = (first_bucket + begin + 1) * BUCKET_MS - 1 - origin_ms
            start = at_end_ms * per + phase + (made - first + 1) * interval
            reached += [at // interval for at in range(start, start + (end - begin) * per_bucket, per_bucket)]
        made += last - first + 1
    return reached + [made] * (bucket - first_bucket + 1 - len(reached))


def _within(longer: Ring, most_hour: int, most_day: int) -> bool:
    """Does every window that ends behind the 97th bucket hold few enough? Mostly all from its begin on is few."""
    last = longer[-1]
    if last - longer[0] > most_day and max(map(sub, longer[DAY_BUCKETS:], longer)) > most_day:
        return False
    if last - longer[BEFORE_HOUR] <= most_hour:
        return True
    in_hours: Iterable[int] = map(sub, longer[DAY_BUCKETS:], longer[BEFORE_HOUR:])
    return max(in_hours) <= most_hour


def _bounded(trains: Iterable[Train], most_hour: int, most_day: int) -> bool:
    """Are windows that hold nothing but strokes of these trains always small enough?"""
    in_hour = sum([most_within(train, HOUR_SPAN_MS) for train in trains])
    return in_hour <= most_hour and sum([most_within(train, DAY_SPAN_MS) for train in trains]) <= most_day


def _ended(before: int, runs: Runs, bucket: int) -> Ring:
    """The ring at ``bucket`` after all the runs, when ``before`` strokes had been counted long before."""
    parts = [_cut(run, (bucket - DAY_BUCKETS + 1) * BUCKET_MS - 1) for run in runs]
    before += sum([train.last - train.first + 1 for earlier, _ in parts for train, _, _ in earlier])
    tail = tuple(later for _, later in parts)
    return (before, *_reached(before, tail, bucket - DAY_BUCKETS + 1, bucket))


def _cut(run: Sequence[Piece], tick_ms: int) -> tuple[list[Piece], list[Piece]]:
    earlier, later = cut([train for train, _, _ in run], tick_ms)
    return _pieces_of(earlier), _pieces_of(later)


def _pieces_of(trains: Iterable[Train]) -> list[Piece]:
    return [(train, train.tick(train.first), train.tick(train.last)) for train in trains]
