"""Random lives of a pump with everything its memory wrote, so that the power can be cut at any byte afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random
from unittest.mock import patch

from tests.implant.power import DESCRIPTOR, FLUID, NEW, Asks, program
from thecal.device import (
    Alarm,
    AlarmTest,
    BolusKind,
    BridgeLeft,
    CancelBolus,
    ClearAlarm,
    Command,
    Commit,
    FlexStep,
    Mode,
    OnceBolus,
    PatientBolus,
    PeriodicBolus,
    Program,
    ReadStatus,
    RecordRefill,
    RequestBolus,
    Role,
    SetClock,
    SilenceAlarm,
    Stage,
    StopInfusion,
    program_hash,
)
from thecal.implant import Banks, Implant, Recorded
from thecal.pump import (
    BatteryRead,
    ClockUncertain,
    FieldEntered,
    FieldLeft,
    LinkAbused,
    LowBatteryReset,
    MemoryCorrected,
    MemoryFaultFound,
    MotorReported,
    SelfTest,
    SelfTested,
    SupervisorTripped,
    UpdatesFailed,
)
from thecal.pump.controller.numbers import daily_dose_ng
from thecal.pump.whole import Pump, SupervisorDied, SupervisorTicked


@dataclass(frozen=True, slots=True)
class Written:
    """One erasure (``data`` is what stood there) or one write, and how many strokes had been asked of the motor."""

    bank: int
    erases: bool
    data: bytes
    strokes: int


@dataclass
class Tape:
    """A memory that remembers every change of itself, beside the motor; ``deaf`` of its strokes are missed."""

    banks: list[bytes] = field(default_factory=lambda: [b"", b""])
    written: list[Written] = field(default_factory=list)
    strokes: int = 0
    deaf: frozenset[int] = frozenset()

    def erase(self, bank: int) -> None:
        self.written.append(Written(bank, True, self.banks[bank], self.strokes))
        self.banks[bank] = b""

    def write(self, bank: int, data: bytes) -> None:
        self.written.append(Written(bank, False, data, self.strokes))
        self.banks[bank] += data

    def set_aside(self) -> None:
        raise AssertionError("a memory that only lost power was taken for damaged")

    def actuate(self, _tick_ms: int) -> bool:
        self.strokes += 1
        return self.strokes not in self.deaf

    @property
    def image(self) -> Banks:
        return self.banks[0], self.banks[1]


@dataclass(frozen=True, slots=True)
class Trace:
    """All changes of a memory from ``start`` on, and the pump that lived after so many of them."""

    start: Banks
    written: tuple[Written, ...]
    lived: tuple[tuple[int, Pump], ...]


@contextmanager
def records_per_image(records: int) -> Iterator[None]:
    """Images change so often that cuts fall into them."""
    with patch("thecal.implant.implant.RECORDS_PER_IMAGE", records):
        yield


def pump_of(implant: Implant) -> Pump:
    return Pump(implant.state, implant.guard)


def traced(seed: int, acts: int = 14) -> Trace:
    """A new pump is filled and programmed; then things happen to it. The same seed gives the same trace."""
    chance = Random(seed)
    often = chance.random() < 0.3
    tape = Tape(deaf=frozenset(number for number in range(2_000) if often and chance.random() < 0.15))
    with records_per_image(chance.choice([6, 15, 40])):
        implant = Implant.manufacture(NEW, tape)
        lived = [(len(tape.written), pump_of(implant))]
        life = Life(chance, implant, tape)
        life.begins()
        for _ in range(acts):
            life.goes_on()
            lived.append((len(tape.written), pump_of(life.implant)))
    return Trace((b"", b""), tuple(tape.written), tuple(lived))


@dataclass
class Life:
    """What happens to one pump, drawn by chance."""

    chance: Random
    implant: Implant
    tape: Tape
    number: int = 0

    def begins(self) -> None:
        self.ask(RecordRefill(20_000_000, FLUID))
        self.programmed()

    def goes_on(self) -> None:
        """One act: mostly time and boluses, at times a fact, a change of program or a loss of power."""
        act = self.chance.choices(
            [self.waits, self.presses, self.told, self.befallen, self.programmed, self.loses_power],
            [8, 4, 3, 2, 1.5, 1.5],
        )[0]
        act()

    def ask(self, command: Command, role: Role = Role.PHYSICIAN) -> object:
        self.number += 1
        return Asks(self.number, role, command).of(self.implant).answer

    def waits(self) -> None:
        ahead_ms = self.chance.choice([1, 1_000, 15_000, 40_000, 90_000, self.chance.randint(1, 200_000)])
        self.implant.advance(self.implant.tick_ms + ahead_ms, self.tape.actuate)

    def presses(self) -> None:
        if self.chance.random() < 0.5:  # past the lockout, without the strokes of that time: it is a loss of power
            self.loses_power(900_000)
        self.ask(RequestBolus(), Role.PATIENT)

    def told(self) -> None:
        utc_ms = self.implant.state.utc_ms
        self.ask(
            self.chance.choice(
                [
                    StopInfusion(),
                    CancelBolus(),
                    RecordRefill(self.chance.choice([20_000_000, 6_000]), FLUID),
                    SetClock(utc_ms + self.chance.randint(-7_200_000, 7_200_000), 60),
                    SilenceAlarm(Alarm.LOW_RESERVOIR, 600_000),
                    ClearAlarm(Alarm.MEMORY_CORRECTED),
                    AlarmTest(True),
                    ReadStatus(),
                ]
            )
        )

    def befallen(self) -> None:
        fact = any_fact(self.chance)
        ahead_ms = self.chance.choice([0, 30_000, 95_000]) if isinstance(fact, SupervisorTicked) else 0
        reached_ms = max(self.implant.tick_ms, self.implant.guard.own_tick_ms)
        self.implant.happens(fact, reached_ms + ahead_ms if ahead_ms else None)

    def loses_power(self, outage_ms: int | None = None) -> None:
        if outage_ms is None:
            outage_ms = self.chance.choice([0, 1, 20_000, 600_000])
        now_tick_ms = self.implant.tick_ms + outage_ms
        self.implant = Implant.recover(self.tape.image, self.tape, NEW, now_tick_ms, self.tape.actuate)

    def programmed(self) -> None:
        state = self.implant.state
        wanted = any_program(self.chance)
        if state.once is not None or state.bridge_left is not None:
            bridges = wanted.once is not None and wanted.once.kind is BolusKind.BRIDGE
            wanted = replace(wanted, bridge_left=BridgeLeft.RESTART if bridges else BridgeLeft.CANCEL)
        if self.chance.random() < 0.2:
            wanted = replace(wanted, begins_utc_ms=state.utc_ms + self.chance.randint(1_000, 90_000))
        self.ask(Stage(wanted, program_hash(state.program)))
        self.ask(Commit(program_hash(wanted)))


def any_program(chance: Random) -> Program:
    """Strokes every few seconds, so that a short life has many, with boluses of every kind."""
    rate = chance.choice([4_320_000, 8_640_000, 2_000_000])
    once = None
    if chance.random() < 0.5:
        kind = chance.choice([BolusKind.SINGLE, BolusKind.PRIMING, BolusKind.BRIDGE, BolusKind.BRIDGE])
        once = OnceBolus(kind, chance.randint(1_000, 6_000), chance.choice([60_000, 90_000]))
    wanted = program((0, rate), bolus=PatientBolus(2_000, 60_000, 900_000, 20))
    kind_of_mode = chance.choice([Mode.SIMPLE_CONTINUOUS, Mode.FLEX, Mode.PERIODIC_BOLUS])
    if kind_of_mode is Mode.PERIODIC_BOLUS:
        periodic = PeriodicBolus(2_500, 60_000, 900_000)
        wanted = replace(wanted, mode=kind_of_mode, patient_bolus=None, periodic=periodic)
    elif kind_of_mode is Mode.FLEX:
        minute = chance.choice([61, 62, 65])  # shortly after tick zero: the offset is 60 min past 22:13
        steps = (FlexStep(0, rate), FlexStep(minute, 2_880_000))
        wanted = replace(wanted, mode=kind_of_mode, steps=steps)
    wanted = replace(wanted, once=once)
    return replace(wanted, stated_daily_dose_ng=daily_dose_ng(DESCRIPTOR, wanted))


def any_fact(chance: Random) -> Recorded:
    """Every fact there is; those that end a pump's work are rare."""
    common: list[Recorded] = [
        MotorReported(chance.randint(0, 2), 0),
        BatteryRead(chance.choice([900, 150, 10])),
        SelfTested(None),
        FieldEntered(),
        FieldLeft(),
        LinkAbused(),
        ClockUncertain(),
        MemoryCorrected(),
        SupervisorTicked(),
    ]
    rare: list[Recorded] = [
        MotorReported(0, 1),
        LowBatteryReset(),
        SelfTested(chance.choice(list(SelfTest))),
        UpdatesFailed(),
        MemoryFaultFound(),
        SupervisorTripped("seen by the test"),
        SupervisorDied(),
    ]
    return chance.choice(common if chance.random() < 0.85 else rare)
