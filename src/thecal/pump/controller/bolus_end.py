"""How a running bolus ends: completed, cut short, or carried over an outage. At most one runs, of whatever kind.

What is left of a patient, periodic, single or priming bolus is discarded. A bridge bolus keeps its position: cut
short it is *interrupted*, and the next program says what becomes of the rest.
"""

from __future__ import annotations

from thecal.device import BolusKind, LogKind
from thecal.pump.controller.log import logged
from thecal.pump.controller.state import Bolus, PumpState

_COMPLETED = LogKind.BOLUS_COMPLETED


def completed(state: PumpState, bolus: Bolus) -> PumpState:
    """The running bolus has made its last stroke."""
    start_tick_ms, duration_ms, strokes, delayed_ms, _, kind = bolus
    volume_nl, lasted_ms = strokes * state.numbers.stroke_nl, state.tick_ms - start_tick_ms
    if state.once is not None:
        return logged(state._replace(once=None), _COMPLETED, volume_nl, lasted_ms, None, kind)
    ended = Bolus(start_tick_ms, duration_ms, strokes, delayed_ms, state.tick_ms, kind)
    return logged(state, _COMPLETED, volume_nl, lasted_ms, None, kind, boluses=(*state.boluses[:-1], ended))


def interrupted(state: PumpState, made: int | None = None) -> PumpState:
    """Whatever bolus runs ends now; nothing changes when none does. The log says what was given (``made`` strokes).

    ``made`` is told when the reservoir had no stroke for one that was due; otherwise all that are due were made.
    """
    bolus = state.once or state.running_bolus
    if bolus is None:
        return state
    given = bolus.due_by(state.tick_ms) if made is None else made
    kind = LogKind.BOLUS_CANCELLED
    state = _ended(state, bolus)
    if bolus.kind is BolusKind.BRIDGE:
        kind = LogKind.BRIDGE_INTERRUPTED
        state = state._replace(bridge_left=bolus.strokes - given)
    volume_nl = given * state.identity.descriptor.stroke_nl
    return logged(state, kind, volume_nl, state.tick_ms - bolus.start_tick_ms, bolus=bolus.kind)


def after_outage(state: PumpState, outage_ms: int) -> PumpState:
    """Delay what is left by the outage. All but a bridge are cancelled when their delays exceed their duration.

    A bridge goes on where it was, however long the outage. ``state`` stands at the tick at which power was lost.
    """
    bolus = state.once or state.running_bolus
    if bolus is None:
        return state
    delayed_ms = bolus.delayed_ms + outage_ms
    if bolus.kind is not BolusKind.BRIDGE and delayed_ms > bolus.duration_ms:
        return interrupted(state)
    return _with(state, bolus._replace(delayed_ms=delayed_ms))


def _ended(state: PumpState, bolus: Bolus) -> PumpState:
    if state.once is not None:
        return state._replace(once=None)
    return _with(state, bolus._replace(ended_tick_ms=state.tick_ms))


def _with(state: PumpState, bolus: Bolus) -> PumpState:
    if state.once is not None:
        return state._replace(once=bolus)
    return state._replace(boluses=(*state.boluses[:-1], bolus))
