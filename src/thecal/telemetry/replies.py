"""How a reply travels: at most 20 480 bytes.

The longest reply of this grammar is a report of 19 462 bytes: 200 log entries of 61 bytes, the program that runs and
the one that waits of 1771 each, the drug library of 1436, a status of 1894. A test adds it up from the shapes.
"""

from __future__ import annotations

from thecal.device import (
    Alarm,
    BolusStatus,
    Bound,
    Done,
    Forgotten,
    NeverSeen,
    OnceStatus,
    Reply,
    Report,
    Settled,
    Staged,
    Status,
    Waiting,
    bounds,
)
from thecal.device.program import COMPONENTS_MAX
from thecal.telemetry import forms
from thecal.telemetry.grammar import Field, Integer, Maybe, OneOf, Record, Several, from_bytes, to_bytes

REPLY_BYTES_MAX = 20_480  # 20 blocks of the link
LOG_ENTRIES_MAX = 200

_BOLUSES = Integer(Bound("boluses", "", 0, 24))

BOLUS_STATUS = Record(
    BolusStatus,
    Field(1, "volume_nl", forms.VOLUME),
    Field(2, "duration_ms", forms.DURATION),
    Field(3, "lockout_ms", forms.DURATION),
    Field(4, "maximum_per_24h", Integer(bounds.BOLUSES_PER_24H)),
    Field(5, "effective_per_24h", _BOLUSES),
    Field(6, "remaining", _BOLUSES),
    Field(7, "running_delivered_nl", Maybe(forms.VOLUME)),
    Field(8, "running_ends_in_ms", Maybe(forms.DURATION)),
    Field(9, "next_possible_in_ms", Maybe(forms.DURATION)),
    Field(10, "blocked_by", Maybe(forms.REASON)),
)

ONCE_STATUS = Record(
    OnceStatus,
    Field(1, "kind", forms.BOLUS_KIND),
    Field(2, "volume_nl", forms.VOLUME),
    Field(3, "delivered_nl", forms.VOLUME),
    Field(4, "ends_in_ms", forms.DURATION),
)

STATUS = Record(
    Status,
    Field(1, "utc_ms", forms.UTC),
    Field(2, "clock_offset_min", forms.CLOCK_OFFSET),
    Field(3, "mode", forms.MODE),
    Field(4, "rate_nl_per_day", forms.RATE),
    Field(5, "daily_volume_nl", Integer(bounds.VOLUME_LIMIT)),
    Field(6, "reservoir_nl", forms.RESERVOIR),
    Field(7, "low_reservoir_nl", forms.RESERVOIR),
    Field(8, "components", forms.COMPONENTS),
    Field(9, "alarms", Several(forms.ALARM, len(Alarm))),
    Field(10, "bolus", Maybe(BOLUS_STATUS)),
    Field(11, "once", Maybe(ONCE_STATUS)),
    Field(12, "bridge_left_nl", Maybe(forms.VOLUME)),
    Field(
        13,
        "waiting",
        Maybe(Record(Waiting, Field(1, "program_hash", forms.HASH), Field(2, "begins_utc_ms", forms.UTC))),
    ),
    Field(14, "silenced", Several(forms.ALARM, len(Alarm))),
    Field(15, "overrides", forms.SOFT_LIMITS),
    Field(16, "library_version", Maybe(forms.NAME)),
    Field(17, "log_head", forms.HASH),
)

REPORT = Record(
    Report,
    Field(1, "descriptor", forms.DESCRIPTOR),
    Field(2, "pump_serial", forms.NAME),
    Field(3, "patient_token", forms.NAME),
    Field(4, "status", STATUS),
    Field(5, "program", forms.PROGRAM),
    Field(6, "program_hash", forms.HASH),
    Field(7, "refilled_utc_ms", Maybe(forms.UTC)),
    Field(8, "filled_nl", forms.RESERVOIR),
    Field(9, "strokes_total", forms.COUNT),
    Field(10, "bolus_strokes_total", forms.COUNT),
    Field(11, "log", Several(forms.LOG_ENTRY, LOG_ENTRIES_MAX)),
    Field(12, "log_before", forms.HASH),
    Field(13, "once_strokes_total", forms.COUNT),
    Field(14, "library", Maybe(forms.LIBRARY)),
    Field(15, "waiting_program", Maybe(forms.PROGRAM)),
)

STAGED = Record(
    Staged,
    Field(1, "staged_hash", forms.HASH),
    Field(2, "program", forms.PROGRAM),
    Field(3, "daily_volume_nl", Integer(bounds.VOLUME_LIMIT)),
    Field(4, "daily_dose_ng", Several(forms.DAILY_DOSE, COMPONENTS_MAX)),
    Field(5, "bolus_volume_nl", Maybe(forms.VOLUME)),
    Field(6, "effective_boluses_per_24h", Maybe(_BOLUSES)),
    Field(7, "greatest_24h_volume_nl", forms.VOLUME),
    Field(8, "confirm_within_ms", forms.DURATION),
    Field(9, "soft_limits", forms.SOFT_LIMITS),
    Field(10, "once_volume_nl", Maybe(forms.VOLUME)),
    Field(11, "periodic_volume_nl", Maybe(forms.VOLUME)),
)

DONE = Record(Done, Field(1, "at_tick_ms", forms.TICK))
OUTCOME = OneOf({1: DONE, 2: forms.REFUSED, 3: Record(NeverSeen), 4: Record(Forgotten)})
SETTLED = Record(Settled, Field(1, "outcome", OUTCOME))

ANSWER = OneOf({1: REPORT, 2: STATUS, 3: STAGED, 4: DONE, 5: forms.REFUSED, 6: SETTLED})

REPLY = Record(
    Reply,
    Field(1, "command_id", forms.COMMAND_ID),
    Field(2, "tick_ms", forms.TICK),
    Field(3, "program_hash", forms.HASH),
    Field(4, "answer", ANSWER),
)


def encode_reply(reply: Reply) -> bytes:
    """The bytes of a reply. Raises Malformed where a field is outside the grammar."""
    return to_bytes(REPLY, reply, REPLY_BYTES_MAX)


def decode_reply(data: bytes) -> Reply:
    """The reply spelled by these bytes. Raises Malformed, and nothing else, for any other bytes."""
    return from_bytes(REPLY, data, REPLY_BYTES_MAX)
