"""How the whole state of a pump is spelled in its memory. A change here needs a new MEMORY_VERSION."""

from __future__ import annotations

from thecal.device import Bound, NeverSeen, Role
from thecal.pump import (
    Bolus,
    EarlierBasal,
    Horizon,
    Identity,
    MemoryFault,
    PumpState,
    Remembered,
    Reservoir,
    StagedProgram,
)
from thecal.telemetry import forms
from thecal.telemetry.grammar import Field, Flag, Integer, Maybe, OneOf, Record, Several, from_bytes, to_bytes
from thecal.telemetry.replies import DONE, LOG_ENTRIES_MAX, STAGED

STATE_BYTES_MAX = 262_144  # a full ring of staged programs and a full log need less than half of it
_RING_MAX = 128  # 64 for each of two roles
_BOLUSES_MAX = 256
_EARLIER_MAX = 16

_IDENTITY = Record(
    Identity,
    Field(1, "descriptor", forms.DESCRIPTOR),
    Field(2, "serial", forms.NAME),
    Field(3, "patient_token", forms.NAME),
    Field(4, "utc_at_tick_zero_ms", forms.UTC),
    Field(5, "clock_offset_min", forms.CLOCK_OFFSET),
)
_RESERVOIR = Record(
    Reservoir,
    Field(1, "volume_nl", forms.RESERVOIR),
    Field(2, "filled_nl", forms.RESERVOIR),
    Field(3, "components", forms.COMPONENTS),
    Field(4, "refilled_tick_ms", Maybe(forms.TICK)),
)
_STAGED = Record(
    StagedProgram,
    Field(1, "program", forms.PROGRAM),
    Field(2, "based_on", forms.HASH),
    Field(3, "tick_ms", forms.TICK),
)
_BOLUS = Record(
    Bolus,
    Field(1, "start_tick_ms", forms.TICK),
    Field(2, "duration_ms", Integer(Bound("bolus duration", "ms", 1, 2**53))),
    Field(3, "strokes", Integer(Bound("bolus strokes", "", 1, 2**53))),
    Field(4, "delayed_ms", forms.DURATION),
    Field(5, "ended_tick_ms", Maybe(forms.TICK)),
)
_EARLIER = Record(EarlierBasal, Field(1, "rate_nl_per_day", forms.RATE), Field(2, "until_tick_ms", forms.TICK))
_FAULT = Record(MemoryFault, Field(1, "found_tick_ms", forms.TICK), Field(2, "standing", Flag()))
_REMEMBERED = Record(
    Remembered,
    Field(1, "role", forms.ROLE),
    Field(2, "command_id", forms.COMMAND_ID),
    Field(3, "tick_ms", forms.TICK),
    Field(4, "outcome", OneOf({1: DONE, 2: forms.REFUSED, 3: Record(NeverSeen), 4: STAGED})),
)
_HORIZON = Record(Horizon, Field(1, "role", forms.ROLE), Field(2, "tick_ms", forms.TICK))

STATE = Record(
    PumpState,
    Field(1, "identity", _IDENTITY),
    Field(2, "tick_ms", forms.TICK),
    Field(3, "carry", forms.COUNT),
    Field(4, "strokes_total", forms.COUNT),
    Field(5, "bolus_strokes_total", forms.COUNT),
    Field(6, "reservoir", _RESERVOIR),
    Field(7, "program", forms.PROGRAM),
    Field(8, "staged", Maybe(_STAGED)),
    Field(9, "boluses", Several(_BOLUS, _BOLUSES_MAX)),
    Field(10, "earlier_basal", Several(_EARLIER, _EARLIER_MAX)),
    Field(11, "committed_tick_ms", Maybe(forms.TICK)),
    Field(12, "fault", Maybe(_FAULT)),
    Field(13, "ring", Several(_REMEMBERED, _RING_MAX)),
    Field(14, "horizons", Several(_HORIZON, len(Role))),
    Field(15, "log", Several(forms.LOG_ENTRY, LOG_ENTRIES_MAX)),
)


def encode_state(state: PumpState) -> bytes:
    """The one spelling of this state. Raises Malformed for a state outside the grammar (a bug)."""
    return to_bytes(STATE, state, STATE_BYTES_MAX)


def decode_state(data: bytes) -> PumpState:
    """The state spelled by these bytes. Raises Malformed, and nothing else, for any other bytes."""
    return from_bytes(STATE, data, STATE_BYTES_MAX)
