"""The programmer's end of the channel: open a visit to one pump, ask, close.

An exchange is sent at most once as a request. CoAP repeats the same datagram while no answer comes, within the time the
caller allows; the pump recognises repeats and acts once. When that time is over, nothing more goes out and the outcome
is unknown, which the caller must settle by asking the pump, never by sending the command again.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from aiocoap import DELETE, GET, POST, Message, error, oscore
from aiocoap.numbers import codes
from aiocoap.numbers.constants import TransportTuning
from aiocoap.protocol import Context
from aiocoap.util import hostportjoin

from thecal.adapters.link import blocks
from thecal.adapters.link.context import VisitContext
from thecal.adapters.link.credentials import ProgrammerKey
from thecal.adapters.link.handshake import CallerHandshake, HandshakeRefused
from thecal.adapters.link.limits import IDLE_S, LIFE_S, REPLY_BYTES, REQUEST_BYTES
from thecal.adapters.link.sockets import client_context

EDHOC_PATH = [".well-known", "edhoc"]
CLOSE_S = 0.5


class LinkError(Exception):
    """The channel to the pump cannot be used; the message is fit to be shown."""


class PumpUnreachable(LinkError):
    """Nothing answers at the pump's address."""


class NotPaired(LinkError):
    """Something answers, but it is not the paired pump, or the pump does not accept this programmer."""


class VisitEnded(LinkError):
    """The visit is closed or has run out; this request was not sent. Open another visit."""


class _UnprotectedAnswer(Exception):
    """The answer is not protected, so it may come from anybody."""

    def __init__(self, answer: Message) -> None:
        super().__init__(str(answer.code))


class _LinkTuning(TransportTuning):
    # The pump is one hop away and answers in milliseconds: repeat sooner than the internet's 2 s.
    ACK_TIMEOUT = 0.5
    MAX_RETRANSMIT = 6


class _Wire:
    """A CoAP client that speaks to one address."""

    def __init__(self, context: Context, address: str) -> None:
        self._context = context
        self._address = address
        self._remote: Any = None

    @classmethod
    async def to(cls, host: str, port: int) -> "_Wire":
        return cls(await client_context("thecal.link.programmer"), hostportjoin(host, port))

    async def ask(self, message: Message) -> Message:
        """One message, one answer. Raises aiocoap's Error when none comes."""
        message.transport_tuning = _LinkTuning()
        if self._remote is None:
            message.set_request_uri(f"coap://{self._address}/{'/'.join(message.opt.uri_path)}", set_uri_host=False)
        else:
            message.remote = self._remote
        answer = await self._context.request(message, handle_blockwise=False).response
        self._remote = answer.remote
        return answer

    def fall_silent(self) -> None:
        """Stop repeating whatever has not been answered."""
        for interface in self._context.request_interfaces:
            if self._remote is not None:
                interface.token_interface.dispatch_error(error.TimeoutError(), self._remote)

    async def close(self) -> None:
        await self._context.shutdown()


