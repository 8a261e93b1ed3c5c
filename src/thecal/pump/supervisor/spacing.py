"""Proofs about the order of many strokes at once: none before its time, no crowding, and the last two ticks.

Basal strokes are one stream, bolus and once strokes the other. Where in each stream neighbours are a shortest
interval apart, any three successive strokes hold two of one stream, so the first and the last are that far apart.
Left are the joins with the two strokes before the step: (p2, p1, s1) and (p1, s1, s2).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from thecal.pump.strokes import StrokeKind, Train
from thecal.pump.supervisor.guard import Guard


class Piece(NamedTuple):
    """A train that holds a stroke, with the ticks of its first and last."""

    train: Train
    begin_ms: int
    end_ms: int


class Order(NamedTuple):
    """Ticks of a step's first stroke and of the last two strokes after it."""

    first_ms: int
    before_last_ms: int
    last_ms: int


def pieces_of(trains: Sequence[Train], shortest_ms: int) -> list[Piece] | None:
    """The trains that hold strokes; None where a train's own strokes are not all a shortest interval apart.

    Its intervals are floor(interval / per) ms or one more.
    """
    pieces = []
    for train in trains:
        first, last = train.first, train.last
        if first <= last:
            interval, per, phase, origin = train.interval, train.per, train.phase, train.origin_tick_ms
            if not 0 < per * shortest_ms <= interval:
                return None
            begin_ms = origin - (phase - first * interval) // per
            pieces.append(Piece(train, begin_ms, origin - (phase - last * interval) // per))
    return pieces


def order_of(guard: Guard, pieces: Sequence[Piece]) -> Order | None:
    """First and last two ticks of the pieces, at least one; None where something may come early or crowd."""
    basal = [piece for piece in pieces if piece.train.kind is StrokeKind.BASAL]
    boluses = [piece for piece in pieces if piece.train.kind is not StrokeKind.BASAL]
    shortest_ms, before_ms = guard.limits.shortest_interval_ms, guard.last_tick_ms
    if not (_spaced(basal, shortest_ms) and _spaced(boluses, shortest_ms)):
        return None
    stream = basal or boluses
    first_ms, (before_last_ms, last_ms) = stream[0].begin_ms, _last_two(stream, before_ms)
    if basal and boluses:
        begin_ms, (before_end_ms, end_ms) = boluses[0].begin_ms, _last_two(boluses, before_ms)
        # Where the second stroke is of the first's own stream, this asks for more than (p1, s1, s2): still a proof.
        if max(first_ms, begin_ms) - before_ms < shortest_ms:
            return None
        first_ms = min(first_ms, begin_ms)
        if end_ms > last_ms:
            before_last_ms, last_ms = max(before_end_ms, last_ms), end_ms
        else:
            before_last_ms = max(before_last_ms, end_ms)
    if first_ms < guard.tick_ms or first_ms - guard.before_last_tick_ms < shortest_ms:
        return None
    return Order(first_ms, before_last_ms, last_ms)


def _spaced(stream: Sequence[Piece], shortest_ms: int) -> bool:
    """Is each piece of a stream a shortest interval after the one before?"""
    return all(later.begin_ms - earlier.end_ms >= shortest_ms for earlier, later in pairwise(stream))


def _last_two(stream: Sequence[Piece], earlier_ms: int) -> tuple[int, int]:
    """Ticks of a stream's last two strokes; with one stroke, of the one ``earlier`` than the step."""
    train, _, end_ms = stream[-1]
    if train.first < train.last:
        return train.tick(train.last - 1), end_ms
    return stream[-2].end_ms if len(stream) > 1 else earlier_ms, end_ms
