"""The pump's civil time is set. Limits, lockouts and windows count the tick and do not notice."""

from __future__ import annotations

from thecal.device import Alarm, Done, LogKind, Mode, Reason, Refused, SetClock
from thecal.pump.controller import alarms
from thecal.pump.controller.log import logged
from thecal.pump.controller.schedule import local_ms
from thecal.pump.controller.state import Clock, PumpState
from thecal.pump.strokes import MS_PER_DAY


def clock_set(state: PumpState, command: SetClock) -> tuple[PumpState, Done | Refused]:
    """Take this civil time and offset. Set back, the schedule waits at what it had reached; set forward, it skips.

    Refused while any bolus runs, and by more than a day back while a flex program runs: its rate of this moment would
    be held for as long. (Stopped, or in another mode, no schedule runs, and nothing is held.)
    """
    if state.running_bolus is not None or state.once is not None:
        return state, Refused(Reason.CLOCK_DURING_BOLUS)
    clock = Clock(command.utc_ms - state.tick_ms, command.offset_min)
    if state.program.mode is Mode.FLEX:
        now_ms = local_ms(clock, state.tick_ms)
        reached_ms = max(local_ms(state.clock, state.tick_ms), state.clock.reached_local_ms)
        if reached_ms - now_ms > MS_PER_DAY:
            return state, Refused(Reason.PROGRAM_OUT_OF_RANGE, field="utc_ms")
        clock = clock._replace(reached_local_ms=reached_ms if now_ms < reached_ms else 0)
    state = alarms.ended(state._replace(clock=clock), Alarm.CLOCK_UNCERTAIN)
    return logged(state, LogKind.CLOCK_SET), Done(state.tick_ms)
