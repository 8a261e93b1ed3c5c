"""A recorded refill: what the pump is told the reservoir holds. What the needle did is the bench's to know."""

from __future__ import annotations

from thecal.device import INFUSING, Done, LogKind, Reason, RecordRefill, Refused
from thecal.pump.controller.alarms import refreshed
from thecal.pump.controller.log import logged
from thecal.pump.controller.state import PumpState, Reservoir


def refilled(state: PumpState, command: RecordRefill) -> tuple[PumpState, Done | Refused]:
    """Take the told volume and fluid for what the reservoir holds; an empty pump goes on in its mode.

    Another fluid is refused while a drug is infused: its doses would be wrong from the first stroke. Stopped or
    at minimum rate it is accepted, and the next program must be written for it.
    """
    if state.once is not None or state.running_bolus is not None:
        return state, Refused(Reason.REFILL_DURING_BOLUS)
    if command.volume_nl > state.identity.descriptor.reservoir_nl:
        return state, Refused(Reason.FILL_TOO_LARGE)
    if state.program.mode in INFUSING and command.components != state.program.components:
        return state, Refused(Reason.FLUID_DIFFERS)
    told = Reservoir(command.volume_nl, command.volume_nl, command.components, state.tick_ms)
    after = logged(state._replace(reservoir=told), LogKind.REFILL_RECORDED, volume_nl=command.volume_nl)
    return refreshed(after), Done(state.tick_ms)
