"""The protection of the link without its sockets: for a bench that must run the same a million times.

EDHOC draws its ephemeral keys from the operating system and takes no seed, so a seeded run starts from a provisioned
secret instead. Everything after that is the real thing: the frames are CoAP messages protected by OSCORE, replays and
altered frames are refused, a reply answers one request and no other.
"""

from aiocoap import CON, POST, Message, error, oscore
from aiocoap.numbers import ACK, codes
from aiocoap.oscore import RequestIdentifiers

from thecal.adapters.link.context import VisitContext, context_id_in
from thecal.adapters.link.limits import ROLES, Role

_PROGRAMMER_ID = b"\x01"
_PUMP_ID = b"\x02"
_MASTER_SECRET_BYTES = 16


class FrameRefused(ValueError):
    """A frame is altered, repeated, not for this end, or answers another request."""


class EndProtection:
    """One end of a provisioned visit. The programmer's end protects requests, the pump's end replies."""

    def __init__(self, role: Role, context: VisitContext) -> None:
        self.role = role
        self._context = context
        self._asked: RequestIdentifiers | None = None
        self._message_id = 0

    def protect_request(self, request: bytes) -> bytes:
        """The frame that carries a request. A reply still outstanding for an earlier one will be refused."""
        self._message_id = (self._message_id + 1) % 0x10000
        outer, self._asked = self._context.protect(Message(code=POST, uri_path=["pump"], payload=request))
        return self._frame(outer, CON)

    def unprotect_request(self, frame: bytes) -> bytes:
        """The request in a frame; the next `protect_reply` answers it. Raises `FrameRefused`."""
        outer = _decoded(frame)
        if outer.code != POST or context_id_in(outer.opt.oscore, len(_PUMP_ID)) != self._context.recipient_id:
            raise FrameRefused("not a protected request to this end")
        inner, self._asked = self._unprotected(outer, None)
        self._message_id = outer.mid
        return inner.payload

    def protect_reply(self, reply: bytes) -> bytes:
        """The frame that answers the last request read. Raises ValueError when there is none, or it is answered."""
        if self._asked is None:
            raise ValueError("there is no unanswered request")
        outer, _ = self._context.protect(Message(code=codes.CHANGED, payload=reply), self._asked)
        self._asked = None
        return self._frame(outer, ACK)

    def unprotect_reply(self, frame: bytes) -> bytes:
        """The reply to the last request made. Raises `FrameRefused`."""
        outer = _decoded(frame)
        if self._asked is None or not outer.code.is_response() or outer.opt.oscore != b"":
            raise FrameRefused("not a protected reply to an open request")
        inner, _ = self._unprotected(outer, self._asked)
        self._asked = None
        return inner.payload

    def _unprotected(
        self, outer: Message, asked: RequestIdentifiers | None
    ) -> tuple[Message, RequestIdentifiers | None]:
        try:
            return self._context.unprotect(outer, asked)
        except oscore.ReplayError:
            raise FrameRefused("the frame was already received") from None
        except oscore.ProtectionInvalid:
            raise FrameRefused("the frame does not verify") from None

    def _frame(self, outer: Message, kind: int) -> bytes:
        outer.mtype, outer.mid = kind, self._message_id
        return outer.encode()


def provisioned_pair(master_secret: bytes, role: Role) -> tuple[EndProtection, EndProtection]:
    """The two ends (programmer, pump) of a visit keyed by 16 bytes that the caller derived from its seed.

    Use one secret for one pair only: two pairs of one secret and role repeat their keys and nonces. Raises ValueError.
    """
    if len(master_secret) != _MASTER_SECRET_BYTES:
        raise ValueError(f"a provisioned secret has {_MASTER_SECRET_BYTES} bytes, not {len(master_secret)}")
    if role not in ROLES:
        raise ValueError(f"a role is one of {', '.join(ROLES)}, not {role!r}")
    salt = f"thecal {role}".encode()
    return (
        EndProtection(role, VisitContext(master_secret, salt, sender_id=_PROGRAMMER_ID, recipient_id=_PUMP_ID)),
        EndProtection(role, VisitContext(master_secret, salt, sender_id=_PUMP_ID, recipient_id=_PROGRAMMER_ID)),
    )


def _decoded(frame: bytes) -> Message:
    try:
        return Message.decode(frame)
    except (error.UnparsableMessage, ValueError):
        raise FrameRefused("not a CoAP message") from None
