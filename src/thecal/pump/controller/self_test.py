"""The pump tests itself at its start and every hour; a failure stops it."""

from __future__ import annotations

from thecal.device import Alarm
from thecal.pump.controller import alarms
from thecal.pump.controller.events import SelfTested
from thecal.pump.controller.state import PumpState


def tested(state: PumpState, result: SelfTested) -> PumpState:
    """The state after a self-test. A passed one changes nothing: it does not vouch for what failed before.

    Every failure stops the pump, that of the tone too: a pump that cannot call is not left alone with a drug
    [GIP 3.3.4, 3.4.5: system failure alarm; that the tone is no exception is assumed].
    """
    return state if result.failed is None else alarms.halted(state, Alarm.SELF_TEST_FAILED)
