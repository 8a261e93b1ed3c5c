"""The implant: pump, its end of the link and its memory as one object. It reads no clock and opens no file.

Order of writing: a stroke is recorded before it is actuated, a request before it is answered, a fact before anything
follows from it, time before anybody is told of it. So power may be lost at any byte: what is recovered is the pump
before or after, at most one recorded stroke was never actuated, none was actuated unrecorded.
[design, decisions 8 and 11; scenarios F36-F39, F44; ADR 0005]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from thecal.device import Reply, Request, Role
from thecal.implant.banks import Banks
from thecal.implant.fact_form import Recorded
from thecal.implant.journal import framed
from thecal.implant.motor_watch import MotorWatch
from thecal.implant.records import (
    FactTaken,
    Happening,
    RequestTaken,
    StrokeMade,
    TimeReached,
    opening_of,
    payload_of,
)
from thecal.implant.replay import Replayed, replay, supervisor_is_ahead
from thecal.pump import (
    Answered,
    CommandReceived,
    Effect,
    Fact,
    MemoryCorrected,
    MemoryFaultFound,
    MotorReported,
    PowerRestored,
    PumpState,
    Stroke,
    Strokes,
    TimePassed,
    next_event_tick,
)
from thecal.pump.supervisor import Guard
from thecal.pump.supervisor.guard import reached_ms
from thecal.pump.whole import Pump, SupervisorTicked, assembled, step
from thecal.telemetry import answer, encode_request

RECORDS_PER_IMAGE = 4_096  # then a new image begins in the other bank
_SLICE_MS = 3_600_000  # a long advance is taken in slices, so that images change in between

Actuate = Callable[[int], bool | None]


class Memory(Protocol):
    """The pump's memory: banks 0 and 1. Each call returns when its effect would survive the end of the process, or
    raises. Nothing is atomic: power may be lost at any byte."""

    def erase(self, bank: int) -> None:
        """Empty a bank. Power loss may leave any beginning of what stood there."""

    def write(self, bank: int, data: bytes) -> None:
        """Add to the end of a bank. Power loss may leave any beginning of ``data``."""

    def set_aside(self) -> None:
        """Keep a copy of both banks as they are, for whoever examines the damage; they stay."""


class ImplantHalted(RuntimeError):
    """An earlier write or stroke failed midway: only the memory knows what happened. Recover from it."""


class Implant:
    """One running pump. Made by ``manufacture``, ``resumed`` or ``recover``; then ``advance``, ``handle``, ``happens``.

    ``actuate(tick_ms)`` turns the motor once and says whether it turned; None counts as turned.
    """

    __slots__ = ("_bank", "_crc", "_halted", "_memory", "_pump", "_records", "_sequence")

    def __init__(self, pump: Pump, memory: Memory, sequence: int, bank: int) -> None:
        self._pump = pump
        self._memory = memory
        self._sequence = sequence
        self._bank = bank
        self._crc = 0
        self._records = 0
        self._halted = False
        self._write_image()

    @classmethod
    def manufacture(cls, as_manufactured: PumpState, memory: Memory) -> Implant:
        """A new pump with a new memory, both copies of it written."""
        implant = cls(assembled(as_manufactured), memory, sequence=0, bank=1)
        implant._write_image()
        return implant

    @classmethod
    def resumed(cls, past: Replayed, memory: Memory) -> Implant:
        """The pump where its memory ends, without any loss of power. Raises ValueError unless that is all in order."""
        if past.pump is None or past.damage is not None or past.corrected or past.owed_strokes:
            raise ValueError("memory: only one that is whole and owes no stroke can be resumed")
        return cls(past.pump, memory, past.sequence, past.bank)

    @classmethod
    def recover(
        cls, banks: Banks, memory: Memory, as_manufactured: PumpState, now_tick_ms: int, actuate: Actuate
    ) -> Implant:
        """The pump after its power returned at ``now_tick_ms`` (pump tick; never taken as earlier than the memory).

        The outage is the time from the last recorded tick: no stroke is made up for it. Damage in one bank for which
        the other makes up raises an alarm; other damage stops the pump with a critical one: the last pump before it is
        kept for reading, and when there is none it is ``as_manufactured``. Either is set aside, and both banks are
        written anew. ``actuate`` carries out at most one stroke: the second of two due in the millisecond in which
        power failed. Repeatable: cut short at any byte, it can be done again.
        Raises MemoryOfAnotherVersion, and leaves such a memory as it is.
        """
        past = replay(banks)
        before = past.pump or assembled(as_manufactured)
        now_tick_ms = max(now_tick_ms, before.state.tick_ms, reached_ms(before.guard))
        power = PowerRestored(now_tick_ms - before.state.tick_ms)
        if past.damage is None and not past.corrected:
            implant = cls(before, memory, past.sequence, past.bank)  # the second copy of where the memory ended
            implant._taken(power, now_tick_ms)
        else:
            memory.set_aside()
            found: Fact = MemoryCorrected() if past.damage is None else MemoryFaultFound()
            pump = step(step(before, power, now_tick_ms).pump, found, now_tick_ms).pump
            # What is damaged stays as it is until the alarm about it is written.
            implant = cls(pump, memory, past.sequence, past.bank)
            implant._write_image()
        for _ in range(past.owed_strokes):
            if actuate(before.state.tick_ms) is False:
                implant.happens(MotorReported(1, 0, of_bolus=1))  # at one ms the basal stroke comes first
        return implant

    @property
    def state(self) -> PumpState:
        """What the pump believes, at its tick."""
        return self._pump.state

    @property
    def guard(self) -> Guard:
        """What the supervisor holds."""
        return self._pump.guard

    @property
    def tick_ms(self) -> int:
        """How far the pump has come, in its own ticks."""
        return self._pump.state.tick_ms

    @property
    def next_event_tick(self) -> int | None:
        """When something next happens by itself; None: nothing will."""
        return next_event_tick(self._pump.state)

    def advance(self, to_tick_ms: int, actuate: Actuate) -> None:
        """Let time pass up to ``to_tick_ms``; ``actuate(tick)`` is called for each stroke, after it is recorded.

        A stroke that did not turn is reported at its tick, before the next one is asked for.
        Raises ValueError when time would run back, ImplantHalted, and whatever memory and ``actuate`` raise.
        """
        if to_tick_ms < self.tick_ms:
            raise ValueError(f"the pump's tick never goes back: it is {self.tick_ms} ms")
        self._begin()
        while self.tick_ms < to_tick_ms:
            self._pass_time(min(to_tick_ms, self.tick_ms + _SLICE_MS), actuate)
            self._change_bank_when_long()
        self._halted = False

    def handle(self, role: Role, request_bytes: bytes) -> bytes:
        """The reply to an authenticated request, at the tick reached.

        Raises Malformed for bytes outside the grammar, without any effect; ImplantHalted; what memory raises.
        """
        return answer(request_bytes, role, self._apply, self.tick_ms, self.state.numbers.hash)

    def happens(self, fact: Recorded, tick_ms: int | None = None) -> None:
        """A fact befalls the pump at the tick reached; ``SupervisorTicked`` alone may be given a later tick.

        Raises ValueError for another tick, ImplantHalted, and whatever memory raises.
        """
        at_tick_ms = self.tick_ms if tick_ms is None else tick_ms
        if at_tick_ms != self.tick_ms and not (isinstance(fact, SupervisorTicked) and at_tick_ms > self.tick_ms):
            raise ValueError(f"a fact happens at the tick reached, which is {self.tick_ms} ms")
        self._begin()
        self._taken(fact, at_tick_ms)
        self._change_bank_when_long()
        self._halted = False

    def _apply(self, request: Request, role: Role) -> Reply:
        self._begin()
        tick_ms = self.tick_ms
        pump, effects = step(self._pump, CommandReceived(request, role), tick_ms)
        (effect,) = effects  # no stroke can be due: the time up to this tick has passed already
        assert isinstance(effect, Answered)
        if pump != self._pump:
            self._append(RequestTaken(tick_ms, role, encode_request(request)))
            self._pump = pump
            self._change_bank_when_long()
        self._halted = False
        return effect.reply

    def _taken(self, fact: Recorded, tick_ms: int) -> None:
        pump = step(self._pump, fact, tick_ms).pump
        if pump != self._pump:
            self._append(FactTaken(tick_ms, fact))
            self._pump = pump

    def _pass_time(self, to_tick_ms: int, actuate: Actuate) -> None:
        """Up to the tick given, or to the first at which the motor has something to report."""
        before = self._pump
        after, effects = step(before, TimePassed(), to_tick_ms)
        motor = MotorWatch(before.state.strokes_total, before.state.motor.unconfirmed > 0)
        for stroke in _strokes(effects):
            if stroke.tick_ms != motor.tick_ms and motor.report is not None:
                break
            self._append(StrokeMade(stroke.tick_ms, motor.total + 1))
            motor.asked(stroke.tick_ms, stroke.kind, actuate(stroke.tick_ms))
        report, last_tick_ms = motor.report, motor.tick_ms
        if report is not None and last_tick_ms is not None:
            self._pump = step(before, TimePassed(), last_tick_ms).pump
            self._taken(report, last_tick_ms)
            return
        if last_tick_ms != to_tick_ms or supervisor_is_ahead(before.guard):
            self._append(TimeReached(to_tick_ms))
        self._pump = after

    def _begin(self) -> None:
        if self._halted:
            raise ImplantHalted("the pump stopped midway: recover it from its memory")
        self._halted = True

    def _append(self, entry: Happening) -> None:
        kind, payload = payload_of(entry)
        record, crc = framed(kind, self._sequence + 1, payload, self._crc)
        self._memory.write(self._bank, record)
        self._sequence, self._crc, self._records = self._sequence + 1, crc, self._records + 1

    def _change_bank_when_long(self) -> None:
        if self._records >= RECORDS_PER_IMAGE:
            self._write_image()

    def _write_image(self) -> None:
        opening, crc = opening_of(self._pump, self._sequence + 1)
        bank = 1 - self._bank
        self._memory.erase(bank)
        self._memory.write(bank, opening)
        self._bank, self._sequence, self._crc, self._records = bank, self._sequence + 2, crc, 0


def _strokes(effects: tuple[Effect, ...]) -> Iterable[Stroke]:
    return (stroke for effect in effects if isinstance(effect, Strokes) for stroke in effect)
