"""Everything a pump remembers, as one value made of whole numbers, texts and bytes.

The state is a NamedTuple, not a dataclass: it is replaced several times for each event, and ten years of boluses must
pass in half a second. What may not be is checked where a state comes from outside: ``checked``.
"""

from __future__ import annotations

from typing import NamedTuple

from thecal.device import (
    Alarm,
    BolusKind,
    Component,
    Done,
    Library,
    LogEntry,
    Mode,
    NeverSeen,
    Program,
    PumpDescriptor,
    Refused,
    Role,
    SoftLimit,
    Staged,
)
from thecal.pump.controller.numbers import ProgramNumbers
from thecal.pump.strokes import NL_MS_PER_NL, new

RING_SIZE = 64  # command ids remembered for each role
LOG_SIZE = 200  # entries told at least; a page more are kept before a page is dropped
LOG_PAGE = 64

Outcome = Staged | Done | Refused | NeverSeen


class Identity(NamedTuple):
    """What never changes in the life of a pump: model, serial, patient."""

    descriptor: PumpDescriptor
    serial: str
    patient_token: str


class Clock(NamedTuple):
    """The pump's belief of civil time: UTC at tick zero, and one fixed offset.

    ``reached_local_ms`` is the latest local time (ms) that the schedule had reached when the clock was last set back:
    until it comes again, the rate of that moment holds, so that no slot runs twice. 0: the clock was never set back.
    """

    utc_at_tick_zero_ms: int
    offset_min: int
    reached_local_ms: int = 0


class Reservoir(NamedTuple):
    """What the pump believes it holds: the volume last told less the strokes made since. Volumes in nL."""

    volume_nl: int
    filled_nl: int
    components: tuple[Component, ...]
    refilled_tick_ms: int | None  # None: never filled


class Bolus(NamedTuple):
    """A granted bolus: ``strokes`` evenly over ``duration_ms``, later by what outages delayed it.

    Stroke k of n is due at start + delayed + ceil(k * duration / n). ``ended_tick_ms`` is None while it runs.
    """

    start_tick_ms: int
    duration_ms: int
    strokes: int
    delayed_ms: int = 0
    ended_tick_ms: int | None = None
    kind: BolusKind = BolusKind.PATIENT

    @property
    def last_tick_ms(self) -> int:
        """When its last stroke is due."""
        return self.start_tick_ms + self.delayed_ms + self.duration_ms

    def due_by(self, tick_ms: int) -> int:
        """How many of its strokes are due at or before ``tick_ms`` (never negative, never more than all)."""
        elapsed_ms = tick_ms - self.start_tick_ms - self.delayed_ms
        if elapsed_ms <= 0:
            return 0
        strokes = self.strokes
        due = elapsed_ms * strokes // self.duration_ms
        return due if due < strokes else strokes


class StagedProgram(NamedTuple):
    """A program held for confirmation; it has no effect. ``based_on`` is the active hash it was written against."""

    program: Program
    based_on: bytes
    tick_ms: int
    soft_limits: tuple[SoftLimit, ...] = ()


class WaitingProgram(NamedTuple):
    """A committed program whose delayed start lies ahead; ``overrides`` are the soft limits acknowledged for it."""

    program: Program
    overrides: tuple[SoftLimit, ...]


class EarlierBasal(NamedTuple):
    """The highest basal rate of an earlier program and when it ended: it counts against limits 24 h longer."""

    rate_nl_per_day: int
    until_tick_ms: int


class MemoryFault(NamedTuple):
    """The latest memory fault. It stands until a physician commits a program."""

    found_tick_ms: int
    standing: bool


class Remembered(NamedTuple):
    """What became of a command id, kept per role so that one role cannot push out the other's results."""

    role: Role
    command_id: bytes
    tick_ms: int
    outcome: Outcome


class RoleRing(NamedTuple):
    """The latest results of one role, oldest first. ``ids`` are theirs, 16 bytes each, joined: one search finds one."""

    role: Role
    ids: bytes
    results: tuple[Remembered, ...]


class Horizon(NamedTuple):
    """Of this role's commands due at or before ``tick_ms`` not every one is remembered: an unknown one never acts."""

    role: Role
    tick_ms: int


class StandingAlarm(NamedTuple):
    """An alarm that stands: since when, and until when it is silenced (None: it sounds)."""

    alarm: Alarm
    since_tick_ms: int
    silenced_until_tick_ms: int | None = None


class AlarmIntervals(NamedTuple):
    """How often tones repeat, ms."""

    critical_ms: int = 600_000
    non_critical_ms: int = 3_600_000


