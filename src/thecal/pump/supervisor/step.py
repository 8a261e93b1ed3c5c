"""May all strokes of a step pass? In closed form where that is proven, stroke by stroke where it is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge

from thecal.pump.strokes import StrokeKind, Strokes, Train
from thecal.pump.supervisor.cut import cut
from thecal.pump.supervisor.guard import Guard, Passed, Tripped
from thecal.pump.supervisor.proof import proven
from thecal.pump.supervisor.single import examine_one

# Fewer strokes than this are walked rather than halved once more.
FEW_STROKES = 16


def examine(guard: Guard, strokes: Strokes) -> Passed | Tripped:
    """What ``examine_one`` says of all strokes in turn, in the order in which ``strokes`` iterates.

    A train counts with its own ``bolus_tick_ms``; per is at least 1. Strokes stop at the first refused. A step
    without strokes passes, whatever the guard.
    """
    trains = strokes.trains
    if not trains:
        return Passed(guard)
    after = proven(guard, trains)
    if after is not None:
        return Passed(after)
    present = [train for train in trains if train.first <= train.last]
    return _halved(guard, present) if present and _ordered(present) else _walked(guard, present)


def _halved(guard: Guard, trains: Sequence[Train]) -> Passed | Tripped:
    """Prove the trains, or cut them at a tick and pass both parts in turn; a few strokes are walked."""
    begin_ms, end_ms = min(t.tick(t.first) for t in trains), max(t.tick(t.last) for t in trains)
    if guard.trip is not None or begin_ms == end_ms or sum(train.number for train in trains) < FEW_STROKES:
        return _walked(guard, trains)
    after = proven(guard, trains)
    if after is not None:
        return Passed(after)
    earlier, later = cut(trains, (begin_ms + end_ms) // 2)
    verdict = _halved(guard, earlier)
    if isinstance(verdict, Tripped):
        return verdict
    verdict = _halved(verdict.guard, later)
    if isinstance(verdict, Tripped):
        return verdict._replace(passed_strokes=verdict.passed_strokes + sum(train.number for train in earlier))
    return verdict


def _walked(guard: Guard, trains: Sequence[Train]) -> Passed | Tripped:
    """The verdict stroke by stroke."""
    for passed, (tick_ms, kind, bolus_tick_ms) in enumerate(_in_order(trains)):
        verdict = examine_one(guard, tick_ms, kind, bolus_tick_ms)
        if isinstance(verdict, Tripped):
            return verdict._replace(passed_strokes=passed)
        guard = verdict.guard
    return Passed(guard)


def _in_order(trains: Sequence[Train]) -> Iterator[tuple[int, StrokeKind, int | None]]:
    """As ``Strokes`` iterates: each kind as listed, merged by tick, at one ms basal, bolus, once."""

    def of(kind: StrokeKind) -> Iterator[tuple[int, StrokeKind, int | None]]:
        own = [train for train in trains if train.kind is kind]
        return ((t.tick(k), kind, t.bolus_tick_ms) for t in own for k in range(t.first, t.last + 1))

    return merge(*(of(kind) for kind in StrokeKind), key=lambda stroke: stroke[0])


def _ordered(trains: Sequence[Train]) -> bool:
    """Do ticks only rise within each kind as listed? Only then is cutting at a tick cutting the order of strokes."""
    reached: dict[StrokeKind, int] = {}
    for train in trains:
        begin_ms = train.tick(train.first)
        if train.interval < 1 or train.per < 1 or begin_ms < reached.get(train.kind, begin_ms):
            return False
        reached[train.kind] = train.tick(train.last)
    return True
