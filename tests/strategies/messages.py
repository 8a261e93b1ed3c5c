"""Any valid program, request and reply."""

from __future__ import annotations

from hypothesis import strategies as st

from thecal.device import (
    Alarm,
    BolusStatus,
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
    PatientBolus,
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
    Settled,
    Stage,
    Staged,
    Status,
    StopInfusion,
    bounds,
)


def within(bound: bounds.Bound) -> st.SearchStrategy[int]:
    """Numbers inside a bound, its ends often."""
    return st.sampled_from((bound.low, bound.high)) | st.integers(bound.low, bound.high)


names = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40)
ids = st.binary(min_size=16, max_size=16)
hashes = st.binary(min_size=32, max_size=32)
ticks = within(bounds.TICK)
durations = st.integers(0, 2**40)
modes = st.sampled_from(Mode)
reasons = st.sampled_from(Reason)
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
def programs(draw: st.DrawFn) -> Program:
    mode = draw(modes)
    infusing = mode in (Mode.SIMPLE_CONTINUOUS, Mode.FLEX)
    starts: list[int] = [0] if infusing else []
    if mode is Mode.FLEX:
        starts += sorted(draw(st.sets(st.integers(1, bounds.STEP_START.high), min_size=1, max_size=12)))
    fluid = draw(components.filter(bool) if infusing else components)
    return Program(
        pump_serial=draw(names),
        patient_token=draw(names),
        mode=mode,
        steps=tuple(FlexStep(start, draw(within(bounds.RATE))) for start in starts),
        patient_bolus=draw(st.none() | patient_boluses()) if infusing else None,
        components=fluid,
        stated_daily_dose_ng=tuple(draw(within(bounds.DAILY_DOSE)) for _ in fluid),
        volume_limit_nl_per_24h=draw(within(bounds.VOLUME_LIMIT)),
        low_reservoir_nl=draw(within(bounds.RESERVOIR)),
    )


commands = st.one_of(
    st.just(Interrogate()),
    st.just(ReadStatus()),
    st.just(StopInfusion()),
    st.just(RequestBolus()),
    st.builds(Query, ids, ticks),
    st.builds(Stage, programs(), hashes),
    st.builds(Commit, hashes),
    st.builds(RecordRefill, within(bounds.RESERVOIR), components),
)
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
)
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
    alarms=st.lists(st.sampled_from(Alarm), max_size=3, unique=True).map(tuple),
    bolus=st.none() | bolus_statuses,
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
)
dones = st.builds(Done, ticks)
settlements = st.builds(Settled, dones | refusals | st.just(NeverSeen()) | st.just(Forgotten()))
answers = st.one_of(reports, statuses, staged_programs, dones, refusals, settlements)
replies = st.builds(Reply, ids, ticks, hashes, answers)
