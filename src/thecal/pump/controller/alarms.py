"""Standing alarms. They follow from the state; only their beginning is written to the log."""

from __future__ import annotations

from thecal.device import Alarm, LogKind
from thecal.pump.controller.log import logged
from thecal.pump.controller.state import PumpState

_ENTRY = {
    Alarm.LOW_RESERVOIR: LogKind.LOW_RESERVOIR,
    Alarm.EMPTY_RESERVOIR: LogKind.EMPTY_RESERVOIR,
    Alarm.MEMORY_FAULT: LogKind.MEMORY_FAULT,
}


def standing(state: PumpState) -> tuple[Alarm, ...]:
    """The alarm conditions that hold now, in the order of the enumeration."""
    holds = {
        Alarm.LOW_RESERVOIR: state.low,
        Alarm.EMPTY_RESERVOIR: state.empty,
        Alarm.MEMORY_FAULT: state.fault is not None and state.fault.standing,
    }
    return tuple(alarm for alarm in holds if holds[alarm])


def new_alarms_logged(before: PumpState, after: PumpState) -> PumpState:
    """``after`` with an entry for each alarm that did not stand ``before``."""
    already = standing(before)
    for alarm in standing(after):
        if alarm not in already:
            volume_nl = None if alarm is Alarm.MEMORY_FAULT else after.reservoir.volume_nl
            after = logged(after, _ENTRY[alarm], volume_nl=volume_nl)
    return after