class LinkVisit:
    """An open visit. `open_visit` makes it; close it, or use it as an asynchronous context manager."""

    def __init__(
        self, key: ProgrammerKey, wire: _Wire, context: VisitContext, handshakes: int, clock: Callable[[], float]
    ) -> None:
        self.key = key
        self.handshakes = handshakes
        """How many visits this programmer has opened at the pump, this one included: a jump means a copied key."""
        self._wire, self._context, self._clock = wire, context, clock
        self._began_s = self._heard_s = clock()
        self._ended = self._closed = False
        self._turn = asyncio.Lock()

    @property
    def ended(self) -> bool:
        """Whether a further exchange would be refused here, without being sent."""
        now = self._clock()
        return self._ended or now - self._began_s >= LIFE_S[self.key.role] or now - self._heard_s >= IDLE_S

    async def exchange(self, request: bytes, timeout_s: float = 5.0) -> bytes | None:
        """Send a request and return the reply, or None when no trustworthy reply came: the outcome is unknown.

        After None the visit may be used again to ask what happened, unless `ended` says that the pump (or somebody in
        between) answered without protection; then open a new one. Exchanges of one visit go one after the other.

        Raises VisitEnded and ValueError (request longer than 4096 bytes); in both cases nothing was sent.
        """
        if len(request) > REQUEST_BYTES:
            raise ValueError(f"a request has at most {REQUEST_BYTES} bytes, this one has {len(request)}")
        async with self._turn:
            if self.ended:
                raise VisitEnded("the visit to the pump has ended; open another one")
            try:
                async with asyncio.timeout(timeout_s):
                    reply = await self._converse(request)
            except (TimeoutError, error.Error):
                self._wire.fall_silent()
                return None
            except _UnprotectedAnswer:
                self._ended = True
                return None
            self._heard_s = self._clock()
            return reply

    async def close(self) -> None:
        """Tell the pump to forget the visit, if it still listens, and free the socket. Never raises for a lost pump."""
        if not self.ended:
            try:
                async with self._turn, asyncio.timeout(CLOSE_S):
                    await _protected(self._wire, self._context, Message(code=DELETE, uri_path=["visit"]))
            except (TimeoutError, error.Error, _UnprotectedAnswer):
                self._wire.fall_silent()
        self._ended = True
        if not self._closed:
            self._closed = True
            await self._wire.close()

    async def __aenter__(self) -> "LinkVisit":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _converse(self, request: bytes) -> bytes | None:
        answer = None
        for message in blocks.request_messages("pump", request):
            answer = await _protected(self._wire, self._context, message)
            if answer.code != (codes.CONTINUE if message.opt.block1 and message.opt.block1.more else codes.CHANGED):
                return None
        assert answer is not None
        reply: bytes = answer.payload
        while answer.opt.block2 is not None and answer.opt.block2.more:
            following = blocks.next_reply_request("pump", answer.opt.block2.block_number + 1)
            answer = await _protected(self._wire, self._context, following)
            if answer.opt.block2 is None or answer.opt.block2.start != len(reply):
                return None
            reply += answer.payload
            if len(reply) > REPLY_BYTES:
                return None
        return reply


async def open_visit(
    key: ProgrammerKey, host: str, port: int, timeout_s: float = 5.0, *, clock: Callable[[], float] = time.monotonic
) -> LinkVisit:
    """Run the handshake with the pump at this address and return the open visit.

    Raises PumpUnreachable (nothing answers within ``timeout_s``) and NotPaired (another pump, a refused credential, or
    another implant card).
    """
    wire = await _Wire.to(host, port)
    visit = None
    try:
        async with asyncio.timeout(timeout_s):
            visit = await _open(key, wire, clock)
            return visit
    except TimeoutError:
        raise PumpUnreachable(f"no answer from pump {key.serial} at {host}:{port} within {timeout_s:g} s") from None
    except error.NetworkError:
        raise PumpUnreachable(f"nothing can be reached at {host}:{port}, where pump {key.serial} should be") from None
    finally:
        if visit is None:
            await wire.close()


async def _open(key: ProgrammerKey, wire: _Wire, clock: Callable[[], float]) -> LinkVisit:
    handshake = CallerHandshake(key.own, key.pump)
    message_2 = await wire.ask(Message(code=POST, uri_path=EDHOC_PATH, payload=handshake.message_1()))
    try:
        message_3 = handshake.message_3(message_2.payload if message_2.code == codes.CHANGED else b"")
    except HandshakeRefused:
        raise NotPaired(f"the device at this address is not the paired pump {key.serial}") from None
    proven = await wire.ask(Message(code=POST, uri_path=EDHOC_PATH, payload=message_3))
    if proven.code != codes.CHANGED:
        raise NotPaired(f"pump {key.serial} does not accept this programmer: it is not paired")
    context = handshake.context(key.card_secret)
    try:
        answer = await _protected(wire, context, Message(code=GET, uri_path=["visit"]))
    except (_UnprotectedAnswer, oscore.ProtectionInvalid):
        raise NotPaired(f"pump {key.serial} and this programmer do not share the secret of the implant card") from None
    return LinkVisit(key, wire, context, int.from_bytes(answer.payload), clock)


async def _protected(wire: _Wire, context: VisitContext, message: Message) -> Message:
    outer, request_id = context.protect(message)
    answer = await wire.ask(outer)
    if answer.opt.oscore != b"":  # a pump's answer needs nothing in this option; checked before the library parses it
        raise _UnprotectedAnswer(answer)
    inner, _ = context.unprotect(answer, request_id)
    return inner
