"""A whole step's strokes at once: the guard they leave behind, wherever that can be proven without walking."""

from __future__ import annotations

from collections.abc import Sequence

from thecal.pump.strokes import BASAL, ONCE, Train, new
from thecal.pump.supervisor.guard import Guard, moved
from thecal.pump.supervisor.limits import BUCKET_MS
from thecal.pump.supervisor.single import bolus_objection
from thecal.pump.supervisor.spacing import Piece, Stream, merged, stream_of
from thecal.pump.supervisor.windows import Rings, continued, continued_long

# Up to here (50 h, more than two windows of a day) every bucket is looked at, beyond only those at the two ends.
LONG_BUCKETS = 200

Boluses = tuple[int | None, int, int]  # bolus_tick_ms, bolus_strokes, once_strokes of a guard


def proven(guard: Guard, trains: Sequence[Train]) -> Guard | None:
    """The guard after all strokes of the trains, each of which would pass; None where that is not proven.

    Equal to passing them one by one, in the order of their ticks (tests hold the two against each other).
    """
    if guard.trip is not None:
        return None
    basal = [train for train in trains if train[0] is BASAL]
    boluses: Boluses | None = (guard.bolus_tick_ms, guard.bolus_strokes, guard.once_strokes)
    if len(basal) == len(trains):
        stream = stream_of(guard, basal)
    else:
        stream = stream_of(guard, [train for train in trains if train[0] is not BASAL])
        boluses = None if stream is None else _boluses_of(guard, stream.runs[0])
        if basal and stream is not None:
            beside = stream_of(guard, basal)
            stream = None if beside is None else merged(guard, beside, stream)
    rings = None if stream is None or boluses is None else _rings_of(guard, stream)
    if stream is None or boluses is None or rings is None:
        return None
    every, apart = rings
    let_through, last_ms = guard.let_through + every[-1] - guard.every[-1], stream.last_ms
    last = (last_ms, stream.before_last_ms, last_ms // BUCKET_MS, every, apart, *boluses)
    return new(Guard, (last_ms, guard[1], guard[2], let_through, *guard[4:9], *last))


def _boluses_of(guard: Guard, pieces: Sequence[Piece]) -> Boluses | None:
    """Rules 7 and 8 train by train: a train has one id, and its count only grows."""
    last_id_ms, bolus_strokes, once_strokes = guard.bolus_tick_ms, guard.bolus_strokes, guard.once_strokes
    for (kind, _, _, _, _, first, last, id_ms), begin_ms, _ in pieces:
        strokes = last - first + 1
        if kind is ONCE:
            once_strokes += strokes
        else:
            bolus_strokes = bolus_strokes + strokes if id_ms == last_id_ms else strokes
            if bolus_objection(guard, last_id_ms, begin_ms, id_ms, bolus_strokes) is not None:
                return None
            last_id_ms = id_ms
    return None if once_strokes > guard.limits.once_strokes else (last_id_ms, bolus_strokes, once_strokes)


def _rings_of(guard: Guard, stream: Stream) -> Rings | None:
    """Rules 4 to 6: the two rings at the last stroke's bucket."""
    start, bucket = guard.bucket, stream.last_ms // BUCKET_MS
    rings = guard.every, guard.apart
    if bucket - start > LONG_BUCKETS:
        start = stream.first_ms // BUCKET_MS
        rings = moved(guard.every, start - guard.bucket), moved(guard.apart, start - guard.bucket)
        if bucket - start > LONG_BUCKETS:
            return continued_long(rings, stream.runs, start, bucket, guard.limits)
    return continued(rings, stream.runs, start, bucket, guard.limits)