class Motor(NamedTuple):
    """What the controller knows of the motor.

    ``unconfirmed`` strokes in a row were recorded but not seen to turn; ``missed_total`` ever. ``in_field`` while a
    magnetic field holds the rotor; ``telemetry_locked`` when a sounding alarm met such a field: no stroke is asked for
    until somebody reads the pump. ``reported_total`` is the count of strokes up to which the motor has reported.
    """

    unconfirmed: int = 0
    missed_total: int = 0
    stalled_tick_ms: int | None = None
    in_field: bool = False
    telemetry_locked: bool = False
    reported_total: int = 0


class PumpState(NamedTuple):
    """A pump at its tick. All strokes due at or before ``tick_ms`` are counted in it.

    ``carry`` is undelivered basal rate x time in nL·ms/day, always less than one stroke. ``boluses`` are the patient
    and periodic grants that can still matter (running, or counting in a window), oldest first; ``once`` is the single,
    priming or bridge bolus that runs, ``bridge_left`` the strokes that an interrupted bridge still owes. ``log`` is
    never empty: its last entry carries the latest sequence number. ``numbers`` follow from the program and are kept
    only so that they are worked out once.
    """

    identity: Identity
    clock: Clock
    tick_ms: int
    carry: int
    strokes_total: int
    bolus_strokes_total: int
    once_strokes_total: int
    reservoir: Reservoir
    program: Program
    numbers: ProgramNumbers
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
    stopped_tick_ms: int | None  # since when the pump is stopped by a person; None: it is not
    fault: MemoryFault | None
    motor: Motor
    alarms: tuple[StandingAlarm, ...]  # at most one for each alarm
    intervals: AlarmIntervals
    ring: tuple[RoleRing, ...]  # at most one for each role
    horizons: tuple[Horizon, ...]  # at most one for each role
    log: tuple[LogEntry, ...]
    log_before: bytes
    log_head: bytes
    log_marks: tuple[bytes, ...]  # the chained hashes at the ends of the pages in ``log``, worked out once

    @property
    def utc_ms(self) -> int:
        """The pump's belief of civil time, UTC."""
        return self.clock.utc_at_tick_zero_ms + self.tick_ms

    @property
    def running_bolus(self) -> Bolus | None:
        """The patient or periodic bolus that runs now, or None."""
        if self.boluses and self.boluses[-1].ended_tick_ms is None:
            return self.boluses[-1]
        return None

    @property
    def empty(self) -> bool:
        """The reservoir is believed to hold less than one stroke."""
        return self.reservoir.volume_nl < self.identity.descriptor.stroke_nl

    def delivered(self, tick_ms: int, carry: int, basal: int, bolus: int, once: int) -> PumpState:
        """The state at a later tick, with these strokes made since: counted, and taken from the reservoir."""
        made = basal + bolus + once
        if not made:
            return self._replace(tick_ms=tick_ms, carry=carry)
        volume_nl, filled_nl, components, refilled_tick_ms = self.reservoir
        left_nl = volume_nl - made * self.numbers.stroke_nl
        return self._replace(
            tick_ms=tick_ms,
            carry=carry,
            strokes_total=self.strokes_total + made,
            bolus_strokes_total=self.bolus_strokes_total + bolus,
            once_strokes_total=self.once_strokes_total + once,
            reservoir=new(Reservoir, (left_nl, filled_nl, components, refilled_tick_ms)),
        )

    @property
    def low(self) -> bool:
        """The reservoir is believed to be at or below the alarm level of the program."""
        return self.reservoir.volume_nl <= self.program.low_reservoir_nl


_PLACES = {name: place for place, name in enumerate(PumpState._fields)}


def _replaced(state: PumpState, /, **changed: object) -> PumpState:
    """What ``_replace`` does, in a quarter of its time: every event passes here several times."""
    parts: list[object] = list(state)
    for name, value in changed.items():
        if name not in _PLACES:
            raise ValueError(f"a pump's state has no {name}")
        parts[_PLACES[name]] = value
    return new(PumpState, parts)


PumpState._replace = _replaced  # type: ignore[assignment,method-assign]


def checked(state: PumpState) -> PumpState:
    """``state``, if it can exist. Raises ValueError, one line, if it cannot."""
    if not 0 <= state.carry < state.identity.descriptor.stroke_nl * NL_MS_PER_NL:
        raise ValueError("carry must be less than one stroke")
    if not 0 <= state.bolus_strokes_total + state.once_strokes_total <= state.strokes_total:
        raise ValueError("bolus strokes are part of all strokes")
    if state.tick_ms < 0 or not state.log:
        raise ValueError("a pump has a tick from 0 and a log")
    if not 0 <= state.reservoir.volume_nl <= state.reservoir.filled_nl:
        raise ValueError("reservoir: believed volume must lie between 0 and the filled volume")
    return state


def stopped_program(serial: str, patient_token: str) -> Program:
    """The program of a new pump: nothing."""
    return Program(
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
