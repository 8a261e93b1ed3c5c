"""A loss of power, told when power is back: it is lived through in one step."""

from __future__ import annotations

from thecal.device import LogKind
from thecal.pump.controller.advance import advance
from thecal.pump.controller.alarms import refreshed
from thecal.pump.controller.bolus_end import after_outage
from thecal.pump.controller.events import PowerRestored
from thecal.pump.controller.log import logged
from thecal.pump.controller.state import PumpState
from thecal.pump.strokes import Train


def power_restored(state: PumpState, event: PowerRestored, now_tick_ms: int) -> tuple[PumpState, tuple[Train, ...]]:
    """Run to where power was lost, let the outage pass without strokes or carry, and go on in the program.

    What would have alarmed meanwhile by time alone alarms now. Raises ValueError for an outage that began before the
    state's tick.
    """
    lost_tick_ms = now_tick_ms - event.outage_ms
    if lost_tick_ms < state.tick_ms:
        raise ValueError(f"the outage began before the pump's tick of {state.tick_ms} ms")
    state, trains = advance(state, lost_tick_ms)
    state = after_outage(state, event.outage_ms)._replace(tick_ms=now_tick_ms)
    return refreshed(logged(state, LogKind.POWER_RESTORED, duration_ms=event.outage_ms)), trains
