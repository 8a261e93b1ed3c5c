"""A real pump at the bedside: the pump's own code behind both ends of the link, and a channel that loses messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from thecal.device import Command, Program, Reply, Request, Role, Staged, program_hash
from thecal.programmer import Interrogated, interrogate
from thecal.pump import Answered, CommandReceived, TimePassed, manufacture, step
from thecal.quantities import Instant
from thecal.telemetry import PendingCommand, Session, answer, carry_out, decode_reply, decode_request, encode_reply
from thecal.therapy import descriptor_of

from ..therapy.given import model

BEGINS = Instant.parse("2026-11-22T07:00:00Z")


class Bedside:
    """One pump, one programmer of a given role; ``lose`` maps a kind of command to what is lost of it."""

    def __init__(self, role: Role = Role.PHYSICIAN) -> None:
        self.state = manufacture(descriptor_of(model()), "S1", "alder", BEGINS.epoch_ms, 60)
        self.role = role
        self.lose: dict[str, str] = {}
        self.stored: PendingCommand | None = None
        self.ran: Program | None = None  # the last program that gave drug, as the clinic's records hold it
        self.lies: Program | None = None  # what the pump's decode of a staged program is turned into
        self.before: dict[str, Callable[[], None]] = {}  # what happens just before the pump sees a kind of command
        self.commands: list[Command] = []  # every command sent, also those that were lost
        self._ids = 0
        self.session = Session(self._new_id)

    def _new_id(self) -> bytes:
        self._ids += 1
        return self._ids.to_bytes(15, "big") + (b"P" if self.role is Role.PATIENT else b"C")

    def wait(self, ms: int) -> None:
        """Let pump time pass."""
        self.state = step(self.state, TimePassed(), self.state.tick_ms + ms).state

    def exchange(self, data: bytes) -> bytes | None:
        """One round trip of 10 ms; loses what it was told to lose, once."""
        command = decode_request(data).command
        self.commands.append(command)
        kind = type(command).__name__
        lost = self.lose.pop(kind, "")
        if lost == "request":
            return None
        self.before.pop(kind, lambda: None)()
        self.wait(10)
        reply = answer(data, self.role, self._apply, self.state.tick_ms, program_hash(self.state.program))
        return None if lost == "reply" else self._bent(reply)

    def _apply(self, request: Request, role: Role) -> Reply:
        made = step(self.state, CommandReceived(request, role), self.state.tick_ms)
        self.state = made.state
        return next(effect.reply for effect in made.effects if isinstance(effect, Answered))

    def _bent(self, data: bytes) -> bytes:
        reply = decode_reply(data)
        if self.lies is None or not isinstance(reply.answer, Staged):
            return data
        return encode_reply(reply._replace(answer=replace(reply.answer, program=self.lies)))

    def remember(self, pending: PendingCommand) -> None:
        """The store."""
        self.stored = pending

    def forget(self, _pending: PendingCommand) -> None:
        """The store."""
        self.stored = None

    def drive(self, conversation):
        """Carry a conversation out to its end."""
        return carry_out(conversation, self.exchange, self)

    def interrogated(self) -> Interrogated:
        """The pump as it stands now."""
        found = self.drive(interrogate(self.session))
        assert isinstance(found, Interrogated), found
        return found
