"""Any valid program, request and reply."""

from __future__ import annotations

from hypothesis import strategies as st

from thecal.device import (
    EVERY_DAY,
    INFUSING,
    Alarm,
    AlarmTest,
    BolusKind,
    BolusStatus,
    BridgeLeft,
    CancelBolus,
    ClearAlarm,
    Commit,
    Component,
    Done,
    FlexStep,
    Forgotten,
    Interrogate,
    LogEntry,
    LogKind,
    Mode,
    NeverSeen,
    OnceBolus,
    OnceStatus,
    PatientBolus,
    PeriodicBolus,
    Program,
    PumpDescriptor,
    Query,
    ReadStatus,
    Reason,
    RecordRefill,
    Refused,
    Reply,
    Report,
    Request,
    RequestBolus,
    SetAlarmIntervals,
    SetClock,
    SetLibrary,
    Settled,
    SilenceAlarm,
    Stage,
    Staged,
    Status,
    StopInfusion,
    Waiting,
    bounds,
)
from thecal.device.program import DAY_GROUPS_MAX, FLEX_STEPS_MAX

from .libraries import libraries, soft_limits
from .numbers import names, within

ids = st.binary(min_size=16, max_size=16)
hashes = st.binary(min_size=32, max_size=32)
ticks = within(bounds.TICK)
durations = st.integers(0, 2**40)
modes = st.sampled_from(Mode)
reasons = st.sampled_from(Reason)
alarms = st.sampled_from(Alarm)
alarm_sets = st.lists(alarms, max_size=3, unique=True).map(tuple)
components = st.lists(
    st.builds(Component, names, within(bounds.CONCENTRATION)), max_size=5, unique_by=lambda one: one.drug
).map(tuple)
refusals = st.builds(Refused, reasons, st.none() | durations, st.none() | names)


@st.composite
def patient_boluses(draw: st.DrawFn) -> PatientBolus:
    duration = draw(within(bounds.BOLUS_DURATION))
    lockout = draw(st.integers(max(duration + 1, bounds.LOCKOUT.low), bounds.LOCKOUT.high))
    return PatientBolus(draw(within(bounds.BOLUS_VOLUME)), duration, lockout, draw(within(bounds.BOLUSES_PER_24H)))


@st.composite
def periodic_boluses(draw: st.DrawFn) -> PeriodicBolus:
    duration = draw(within(bounds.BOLUS_DURATION))
    interval = draw(st.integers(max(duration + 1, bounds.PERIODIC_INTERVAL.low), bounds.PERIODIC_INTERVAL.high))
    return PeriodicBolus(draw(within(bounds.BOLUS_VOLUME)), duration, interval)


once_boluses = st.one_of(
    st.builds(
        OnceBolus,
        st.sampled_from((BolusKind.SINGLE, BolusKind.PRIMING)),
        within(bounds.BOLUS_VOLUME),
        within(bounds.ONCE_DURATION),
    ),
    st.builds(OnceBolus, st.just(BolusKind.BRIDGE), within(bounds.BOLUS_VOLUME), within(bounds.BRIDGE_DURATION)),
)


@st.composite
def flex_steps(draw: st.DrawFn) -> tuple[FlexStep, ...]:
    """The whole week in one to seven groups of days, each from 00:00, two steps at least in all."""
    group_of = [draw(st.integers(0, DAY_GROUPS_MAX - 1)) for _ in range(7)]
    masks = [sum(1 << day for day in range(7) if group_of[day] == group) for group in dict.fromkeys(group_of)]
    steps: list[FlexStep] = []
    for mask in masks:
        fewest = 1 if len(masks) == 1 else 0
        later = st.sets(st.integers(1, bounds.STEP_START.high), min_size=fewest, max_size=FLEX_STEPS_MAX - 1)
        starts = [0, *sorted(draw(later))]
        steps += [FlexStep(start, draw(within(bounds.RATE)), mask) for start in starts]
    return tuple(steps)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    mode = draw(modes)
    fluid = draw(components.filter(bool) if mode in INFUSING else components)
    steps: tuple[FlexStep, ...] = ()
    if mode is Mode.FLEX:
        steps = draw(flex_steps())
    elif mode in INFUSING:
        steps = (FlexStep(0, draw(within(bounds.RATE)), EVERY_DAY),)
    once = None if mode is Mode.STOPPED else draw(st.none() | once_boluses)
    bridges = once is not None and once.kind is BolusKind.BRIDGE
    decisions = (BridgeLeft.CONTINUE, BridgeLeft.RESTART) if bridges else (BridgeLeft.CANCEL,)
    return Program(
        pump_serial=draw(names),
        patient_token=draw(names),
        mode=mode,
        steps=steps,
        patient_bolus=draw(st.none() | patient_boluses()) if mode in (Mode.SIMPLE_CONTINUOUS, Mode.FLEX) else None,
        components=fluid,
        stated_daily_dose_ng=tuple(draw(within(bounds.DAILY_DOSE)) for _ in fluid),
        volume_limit_nl_per_24h=draw(within(bounds.VOLUME_LIMIT)),
        low_reservoir_nl=draw(within(bounds.RESERVOIR)),
        periodic=draw(periodic_boluses()) if mode is Mode.PERIODIC_BOLUS else None,
        once=once,
        bridge_left=draw(st.none() | st.sampled_from(decisions)),
        begins_utc_ms=draw(st.none() | within(bounds.UTC)),
        library_version=draw(st.none() | names),
    )


