"""What a pump is doing: exactly one situation, which follows from the state and is never stored beside it.

What wins when several hold: end of service, fault, stopped, telemetry mode, stall, empty, the bolus that runs, mode.
"""

from __future__ import annotations

from enum import Enum

from thecal.device import Alarm, BolusKind, Mode
from thecal.pump.controller.alarm_table import STOPS_STROKES
from thecal.pump.controller.state import PumpState


class Situation(Enum):
    """What a pump is doing."""

    STOPPED = "stopped"
    MINIMUM_RATE = "minimum rate"
    SIMPLE_CONTINUOUS = "simple continuous"
    FLEX = "flex"
    PERIODIC_BOLUS = "between periodic boluses"
    BOLUS = "bolus on top"
    SINGLE = "single bolus"
    PRIMING = "priming bolus"
    BRIDGE = "bridge bolus"
    EMPTY = "empty"
    STALLED = "motor stalled"
    TELEMETRY_LOCKED = "telemetry mode"
    FAULT = "fault"
    END_OF_SERVICE = "end of service"


_FAULTS = STOPS_STROKES - {Alarm.EMPTY_RESERVOIR, Alarm.END_OF_SERVICE}  # strokes stand until a program is committed
_MODES = {
    Mode.STOPPED: Situation.STOPPED,
    Mode.MINIMUM_RATE: Situation.MINIMUM_RATE,
    Mode.SIMPLE_CONTINUOUS: Situation.SIMPLE_CONTINUOUS,
    Mode.FLEX: Situation.FLEX,
    Mode.PERIODIC_BOLUS: Situation.PERIODIC_BOLUS,
}
_STOPPED = Situation.STOPPED
_ONCE = {
    BolusKind.SINGLE: Situation.SINGLE,
    BolusKind.PRIMING: Situation.PRIMING,
    BolusKind.BRIDGE: Situation.BRIDGE,
}


def situation(state: PumpState) -> Situation:
    """The one situation this state is in."""
    standing = [each.alarm for each in state.alarms]
    if not standing and not state.motor.telemetry_locked:
        return _undisturbed(state)
    if Alarm.END_OF_SERVICE in standing:
        return Situation.END_OF_SERVICE
    if not _FAULTS.isdisjoint(standing):
        return Situation.FAULT
    if state.program.mode is Mode.STOPPED:
        return Situation.STOPPED
    if state.motor.telemetry_locked:
        return Situation.TELEMETRY_LOCKED
    if Alarm.MOTOR_STALL in standing:
        return Situation.STALLED
    return _undisturbed(state)


def _undisturbed(state: PumpState) -> Situation:
    """What it is doing where no fault, stall or magnet has a say."""
    mode = _MODES[state.program.mode]
    if mode is _STOPPED:
        return mode
    if state.empty:
        return Situation.EMPTY
    if state.once is not None:
        return _ONCE[state.once.kind]
    return mode if state.running_bolus is None else Situation.BOLUS
