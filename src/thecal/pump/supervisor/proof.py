"""A whole step's strokes at once: the guard they leave behind, wherever that can be proven without walking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thecal.pump.strokes import StrokeKind, Train
from thecal.pump.supervisor.guard import Guard, Ring, moved
from thecal.pump.supervisor.limits import BUCKET_MS
from thecal.pump.supervisor.single import bolus_objection
from thecal.pump.supervisor.spacing import Piece, order_of, pieces_of
from thecal.pump.supervisor.windows import continued, continued_long, counts_of

# Up to here (100 h) each bucket of a step is looked at; beyond, only a single train is proven in closed form.
LONG_BUCKETS = 400


class _Boluses(NamedTuple):
    bolus_tick_ms: int | None
    bolus_strokes: int
    once_strokes: int


def proven(guard: Guard, trains: Sequence[Train]) -> Guard | None:
    """The guard after all strokes of the trains, each of which would pass; None where that is not proven.

    Equal to passing them one by one, in the order of their ticks (tests hold the two against each other).
    """
    if guard.trip is not None:
        return None
    pieces = pieces_of(trains, guard.limits.shortest_interval_ms)
    if pieces is None:
        return None
    if not pieces:
        return guard
    order = order_of(guard, pieces)
    boluses = _boluses_of(guard, pieces)
    if order is None or boluses is None:
        return None
    first_bucket, bucket = order.first_ms // BUCKET_MS, order.last_ms // BUCKET_MS
    rings = _rings_of(guard, pieces, first_bucket, bucket)
    if rings is None:
        return None
    return Guard(
        order.last_ms,
        guard.heartbeat_tick_ms,
        guard.let_through + sum([piece.train.last - piece.train.first + 1 for piece in pieces]),
        guard.missed_in_a_row,
        None,
        guard.sounding,
        guard.sealed_tick_ms,
        guard.limits,
        order.last_ms,
        order.before_last_ms,
        bucket,
        rings[0],
        rings[1],
        boluses.bolus_tick_ms,
        boluses.bolus_strokes,
        boluses.once_strokes,
    )


def _boluses_of(guard: Guard, pieces: Sequence[Piece]) -> _Boluses | None:
    """Rules 7 and 8 train by train: a train has one id and its count only grows."""
    once_strokes = guard.once_strokes
    for train, begin_ms, _ in pieces:
        if train.kind is StrokeKind.BASAL:
            continue
        strokes = train.last - train.first + 1
        if train.kind is StrokeKind.ONCE:
            once_strokes += strokes
        else:
            strokes += guard.bolus_strokes if train.bolus_tick_ms == guard.bolus_tick_ms else 0
            if bolus_objection(guard, begin_ms, train.bolus_tick_ms, strokes) is not None:
                return None
            guard = guard._replace(bolus_tick_ms=train.bolus_tick_ms, bolus_strokes=strokes)
    if once_strokes > guard.limits.once_strokes:
        return None
    return _Boluses(guard.bolus_tick_ms, guard.bolus_strokes, once_strokes)


def _rings_of(guard: Guard, pieces: Sequence[Piece], first_bucket: int, bucket: int) -> tuple[Ring, Ring] | None:
    """Rules 4 to 6: the two rings at the last stroke's bucket."""
    limits = guard.limits
    every = moved(guard.every, first_bucket - guard.bucket)
    program = moved(guard.program, first_bucket - guard.bucket)
    programmed = [piece for piece in pieces if piece.train.kind is not StrokeKind.ONCE]
    after_every: Ring | None
    after_program: Ring | None
    if bucket - first_bucket <= LONG_BUCKETS:
        counts = counts_of(pieces, first_bucket, bucket)
        after_every = continued(every, counts, limits.ceiling_hour, limits.ceiling_day)
        if len(programmed) < len(pieces):
            counts = counts_of(programmed, first_bucket, bucket)
        after_program = continued(program, counts, limits.program_hour, limits.program_day)
    elif len(pieces) == 1:
        after_every = continued_long(every, pieces[0], limits.ceiling_hour, limits.ceiling_day)
        after_program = moved(program, bucket - first_bucket)
        if programmed:
            after_program = continued_long(program, pieces[0], limits.program_hour, limits.program_day)
    else:
        return None
    return None if after_every is None or after_program is None else (after_every, after_program)
