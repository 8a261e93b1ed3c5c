"""The state machine: the table is the machine.

A row for each situation, a column for each fact and each command. Facts are never refused. A command meets a cell:
refused there with a reason, blocked by whichever alarm stands, or accepted, which means that its own checks decide;
then the situation is one of those listed, or stays as it was when a check refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from thecal.device import (
    AlarmTest,
    CancelBolus,
    ClearAlarm,
    Commit,
    Interrogate,
    Query,
    ReadStatus,
    Reason,
    RecordRefill,
    RequestBolus,
    SetAlarmIntervals,
    SetClock,
    SetLibrary,
    SilenceAlarm,
    Stage,
    StopInfusion,
)
from thecal.pump.controller.events import (
    BatteryRead,
    ClockUncertain,
    FieldEntered,
    FieldLeft,
    LinkAbused,
    LowBatteryReset,
    MemoryCorrected,
    MemoryFaultFound,
    MotorReported,
    PowerRestored,
    SelfTested,
    SupervisorTripped,
    TimePassed,
    UpdatesFailed,
)
from thecal.pump.controller.situations import Situation


@dataclass(frozen=True, slots=True)
class Accept:
    """The command's own checks decide; these situations may follow."""

    then: frozenset[Situation]


@dataclass(frozen=True, slots=True)
class Blocked:
    """Refused with the reason of the alarm that stands: one of these."""

    reasons: frozenset[Reason]


Cell = Accept | Reason | Blocked
Row = Mapping[type, Cell]

_S = Situation


def _to(*situations: Situation) -> Accept:
    return Accept(frozenset(situations))


_MODES = (_S.MINIMUM_RATE, _S.SIMPLE_CONTINUOUS, _S.FLEX, _S.PERIODIC_BOLUS)
_RUNS = (*_MODES, _S.BOLUS, _S.SINGLE, _S.PRIMING, _S.BRIDGE, _S.EMPTY)
_HELD = (_S.STALLED, _S.TELEMETRY_LOCKED)
_BEGUN = _to(_S.STOPPED, *_RUNS)  # a program takes effect: any
_BEGUN_OR_HELD = _to(_S.STOPPED, *_RUNS, *_HELD)  # and what held the motor before may still hold it
_LATER = _to(_S.STOPPED, *_RUNS, _S.END_OF_SERVICE)  # with time a waiting program begins, or the battery is spent
_LATER_OR_HELD = _to(_S.STOPPED, *_RUNS, *_HELD, _S.END_OF_SERVICE)


def _row(
    stays: Situation,
    *,
    passing: Accept,
    fails: Accept,
    motor: Accept,
    battery: Accept,
    test: Accept,
    field: Accept,
    reading: Accept,
    stage: Cell,
    commit: Cell,
    stop: Cell,
    refill: Cell,
    bolus: Cell,
    cancel: Cell,
    clock: Cell,
) -> Row:
    same = _to(stays)
    return MappingProxyType(
        {
            TimePassed: passing,
            PowerRestored: passing,
            MemoryFaultFound: fails,
            MemoryCorrected: same,
            MotorReported: motor,
            BatteryRead: battery,
            LowBatteryReset: fails,
            SelfTested: test,
            FieldEntered: field,
            FieldLeft: same,
            LinkAbused: same,
            UpdatesFailed: same,
            SupervisorTripped: fails,
            ClockUncertain: same,
            Interrogate: reading,
            ReadStatus: reading,
            Query: same,
            Stage: stage,
            Commit: commit,
            StopInfusion: stop,
            RecordRefill: refill,
            RequestBolus: bolus,
            CancelBolus: cancel,
            SetClock: clock,
            SilenceAlarm: same,
            ClearAlarm: same,
            AlarmTest: same,
            SetAlarmIntervals: same,
            SetLibrary: same,
        }
    )


