"""A pump in each situation, brought there by what can happen to it, and one of every event and command for it."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from tests.pump.driven import BOLUS, DAY, HOUR, MINUTE, MORPHINE, Driven, once_bolus, program, treated
from thecal.device import (
    Alarm,
    AlarmTest,
    BolusKind,
    BridgeLeft,
    CancelBolus,
    ClearAlarm,
    Commit,
    Lasting,
    Mode,
    PeriodicBolus,
    Program,
    RecordRefill,
    RequestBolus,
    Role,
    SetAlarmIntervals,
    SetClock,
    SetLibrary,
    SilenceAlarm,
    Stage,
    StopInfusion,
    program_hash,
)
from thecal.device.commands import Interrogate, Query, ReadStatus
from thecal.pump import MemoryFaultFound, PowerRestored, TimePassed
from thecal.pump.controller.events import (
    BatteryRead,
    ClockUncertain,
    Fact,
    FieldEntered,
    FieldLeft,
    LinkAbused,
    LowBatteryReset,
    MemoryCorrected,
    MotorReported,
    SelfTest,
    SelfTested,
    SupervisorTripped,
    UpdatesFailed,
)
from thecal.pump.controller.situations import Situation, situation

COMMANDS = get_args(Lasting)
FACTS = get_args(Fact)
READINGS = (Interrogate, ReadStatus, Query)
ALL_MISSING = MotorReported(2**40, 0)
SIMPLE = program((0, 240_000), bolus=BOLUS, low_nl=0)
HAPPENS = {
    TimePassed: TimePassed(),
    PowerRestored: PowerRestored(0),
    MemoryFaultFound: MemoryFaultFound(),
    MemoryCorrected: MemoryCorrected(),
    MotorReported: ALL_MISSING,
    BatteryRead: BatteryRead(0),
    LowBatteryReset: LowBatteryReset(),
    SelfTested: SelfTested(SelfTest.CLOCK),
    FieldEntered: FieldEntered(),
    FieldLeft: FieldLeft(),
    LinkAbused: LinkAbused(),
    UpdatesFailed: UpdatesFailed(),
    ClockUncertain: ClockUncertain(),
    SupervisorTripped: SupervisorTripped("too fast"),
}
_ONCE = {
    Situation.SINGLE: once_bolus(BolusKind.SINGLE, 2_000, DAY),
    Situation.PRIMING: once_bolus(BolusKind.PRIMING, 2_000, DAY),
    Situation.BRIDGE: once_bolus(BolusKind.BRIDGE, 2_000, 5 * DAY),
}


def started_as(wanted: Situation) -> Program:
    """The program of a pump that is to come into this situation."""
    match wanted:
        case Situation.STOPPED:
            return program()
        case Situation.MINIMUM_RATE:
            return program(mode=Mode.MINIMUM_RATE)
        case Situation.FLEX:
            return program((0, 240_000), (60, 480_000), bolus=BOLUS)
        case Situation.PERIODIC_BOLUS:
            return program((0, 240_000), periodic=PeriodicBolus(10_000, 10 * MINUTE, 12 * HOUR))
        case Situation.SINGLE | Situation.PRIMING | Situation.BRIDGE:
            return replace(SIMPLE, once=_ONCE[wanted])
        case _:
            return SIMPLE


def next_program(pump: Driven) -> Program:
    """A program that this pump would take: it gives up a bridge that is not finished."""
    running = pump.state.once
    unfinished = pump.state.bridge_left is not None or (running is not None and running.kind is BolusKind.BRIDGE)
    return replace(
        program((0, 240_000), bolus=BOLUS, components=pump.state.reservoir.components or MORPHINE),
        bridge_left=BridgeLeft.CANCEL if unfinished else None,
    )


def in_situation(wanted: Situation) -> Driven:
    """A pump in this situation, its lockouts over, a harmless alarm standing, the next program staged."""
    pump = treated(started_as(wanted), volume_nl=1_000 if wanted is Situation.EMPTY else 20_000_000)
    pump.wait(5 * HOUR)
    pump.event(LinkAbused())
    match wanted:
        case Situation.STALLED:
            pump.event(ALL_MISSING)
        case Situation.TELEMETRY_LOCKED:
            pump.event(FieldEntered())
        case Situation.FAULT:
            pump.event(MemoryFaultFound())
            pump.wait(1)  # what was sent before it was found might be a copy of what acted
        case Situation.END_OF_SERVICE:
            pump.event(BatteryRead(0))
    pump.stage(next_program(pump))
    if wanted is Situation.BOLUS:
        pump.press()
    assert situation(pump.state) is wanted
    return pump


def role_for(kind: type) -> Role:
    """Who may send a command of this kind."""
    return Role.PATIENT if kind is RequestBolus else Role.PHYSICIAN


def command_of(kind: type, pump: Driven) -> Lasting | Interrogate | ReadStatus | Query:
    """A command of each kind that a pump able to obey would obey."""
    wanted = next_program(pump)
    return {
        Stage: lambda: Stage(wanted, program_hash(pump.state.program)),
        Commit: lambda: Commit(program_hash(wanted)),
        StopInfusion: StopInfusion,
        RecordRefill: lambda: RecordRefill(10_000_000, MORPHINE),
        RequestBolus: RequestBolus,
        CancelBolus: CancelBolus,
        SetClock: lambda: SetClock(pump.state.utc_ms + HOUR, 60),
        SilenceAlarm: lambda: SilenceAlarm(Alarm.LINK_ABUSE, HOUR),
        ClearAlarm: lambda: ClearAlarm(Alarm.LINK_ABUSE),
        AlarmTest: lambda: AlarmTest(critical=True),
        SetAlarmIntervals: lambda: SetAlarmIntervals(HOUR, 2 * HOUR),
        SetLibrary: lambda: SetLibrary(None),
        Interrogate: Interrogate,
        ReadStatus: ReadStatus,
        Query: lambda: Query(b"never seen, ever."[:16], pump.due()),
    }[kind]()
