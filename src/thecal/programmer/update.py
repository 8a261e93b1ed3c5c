"""Update of a program: stage, compare the pump's own decode, a person confirms it, commit by hash, read back.

Between staging and commit a person looks at what the pump says it would do (``StagedUpdate.staged``), at most 120 s,
and accepts each soft limit of the pump's drug library that the program passes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from thecal.device import Staged
from thecal.programmer.comparison import Compared, agree, compare_read_back, compare_staged
from thecal.programmer.confirmation import Confirmation, missing
from thecal.programmer.draft import Draft, fits, review
from thecal.programmer.ending import UNKNOWN_WORDS, UNRESOLVED_WORDS, Compare, end, read_back
from thecal.programmer.interrogation import Interrogated
from thecal.programmer.session_report import Act, Outline, Result, SessionReport
from thecal.programmer.soft_limits import acknowledgements_needed
from thecal.programmer.words import not_applied_words
from thecal.telemetry import Conversation, NotApplied, PendingCommand, Session, Unknown
from thecal.telemetry import commit as _commit
from thecal.telemetry import settle as _settle
from thecal.telemetry import stage as _stage
from thecal.therapy import Needed, Review, Translation

DONE = "The pump runs the new program; it was read back and agrees."
NOT_ACCEPTED = "Nothing was sent: the program passes soft limits that nobody has accepted yet."


@dataclass(frozen=True, slots=True)
class StagedUpdate:
    """A program lies in the pump without effect, and the pump's decode agrees with ours. Now a person confirms it."""

    draft: Draft
    found: Interrogated
    review: Review
    staged: Staged
    staged_tick_ms: int
    compared: tuple[Compared, ...]
    confirmations: tuple[Confirmation, ...]

    @property
    def confirm_by_tick_ms(self) -> int:
        """The pump tick after which the pump refuses the confirmation."""
        return self.staged_tick_ms + self.staged.confirm_within_ms

    @property
    def still_needed(self) -> tuple[Needed, ...]:
        """The soft limits that nobody has accepted yet: nothing is committed before."""
        return missing(acknowledgements_needed(self.staged.soft_limits), self.confirmations)

    def acknowledged(self, given: tuple[Confirmation, ...]) -> StagedUpdate:
        """The same staging, with what a person accepted of ``still_needed``."""
        return replace(self, confirmations=(*self.confirmations, *given))

    @property
    def staging(self) -> str:
        """Names this staging apart from every other one, of the same program too: its hash, and when by the pump."""
        return f"{self.staged.staged_hash.hex()}-{self.staged_tick_ms}"


@dataclass(frozen=True, slots=True)
class NotStaged:
    """Nothing was programmed: what is missing, what differs, or why the pump said no.

    ``pending`` is set when the answer to the staging was lost: settle it, then stage again.
    """

    words: str
    missing: tuple[Needed, ...] = ()
    compared: tuple[Compared, ...] = ()
    pending: PendingCommand | None = None


def stage(
    session: Session, draft: Draft, found: Interrogated, given: tuple[Confirmation, ...]
) -> Conversation[StagedUpdate | NotStaged]:
    """Check, then lay the program before the pump and compare its decode field by field.

    Raises CatalogueError for a pump model the catalogue does not know.
    """
    if session.pending is not None:
        return NotStaged(UNRESOLVED_WORDS, pending=session.pending)
    misfit = fits(draft, found)
    if misfit is not None:
        return NotStaged(misfit)
    reviewed = review(draft, found)
    translation = reviewed.translation
    if translation is None or not reviewed.may_be_sent:
        return NotStaged("The review refuses this program; change what it marks.")
    open_ones = missing(reviewed.confirmations_needed, given)
    if open_ones:
        return NotStaged("Confirm what the review asks for first.", missing=open_ones)
    answer = yield from _stage(session, translation.program, draft.based_on)
    match answer:
        case NotApplied(why):
            return NotStaged(not_applied_words(why))
        case Unknown(pending):
            return NotStaged(UNKNOWN_WORDS, pending=pending)
    compared = compare_staged(translation, answer)
    if not agree(compared):
        return NotStaged("The pump understood another program than was sent. It was not programmed.", compared=compared)
    return StagedUpdate(draft, found, reviewed, answer, session.latest_tick_ms or 0, compared, given)


def confirm(session: Session, update: StagedUpdate, by: str) -> Conversation[SessionReport]:
    """Commit what was confirmed, by its hash, and read it back. Raises UnresolvedCommand.

    Not applied, and nothing sent, while a soft limit is not accepted.
    """
    outline, open_ones = _outline(update, by), update.still_needed
    if open_ones:
        words = f"{NOT_ACCEPTED} {' '.join(each.words for each in open_ones)}"
        return outline.ended(Result.NOT_APPLIED, words, session.latest_tick_ms)
    outcome = yield from _commit(session, update.staged.staged_hash, update.staged.soft_limits)
    return (yield from end(session, outline, outcome, _same(_sent(update)), DONE))


def settle_update(session: Session, update: StagedUpdate, by: str) -> Conversation[SessionReport]:
    """Ask the pump what became of a commit whose answer was lost. Raises NothingPending."""
    outcome = yield from _settle(session)
    return (yield from end(session, _outline(update, by), outcome, _same(_sent(update)), DONE))


def verify(session: Session, update: StagedUpdate, by: str, at_tick_ms: int) -> Conversation[SessionReport]:
    """Read back once more after an update that was applied but could not be verified."""
    return (yield from read_back(session, _outline(update, by), at_tick_ms, _same(_sent(update)), DONE))


def _same(sent: Translation) -> Compare:
    return lambda after: compare_read_back(sent.program, after.report)


def _sent(update: StagedUpdate) -> Translation:
    if update.review.translation is None:
        raise ValueError("a staged update always has its translation")
    return update.review.translation


def _outline(update: StagedUpdate, by: str) -> Outline:
    return Outline(
        act=Act.UPDATE,
        by=by,
        found=update.found,
        new=_sent(update).program,
        rows=update.review.rows,
        findings=update.review.findings,
        confirmations=update.confirmations,
        staging=update.staging,
    )
