"""How a running bolus ends: completed, cancelled, or carried over an outage."""

from __future__ import annotations

from thecal.device import LogKind
from thecal.pump.controller.log import logged
from thecal.pump.controller.state import Bolus, PumpState


def completed(state: PumpState, bolus: Bolus) -> PumpState:
    """The running bolus has made its last stroke."""
    return logged(
        _ended(state, bolus),
        LogKind.BOLUS_COMPLETED,
        volume_nl=bolus.strokes * state.identity.descriptor.stroke_nl,
        duration_ms=state.tick_ms - bolus.start_tick_ms,
    )


def cancelled(state: PumpState, made: int | None = None) -> PumpState:
    """Discard what is left of a running bolus, if one runs; the log says what was given (``made`` strokes)."""
    bolus = state.running_bolus
    if bolus is None:
        return state
    strokes = bolus.due_by(state.tick_ms) if made is None else made
    return logged(
        _ended(state, bolus),
        LogKind.BOLUS_CANCELLED,
        volume_nl=strokes * state.identity.descriptor.stroke_nl,
        duration_ms=state.tick_ms - bolus.start_tick_ms,
    )


def after_outage(state: PumpState, outage_ms: int) -> PumpState:
    """Delay what is left by the outage, or cancel it when all its delays together exceed its duration.

    ``state`` stands at the tick at which power was lost.
    """
    bolus = state.running_bolus
    if bolus is None:
        return state
    if bolus.delayed_ms + outage_ms > bolus.duration_ms:
        return cancelled(state)
    delayed = bolus._replace(delayed_ms=bolus.delayed_ms + outage_ms)
    return state._replace(boluses=(*state.boluses[:-1], delayed))


def _ended(state: PumpState, bolus: Bolus) -> PumpState:
    ended = bolus._replace(ended_tick_ms=state.tick_ms)
    return state._replace(boluses=(*state.boluses[:-1], ended))
