"""Proofs about windows: how many strokes any 5 and any 97 buckets hold while a step's trains run.

Inside one bucket a window's sum only grows, so the bucket's end decides. The strokes of a train up to a tick are
floor(((tick - origin) * per + phase) / interval), which gives every bucket's end in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from operator import add, sub

from thecal.pump.strokes import Train
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
        else:
            numbers = _numbers(train, bucket + begin, end - begin)
            counts[begin] += numbers[0] - train.first + 1
            counts[begin + 1 : end] = map(add, counts[begin + 1 : end], map(sub, numbers[1:], numbers))
            counts[end] += train.last - numbers[-1]
    return counts


def continued(ring: Ring, counts: Sequence[int], most_hour: int, most_day: int) -> Ring | None:
    """The ring, of the first bucket of ``counts``, at the last; None where a window on the way holds too many."""
    longer = ring[:-1] + tuple(accumulate(counts, initial=ring[-1]))[1:]
    ends = longer[DAY_BUCKETS:]
    if max(map(sub, ends, longer)) > most_day or max(map(sub, ends, longer[BEFORE_HOUR:])) > most_hour:
        return None
    return longer[-RING_LENGTH:]


def continued_long(ring: Ring, piece: Piece, most_hour: int, most_day: int) -> Ring | None:
    """The same for one train of more than 2 * 98 buckets; ``ring`` is of its first bucket.

    Windows that end in the first 97 buckets are looked at one by one. Every later one holds strokes of this train
    only: at most ceil(T * per / interval) in T ms, wherever it lies.
    """
    train, first_bucket, last_bucket = piece.train, piece.begin_ms // BUCKET_MS, piece.end_ms // BUCKET_MS
    if most_in(train, HOUR_SPAN_MS) > most_hour or most_in(train, DAY_SPAN_MS) > most_day:
        return None
    before = ring[-1] - train.first + 1
    head = [before + number for number in _numbers(train, first_bucket, DAY_BUCKETS)]
    if continued(ring, tuple(map(sub, head, (ring[-1], *head))), most_hour, most_day) is None:
        return None
    tail = _numbers(train, last_bucket - DAY_BUCKETS, DAY_BUCKETS)
    return (*(before + number for number in tail), before + train.last)


def most_in(train: Train, span_ms: int) -> int:
    """The most strokes of a train in any span of so many ms."""
    return -(-span_ms * train.per // train.interval)


def _numbers(train: Train, bucket: int, buckets: int) -> list[int]:
    """The number of the train's last stroke up to the end of each of so many buckets."""
    per_bucket = BUCKET_MS * train.per
    start = ((bucket + 1) * BUCKET_MS - 1 - train.origin_tick_ms) * train.per + train.phase
    interval = train.interval
    return [reached // interval for reached in range(start, start + buckets * per_bucket, per_bucket)]
