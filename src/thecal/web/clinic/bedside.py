"""At the pump: a lease, a secure visit, one conversation, and away. Nothing is kept open between two pages.

A pending command is in the database before its bytes leave; whatever ends this process, the next page finds it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from django.conf import settings

from thecal.adapters.bench_state import BenchState
from thecal.adapters.control import BenchControl, ControlRefused, ControlUnavailable
from thecal.adapters.link.credentials import ProgrammerKey
from thecal.adapters.link.visit import LinkError, open_visit
from thecal.telemetry import Conversation, PendingCommand, Session, carry_out_async
from thecal.web.clinic import models

T = TypeVar("T")
VISIT = "programming visit"
_TURNS: dict[str, asyncio.Lock] = {}  # by patient; this process is the only programmer of its clinic


class NotAtThePump(Exception):
    """The pump cannot be visited now and nothing was sent; the message is for a person."""


class Link(Protocol):
    """An open visit: what goes to the pump and comes back."""

    async def exchange(self, request: bytes) -> bytes | None:
        """Send once; the reply, or None when no trustworthy one came."""


def control() -> BenchControl:
    """The lease door of the bench."""
    return BenchControl(str(settings.SURROUNDINGS.control))


async def bench_now() -> BenchState | None:
    """Bench time as last acknowledged; None while the simulation does not answer."""
    try:
        return await control().state_async()
    except (ControlUnavailable, ControlRefused):
        return None


def bench_utc_ms() -> int | None:
    """The time ``bench_now`` tells, in ms since 1970."""
    try:
        return control().state().bench_utc_ms
    except (ControlUnavailable, ControlRefused):
        return None


@dataclass(frozen=True, slots=True)
class _Stored:
    """The pending command of one pump as a row, with what its settling will need."""

    patient: models.Patient
    by: str
    context: object

    async def remember(self, pending: PendingCommand) -> None:
        await models.PendingCommand.objects.acreate(
            patient=self.patient, by=self.by, packed=pending.packed(), kind=pending.kind, context=self.context
        )

    async def forget(self, pending: PendingCommand) -> None:  # noqa: ARG002 - a pump has one pending command
        await models.PendingCommand.objects.filter(patient=self.patient).adelete()


class AtThePump:
    """One open visit by one person to one patient's pump."""

    def __init__(
        self, link: Link, patient: models.Patient, by: str, pending: PendingCommand | None, lease: str
    ) -> None:
        self.session = Session(lambda: secrets.token_bytes(16), pending)
        self.lease = lease
        self._link = link
        self._patient = patient
        self._by = by

    async def carry_out(self, conversation: Conversation[T], context: object = None) -> T:
        """Run a conversation to its end. ``context`` is stored with a pending command, for its settling."""
        store = _Stored(self._patient, self._by, context)
        return await carry_out_async(conversation, self._link.exchange, store)


@asynccontextmanager
async def at_the_pump(
    patient: models.Patient, by: str, keys: Mapping[str, ProgrammerKey], *, keep_lease: bool = False
) -> AsyncIterator[AtThePump]:
    """Take the lease, open the visit; close both after. ``keep_lease``: a person has to answer within the 120 s.

    One visit after another at each pump: a button pressed twice meets what the first press did. Raises NotAtThePump.
    """
    key = keys.get(patient.key)
    if key is None:
        raise NotAtThePump(f"This workstation holds no key for the pump of {patient.name}: it was not paired here.")
    async with turn_at(patient), _visit(patient, by, key, keep_lease=keep_lease) as visit:
        yield visit


def turn_at(patient: models.Patient) -> asyncio.Lock:
    """Whoever holds it is at this pump; to wait for it is to wait until the visit before has ended."""
    return _TURNS.setdefault(patient.key, asyncio.Lock())


@asynccontextmanager
async def _visit(patient: models.Patient, by: str, key: ProgrammerKey, *, keep_lease: bool) -> AsyncIterator[AtThePump]:
    door = control()
    try:
        state = await door.state_async()
        found = state.patient(patient.key)
        if found is None or found.udp_port is None:
            raise NotAtThePump("The pump does not answer: it is without power or out of reach. Try again in a moment.")
        lease = await door.take_lease_async(VISIT, by, patient.key)
    except (ControlUnavailable, ControlRefused) as refused:
        raise NotAtThePump(f"The pump cannot be visited now: {refused}.") from None
    try:
        async with await open_visit(key, "127.0.0.1", found.udp_port) as link:
            stored = await models.PendingCommand.objects.filter(patient=patient).afirst()
            pending = None if stored is None else PendingCommand.unpacked(bytes(stored.packed))
            yield AtThePump(link, patient, by, pending, lease.lease_id)
    except BaseException as error:
        await release(lease.lease_id)  # whoever was to answer within the 120 s has nothing to answer
        if isinstance(error, LinkError):
            raise NotAtThePump(f"The pump cannot be visited: {error}.") from None
        raise
    if not keep_lease:
        await release(lease.lease_id)


async def release(lease: str) -> None:
    """Let time run on. A lease that is over already, or a bench that is gone, needs nothing."""
    try:
        await control().release_lease_async(lease)
    except (ControlUnavailable, ControlRefused):
        return