TABLE: Mapping[Situation, Row] = MappingProxyType(
    {
        _S.STOPPED: _row(
            _S.STOPPED,
            passing=_LATER_OR_HELD,
            fails=_to(_S.FAULT),
            motor=_to(_S.STOPPED),
            battery=_to(_S.STOPPED, _S.END_OF_SERVICE),
            test=_to(_S.STOPPED, _S.FAULT),
            field=_to(_S.STOPPED),
            reading=_to(_S.STOPPED),
            stage=_to(_S.STOPPED),
            commit=_BEGUN_OR_HELD,
            stop=_to(_S.STOPPED),
            refill=_to(_S.STOPPED),
            bolus=Reason.NOT_INFUSING,
            cancel=Reason.NO_BOLUS_RUNNING,
            clock=_to(_S.STOPPED),
        ),
        _S.MINIMUM_RATE: _row(
            _S.MINIMUM_RATE,
            passing=_LATER,
            fails=_to(_S.FAULT),
            motor=_to(_S.MINIMUM_RATE, _S.EMPTY, _S.STALLED),
            battery=_to(_S.MINIMUM_RATE, _S.END_OF_SERVICE),
            test=_to(_S.MINIMUM_RATE, _S.FAULT),
            field=_to(_S.MINIMUM_RATE, _S.TELEMETRY_LOCKED),
            reading=_to(_S.MINIMUM_RATE),
            stage=_to(_S.MINIMUM_RATE),
            commit=_BEGUN,
            stop=_to(_S.STOPPED),
            refill=_to(_S.MINIMUM_RATE, _S.EMPTY),
            bolus=Reason.NOT_INFUSING,
            cancel=Reason.NO_BOLUS_RUNNING,
            clock=_to(_S.MINIMUM_RATE),
        ),
        _S.SIMPLE_CONTINUOUS: _row(
            _S.SIMPLE_CONTINUOUS,
            passing=_LATER,
            fails=_to(_S.FAULT),
            motor=_to(_S.SIMPLE_CONTINUOUS, _S.EMPTY, _S.STALLED),
            battery=_to(_S.SIMPLE_CONTINUOUS, _S.END_OF_SERVICE),
            test=_to(_S.SIMPLE_CONTINUOUS, _S.FAULT),
            field=_to(_S.SIMPLE_CONTINUOUS, _S.TELEMETRY_LOCKED),
            reading=_to(_S.SIMPLE_CONTINUOUS),
            stage=_to(_S.SIMPLE_CONTINUOUS),
            commit=_BEGUN,
            stop=_to(_S.STOPPED),
            refill=_to(_S.SIMPLE_CONTINUOUS, _S.EMPTY),
            bolus=_to(_S.BOLUS),
            cancel=Reason.NO_BOLUS_RUNNING,
            clock=_to(_S.SIMPLE_CONTINUOUS),
        ),
        _S.FLEX: _row(
            _S.FLEX,
            passing=_LATER,
            fails=_to(_S.FAULT),
            motor=_to(_S.FLEX, _S.EMPTY, _S.STALLED),
            battery=_to(_S.FLEX, _S.END_OF_SERVICE),
            test=_to(_S.FLEX, _S.FAULT),
            field=_to(_S.FLEX, _S.TELEMETRY_LOCKED),
            reading=_to(_S.FLEX),
            stage=_to(_S.FLEX),
            commit=_BEGUN,
            stop=_to(_S.STOPPED),
            refill=_to(_S.FLEX, _S.EMPTY),
            bolus=_to(_S.BOLUS),
            cancel=Reason.NO_BOLUS_RUNNING,
            clock=_to(_S.FLEX),
        ),
        _S.PERIODIC_BOLUS: _row(
            _S.PERIODIC_BOLUS,
            passing=_LATER,
            fails=_to(_S.FAULT),
            motor=_to(_S.PERIODIC_BOLUS, _S.EMPTY, _S.STALLED),
            battery=_to(_S.PERIODIC_BOLUS, _S.END_OF_SERVICE),
            test=_to(_S.PERIODIC_BOLUS, _S.FAULT),
            field=_to(_S.PERIODIC_BOLUS, _S.TELEMETRY_LOCKED),
            reading=_to(_S.PERIODIC_BOLUS),
            stage=_to(_S.PERIODIC_BOLUS),
            commit=_BEGUN,
            stop=_to(_S.STOPPED),
            refill=_to(_S.PERIODIC_BOLUS, _S.EMPTY),
            bolus=Reason.NO_PATIENT_BOLUS,
            cancel=Reason.NO_BOLUS_RUNNING,
            clock=_to(_S.PERIODIC_BOLUS),
        ),
        _S.BOLUS: _row(
            _S.BOLUS,
            passing=_LATER,
            fails=_to(_S.FAULT),
            motor=_to(_S.BOLUS, _S.EMPTY, _S.STALLED),
            battery=_to(_S.BOLUS, _S.END_OF_SERVICE),
            test=_to(_S.BOLUS, _S.FAULT),
            field=_to(_S.BOLUS, _S.TELEMETRY_LOCKED),
            reading=_to(_S.BOLUS),
            stage=_to(_S.BOLUS),
            commit=Reason.BOLUS_RUNNING,
            stop=_to(_S.STOPPED),
            refill=Reason.REFILL_DURING_BOLUS,
            bolus=Reason.BOLUS_RUNNING,
            cancel=_to(_S.SIMPLE_CONTINUOUS, _S.FLEX, _S.PERIODIC_BOLUS),
            clock=Reason.CLOCK_DURING_BOLUS,
        ),
        _S.SINGLE: _row(
            _S.SINGLE,
            passing=_LATER,
            fails=_to(_S.FAULT),
            motor=_to(_S.SINGLE, _S.EMPTY, _S.STALLED),
            battery=_to(_S.SINGLE, _S.END_OF_SERVICE),
            test=_to(_S.SINGLE, _S.FAULT),
            field=_to(_S.SINGLE, _S.TELEMETRY_LOCKED),
            reading=_to(_S.SINGLE),
            stage=_to(_S.SINGLE),
            commit=_BEGUN,
            stop=_to(_S.STOPPED),
            refill=Reason.REFILL_DURING_BOLUS,
            bolus=Reason.SINGLE_RUNNING,
            cancel=_to(*_MODES),
            clock=Reason.CLOCK_DURING_BOLUS,
        ),
        _S.PRIMING: _row(
            _S.PRIMING,
            passing=_LATER,
            fails=_to(_S.FAULT),
            motor=_to(_S.PRIMING, _S.EMPTY, _S.STALLED),
            battery=_to(_S.PRIMING, _S.END_OF_SERVICE),
            test=_to(_S.PRIMING, _S.FAULT),
            field=_to(_S.PRIMING, _S.TELEMETRY_LOCKED),
            reading=_to(_S.PRIMING),
            stage=_to(_S.PRIMING),
            commit=_BEGUN,
            stop=_to(_S.STOPPED),
            refill=Reason.REFILL_DURING_BOLUS,
            bolus=Reason.PRIMING_RUNNING,
            cancel=_to(*_MODES),
            clock=Reason.CLOCK_DURING_BOLUS,
        ),
        _S.BRIDGE: _row(
            _S.BRIDGE,
            passing=_LATER,
            fails=_to(_S.FAULT),
            motor=_to(_S.BRIDGE, _S.EMPTY, _S.STALLED),
            battery=_to(_S.BRIDGE, _S.END_OF_SERVICE),
            test=_to(_S.BRIDGE, _S.FAULT),
            field=_to(_S.BRIDGE, _S.TELEMETRY_LOCKED),
            reading=_to(_S.BRIDGE),
            stage=_to(_S.BRIDGE),
            commit=_BEGUN,
            stop=_to(_S.STOPPED),
            refill=Reason.REFILL_DURING_BOLUS,
            bolus=Reason.BRIDGE_RUNNING,
            cancel=Reason.BRIDGE_UNDECIDED,
            clock=Reason.CLOCK_DURING_BOLUS,
        ),
        _S.EMPTY: _row(
            _S.EMPTY,
            passing=_LATER,
            fails=_to(_S.FAULT),
            motor=_to(*_MODES, _S.EMPTY, _S.STALLED),
            battery=_to(_S.EMPTY, _S.END_OF_SERVICE),
            test=_to(_S.EMPTY, _S.FAULT),
            field=_to(_S.EMPTY, _S.TELEMETRY_LOCKED),
            reading=_to(_S.EMPTY),
            stage=_to(_S.EMPTY),
            commit=_BEGUN,
            stop=_to(_S.STOPPED),
            refill=_to(*_MODES, _S.EMPTY),
            bolus=Reason.RESERVOIR_EMPTY,
            cancel=Reason.NO_BOLUS_RUNNING,
            clock=_to(_S.EMPTY),
        ),
        _S.STALLED: _row(
            _S.STALLED,
            passing=_to(_S.STALLED, _S.STOPPED, _S.END_OF_SERVICE),
            fails=_to(_S.FAULT),
            motor=_to(*_MODES, _S.EMPTY, _S.STALLED),
            battery=_to(_S.STALLED, _S.END_OF_SERVICE),
            test=_to(_S.STALLED, _S.FAULT),
            field=_to(_S.STALLED, _S.TELEMETRY_LOCKED),
            reading=_to(_S.STALLED),
            stage=_to(_S.STALLED),
            commit=_to(_S.STALLED, _S.STOPPED),
            stop=_to(_S.STOPPED),
            refill=_to(_S.STALLED),
            bolus=Reason.STALLED,
            cancel=Reason.NO_BOLUS_RUNNING,
            clock=_to(_S.STALLED),
        ),
        _S.TELEMETRY_LOCKED: _row(
            _S.TELEMETRY_LOCKED,
            passing=_to(_S.TELEMETRY_LOCKED, _S.END_OF_SERVICE),
            fails=_to(_S.FAULT),
            motor=_to(_S.TELEMETRY_LOCKED),
            battery=_to(_S.TELEMETRY_LOCKED, _S.END_OF_SERVICE),
            test=_to(_S.TELEMETRY_LOCKED, _S.FAULT),
            field=_to(_S.TELEMETRY_LOCKED),
            reading=_to(*_MODES, _S.EMPTY, _S.STALLED),
            stage=_to(_S.TELEMETRY_LOCKED),
            commit=_to(_S.TELEMETRY_LOCKED, _S.STOPPED),
            stop=_to(_S.STOPPED),
            refill=_to(_S.TELEMETRY_LOCKED),
            bolus=Reason.STALLED,
            cancel=Reason.NO_BOLUS_RUNNING,
            clock=_to(_S.TELEMETRY_LOCKED),
        ),
        _S.FAULT: _row(
            _S.FAULT,
            passing=_to(_S.FAULT, _S.END_OF_SERVICE),
            fails=_to(_S.FAULT),
            motor=_to(_S.FAULT),
            battery=_to(_S.FAULT, _S.END_OF_SERVICE),
            test=_to(_S.FAULT),
            field=_to(_S.FAULT),
            reading=_to(_S.FAULT),
            stage=_to(_S.FAULT),
            commit=_BEGUN_OR_HELD,
            stop=_to(_S.FAULT),
            refill=_to(_S.FAULT),
            bolus=Blocked(frozenset({Reason.MEMORY_FAULT, Reason.CRITICAL_ALARM})),
            cancel=Reason.NO_BOLUS_RUNNING,
            clock=_to(_S.FAULT),
        ),
        _S.END_OF_SERVICE: _row(
            _S.END_OF_SERVICE,
            passing=_to(_S.END_OF_SERVICE),
            fails=_to(_S.END_OF_SERVICE),
            motor=_to(_S.END_OF_SERVICE),
            battery=_to(_S.END_OF_SERVICE),
            test=_to(_S.END_OF_SERVICE),
            field=_to(_S.END_OF_SERVICE),
            reading=_to(_S.END_OF_SERVICE),
            stage=Reason.END_OF_SERVICE,
            commit=Reason.END_OF_SERVICE,
            stop=_to(_S.END_OF_SERVICE),
            refill=_to(_S.END_OF_SERVICE),
            bolus=Reason.END_OF_SERVICE,
            cancel=Reason.NO_BOLUS_RUNNING,
            clock=_to(_S.END_OF_SERVICE),
        ),
    }
)
