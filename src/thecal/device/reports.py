"""What a pump answers: what it believes about itself. Whether that is true, only the bench knows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from thecal.device.descriptor import PumpDescriptor
from thecal.device.program import Component, Mode, Program
from thecal.device.refusals import Reason, Refused


class Alarm(Enum):
    """A standing alarm condition."""

    LOW_RESERVOIR = "low reservoir"
    EMPTY_RESERVOIR = "empty reservoir"
    MEMORY_FAULT = "memory fault"

    @property
    def critical(self) -> bool:
        """Critical alarms stop delivery; the others do not."""
        return self is not Alarm.LOW_RESERVOIR


class LogKind(Enum):
    """What a log entry records."""

    MANUFACTURED = "pump manufactured"
    PROGRAM_COMMITTED = "program committed"
    INFUSION_STOPPED = "infusion stopped"
    BOLUS_GRANTED = "patient bolus granted"
    BOLUS_REFUSED = "patient bolus refused"
    BOLUS_COMPLETED = "patient bolus completed"
    BOLUS_CANCELLED = "patient bolus cancelled"
    REFILL_RECORDED = "refill recorded"
    LOW_RESERVOIR = "low reservoir alarm"
    EMPTY_RESERVOIR = "empty reservoir alarm"
    POWER_RESTORED = "power restored"
    MEMORY_FAULT = "memory fault"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the pump's log. ``volume_nl``, ``duration_ms`` and ``reason`` are present where they apply."""

    sequence: int
    tick_ms: int
    utc_ms: int
    kind: LogKind
    volume_nl: int | None = None
    duration_ms: int | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class BolusStatus:
    """The patient bolus as the pump sees it now. Volumes in nL, times in ms of pump tick."""

    volume_nl: int  # achievable, in whole strokes; per bolus
    duration_ms: int
    lockout_ms: int
    maximum_per_24h: int
    effective_per_24h: int  # what lockout and volume limit leave of the maximum
    remaining: int  # grants still possible in the current 24 h window
    running_delivered_nl: int | None  # of the running bolus; None when none runs
    running_ends_in_ms: int | None
    next_possible_in_ms: int | None  # 0: now; None: not foreseeable (stopped, too little fluid)
    blocked_by: Reason | None  # why not now


@dataclass(frozen=True, slots=True)
class Status:
    """What both programmers may see."""

    utc_ms: int
    clock_offset_min: int
    mode: Mode
    rate_nl_per_day: int  # programmed rate at this moment, basal only
    daily_volume_nl: int  # basal volume of a whole day, as the program gives it
    reservoir_nl: int  # believed, by subtraction
    low_reservoir_nl: int
    components: tuple[Component, ...]  # the fluid in the reservoir, as last told
    alarms: tuple[Alarm, ...]
    bolus: BolusStatus | None


@dataclass(frozen=True, slots=True)
class Report:
    """The whole state, for the physician."""

    descriptor: PumpDescriptor
    pump_serial: str
    patient_token: str
    status: Status
    program: Program
    program_hash: bytes
    refilled_utc_ms: int | None
    filled_nl: int
    strokes_total: int  # ever
    bolus_strokes_total: int  # ever, of them for patient boluses
    log: tuple[LogEntry, ...]  # the latest entries, oldest first


@dataclass(frozen=True, slots=True)
class Staged:
    """The pump's own decode of a staged program and what it will really do: what a person confirms."""

    staged_hash: bytes
    program: Program
    daily_volume_nl: int  # basal, floor
    daily_dose_ng: tuple[int, ...]  # basal, per component, the pump's arithmetic, floor
    bolus_volume_nl: int | None  # achievable, whole strokes
    effective_boluses_per_24h: int | None
    greatest_24h_volume_nl: int  # basal and every effective bolus, rounded up
    confirm_within_ms: int


@dataclass(frozen=True, slots=True)
class Done:
    """The command took effect at this tick."""

    at_tick_ms: int


@dataclass(frozen=True, slots=True)
class NeverSeen:
    """The pump never saw this command id; it has now been marked and can never act."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Too long ago: the ring no longer reaches back to when it could have been sent. It can never act any more."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Answer to a query: what became of the command."""

    outcome: Done | Refused | NeverSeen | Forgotten


Answer = Report | Status | Staged | Done | Refused | Settled


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with the pump's tick and the hash of its active program, as they were when it was made."""

    command_id: bytes
    tick_ms: int
    program_hash: bytes
    answer: Answer
