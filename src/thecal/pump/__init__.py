"""The implant: a controller that decides strokes and a supervisor that lets them through or not.

``step(state, event, now_tick_ms) -> Transition(state, effects)`` is the whole of the controller.
"""

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
from thecal.pump.controller.lookahead import next_event_tick, next_stroke_tick
from thecal.pump.controller.manufacture import manufacture
from thecal.pump.controller.numbers import ProgramNumbers, numbers_of
from thecal.pump.controller.state import (
    AlarmIntervals,
    Bolus,
    Clock,
    EarlierBasal,
    Horizon,
    Identity,
    MemoryFault,
    Motor,
    Outcome,
    PumpState,
    Remembered,
    Reservoir,
    StagedProgram,
    StandingAlarm,
    WaitingProgram,
    checked,
)
from thecal.pump.controller.step import step
from thecal.pump.strokes import Stroke, StrokeKind, Strokes, Train

__all__ = [
    "AlarmIntervals",
    "Answered",
    "Bolus",
    "Clock",
    "CommandReceived",
    "EarlierBasal",
    "Effect",
    "Event",
    "Horizon",
    "Identity",
    "MemoryFault",
    "MemoryFaultFound",
    "Motor",
    "Outcome",
    "PowerRestored",
    "ProgramNumbers",
    "PumpState",
    "Remembered",
    "Reservoir",
    "StagedProgram",
    "StandingAlarm",
    "Stroke",
    "StrokeKind",
    "Strokes",
    "TimePassed",
    "Train",
    "Transition",
    "WaitingProgram",
    "checked",
    "manufacture",
    "next_event_tick",
    "next_stroke_tick",
    "numbers_of",
    "step",
]
