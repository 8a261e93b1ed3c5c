"""Proofs about windows: how many strokes any 5 and any 97 buckets hold while a step's trains run.

Inside one bucket a window's sum only grows, so the bucket's end decides. The strokes of a train up to a tick are
floor(((tick - origin) * per + phase) / interval), which gives every bucket's end in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import add, sub

from thecal.pump.strokes import StrokeKind, Train
from thecal.pump.supervisor.cut import cut, most_within
from thecal.pump.supervisor.guard import BEFORE_HOUR, RING_LENGTH, Ring
from thecal.pump.supervisor.limits import BUCKET_MS, DAY_BUCKETS, DAY_SPAN_MS, HOUR_SPAN_MS, Limits
from thecal.pump.supervisor.spacing import Piece

Rings = tuple[Ring, Ring]  # ``every`` and ``apart`` of a guard


def continued(rings: Rings, pieces: Sequence[Piece], first_bucket: int, bucket: int, limits: Limits) -> Rings | None:
    """The rings of ``first_bucket`` at ``bucket``, after pieces between; None where a window holds too many."""
    every, apart = rings
    longer = _longer(every, _reached(pieces, first_bucket, bucket))
    once = [piece for piece in pieces if piece[0].kind is StrokeKind.ONCE]
    programmed = longer
    if once or apart[0] < apart[-1]:
        longer_apart = _longer(apart, _reached(once, first_bucket, bucket))
        programmed, apart = tuple(map(sub, longer, longer_apart)), longer_apart[-RING_LENGTH:]
    if _within(longer, limits.ceiling_hour, limits.ceiling_day) and _within(
        programmed, limits.program_hour, limits.program_day
    ):
        return longer[-RING_LENGTH:], apart
    return None


def continued_long(
    rings: Rings, trains: Sequence[Train], first_bucket: int, bucket: int, limits: Limits
) -> Rings | None:
    """The same for trains that leave more than 97 buckets between ``first_bucket`` and ``bucket``.

    Windows that end in the first 97 are looked at one by one. Later ones hold strokes of these trains only: of each
    at most all and at most ceil(T * per / interval) in T ms, wherever the window lies.
    """
    programmed = [train for train in trains if train.kind is not StrokeKind.ONCE]
    once = [train for train in trains if train.kind is StrokeKind.ONCE]
    if not (
        _bounded(trains, limits.ceiling_hour, limits.ceiling_day)
        and _bounded(programmed, limits.program_hour, limits.program_day)
    ):
        return None
    head, _ = cut(trains, (first_bucket + DAY_BUCKETS) * BUCKET_MS - 1)
    if continued(rings, pieces_of(head), first_bucket, first_bucket + DAY_BUCKETS - 1, limits) is None:
        return None
    return _ended(rings[0][-1], trains, bucket), _ended(rings[1][-1], once, bucket)


def pieces_of(trains: Iterable[Train]) -> list[Piece]:
    """The trains with the ticks of their first and last strokes."""
    return [(train, train.tick(train.first), train.tick(train.last)) for train in trains]


def _reached(pieces: Sequence[Piece], first_bucket: int, bucket: int) -> Iterable[int]:
    """How many strokes of the pieces have been made at the end of each bucket."""
    whole = [0] * (bucket - first_bucket + 1)  # of trains that end in the bucket, all their strokes
    within = whole.copy()  # of trains that go on, the strokes so far
    for train, begin_ms, end_ms in pieces:
        begin, end = begin_ms // BUCKET_MS - first_bucket, end_ms // BUCKET_MS - first_bucket
        whole[end] += train.last - train.first + 1
        if begin < end:
            interval, per_bucket = train.interval, BUCKET_MS * train.per
            at_end_ms = (first_bucket + begin + 1) * BUCKET_MS - 1 - train.origin_tick_ms
            start = at_end_ms * train.per + train.phase - (train.first - 1) * interval
            so_far = [at // interval for at in range(start, start + (end - begin) * per_bucket, per_bucket)]
            within[begin:end] = map(add, within[begin:end], so_far)
    return map(add, within, accumulate(whole))


def _longer(ring: Ring, reached: Iterable[int]) -> Ring:
    """The ring with further buckets behind it; the first of them is the ring's last."""
    return ring[:-1] + tuple(map(ring[-1].__add__, reached))


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


def _ended(before: int, trains: Iterable[Train], bucket: int) -> Ring:
    """The ring at ``bucket`` after all the trains, when ``before`` strokes had been counted long before."""
    earlier, tail = cut(trains, (bucket - DAY_BUCKETS + 1) * BUCKET_MS - 1)
    before += sum([train.last - train.first + 1 for train in earlier])
    return (before, *map(before.__add__, _reached(pieces_of(tail), bucket - DAY_BUCKETS + 1, bucket)))
