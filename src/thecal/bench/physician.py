"""The physician and the physician programmer: every act is a visit through the programmer's own conversations.

The physician of the bench reads what the review says, acknowledges every warning and every soft limit passed, and gives
a separate confirmation only when the case says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from thecal.bench.case_records import Expected
from thecal.bench.channel import Channel
from thecal.bench.pending_store import BenchStore
from thecal.programmer import (
    Acknowledged,
    Confirmation,
    Interrogated,
    NotRecorded,
    NotStaged,
    Refill,
    SeparatelyConfirmed,
    SessionReport,
    Unreadable,
    begin,
    confirm,
    confirmations_needed,
    interrogate,
    record_refill,
    review,
    review_refill,
    settle,
    stage,
    stop,
)
from thecal.programmer.session_report import Result
from thecal.quantities import Volume
from thecal.telemetry import Conversation, Session, carry_out
from thecal.therapy import FluidComponent, Needed, Review, Verdict
from thecal.therapy.prescribed import DrugIn, Therapy, prescription_of

T = TypeVar("T")
BY = "bench physician"
_ENDED = {
    Result.VERIFIED: Expected.VERIFIED,
    Result.NOT_VERIFIED: Expected.NOT_VERIFIED,
    Result.NOT_APPLIED: Expected.REFUSED,
    Result.UNKNOWN: Expected.UNKNOWN,
    Result.NO_LONGER_KNOWN: Expected.UNKNOWN,  # to the pump as well: a person compares
}


@dataclass(frozen=True, slots=True)
class Ended:
    """How an act ended: a word to compare, the programmer's words, and the review behind it where there was one."""

    ended: Expected
    words: str
    review: Review | None = None


class Physician:
    """One physician programmer at one pump. An unresolved command outlives a visit."""

    def __init__(self, channel: Channel, new_id: Callable[[], bytes]) -> None:
        self.store = BenchStore()
        self.channel = channel
        self._new_id = new_id

    def interrogate(self) -> Interrogated | Unreadable:
        """The pump as it describes itself."""
        return self._carry_out(interrogate(self._visit()))

    def program(self, therapy: Therapy, drugs: tuple[DrugIn, ...], second_confirmation: bool) -> Ended:
        """Interrogate, draft, review, stage, confirm, read back."""
        session = self._visit()
        found = self._carry_out(interrogate(session))
        if isinstance(found, Unreadable):
            return Ended(Expected.REFUSED, found.words)
        draft = begin(found).with_prescription(prescription_of(therapy, drugs))
        reviewed = review(draft, found)
        given = _given(reviewed.confirmations_needed, second_confirmation)
        staged = self._carry_out(stage(session, draft, found, given))
        if isinstance(staged, NotStaged):
            return _not_staged(staged, reviewed)
        accepted = staged.acknowledged(_given(staged.still_needed, second_confirmation))
        report = self._carry_out(confirm(session, accepted, BY))
        return _of_report(report, reviewed)

    def record_refill(
        self,
        withdrawn_nl: int,
        filled_nl: int,
        drugs: tuple[DrugIn, ...],
        injected: Volume | None = None,
        recovered: Volume | None = None,
    ) -> Ended:
        """Tell the pump what was drawn out and what the reservoir now holds.

        ``injected`` and ``recovered`` where somebody measured them: nobody makes up a proof of place.
        """
        session = self._visit()
        found = self._carry_out(interrogate(session))
        if isinstance(found, Unreadable):
            return Ended(Expected.REFUSED, found.words)
        components = tuple(FluidComponent(each.drug, each.concentration) for each in drugs)
        refill = Refill(Volume(withdrawn_nl), Volume(filled_nl), components, injected, recovered)
        given = _given(confirmations_needed(review_refill(refill, found)), second_confirmation=False)
        report = self._carry_out(record_refill(session, refill, found, given, BY))
        if isinstance(report, NotRecorded):
            ended = Expected.SECOND_CONFIRMATION if report.missing else Expected.REFUSED
            return Ended(ended, report.words)
        return _of_report(report, None)

    def stop(self) -> Ended:
        """Stop all infusion."""
        session = self._visit()
        found = self._carry_out(interrogate(session))
        if isinstance(found, Unreadable):
            return Ended(Expected.REFUSED, found.words)
        return _of_report(self._carry_out(stop(session, found, BY)), None)

    def settle(self) -> Ended:
        """Ask the pump what became of the unresolved command. Raises NothingPending."""
        settled = self._carry_out(settle(self._visit()))
        return Ended(_ENDED[settled.result], settled.words)

    def _visit(self) -> Session:
        return Session(self._new_id, self.store.pending)

    def _carry_out(self, conversation: Conversation[T]) -> T:
        return carry_out(conversation, self.channel.exchange, self.store)


def _given(needed: tuple[Needed, ...], second_confirmation: bool) -> tuple[Confirmation, ...]:
    """Every warning is acknowledged; a stop is confirmed separately only on purpose."""
    given: list[Confirmation] = []
    for each in needed:
        if not each.separate:
            given.append(Acknowledged(each.rule, each.field, BY))
        elif second_confirmation:
            given.append(SeparatelyConfirmed(each.rule, each.field, BY, each.ratio))
    return tuple(given)


def _not_staged(answer: NotStaged, reviewed: Review) -> Ended:
    if answer.pending is not None:
        return Ended(Expected.UNKNOWN, answer.words, reviewed)
    if answer.missing:
        return Ended(Expected.SECOND_CONFIRMATION, " ".join(need.words for need in answer.missing), reviewed)
    refusals = [found.words for found in reviewed.findings if found.verdict is Verdict.REFUSE]
    return Ended(Expected.REFUSED, " ".join(refusals) or answer.words, reviewed)


def _of_report(report: SessionReport, reviewed: Review | None) -> Ended:
    return Ended(_ENDED[report.result], report.words, reviewed)
