"""A command left unresolved by an earlier page, process or visit: what became of it, by the pump's own word."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.programmer.ending import UNKNOWN_WORDS
from thecal.programmer.forgotten import STILL_UNKNOWN, Looked, look
from thecal.programmer.session_report import Result
from thecal.programmer.words import not_applied_words
from thecal.telemetry import Applied, Conversation, NoLongerKnown, NotApplied, Session, Unknown
from thecal.telemetry import settle as _settle


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is now known. NOT_VERIFIED: the pump did it, and has to be interrogated to see what it runs."""

    kind: str  # as in PendingCommand.kind
    result: Result
    words: str


def settle(session: Session) -> Conversation[Settlement]:
    """Ask the pump. Raises NothingPending when there is nothing to ask."""
    kind = "" if session.pending is None else session.pending.kind
    outcome = yield from _settle(session)
    match outcome:
        case Applied():
            return Settlement(
                kind, Result.NOT_VERIFIED, f"The pump did it ({kind}). Interrogate it to see what it runs."
            )
        case NotApplied(why):
            return Settlement(kind, Result.NOT_APPLIED, f"Not done ({kind}). {not_applied_words(why)}")
        case Unknown():
            return Settlement(kind, Result.UNKNOWN, UNKNOWN_WORDS)
        case NoLongerKnown():
            looked = yield from look(session, outcome)
            if not isinstance(looked, Looked):
                return Settlement(kind, Result.UNKNOWN, f"{STILL_UNKNOWN} ({looked.words})")
            result = Result.NOT_APPLIED if looked.did_not_act else Result.NO_LONGER_KNOWN
            return Settlement(kind, result, looked.words)
