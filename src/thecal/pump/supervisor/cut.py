"""Trains cut at a tick, and how many strokes of a train a stretch of time can hold."""

from __future__ import annotations

from collections.abc import Iterable

from thecal.pump.strokes import Train


def number_at(train: Train, tick_ms: int) -> int:
    """The number of the last stroke up to a tick, had the train no first and no last."""
    return ((tick_ms - train.origin_tick_ms) * train.per + train.phase) // train.interval


def cut(trains: Iterable[Train], tick_ms: int) -> tuple[list[Train], list[Train]]:
    """The trains up to a tick (that included), and the trains after it; no empty ones among them."""
    earlier, later = [], []
    for train in trains:
        number = number_at(train, tick_ms)
        if number >= train.last:
            earlier.append(train)
        elif number < train.first:
            later.append(train)
        else:
            earlier.append(train._replace(last=number))
            later.append(train._replace(first=number + 1))
    return earlier, later


def most_within(train: Train, span_ms: int) -> int:
    """The most strokes of a train in any span of so many ms: all, or ceil(span * per / interval)."""
    return min(train.last - train.first + 1, -(-span_ms * train.per // train.interval))
