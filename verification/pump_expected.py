"""What one step should have left behind, worked out apart from the code that did it."""

from __future__ import annotations

from collections.abc import Iterable

from thecal.device import Alarm, ClearAlarm, Mode, SetClock
from thecal.pump import CommandReceived, MotorReported, PumpState, StrokeKind, TimePassed
from thecal.pump.controller.alarm_table import ALARM_TABLE, STOPS_STROKES, Ends
from thecal.pump.strokes import Train
from thecal.pump.whole import step
from verification.pump_history import DAY, Seen, is_stopped, reached_by_commit

KINDS = (StrokeKind.BASAL, StrokeKind.BOLUS, StrokeKind.ONCE)


def stroke_nl(seen: Seen) -> int:
    """One stroke of this pump, nL."""
    return seen.before.state.identity.descriptor.stroke_nl


def stops(state: PumpState) -> bool:
    """Whether an alarm stands that stops all strokes."""
    return any(each.alarm in STOPS_STROKES for each in state.alarms)


def arrived(seen: Seen) -> PumpState:
    """The controller at the tick of the step, had nothing happened but time."""
    state = seen.before.state
    begins = state.next_periodic_tick_ms is not None and state.next_periodic_tick_ms <= state.tick_ms  # after an outage
    if seen.now_tick_ms == state.tick_ms and state.waiting is None and not begins:
        return state
    return step(seen.before, TimePassed(), seen.now_tick_ms).pump.state


def in_order(trains: Iterable[Train]) -> list[tuple[int, StrokeKind, int | None]]:
    """The strokes as they are made: by tick, at one tick basal, bolus, once."""
    strokes = [
        (train.tick(k), KINDS.index(train.kind), train.bolus_tick_ms)
        for train in trains
        for k in range(train.first, train.last + 1)
    ]
    strokes.sort(key=lambda stroke: stroke[:2])
    return [(tick_ms, KINDS[kind], identity) for tick_ms, kind, identity in strokes]


def owed_nl_ms(state: PumpState, until_tick_ms: int) -> int:
    """Basal owed from the state's tick on, nL·ms/day, slot by slot of the program as it was written; 0 where held."""
    if state.program.mode is Mode.STOPPED or state.empty or state.motor.telemetry_locked or stops(state):
        return 0
    if state.program.mode is Mode.MINIMUM_RATE:
        return state.identity.descriptor.minimum_rate_nl_per_day * (until_tick_ms - state.tick_ms)
    owed, at = 0, state.tick_ms
    while at < until_tick_ms:
        of_day = (state.clock.utc_at_tick_zero_ms + at + state.clock.offset_min * 60_000) % DAY
        runs = [each for each in state.program.steps if each.start_min * 60_000 <= of_day][-1]
        later = [each.start_min * 60_000 for each in state.program.steps if each.start_min * 60_000 > of_day]
        until = min(until_tick_ms, at + min(later, default=DAY) - of_day)
        owed += runs.rate_nl_per_day * (until - at)
        at = until
    return owed


def highest_rate(seen: Seen) -> int:
    """The highest basal rate of the programs before and after, nL/day."""
    made = seen.before.state.identity.descriptor.minimum_rate_nl_per_day
    return max(
        made
        if state.program.mode is Mode.MINIMUM_RATE
        else max((s.rate_nl_per_day for s in state.program.steps), default=0)
        for state in (seen.before.state, seen.after.state)
    )


def lasting(state: PumpState) -> tuple[object, ...]:
    """All that may not change without an entry in the log: therapy, limits, clock, settings and alarms.

    A second memory fault while the first stands is found later, and only that: tests/pump/test_invariants.py tells it.
    """
    fault_stands = state.fault is not None and state.fault.standing
    return (
        *(state.program, state.overrides, state.library, state.waiting, state.boluses, state.once, state.bridge_left),
        *(state.earlier_basal, state.committed_tick_ms, state.stopped_tick_ms, fault_stands, state.clock),
        *(state.intervals, state.alarms, state.motor.telemetry_locked),
    )


def giving(state: PumpState) -> tuple[object, ...]:
    """All that decides when the next strokes fall."""
    return (
        *(state.tick_ms, state.carry, state.program, state.reservoir, state.boluses, state.once, state.waiting),
        *(state.clock, state.next_periodic_tick_ms, state.alarms, state.motor, state.bridge_left),
    )


def may_end(seen: Seen, alarm: Alarm) -> bool:
    """Whether what happened may end this alarm, by its row."""
    row, state, event = ALARM_TABLE[alarm], seen.after.state, seen.event
    if Ends.COMMIT in row.ends and reached_by_commit(seen):
        return True
    if Ends.CLOCK_SET in row.ends and isinstance(seen.command, SetClock):
        return True
    if isinstance(event, CommandReceived) and isinstance(seen.command, ClearAlarm):
        return event.role in row.may_clear
    match alarm:
        case Alarm.LOW_RESERVOIR:
            return not state.low
        case Alarm.EMPTY_RESERVOIR:
            return not state.empty
        case Alarm.MOTOR_STALL:
            return isinstance(event, MotorReported)
        case Alarm.STOPPED | Alarm.STOPPED_TOO_LONG:
            # Stopped anew, when a program had begun in between, it counts from there.
            return not is_stopped(seen.after) or state.stopped_tick_ms != seen.before.state.stopped_tick_ms
    return False
