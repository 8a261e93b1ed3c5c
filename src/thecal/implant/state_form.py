"""How the whole state of a pump is spelled in its memory. A change here needs a new MEMORY_VERSION."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

from thecal.device import Alarm, Bound, Library, LogEntry, NeverSeen, Program, Role, SoftLimit, bounds, head_of
from thecal.pump import (
    LOG_PAGE,
    AlarmIntervals,
    Bolus,
    Clock,
    EarlierBasal,
    Horizon,
    Identity,
    MemoryFault,
    Motor,
    PumpState,
    Remembered,
    Reservoir,
    StagedProgram,
    StandingAlarm,
    WaitingProgram,
    by_role,
    checked,
    in_order,
    marks_of,
    numbers_of,
)
from thecal.telemetry import forms
from thecal.telemetry.grammar import (
    Field,
    Flag,
    Integer,
    Malformed,
    Maybe,
    OneOf,
    Record,
    Several,
    from_bytes,
    to_bytes,
)
from thecal.telemetry.replies import DONE, LOG_ENTRIES_MAX, STAGED

STATE_BYTES_MAX = 262_144  # a full ring of staged programs and a full log need less than half of it
_RING_MAX = 256  # 64 for each role
_BOLUSES_MAX = 256
_EARLIER_MAX = 16

_IDENTITY = Record(
    Identity,
    Field(1, "descriptor", forms.DESCRIPTOR),
    Field(2, "serial", forms.NAME),
    Field(3, "patient_token", forms.NAME),
)
_CLOCK = Record(
    Clock,
    Field(1, "utc_at_tick_zero_ms", Integer(Bound("utc at tick zero", "ms", -(2**53), 2**53))),
    Field(2, "offset_min", forms.CLOCK_OFFSET),
    Field(3, "reached_local_ms", Integer(Bound("local time", "ms", 0, 2**54))),
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
    Field(4, "soft_limits", forms.SOFT_LIMITS),
)
_WAITING = Record(WaitingProgram, Field(1, "program", forms.PROGRAM), Field(2, "overrides", forms.SOFT_LIMITS))
_BOLUS = Record(
    Bolus,
    Field(1, "start_tick_ms", forms.TICK),
    Field(2, "duration_ms", Integer(Bound("bolus duration", "ms", 1, 2**53))),
    Field(3, "strokes", Integer(Bound("bolus strokes", "", 1, 2**53))),
    Field(4, "delayed_ms", forms.DURATION),
    Field(5, "ended_tick_ms", Maybe(forms.TICK)),
    Field(6, "kind", forms.BOLUS_KIND),
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

_MOTOR = Record(
    Motor,
    Field(1, "unconfirmed", forms.COUNT),
    Field(2, "missed_total", forms.COUNT),
    Field(3, "stalled_tick_ms", Maybe(forms.TICK)),
    Field(4, "in_field", Flag()),
    Field(5, "telemetry_locked", Flag()),
    Field(6, "reported_total", forms.COUNT),
)
_ALARM = Record(
    StandingAlarm,
    Field(1, "alarm", forms.ALARM),
    Field(2, "since_tick_ms", forms.TICK),
    Field(3, "silenced_until_tick_ms", Maybe(forms.TICK)),
)
_INTERVALS = Record(
    AlarmIntervals,
    Field(1, "critical_ms", Integer(bounds.CRITICAL_INTERVAL)),
    Field(2, "non_critical_ms", Integer(bounds.NON_CRITICAL_INTERVAL)),
)


@dataclass(frozen=True, slots=True)
class _Written:
    """The fields of the state that are written; what follows from the program is worked out again."""

    identity: Identity
    clock: Clock
    tick_ms: int
    carry: int
    strokes_total: int
    bolus_strokes_total: int
    once_strokes_total: int
    reservoir: Reservoir
    program: Program
    overrides: tuple[SoftLimit, ...]
    library: Library | None
    staged: StagedProgram | None
    waiting: WaitingProgram | None
    boluses: tuple[Bolus, ...]
    once: Bolus | None
    bridge_left: int | None
    next_periodic_tick_ms: int | None
    earlier_basal: tuple[EarlierBasal, ...]
    committed_tick_ms: int | None
    stopped_tick_ms: int | None
    fault: MemoryFault | None
    motor: Motor
    alarms: tuple[StandingAlarm, ...]
    intervals: AlarmIntervals
    ring: tuple[Remembered, ...]
    horizons: tuple[Horizon, ...]
    log: tuple[LogEntry, ...]
    log_before: bytes
    log_head: bytes


STATE = Record(
    _Written,
    Field(1, "identity", _IDENTITY),
    Field(2, "clock", _CLOCK),
    Field(3, "tick_ms", forms.TICK),
    Field(4, "carry", forms.COUNT),
    Field(5, "strokes_total", forms.COUNT),
    Field(6, "bolus_strokes_total", forms.COUNT),
    Field(7, "once_strokes_total", forms.COUNT),
    Field(8, "reservoir", _RESERVOIR),
    Field(9, "program", forms.PROGRAM),
    Field(10, "overrides", forms.SOFT_LIMITS),
    Field(11, "library", Maybe(forms.LIBRARY)),
    Field(12, "staged", Maybe(_STAGED)),
    Field(13, "waiting", Maybe(_WAITING)),
    Field(14, "boluses", Several(_BOLUS, _BOLUSES_MAX)),
    Field(15, "once", Maybe(_BOLUS)),
    Field(16, "bridge_left", Maybe(forms.COUNT)),
    Field(17, "next_periodic_tick_ms", Maybe(forms.TICK)),
    Field(18, "earlier_basal", Several(_EARLIER, _EARLIER_MAX)),
    Field(19, "committed_tick_ms", Maybe(forms.TICK)),
    Field(20, "stopped_tick_ms", Maybe(forms.TICK)),
    Field(21, "fault", Maybe(_FAULT)),
    Field(22, "motor", _MOTOR),
    Field(23, "alarms", Several(_ALARM, len(Alarm))),
    Field(24, "intervals", _INTERVALS),
    Field(25, "ring", Several(_REMEMBERED, _RING_MAX)),
    Field(26, "horizons", Several(_HORIZON, len(Role))),
    Field(27, "log", Several(forms.LOG_ENTRY, LOG_ENTRIES_MAX + LOG_PAGE)),
    Field(28, "log_before", forms.HASH),
    Field(29, "log_head", forms.HASH),
)


def encode_state(state: PumpState) -> bytes:
    """The one spelling of this state. Raises Malformed for a state outside the grammar (a bug)."""
    parts = {each.name: getattr(state, each.name) for each in fields(_Written)}
    return to_bytes(STATE, _Written(**parts | {"ring": in_order(state.ring)}), STATE_BYTES_MAX)


@lru_cache(maxsize=4)
def decode_state(data: bytes) -> PumpState:
    """The state spelled by these bytes. Raises Malformed, and nothing else, for any other bytes.

    The last few are kept: who watches a pump's memory reads the same snapshot again whenever its journal has grown.
    """
    written = from_bytes(STATE, data, STATE_BYTES_MAX)
    parts = {each.name: getattr(written, each.name) for each in fields(_Written)}
    numbers = numbers_of(written.identity.descriptor, written.program)
    try:
        marks = marks_of(written.log_before, written.log)
        state = checked(PumpState(numbers=numbers, log_marks=marks, **parts | {"ring": by_role(written.ring)}))
    except ValueError as error:
        raise Malformed(str(error)) from None
    if head_of(state.log_before, state.log) != state.log_head:
        raise Malformed("the log is not the one its chain of hashes ends with")
    return state
