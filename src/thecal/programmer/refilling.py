"""Recording a refill: what was drawn out and filled is told to the pump, and what it then believes is read back."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.programmer.comparison import Compared
from thecal.programmer.confirmation import Confirmation, missing
from thecal.programmer.ending import UNRESOLVED_WORDS, Compare, end
from thecal.programmer.interrogation import Interrogated
from thecal.programmer.session_report import Act, Outline, SessionReport
from thecal.quantities import Volume
from thecal.telemetry import Conversation, Session
from thecal.telemetry import record_refill as _record_refill
from thecal.telemetry import settle as _settle
from thecal.therapy import Needed
from thecal.therapy.refill import Refill, RefillReview
from thecal.therapy.refill import review_refill as _review_refill
from thecal.therapy.review import needed as _needed

DONE = "The refill is recorded in the pump; it was read back and agrees."


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """Nothing was sent: what is missing or refused."""

    words: str
    missing: tuple[Needed, ...] = ()


def review_refill(refill: Refill, found: Interrogated) -> RefillReview:
    """A refill against what the pump expects. Raises CatalogueError for an unknown pump model."""
    return _review_refill(refill, found.standing(), Volume(found.report.filled_nl))


def confirmations_needed(reviewed: RefillReview) -> tuple[Needed, ...]:
    """One for every WARN and STOP of the refill."""
    return _needed(reviewed.findings)


def record_refill(
    session: Session, refill: Refill, found: Interrogated, given: tuple[Confirmation, ...], by: str
) -> Conversation[SessionReport | NotRecorded]:
    """Tell the pump, and read back what it believes. Raises CatalogueError for an unknown pump model."""
    if session.pending is not None:
        return NotRecorded(UNRESOLVED_WORDS)
    if found.problem is not None:
        return NotRecorded(found.problem)
    reviewed = review_refill(refill, found)
    if not reviewed.may_be_sent:
        return NotRecorded("The review refuses this refill; change what it marks.")
    open_ones = missing(confirmations_needed(reviewed), given)
    if open_ones:
        return NotRecorded("Confirm what the review asks for first.", open_ones)
    components = tuple(component.in_counts() for component in refill.components)
    outcome = yield from _record_refill(session, refill.filled.count, components)
    outline = _outline(reviewed, found, given, by)
    return (yield from end(session, outline, outcome, _believes(refill), DONE))


def settle_refill(
    session: Session, refill: Refill, found: Interrogated, given: tuple[Confirmation, ...], by: str
) -> Conversation[SessionReport]:
    """Ask the pump what became of a refill record whose answer was lost. Raises NothingPending."""
    outcome = yield from _settle(session)
    outline = _outline(review_refill(refill, found), found, given, by)
    return (yield from end(session, outline, outcome, _believes(refill), DONE))


def _outline(reviewed: RefillReview, found: Interrogated, given: tuple[Confirmation, ...], by: str) -> Outline:
    return Outline(Act.REFILL, by, found, findings=reviewed.findings, confirmations=given, refill=reviewed.refill)


def _believes(refill: Refill) -> Compare:
    def compare(after: Interrogated) -> tuple[Compared, ...]:
        report = after.report
        filled, told = Volume(report.filled_nl), tuple(component.in_counts() for component in refill.components)
        held = report.status.components
        return (
            Compared("filled volume", str(refill.filled), str(filled), refill.filled == filled),
            Compared("fluid", str(told), str(held), told == held),
        )

    return compare
