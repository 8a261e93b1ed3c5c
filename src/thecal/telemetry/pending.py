"""A dosing command on its way: written down before it is sent, kept until the pump has said what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from thecal.device import (
    AlarmTest,
    CancelBolus,
    ClearAlarm,
    Commit,
    RecordRefill,
    Refused,
    Request,
    RequestBolus,
    SetAlarmIntervals,
    SetClock,
    SetLibrary,
    SilenceAlarm,
    Stage,
    StopInfusion,
)
from thecal.device.reports import NeverSeen
from thecal.telemetry.forms import COMMAND_ID, TICK
from thecal.telemetry.grammar import Blob, Field, Malformed, Record, Text, from_bytes, to_bytes
from thecal.telemetry.requests import REQUEST_BYTES_MAX, decode_request

KIND = MappingProxyType(
    {
        Stage: "stage",
        Commit: "commit",
        StopInfusion: "stop infusion",
        RecordRefill: "record refill",
        RequestBolus: "request bolus",
        CancelBolus: "cancel bolus",
        SetClock: "set clock",
        SilenceAlarm: "silence alarm",
        ClearAlarm: "clear alarm",
        AlarmTest: "test alarm",
        SetAlarmIntervals: "set alarm tones",
        SetLibrary: "set library",
    }
)
_PACKED_BYTES_MAX = REQUEST_BYTES_MAX + 100


@dataclass(frozen=True, slots=True)
class PendingCommand:
    """A dosing command whose outcome is not known. Plain fields: a database row or a line of a file can hold it.

    It belongs to the pump it was sent to: store it under that pump and settle it with that pump only, because any
    other pump would truthfully answer that it never saw it. Raises Malformed when the fields contradict each other.
    """

    command_id: bytes
    kind: str  # one of the words of KIND
    request: bytes  # as it was to be sent
    tick_ms: int  # pump tick of the reply that was the latest when it was made

    def __post_init__(self) -> None:
        request = decode_request(self.request)
        if request.command_id != self.command_id or KIND.get(type(request.command)) != self.kind:
            raise Malformed("the stored command is not the one its request spells")

    @property
    def due_tick_ms(self) -> int:
        """The pump tick after which it can no longer act."""
        return decode_request(self.request).not_after_tick_ms

    @classmethod
    def of(cls, request: Request, data: bytes, tick_ms: int) -> PendingCommand:
        """The pending command for a dosing request (a KeyError means a reading one: a bug)."""
        return cls(request.command_id, KIND[type(request.command)], data, tick_ms)

    def packed(self) -> bytes:
        """As bytes, for a store that keeps bytes; ``unpacked`` reads them back."""
        return to_bytes(_PENDING, self, _PACKED_BYTES_MAX)

    @classmethod
    def unpacked(cls, data: bytes) -> PendingCommand:
        """Raises Malformed for anything that ``packed`` did not write."""
        return from_bytes(_PENDING, data, _PACKED_BYTES_MAX)


_PENDING = Record(
    PendingCommand,
    Field(1, "command_id", COMMAND_ID),
    Field(2, "kind", Text(20)),
    Field(3, "request", Blob(REQUEST_BYTES_MAX)),
    Field(4, "tick_ms", TICK),
)


@dataclass(frozen=True, slots=True)
class NotSent:
    """The pump did not answer when it was asked for its time, so the command was never sent."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The pump did it, at this pump tick."""

    at_tick_ms: int


@dataclass(frozen=True, slots=True)
class NotApplied:
    """The pump did not do it and never will: it refused, it never saw the command, or nothing was sent."""

    why: Refused | NeverSeen | NotSent


@dataclass(frozen=True, slots=True)
class Unknown:
    """The pump may or may not have done it. Only ``settle`` can tell; never a time-out, never a guess."""

    pending: PendingCommand


@dataclass(frozen=True, slots=True)
class NoLongerKnown:
    """The pump has forgotten whether it did it; it never will do it now. Only its report and its log can still tell."""

    pending: PendingCommand


Outcome = Applied | NotApplied | Unknown


class UnresolvedCommand(RuntimeError):
    """A dosing command was asked for while the outcome of an earlier one is unknown."""

    def __init__(self, pending: PendingCommand) -> None:
        super().__init__(f"what became of the command to {pending.kind} is not known: settle it first")
        self.pending = pending
