"""The implant: pump, its end of the link and its memory as one object. It reads no clock and opens no file.

Order of writing: a stroke is recorded before it is actuated, a request before it is answered, time before anybody is
told of it. So power may be lost at any byte: what is recovered is the state before or after, at most one recorded
stroke was never actuated, none was actuated unrecorded. [design, decisions 8 and 11; scenarios F36-F39, F44]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from thecal.device import Reply, Request, Role
from thecal.implant.journal import framed, image_header
from thecal.implant.records import Entry, RequestTaken, Snapshot, StrokeMade, TimeReached, payload_of
from thecal.implant.replay import replay
from thecal.pump import (
    Answered,
    CommandReceived,
    MemoryFaultFound,
    PowerRestored,
    PumpState,
    Strokes,
    TimePassed,
    next_event_tick,
    step,
)
from thecal.telemetry import answer, encode_request

RECORDS_PER_IMAGE = 4_096  # then the journal is replaced by a snapshot
_SLICE_MS = 3_600_000  # a long advance is taken in slices, so that the journal is replaced in between

Actuate = Callable[[int], None]


class Memory(Protocol):
    """The pump's memory. Each call returns when the bytes would survive the end of the process, or raises."""

    def append(self, record: bytes) -> None:
        """Add to the image. Power loss may leave any part of ``record``, from its start."""

    def replace(self, image: bytes) -> None:
        """Exchange the whole image at once: after power loss it is the old one or the new one."""

    def set_aside(self) -> None:
        """Keep a copy of the image as it is, for whoever examines the damage; the image stays."""


class ImplantHalted(RuntimeError):
    """An earlier write or stroke failed midway: only the memory knows what happened. Recover from it."""


class Implant:
    """One running pump. Made by ``manufacture`` or ``recover``; afterwards ``advance`` and ``handle``."""

    __slots__ = ("_crc", "_halted", "_memory", "_records", "_sequence", "_state")

    def __init__(self, state: PumpState, memory: Memory, sequence: int) -> None:
        self._state = state
        self._memory = memory
        self._sequence = sequence
        self._crc = 0
        self._records = 0
        self._halted = False
        self._write_image()

    @classmethod
    def manufacture(cls, as_manufactured: PumpState, memory: Memory) -> Implant:
        """A new pump with a new memory."""
        return cls(as_manufactured, memory, sequence=0)

    @classmethod
    def recover(
        cls, image: bytes, memory: Memory, as_manufactured: PumpState, now_tick_ms: int, actuate: Actuate
    ) -> Implant:
        """The pump after its power returned at ``now_tick_ms`` (pump tick; never taken as earlier than the memory).

        The outage is the time from the last recorded tick: no stroke is made up for it. Damage stops the pump with a
        critical alarm and sets the image aside; the last state before it is kept for reading, and when there is none
        the pump is ``as_manufactured``. ``actuate`` carries out at most one stroke: the second of two due in the
        millisecond in which power failed. Repeatable: cut short, it can be done again.
        Raises MemoryOfAnotherVersion, and leaves such a memory as it is.
        """
        past = replay(image)
        if past.damage is not None:
            memory.set_aside()
        before = past.state or as_manufactured
        now_tick_ms = max(now_tick_ms, before.tick_ms)
        state = step(before, PowerRestored(now_tick_ms - before.tick_ms), now_tick_ms).state
        if past.damage is not None:
            state = step(state, MemoryFaultFound(), now_tick_ms).state
        implant = cls(state, memory, past.sequence)
        for _ in range(past.owed_strokes):
            actuate(before.tick_ms)
        return implant

    @property
    def state(self) -> PumpState:
        """What the pump believes, at its tick."""
        return self._state

    @property
    def tick_ms(self) -> int:
        """How far the pump has come, in its own ticks."""
        return self._state.tick_ms

    @property
    def next_event_tick(self) -> int | None:
        """When something next happens by itself; None: nothing will."""
        return next_event_tick(self._state)

    def advance(self, to_tick_ms: int, actuate: Actuate) -> None:
        """Let time pass up to ``to_tick_ms``; ``actuate(tick)`` is called for each stroke, after it is recorded.

        Raises ValueError when time would run back, ImplantHalted, and whatever memory and ``actuate`` raise.
        """
        if to_tick_ms < self.tick_ms:
            raise ValueError(f"the pump's tick never goes back: it is {self.tick_ms} ms")
        self._begin()
        while self.tick_ms < to_tick_ms:
            self._pass_time(min(to_tick_ms, self.tick_ms + _SLICE_MS), actuate)
            self._replace_when_long()
        self._halted = False

    def handle(self, role: Role, request_bytes: bytes) -> bytes:
        """The reply to an authenticated request, at the tick reached.

        Raises Malformed for bytes outside the grammar, without any effect; ImplantHalted; what memory raises.
        """
        return answer(request_bytes, role, self._apply, self.tick_ms, self._state.numbers.hash)

    def _apply(self, request: Request, role: Role) -> Reply:
        self._begin()
        before = self._state
        after = step(before, CommandReceived(request, role), before.tick_ms)
        (effect,) = after.effects  # no stroke can be due: the time up to this tick has passed already
        assert isinstance(effect, Answered)
        if after.state != before:
            self._append(RequestTaken(before.tick_ms, role, encode_request(request)))
            self._state = after.state
            self._replace_when_long()
        self._halted = False
        return effect.reply

    def _pass_time(self, to_tick_ms: int, actuate: Actuate) -> None:
        after = step(self._state, TimePassed(), to_tick_ms)
        total = self._state.strokes_total
        last_tick_ms = None
        for effect in after.effects:
            assert isinstance(effect, Strokes)
            for stroke in effect:
                total += 1
                last_tick_ms = stroke.tick_ms
                self._append(StrokeMade(last_tick_ms, total))
                actuate(last_tick_ms)
        if last_tick_ms != to_tick_ms:
            self._append(TimeReached(to_tick_ms))
        self._state = after.state

    def _begin(self) -> None:
        if self._halted:
            raise ImplantHalted("the pump stopped midway: recover it from its memory")
        self._halted = True

    def _append(self, entry: Entry) -> None:
        record, crc = framed(*self._numbered(entry), self._crc)
        self._memory.append(record)
        self._sequence, self._crc, self._records = self._sequence + 1, crc, self._records + 1

    def _replace_when_long(self) -> None:
        if self._records >= RECORDS_PER_IMAGE:
            self._write_image()

    def _write_image(self) -> None:
        header, crc = image_header()
        record, crc = framed(*self._numbered(Snapshot(self._state)), crc)
        self._memory.replace(header + record)
        self._sequence, self._crc, self._records = self._sequence + 1, crc, 0

    def _numbered(self, entry: Entry) -> tuple[int, int, bytes]:
        kind, payload = payload_of(entry)
        return kind, self._sequence + 1, payload
