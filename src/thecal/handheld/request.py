"""Asking for a dose: granted, not granted and when next, or not known yet. Nothing is queued or repeated."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from thecal.device import Reason, Refused, Status
from thecal.device.reports import NeverSeen
from thecal.handheld.contact import Contact
from thecal.handheld.reasons import CALL_FOR, REASON_WORDS
from thecal.handheld.view import Countdown, PatientView, patient_view, when_words
from thecal.quantities import Instant
from thecal.telemetry import (
    Applied,
    Conversation,
    NoAnswer,
    NoLongerKnown,
    NotApplied,
    NotSent,
    Outcome,
    PendingCommand,
    Session,
    Unknown,
    let_go,
)
from thecal.telemetry import read_status as _read_status
from thecal.telemetry import request_bolus as _request_bolus
from thecal.telemetry import settle as _settle

GRANTED = "Your dose has started."
NOT_KNOWN = "It is not known yet whether your dose has started. This handset asks your pump again."
NO_LONGER_KNOWN = (
    "Your pump can no longer tell whether an earlier dose has started. It will not start now. "
    "Your pump keeps its limits, whatever was given. Please call your clinic if you feel unwell."
)
NOT_REACHED = "Your pump could not be reached, and nothing was given. Hold the handset nearer and try again."


class Answer(Enum):
    """How a request ended."""

    GRANTED = "granted"
    REFUSED = "refused"
    NOT_REACHED = "not reached"
    UNKNOWN = "not known yet"
    NO_LONGER_KNOWN = "no longer known"


@dataclass(frozen=True, slots=True)
class DoseAnswer:
    """What the patient is told. ``pending`` is set while it is not known: settle it, never ask anew."""

    answer: Answer
    words: str
    reason: Reason | None = None
    countdown: Countdown | None = None
    next_words: str | None = None
    call: str | None = None  # whom to call, where only the clinic can help
    pending: PendingCommand | None = None
    at_tick_ms: int | None = None


@dataclass(frozen=True, slots=True)
class NotReached:
    """The pump did not tell its status."""

    words: str


def look(session: Session, contact: Contact) -> Conversation[PatientView | NotReached]:
    """The page, from the pump's status now."""
    status = yield from _read_status(session)
    match status:
        case Status():
            return patient_view(status, session.latest_tick_ms or 0, contact)
        case Refused(reason):
            return NotReached(REASON_WORDS[reason])
        case NoAnswer():
            return NotReached("Your pump could not be reached. Hold the handset nearer and try again.")


def ask(session: Session, view: PatientView, contact: Contact) -> Conversation[DoseAnswer]:
    """Ask for the prescribed dose. While an earlier request is not known, that one is settled instead."""
    if session.pending is not None:
        return (yield from settle_request(session, view, contact))
    return answer_of((yield from _request_bolus(session)), session, view, contact)


def settle_request(session: Session, view: PatientView, contact: Contact) -> Conversation[DoseAnswer]:
    """Ask the pump what became of a request whose answer was lost. Raises NothingPending.

    Where the pump has forgotten it, the request is let go: it can no longer act, ``view`` has just been read, and the
    pump itself holds every later request to its lockout and its limits.
    """
    outcome = yield from _settle(session)
    if isinstance(outcome, NoLongerKnown):
        yield from let_go(session, outcome)
        return DoseAnswer(Answer.NO_LONGER_KNOWN, NO_LONGER_KNOWN, call=contact.words)
    return answer_of(outcome, session, view, contact)


def answer_of(outcome: Outcome, session: Session, view: PatientView, contact: Contact) -> DoseAnswer:
    """The outcome of a request in the patient's words; times on the pump's clock as ``view`` showed it."""
    match outcome:
        case Applied(at_tick_ms):
            dose = "" if view.dose_words is None else f" {view.dose_words}."
            return DoseAnswer(Answer.GRANTED, f"{GRANTED}{dose}", at_tick_ms=at_tick_ms)
        case Unknown(pending):
            return DoseAnswer(Answer.UNKNOWN, NOT_KNOWN, pending=pending, call=contact.words)
        case NotApplied(NotSent() | NeverSeen()):
            return DoseAnswer(Answer.NOT_REACHED, NOT_REACHED)
        case NotApplied(Refused() as refused):
            return _refused(refused, session.latest_tick_ms or view.at_tick_ms, view, contact)
    raise TypeError("an outcome is applied, not applied or unknown")


def _refused(refused: Refused, tick_ms: int, view: PatientView, contact: Contact) -> DoseAnswer:
    countdown, next_words, words = None, None, REASON_WORDS[refused.reason]
    if refused.retry_after_ms:
        countdown = Countdown(tick_ms, refused.retry_after_ms)
        now = Instant(view.at.epoch_ms + tick_ms - view.at_tick_ms)
        next_words = when_words(refused.retry_after_ms, now, view.clock_offset_min)
        words = f"{words} The next dose is possible {next_words}."
    call = contact.words if refused.reason in CALL_FOR else None
    return DoseAnswer(Answer.REFUSED, words, refused.reason, countdown, next_words, call, None, tick_ms)
