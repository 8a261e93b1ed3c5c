"""The patient and the patient programmer: look, then ask; nothing is repeated."""

from __future__ import annotations

from collections.abc import Callable

from thecal.bench.channel import Channel
from thecal.bench.pending_store import BenchStore
from thecal.handheld import Answer, Contact, DoseAnswer, NotReached, PatientView, ask, look
from thecal.telemetry import Session, carry_out

CLINIC = Contact("Demo Pump Clinic", "555 0100")


class Handset:
    """One patient programmer at one pump."""

    def __init__(self, channel: Channel, new_id: Callable[[], bytes]) -> None:
        self.store = BenchStore()
        self.channel = channel
        self._new_id = new_id

    def look(self) -> PatientView | NotReached:
        """The page as the patient sees it now."""
        return carry_out(look(self._session(), CLINIC), self.channel.exchange, self.store)

    def ask(self) -> DoseAnswer:
        """Ask for a dose; while an earlier request is not known, that one is settled instead."""
        session = self._session()
        view = carry_out(look(session, CLINIC), self.channel.exchange, self.store)
        if isinstance(view, NotReached):
            return DoseAnswer(Answer.NOT_REACHED, view.words)
        return carry_out(ask(session, view, CLINIC), self.channel.exchange, self.store)

    def _session(self) -> Session:
        return Session(self._new_id, self.store.pending)
