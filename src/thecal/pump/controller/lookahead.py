"""When something next happens by itself, for whoever drives the pump from event to event."""

from __future__ import annotations

from thecal.pump.controller import alarms, waiting
from thecal.pump.controller.advance import advance
from thecal.pump.controller.delivering import delivers, why_no_bolus
from thecal.pump.controller.numbers import MS_PER_WEEK
from thecal.pump.controller.schedule import pace, pace_at
from thecal.pump.controller.state import Bolus, PumpState


def next_stroke_tick(state: PumpState) -> int | None:
    """The tick of the next stroke if nothing but time happens; None: there will be none."""
    while True:
        stroke = _next_stroke(state) if delivers(state) else None
        # A periodic bolus that would be skipped, and the next, and so on, brings no stroke: only an event does.
        begins = [waiting.start_tick(state), state.next_periodic_tick_ms if why_no_bolus(state) is None else None]
        first = min((tick_ms for tick_ms in begins if tick_ms is not None), default=None)
        if first is None or (stroke is not None and stroke <= first):
            return stroke
        # A program or a periodic bolus begins before it, and changes what comes. Each gives a stroke or is the last.
        state, _ = advance(state, first)


def next_event_tick(state: PumpState) -> int | None:
    """The next tick at which anything may happen by itself; None: nothing will.

    That is a stroke, a change of the basal rate, the start of a periodic bolus or of a waiting program, or an alarm
    that comes with time. The end of a bolus and the alarms of the reservoir fall on strokes.
    """
    ticks = [waiting.start_tick(state), state.next_periodic_tick_ms, alarms.next_tick(state)]
    if delivers(state):
        ticks += [_next_stroke(state), None if state.once is not None else pace(state).changes_at_tick_ms]
    return min((tick_ms for tick_ms in ticks if tick_ms is not None), default=None)


def _next_stroke(state: PumpState) -> int | None:
    """The next stroke of what runs now."""
    if state.once is not None:
        return _next_of(state.once, state.tick_ms)
    running, basal = state.running_bolus, _next_basal(state)
    if running is None:
        return basal
    bolus = _next_of(running, state.tick_ms)
    return bolus if basal is None else min(basal, bolus)


def _next_of(bolus: Bolus, tick_ms: int) -> int:
    k = bolus.due_by(tick_ms) + 1
    return bolus.start_tick_ms + bolus.delayed_ms - (-k * bolus.duration_ms // bolus.strokes)


def _next_basal(state: PumpState) -> int | None:
    """The next basal stroke, if the program and the clock stay as they are."""
    missing = state.numbers.stroke_owed - state.carry
    rate, changes_at_tick_ms = pace(state)
    tick_ms = state.tick_ms
    weeks = -1  # not skipped yet: first comes what is left of the running slot, which a clock set back may prolong
    while True:
        due_tick_ms = None if rate == 0 else tick_ms - (-missing // rate)
        if changes_at_tick_ms is None or (due_tick_ms is not None and due_tick_ms <= changes_at_tick_ms):
            return due_tick_ms
        missing -= rate * (changes_at_tick_ms - tick_ms)
        tick_ms = changes_at_tick_ms
        if weeks < 0:
            if state.numbers.owed_per_week == 0:
                return None
            # Whole weeks without a stroke are skipped at once; then at most one week and one slot is left to walk.
            weeks = (missing - 1) // state.numbers.owed_per_week
            missing -= weeks * state.numbers.owed_per_week
            tick_ms += weeks * MS_PER_WEEK
        rate, changes_at_tick_ms = pace_at(state, tick_ms)
