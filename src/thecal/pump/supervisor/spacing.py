"""Proofs about the order of many strokes at once: none before its time, no crowding, and the last two ticks.

Basal strokes are one stream, bolus and once strokes the other. Where in each stream neighbours are a shortest
interval apart, any three successive strokes hold two of one stream, so the first and the last are that far apart.
Left are the joins with the two strokes before the step, (p2, p1, s1) and (p1, s1, s2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thecal.pump.strokes import Train, new
from thecal.pump.supervisor.guard import Guard

Piece = tuple[Train, int, int]  # a train with the ticks of its first and last stroke
Runs = tuple[list[Piece], ...]  # one or two runs of pieces in the order of time, the basal one first


class Stream(NamedTuple):
    """The trains of a stream, or of two beside each other, and the ticks of the first stroke and of the last two."""

    runs: Runs
    first_ms: int
    before_last_ms: int
    last_ms: int


def stream_of(guard: Guard, trains: Sequence[Train]) -> Stream | None:
    """The trains as one stream; None where there is no stroke, one may come early, or neighbours may crowd.

    The intervals of one train are floor(interval / per) ms or one more. The first stroke is held against the
    guard's last but one (p2); where it is the only one, the stroke before it is the guard's last (p1).
    """
    shortest_ms, pieces = guard.limits.shortest_interval_ms, []
    before_ms, last_ms, reached_ms = guard.before_last_tick_ms, guard.last_tick_ms, guard.before_last_tick_ms
    for train in trains:
        _, origin, interval, phase, per, first, last, _ = train
        if not 0 < per * shortest_ms <= interval or last < first:
            return None
        begin_ms = end_ms = origin - (phase - first * interval) // per
        if begin_ms - reached_ms < shortest_ms:
            return None
        before_ms = last_ms
        if first < last:
            before_ms = origin - (phase - (last - 1) * interval) // per
            end_ms = origin - (phase - last * interval) // per
        last_ms = reached_ms = end_ms
        pieces.append((train, begin_ms, end_ms))
    if not pieces or pieces[0][1] < guard.tick_ms:
        return None
    return new(Stream, ((pieces,), pieces[0][1], before_ms, last_ms))


def merged(guard: Guard, basal: Stream, boluses: Stream) -> Stream | None:
    """Two streams as they run beside each other; None where they may crowd the guard's last stroke (p1).

    Where s2 is of the same stream as s1, the later of the two first strokes comes after s2: still a proof.
    """
    if max(basal.first_ms, boluses.first_ms) - guard.last_tick_ms < guard.limits.shortest_interval_ms:
        return None
    if basal.last_ms < boluses.last_ms:
        before_last_ms, last_ms = max(basal.last_ms, boluses.before_last_ms), boluses.last_ms
    else:
        before_last_ms, last_ms = max(basal.before_last_ms, boluses.last_ms), basal.last_ms
    first_ms = min(basal.first_ms, boluses.first_ms)
    return new(Stream, (basal.runs + boluses.runs, first_ms, before_last_ms, last_ms))
