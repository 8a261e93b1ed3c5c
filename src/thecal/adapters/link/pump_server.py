"""The pump's end of the channel on a real socket.

Denies by default: the only unprotected messages that are answered with more than 4.01 are the two of the handshake, and
the handler sees only what a pinned peer sent under protection. All refusals look the same, so that they tell nothing
about which ids, keys or counters exist.
"""

import asyncio
import logging
import time
from collections.abc import Callable

from aiocoap import POST, Message, error, interfaces, oscore
from aiocoap.numbers import codes
from aiocoap.numbers.optionnumbers import OptionNumber
from aiocoap.pipe import Pipe
from aiocoap.protocol import Context

from thecal.adapters.link.context import context_id_in
from thecal.adapters.link.credentials import PumpKeyring
from thecal.adapters.link.handshake import CONNECTION_ID_BYTES, MESSAGE_1_MARK, HandshakeRefused, split_message_3
from thecal.adapters.link.limits import Role
from thecal.adapters.link.sockets import bind_pump
from thecal.adapters.link.visits import Visit, VisitBook
from thecal.telemetry import Malformed

EDHOC_PATH = (".well-known", "edhoc")
PUMP_PATH = "pump"
VISIT_PATH = "visit"
SWEEP_S = 5.0
_LOGGER = "thecal.link.pump"

Handler = Callable[[Role, str, bytes], bytes]
"""(role, name of the peer, request) -> reply. Synchronous and quick; called once per request that arrives.

Raises Malformed for bytes outside the grammar: they are answered with a bare 4.00, under protection."""

_INNER_OPTIONS = {OptionNumber.URI_PATH, OptionNumber.BLOCK1, OptionNumber.BLOCK2}


class PumpServer:
    """A pump listening on one UDP port. Make it with `start`, end it with `stop`."""

    def __init__(self, context: Context, port: int, book: VisitBook, clock: Callable[[], float]) -> None:
        self.port = port
        self._context = context
        self._book = book
        self._clock = clock
        self._sweeper = asyncio.create_task(self._sweep(), name=f"visits of pump {book.keyring.serial}")

    @classmethod
    async def start(
        cls,
        keyring: PumpKeyring,
        handler: Handler,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        on_handshake: Callable[[PumpKeyring], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> "PumpServer":
        """Listen. Port 0 takes any free one; see `port`.

        ``on_handshake`` gets the keyring with the peer's counter increased, each time a visit opens, before it is
        answered: the place to persist it. ``clock`` is in seconds. Raises OSError when the port is taken.
        """
        book = VisitBook(keyring)
        # Whoever can reach the socket could fill the disk with the library's line for each thing that is no message.
        logging.getLogger(_LOGGER).setLevel(logging.ERROR)
        context = Context(serversite=_Site(book, handler, clock, on_handshake), loggername=_LOGGER)
        return cls(context, await bind_pump(context, host, port), book, clock)

    @property
    def keyring(self) -> PumpKeyring:
        """The keyring with its present handshake counters."""
        return self._book.keyring

    @property
    def half_open(self) -> int:
        """Handshakes under way."""
        self._book.sweep(self._clock())
        return self._book.half_open

    @property
    def open_visits(self) -> int:
        """Visits open now."""
        self._book.sweep(self._clock())
        return self._book.open_visits

    async def stop(self) -> None:
        """Close the socket and forget all visits. May be called again."""
        if self._sweeper.done():
            return
        self._sweeper.cancel()
        await asyncio.gather(self._sweeper, return_exceptions=True)
        self._book.clear()
        await self._context.shutdown()

    async def _sweep(self) -> None:
        # Keys of a visit whose programmer went silent must not stay in memory until the next message comes.
        while True:
            await asyncio.sleep(SWEEP_S)
            self._book.sweep(self._clock())


class _Site(interfaces.Resource):
    """Answers every message of the socket."""

    def __init__(
        self,
        book: VisitBook,
        handler: Handler,
        clock: Callable[[], float],
        on_handshake: Callable[[PumpKeyring], None] | None,
    ) -> None:
        super().__init__()
        self._book, self._handler, self._clock, self._on_handshake = book, handler, clock, on_handshake

    async def needs_blockwise_assembly(self, _request: Message) -> bool:
        return False

    async def render(self, _request: Message) -> Message:
        raise error.Unauthorized  # the library calls render_to_pipe; this keeps any other way in shut

    async def render_to_pipe(self, pipe: Pipe) -> None:
        """Answer one message. An exception of the handler reaches the log; the peer sees a bare 5.00."""
        pipe.add_response(self._answer(pipe.request), is_last=True)

    def _answer(self, request: Message) -> Message:
        if request.opt.oscore is not None:
            return self._protected(request)
        if request.code != POST or _options_of(request) != {OptionNumber.URI_PATH}:
            raise error.Unauthorized
        if request.opt.uri_path != EDHOC_PATH:
            raise error.Unauthorized
        try:
            return Message(code=codes.CHANGED, payload=self._handshake(request))
        except HandshakeRefused:
            raise error.Unauthorized from None

    def _handshake(self, request: Message) -> bytes:
        if request.payload.startswith(MESSAGE_1_MARK):
            return self._book.begin(request.remote.address, request.payload, self._clock())
        parts = split_message_3(request.payload)
        if parts is None:
            raise HandshakeRefused("not a message of the handshake")
        self._book.prove(*parts, self._clock())
        return b""

    def _protected(self, outer: Message) -> Message:
        if outer.code != POST or _options_of(outer) != {OptionNumber.OSCORE}:
            raise error.Unauthorized
        connection_id = context_id_in(outer.opt.oscore, CONNECTION_ID_BYTES)
        visit = None if connection_id is None else self._book.find(connection_id, self._clock())
        if visit is None:
            raise error.Unauthorized
        try:
            inner, request_id = visit.context.unprotect(outer)
        except oscore.ProtectionInvalid:  # altered, replayed, or made without the card secret
            raise error.Unauthorized from None
        if self._book.heard(visit, self._clock()) and self._on_handshake is not None:
            self._on_handshake(self._book.keyring)
        try:
            reply = self._serve(visit, inner)
        except error.RenderableError as refusal:
            reply = refusal.to_message()
        protected, _ = visit.context.protect(reply, request_id)
        return protected

    def _serve(self, visit: Visit, request: Message) -> Message:
        if not _options_of(request) <= _INNER_OPTIONS:
            raise error.BadOption
        match request.code, request.opt.uri_path:
            case codes.POST, (path,) if path == PUMP_PATH:
                return self._exchange(visit, request)
            case codes.GET, (path,) if path == VISIT_PATH:
                handshakes = next(p.handshakes for p in self._book.keyring.peers if p.name == visit.peer.name)
                return Message(code=codes.CONTENT, payload=handshakes.to_bytes(8))
            case codes.DELETE, (path,) if path == VISIT_PATH:
                self._book.close(visit)
                return Message(code=codes.DELETED)
        raise error.NotFound

    def _exchange(self, visit: Visit, request: Message) -> Message:
        if request.opt.block2 is not None and request.opt.block2.block_number > 0:
            return visit.blocks.block_of_reply(request.opt.block2.block_number)
        body = visit.blocks.arrived(request)
        if body is None:
            return Message(code=codes.CONTINUE, block1=request.opt.block1)
        try:
            answer = self._handler(visit.peer.role, visit.peer.name, body)
        except Malformed:
            raise error.BadRequest from None
        reply = visit.blocks.first_of(answer)
        reply.opt.block1 = request.opt.block1
        return reply


def _options_of(message: Message) -> set[OptionNumber]:
    return {option.number for option in message.opt.option_list()}
