"""The supervisor's whole memory as one value, why it refuses, and how its windows of buckets move on."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from thecal.pump.supervisor.limits import BUCKET_MS, DAY_BUCKETS, HOUR_BUCKETS, Limits, limits_of_manufacture

# A ring holds the strokes counted up to the end of each of the last 98 buckets, oldest first. Sums of a window are
# differences: the last less the one 97 (5) before it.
RING_LENGTH = DAY_BUCKETS + 1
BEFORE_HOUR = RING_LENGTH - 1 - HOUR_BUCKETS
EMPTY_RING = (0,) * RING_LENGTH

Ring = tuple[int, ...]


class TripReason(Enum):
    """Why the supervisor lets nothing more through. All but DEAD end with the next seal."""

    NOT_SEALED = "no program has been sealed"
    TIME_BACKWARDS = "time ran backwards"
    HEARTBEAT_MISSING = "the controller gave no sign for 90 s"
    TOO_FAST = "three strokes came faster than the pump's highest rate"
    HOUR_CEILING = "more strokes in an hour than the pump's highest rate gives"
    DAY_CEILING = "more strokes in a day than the pump's highest rate gives"
    HOUR_PROGRAM = "more strokes in an hour than the program can ask for"
    DAY_PROGRAM = "more strokes in a day than the program's volume limit"
    BOLUS_UNGRANTED = "a bolus stroke without the tick of a grant in the past"
    BOLUS_TOO_LARGE = "more strokes than the prescribed bolus has"
    BOLUS_TOO_EARLY = "a bolus before the lockout of the one before had passed"
    ONCE_TOO_LARGE = "more strokes than the single, priming or bridge bolus has"
    UNREQUESTED_STROKE = "the motor made a stroke that nobody asked for"
    STALL_NOT_TOLD = "12 strokes in a row were not made and the controller did not say so"
    DEAD = "the supervisor does not run"


class Guard(NamedTuple):
    """The supervisor's state. Ticks in ms of its own clock, counts in strokes.

    - ``tick_ms``: up to here strokes are settled: the last stroke, heartbeat or seal, whichever is latest; strokes
      may not come before it. ``heartbeat_tick_ms``: the controller's last sign. ``own_tick_ms``: the latest its own
      clock has been told; a controller that hung for less than 90 s may still ask for strokes before it.
    - ``let_through``: strokes passed since the motor was last confirmed; ``missed_in_a_row``: as confirmed.
    - ``trip``: why nothing passes, None when sealed and content; ``sounding``: its own alarm.
    - ``last_tick_ms``, ``before_last_tick_ms``: of the last two strokes; at manufacture one shortest interval ago.
    - ``bucket``: that of the last stroke; ``every``: ring of all strokes ever; ``apart``: ring of those among them
      that do not count against the program, made before the seal or once strokes.
    - ``bolus_tick_ms``, ``bolus_strokes``: the last bolus id and its strokes so far; ``once_strokes``: since the seal.
    """

    tick_ms: int
    heartbeat_tick_ms: int
    own_tick_ms: int
    let_through: int
    missed_in_a_row: int
    trip: TripReason | None
    sounding: bool
    sealed_tick_ms: int
    limits: Limits
    last_tick_ms: int
    before_last_tick_ms: int
    bucket: int
    every: Ring
    apart: Ring
    bolus_tick_ms: int | None
    bolus_strokes: int
    once_strokes: int


class Passed(NamedTuple):
    """Every stroke asked for may be made; the guard that has counted them."""

    guard: Guard


class Tripped(NamedTuple):
    """The first stroke refused, at ``refused_tick_ms``, and why; ``passed_strokes`` before it may be made.

    ``guard`` has counted those, stands at the last of them and is tripped.
    """

    guard: Guard
    reason: TripReason
    passed_strokes: int
    refused_tick_ms: int


def new_guard(stroke_nl: int, ceiling_nl_per_day: int, tick_ms: int) -> Guard:
    """The supervisor as the pump is made: nothing is sealed, so no stroke passes.

    Raises ValueError for a stroke or ceiling below 1, or a ceiling of more than one stroke per ms.
    """
    limits = limits_of_manufacture(stroke_nl, ceiling_nl_per_day)
    earlier_ms = tick_ms - limits.shortest_interval_ms
    return Guard(
        tick_ms=tick_ms,
        heartbeat_tick_ms=tick_ms,
        own_tick_ms=tick_ms,
        let_through=0,
        missed_in_a_row=0,
        trip=TripReason.NOT_SEALED,
        sounding=False,
        sealed_tick_ms=tick_ms,
        limits=limits,
        last_tick_ms=earlier_ms,
        before_last_tick_ms=earlier_ms,
        bucket=tick_ms // BUCKET_MS,
        every=EMPTY_RING,
        apart=EMPTY_RING,
        bolus_tick_ms=None,
        bolus_strokes=0,
        once_strokes=0,
    )


def trip(guard: Guard, reason: TripReason) -> Guard:
    """Let nothing more through until the next seal. The first reason stands."""
    return guard if guard.trip is not None else guard._replace(trip=reason)


def reached_ms(guard: Guard) -> int:
    """The latest time the supervisor knows of; time that runs on is not before it."""
    return max(guard.tick_ms, guard.own_tick_ms)


def moved(ring: Ring, buckets: int) -> Ring:
    """The ring so many buckets later, with no stroke since."""
    return ring[buckets:] + ring[-1:] * min(buckets, RING_LENGTH)


def counted(ring: Ring) -> Ring:
    """The ring with one stroke more in its last bucket."""
    return (*ring[:-1], ring[-1] + 1)


def hour_of(ring: Ring) -> int:
    """Strokes in the last bucket and the 4 before it."""
    return ring[-1] - ring[BEFORE_HOUR]


def day_of(ring: Ring) -> int:
    """Strokes in the last bucket and the 96 before it."""
    return ring[-1] - ring[0]
