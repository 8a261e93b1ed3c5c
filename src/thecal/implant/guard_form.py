"""How the supervisor's memory is spelled, in a record of its own. A change here needs a new MEMORY_VERSION."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

from thecal.device import Bound
from thecal.pump.supervisor import Guard, Limits, TripReason
from thecal.pump.supervisor.guard import RING_LENGTH
from thecal.telemetry import forms
from thecal.telemetry.grammar import (
    Choice,
    Field,
    Flag,
    Integer,
    Malformed,
    Maybe,
    Record,
    Several,
    from_bytes,
    to_bytes,
)

GUARD_BYTES_MAX = 8_192  # two full rings of the largest counts need less than half of it

_TRIP = MappingProxyType(
    {
        TripReason.NOT_SEALED: 1,
        TripReason.TIME_BACKWARDS: 2,
        TripReason.HEARTBEAT_MISSING: 3,
        TripReason.TOO_FAST: 4,
        TripReason.HOUR_CEILING: 5,
        TripReason.DAY_CEILING: 6,
        TripReason.HOUR_PROGRAM: 7,
        TripReason.DAY_PROGRAM: 8,
        TripReason.BOLUS_UNGRANTED: 9,
        TripReason.BOLUS_TOO_LARGE: 10,
        TripReason.BOLUS_TOO_EARLY: 11,
        TripReason.ONCE_TOO_LARGE: 12,
        TripReason.UNREQUESTED_STROKE: 13,
        TripReason.STALL_NOT_TOLD: 14,
        TripReason.DEAD: 15,
    }
)
_LIMITS = Record(Limits, *(Field(key, name, forms.COUNT) for key, name in enumerate(Limits._fields, 1)))
_STROKE_TICK = Integer(Bound("tick of a stroke", "ms", -(2**53), 2**53))  # of a new pump: before its manufacture
_RING = Several(forms.COUNT, RING_LENGTH)

GUARD = Record(
    Guard,
    Field(1, "tick_ms", forms.TICK),
    Field(2, "heartbeat_tick_ms", forms.TICK),
    Field(3, "own_tick_ms", forms.TICK),
    Field(4, "let_through", forms.COUNT),
    Field(5, "missed_in_a_row", forms.COUNT),
    Field(6, "trip", Maybe(Choice(_TRIP))),
    Field(7, "sounding", Flag()),
    Field(8, "sealed_tick_ms", forms.TICK),
    Field(9, "limits", _LIMITS),
    Field(10, "last_tick_ms", _STROKE_TICK),
    Field(11, "before_last_tick_ms", _STROKE_TICK),
    Field(12, "bucket", forms.COUNT),
    Field(13, "every", _RING),
    Field(14, "apart", _RING),
    Field(15, "bolus_tick_ms", Maybe(forms.TICK)),
    Field(16, "bolus_strokes", forms.COUNT),
    Field(17, "once_strokes", forms.COUNT),
)


def encode_guard(guard: Guard) -> bytes:
    """The one spelling of this guard. Raises Malformed for one outside the grammar (a bug)."""
    return to_bytes(GUARD, guard, GUARD_BYTES_MAX)


@lru_cache(maxsize=4)
def decode_guard(data: bytes) -> Guard:
    """The guard spelled by these bytes, kept like a state. Raises Malformed, and nothing else, for any other bytes."""
    guard = from_bytes(GUARD, data, GUARD_BYTES_MAX)
    for ring in (guard.every, guard.apart):
        if len(ring) != RING_LENGTH or any(earlier > later for earlier, later in pairwise(ring)):
            raise Malformed(f"a ring holds {RING_LENGTH} counts that never fall")
    return guard
