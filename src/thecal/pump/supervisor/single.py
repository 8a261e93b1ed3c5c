"""May this one stroke pass? The definition of the supervisor, rule by rule."""

from __future__ import annotations

from thecal.pump.strokes import StrokeKind
from thecal.pump.supervisor.guard import Guard, Passed, Ring, Tripped, TripReason, counted, day_of, hour_of, moved, trip
from thecal.pump.supervisor.limits import BUCKET_MS


def examine_one(guard: Guard, tick_ms: int, kind: StrokeKind, bolus_tick_ms: int | None) -> Passed | Tripped:
    """May the stroke pass? The first rule that objects gives the reason, in this order:

    1. TIME_BACKWARDS: its tick is before the guard's.
    2. The guard's own trip, if it stands. (A heartbeat is missed by ``without_heartbeat``, not here: a step of the
       controller is a heartbeat, however long a stretch of time its strokes fill.)
    3. TOO_FAST: less than the shortest interval after the stroke before the last.
    4. HOUR_CEILING, 5. DAY_CEILING: 5 and 97 buckets with this stroke hold more than the ceiling rate gives.
    6. HOUR_PROGRAM, DAY_PROGRAM: the same for basal and bolus strokes since the seal and the program's limits.
    7. Bolus strokes. BOLUS_UNGRANTED: its id is None or later than its tick. BOLUS_TOO_EARLY: a new id is not later
       than the last, or not a lockout after it. An id at the very tick of the seal waits for no lockout: a
       periodic bolus first comes when its program starts. BOLUS_TOO_LARGE: more strokes of one id than declared.
    8. ONCE_TOO_LARGE: more once strokes since the seal than declared. (Their id is not looked at.)

    A trip that stood before stays in the guard with its first reason.
    """
    if tick_ms < guard.tick_ms:
        return _refused(guard, TripReason.TIME_BACKWARDS, tick_ms)
    if guard.trip is not None:
        return _refused(guard, guard.trip, tick_ms)
    limits, bucket = guard.limits, tick_ms // BUCKET_MS
    if tick_ms - guard.before_last_tick_ms < limits.shortest_interval_ms:
        return _refused(guard, TripReason.TOO_FAST, tick_ms)
    every = counted(moved(guard.every, bucket - guard.bucket))
    if hour_of(every) > limits.ceiling_hour:
        return _refused(guard, TripReason.HOUR_CEILING, tick_ms)
    if day_of(every) > limits.ceiling_day:
        return _refused(guard, TripReason.DAY_CEILING, tick_ms)
    apart = moved(guard.apart, bucket - guard.bucket)
    last_bolus_tick_ms, bolus_strokes, once_strokes = guard.bolus_tick_ms, guard.bolus_strokes, guard.once_strokes
    reason: TripReason | None = None
    if kind is StrokeKind.ONCE:
        apart = counted(apart)
        once_strokes += 1
        reason = TripReason.ONCE_TOO_LARGE if once_strokes > limits.once_strokes else None
    else:
        reason = _over_program(guard, every, apart)
        if kind is StrokeKind.BOLUS:
            bolus_strokes = bolus_strokes + 1 if bolus_tick_ms == last_bolus_tick_ms else 1
            last_bolus_tick_ms = bolus_tick_ms
            reason = reason or bolus_objection(guard, guard.bolus_tick_ms, tick_ms, bolus_tick_ms, bolus_strokes)
    if reason is not None:
        return _refused(guard, reason, tick_ms)
    return Passed(
        guard._replace(
            tick_ms=tick_ms,
            let_through=guard.let_through + 1,
            last_tick_ms=tick_ms,
            before_last_tick_ms=guard.last_tick_ms,
            bucket=bucket,
            every=every,
            apart=apart,
            bolus_tick_ms=last_bolus_tick_ms,
            bolus_strokes=bolus_strokes,
            once_strokes=once_strokes,
        )
    )


def bolus_objection(
    guard: Guard, last_id_ms: int | None, tick_ms: int, bolus_tick_ms: int | None, strokes: int
) -> TripReason | None:
    """What speaks against so many strokes of the bolus granted at ``bolus_tick_ms``, after that of ``last_id_ms``."""
    if bolus_tick_ms is None or bolus_tick_ms > tick_ms:
        return TripReason.BOLUS_UNGRANTED
    if last_id_ms is not None and bolus_tick_ms != last_id_ms:
        after_ms = bolus_tick_ms - last_id_ms
        if after_ms < 0 or (after_ms < guard.limits.bolus_lockout_ms and bolus_tick_ms != guard.sealed_tick_ms):
            return TripReason.BOLUS_TOO_EARLY
    return TripReason.BOLUS_TOO_LARGE if strokes > guard.limits.bolus_strokes else None


def _over_program(guard: Guard, every: Ring, apart: Ring) -> TripReason | None:
    if hour_of(every) - hour_of(apart) > guard.limits.program_hour:
        return TripReason.HOUR_PROGRAM
    return TripReason.DAY_PROGRAM if day_of(every) - day_of(apart) > guard.limits.program_day else None


def _refused(guard: Guard, reason: TripReason, tick_ms: int) -> Tripped:
    return Tripped(trip(guard, reason), reason, 0, tick_ms)