readings = st.one_of(st.just(Interrogate()), st.just(ReadStatus()), st.builds(Query, ids, ticks))
dosing = st.one_of(
    st.builds(Stage, programs(), hashes),
    st.builds(Commit, hashes, soft_limits),
    st.just(StopInfusion()),
    st.builds(RecordRefill, within(bounds.RESERVOIR), components),
    st.just(RequestBolus()),
    st.just(CancelBolus()),
)
settings_changed = st.one_of(
    st.builds(SetClock, within(bounds.UTC), within(bounds.CLOCK_OFFSET)),
    st.builds(SilenceAlarm, alarms, within(bounds.SILENCE)),
    st.builds(ClearAlarm, alarms),
    st.builds(AlarmTest, st.booleans()),
    st.builds(SetAlarmIntervals, within(bounds.CRITICAL_INTERVAL), within(bounds.NON_CRITICAL_INTERVAL)),
    st.builds(SetLibrary, st.none() | libraries),
)
commands = st.one_of(readings, dosing, settings_changed)
requests = st.builds(Request, ids, ticks, commands)

log_entries = st.builds(
    LogEntry,
    within(bounds.COUNT),
    ticks,
    within(bounds.UTC),
    st.sampled_from(LogKind),
    st.none() | durations,
    st.none() | durations,
    st.none() | reasons,
    st.none() | st.sampled_from(BolusKind),
    st.none() | alarms,
)
once_statuses = st.builds(OnceStatus, st.sampled_from(BolusKind), durations, durations, durations)
bolus_statuses = st.builds(
    BolusStatus,
    volume_nl=durations,
    duration_ms=durations,
    lockout_ms=durations,
    maximum_per_24h=within(bounds.BOLUSES_PER_24H),
    effective_per_24h=st.integers(0, 24),
    remaining=st.integers(0, 24),
    running_delivered_nl=st.none() | durations,
    running_ends_in_ms=st.none() | durations,
    next_possible_in_ms=st.none() | durations,
    blocked_by=st.none() | reasons,
)
statuses = st.builds(
    Status,
    utc_ms=within(bounds.UTC),
    clock_offset_min=within(bounds.CLOCK_OFFSET),
    mode=modes,
    rate_nl_per_day=within(bounds.RATE),
    daily_volume_nl=within(bounds.VOLUME_LIMIT),
    reservoir_nl=within(bounds.RESERVOIR),
    low_reservoir_nl=within(bounds.RESERVOIR),
    components=components,
    alarms=alarm_sets,
    bolus=st.none() | bolus_statuses,
    once=st.none() | once_statuses,
    bridge_left_nl=st.none() | durations,
    waiting=st.none() | st.builds(Waiting, hashes, within(bounds.UTC)),
    silenced=alarm_sets,
    overrides=soft_limits,
    library_version=st.none() | names,
    log_head=hashes,
)


@st.composite
def descriptors(draw: st.DrawFn) -> PumpDescriptor:
    rates = sorted(draw(st.lists(st.integers(1, bounds.RATE.high), min_size=3, max_size=3)))
    return PumpDescriptor(draw(names), draw(st.integers(1, 1_000)), draw(within(bounds.RESERVOIR)), *rates)


reports = st.builds(
    Report,
    descriptor=descriptors(),
    pump_serial=names,
    patient_token=names,
    status=statuses,
    program=programs(),
    program_hash=hashes,
    refilled_utc_ms=st.none() | within(bounds.UTC),
    filled_nl=within(bounds.RESERVOIR),
    strokes_total=within(bounds.COUNT),
    bolus_strokes_total=within(bounds.COUNT),
    log=st.lists(log_entries, max_size=6).map(tuple),
    log_before=hashes,
    once_strokes_total=within(bounds.COUNT),
    library=st.none() | libraries,
    waiting_program=st.none() | programs(),
)
staged_programs = st.builds(
    Staged,
    staged_hash=hashes,
    program=programs(),
    daily_volume_nl=within(bounds.VOLUME_LIMIT),
    daily_dose_ng=st.lists(within(bounds.DAILY_DOSE), max_size=5).map(tuple),
    bolus_volume_nl=st.none() | durations,
    effective_boluses_per_24h=st.none() | st.integers(0, 24),
    greatest_24h_volume_nl=durations,
    confirm_within_ms=durations,
    soft_limits=soft_limits,
    once_volume_nl=st.none() | durations,
    periodic_volume_nl=st.none() | durations,
)
dones = st.builds(Done, ticks)
settlements = st.builds(Settled, dones | refusals | st.just(NeverSeen()) | st.just(Forgotten()))
answers = st.one_of(reports, statuses, staged_programs, dones, refusals, settlements)
replies = st.builds(Reply, ids, ticks, hashes, answers)
