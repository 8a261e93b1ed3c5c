"""A command the pump has forgotten: its report and its log are read, and what they prove is told. Nothing is guessed.

The pump forgets a result only when its command can no longer act. What is left to find out is whether it acted:
the log proves that it did not, when it reaches back to before the command and holds no such act since, up to its
deadline. It never proves that it did, because its lines name no command: another programmer may have done the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from thecal.device import LogKind, Report
from thecal.programmer.interrogation import Interrogated, Unreadable, interrogate
from thecal.telemetry import Conversation, NoLongerKnown, PendingCommand, Session, let_go

DID_NOT_ACT = (
    "The pump no longer knows this command, but its log reaches back to it and holds no such act: it had no effect, "
    "and it can no longer act."
)
COMPARE = (
    "The pump no longer knows whether it did this. It can no longer act. Compare what the pump runs, its last refill "
    "and its log with what was meant before you go on; this programmer cannot tell."
)
STILL_UNKNOWN = "The pump no longer knows whether it did this, and it could not be interrogated. Ask it again."

_TRACE = MappingProxyType(
    {
        "commit": LogKind.PROGRAM_COMMITTED,
        "stop infusion": LogKind.INFUSION_STOPPED,  # of a stopped pump there is no line, and no effect
        "record refill": LogKind.REFILL_RECORDED,
        "cancel bolus": LogKind.BOLUS_CANCELLED,
        "set clock": LogKind.CLOCK_SET,
        "silence alarm": LogKind.ALARM_SILENCED,
        "clear alarm": LogKind.ALARM_CLEARED,
        "test alarm": LogKind.ALARM_TESTED,
        "set alarm tones": LogKind.ALARM_INTERVALS_SET,
        "set library": LogKind.LIBRARY_SET,
    }
)


@dataclass(frozen=True, slots=True)
class Looked:
    """What the pump's own report says about it. ``did_not_act`` is proof; False means that it may have acted."""

    after: Interrogated
    did_not_act: bool

    @property
    def words(self) -> str:
        """For the clinician."""
        return DID_NOT_ACT if self.did_not_act else COMPARE


def look(session: Session, forgotten: NoLongerKnown) -> Conversation[Looked | Unreadable]:
    """Interrogate, and only then let the command go. Unreadable: it stays unresolved."""
    after = yield from interrogate(session)
    if not isinstance(after, Interrogated):
        return after
    yield from let_go(session, forgotten)
    return Looked(after, after.problem is None and _did_not_act(forgotten.pending, after.report))


def _did_not_act(pending: PendingCommand, report: Report) -> bool:
    trace = _TRACE.get(pending.kind)
    begins = report.log[0] if report.log else None
    if trace is None or begins is None or (begins.sequence != 1 and begins.tick_ms >= pending.tick_ms):
        return False
    since = [entry for entry in report.log if entry.tick_ms >= pending.tick_ms]
    if any(entry.kind is LogKind.MEMORY_FAULT for entry in since):
        return False  # lines may have been lost with the memory
    return not any(entry.kind is trace and entry.tick_ms <= pending.due_tick_ms for entry in since)
