"""The arithmetic of the pump once more, so small that it can be proved: whole numbers, and one way to divide.

Each function takes its division along. With ``operator.floordiv`` it calculates, and is held against the real code on
random numbers; with a solver's division it is a formula, and is proved for all numbers (``pump_solver``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Number = Any  # a whole number, or the solver's term for one
Divide = Callable[[Number, Number], Number]  # rounded down; the divisor is positive


def strokes_due(div: Divide, carry: Number, owed: Number, stroke_owed: Number) -> tuple[Number, Number]:
    """Whole strokes owed, and the new carry (strokes.strokes_due)."""
    strokes = div(carry + owed, stroke_owed)
    return strokes, carry + owed - strokes * stroke_owed


def up(div: Divide, number: Number, divisor: Number) -> Number:
    """A division rounded up."""
    return -div(-number, divisor)


def due_by(div: Divide, strokes: Number, duration: Number, elapsed: Number) -> Number:
    """Strokes of a bolus due after so long, before the bounds 0 and all are put to it (Bolus.due_by)."""
    return div(elapsed * strokes, duration)


def train_tick(div: Divide, k: Number, interval: Number, phase: Number, per: Number) -> Number:
    """When stroke k of a train falls, from its origin (Train.tick)."""
    return up(div, k * interval - phase, per)


def train_number(div: Divide, elapsed: Number, interval: Number, phase: Number, per: Number) -> Number:
    """The number of the last stroke after so long (supervisor.cut.number_at)."""
    return div(elapsed * per + phase, interval)


def may_grant(reserve: Number, granted: Number, strokes: Number, limit: Number) -> Number:
    """The reserving rule: basal of a whole window, boluses granted in the window, this one, all within the limit."""
    return reserve + granted + strokes <= limit


def may_grant_by_the_past(given: Number, strokes: Number, limit: Number) -> Number:
    """The rule that looks back only: what was given in the last window and this one within the limit [Open PCA]."""
    return given + strokes <= limit


def bucket(div: Divide, tick: Number, bucket_ms: int) -> Number:
    """The supervisor's bucket of a tick."""
    return div(tick, bucket_ms)


def counts_in_window(div: Divide, earlier: Number, tick: Number, bucket_ms: int, buckets: int) -> Number:
    """Whether an earlier stroke counts in the window of so many buckets that ends with the bucket of a tick."""
    return bucket(div, earlier, bucket_ms) > bucket(div, tick, bucket_ms) - buckets


def boluses_within(div: Divide, span: Number, duration: Number, lockout: Number) -> Number:
    """The most boluses with strokes in a span, each late by at most its duration (limits._boluses_within)."""
    return up(div, span + 2 * duration, lockout)
