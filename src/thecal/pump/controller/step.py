"""The whole pump: one event, the next state, and what to do, in order.

At one tick the order is: strokes due, end of a bolus, start of a waiting program, change of the basal rate, start of a
periodic bolus, alarms that come by themselves, then the event. So a stop at the ms of a stroke finds that stroke made,
and a bolus granted now makes its first stroke later.
"""

from __future__ import annotations

from typing import assert_never

from thecal.device import Alarm
from thecal.pump.controller import alarms, battery, field, motor, self_test
from thecal.pump.controller.advance import advance
from thecal.pump.controller.commands import received
from thecal.pump.controller.commit import memory_failed
from thecal.pump.controller.events import (
    Answered,
    BatteryRead,
    ClockUncertain,
    CommandReceived,
    Effect,
    Event,
    Fact,
    FieldEntered,
    FieldLeft,
    LinkAbused,
    LowBatteryReset,
    MemoryCorrected,
    MemoryFaultFound,
    MotorReported,
    PowerRestored,
    SelfTested,
    SupervisorTripped,
    TimePassed,
    Transition,
    UpdatesFailed,
)
from thecal.pump.controller.outage import power_restored
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
        state, trains = power_restored(state, event, now_tick_ms)
        return Transition(state, _strokes(trains))
    recorded_total = state.strokes_total
    state, trains = advance(state, now_tick_ms)
    if isinstance(event, CommandReceived):
        state, reply = received(state, event.request, event.role, event.vouched)
        return Transition(state, (*_strokes(trains), Answered(reply)))
    return Transition(_happened(state, event, recorded_total), _strokes(trains))


def _happened(state: PumpState, fact: Fact, recorded_total: int) -> PumpState:
    """What a fact does to the pump. ``recorded_total`` strokes had been let through before this step."""
    match fact:
        case TimePassed():
            return state
        case MotorReported():
            return motor.reported(state, fact, recorded_total)
        case FieldEntered():
            return field.entered(state)
        case FieldLeft():
            return field.left(state)
        case BatteryRead():
            return battery.read(state, fact)
        case LowBatteryReset():
            return battery.reset(state)
        case SelfTested():
            return self_test.tested(state, fact)
        case MemoryFaultFound():
            return memory_failed(state)
        case MemoryCorrected():
            return alarms.raised(state, Alarm.MEMORY_CORRECTED)
        case ClockUncertain():
            return alarms.raised(state, Alarm.CLOCK_UNCERTAIN)
        case LinkAbused():
            return alarms.raised(state, Alarm.LINK_ABUSE)
        case UpdatesFailed():
            return alarms.raised(state, Alarm.UPDATES_BLOCKED)
        case SupervisorTripped():
            return alarms.halted(motor.refused(state, fact), Alarm.SUPERVISOR_TRIP)
        case _:
            assert_never(fact)


def _strokes(trains: tuple[Train, ...]) -> tuple[Effect, ...]:
    return (Strokes(trains),) if trains else ()
