"""The battery: the elective replacement indicator, the end of service, and a reset by a sagging cell.

The cell is not rechargeable, so neither indicator goes back when a later reading is higher. The end of service comes
with an empty cell or 90 days after the indicator (``alarms.refreshed``), whichever is first. It is final.
"""

from __future__ import annotations

from thecal.device import Alarm
from thecal.pump.controller import alarms
from thecal.pump.controller.events import BatteryRead
from thecal.pump.controller.state import PumpState

REPLACEMENT_DUE_PERMILLE = 100  # assumed: the sources give the days left, not the charge


def read(state: PumpState, reading: BatteryRead) -> PumpState:
    """The state after a measurement of the battery."""
    if reading.permille <= REPLACEMENT_DUE_PERMILLE:
        state = alarms.raised(state, Alarm.REPLACEMENT_DUE)
    if reading.permille == 0:
        state = alarms.halted(state, Alarm.END_OF_SERVICE)
    return state


def reset(state: PumpState) -> PumpState:
    """The pump was reset by its battery: nothing is given until a physician programs it. There is no default dose.

    What was staged is lost with the session. The program stays in memory, for whoever looks at what ran.
    """
    return alarms.halted(state._replace(staged=None), Alarm.LOW_BATTERY_RESET)
