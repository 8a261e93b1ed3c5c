"""A program takes effect: at its commit, or later when its delayed start has come."""

from __future__ import annotations

from thecal.device import LogKind, Mode, Program, SoftLimit
from thecal.pump.controller import bridge, once, periodic
from thecal.pump.controller.bolus_end import interrupted
from thecal.pump.controller.delivering import why_no_bolus
from thecal.pump.controller.log import logged
from thecal.pump.controller.numbers import numbers_of
from thecal.pump.controller.state import PumpState
from thecal.pump.controller.window import basal_ended


def started(state: PumpState, program: Program, overrides: tuple[SoftLimit, ...]) -> PumpState:
    """The state in which this program runs from its tick on. The review is the caller's; the carry stays.

    A bolus that still runs ends with the program it belongs to, and what a bridge has left is decided by the new one.
    Logged as committed, or as started when the start was delayed. Whoever ends an alarm with the program ends it
    first: a single or priming bolus that cannot begin is cancelled, a bridge is interrupted before its first stroke.
    """
    delayed = program.begins_utc_ms is not None
    state = logged(state, LogKind.PROGRAM_STARTED if delayed else LogKind.PROGRAM_COMMITTED)
    state = basal_ended(bridge.decided(interrupted(state), program))
    state = with_program(state, program)._replace(overrides=overrides, committed_tick_ms=state.tick_ms)
    if program.once is not None:
        state = once.begun(state, program.once)
        state = state if why_no_bolus(state) is None else interrupted(state)
    if program.periodic is not None:
        state = periodic.begun(state._replace(next_periodic_tick_ms=state.tick_ms))
    return state


def with_program(state: PumpState, program: Program) -> PumpState:
    """The state with another program, the numbers that follow from it, and nothing left of what belonged to the old.

    No bolus may run any more.
    """
    stopped = program.mode is Mode.STOPPED
    since = state.tick_ms if state.stopped_tick_ms is None else state.stopped_tick_ms
    return state._replace(
        program=program,
        numbers=numbers_of(state.identity.descriptor, program),
        overrides=(),
        waiting=None,
        next_periodic_tick_ms=None,
        stopped_tick_ms=since if stopped else None,
    )
