"""One programmer attached to the device on the bench, with keys of its own: what it says, and what is done to its link.

Everything it asks goes through the conversations that the real programmers use, over frames that the real protection
made: a command is written down before it is sent, and what became of it is unknown until the pump has said.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from thecal.bench.air import AirFault, Frame, Way
from thecal.bench.channel import Channel
from thecal.bench.pending_store import BenchStore
from thecal.device import Component, Program, Refused, Report, Role, SoftLimit, Staged, Status
from thecal.device.commands import CancelBolus, Setting
from thecal.telemetry import (
    Applied,
    Conversation,
    NoAnswer,
    NoLongerKnown,
    NotApplied,
    NotSent,
    Outcome,
    PendingCommand,
    Session,
    Unknown,
    carry_out,
    change,
    commit,
    interrogate,
    read_status,
    record_refill,
    request_bolus,
    settle,
    stage,
    stop_infusion,
)

T = TypeVar("T")


class Clockwork(Protocol):
    """The bench as a client sees it: time that passes while it waits."""

    @property
    def at_ms(self) -> int:
        """Bench time now."""

    def wait(self, until_ms: int, is_over: Callable[[], bool]) -> None:
        """Let time pass, event to event, up to a moment or until it is over."""


class Client:
    """One programmer. ``patience_ms`` is how long it waits for a reply that does not come at once; 0: not at all."""

    def __init__(self, name: str, channel: Channel, clockwork: Clockwork, new_id: Callable[[], bytes]) -> None:
        self.name = name
        self.channel = channel
        self.patience_ms = 0
        self.store = BenchStore()
        self._clockwork = clockwork
        self._new_id = new_id

    @property
    def role(self) -> Role:
        """Whose keys it has."""
        return self.channel.role

    @property
    def pending(self) -> PendingCommand | None:
        """The command of which it is not known what became; None: there is none."""
        return self.store.pending

    @property
    def recorded(self) -> tuple[Frame, ...]:
        """Every frame it and the pump ever sent each other, as an eavesdropper has them."""
        return tuple(self.channel.air.record)

    def disturb(self, way: Way, *faults: AirFault) -> None:
        """Let these strike the next frames of this way, one each, in order."""
        self.channel.air.disturb(way, *faults)

    def inject(self, data: bytes, way: Way = Way.REQUEST) -> None:
        """Put any bytes into the air, as somebody without keys does: they arrive now, beside whatever is sent."""
        (self.channel.at_pump if way is Way.REQUEST else self.channel.at_programmer)(data)

    def replay(self, frame: Frame) -> None:
        """Send a recorded frame once more."""
        self.inject(frame.data, frame.way)

    def exchange(self, request: bytes) -> bytes | None:
        """Send a request once; the reply, or None when none that verifies came while it waited."""
        reply = self.channel.exchange(request)
        if reply is None and self.patience_ms:
            until_ms = self._clockwork.at_ms + self.patience_ms
            self._clockwork.wait(until_ms, lambda: bool(self.channel.replies))
            reply = self.channel.replies[0] if self.channel.replies else None
        return reply

    def carry_out(self, conversation: Callable[[Session], Conversation[T]]) -> T:
        """Carry any conversation out, with what is not known from the visits before. Raises what it raises."""
        return carry_out(conversation(Session(self._new_id, self.store.pending)), self.exchange, self.store)

    def interrogate(self) -> Report | Refused | NoAnswer:
        """The whole state of the pump."""
        return self.carry_out(interrogate)

    def read_status(self) -> Status | Refused | NoAnswer:
        """What both programmers may see."""
        return self.carry_out(read_status)

    def stage(self, program: Program, based_on: bytes) -> Staged | NotApplied | Unknown:
        """Lay a program before the pump. Raises UnresolvedCommand, as all that follow."""
        return self.carry_out(lambda session: stage(session, program, based_on))

    def commit(self, staged_hash: bytes, acknowledged: tuple[SoftLimit, ...] = ()) -> Outcome:
        """Make the staged program the active one."""
        return self.carry_out(lambda session: commit(session, staged_hash, acknowledged))

    def program(self, program: Program) -> Outcome:
        """Interrogate, stage and commit, acknowledging every soft limit that the pump names."""
        found = self.interrogate()
        if not isinstance(found, Report):
            return NotApplied(found if isinstance(found, Refused) else NotSent())
        staged = self.stage(program, found.program_hash)
        return self.commit(staged.staged_hash, staged.soft_limits) if isinstance(staged, Staged) else staged

    def record_refill(self, volume_nl: int, components: tuple[Component, ...]) -> Outcome:
        """Tell the pump what the reservoir now holds."""
        return self.carry_out(lambda session: record_refill(session, volume_nl, components))

    def request_bolus(self) -> Outcome:
        """Ask for the prescribed patient bolus."""
        return self.carry_out(request_bolus)

    def stop(self) -> Outcome:
        """Stop all delivery."""
        return self.carry_out(stop_infusion)

    def change(self, command: CancelBolus | Setting) -> Outcome:
        """Give one of the other commands."""
        return self.carry_out(lambda session: change(session, command))

    def settle(self) -> Applied | NotApplied | Unknown | NoLongerKnown:
        """Ask what became of the pending command. Raises NothingPending."""
        return self.carry_out(settle)
