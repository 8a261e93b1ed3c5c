"""A pump with its history, driven by sentences; and programs whose stated doses are computed apart from the pump."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from thecal.device import (
    COMMAND_LIFE_MS,
    Answer,
    BolusKind,
    BridgeLeft,
    Commit,
    Component,
    Done,
    FlexStep,
    LogKind,
    Mode,
    OnceBolus,
    PatientBolus,
    PeriodicBolus,
    Program,
    PumpDescriptor,
    RecordRefill,
    Report,
    Request,
    RequestBolus,
    Role,
    Stage,
    Staged,
    StopInfusion,
    program_hash,
)
from thecal.device.commands import Command, Interrogate
from thecal.pump import (
    Answered,
    CommandReceived,
    Event,
    PumpState,
    Stroke,
    Strokes,
    TimePassed,
    manufacture,
    step,
)

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
STROKE = 500
MORPHINE = (Component("morphine", 10_000_000),)
PUMP = PumpDescriptor(
    model="test pump",
    stroke_nl=STROKE,
    reservoir_nl=20_000_000,
    minimum_rate_nl_per_day=6_000,
    lowest_rate_nl_per_day=48_000,
    highest_rate_nl_per_day=24_000_000,
)
MIDNIGHT_UTC_MS = 20_000 * DAY
BOLUS = PatientBolus(volume_nl=10_000, duration_ms=10 * MINUTE, lockout_ms=4 * HOUR, maximum_per_24h=4)


def program(
    *rates: tuple[int, int],
    mode: Mode | None = None,
    bolus: PatientBolus | None = None,
    limit_nl: int = 2_000_000,
    low_nl: int = 2_000_000,
    components: tuple[Component, ...] = MORPHINE,
    serial: str = "P1",
    token: str = "T1",
    periodic: PeriodicBolus | None = None,
    once: OnceBolus | None = None,
    left: BridgeLeft | None = None,
    begins_utc_ms: int | None = None,
) -> Program:
    """A program from (minute, nL/day) pairs: none is stopped, one simple continuous, more flex; or periodic boluses."""
    if mode is None:
        mode = {0: Mode.STOPPED, 1: Mode.SIMPLE_CONTINUOUS}.get(len(rates), Mode.FLEX)
        mode = mode if periodic is None else Mode.PERIODIC_BOLUS
    volume = PUMP.minimum_rate_nl_per_day if mode is Mode.MINIMUM_RATE else int(day_volume(rates))
    if periodic is not None:
        volume += periodic.volume_nl // STROKE * STROKE * DAY // periodic.interval_ms
    return Program(
        pump_serial=serial,
        patient_token=token,
        mode=mode,
        steps=tuple(FlexStep(start, rate) for start, rate in rates),
        patient_bolus=bolus,
        components=components,
        stated_daily_dose_ng=tuple(int(Fraction(volume * c.concentration_ng_per_ml, 10**6)) for c in components),
        volume_limit_nl_per_24h=limit_nl,
        low_reservoir_nl=low_nl,
        periodic=periodic,
        once=once,
        bridge_left=left,
        begins_utc_ms=begins_utc_ms,
    )


def weekly(*groups: tuple[int, tuple[tuple[int, int], ...]], limit_nl: int = 28_000_000) -> Program:
    """A flex program from groups of (weekdays, (minute, nL/day) pairs), with the dose of the day that gives most."""
    volume = max(int(day_volume(rates)) for _, rates in groups)
    return replace(
        program((0, 48_000), limit_nl=limit_nl),
        mode=Mode.FLEX,
        steps=tuple(FlexStep(start, rate, days) for days, rates in groups for start, rate in rates),
        stated_daily_dose_ng=tuple(volume * each.concentration_ng_per_ml // 10**6 for each in MORPHINE),
    )


def once_bolus(kind: BolusKind, strokes: int = 20, duration_ms: int = 10 * MINUTE) -> OnceBolus:
    """A single, priming or bridge bolus of this many strokes."""
    return OnceBolus(kind, strokes * STROKE, duration_ms)


def day_volume(rates: tuple[tuple[int, int], ...]) -> Fraction:
    """Volume of a day, nL, minute by minute."""
    return sum((Fraction(rate_in_minute(rates, minute), 1_440) for minute in range(1_440)), Fraction(0))


def rate_in_minute(rates: tuple[tuple[int, int], ...], minute: int) -> int:
    """The rate that the schedule names for a minute of the day."""
    return next((rate for start, rate in reversed(rates) if start <= minute), 0)


@dataclass
class Driven:
    """A pump, all strokes it made, and the last answer it gave."""

    state: PumpState
    strokes: list[Stroke] = field(default_factory=list)
    sent: int = 0

    @classmethod
    def new(cls, descriptor: PumpDescriptor = PUMP, utc_ms: int = MIDNIGHT_UTC_MS, offset_min: int = 0) -> Driven:
        return cls(manufacture(descriptor, "P1", "T1", utc_ms, offset_min))

    def event(self, event: Event, tick_ms: int | None = None) -> Answer | None:
        transition = step(self.state, event, self.state.tick_ms if tick_ms is None else tick_ms)
        self.state = transition.state
        answer = None
        for effect in transition.effects:
            match effect:
                case Strokes():
                    self.strokes += effect
                case Answered(reply):
                    answer = reply.answer
        return answer

    def wait(self, elapsed_ms: int) -> None:
        self.event(TimePassed(), self.state.tick_ms + elapsed_ms)

    def send(self, command: Command, role: Role = Role.PHYSICIAN, command_id: bytes | None = None) -> Answer:
        self.sent += 1
        identity = self.sent.to_bytes(16, "big") if command_id is None else command_id
        request = Request(identity, self.due(), command)
        answer = self.event(CommandReceived(request, role))
        assert answer is not None
        return answer

    def due(self) -> int:
        """The latest deadline that a command sent now may have."""
        return self.state.tick_ms + COMMAND_LIFE_MS

    def press(self) -> Answer:
        """The patient asks for a dose."""
        return self.send(RequestBolus(), Role.PATIENT)

    def stage(self, wanted: Program) -> Answer:
        return self.send(Stage(wanted, program_hash(self.state.program)))

    def commit(self, wanted: Program) -> None:
        answer = self.stage(wanted)
        assert isinstance(answer, Staged), answer
        done = self.commit_staged(answer)
        assert isinstance(done, Done), done

    def commit_staged(self, staged: Staged) -> Answer:
        """Confirm what the pump showed, with every soft limit it named."""
        return self.send(Commit(staged.staged_hash, staged.soft_limits))

    def stop(self) -> None:
        assert isinstance(self.send(StopInfusion()), Done)

    def refill(self, volume_nl: int = 20_000_000, components: tuple[Component, ...] = MORPHINE) -> Answer:
        return self.send(RecordRefill(volume_nl, components))

    def report(self) -> Report:
        answer = self.send(Interrogate())
        assert isinstance(answer, Report)
        return answer

    def logged(self) -> list[LogKind]:
        return [entry.kind for entry in self.state.log]


def treated(wanted: Program, volume_nl: int = 20_000_000, **place: int) -> Driven:
    """A pump filled at tick 0 that runs this program from tick 0 on."""
    pump = Driven.new(PUMP, **place)
    pump.refill(volume_nl, wanted.components)
    pump.commit(wanted)
    return pump
