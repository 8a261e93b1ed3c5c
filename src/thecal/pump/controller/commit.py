"""A program is committed by hash, or ends: stop, memory fault."""

from __future__ import annotations

from dataclasses import replace

from thecal.device import Alarm, Commit, Done, LogKind, Mode, Program, Reason, Refused, program_hash
from thecal.pump.controller import alarms
from thecal.pump.controller.bolus_end import interrupted
from thecal.pump.controller.log import logged
from thecal.pump.controller.staging import CONFIRM_WITHIN_MS, first_refusal
from thecal.pump.controller.starting import started, with_program
from thecal.pump.controller.state import MemoryFault, PumpState, StagedProgram, WaitingProgram
from thecal.pump.controller.window import basal_ended


def committed(state: PumpState, command: Commit) -> tuple[PumpState, Done | Refused]:
    """Make the staged program the active one: named by its hash, in time, and still right for this pump.

    The review of the staging is repeated, because a stop or a refill may have come between. The carry stays. A program
    with a delayed start waits, and the one before runs until then.
    """
    held = state.staged
    if held is None:
        return state, Refused(Reason.NOTHING_STAGED)
    if state.tick_ms - held.tick_ms > CONFIRM_WITHIN_MS:
        return state._replace(staged=None), Refused(Reason.CONFIRMATION_EXPIRED)
    if program_hash(held.program) != command.staged_hash:
        return state, Refused(Reason.STAGED_DIFFERS)
    refusal = first_refusal(state, held.program, held.based_on)
    if refusal is not None:
        return state, refusal
    if command.acknowledged != held.soft_limits:
        return state, Refused(Reason.ACKNOWLEDGEMENT_MISSING)
    return _taken(state._replace(staged=None), held), Done(state.tick_ms)


def _taken(state: PumpState, held: StagedProgram) -> PumpState:
    begins_utc_ms = held.program.begins_utc_ms
    if begins_utc_ms is not None:
        state = logged(state, LogKind.PROGRAM_COMMITTED)
        if begins_utc_ms > state.utc_ms:
            return state._replace(waiting=WaitingProgram(held.program, held.soft_limits))
    # What stopped all strokes until a physician looked ends first, so that a bolus of the program can begin.
    return alarms.refreshed(started(alarms.ended_by_commit(state), held.program, held.soft_limits))


def stopped(state: PumpState) -> tuple[PumpState, Done]:
    """Stop all delivery; a running bolus ends and a waiting program is dropped.

    Stopping a stopped pump for which nothing waits changes nothing and is done.
    """
    if state.program.mode is not Mode.STOPPED or state.waiting is not None:
        state = alarms.refreshed(logged(_halted(state), LogKind.INFUSION_STOPPED))
    return state, Done(state.tick_ms)


def memory_failed(state: PumpState) -> PumpState:
    """Stop with a critical alarm. Nothing that was to come is kept: no bolus, no staged or waiting program, no carry.

    There is no default dose. Only a physician's commit of a whole program ends it; boluses wait 24 h longer,
    because what was granted before can no longer be vouched for. An unfinished bridge must still be decided upon.
    """
    after = _halted(state)._replace(
        staged=None,
        carry=0,
        fault=MemoryFault(state.tick_ms, standing=True),
        stopped_tick_ms=state.stopped_tick_ms,  # no person stopped it: there is nothing to be reminded of
    )
    return alarms.refreshed(alarms.raised_again(after, Alarm.MEMORY_FAULT))  # again: it prolongs the wait for boluses


def _halted(state: PumpState) -> PumpState:
    """No bolus, nothing waiting, nothing acknowledged: the active program becomes a stopped one."""
    return with_program(basal_ended(interrupted(state)), _stopped(state.program))


def _stopped(program: Program) -> Program:
    return replace(
        program,
        mode=Mode.STOPPED,
        steps=(),
        patient_bolus=None,
        periodic=None,
        once=None,
        bridge_left=None,
        begins_utc_ms=None,
        stated_daily_dose_ng=(0,) * len(program.components),
    )
