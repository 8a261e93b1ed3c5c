"""The link between a programmer and the pump on the bench: protected frames, and faults on demand."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Protocol

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


class Channel:
    """One programmer's link to one pump. Its role follows from its keys, never from what it says.

    Faults are given beforehand and strike the exchanges in order; None lets one pass.
    """

    def __init__(self, role: Role, protection: Protection, handler: Handler) -> None:
        self.role = role
        self._programmer, self._pump = protection(role)
        self._handler = handler
        self._faults: list[Fault | None] = []

    def disturb(self, *faults: Fault | None) -> None:
        """Let these faults strike the next exchanges."""
        self._faults += faults

    def exchange(self, request: bytes) -> bytes | None:
        """Send a request once; the reply, or None when no reply that verifies came back."""
        fault = self._faults.pop(0) if self._faults else None
        frame = self._programmer.protect_request(request)
        if fault is Fault.REQUEST_LOST:
            return None
        if fault is Fault.REQUEST_ALTERED:
            frame = frame[:-1] + bytes((frame[-1] ^ 1,))
        try:
            received = self._pump.unprotect_request(frame)
        except ValueError:
            return None  # an altered or foreign frame reaches nothing
        reply = self._handler(self.role, received)
        if reply is None or fault is Fault.ANSWER_LOST:
            return None
        return self._programmer.unprotect_reply(self._pump.protect_reply(reply))


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
