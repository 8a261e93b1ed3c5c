"""Every number of a program and of a command one step below, at and above each of its limits.

What the language bounds is generated from ``device.bounds``; what this pump bounds, from its descriptor and checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, NamedTuple

import pytest

from tests.pump.driven import BOLUS, DAY, HOUR, MINUTE, PUMP, STROKE, Driven, once_bolus, program
from thecal import device
from thecal.device import (
    Alarm,
    BolusKind,
    Bound,
    Component,
    DrugLimits,
    FlexStep,
    Library,
    Limit,
    Mode,
    OnceBolus,
    OutOfBounds,
    PatientBolus,
    PeriodicBolus,
    Program,
    ProgramInvalid,
    Query,
    Reason,
    RecordRefill,
    Refused,
    Request,
    SetAlarmIntervals,
    SetClock,
    SilenceAlarm,
    SoftLimit,
    Staged,
    StopInfusion,
    bounds,
)

STEPS = (-1, 0, 1)


class Field(NamedTuple):
    """One number of the language: a value that holds it, its name and its bound. ``within`` builds the value."""

    holder: object
    name: str
    bound: Bound
    within: Callable[[object], object] = lambda value: value


def _limited(name: str) -> Callable[[object], object]:
    return lambda limit: DrugLimits("morphine", **{name: limit})


SINGLE = OnceBolus(BolusKind.SINGLE, 1_000, MINUTE)
FIELDS = (
    Field(FlexStep(0, 0), "start_min", bounds.STEP_START),
    Field(FlexStep(0, 0), "rate_nl_per_day", bounds.RATE),
    Field(FlexStep(0, 0), "days", bounds.WEEKDAYS),
    Field(PatientBolus(1, MINUTE, DAY, 1), "volume_nl", bounds.BOLUS_VOLUME),
    Field(PatientBolus(1, MINUTE, DAY, 1), "duration_ms", bounds.BOLUS_DURATION),
    Field(PatientBolus(1, MINUTE, DAY, 1), "lockout_ms", bounds.LOCKOUT),
    Field(PatientBolus(1, MINUTE, DAY, 1), "maximum_per_24h", bounds.BOLUSES_PER_24H),
    Field(PeriodicBolus(1, MINUTE, DAY), "volume_nl", bounds.BOLUS_VOLUME),
    Field(PeriodicBolus(1, MINUTE, DAY), "duration_ms", bounds.BOLUS_DURATION),
    Field(PeriodicBolus(1, MINUTE, DAY), "interval_ms", bounds.PERIODIC_INTERVAL),
    Field(SINGLE, "volume_nl", bounds.BOLUS_VOLUME),
    Field(SINGLE, "duration_ms", bounds.ONCE_DURATION),
    Field(replace(SINGLE, kind=BolusKind.PRIMING), "duration_ms", bounds.ONCE_DURATION),
    Field(replace(SINGLE, kind=BolusKind.BRIDGE), "duration_ms", bounds.BRIDGE_DURATION),
    Field(Component("morphine", 1), "concentration_ng_per_ml", bounds.CONCENTRATION),
    Field(program(), "volume_limit_nl_per_24h", bounds.VOLUME_LIMIT),
    Field(program(), "low_reservoir_nl", bounds.RESERVOIR),
    Field(program(), "begins_utc_ms", bounds.UTC),
    Field(Query(bytes(16), 0), "not_after_tick_ms", bounds.TICK),
    Field(Request(bytes(16), 0, StopInfusion()), "not_after_tick_ms", bounds.TICK),
    Field(RecordRefill(0, ()), "volume_nl", bounds.RESERVOIR),
    Field(SetClock(0, 0), "utc_ms", bounds.UTC),
    Field(SetClock(0, 0), "offset_min", bounds.CLOCK_OFFSET),
    Field(SilenceAlarm(Alarm.LOW_RESERVOIR, MINUTE), "for_ms", bounds.SILENCE),
    Field(SetAlarmIntervals(HOUR, HOUR), "critical_ms", bounds.CRITICAL_INTERVAL),
    Field(SetAlarmIntervals(HOUR, HOUR), "non_critical_ms", bounds.NON_CRITICAL_INTERVAL),
    *(
        Field(Limit(), edge, bound, _limited(name))
        for edge in ("soft", "hard")
        for name, bound in (
            ("concentration_ng_per_ml", bounds.CONCENTRATION),
            ("daily_dose_ng", bounds.DAILY_DOSE),
            ("bolus_dose_ng", bounds.DAILY_DOSE),
        )
    ),
    *(Field(Limit(), edge, bounds.PERCENT, lambda limit: Library("1", (), limit)) for edge in ("soft", "hard")),
)


def edges() -> Iterator[Any]:
    """Each field at each edge and one step to either side, with whether that is still within."""
    for field in FIELDS:
        for edge in (field.bound.low, field.bound.high):
            for step in STEPS:
                value = edge + step
                name = f"{type(field.holder).__name__}.{field.name}={value}"
                within = field.bound.low <= value <= field.bound.high
                yield pytest.param(field, value, within, id=name)


def test_no_number_of_a_program_or_a_command_is_left_out():
    """Verify that each whole number of each of these types stands in the table above."""
    known = {(type(field.holder), field.name) for field in FIELDS}
    told = {Bound, SoftLimit}  # the bounds themselves, and what the pump says
    for module in (device.boluses, device.commands, device.library, device.program):
        for kind in vars(module).values():
            if isinstance(kind, type) and is_dataclass(kind) and kind not in told:
                numbers = {(kind, each.name) for each in fields(kind) if each.type in ("int", "int | None")}
                assert numbers <= known


@pytest.mark.parametrize(("field", "value", "within"), list(edges()))
def test_a_number_is_taken_up_to_its_bound_and_refused_with_its_name_beyond(field, value, within):
    if within:
        changed = replace(field.holder, **{field.name: value})
        assert is_dataclass(field.within(changed))
    else:
        with pytest.raises(OutOfBounds, match=field.bound.name):
            field.within(replace(field.holder, **{field.name: value}))


@pytest.mark.parametrize("wrong", [True, 1.0, "1"])
@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{type(field.holder).__name__}.{field.name}")
def test_what_is_not_a_whole_number_is_refused(field, wrong):
    with pytest.raises((OutOfBounds, ProgramInvalid, TypeError)):
        field.within(replace(field.holder, **{field.name: wrong}))


@pytest.mark.parametrize("step", STEPS)
def test_a_stated_dose_is_bounded_like_a_dose(step):
    if step > 0:
        with pytest.raises(OutOfBounds, match="daily dose"):
            replace(program(), stated_daily_dose_ng=(bounds.DAILY_DOSE.high + step,))
    else:
        replace(program(), stated_daily_dose_ng=(bounds.DAILY_DOSE.high + step,))


@pytest.mark.parametrize("step", STEPS)
def test_a_bolus_is_shorter_than_its_lockout_or_interval(step):
    for make in (
        lambda apart: PatientBolus(1, 2 * HOUR, apart, 1),
        lambda apart: PeriodicBolus(1, 2 * HOUR, apart),
    ):
        if step > 0:
            make(2 * HOUR + step)
        else:
            with pytest.raises(ProgramInvalid, match="longer than the bolus lasts"):
                make(2 * HOUR + step)


class Edge(NamedTuple):
    """A limit of this pump: the program ``step`` beyond it (below zero: within), and how it is refused."""

    make: Callable[[int], Program]
    refused: Refused


ROOMY = 28_000_000
WIDE = PUMP.highest_rate_nl_per_day
# 48 strokes in 24 h are 24 000 nL/day; a bolus of 20 strokes in 10 min is 1 440 000 nL/day.
OUT = Reason.PROGRAM_OUT_OF_RANGE
EDGES = {
    "lowest rate": Edge(lambda n: program((0, PUMP.lowest_rate_nl_per_day - n)), Refused(OUT, field="steps")),
    "lowest rate of a flex step": Edge(
        lambda n: program((0, 0), (60, PUMP.lowest_rate_nl_per_day - n)), Refused(OUT, field="steps")
    ),
    "highest rate": Edge(lambda n: program((0, WIDE + n), limit_nl=ROOMY), Refused(OUT, field="steps")),
    "highest rate of a flex step": Edge(
        lambda n: program((0, 0), (60, WIDE + n), limit_nl=ROOMY), Refused(OUT, field="steps")
    ),
    "alarm level": Edge(
        lambda n: program((0, 240_000), low_nl=PUMP.reservoir_nl + n), Refused(OUT, field="low_reservoir_nl")
    ),
    "patient bolus of one stroke": Edge(
        lambda n: program((0, 240_000), bolus=replace(BOLUS, volume_nl=STROKE - n)), Refused(OUT, field="patient_bolus")
    ),
    "periodic bolus of one stroke": Edge(
        lambda n: program((0, 240_000), periodic=PeriodicBolus(STROKE - n, HOUR, DAY)), Refused(OUT, field="periodic")
    ),
    "bolus once of one stroke": Edge(
        lambda n: program((0, 240_000), once=replace(SINGLE, volume_nl=STROKE - n)), Refused(OUT, field="once")
    ),
    "patient bolus on top of the basal": Edge(
        lambda n: program((0, WIDE - 1_440_000 + n), bolus=BOLUS, limit_nl=ROOMY),
        Refused(Reason.RATE_LIMIT_REACHED, field="patient_bolus"),
    ),
    "periodic bolus on top of the basal": Edge(
        lambda n: program((0, WIDE - 1_440_000 + n), periodic=PeriodicBolus(10_000, 10 * MINUTE, HOUR), limit_nl=ROOMY),
        Refused(Reason.RATE_LIMIT_REACHED, field="periodic"),
    ),
    "bolus once by itself, in ms": Edge(
        lambda n: program((0, 240_000), once=OnceBolus(BolusKind.BRIDGE, 4_000_000, DAY * 4_000_000 // WIDE - n)),
        Refused(Reason.RATE_LIMIT_REACHED, field="once"),
    ),
    "bolus once by itself, in strokes": Edge(
        lambda n: program((0, 240_000), once=once_bolus(BolusKind.PRIMING, 2_000 + n, HOUR)),
        Refused(Reason.RATE_LIMIT_REACHED, field="once"),
    ),
    "24 h limit above the basal": Edge(
        lambda n: program((0, 240_000), limit_nl=240_000 - n),
        Refused(Reason.LIMIT_BELOW_BASAL, field="volume_limit_nl_per_24h"),
    ),
    "24 h limit above basal and periodic boluses": Edge(
        lambda n: program((0, 240_000), periodic=PeriodicBolus(10_000, HOUR, 7 * HOUR), limit_nl=280_000 - n),
        Refused(Reason.LIMIT_BELOW_BASAL, field="volume_limit_nl_per_24h"),
    ),
    "24 h limit with room for a bolus": Edge(
        lambda n: program((0, 240_000), bolus=BOLUS, limit_nl=250_000 - n),
        Refused(Reason.VOLUME_LIMIT_REACHED, field="volume_limit_nl_per_24h"),
    ),
    "start not in the past": Edge(
        lambda n: program((0, 240_000), begins_utc_ms=Driven.new().state.utc_ms - n),
        Refused(Reason.START_IN_PAST, field="begins_utc_ms"),
    ),
    "start at most seven days ahead": Edge(
        lambda n: program((0, 240_000), begins_utc_ms=Driven.new().state.utc_ms + 7 * DAY + n),
        Refused(Reason.START_IN_PAST, field="begins_utc_ms"),
    ),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("edge", EDGES)
def test_this_pump_takes_a_program_at_its_limit_and_not_a_step_beyond(edge, step):
    make, refused = EDGES[edge]
    pump = Driven.new()
    pump.refill()
    answer = pump.stage(make(step))
    if step <= 0:
        assert isinstance(answer, Staged), answer
    else:
        assert answer == refused


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("wanted", [program((0, 240_000)), program(mode=Mode.MINIMUM_RATE)])
def test_the_stated_dose_is_the_computed_one_to_the_nanogram(wanted, step):
    (dose,) = wanted.stated_daily_dose_ng
    pump = Driven.new()
    pump.refill()
    answer = pump.stage(replace(wanted, stated_daily_dose_ng=(dose + step,)))
    if step == 0:
        assert isinstance(answer, Staged)
    else:
        assert answer == Refused(Reason.ARITHMETIC_DIFFERS, field="stated_daily_dose_ng")


@pytest.mark.parametrize("step", STEPS)
def test_a_fill_is_at_most_the_reservoir(step):
    answer = Driven.new().refill(PUMP.reservoir_nl + step)
    assert (answer == Refused(Reason.FILL_TOO_LARGE)) is (step > 0)
