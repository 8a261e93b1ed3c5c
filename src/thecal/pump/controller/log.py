"""The pump's log: one entry for each change of state, its sequence strictly rising, chained by hash.

At least the last 200 entries are kept. Older ones are dropped a page of 64 at a time, and the chain goes on from the
hash at the end of that page, so a gap still shows.
"""

from __future__ import annotations

from thecal.device import Alarm, BolusKind, LogEntry, LogKind, Reason, chained, head_of
from thecal.pump.controller.state import LOG_PAGE, LOG_SIZE, Bolus, PumpState
from thecal.pump.strokes import new


def logged(
    state: PumpState,
    kind: LogKind,
    volume_nl: int | None = None,
    duration_ms: int | None = None,
    reason: Reason | None = None,
    bolus: BolusKind | None = None,
    alarm: Alarm | None = None,
    boluses: tuple[Bolus, ...] | None = None,
) -> PumpState:
    """The state with one more entry, at its tick; and with these grants, where they change by what is entered."""
    log, tick_ms = state.log, state.tick_ms
    if boluses is None:
        boluses = state.boluses
    sequence = log[-1].sequence + 1
    utc_ms = state.clock[0] + tick_ms
    entry = new(LogEntry, (sequence, tick_ms, utc_ms, kind, volume_nl, duration_ms, reason, bolus, alarm))
    last = (entry,)
    head, log = chained(state.log_head, entry), log + last
    if sequence % LOG_PAGE == 0:
        return state._replace(boluses=boluses, log=log, log_head=head, log_marks=(*state.log_marks, head))
    if sequence % LOG_PAGE == LOG_SIZE % LOG_PAGE and log[0].sequence <= sequence - LOG_SIZE:
        before, *marks = state.log_marks
        state = state._replace(log_before=before, log_marks=tuple(marks))
        log = log[-LOG_SIZE:]
    return state._replace(boluses=boluses, log=log, log_head=head)


def latest(state: PumpState) -> tuple[bytes, tuple[LogEntry, ...]]:
    """The last 200 entries, oldest first, and the chained hash of the entry before them."""
    older, told = state.log[:-LOG_SIZE], state.log[-LOG_SIZE:]
    return head_of(state.log_before, older), told


def marks_of(before: bytes, log: tuple[LogEntry, ...]) -> tuple[bytes, ...]:
    """The chained hashes at the ends of the pages in a log that follows on ``before``."""
    marks = []
    for entry in log:
        before = chained(before, entry)
        if entry.sequence % LOG_PAGE == 0:
            marks.append(before)
    return tuple(marks)
