"""Periodic boluses: the first when the program starts, then one every interval of the pump's tick.

The interval is counted from the start of the program, whatever happened since. A bolus that cannot begin at its tick
is skipped whole and never made up: the pump is stopped, empty, stalled, without power, gives another bolus, has not
finished the one before, which an outage delayed, or would pass the program's limit of 24 h together with the boluses
before it.
"""

from __future__ import annotations

from thecal.device import BolusKind, LogKind, PeriodicBolus, Reason
from thecal.pump.controller.delivering import why_no_bolus
from thecal.pump.controller.log import logged
from thecal.pump.controller.once import RUNNING
from thecal.pump.controller.state import Bolus, PumpState
from thecal.pump.controller.window import granted, periodic_volume_used_nl


def begun(state: PumpState) -> PumpState:
    """The state after the periodic boluses due at or before its tick; nothing changes when none is due."""
    due_tick_ms, periodic = state.next_periodic_tick_ms, state.program.periodic
    if due_tick_ms is None or periodic is None or due_tick_ms > state.tick_ms:
        return state
    without_power = -(-(state.tick_ms - due_tick_ms) // periodic.interval_ms)
    if without_power:
        state = _skipped(state, without_power, None)
        due_tick_ms += without_power * periodic.interval_ms
    if due_tick_ms > state.tick_ms:
        return state._replace(next_periodic_tick_ms=due_tick_ms)
    state = state._replace(next_periodic_tick_ms=due_tick_ms + periodic.interval_ms)
    reason = _why_not(state, periodic)
    return _granted(state, periodic) if reason is None else _skipped(state, 1, reason)


def _granted(state: PumpState, periodic: PeriodicBolus) -> PumpState:
    strokes = state.numbers.periodic_strokes
    bolus = Bolus(state.tick_ms, periodic.duration_ms, strokes, kind=BolusKind.PERIODIC)
    state = granted(state, bolus)
    volume_nl = strokes * state.identity.descriptor.stroke_nl
    return logged(state, LogKind.BOLUS_STARTED, volume_nl, periodic.duration_ms, bolus=BolusKind.PERIODIC)


def _skipped(state: PumpState, number: int, reason: Reason | None) -> PumpState:
    volume_nl = number * state.numbers.periodic_strokes * state.identity.descriptor.stroke_nl
    return logged(state, LogKind.BOLUS_SKIPPED, volume_nl, reason=reason, bolus=BolusKind.PERIODIC)


def _why_not(state: PumpState, periodic: PeriodicBolus) -> Reason | None:
    held = why_no_bolus(state)
    if held is not None:
        return held
    if state.once is not None:
        return RUNNING[state.once.kind]
    if state.running_bolus is not None:
        return Reason.BOLUS_RUNNING
    strokes = state.numbers.periodic_strokes
    used_nl = periodic_volume_used_nl(state, strokes, periodic.duration_ms)
    needed_nl = used_nl + strokes * state.identity.descriptor.stroke_nl
    return Reason.VOLUME_LIMIT_REACHED if needed_nl > state.program.volume_limit_nl_per_24h else None
