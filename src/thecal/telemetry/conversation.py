"""The programmer's end of the link, without the link: conversations that say what to send and what to remember.

A conversation is a generator. It yields actions; its driver carries each one out and resumes it: after ``Send`` with
the bytes of the reply, or None when none came (which is also what an unprotected or foreign answer is); after
``Remember`` and ``Forget`` with None, *once the store has done it*. Resuming is the acknowledgement, so a dosing
command cannot leave before it is written down.

A dosing conversation runs: (1) if an earlier command is unresolved, refuse locally (a stop settles it first);
(2) ask the pump for its time; (3) make the request, due within 30 s of that pump tick; (4) remember it; (5) send it,
once; (6) on a clear answer forget it, otherwise leave it pending. There is no retry: a repeated command is a second
command. ``settle`` asks the pump what became of the pending one; where the pump itself has forgotten it, whoever asks
interrogates, compares program and log with what was meant, and then lets it go. [design, decisions 12 and 13;
scenarios F01-F09]
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

from thecal.device import (
    COMMAND_LIFE_MS,
    CancelBolus,
    Commit,
    Component,
    Done,
    Forgotten,
    Interrogate,
    Lasting,
    NeverSeen,
    Program,
    Query,
    ReadStatus,
    RecordRefill,
    Refused,
    Reply,
    Report,
    Request,
    RequestBolus,
    Setting,
    Settled,
    SoftLimit,
    Stage,
    Staged,
    Status,
    StopInfusion,
    bounds,
)
from thecal.device.commands import Reading
from thecal.telemetry.grammar import Malformed
from thecal.telemetry.pending import (
    Applied,
    NoLongerKnown,
    NotApplied,
    NotSent,
    Outcome,
    PendingCommand,
    Unknown,
    UnresolvedCommand,
)
from thecal.telemetry.replies import decode_reply
from thecal.telemetry.requests import encode_request

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Send:
    """Send these bytes once; resume with the reply, or None when no protected reply came."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Remember:
    """Store this before going on: it must survive the end of this process."""

    pending: PendingCommand


