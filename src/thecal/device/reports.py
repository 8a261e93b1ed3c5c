"""What a pump answers: what it believes about itself. Whether that is true, only the bench knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from thecal.device.alarms import Alarm
from thecal.device.boluses import BolusKind
from thecal.device.descriptor import PumpDescriptor
from thecal.device.library import Library, SoftLimit
from thecal.device.log import LogEntry
from thecal.device.program import Component, Mode, Program
from thecal.device.refusals import Reason, Refused


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
class OnceStatus:
    """The single, priming or bridge bolus that runs now. Volumes in nL, in whole strokes."""

    kind: BolusKind
    volume_nl: int
    delivered_nl: int
    ends_in_ms: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A committed program that has not begun yet."""

    program_hash: bytes
    begins_utc_ms: int


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
    once: OnceStatus | None = None
    bridge_left_nl: int | None = None  # of a bridge bolus that was interrupted; None: none was
    waiting: Waiting | None = None
    silenced: tuple[Alarm, ...] = ()  # standing, without tones for now
    overrides: tuple[SoftLimit, ...] = ()  # soft limits the running program passes, acknowledged
    library_version: str | None = None  # None: the pump declares no drug limits
    log_head: bytes = bytes(32)  # the chained hash of the latest log entry


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
    log_before: bytes = bytes(32)  # the chained hash of the entry before the first of these
    once_strokes_total: int = 0  # ever, for single, priming and bridge boluses
    library: Library | None = None
    waiting_program: Program | None = None


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
    soft_limits: tuple[SoftLimit, ...] = ()  # passed by this program: each needs an acknowledgement at the commit
    once_volume_nl: int | None = None  # achievable, whole strokes
    periodic_volume_nl: int | None = None  # achievable, whole strokes, of each periodic bolus


class Done(NamedTuple):
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


class Reply(NamedTuple):
    """An answer with the pump's tick and the hash of its active program, as they were when it was made."""

    command_id: bytes
    tick_ms: int
    program_hash: bytes
    answer: Answer
