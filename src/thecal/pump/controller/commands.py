"""One authenticated request: role, reading, repeated id, deadline, situation, then the command itself.

The order is fixed and tested: a role that may not ask learns nothing else; a repeated id gets its first answer
even when its deadline has passed; a command that is late, due too far ahead, or one too many is refused before anything
of it is looked at. Readings change nothing that a patient could feel, so they have no deadline and are not remembered.
"""

from __future__ import annotations

from thecal.device import (
    COMMAND_LIFE_MS,
    MAY,
    Answer,
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
    Stage,
    Staged,
    StopInfusion,
)
from thecal.pump.controller import bolus
from thecal.pump.controller.commit import committed, stopped
from thecal.pump.controller.refill import refilled
from thecal.pump.controller.ring import (
    forgetting,
    has_room,
    is_before_a_fault,
    is_forgotten,
    recalled,
    remembering,
    settled,
)
from thecal.pump.controller.staging import staged
from thecal.pump.controller.state import PumpState
from thecal.pump.controller.status import report, status
from thecal.pump.controller.table import TABLE, situation


def received(state: PumpState, request: Request, role: Role) -> tuple[PumpState, Reply]:
    """The state after the request, and the reply to it."""
    state, answer = _answered(state, request, role)
    return state, Reply(request.command_id, state.tick_ms, state.numbers.hash, answer)


def _answered(state: PumpState, request: Request, role: Role) -> tuple[PumpState, Answer]:
    command = request.command
    if type(command) not in MAY[role]:
        return state, Refused(Reason.NOT_ALLOWED)
    match command:
        case Interrogate():
            return state, report(state)
        case ReadStatus():
            return state, status(state)
        case Query():
            return settled(state, role, command)
    return _once(state, request, command, role)


def _once(state: PumpState, request: Request, command: Lasting, role: Role) -> tuple[PumpState, Answer]:
    remembered = recalled(state, role, request.command_id)
    if remembered is not None:
        if isinstance(remembered.outcome, NeverSeen):
            # A query overtook the command and was told that it never came: so it comes too late, for ever.
            return state, Refused(Reason.TOO_LATE)
        return state, remembered.outcome
    due_tick_ms = request.not_after_tick_ms
    reason = _unacceptable(state, role, due_tick_ms)
    outcome: Staged | Done | Refused
    state, outcome = _tried(state, command) if reason is None else _refused(state, command, reason)
    if reason is Reason.BUSY:
        return forgetting(state, role, due_tick_ms), outcome  # not remembered, and yet refused for ever
    if reason is not None and (is_forgotten(state, role, due_tick_ms) or not has_room(state, role)):
        # Refused for ever by its deadline alone. Remembered, it would hide that an earlier copy may have acted.
        return state, outcome
    return remembering(state, role, request.command_id, outcome), outcome


def _unacceptable(state: PumpState, role: Role, due_tick_ms: int) -> Reason | None:
    """Why an id that is not remembered may not act, whatever it asks for; None: it may, and can be remembered."""
    if due_tick_ms < state.tick_ms:
        return Reason.TOO_LATE
    if due_tick_ms > state.tick_ms + COMMAND_LIFE_MS:
        return Reason.DEADLINE_TOO_FAR
    if is_before_a_fault(state, due_tick_ms):
        return Reason.MEMORY_FAULT
    if is_forgotten(state, role, due_tick_ms) or not has_room(state, role):
        return Reason.BUSY
    return None


def _tried(state: PumpState, command: Lasting) -> tuple[PumpState, Staged | Done | Refused]:
    cell = TABLE[situation(state)][type(command)]
    if isinstance(cell, Reason):
        return _refused(state, command, cell)
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


def _refused(state: PumpState, command: Lasting, reason: Reason) -> tuple[PumpState, Refused]:
    if isinstance(command, RequestBolus):
        return bolus.refused(state, reason)
    return state, Refused(reason)
