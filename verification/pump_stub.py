"""A protection that only tells altered frames from whole ones: frames that come twice reach the pump twice."""

from __future__ import annotations

from hashlib import sha256

from thecal.bench.channel import ProgrammerEnd, Protection, PumpEnd
from thecal.device import Role

TAG_BYTES = 8


class Checksummed:
    """Both ends of a link whose frames carry a checksum under a key. No replay is refused here: that is the point."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def protect_request(self, request: bytes) -> bytes:
        """The request behind its tag."""
        return self._tag(b"to the pump", request) + request

    def unprotect_request(self, frame: bytes) -> bytes:
        """The request in a frame. Raises ValueError for an altered one."""
        return self._checked(b"to the pump", frame)

    def protect_reply(self, reply: bytes) -> bytes:
        """The reply behind its tag."""
        return self._tag(b"to the programmer", reply) + reply

    def unprotect_reply(self, frame: bytes) -> bytes:
        """The reply in a frame. Raises ValueError for an altered one."""
        return self._checked(b"to the programmer", frame)

    def _tag(self, way: bytes, data: bytes) -> bytes:
        return sha256(self._key + way + data).digest()[:TAG_BYTES]

    def _checked(self, way: bytes, frame: bytes) -> bytes:
        data = frame[TAG_BYTES:]
        if frame[:TAG_BYTES] != self._tag(way, data):
            raise ValueError("a frame that was altered")
        return data


def checksummed(seed: str) -> Protection:
    """Both ends for each role, keyed from a seed."""

    def ends(role: Role) -> tuple[ProgrammerEnd, PumpEnd]:
        both = Checksummed(f"{seed} {role.value}".encode())
        return both, both

    return ends
