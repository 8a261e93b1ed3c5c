"""Does the motor turn at all? Asked before any stroke is owed, and before a bolus begins by itself."""

from __future__ import annotations

from thecal.device import Alarm, Mode, Reason
from thecal.pump.controller import alarms
from thecal.pump.controller.state import PumpState


def delivers(state: PumpState) -> bool:
    """Whether strokes are made: not when stopped, empty or held by an alarm (then nothing is owed either)."""
    return state.program.mode is not Mode.STOPPED and not state.empty and not alarms.stops_strokes(state)


def why_no_bolus(state: PumpState) -> Reason | None:
    """Why the motor could not make the strokes of a bolus that begins by itself now; None: it could.

    A stalled motor goes on being asked for basal strokes, whose first ends the stall. A bolus does not wait for that.
    """
    if state.empty:
        return Reason.RESERVOIR_EMPTY
    if not delivers(state):
        return alarms.blocks_boluses(state) or Reason.NOT_INFUSING  # stopped by an alarm, or by a person
    held = state.motor.in_field or alarms.stands(state, Alarm.MOTOR_STALL)
    return Reason.STALLED if held else None
