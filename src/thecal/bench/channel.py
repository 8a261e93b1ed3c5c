"""The link between a programmer and the pump on the bench: protected frames, and faults on demand."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Protocol

from thecal.bench.air import Air, AirFault, Drop, Flip, Way
from thecal.device import Role

Handler = Callable[[Role, bytes], bytes | None]  # None: the pump gives no answer


class ProgrammerEnd(Protocol):
    """What protects requests and reads replies."""

    def protect_request(self, request: bytes) -> bytes:
        """The frame that carries a request."""

    def unprotect_reply(self, frame: bytes) -> bytes:
        """The reply in a frame. Raises ValueError for a frame that does not verify."""


class PumpEnd(Protocol):
    """What reads requests and protects replies."""

    def unprotect_request(self, frame: bytes) -> bytes:
        """The request in a frame. Raises ValueError for a frame that does not verify."""

    def protect_reply(self, reply: bytes) -> bytes:
        """The frame that answers the last request read."""


Protection = Callable[[Role], tuple[ProgrammerEnd, PumpEnd]]


class Fault(Enum):
    """What may happen to the next exchange."""

    REQUEST_LOST = "request lost"
    ANSWER_LOST = "answer lost"
    REQUEST_ALTERED = "request altered"


_IN_THE_AIR: dict[Fault, tuple[Way, AirFault]] = {
    Fault.REQUEST_LOST: (Way.REQUEST, Drop()),
    Fault.ANSWER_LOST: (Way.REPLY, Drop()),
    Fault.REQUEST_ALTERED: (Way.REQUEST, Flip(-1)),
}


class Channel:
    """One programmer's link to one pump. Its role follows from its keys, never from what it says.

    Faults are given beforehand and strike the exchanges in order; None lets one pass. What may happen to single frames
    is a matter of ``air``. ``refused`` is told of every frame that the pump's end refuses. ``replies`` are those that
    verified since the last exchange began; ``refused_at_pump`` and ``refused_at_programmer`` count what did not.
    """

    def __init__(
        self,
        role: Role,
        protection: Protection,
        handler: Handler,
        air: Air | None = None,
        refused: Callable[[], None] = lambda: None,
    ) -> None:
        self.role = role
        self.air = Air() if air is None else air
        self.replies: list[bytes] = []
        self.refused_at_pump = 0
        self.refused_at_programmer = 0
        self._programmer, self._pump = protection(role)
        self._handler = handler
        self._refused = refused
        self._faults: list[Fault | None] = []

    def disturb(self, *faults: Fault | None) -> None:
        """Let these faults strike the next exchanges."""
        self._faults += faults

    def exchange(self, request: bytes) -> bytes | None:
        """Send a request once; the reply, or None when no reply that verifies came back."""
        fault = self._faults.pop(0) if self._faults else None
        if fault is not None:
            self.air.disturb(*_IN_THE_AIR[fault])
        self.replies.clear()
        self.air.send(Way.REQUEST, self._programmer.protect_request(request), self.at_pump)
        if fault is Fault.ANSWER_LOST:
            self.air.calm(Way.REPLY)  # a pump that gave no answer: the fault was for this exchange only
        return self.replies[0] if self.replies else None

    def at_pump(self, frame: bytes) -> None:
        """A frame arrives at the pump's antenna, whoever sent it: one that is altered or foreign reaches nothing."""
        try:
            received = self._pump.unprotect_request(frame)
        except ValueError:
            self.refused_at_pump += 1
            self._refused()
            return
        reply = self._handler(self.role, received)
        if reply is not None:
            self.air.send(Way.REPLY, self._pump.protect_reply(reply), self.at_programmer)

    def at_programmer(self, frame: bytes) -> None:
        """A frame arrives at the programmer's antenna, whoever sent it."""
        try:
            self.replies.append(self._programmer.unprotect_reply(frame))
        except ValueError:
            self.refused_at_programmer += 1


class Unprotected:
    """Both ends of a wire on which nobody else can be: what is sent is what is said."""

    def protect_request(self, request: bytes) -> bytes:
        """The request itself."""
        return request

    def unprotect_request(self, frame: bytes) -> bytes:
        """The frame itself."""
        return frame

    def protect_reply(self, reply: bytes) -> bytes:
        """The reply itself."""
        return reply

    def unprotect_reply(self, frame: bytes) -> bytes:
        """The frame itself."""
        return frame


def unprotected(_role: Role) -> tuple[ProgrammerEnd, PumpEnd]:
    """A wire without keys, for runs in which the link is not what is looked at."""
    wire = Unprotected()
    return wire, wire
