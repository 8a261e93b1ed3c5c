"""The implant's controller: whole strokes with exact carry, boluses under limits, programs that take effect once.

``step(state, event, now_tick_ms) -> Transition(state, effects)`` is the whole of it.
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
from thecal.pump.controller.state import (
    Bolus,
    EarlierBasal,
    Horizon,
    Identity,
    MemoryFault,
    Outcome,
    PumpState,
    Remembered,
    Reservoir,
    StagedProgram,
    manufacture,
)
from thecal.pump.controller.step import step
from thecal.pump.strokes import Stroke, StrokeKind, Strokes, Train

__all__ = [
    "Answered",
    "Bolus",
    "CommandReceived",
    "EarlierBasal",
    "Effect",
    "Event",
    "Horizon",
    "Identity",
    "MemoryFault",
    "MemoryFaultFound",
    "Outcome",
    "PowerRestored",
    "PumpState",
    "Remembered",
    "Reservoir",
    "StagedProgram",
    "Stroke",
    "StrokeKind",
    "Strokes",
    "TimePassed",
    "Train",
    "Transition",
    "manufacture",
    "next_event_tick",
    "next_stroke_tick",
    "step",
]
