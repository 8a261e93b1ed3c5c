"""Stop of all infusion: always possible, always read back."""

from __future__ import annotations

from thecal.device import Mode
from thecal.programmer.comparison import Compared
from thecal.programmer.ending import end
from thecal.programmer.interrogation import Interrogated
from thecal.programmer.session_report import Act, Outline, SessionReport
from thecal.telemetry import Conversation, Session
from thecal.telemetry import settle as _settle
from thecal.telemetry import stop_infusion as _stop_infusion

DONE = "The pump has stopped; it was read back. Restarting needs a reviewed program."


def stop(session: Session, found: Interrogated, by: str) -> Conversation[SessionReport]:
    """Stop all delivery at once. An unresolved command is settled first, never in the way."""
    outcome = yield from _stop_infusion(session)
    return (yield from end(session, Outline(Act.STOP, by, found), outcome, _is_stopped, DONE))


def settle_stop(session: Session, found: Interrogated, by: str) -> Conversation[SessionReport]:
    """Ask the pump what became of a stop whose answer was lost. Raises NothingPending."""
    outcome = yield from _settle(session)
    return (yield from end(session, Outline(Act.STOP, by, found), outcome, _is_stopped, DONE))


def _is_stopped(after: Interrogated) -> tuple[Compared, ...]:
    mode = after.report.program.mode
    return (Compared("mode", Mode.STOPPED.value, mode.value, mode is Mode.STOPPED),)
