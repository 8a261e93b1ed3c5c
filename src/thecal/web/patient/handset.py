"""One patient's programmer: its key, its visit to the pump, the last answer. Only a request takes a lease."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from thecal.adapters.bench_state import BenchState
from thecal.adapters.control import BenchControl, ControlRefused, ControlUnavailable
from thecal.adapters.link.credentials import BadKeyDocument, ProgrammerKey
from thecal.adapters.link.visit import LinkError, LinkVisit, open_visit
from thecal.handheld import Answer, Contact, DoseAnswer, NotReached, PatientView, ask, look, settle_request
from thecal.telemetry import Conversation, Session, carry_out_async
from thecal.web.patient.pending_file import PendingFile

T = TypeVar("T")
CONTACT = Contact("Demo Pump Clinic", "555 0100")
ANSWER_SHOWN_S = 25.0
ANSWER_HOLDS_MS = 60_000  # of pump time: after that the screen itself says more truly what is possible
REQUEST = "dose request"
AWAY = "Your pump could not be reached. Hold the handset nearer and try again."


class HandsetBroken(Exception):
    """The handset cannot be used; the message is for the patient."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer, when it was given here, and the pump's tick then (None: no pump was reached yet)."""

    answer: DoseAnswer
    at_s: float
    tick_ms: int | None


class Handset:
    """Used by one page after another; visits are reused while they last. One thing at a time."""

    def __init__(self, patient: str, key: ProgrammerKey, pending: PendingFile, control: BenchControl) -> None:
        self.patient = patient
        self._key = key
        self._pending = pending
        self._control = control
        self._link: LinkVisit | None = None
        self._port: int | None = None
        self._session = Session(lambda: secrets.token_bytes(16), pending.read())
        self._turn = asyncio.Lock()
        self._kept: _Kept | None = None

    @classmethod
    def of(cls, handsets: Path, patient: str, control: BenchControl) -> Handset:
        """The handset whose key lies in this folder. Raises HandsetBroken."""
        try:
            key = ProgrammerKey.from_document(json.loads((handsets / f"{patient}.json").read_bytes()))
        except (OSError, ValueError, BadKeyDocument):
            raise HandsetBroken("This handset has lost its key. Please call your clinic.") from None
        return cls(patient, key, PendingFile(handsets / f"{patient}.pending"), control)

    @property
    def answer(self) -> DoseAnswer | None:
        """The answer to the last request, as long as it is true and worth showing; what is unknown stays."""
        kept = self._kept
        if kept is None:
            return None
        passed_ms = (self._session.latest_tick_ms or 0) - (kept.tick_ms or 0)
        fresh = time.monotonic() - kept.at_s < ANSWER_SHOWN_S and passed_ms <= ANSWER_HOLDS_MS
        return kept.answer if fresh or kept.answer.answer is Answer.UNKNOWN else None

    async def look(self) -> PatientView | NotReached:
        """The screen as it is now; what is not known yet is asked first."""
        async with self._turn:
            view = await self._carry_out(look(self._session, CONTACT))
            if isinstance(view, PatientView) and self._session.pending is not None:
                self._keep(await self._carry_out(settle_request(self._session, view, CONTACT)))
                view = await self._carry_out(look(self._session, CONTACT)) or view
            return view or NotReached(AWAY)

    async def ask(self, name: str) -> None:
        """Ask for the prescribed dose; the answer is then in ``answer``. Nothing is queued."""
        async with self._turn:
            try:
                lease = await self._control.take_lease_async(REQUEST, name, self.patient)
            except (ControlUnavailable, ControlRefused) as refused:
                self._keep(DoseAnswer(Answer.NOT_REACHED, f"Nothing was asked: {refused}."))
                return
            try:
                view = await self._carry_out(look(self._session, CONTACT))
                if not isinstance(view, PatientView):
                    self._keep(DoseAnswer(Answer.NOT_REACHED, AWAY if view is None else view.words))
                    return
                answer = await self._carry_out(ask(self._session, view, CONTACT))
                self._keep(answer or DoseAnswer(Answer.NOT_REACHED, AWAY))
            finally:
                await self._release(lease.lease_id)

    async def _carry_out(self, conversation: Conversation[T]) -> T | None:
        """Run it to its end; None when the pump could not even be visited (nothing was sent)."""
        try:
            link = await self._visit()
        except (LinkError, ControlUnavailable, ControlRefused):
            conversation.close()
            return None
        return await carry_out_async(conversation, lambda data: self._exchange(link, data), self._pending)

    async def _exchange(self, link: LinkVisit, data: bytes) -> bytes | None:
        try:
            return await link.exchange(data)
        except LinkError:
            return None

    async def _visit(self) -> LinkVisit:
        state = await self._control.state_async()
        port = _port(state, self.patient)
        if self._link is not None and (self._link.ended or port != self._port):
            await self._link.close()  # a pump that lost its power is back with another port and knows no visit
            self._link = None
        if port is None:
            raise LinkError("the pump is without power or out of reach")
        if self._link is None:
            self._link = await open_visit(self._key, "127.0.0.1", port)
            self._port = port
        return self._link

    async def _release(self, lease: str) -> None:
        try:
            await self._control.release_lease_async(lease)
        except (ControlUnavailable, ControlRefused):
            return

    def _keep(self, answer: DoseAnswer | None) -> None:
        if answer is not None:
            self._kept = _Kept(answer, time.monotonic(), self._session.latest_tick_ms)


def _port(state: BenchState, patient: str) -> int | None:
    found = state.patient(patient)
    return None if found is None else found.udp_port
