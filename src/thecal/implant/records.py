"""What the pump's memory records: both layers at one moment, and everything that has happened to the pump since."""

from __future__ import annotations

import struct
from typing import NamedTuple

from thecal.device import Role
from thecal.implant.fact_form import Recorded, decode_fact, encode_fact
from thecal.implant.guard_form import decode_guard, encode_guard
from thecal.implant.journal import Damaged, Frame, framed, image_header
from thecal.implant.state_form import decode_state, encode_state
from thecal.pump import PumpState
from thecal.pump.supervisor import Guard
from thecal.pump.whole import Pump
from thecal.telemetry import REQUEST_BYTES_MAX, Malformed, codes

_TICK = struct.Struct(">Q")
_STROKE = struct.Struct(">QQ")
_REQUEST = struct.Struct(">QB")
_ROLES = {code: role for role, code in codes.ROLE.items()}


class Snapshot(NamedTuple):
    """The controller's whole state: always the first record of an image, and only that."""

    state: PumpState


class Sealed(NamedTuple):
    """The supervisor's whole state at the same moment: always the second record, and only that."""

    guard: Guard


class TimeReached(NamedTuple):
    """Everything due at or before this tick has been recorded."""

    tick_ms: int


class StrokeMade(NamedTuple):
    """A stroke, recorded before the motor turns; ``total`` counts it."""

    tick_ms: int
    total: int


class RequestTaken(NamedTuple):
    """An authenticated request that changed the pump, as it arrived, recorded before it is answered."""

    tick_ms: int
    role: Role
    request: bytes


class FactTaken(NamedTuple):
    """Something that happened to the pump at this tick, recorded before anything follows from it."""

    tick_ms: int
    fact: Recorded


Happening = TimeReached | StrokeMade | RequestTaken | FactTaken
Entry = Snapshot | Sealed | Happening

SNAPSHOT, TIME, STROKE, REQUEST, SEALED, FACT = 1, 2, 3, 4, 5, 6


def payload_of(entry: Entry) -> tuple[int, bytes]:
    """The kind number and the content of a record."""
    match entry:
        case StrokeMade(tick_ms, total):
            return STROKE, _STROKE.pack(tick_ms, total)
        case TimeReached(tick_ms):
            return TIME, _TICK.pack(tick_ms)
        case RequestTaken(tick_ms, role, request):
            return REQUEST, _REQUEST.pack(tick_ms, codes.ROLE[role]) + request
        case FactTaken(tick_ms, fact):
            return FACT, _TICK.pack(tick_ms) + encode_fact(fact)
        case Snapshot(state):
            return SNAPSHOT, encode_state(state)
        case Sealed(guard):
            return SEALED, encode_guard(guard)


def opening_of(pump: Pump, sequence: int) -> tuple[bytes, int]:
    """What an image of this pump begins with, its first record numbered so, and the CRC its journal chains to."""
    header, crc = image_header()
    snapshot, crc = framed(*_numbered(Snapshot(pump.state), sequence), crc)
    sealed, crc = framed(*_numbered(Sealed(pump.guard), sequence + 1), crc)
    return header + snapshot + sealed, crc


def opened(snapshot: Frame, sealed: Frame) -> Pump:
    """The pump that an image begins with. Raises Damaged when a record is not what its kind promises."""
    try:
        return Pump(decode_state(snapshot.payload), decode_guard(sealed.payload))
    except Malformed as fault:
        raise Damaged(f"record {snapshot.sequence} or the next cannot be read: {fault}") from None


def happening_of(frame: Frame) -> Happening:
    """The entry of a framed record of the journal. Raises Damaged when it is not what its kind promises."""
    try:
        match frame.kind:
            case 3:
                return StrokeMade(*_STROKE.unpack(frame.payload))
            case 2:
                return TimeReached(*_TICK.unpack(frame.payload))
            case 4 if len(frame.payload) <= _REQUEST.size + REQUEST_BYTES_MAX:
                tick_ms, role = _REQUEST.unpack_from(frame.payload)
                return RequestTaken(tick_ms, _ROLES[role], frame.payload[_REQUEST.size :])
            case 6:
                (tick_ms,) = _TICK.unpack_from(frame.payload)
                return FactTaken(tick_ms, decode_fact(frame.payload[_TICK.size :]))
    except (Malformed, struct.error, KeyError) as fault:
        raise Damaged(f"record {frame.sequence} cannot be read: {fault}") from None
    raise Damaged(f"record {frame.sequence} is of no kind that a journal holds")


def _numbered(entry: Entry, sequence: int) -> tuple[int, int, bytes]:
    kind, payload = payload_of(entry)
    return kind, sequence, payload