@dataclass(frozen=True, slots=True)
class Forget:
    """The outcome is known: the stored command may be dropped."""

    pending: PendingCommand


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The pump did not answer a reading. Nothing is known that was not known before."""


class NothingPending(RuntimeError):
    """There is no unresolved command to settle."""

    def __init__(self) -> None:
        super().__init__("no command is waiting to be settled")


Action = Send | Remember | Forget
Conversation = Generator[Action, bytes | None, T]


class Session:
    """What one programmer knows while it talks to one pump: the pump's latest tick and the unresolved command.

    Small and changing on purpose: a conversation that is broken off at any point leaves the pending command here, and
    in the store, so that no later one can overlook it. A new visit makes a new Session with what the store holds.
    """

    __slots__ = ("latest_tick_ms", "new_id", "pending")

    def __init__(self, new_id: Callable[[], bytes], pending: PendingCommand | None = None) -> None:
        self.new_id = new_id  # 16 fresh random bytes at each call
        self.latest_tick_ms: int | None = None
        self.pending = pending


def interrogate(session: Session) -> Conversation[Report | Refused | NoAnswer]:
    """The whole state of the pump."""
    reply = yield from _read(session, Interrogate())
    return reply.answer if reply and isinstance(reply.answer, Report | Refused) else NoAnswer()


def read_status(session: Session) -> Conversation[Status | Refused | NoAnswer]:
    """What both programmers may see."""
    reply = yield from _read(session, ReadStatus())
    return reply.answer if reply and isinstance(reply.answer, Status | Refused) else NoAnswer()


def stage(session: Session, program: Program, based_on: bytes) -> Conversation[Staged | NotApplied | Unknown]:
    """Lay a program before the pump. The answer is the pump's own decode of it, which a person confirms.

    ``based_on`` is the hash of the program last interrogated. Raises UnresolvedCommand.
    """
    return (yield from _dose(session, Stage(program, based_on), Staged))


def commit(session: Session, staged_hash: bytes, acknowledged: tuple[SoftLimit, ...] = ()) -> Conversation[Outcome]:
    """Make the confirmed program the active one. Raises UnresolvedCommand.

    ``acknowledged``: the soft limits that the staging named, each accepted by a person.
    """
    return _outcome((yield from _dose(session, Commit(staged_hash, acknowledged), Done)))


def record_refill(session: Session, volume_nl: int, components: tuple[Component, ...]) -> Conversation[Outcome]:
    """Tell the pump what the reservoir now holds. Raises UnresolvedCommand, OutOfBounds."""
    return _outcome((yield from _dose(session, RecordRefill(volume_nl, components), Done)))


def request_bolus(session: Session) -> Conversation[Outcome]:
    """Ask for the prescribed patient bolus. Raises UnresolvedCommand."""
    return _outcome((yield from _dose(session, RequestBolus(), Done)))


def change(session: Session, command: CancelBolus | Setting) -> Conversation[Outcome]:
    """Give one of these commands, whose whole answer is that it was done. Raises UnresolvedCommand."""
    return _outcome((yield from _dose(session, command, Done)))


def stop_infusion(session: Session) -> Conversation[Outcome]:
    """Stop all delivery. A stop is never turned away for an unresolved command: it settles that one first.

    One that the pump has forgotten can no longer act; a stop does not wait for a person to compare.
    """
    if session.pending is not None:
        match (yield from settle(session)):
            case Unknown():
                return NotApplied(NotSent())
            case NoLongerKnown() as forgotten:
                yield from let_go(session, forgotten)
    return _outcome((yield from _dose(session, StopInfusion(), Done)))


def settle(session: Session) -> Conversation[Outcome | NoLongerKnown]:
    """Ask the pump what became of the unresolved command. Unknown: it could not be asked, or did not say.

    NoLongerKnown: the pump cannot say any more; the command stays unresolved until ``let_go``.
    Raises NothingPending when there is no unresolved command.
    """
    pending = session.pending
    if pending is None:
        raise NothingPending
    reply = yield from _read(session, Query(pending.command_id, pending.due_tick_ms))
    outcome: Outcome
    match reply.answer if reply else None:
        case Settled(Done(at_tick_ms)):
            outcome = Applied(at_tick_ms)
        case Settled((Refused() | NeverSeen()) as why):
            outcome = NotApplied(why)
        case Settled(Forgotten()):
            return NoLongerKnown(pending)
        case _:
            return Unknown(pending)
    yield from _resolved(session, pending)
    return outcome


def let_go(session: Session, forgotten: NoLongerKnown) -> Conversation[None]:
    """Drop a command that the pump has forgotten, after its report was read. Raises NothingPending for any other."""
    if session.pending != forgotten.pending:
        raise NothingPending
    yield from _resolved(session, forgotten.pending)


def _dose(session: Session, command: Lasting, expected: type[T]) -> Conversation[T | NotApplied | Unknown]:
    if session.pending is not None:
        raise UnresolvedCommand(session.pending)
    # The deadline counts from a tick the pump has just told; the last reply may be minutes of review ago.
    if (yield from _read(session, ReadStatus())) is None or session.latest_tick_ms is None:
        return NotApplied(NotSent())
    due_tick_ms = min(session.latest_tick_ms + COMMAND_LIFE_MS, bounds.TICK.high)
    request = Request(session.new_id(), due_tick_ms, command)
    data = encode_request(request)
    pending = PendingCommand.of(request, data, session.latest_tick_ms)
    session.pending = pending
    yield Remember(pending)
    reply = _reply_to(session, request, (yield Send(data)))
    answer = reply.answer if reply else None
    if not isinstance(answer, expected | Refused):
        return Unknown(pending)
    yield from _resolved(session, pending)
    return NotApplied(answer) if isinstance(answer, Refused) else answer


def _resolved(session: Session, pending: PendingCommand) -> Conversation[None]:
    yield Forget(pending)
    session.pending = None


def _outcome(answer: Done | NotApplied | Unknown) -> Outcome:
    return Applied(answer.at_tick_ms) if isinstance(answer, Done) else answer


def _read(session: Session, command: Reading) -> Conversation[Reply | None]:
    # A reading has no effect, so it needs no deadline; before the first reply none could be given.
    request = Request(session.new_id(), bounds.TICK.high, command)
    return _reply_to(session, request, (yield Send(encode_request(request))))


def _reply_to(session: Session, request: Request, data: bytes | None) -> Reply | None:
    """The reply to this very request, or None: bytes that are no reply, or another's, are no answer."""
    try:
        reply = None if data is None else decode_reply(data)
    except Malformed:
        return None
    if reply is None or reply.command_id != request.command_id:
        return None
    session.latest_tick_ms = max(reply.tick_ms, session.latest_tick_ms or 0)
    return reply
