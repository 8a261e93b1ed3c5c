"""One authenticated request: role, reading, repeated id, deadline, situation, then the command itself.

The order is fixed and tested: a role that may not ask learns nothing else; a repeated id gets its first answer
even when its deadline has passed; a command that is late, due too far ahead, or one too many is refused before anything
of it is looked at. A stop is never one too many (``ring``). Readings have no deadline and are not remembered; they give
nothing, but end a locked telemetry mode.
"""

from __future__ import annotations

from thecal.device import (
    COMMAND_LIFE_MS,
    MAY,
    AlarmTest,
    Answer,
    CancelBolus,
    ClearAlarm,
    Commit,
    Done,
    Interrogate,
    Lasting,
    NeverSeen,
    Query,
    ReadStatus,
    Reason,
    RecordRefill,
    Refused,
    Reply,
    Request,
    RequestBolus,
    Role,
    SetAlarmIntervals,
    SetClock,
    SetLibrary,
    SilenceAlarm,
    Stage,
    Staged,
    StopInfusion,
)
from thecal.pump.controller import alarms, bolus, field
from thecal.pump.controller.cancel import cancelled
from thecal.pump.controller.clock import clock_set
from thecal.pump.controller.commit import committed, stopped
from thecal.pump.controller.refill import refilled
from thecal.pump.controller.ring import (
    forgetting,
    has_room,
    is_before_a_fault,
    is_forgotten,
    may_start,
    recalled,
    remembering,
    settled,
)
from thecal.pump.controller.settings import intervals_set, library_set, silenced, tone_tested
from thecal.pump.controller.situations import situation
from thecal.pump.controller.staging import staged
from thecal.pump.controller.state import PumpState
from thecal.pump.controller.status import report, status
from thecal.pump.controller.table import TABLE, Blocked

Tones = SilenceAlarm | ClearAlarm | AlarmTest | SetAlarmIntervals


def received(state: PumpState, request: Request, role: Role, vouched: bool) -> tuple[PumpState, Reply]:
    """The state after the request, and the reply to it. Not ``vouched``: the supervisor refuses what is committed."""
    state, answer = _answered(state, request, role, vouched)
    return state, Reply(request.command_id, state.tick_ms, state.numbers.hash, answer)


def _answered(state: PumpState, request: Request, role: Role, vouched: bool) -> tuple[PumpState, Answer]:
    command = request.command
    if type(command) not in MAY[role]:
        return state, Refused(Reason.NOT_ALLOWED)
    match command:
        case Interrogate():
            state = field.released(state)
            return state, report(state)
        case ReadStatus():
            state = field.released(state)
            return state, status(state)
        case Query():
            return settled(state, role, command)
    return _once(state, request, command, role, vouched)


def _once(state: PumpState, request: Request, command: Lasting, role: Role, vouched: bool) -> tuple[PumpState, Answer]:
    remembered = recalled(state, role, request.command_id)
    if remembered is not None:
        if isinstance(remembered.outcome, NeverSeen):
            # A query overtook the command and was told that it never came: so it comes too late, for ever.
            return state, Refused(Reason.TOO_LATE)
        return state, remembered.outcome
    due_tick_ms = request.not_after_tick_ms
    room = has_room(state, role)
    reason = _unacceptable(state, role, due_tick_ms, command, room)
    if reason is None and isinstance(command, Commit) and not vouched:
        reason = Reason.SUPERVISOR_REFUSED
    outcome: Staged | Done | Refused
    state, outcome = _tried(state, command, role) if reason is None else _refused(state, command, reason)
    if room and (reason is None or not is_forgotten(state, role, due_tick_ms)):
        return remembering(state, role, request.command_id, outcome), outcome
    if reason in (None, Reason.BUSY):
        # Not remembered. No command that is unknown and due by then acts any more, but for a stop: see ``ring``.
        return forgetting(state, role, due_tick_ms), outcome
    # Refused for ever by its deadline alone. Remembered, it would hide that an earlier copy may have acted.
    return state, outcome


def _unacceptable(state: PumpState, role: Role, due_tick_ms: int, command: Lasting, room: bool) -> Reason | None:
    """Why an id that is not remembered may not act, whatever it asks for; None: it may."""
    if due_tick_ms < state.tick_ms:
        return Reason.TOO_LATE
    if due_tick_ms > state.tick_ms + COMMAND_LIFE_MS:
        return Reason.DEADLINE_TOO_FAR
    if is_before_a_fault(state, due_tick_ms):
        return Reason.MEMORY_FAULT
    if isinstance(command, StopInfusion):
        return None
    if is_forgotten(state, role, due_tick_ms) or not room:
        return Reason.BUSY
    return Reason.BUSY if isinstance(command, Commit) and not may_start(state) else None


def _tried(state: PumpState, command: Lasting, role: Role) -> tuple[PumpState, Staged | Done | Refused]:
    cell = TABLE[situation(state)][type(command)]
    if isinstance(cell, Reason):
        return _refused(state, command, cell)
    if isinstance(cell, Blocked):
        return _refused(state, command, alarms.blocks_boluses(state) or Reason.CRITICAL_ALARM)
    if isinstance(command, Stage | Commit) and (blocked := alarms.blocks_updates(state)) is not None:
        return state, Refused(blocked)
    match command:
        case Stage():
            return staged(state, command)
        case Commit():
            return committed(state, command)
        case StopInfusion():
            return stopped(state)
        case RecordRefill():
            return refilled(state, command)
        case RequestBolus():
            return bolus.requested(state)
        case CancelBolus():
            return cancelled(state)
        case SetClock():
            return clock_set(state, command)
    return _adjusted(state, command, role)


def _adjusted(state: PumpState, command: Tones | SetLibrary, role: Role) -> tuple[PumpState, Done | Refused]:
    match command:
        case SilenceAlarm():
            return silenced(state, command, role)
        case ClearAlarm():
            return alarms.cleared(state, command, role)
        case AlarmTest():
            return tone_tested(state, command)
        case SetAlarmIntervals():
            return intervals_set(state, command)
        case SetLibrary():
            return library_set(state, command)


def _refused(state: PumpState, command: Lasting, reason: Reason) -> tuple[PumpState, Refused]:
    if isinstance(command, RequestBolus):
        return bolus.refused(state, reason)
    return state, Refused(reason)
