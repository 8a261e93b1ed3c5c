"""Does the motor turn at all? Asked before any stroke is owed, and before a bolus begins by itself."""

from __future__ import annotations

from thecal.device import Mode
from thecal.pump.controller import alarms
from thecal.pump.controller.state import PumpState


def delivers(state: PumpState) -> bool:
    """Whether strokes are made: not when stopped, empty or held by an alarm (then nothing is owed either)."""
    return state.program.mode is not Mode.STOPPED and not state.empty and not alarms.stops_strokes(state)
