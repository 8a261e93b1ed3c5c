"""Everything a pump remembers, as one frozen value made of whole numbers, texts and bytes."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.device import (
    Component,
    Done,
    LogEntry,
    LogKind,
    Mode,
    NeverSeen,
    Program,
    PumpDescriptor,
    Refused,
    Role,
    Staged,
    bounds,
)
from thecal.pump.strokes import NL_MS_PER_NL

RING_SIZE = 64  # command ids remembered for each role
LOG_SIZE = 200

Outcome = Staged | Done | Refused | NeverSeen


@dataclass(frozen=True, slots=True)
class Identity:
    """What never changes in the life of a pump: model, serial, patient, and how its tick maps to civil time."""

    descriptor: PumpDescriptor
    serial: str
    patient_token: str
    utc_at_tick_zero_ms: int
    clock_offset_min: int

    def __post_init__(self) -> None:
        bounds.UTC.check(self.utc_at_tick_zero_ms)
        bounds.CLOCK_OFFSET.check(self.clock_offset_min)


@dataclass(frozen=True, slots=True)
class Reservoir:
    """What the pump believes it holds: the volume last told less the strokes made since. Volumes in nL."""

    volume_nl: int
    filled_nl: int
    components: tuple[Component, ...]
    refilled_tick_ms: int | None  # None: never filled

    def __post_init__(self) -> None:
        if not 0 <= self.volume_nl <= self.filled_nl:
            raise ValueError("reservoir: believed volume must lie between 0 and the filled volume")


@dataclass(frozen=True, slots=True)
class Bolus:
    """A granted patient bolus: ``strokes`` evenly over ``duration_ms``, later by what outages delayed it.

    Stroke k of n is due at start + delayed + ceil(k * duration / n). ``ended_tick_ms`` is None while it runs.
    """

    start_tick_ms: int
    duration_ms: int
    strokes: int
    delayed_ms: int = 0
    ended_tick_ms: int | None = None

    @property
    def last_tick_ms(self) -> int:
        """When its last stroke is due."""
        return self.start_tick_ms + self.delayed_ms + self.duration_ms

    def due_by(self, tick_ms: int) -> int:
        """How many of its strokes are due at or before ``tick_ms`` (never negative, never more than all)."""
        elapsed_ms = tick_ms - self.start_tick_ms - self.delayed_ms
        return max(0, min(self.strokes, elapsed_ms * self.strokes // self.duration_ms))


@dataclass(frozen=True, slots=True)
class StagedProgram:
    """A program held for confirmation; it has no effect. ``based_on`` is the active hash it was written against."""

    program: Program
    based_on: bytes
    tick_ms: int


@dataclass(frozen=True, slots=True)
class EarlierBasal:
    """The highest basal rate of an earlier program and when it ended: it counts against limits 24 h longer."""

    rate_nl_per_day: int
    until_tick_ms: int


@dataclass(frozen=True, slots=True)
class MemoryFault:
    """The latest memory fault. It stands until a physician commits a program."""

    found_tick_ms: int
    standing: bool


@dataclass(frozen=True, slots=True)
class Remembered:
    """What became of a command id, kept per role so that one role cannot push out the other's results."""

    role: Role
    command_id: bytes
    tick_ms: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Horizon:
    """Of this role's commands due at or before ``tick_ms`` not every one is remembered: an unknown one never acts."""

    role: Role
    tick_ms: int


@dataclass(frozen=True, slots=True)
class PumpState:
    """A pump at its tick. All strokes due at or before ``tick_ms`` are counted in it.

    ``carry`` is undelivered rate x time in nL·ms/day, always less than one stroke. ``boluses`` are the grants
    that can still matter (running, or counting in a window), oldest first. ``log`` is never empty: its last
    entry carries the latest sequence number. Raises ValueError on a state that cannot exist.
    """

    identity: Identity
    tick_ms: int
    carry: int
    strokes_total: int
    bolus_strokes_total: int
    reservoir: Reservoir
    program: Program
    staged: StagedProgram | None
    boluses: tuple[Bolus, ...]
    earlier_basal: tuple[EarlierBasal, ...]
    committed_tick_ms: int | None
    fault: MemoryFault | None
    ring: tuple[Remembered, ...]
    horizons: tuple[Horizon, ...]  # at most one for each role
    log: tuple[LogEntry, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.carry < self.identity.descriptor.stroke_nl * NL_MS_PER_NL:
            raise ValueError("carry must be less than one stroke")
        if not 0 <= self.bolus_strokes_total <= self.strokes_total:
            raise ValueError("bolus strokes are part of all strokes")
        if self.tick_ms < 0 or not self.log:
            raise ValueError("a pump has a tick from 0 and a log")

    @property
    def utc_ms(self) -> int:
        """The pump's belief of civil time, UTC."""
        return self.identity.utc_at_tick_zero_ms + self.tick_ms

    @property
    def running_bolus(self) -> Bolus | None:
        """The bolus that runs now, or None."""
        if self.boluses and self.boluses[-1].ended_tick_ms is None:
            return self.boluses[-1]
        return None

    @property
    def empty(self) -> bool:
        """The reservoir is believed to hold less than one stroke."""
        return self.reservoir.volume_nl < self.identity.descriptor.stroke_nl

    @property
    def low(self) -> bool:
        """The reservoir is believed to be at or below the alarm level of the program."""
        return self.reservoir.volume_nl <= self.program.low_reservoir_nl


def manufacture(
    descriptor: PumpDescriptor, serial: str, patient_token: str, utc_at_tick_zero_ms: int, clock_offset_min: int
) -> PumpState:
    """A new pump at tick 0: stopped, reservoir empty, no fluid told. Raises OutOfBounds or ProgramInvalid."""
    stopped = Program(
        pump_serial=serial,
        patient_token=patient_token,
        mode=Mode.STOPPED,
        steps=(),
        patient_bolus=None,
        components=(),
        stated_daily_dose_ng=(),
        volume_limit_nl_per_24h=0,
        low_reservoir_nl=0,
    )
    return PumpState(
        identity=Identity(descriptor, serial, patient_token, utc_at_tick_zero_ms, clock_offset_min),
        tick_ms=0,
        carry=0,
        strokes_total=0,
        bolus_strokes_total=0,
        reservoir=Reservoir(0, 0, (), None),
        program=stopped,
        staged=None,
        boluses=(),
        earlier_basal=(),
        committed_tick_ms=None,
        fault=None,
        ring=(),
        horizons=(),
        log=(LogEntry(1, 0, utc_at_tick_zero_ms, LogKind.MANUFACTURED),),
    )
