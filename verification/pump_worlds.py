"""Small pumps for an exhaustive search: a descriptor of few strokes, few programs, and what can happen to them.

The code searched is the real one; only the numbers are small: 40 strokes in the reservoir, 12 an hour at most.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from thecal.device import (
    COMMAND_LIFE_MS,
    MAY,
    Alarm,
    BolusKind,
    BridgeLeft,
    CancelBolus,
    ClearAlarm,
    Commit,
    Component,
    FlexStep,
    Interrogate,
    Mode,
    OnceBolus,
    PatientBolus,
    PeriodicBolus,
    Program,
    PumpDescriptor,
    ReadStatus,
    RecordRefill,
    Request,
    RequestBolus,
    Role,
    SetClock,
    SetLibrary,
    SilenceAlarm,
    Stage,
    StopInfusion,
    program_hash,
)
from thecal.device.commands import Command
from thecal.pump import (
    BatteryRead,
    ClockUncertain,
    CommandReceived,
    Event,
    FieldEntered,
    FieldLeft,
    LinkAbused,
    MemoryFaultFound,
    MotorReported,
    PowerRestored,
    SelfTest,
    SelfTested,
    TimePassed,
    UpdatesFailed,
    manufacture,
)
from thecal.pump.controller.events import LowBatteryReset
from thecal.pump.whole import Pump, SupervisorDied, SupervisorTicked, assembled, step

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
STROKE = 10_000
FLUID = (Component("morphine", 10_000_000),)
TINY = PumpDescriptor(
    model="tiny",
    stroke_nl=STROKE,
    reservoir_nl=40 * STROKE,
    minimum_rate_nl_per_day=12 * STROKE,
    lowest_rate_nl_per_day=24 * STROKE,
    highest_rate_nl_per_day=288 * STROKE,
)
MIDNIGHT_UTC_MS = 20_000 * DAY

Happening = tuple[Event | SupervisorTicked | SupervisorDied, int]
Maker = Callable[[Pump], Happening | None]  # what happens next, and when; None: it cannot


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to a pump, in one or more events; what an earlier one made impossible is left out."""

    name: str
    makers: tuple[Maker, ...]


@dataclass(frozen=True, slots=True)
class World:
    """A pump to begin with, and the acts that may follow in any order."""

    name: str
    begins: Pump
    acts: tuple[Act, ...]
    flex: bool = False  # whether any program here looks at the time of day
    lived: tuple[Act, ...] = ()  # what is done first, so that the windows are full when the search begins


