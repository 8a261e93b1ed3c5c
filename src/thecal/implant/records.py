"""What the pump's memory records: the state at one moment, and everything that has happened to the pump since."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from thecal.device import Role
from thecal.implant.journal import Damaged, Frame
from thecal.implant.state_form import decode_state, encode_state
from thecal.pump import PumpState
from thecal.telemetry import REQUEST_BYTES_MAX, Malformed, codes

_TICK = struct.Struct(">Q")
_STROKE = struct.Struct(">QQ")
_REQUEST = struct.Struct(">QB")
_ROLES = {code: role for role, code in codes.ROLE.items()}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole state: always the first record of an image, and only that."""

    state: PumpState


@dataclass(frozen=True, slots=True)
class TimeReached:
    """Everything due at or before this tick has been recorded."""

    tick_ms: int


@dataclass(frozen=True, slots=True)
class StrokeMade:
    """A stroke, recorded before the motor turns; ``total`` counts it."""

    tick_ms: int
    total: int


@dataclass(frozen=True, slots=True)
class RequestTaken:
    """An authenticated request that changed the state, as it arrived, recorded before it is answered."""

    tick_ms: int
    role: Role
    request: bytes


Entry = Snapshot | TimeReached | StrokeMade | RequestTaken

SNAPSHOT, TIME, STROKE, REQUEST = 1, 2, 3, 4


def payload_of(entry: Entry) -> tuple[int, bytes]:
    """The kind number and the content of a record."""
    match entry:
        case Snapshot(state):
            return SNAPSHOT, encode_state(state)
        case TimeReached(tick_ms):
            return TIME, _TICK.pack(tick_ms)
        case StrokeMade(tick_ms, total):
            return STROKE, _STROKE.pack(tick_ms, total)
        case RequestTaken(tick_ms, role, request):
            return REQUEST, _REQUEST.pack(tick_ms, codes.ROLE[role]) + request


def entry_of(frame: Frame) -> Entry:
    """The entry of a framed record. Raises Damaged when its content is not what its kind promises."""
    try:
        match frame.kind:
            case 1:
                return Snapshot(decode_state(frame.payload))
            case 2:
                return TimeReached(*_TICK.unpack(frame.payload))
            case 3:
                return StrokeMade(*_STROKE.unpack(frame.payload))
            case 4 if len(frame.payload) <= _REQUEST.size + REQUEST_BYTES_MAX:
                tick_ms, role = _REQUEST.unpack_from(frame.payload)
                return RequestTaken(tick_ms, _ROLES[role], frame.payload[_REQUEST.size :])
    except (Malformed, struct.error, KeyError) as fault:
        raise Damaged(f"record {frame.sequence} cannot be read: {fault}") from None
    raise Damaged(f"record {frame.sequence} is of no known kind")
