"""The air between a programmer and a pump: frames on their way, and whatever may happen to them there.

What happens to a frame is decided beforehand, frame by frame and for each way apart; without a fault a frame arrives at
once. Every frame sent is recorded as it left, so that anybody can send it again later.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Way(Enum):
    """Where a frame goes."""

    REQUEST = "to the pump"
    REPLY = "to the programmer"


@dataclass(frozen=True, slots=True)
class Untouched:
    """The frame arrives as it is."""


@dataclass(frozen=True, slots=True)
class Drop:
    """The frame never arrives."""


@dataclass(frozen=True, slots=True)
class Delay:
    """The frame arrives this many ms later."""

    for_ms: int

    def __post_init__(self) -> None:
        if self.for_ms < 1:
            raise ValueError("delay: at least 1 ms")


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The frame arrives twice."""


@dataclass(frozen=True, slots=True)
class Reorder:
    """The frame waits until the next one of its way has arrived."""


@dataclass(frozen=True, slots=True)
class Flip:
    """One bit of the frame is inverted; bits are numbered from the first of the first byte, and beyond the end anew."""

    bit: int


@dataclass(frozen=True, slots=True)
class Truncate:
    """Only so many bytes of the frame arrive, from its beginning."""

    to_bytes: int


AirFault = Untouched | Drop | Delay | Duplicate | Reorder | Flip | Truncate


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame as it was sent."""

    at_ms: int
    way: Way
    data: bytes


class NoTime(RuntimeError):
    """A frame is to arrive later on a link that has no clock."""


Later = Callable[[int, Callable[[], None]], None]


def no_time(_for_ms: int, _then: Callable[[], None]) -> None:
    """What a link without a clock makes of a delay. Raises NoTime."""
    raise NoTime("this link has no clock: nothing can arrive later")


class Air:
    """The frames between one client and the pump. ``record`` holds every frame ever sent, oldest first."""

    def __init__(self, now: Callable[[], int] = lambda: 0, later: Later = no_time) -> None:
        self.record: list[Frame] = []
        self._now = now
        self._later = later
        self._faults: dict[Way, deque[AirFault]] = {way: deque() for way in Way}
        self._waiting: dict[Way, list[bytes]] = {way: [] for way in Way}

    def disturb(self, way: Way, *faults: AirFault) -> None:
        """Let these strike the next frames of this way, one each, in order."""
        self._faults[way].extend(faults)

    def calm(self, way: Way) -> None:
        """No fault strikes the next frames of this way any more; what is under way stays so."""
        self._faults[way].clear()

    def send(self, way: Way, data: bytes, arrives: Callable[[bytes], None]) -> None:
        """Send a frame; ``arrives`` is called for each that arrives, now or later."""
        self.record.append(Frame(self._now(), way, data))
        fault = self._faults[way].popleft() if self._faults[way] else Untouched()
        if isinstance(fault, Reorder):
            self._waiting[way].append(data)
            return
        waited, self._waiting[way] = self._waiting[way], []
        for arriving in (*_struck(data, fault), *waited):
            if isinstance(fault, Delay) and arriving is data:
                self._later(fault.for_ms, lambda: arrives(data))
            else:
                arrives(arriving)


def _struck(data: bytes, fault: AirFault) -> tuple[bytes, ...]:
    match fault:
        case Drop():
            return ()
        case Duplicate():
            return (data, data)
        case Flip(bit):
            return (flipped(data, bit),)
        case Truncate(to_bytes):
            return (data[:to_bytes],)
        case _:
            return (data,)


def flipped(data: bytes, bit: int) -> bytes:
    """The data with one bit inverted, counted from the highest bit of the first byte. Nothing of nothing."""
    if not data:
        return data
    place, within = divmod(bit % (8 * len(data)), 8)
    return data[:place] + bytes((data[place] ^ 0x80 >> within,)) + data[place + 1 :]
