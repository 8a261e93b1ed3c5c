"""A physician ends the bolus that runs; the program goes on."""

from __future__ import annotations

from thecal.device import BolusKind, Done, Reason, Refused
from thecal.pump.controller.bolus_end import interrupted
from thecal.pump.controller.state import PumpState


def cancelled(state: PumpState) -> tuple[PumpState, Done | Refused]:
    """End the running bolus; what was given counts. A bridge is ended only by a program that decides upon the rest."""
    if state.once is not None and state.once.kind is BolusKind.BRIDGE:
        return state, Refused(Reason.BRIDGE_UNDECIDED)
    if state.once is None and state.running_bolus is None:
        return state, Refused(Reason.NO_BOLUS_RUNNING)
    return interrupted(state), Done(state.tick_ms)
