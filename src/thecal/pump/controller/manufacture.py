"""A new pump."""

from __future__ import annotations

from thecal.device import BEGINNING, Library, LogEntry, LogKind, PumpDescriptor, bounds, chained
from thecal.pump.controller.numbers import numbers_of
from thecal.pump.controller.state import (
    AlarmIntervals,
    Clock,
    Identity,
    Motor,
    PumpState,
    Reservoir,
    stopped_program,
)


def manufacture(
    descriptor: PumpDescriptor,
    serial: str,
    patient_token: str,
    utc_at_tick_zero_ms: int,
    clock_offset_min: int,
    library: Library | None = None,
) -> PumpState:
    """A new pump at tick 0: stopped, reservoir empty, no fluid told. Raises OutOfBounds or ProgramInvalid."""
    bounds.UTC.check(utc_at_tick_zero_ms)
    bounds.CLOCK_OFFSET.check(clock_offset_min)
    program = stopped_program(serial, patient_token)
    first = LogEntry(1, 0, utc_at_tick_zero_ms, LogKind.MANUFACTURED)
    return PumpState(
        identity=Identity(descriptor, serial, patient_token),
        clock=Clock(utc_at_tick_zero_ms, clock_offset_min),
        tick_ms=0,
        carry=0,
        strokes_total=0,
        bolus_strokes_total=0,
        once_strokes_total=0,
        reservoir=Reservoir(0, 0, (), None),
        program=program,
        numbers=numbers_of(descriptor, program),
        overrides=(),
        library=library,
        staged=None,
        waiting=None,
        boluses=(),
        once=None,
        bridge_left=None,
        next_periodic_tick_ms=None,
        earlier_basal=(),
        committed_tick_ms=None,
        stopped_tick_ms=None,
        fault=None,
        motor=Motor(),
        alarms=(),
        intervals=AlarmIntervals(),
        ring=(),
        horizons=(),
        log=(first,),
        log_marks=(),
        log_before=BEGINNING,
        log_head=chained(BEGINNING, first),
    )
