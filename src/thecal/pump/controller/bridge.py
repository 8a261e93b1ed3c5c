"""What becomes of an unfinished bridge bolus when a program takes effect: continued, given anew, or given up.

The position of a bridge is what matters clinically: the old fluid still lies in tubing and catheter as far as the
bridge has not moved it out. So it is neither dropped in silence nor begun again by itself [programmable-pumps, 3.2].
"""

from __future__ import annotations

from thecal.device import BolusKind, BridgeLeft, LogKind, Program
from thecal.pump.controller.log import logged
from thecal.pump.controller.state import PumpState


def decided(state: PumpState, program: Program) -> PumpState:
    """Carry out the decision of this program about an interrupted bridge; without one, nothing changes.

    Continued, the program's own bridge holds what was left: the review of the program made sure of it.
    """
    if state.bridge_left is None:
        return state
    if program.bridge_left is not BridgeLeft.CONTINUE:
        state = logged(state, LogKind.BOLUS_CANCELLED, bolus=BolusKind.BRIDGE)
    return state._replace(bridge_left=None)
