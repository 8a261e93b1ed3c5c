"""The pump's log: one entry for each change of state, its sequence strictly rising, the last 200 kept."""

from __future__ import annotations

from dataclasses import replace

from thecal.device import LogEntry, LogKind, Reason
from thecal.pump.controller.state import LOG_SIZE, PumpState


def logged(
    state: PumpState,
    kind: LogKind,
    volume_nl: int | None = None,
    duration_ms: int | None = None,
    reason: Reason | None = None,
) -> PumpState:
    """The state with one more entry, at its tick."""
    entry = LogEntry(state.log[-1].sequence + 1, state.tick_ms, state.utc_ms, kind, volume_nl, duration_ms, reason)
    return replace(state, log=(*state.log, entry)[-LOG_SIZE:])
