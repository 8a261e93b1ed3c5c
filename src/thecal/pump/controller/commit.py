"""A program takes effect or ends: commit by hash, stop, memory fault."""

from __future__ import annotations

from dataclasses import replace

from thecal.device import Commit, Done, LogKind, Mode, Program, Reason, Refused, program_hash
from thecal.pump.controller.alarms import new_alarms_logged
from thecal.pump.controller.bolus_end import cancelled
from thecal.pump.controller.log import logged
from thecal.pump.controller.numbers import numbers_of
from thecal.pump.controller.staging import CONFIRM_WITHIN_MS, first_refusal
from thecal.pump.controller.state import MemoryFault, PumpState
from thecal.pump.controller.window import basal_ended


def committed(state: PumpState, command: Commit) -> tuple[PumpState, Done | Refused]:
    """Make the staged program the active one: named by its hash, in time, and still right for this pump.

    The review of the staging is repeated, because a stop or a refill may have come between. The carry stays.
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
    after = with_program(basal_ended(state), held.program)._replace(
        staged=None,
        committed_tick_ms=state.tick_ms,
        fault=None if state.fault is None else state.fault._replace(standing=False),
    )
    return new_alarms_logged(state, logged(after, LogKind.PROGRAM_COMMITTED)), Done(state.tick_ms)


def stopped(state: PumpState) -> tuple[PumpState, Done]:
    """Stop all delivery; a running bolus is cancelled. Stopping a stopped pump changes nothing and is done."""
    if state.program.mode is not Mode.STOPPED:
        after = with_program(basal_ended(cancelled(state)), _stopped(state.program))
        state = logged(after, LogKind.INFUSION_STOPPED)
    return state, Done(state.tick_ms)


def memory_failed(state: PumpState) -> PumpState:
    """Stop with a critical alarm. Nothing that was to come is kept: no bolus, no staged program, no carry.

    There is no default dose. Only a physician's commit of a whole program ends it; boluses wait 24 h longer,
    because what was granted before can no longer be vouched for.
    """
    after = with_program(basal_ended(cancelled(state)), _stopped(state.program))._replace(
        staged=None,
        carry=0,
        fault=MemoryFault(state.tick_ms, standing=True),
    )
    return new_alarms_logged(state._replace(fault=None), after)


def with_program(state: PumpState, program: Program) -> PumpState:
    """The state with another program, and with the numbers that follow from it."""
    return state._replace(program=program, numbers=numbers_of(state.identity.descriptor, program))


def _stopped(program: Program) -> Program:
    return replace(
        program,
        mode=Mode.STOPPED,
        steps=(),
        patient_bolus=None,
        stated_daily_dose_ng=(0,) * len(program.components),
    )
