"""How a request travels: at most 4096 bytes (the longest takes 1840), every field present, one spelling."""

from __future__ import annotations

from thecal.device import (
    AlarmTest,
    CancelBolus,
    ClearAlarm,
    Commit,
    Interrogate,
    Query,
    ReadStatus,
    RecordRefill,
    Request,
    RequestBolus,
    SetAlarmIntervals,
    SetClock,
    SetLibrary,
    SilenceAlarm,
    Stage,
    StopInfusion,
    bounds,
)
from thecal.telemetry.forms import (
    ALARM,
    CLOCK_OFFSET,
    COMMAND_ID,
    COMPONENTS,
    HASH,
    LIBRARY,
    PROGRAM,
    RESERVOIR,
    SOFT_LIMITS,
    TICK,
    UTC,
)
from thecal.telemetry.grammar import Field, Flag, Integer, Maybe, OneOf, Record, from_bytes, to_bytes

REQUEST_BYTES_MAX = 4_096

COMMAND = OneOf(
    {
        1: Record(Interrogate),
        2: Record(ReadStatus),
        3: Record(Query, Field(1, "command_id", COMMAND_ID), Field(2, "not_after_tick_ms", TICK)),
        4: Record(Stage, Field(1, "program", PROGRAM), Field(2, "based_on", HASH)),
        5: Record(Commit, Field(1, "staged_hash", HASH), Field(2, "acknowledged", SOFT_LIMITS)),
        6: Record(StopInfusion),
        7: Record(RecordRefill, Field(1, "volume_nl", RESERVOIR), Field(2, "components", COMPONENTS)),
        8: Record(RequestBolus),
        9: Record(CancelBolus),
        10: Record(SetClock, Field(1, "utc_ms", UTC), Field(2, "offset_min", CLOCK_OFFSET)),
        11: Record(SilenceAlarm, Field(1, "alarm", ALARM), Field(2, "for_ms", Integer(bounds.SILENCE))),
        12: Record(ClearAlarm, Field(1, "alarm", ALARM)),
        13: Record(AlarmTest, Field(1, "critical", Flag())),
        14: Record(
            SetAlarmIntervals,
            Field(1, "critical_ms", Integer(bounds.CRITICAL_INTERVAL)),
            Field(2, "non_critical_ms", Integer(bounds.NON_CRITICAL_INTERVAL)),
        ),
        15: Record(SetLibrary, Field(1, "library", Maybe(LIBRARY))),
    }
)

REQUEST = Record(
    Request,
    Field(1, "command_id", COMMAND_ID),
    Field(2, "not_after_tick_ms", TICK),
    Field(3, "command", COMMAND),
)


def encode_request(request: Request) -> bytes:
    """The bytes of a request. Raises Malformed where a field is outside the grammar: nothing is sent then."""
    return to_bytes(REQUEST, request, REQUEST_BYTES_MAX)


def decode_request(data: bytes) -> Request:
    """The request spelled by these bytes. Raises Malformed, and nothing else, for any other bytes."""
    return from_bytes(REQUEST, data, REQUEST_BYTES_MAX)
