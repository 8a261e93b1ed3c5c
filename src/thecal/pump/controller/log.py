"""The pump's log: one entry for each change of state, its sequence strictly rising, chained by hash.

The last 200 entries are kept. When an older one is dropped the chain goes on from its hash, so a gap still shows.
"""

from __future__ import annotations

from thecal.device import Alarm, BolusKind, LogEntry, LogKind, Reason, chained
from thecal.pump.controller.state import LOG_SIZE, PumpState


def logged(
    state: PumpState,
    kind: LogKind,
    volume_nl: int | None = None,
    duration_ms: int | None = None,
    reason: Reason | None = None,
    bolus: BolusKind | None = None,
    alarm: Alarm | None = None,
) -> PumpState:
    """The state with one more entry, at its tick."""
    log, before = state.log, state.log_before
    sequence = log[-1].sequence + 1
    entry = LogEntry(sequence, state.tick_ms, state.utc_ms, kind, volume_nl, duration_ms, reason, bolus, alarm)
    if len(log) == LOG_SIZE:
        before, log = chained(before, log[0]), log[1:]
    return state.with_log((*log, entry), before, chained(state.log_head, entry))
