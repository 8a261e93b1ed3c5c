"""A delayed start: a committed program waits for its time on the pump's clock; until then the old one runs.

The clock may be set meanwhile, and the moment moves with it. A moment that passed without power, or was skipped by
setting the clock, has come as soon as the pump runs again.
"""

from __future__ import annotations

from thecal.device import Alarm
from thecal.pump.controller import alarms
from thecal.pump.controller.staging import first_refusal
from thecal.pump.controller.starting import started
from thecal.pump.controller.state import PumpState


def start_tick(state: PumpState) -> int | None:
    """When the waiting program starts, if the clock is not set before; None: none waits."""
    if state.waiting is None or state.waiting.program.begins_utc_ms is None:
        return None
    return max(state.tick_ms, state.waiting.program.begins_utc_ms - state.clock.utc_at_tick_zero_ms)


def begun(state: PumpState) -> PumpState:
    """The state after a waiting program whose time has come: it runs, or an alarm says that it does not.

    The pump reviews it once more. What no longer fits (fluid, limits, a bridge left open, strokes held by an alarm)
    does not start, and the old program runs on.
    """
    held = state.waiting
    if held is None or start_tick(state) != state.tick_ms:
        return state
    state = state._replace(waiting=None)
    # A reservoir that this ms has emptied is alarmed only after what begins.
    stands_still = state.empty or alarms.stops_strokes(state)
    if stands_still or first_refusal(state, held.program, None) is not None:
        return alarms.raised_again(state, Alarm.PROGRAM_NOT_STARTED)
    return started(alarms.ended(state, Alarm.PROGRAM_NOT_STARTED), held.program, held.overrides)
