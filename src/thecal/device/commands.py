"""What may be asked of a pump. This is the whole list: there is no raw memory command and no remote dose."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from thecal.device import bounds
from thecal.device.alarms import Alarm
from thecal.device.library import Library, SoftLimit
from thecal.device.program import Component, Program

COMMAND_LIFE_MS = 30_000  # the farthest deadline a pump accepts, and the one programmers give [design, section 4]


class Role(Enum):
    """Who is calling. It follows from the caller's key, never from the message."""

    PHYSICIAN = "physician"
    PATIENT = "patient"
    SERVICE = "service"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Interrogate:
    """Take the whole state from the pump (physician)."""


@dataclass(frozen=True, slots=True)
class ReadStatus:
    """What the patient may know: bolus, lockout, reservoir, alarms (patient, physician)."""


@dataclass(frozen=True, slots=True)
class Query:
    """What became of an earlier command? An id never seen is marked so that it can never act later.

    The deadline of that command is asked along: with it the pump knows whether it could have forgotten the result.
    """

    command_id: bytes
    not_after_tick_ms: int  # of the command asked about

    def __post_init__(self) -> None:
        bounds.TICK.check(self.not_after_tick_ms)


@dataclass(frozen=True, slots=True)
class Stage:
    """Hold a program for confirmation. It has no effect before it is committed."""

    program: Program
    based_on: bytes  # hash of the program last interrogated


@dataclass(frozen=True, slots=True)
class Commit:
    """Make the staged program the active one, if its hash is still this.

    ``acknowledged`` are the soft limits the staging named, each seen and accepted by a person.
    """

    staged_hash: bytes
    acknowledged: tuple[SoftLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class StopInfusion:
    """Stop all delivery at once; a running bolus is cancelled. Restarting needs a reviewed program."""


@dataclass(frozen=True, slots=True)
class RecordRefill:
    """Tell the pump what the reservoir now holds. What the needle really did is another matter."""

    volume_nl: int
    components: tuple[Component, ...]

    def __post_init__(self) -> None:
        bounds.RESERVOIR.check(self.volume_nl)


@dataclass(frozen=True, slots=True)
class RequestBolus:
    """The patient asks for the prescribed bolus. Deliberately without parameters."""


@dataclass(frozen=True, slots=True)
class CancelBolus:
    """End the running patient, periodic, single or priming bolus; what is left of it is discarded, the mode goes on."""


@dataclass(frozen=True, slots=True)
class SetClock:
    """Set the pump's civil time and its one fixed offset. Limits and lockouts do not look at it."""

    utc_ms: int
    offset_min: int

    def __post_init__(self) -> None:
        bounds.UTC.check(self.utc_ms)
        bounds.CLOCK_OFFSET.check(self.offset_min)


@dataclass(frozen=True, slots=True)
class SilenceAlarm:
    """Let a standing alarm sound no tone for a while; the condition stays, and stays on show."""

    alarm: Alarm
    for_ms: int

    def __post_init__(self) -> None:
        bounds.SILENCE.check(self.for_ms)


@dataclass(frozen=True, slots=True)
class ClearAlarm:
    """End a latched alarm whose cause has gone."""

    alarm: Alarm


@dataclass(frozen=True, slots=True)
class AlarmTest:
    """Sound the critical or the non-critical tone once, so that the patient knows it."""

    critical: bool


@dataclass(frozen=True, slots=True)
class SetAlarmIntervals:
    """How often the tones of standing alarms repeat."""

    critical_ms: int
    non_critical_ms: int

    def __post_init__(self) -> None:
        bounds.CRITICAL_INTERVAL.check(self.critical_ms)
        bounds.NON_CRITICAL_INTERVAL.check(self.non_critical_ms)


@dataclass(frozen=True, slots=True)
class SetLibrary:
    """Give the pump a drug library, or none. A staged program is dropped: it was checked against the old one."""

    library: Library | None


Reading = Interrogate | ReadStatus | Query
Dosing = Stage | Commit | StopInfusion | RecordRefill | RequestBolus | CancelBolus
Setting = SetClock | SilenceAlarm | ClearAlarm | AlarmTest | SetAlarmIntervals | SetLibrary
Lasting = Dosing | Setting  # what changes the pump: it has a deadline, and its result is remembered
Command = Reading | Lasting

# The capability table: a command not listed for a role is refused (default deny).
MAY = {
    Role.PHYSICIAN: frozenset(
        {
            *(Interrogate, ReadStatus, Query),
            *(Stage, Commit, StopInfusion, RecordRefill, CancelBolus),
            *(SetClock, SilenceAlarm, ClearAlarm, AlarmTest, SetAlarmIntervals, SetLibrary),
        }
    ),
    Role.PATIENT: frozenset({ReadStatus, Query, RequestBolus, SilenceAlarm}),
    Role.SERVICE: frozenset({Interrogate, ReadStatus, Query, ClearAlarm}),
    Role.EMERGENCY: frozenset({ReadStatus, Query, StopInfusion}),  # it can only reduce what is given
}


@dataclass(frozen=True, slots=True)
class Request:
    """A command as it travels. ``not_after_tick_ms`` is pump time: a late command is refused, never executed.

    A dosing command whose deadline is more than COMMAND_LIFE_MS ahead is refused too: nobody whom the pump has told
    its time makes one, and the pump would have to remember it for as long.
    """

    command_id: bytes  # 16 random bytes; the same id has at most one effect
    not_after_tick_ms: int
    command: Command

    def __post_init__(self) -> None:
        if type(self.command_id) is not bytes or len(self.command_id) != 16:
            raise ValueError("command id must be 16 bytes")
        bounds.TICK.check(self.not_after_tick_ms)
