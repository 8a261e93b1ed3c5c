"""When something next happens by itself, for whoever drives the pump from event to event."""

from __future__ import annotations

from thecal.pump.controller.advance import delivers
from thecal.pump.controller.numbers import owed_per_day
from thecal.pump.controller.schedule import pace, pace_at
from thecal.pump.controller.state import PumpState
from thecal.pump.strokes import MS_PER_DAY, NL_MS_PER_NL


def next_stroke_tick(state: PumpState) -> int | None:
    """The tick of the next stroke if nothing but time happens; None: there will be none."""
    if not delivers(state):
        return None
    basal, bolus = _next_basal(state), _next_of_bolus(state)
    if basal is None or bolus is None:
        return bolus if basal is None else basal
    return min(basal, bolus)


def next_event_tick(state: PumpState) -> int | None:
    """The tick of the next stroke or change of the basal rate; None: nothing will happen by itself.

    The end of a bolus and the alarms of the reservoir fall on strokes.
    """
    stroke = next_stroke_tick(state)
    if not delivers(state):
        return None
    change = pace(state).changes_at_tick_ms
    if stroke is None or change is None:
        return change if stroke is None else stroke
    return min(stroke, change)


def _next_basal(state: PumpState) -> int | None:
    per_day = owed_per_day(state.identity.descriptor, state.program)
    if per_day == 0:
        return None
    missing = state.identity.descriptor.stroke_nl * NL_MS_PER_NL - state.carry
    # Whole days without a stroke are skipped at once; then fewer than two days of steps are left to walk.
    days = (missing - 1) // per_day
    tick_ms, missing = state.tick_ms + days * MS_PER_DAY, missing - days * per_day
    while True:
        rate, changes_at_tick_ms = pace_at(state, tick_ms)
        due_tick_ms = None if rate == 0 else tick_ms - (-missing // rate)
        if changes_at_tick_ms is None or (due_tick_ms is not None and due_tick_ms <= changes_at_tick_ms):
            return due_tick_ms
        missing -= rate * (changes_at_tick_ms - tick_ms)
        tick_ms = changes_at_tick_ms


def _next_of_bolus(state: PumpState) -> int | None:
    bolus = state.running_bolus
    if bolus is None:
        return None
    k = bolus.due_by(state.tick_ms) + 1
    return bolus.start_tick_ms + bolus.delayed_ms - (-k * bolus.duration_ms // bolus.strokes)
