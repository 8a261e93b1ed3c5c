"""The whole pump: one event, the next state, and what to do, in order.

At one tick the order is: strokes due (basal before bolus), end of a bolus, alarms of the reservoir, then the event.
So a stop at the ms of a stroke finds that stroke made, and a bolus granted now makes its first stroke later.
"""

from __future__ import annotations

from typing import assert_never

from thecal.device import LogKind
from thecal.pump.controller.advance import advance
from thecal.pump.controller.bolus_end import after_outage
from thecal.pump.controller.commands import received
from thecal.pump.controller.commit import memory_failed
from thecal.pump.controller.events import (
    Answered,
    CommandReceived,
    Effect,
    Event,
    MemoryFaultFound,
    PowerRestored,
    TimePassed,
    Transition,
)
from thecal.pump.controller.log import logged
from thecal.pump.controller.state import PumpState
from thecal.pump.strokes import Strokes, Train


def step(state: PumpState, event: Event, now_tick_ms: int) -> Transition:
    """Apply one event at ``now_tick_ms``, after all strokes due by then.

    Pure. Effects: at most one Strokes, then at most one Answered. Stepping over any time equals stepping over any
    partition of it. Raises ValueError when the tick would go back, or when power returns from an outage that began
    before the state's tick: both mean that the caller lost part of the pump's memory.
    """
    if type(now_tick_ms) is not int or now_tick_ms < state.tick_ms:
        raise ValueError(f"the pump's tick never goes back: it is {state.tick_ms} ms")
    if isinstance(event, PowerRestored):
        return _power_restored(state, event, now_tick_ms)
    state, trains = advance(state, now_tick_ms)
    effects: tuple[Effect, ...] = _strokes(trains)
    match event:
        case TimePassed():
            pass
        case CommandReceived(request, role):
            state, reply = received(state, request, role)
            effects = (*effects, Answered(reply))
        case MemoryFaultFound():
            state = memory_failed(state)
        case _:
            assert_never(event)
    return Transition(state, effects)


def _power_restored(state: PumpState, event: PowerRestored, now_tick_ms: int) -> Transition:
    """Run to where power was lost, let the outage pass without strokes or carry, and go on in the program."""
    lost_tick_ms = now_tick_ms - event.outage_ms
    if lost_tick_ms < state.tick_ms:
        raise ValueError(f"the outage began before the pump's tick of {state.tick_ms} ms")
    state, trains = advance(state, lost_tick_ms)
    state = after_outage(state, event.outage_ms)._replace(tick_ms=now_tick_ms)
    state = logged(state, LogKind.POWER_RESTORED, duration_ms=event.outage_ms)
    return Transition(state, _strokes(trains))


def _strokes(trains: tuple[Train, ...]) -> tuple[Effect, ...]:
    return (Strokes(trains),) if trains else ()
