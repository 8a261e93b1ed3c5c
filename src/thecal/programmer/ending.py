"""How an act ends: from the outcome of its command to a verified, failed or unknown report.

An act is *verified* only when the pump has been interrogated again afterwards and says the same. A lost answer makes
it *unknown*; nothing is guessed, and the same ending runs again from what ``settle`` learns. What the pump itself has
forgotten is *no longer known*, unless its log proves that nothing was done.
"""

from __future__ import annotations

from collections.abc import Callable

from thecal.programmer.comparison import Compared, agree
from thecal.programmer.forgotten import STILL_UNKNOWN, Looked, look
from thecal.programmer.interrogation import Interrogated, interrogate
from thecal.programmer.session_report import Outline, Result, SessionReport
from thecal.programmer.words import not_applied_words
from thecal.telemetry import Applied, Conversation, NoLongerKnown, NotApplied, Outcome, Session, Unknown

UNKNOWN_WORDS = (
    "It is not known whether the pump did it: the answer was lost. Ask the pump; nothing else can be sent before that."
)
UNRESOLVED_WORDS = "What became of an earlier command is not known. Ask the pump first; nothing else can be sent."
NOT_READ_BACK = "The pump did it, but could not be read back. Interrogate it before the patient leaves."
DIFFERS = "The pump did it, but what it reports now differs. Do not rely on the program; interrogate and review again."

Compare = Callable[[Interrogated], tuple[Compared, ...]]


def end(
    session: Session, outline: Outline, outcome: Outcome | NoLongerKnown, compare: Compare, done: str
) -> Conversation[SessionReport]:
    """The report for an outcome; an applied one is read back and compared first."""
    match outcome:
        case NotApplied(why):
            return outline.ended(Result.NOT_APPLIED, not_applied_words(why), session.latest_tick_ms)
        case Unknown(pending):
            tick = session.latest_tick_ms
            return outline.ended(Result.UNKNOWN, UNKNOWN_WORDS, tick, pending_id=pending.command_id)
        case Applied(at_tick_ms):
            return (yield from read_back(session, outline, at_tick_ms, compare, done))
        case NoLongerKnown():
            return (yield from _forgotten(session, outline, outcome, compare))


def read_back(
    session: Session, outline: Outline, at_tick_ms: int, compare: Compare, done: str
) -> Conversation[SessionReport]:
    """Interrogate again and compare: only agreement is verified."""
    after = yield from interrogate(session)
    if not isinstance(after, Interrogated):
        return outline.ended(Result.NOT_VERIFIED, f"{NOT_READ_BACK} ({after.words})", at_tick_ms)
    compared = compare(after)
    if after.problem is not None or not agree(compared):
        return outline.ended(Result.NOT_VERIFIED, DIFFERS, at_tick_ms, after=after, compared=compared)
    return outline.ended(Result.VERIFIED, done, at_tick_ms, after=after, compared=compared)


def _forgotten(
    session: Session, outline: Outline, outcome: NoLongerKnown, compare: Compare
) -> Conversation[SessionReport]:
    looked = yield from look(session, outcome)
    tick = session.latest_tick_ms
    if not isinstance(looked, Looked):
        words = f"{STILL_UNKNOWN} ({looked.words})"
        return outline.ended(Result.UNKNOWN, words, tick, pending_id=outcome.pending.command_id)
    if looked.did_not_act:
        return outline.ended(Result.NOT_APPLIED, looked.words, tick)
    # Agreement proves nothing: the same refill, or the same program, may have stood there before.
    compared = compare(looked.after)
    return outline.ended(Result.NO_LONGER_KNOWN, looked.words, tick, after=looked.after, compared=compared)
