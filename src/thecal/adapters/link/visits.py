"""The pump's book of visits: handshakes half done, and visits open.

A first message needs no key, so anybody can send thousands. Therefore half-open handshakes are few, short-lived, and
the oldest goes first: of the same address when that address has its share, else of all. Nobody is ever told "full". A
handshake leaves this part of the book only by a first protected message that verifies, which needs the private key and
the card secret. Context ids are chance numbers of six bytes, free again when their entry goes.

Time is an argument everywhere: seconds of any clock that never goes back.
"""

from dataclasses import dataclass, field
from typing import Any

from thecal.adapters.link.blocks import Blocks
from thecal.adapters.link.context import VisitContext
from thecal.adapters.link.credentials import PairedPeer, PumpKeyring
from thecal.adapters.link.handshake import AnswererHandshake, HandshakeRefused
from thecal.adapters.link.limits import (
    HALF_OPEN_IN_ALL,
    HALF_OPEN_LIFE_S,
    HALF_OPEN_PER_ADDRESS,
    IDLE_S,
    LIFE_S,
    OPEN_VISITS_PER_PEER,
)

Address = Any  # (host, port, ...) as the socket gives it; only compared


@dataclass(slots=True)
class Visit:
    """One peer's protected conversation; confirmed once its first protected message was verified."""

    peer: PairedPeer
    context: VisitContext
    began_s: float
    heard_s: float
    confirmed: bool = False
    blocks: Blocks = field(default_factory=Blocks)

    def is_over(self, now_s: float) -> bool:
        """Whether life or idle time have run out."""
        if not self.confirmed:
            return now_s - self.began_s >= HALF_OPEN_LIFE_S
        return now_s - self.began_s >= LIFE_S[self.peer.role] or now_s - self.heard_s >= IDLE_S


@dataclass(slots=True)
class _HalfOpen:
    address: Address
    began_s: float
    handshake: AnswererHandshake


class VisitBook:
    """All handshakes and visits of one pump."""

    def __init__(self, keyring: PumpKeyring) -> None:
        self.keyring = keyring
        self._half_open: dict[bytes, _HalfOpen] = {}
        self._visits: dict[bytes, Visit] = {}

    @property
    def half_open(self) -> int:
        """Handshakes that have not yet shown the card secret."""
        return len(self._half_open) + sum(not visit.confirmed for visit in self._visits.values())

    @property
    def open_visits(self) -> int:
        """Visits whose peer has shown its key and the card secret."""
        return sum(visit.confirmed for visit in self._visits.values())

    def begin(self, address: Address, message_1: bytes, now_s: float) -> bytes:
        """Answer a first message with message 2. Raises `HandshakeRefused`."""
        self.sweep(now_s)
        handshake = AnswererHandshake(self.keyring.own, message_1)
        message_2 = handshake.message_2()
        of_address = [key for key, entry in self._half_open.items() if entry.address == address]
        if len(of_address) >= HALF_OPEN_PER_ADDRESS:
            del self._half_open[of_address[0]]
        elif self.half_open >= HALF_OPEN_IN_ALL:
            self._forget_oldest_half_open()
        self._half_open[handshake.connection_id] = _HalfOpen(address, now_s, handshake)
        return message_2

    def prove(self, connection_id: bytes, message_3: bytes, now_s: float) -> None:
        """Take message 3: the caller is a pinned peer. Raises `HandshakeRefused`, and then the handshake is gone."""
        self.sweep(now_s)
        entry = self._half_open.pop(connection_id, None)
        if entry is None:
            raise HandshakeRefused("no such handshake")
        peer = self.keyring.peer_named_by(entry.handshake.caller_named_in(message_3))
        if peer is None:
            raise HandshakeRefused("the caller is not paired")
        entry.handshake.prove(peer.credential)
        context = entry.handshake.context(peer.card_secret)
        self._visits[connection_id] = Visit(peer, context, began_s=entry.began_s, heard_s=now_s)

    def find(self, connection_id: bytes, now_s: float) -> Visit | None:
        """The visit of this context id that is not over, or None."""
        self.sweep(now_s)
        return self._visits.get(connection_id)

    def heard(self, visit: Visit, now_s: float) -> bool:
        """Note a message that verified; True when it was the first, which opens the visit."""
        visit.heard_s = now_s
        if visit.confirmed:
            return False
        visit.confirmed = True
        self.keyring = self.keyring.after_handshake(visit.peer.name)
        of_peer = [k for k, v in self._visits.items() if v.confirmed and v.peer.name == visit.peer.name]
        for connection_id in of_peer[:-OPEN_VISITS_PER_PEER]:
            del self._visits[connection_id]
        return True

    def close(self, visit: Visit) -> None:
        """Forget a visit and its keys."""
        self._visits.pop(visit.context.recipient_id, None)

    def clear(self) -> None:
        """Forget everything."""
        self._half_open.clear()
        self._visits.clear()

    def sweep(self, now_s: float) -> None:
        """Forget what is over."""
        stale = [key for key, entry in self._half_open.items() if now_s - entry.began_s >= HALF_OPEN_LIFE_S]
        for key in stale:
            del self._half_open[key]
        for key in [key for key, visit in self._visits.items() if visit.is_over(now_s)]:
            del self._visits[key]

    def _forget_oldest_half_open(self) -> None:
        if self._half_open:
            del self._half_open[next(iter(self._half_open))]
            return
        del self._visits[next(key for key, visit in self._visits.items() if not visit.confirmed)]
