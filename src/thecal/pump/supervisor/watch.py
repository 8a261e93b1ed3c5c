"""The supervisor's own watch: the controller's heartbeat, the motor's confirmation, its own death."""

from __future__ import annotations

from thecal.pump.strokes import new
from thecal.pump.supervisor.guard import Guard, TripReason, reached_ms, trip

HEARTBEAT_STOP_MS = 90_000
HEARTBEAT_ALARM_MS = 180_000
MISSED_IN_A_ROW = 12


def heartbeat(guard: Guard, now_tick_ms: int) -> Guard:
    """The controller has made a step that reaches ``now``; to be told after its strokes were examined.

    Trips (TIME_BACKWARDS) when ``now`` is before what is settled. A controller that hung for less than 90 s catches up
    in steps before the supervisor's own clock: each is a sign at the time that clock shows. A trip that stands is not
    ended by it.
    """
    if now_tick_ms < guard.tick_ms:
        return trip(guard, TripReason.TIME_BACKWARDS)
    seen_ms = max(now_tick_ms, guard.own_tick_ms)
    return new(Guard, (now_tick_ms, seen_ms, seen_ms, *guard[3:]))


def without_heartbeat(guard: Guard, now_tick_ms: int) -> Guard:
    """The supervisor's own clock reaches ``now`` and the controller has given no sign since its last heartbeat.

    90 s after it nothing passes any more (HEARTBEAT_MISSING), 180 s after it the supervisor sounds its own alarm;
    both until the next seal. Strokes before ``now`` may still be asked for until then. Trips (TIME_BACKWARDS) when
    ``now`` is before a time already reached. A dead one does nothing.
    """
    if guard.trip is TripReason.DEAD:
        return guard
    if now_tick_ms < reached_ms(guard):
        return trip(guard, TripReason.TIME_BACKWARDS)
    silent_ms = now_tick_ms - guard.heartbeat_tick_ms
    watched = guard._replace(own_tick_ms=now_tick_ms, sounding=guard.sounding or silent_ms >= HEARTBEAT_ALARM_MS)
    return trip(watched, TripReason.HEARTBEAT_MISSING) if silent_ms >= HEARTBEAT_STOP_MS else watched


def confirmed(guard: Guard, missing: int, extra: int, stall_known: bool) -> Guard:
    """What the motor's encoder says of the strokes let through since the last call: so many missing, so many extra.

    - An extra stroke trips at once (UNREQUESTED_STROKE).
    - Where some of those let through were made, a row of missed strokes begins anew with what is missing; where
      none was made it grows by what is missing. (0, 0) with nothing let through is no news and changes nothing.
    - 12 missed in a row trip (STALL_NOT_TOLD) unless the controller has raised the stall itself (``stall_known``).
    """
    missing = min(missing, guard.let_through)  # nothing else can be missing
    row = missing if missing < guard.let_through else guard.missed_in_a_row + missing
    told = Guard(guard.tick_ms, guard.heartbeat_tick_ms, guard.own_tick_ms, 0, row, *guard[5:])
    if extra > 0:
        return trip(told, TripReason.UNREQUESTED_STROKE)
    if row >= MISSED_IN_A_ROW and not stall_known:
        return trip(told, TripReason.STALL_NOT_TOLD)
    return told


def died(guard: Guard) -> Guard:
    """The supervisor does not run any more: nothing passes, it sounds nothing, and no seal revives it."""
    return guard._replace(trip=TripReason.DEAD, sounding=False)
