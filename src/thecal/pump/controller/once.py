"""Single, priming and bridge bolus: given once, in the place of the basal flow, when their program starts.

While one runs the basal owes nothing: the carry is kept, the flex clock runs on, and what is missed is not made up
(design, decision 6). Then the mode runs. Its strokes lower the reservoir; they count neither as bolus strokes nor in
the program's window of 24 h.
"""

from __future__ import annotations

from thecal.device import BolusKind, LogKind, OnceBolus, Reason
from thecal.pump.controller.log import logged
from thecal.pump.controller.state import Bolus, PumpState

RUNNING = {
    BolusKind.SINGLE: Reason.SINGLE_RUNNING,
    BolusKind.PRIMING: Reason.PRIMING_RUNNING,
    BolusKind.BRIDGE: Reason.BRIDGE_RUNNING,
}


def begun(state: PumpState, wanted: OnceBolus) -> PumpState:
    """The once bolus of the program begins at this tick; its first stroke falls later."""
    strokes = state.numbers.once_strokes
    state = state._replace(once=Bolus(state.tick_ms, wanted.duration_ms, strokes, kind=wanted.kind))
    volume_nl = strokes * state.identity.descriptor.stroke_nl
    return logged(state, LogKind.BOLUS_STARTED, volume_nl, wanted.duration_ms, bolus=wanted.kind)
