"""What a physician sets beside the program: tones, their silence and their intervals, and the drug library."""

from __future__ import annotations

from thecal.device import (
    AlarmTest,
    Done,
    LogKind,
    Reason,
    Refused,
    Role,
    SetAlarmIntervals,
    SetLibrary,
    SilenceAlarm,
)
from thecal.pump.controller import alarms
from thecal.pump.controller.alarm_table import ALARM_TABLE
from thecal.pump.controller.log import logged
from thecal.pump.controller.state import AlarmIntervals, PumpState


def silenced(state: PumpState, command: SilenceAlarm, role: Role) -> tuple[PumpState, Done | Refused]:
    """Let a standing alarm sound no tone for a while. A patient may not silence a critical one."""
    alarm = command.alarm
    if role not in ALARM_TABLE[alarm].may_silence:
        return state, Refused(Reason.CRITICAL_ALARM)
    if not alarms.stands(state, alarm):
        return state, Refused(Reason.NOT_LATCHED)
    until_tick_ms = state.tick_ms + command.for_ms
    quiet = tuple(
        each._replace(silenced_until_tick_ms=until_tick_ms) if each.alarm is alarm else each for each in state.alarms
    )
    state = logged(
        state._replace(alarms=quiet), LogKind.ALARM_SILENCED, duration_ms=command.for_ms, alarm=command.alarm
    )
    return state, Done(state.tick_ms)


def tone_tested(state: PumpState, _command: AlarmTest) -> tuple[PumpState, Done]:
    """Sound the tone once; the log shows that the patient was made to know it."""
    return logged(state, LogKind.ALARM_TESTED), Done(state.tick_ms)


def intervals_set(state: PumpState, command: SetAlarmIntervals) -> tuple[PumpState, Done]:
    """The tones of standing alarms repeat at these intervals from now on."""
    state = state._replace(intervals=AlarmIntervals(command.critical_ms, command.non_critical_ms))
    return logged(state, LogKind.ALARM_INTERVALS_SET), Done(state.tick_ms)


def library_set(state: PumpState, command: SetLibrary) -> tuple[PumpState, Done]:
    """Another library, or none. A staged program is dropped: it was checked against the old one.

    The running program goes on, with the limits acknowledged for it. A waiting one is held against the new library
    when its time comes.
    """
    state = logged(state._replace(library=command.library, staged=None), LogKind.LIBRARY_SET)
    return state, Done(state.tick_ms)