def program(
    *rates: tuple[int, int],
    mode: Mode | None = None,
    bolus: PatientBolus | None = None,
    periodic: PeriodicBolus | None = None,
    once: OnceBolus | None = None,
    limit: int = 60,
    low: int = 5,
) -> Program:
    """A program from (hour, strokes a day) pairs; limit (a day) and alarm level in strokes."""
    if mode is None:
        mode = {0: Mode.STOPPED, 1: Mode.SIMPLE_CONTINUOUS}.get(len(rates), Mode.FLEX)
    ends = [*(hour for hour, _ in rates[1:]), 24]
    volume = sum(
        (Fraction(rate * STROKE * (end - hour), 24) for (hour, rate), end in zip(rates, ends, strict=False)),
        start=Fraction(0),
    )
    if mode is Mode.MINIMUM_RATE:
        volume += TINY.minimum_rate_nl_per_day
    if periodic is not None:
        volume += periodic.volume_nl * DAY // periodic.interval_ms
    return Program(
        pump_serial="P1",
        patient_token="T1",
        mode=mode,
        steps=tuple(FlexStep(hour * 60, rate * STROKE) for hour, rate in rates),
        patient_bolus=bolus,
        components=FLUID,
        stated_daily_dose_ng=(int(volume) * FLUID[0].concentration_ng_per_ml // 10**6,),
        volume_limit_nl_per_24h=limit * STROKE,
        low_reservoir_nl=low * STROKE,
        periodic=periodic,
        once=once,
    )


BOLUS = PatientBolus(2 * STROKE + 1, 15 * MINUTE, HOUR, 3)
SHORT = PatientBolus(2 * STROKE, 15 * MINUTE, 25 * MINUTE, 3)
STOPPED = program()
MINIMUM = program(mode=Mode.MINIMUM_RATE)
SIMPLE = program((0, 48), bolus=BOLUS, limit=53)  # the limit holds two boluses, the maximum is three
FAST = program((0, 96), bolus=SHORT, limit=101)  # as above: two of three
FLEX = program((0, 24), (12, 72), bolus=BOLUS, limit=78)
FOUR_A_DAY = PeriodicBolus(2 * STROKE, 15 * MINUTE, 6 * HOUR)
PERIODIC = program((0, 24), mode=Mode.PERIODIC_BOLUS, periodic=FOUR_A_DAY, limit=32)


def with_once(kind: BolusKind, strokes: int = 3, duration_ms: int = 30 * MINUTE) -> Program:
    """The simple program with a bolus given once before it."""
    return replace(SIMPLE, once=OnceBolus(kind, strokes * STROKE, duration_ms))


def now(pump: Pump) -> int:
    """The latest tick that either layer knows."""
    return max(pump.state.tick_ms, pump.guard.tick_ms)


def fact(event: Event, after_ms: int = 0) -> Maker:
    """This happens so long from now."""
    return lambda pump: (event, now(pump) + after_ms)


def sent(command: Command, role: Role = Role.PHYSICIAN) -> Maker:
    """A command with an id that was never used, due as late as it may be."""
    return lambda pump: (CommandReceived(_request(pump, command), role), now(pump))


def _request(pump: Pump, command: Command) -> Request:
    # Every command writes to the log or to nothing, and the search keeps no results: the log and the tick make it new.
    identity = (pump.state.log[-1].sequence << 64 | now(pump)).to_bytes(16, "big")
    return Request(identity, now(pump) + COMMAND_LIFE_MS, command)


def wait(name: str, elapsed_ms: int) -> Act:
    """Nothing but time."""
    return Act(f"wait {name}", (fact(TimePassed(), elapsed_ms),))


def outage(name: str, outage_ms: int) -> Act:
    """Power is away for so long from now on."""
    return Act(f"outage {name}", (fact(PowerRestored(outage_ms), outage_ms),))


def command(name: str, wanted: Command, role: Role = Role.PHYSICIAN) -> Act:
    """One command."""
    return Act(name, (sent(wanted, role),))


def committed(name: str, wanted: Program, left: BridgeLeft | None = None, begins_in_ms: int | None = None) -> Act:
    """The program is staged, and confirmed when the pump holds it."""

    def stage(pump: Pump) -> Happening | None:
        begins = None if begins_in_ms is None else pump.state.utc_ms + begins_in_ms
        fitted = replace(wanted, bridge_left=left, begins_utc_ms=begins)
        return sent(Stage(fitted, pump.state.numbers.hash))(pump)

    return Act(f"commit {name}", (stage, _confirm))


def continued(name: str, wanted: Program) -> Act:
    """The program is staged to go on with the bridge that an earlier one left, and confirmed."""

    def stage(pump: Pump) -> Happening | None:
        left = pump.state.bridge_left
        if not left:
            return None
        bridge = OnceBolus(BolusKind.BRIDGE, left * STROKE, 30 * MINUTE)
        fitted = replace(wanted, once=bridge, bridge_left=BridgeLeft.CONTINUE)
        return sent(Stage(fitted, pump.state.numbers.hash))(pump)

    return Act(f"continue {name}", (stage, _confirm))


def _confirm(pump: Pump) -> Happening | None:
    held = pump.state.staged
    return None if held is None else sent(Commit(program_hash(held.program), held.soft_limits))(pump)


def _begun(*acts: Act) -> Pump:
    pump = assembled(manufacture(TINY, "P1", "T1", MIDNIGHT_UTC_MS, 0))
    for act in (REFILL, *acts):
        for maker in act.makers:
            happening = maker(pump)
            assert happening is not None
            pump = step(pump, *happening).pump
            pump = pump._replace(state=pump.state._replace(ring=()))
    return pump


def _unreported(pump: Pump) -> int:
    """Strokes let through since the motor last reported; when all that is heard is nothing, all were missed."""
    return pump.state.strokes_total - pump.state.motor.reported_total


def _missing_one(pump: Pump) -> Happening | None:
    return (MotorReported(1, 0), now(pump)) if _unreported(pump) else None


def _supervisor_hears_nothing(elapsed_ms: int) -> Maker:
    return lambda pump: (SupervisorTicked(), now(pump) + elapsed_ms)


def _clock(ahead_ms: int) -> Maker:
    return lambda pump: sent(SetClock(now(pump) - pump.state.tick_ms + pump.state.utc_ms + ahead_ms, 0))(pump)


STAGE_ONLY = Act("stage fast", (lambda pump: sent(Stage(FAST, pump.state.numbers.hash))(pump),))
CONFIRM = Act("confirm", (_confirm,))
QUARTER, HOUR_ON, SIX_HOURS = wait("15 min", 15 * MINUTE), wait("1 h", HOUR), wait("6 h", 6 * HOUR)
FIVE, MINUTE_ON = wait("5 min", 5 * MINUTE), wait("1 min", MINUTE)
REFILL = command("refill", RecordRefill(40 * STROKE, FLUID))
FEW_LEFT = command("refill with little", RecordRefill(7 * STROKE, FLUID))
PRESS = command("request", RequestBolus(), Role.PATIENT)
STOP = command("stop", StopInfusion())
CANCEL = command("cancel", CancelBolus())
READ = command("read", ReadStatus(), Role.PATIENT)
SHORT_CUT, LONG_CUT = outage("7 min", 7 * MINUTE), outage("50 min", 50 * MINUTE)
MISS = Act("miss", (fact(TimePassed(), 30 * MINUTE), lambda pump: (MotorReported(_unreported(pump), 0), now(pump))))
MISS_ONE = Act("miss one", (fact(TimePassed(), 10 * MINUTE), _missing_one))
TURNS = Act("turns", (fact(TimePassed(), 30 * MINUTE), fact(MotorReported(0, 0))))
EXTRA = Act("extra", (fact(MotorReported(0, 1)),))
FACTS = (
    *(MISS, MISS_ONE, TURNS, EXTRA),
    Act("memory fault", (fact(MemoryFaultFound()),)),
    Act("battery low", (fact(BatteryRead(100)),)),
    Act("battery spent", (fact(BatteryRead(0)),)),
    Act("battery reset", (fact(LowBatteryReset()),)),
    Act("self-test fails", (fact(SelfTested(SelfTest.CLOCK)),)),
    Act("self-test passes", (fact(SelfTested(None)),)),
    Act("field", (fact(FieldEntered()),)),
    Act("no field", (fact(FieldLeft()),)),
    Act("clock uncertain", (fact(ClockUncertain()),)),
    Act("link abused", (fact(LinkAbused()),)),
    Act("updates fail", (fact(UpdatesFailed()),)),
    Act("supervisor waits 60 s", (_supervisor_hears_nothing(60 * SECOND),)),
    Act("supervisor waits 90 s", (_supervisor_hears_nothing(90 * SECOND),)),
    Act("supervisor dies", (lambda pump: (SupervisorDied(), now(pump)),)),
)
FORBIDDEN = tuple(
    command(f"{role.value} sends {type(wanted).__name__}", wanted, role)
    for role in (Role.PATIENT, Role.EMERGENCY, Role.SERVICE)
    for wanted in (
        *(Interrogate(), Stage(FAST, bytes(32)), Commit(bytes(32)), StopInfusion()),
        *(RecordRefill(STROKE, FLUID), RequestBolus(), CancelBolus(), SetClock(MIDNIGHT_UTC_MS, 60), SetLibrary(None)),
        *(SilenceAlarm(Alarm.MEMORY_FAULT, HOUR), ClearAlarm(Alarm.PROGRAM_NOT_STARTED)),
    )
    if type(wanted) not in MAY[role] or isinstance(wanted, SilenceAlarm | ClearAlarm)
)
_COMMITS = {
    "simple": committed("simple", SIMPLE),
    "fast": committed("fast", FAST),
    "flex": committed("flex", FLEX),
    "minimum": committed("minimum", MINIMUM),
    "stopped": committed("stopped", STOPPED),
    "periodic": committed("periodic", PERIODIC),
    "single": committed("single", with_once(BolusKind.SINGLE)),
    "priming": committed("priming", with_once(BolusKind.PRIMING)),
    "bridge": committed("bridge", with_once(BolusKind.BRIDGE)),
}
COMMIT_SIMPLE, COMMIT_FAST, COMMIT_FLEX = _COMMITS["simple"], _COMMITS["fast"], _COMMITS["flex"]
A_DAY = (SIX_HOURS, REFILL, SIX_HOURS, REFILL, SIX_HOURS, REFILL, SIX_HOURS, REFILL, HOUR_ON)
_RUNS = _begun(COMMIT_SIMPLE)

WORLDS = (
    World("patient boluses", _RUNS, (QUARTER, HOUR_ON, SIX_HOURS, PRESS, STOP, COMMIT_SIMPLE, COMMIT_FAST, SHORT_CUT)),
    World("a full window", _RUNS, (QUARTER, HOUR_ON, PRESS, SHORT_CUT, COMMIT_FAST, REFILL), lived=A_DAY),
    World("a fast full window", _begun(COMMIT_FAST), (FIVE, HOUR_ON, SIX_HOURS, PRESS, REFILL), lived=A_DAY),
    World(
        "time of day",
        _begun(COMMIT_FLEX),
        (
            *(HOUR_ON, SIX_HOURS, PRESS, COMMIT_FLEX, COMMIT_SIMPLE),
            Act("clock ahead 7 h", (_clock(7 * HOUR),)),
            Act("clock back 5 h", (_clock(-5 * HOUR),)),
            *(LONG_CUT, REFILL),
        ),
        flex=True,
        lived=A_DAY,
    ),
    World(
        "periodic boluses",
        _begun(_COMMITS["periodic"]),
        (
            FIVE,
            wait("2 h", 2 * HOUR),
            SIX_HOURS,
            STOP,
            CANCEL,
            _COMMITS["periodic"],
            COMMIT_SIMPLE,
            SHORT_CUT,
            LONG_CUT,
        ),
    ),
    World(
        "boluses given once",
        _RUNS,
        (
            *(FIVE, QUARTER, SIX_HOURS, PRESS, STOP, CANCEL, SHORT_CUT, LONG_CUT, MISS),
            *(_COMMITS["single"], _COMMITS["priming"], _COMMITS["bridge"], COMMIT_SIMPLE),
            committed("bridge anew", with_once(BolusKind.BRIDGE), BridgeLeft.RESTART),
            committed("no bridge", SIMPLE, BridgeLeft.CANCEL),
            continued("bridge", SIMPLE),
        ),
    ),
    World(
        "delayed starts",
        _RUNS,
        (
            *(QUARTER, SIX_HOURS, PRESS, STOP, FEW_LEFT, LONG_CUT, COMMIT_FAST),
            committed("flex in 1 h", FLEX, begins_in_ms=HOUR),
            committed("single in 20 min", with_once(BolusKind.SINGLE), begins_in_ms=20 * MINUTE),
            Act("clock ahead 30 min", (_clock(30 * MINUTE),)),
        ),
        flex=True,
    ),
    World("nearly empty", _RUNS, (FIVE, HOUR_ON, PRESS, FEW_LEFT, REFILL, MISS_ONE, *_COMMITS.values())),
    World("facts", _RUNS, (QUARTER, SIX_HOURS, PRESS, READ, COMMIT_SIMPLE, *FACTS)),
    World("motor", _RUNS, (FIVE, QUARTER, PRESS, MISS, MISS_ONE, TURNS, READ, COMMIT_SIMPLE, _COMMITS["bridge"])),
    World("who may", _RUNS, (MINUTE_ON, QUARTER, PRESS, STOP, STAGE_ONLY, CONFIRM, FACTS[4], FACTS[14], *FORBIDDEN)),
    World(
        "everything",
        _RUNS,
        (FIVE, HOUR_ON, SIX_HOURS, PRESS, STOP, CANCEL, REFILL, FEW_LEFT, READ, SHORT_CUT, *_COMMITS.values(), *FACTS),
        flex=True,
    ),
)
