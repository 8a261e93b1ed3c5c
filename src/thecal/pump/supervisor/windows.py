"""Proofs about windows: how many strokes any 5 and any 97 buckets hold while a step's trains run.

Inside one bucket a window's sum only grows, so the bucket's end decides. The strokes of a train up to a tick are
floor(((tick - origin) * per + phase) / interval), which gives every bucket's end in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from operator import add, sub

from thecal.pump.strokes import Train
from thecal.pump.supervisor.cut import cut, most_within
from thecal.pump.supervisor.guard import BEFORE_HOUR, RING_LENGTH, Ring
from thecal.pump.supervisor.limits import BUCKET_MS, DAY_BUCKETS, DAY_SPAN_MS, HOUR_SPAN_MS
from thecal.pump.supervisor.spacing import Piece


def counts_of(pieces: Sequence[Piece], bucket: int, last_bucket: int) -> list[int]:
    """Strokes of the pieces in each bucket from ``bucket`` to ``last_bucket``, which must hold them all."""
    counts = [0] * (last_bucket - bucket + 1)
    for train, begin_ms, end_ms in pieces:
        begin, end = begin_ms // BUCKET_MS - bucket, end_ms // BUCKET_MS - bucket
        if begin == end:
            counts[begin] += train.last - train.first + 1
            continue
        interval, per_bucket = train.interval, BUCKET_MS * train.per
        reached = ((bucket + begin + 1) * BUCKET_MS - 1 - train.origin_tick_ms) * train.per + train.phase
        numbers = [at // interval for at in range(reached, reached + (end - begin) * per_bucket, per_bucket)]
        counts[begin] += numbers[0] - train.first + 1
        counts[begin + 1 : end] = map(add, counts[begin + 1 : end], map(sub, numbers[1:], numbers))
        counts[end] += train.last - numbers[-1]
    return counts


def continued(ring: Ring, counts: Sequence[int], most_hour: int, most_day: int) -> Ring | None:
    """The ring, of the first bucket of ``counts``, at the last; None where a window on the way holds too many.

    What the oldest window has before the counts, and all of these, bounds every window: mostly that is enough.
    """
    ends = tuple(accumulate(counts, initial=ring[-1]))[1:]
    longer = ring[:-1] + ends
    if ends[-1] - ring[0] > most_day and max(map(sub, ends, longer)) > most_day:
        return None
    if ends[-1] - ring[BEFORE_HOUR] > most_hour and max(map(sub, ends, longer[BEFORE_HOUR:])) > most_hour:
        return None
    return longer[-RING_LENGTH:]


def continued_long(
    ring: Ring, trains: Sequence[Train], first_bucket: int, bucket: int, most: tuple[int, int]
) -> Ring | None:
    """The same for trains somewhere from ``first_bucket`` (the ring's) to ``bucket``, more than 97 later.

    Windows that end in the first 97 are looked at one by one. Later ones hold strokes of these trains only: of each
    at most all and at most ceil(T * per / interval) in T ms, wherever the window lies. ``most``: of the hour, the day.
    """
    most_hour, most_day = most
    if sum([most_within(train, HOUR_SPAN_MS) for train in trains]) > most_hour:
        return None
    if sum([most_within(train, DAY_SPAN_MS) for train in trains]) > most_day:
        return None
    head, _ = cut(trains, (first_bucket + DAY_BUCKETS) * BUCKET_MS - 1)
    counts = counts_of(pieces_of(head), first_bucket, first_bucket + DAY_BUCKETS - 1)
    if continued(ring, counts, most_hour, most_day) is None:
        return None
    _, tail = cut(trains, (bucket - DAY_BUCKETS + 1) * BUCKET_MS - 1)
    counts = counts_of(pieces_of(tail), bucket - DAY_BUCKETS + 1, bucket)
    strokes = ring[-1] + sum([train.last - train.first + 1 for train in trains])
    return tuple(accumulate(counts, initial=strokes - sum(counts)))


def pieces_of(trains: Sequence[Train]) -> list[Piece]:
    """The trains with the ticks of their first and last strokes."""
    return [(train, train.tick(train.first), train.tick(train.last)) for train in trains]
