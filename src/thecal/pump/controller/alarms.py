"""Which alarms stand: raised, ended and cleared by what ``alarm_table`` says, and asked for what they forbid.

Only a beginning is written to the log as an alarm; its end shows in what ended it (refill, program, clock, stroke).
Raising an alarm that stands changes nothing: whoever causes it again can neither fill the log nor end a silence.
"""

from __future__ import annotations

from thecal.device import Alarm, ClearAlarm, Done, LogKind, Reason, Refused, Role
from thecal.pump.controller.alarm_table import (
    ALARM_ORDER,
    ALARM_TABLE,
    BLOCKS_BOLUSES,
    BLOCKS_UPDATES,
    STOPS_STROKES,
    Ends,
)
from thecal.pump.controller.bolus_end import interrupted
from thecal.pump.controller.log import logged
from thecal.pump.controller.state import PumpState, StandingAlarm
from thecal.pump.strokes import MS_PER_DAY

STOPPED_REMINDER_MS = 3_600_000  # design, decision 10
STOPPED_TOO_LONG_MS = 48 * 3_600_000  # design, decision 10; the tube may take a set [programmable-pumps 5.1]
SERVICE_AFTER_REPLACEMENT_DUE_MS = 90 * MS_PER_DAY  # 90 days from ERI to end of service [programmable-pumps 1.3]


def stands(state: PumpState, alarm: Alarm) -> bool:
    """Whether this alarm stands."""
    return any(each.alarm is alarm for each in state.alarms)


def standing(state: PumpState) -> tuple[Alarm, ...]:
    """The alarms that stand, in the order of the enumeration."""
    return tuple(each.alarm for each in state.alarms)


def stops_strokes(state: PumpState) -> bool:
    """Whether an alarm, or a telemetry mode that nobody has ended, lets no stroke be made. Then nothing is owed."""
    if state.motor.telemetry_locked or not state.alarms:
        return state.motor.telemetry_locked
    return any(each.alarm in STOPS_STROKES for each in state.alarms)


def blocks_boluses(state: PumpState) -> Reason | None:
    """Why no bolus may begin, or None: by the first alarm that stands, or by a magnet that holds the rotor."""
    for each in state.alarms:
        if each.alarm in BLOCKS_BOLUSES:
            return ALARM_TABLE[each.alarm].refusal
    return Reason.STALLED if state.motor.in_field or state.motor.telemetry_locked else None


def blocks_updates(state: PumpState) -> Reason | None:
    """Why no program may be written, or None."""
    for each in state.alarms:
        if each.alarm in BLOCKS_UPDATES:
            return ALARM_TABLE[each.alarm].refusal
    return None


def raised(state: PumpState, alarm: Alarm, volume_nl: int | None = None) -> PumpState:
    """The state in which this alarm stands, from now on if it did not already; its beginning is logged."""
    if stands(state, alarm):
        return state
    alarms = sorted((*state.alarms, StandingAlarm(alarm, state.tick_ms)), key=lambda each: ALARM_ORDER[each.alarm])
    return logged(state._replace(alarms=tuple(alarms)), ALARM_TABLE[alarm].log, volume_nl)


def raised_again(state: PumpState, alarm: Alarm) -> PumpState:
    """As ``raised``, for what must be in the log each time it happens, also while the alarm stands from the last."""
    return logged(state, ALARM_TABLE[alarm].log) if stands(state, alarm) else raised(state, alarm)


def halted(state: PumpState, alarm: Alarm) -> PumpState:
    """Raise an alarm under which no bolus goes on: whatever runs is cut short."""
    return interrupted(raised(state, alarm))


def ended(state: PumpState, alarm: Alarm) -> PumpState:
    """The state in which this alarm does not stand."""
    if not stands(state, alarm):
        return state
    return state._replace(alarms=tuple(each for each in state.alarms if each.alarm is not alarm))


def ended_by_commit(state: PumpState) -> PumpState:
    """The state after a physician's commit: what stood until the pump is programmed does not stand any more."""
    left = tuple(each for each in state.alarms if Ends.COMMIT not in ALARM_TABLE[each.alarm].ends)
    fault = None if state.fault is None else state.fault._replace(standing=False)
    return state._replace(alarms=left, fault=fault)


def cleared(state: PumpState, command: ClearAlarm, role: Role) -> tuple[PumpState, Done | Refused]:
    """End a latched alarm, if its row lets this role; what only a program, the clock or nothing ends is refused."""
    row = ALARM_TABLE[command.alarm]
    if not row.latched or not stands(state, command.alarm):
        return state, Refused(Reason.NOT_LATCHED)
    if not row.may_clear:
        return state, Refused(Reason.CONDITION_STANDS)
    if role not in row.may_clear:
        return state, Refused(Reason.NOT_ALLOWED)
    state = logged(ended(state, command.alarm), LogKind.ALARM_CLEARED, alarm=command.alarm)
    return state, Done(state.tick_ms)


def refreshed(state: PumpState) -> PumpState:
    """Raise and end what follows from reservoir, program and time. To be called when one of them has changed.

    A pump that was never filled nor programmed alarms nothing. A bolus that meets an empty reservoir is ended by
    whoever counted its strokes; one that meets the end of service is ended here.
    """
    in_use = state.committed_tick_ms is not None or state.reservoir.refilled_tick_ms is not None
    volume_nl = state.reservoir.volume_nl
    state = _where(state, Alarm.LOW_RESERVOIR, in_use and state.low, volume_nl)
    state = _where(state, Alarm.EMPTY_RESERVOIR, in_use and state.empty, volume_nl)
    stopped_ms = -1 if state.stopped_tick_ms is None else state.tick_ms - state.stopped_tick_ms
    state = _where(state, Alarm.STOPPED, stopped_ms >= STOPPED_REMINDER_MS)
    state = _where(state, Alarm.STOPPED_TOO_LONG, stopped_ms >= STOPPED_TOO_LONG_MS)
    worn_tick_ms = _end_of_service_tick(state)
    if worn_tick_ms is not None and state.tick_ms >= worn_tick_ms:
        state = halted(state, Alarm.END_OF_SERVICE)
    return state


def next_tick(state: PumpState) -> int | None:
    """From which tick on time alone raises an alarm that does not stand yet (``refreshed`` does); None: none."""
    if state.stopped_tick_ms is None:
        if not state.alarms:
            return None
        due = []
    else:
        due = [
            (Alarm.STOPPED, state.stopped_tick_ms + STOPPED_REMINDER_MS),
            (Alarm.STOPPED_TOO_LONG, state.stopped_tick_ms + STOPPED_TOO_LONG_MS),
        ]
    worn_tick_ms = _end_of_service_tick(state)
    if worn_tick_ms is not None:
        due.append((Alarm.END_OF_SERVICE, worn_tick_ms))
    return min((tick_ms for alarm, tick_ms in due if not stands(state, alarm)), default=None)


def _where(state: PumpState, alarm: Alarm, holds: bool, volume_nl: int | None = None) -> PumpState:
    return raised(state, alarm, volume_nl) if holds else ended(state, alarm)


def _end_of_service_tick(state: PumpState) -> int | None:
    for each in state.alarms:
        if each.alarm is Alarm.REPLACEMENT_DUE:
            return each.since_tick_ms + SERVICE_AFTER_REPLACEMENT_DUE_MS
    return None
