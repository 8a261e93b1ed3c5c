"""Programs: reviewed by the pump, without effect until committed by hash, in time, against what was read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import (
    BOLUS,
    DAY,
    HOUR,
    MINUTE,
    MORPHINE,
    PUMP,
    SECOND,
    Driven,
    day_volume,
    program,
    rate_in_minute,
    treated,
)
from tests.pump.test_strokes import schedules
from thecal.device import (
    Commit,
    Component,
    Done,
    LogKind,
    Mode,
    PatientBolus,
    Reason,
    RecordRefill,
    Refused,
    Stage,
    Staged,
    StopInfusion,
    program_hash,
)
from thecal.pump import MemoryFaultFound

OTHER = (Component("morphine", 20_000_000),)
GOOD = program((0, 240_000), bolus=BOLUS)

WRONG = {
    "another pump": (program((0, 240_000), serial="P2"), Reason.WRONG_PUMP, None),
    "another patient": (program((0, 240_000), token="T2"), Reason.WRONG_PATIENT, None),
    "another fluid": (program((0, 240_000), components=OTHER), Reason.FLUID_DIFFERS, None),
    "no fluid named": (program(components=()), Reason.FLUID_DIFFERS, None),
    "slower than the pump can": (program((0, 47_999)), Reason.PROGRAM_OUT_OF_RANGE, "steps"),
    "faster than the pump can": (program((0, 24_000_001), limit_nl=28_000_000), Reason.PROGRAM_OUT_OF_RANGE, "steps"),
    "one step too fast": (program((0, 0), (9, 24_000_001)), Reason.PROGRAM_OUT_OF_RANGE, "steps"),
    "alarm above the reservoir": (
        program((0, 240_000), low_nl=20_000_001),
        Reason.PROGRAM_OUT_OF_RANGE,
        "low_reservoir_nl",
    ),
    "bolus under one stroke": (
        program((0, 240_000), bolus=replace(BOLUS, volume_nl=499)),
        Reason.PROGRAM_OUT_OF_RANGE,
        "patient_bolus",
    ),
    "bolus and basal too fast": (
        program((0, 22_560_001), bolus=BOLUS, limit_nl=28_000_000),
        Reason.RATE_LIMIT_REACHED,
        "patient_bolus",
    ),
    "dose not what the pump computes": (
        replace(GOOD, stated_daily_dose_ng=(2_400_001,)),
        Reason.ARITHMETIC_DIFFERS,
        "stated_daily_dose_ng",
    ),
    "limit under the basal": (
        program((0, 240_000), limit_nl=239_999),
        Reason.LIMIT_BELOW_BASAL,
        "volume_limit_nl_per_24h",
    ),
    "limit under the basal in whole strokes": (
        program((0, 240_001), limit_nl=240_001),
        Reason.LIMIT_BELOW_BASAL,
        "volume_limit_nl_per_24h",
    ),
    "limit without room for one bolus above the basal in whole strokes": (
        program((0, 240_100), bolus=BOLUS, limit_nl=250_499),
        Reason.VOLUME_LIMIT_REACHED,
        "volume_limit_nl_per_24h",
    ),
    "limit without room for one bolus": (
        program((0, 240_000), bolus=BOLUS, limit_nl=249_999),
        Reason.VOLUME_LIMIT_REACHED,
        "volume_limit_nl_per_24h",
    ),
}


@pytest.mark.parametrize("why", WRONG)
def test_the_pump_refuses_to_hold_a_program_for(why):
    wrong, reason, field = WRONG[why]
    pump = Driven.new()
    pump.refill()
    assert pump.stage(wrong) == Refused(reason, field=field)
    assert pump.state.staged is None


@pytest.mark.parametrize(
    "least",
    [
        program((0, 48_000)),
        program((0, 0), (720, 24_000_000), limit_nl=12_000_000),
        program((0, 22_560_000), bolus=BOLUS, limit_nl=28_000_000),
        program((0, 240_000), bolus=BOLUS, limit_nl=250_000),
        program((0, 240_000), limit_nl=240_000),
        program((0, 240_000), low_nl=20_000_000),
        program(mode=Mode.MINIMUM_RATE, limit_nl=6_000),
        program(),
    ],
)
def test_a_program_exactly_at_a_limit_is_held(least):
    pump = Driven.new()
    pump.refill()
    pump.commit(least)
    assert pump.state.program == least


@settings(max_examples=40, deadline=None)
@given(schedules(), st.integers(1, 100_000_000))
def test_the_pump_computes_the_daily_dose_itself(rates, concentration):
    """Verify, for any schedule and concentration: volume and dose are those of the oracle, rounded down."""
    fluid = (Component("morphine", concentration), Component("baclofen", 2_000_000))
    pump = Driven.new()
    pump.refill(components=fluid)
    answer = pump.stage(program(*rates, components=fluid, limit_nl=4_000_000))
    assert isinstance(answer, Staged)
    assert answer.daily_volume_nl == int(day_volume(rates))
    assert answer.daily_dose_ng == (
        answer.daily_volume_nl * concentration // 10**6,
        answer.daily_volume_nl * 2_000_000 // 10**6,
    )


def test_the_decode_says_what_will_really_be_given():
    """Verify volumes in whole strokes, and that five starts fit into a day at a lockout of five hours."""
    pump = Driven.new()
    pump.refill()
    wanted = program((0, 240_100), bolus=PatientBolus(10_499, 10 * MINUTE, 5 * HOUR, 24), limit_nl=500_000)
    answer = pump.stage(wanted)
    assert answer == Staged(
        staged_hash=program_hash(wanted),
        program=wanted,
        daily_volume_nl=240_100,
        daily_dose_ng=(2_401_000,),
        bolus_volume_nl=10_000,
        effective_boluses_per_24h=5,
        greatest_24h_volume_nl=240_500 + 5 * 10_000,
        confirm_within_ms=120_000,
    )


@settings(max_examples=20, deadline=None)
@given(schedules(), st.integers(0, DAY))
def test_a_staged_program_has_no_effect(rates, elapsed_ms):
    """Verify: the same strokes with and without a staged program, and the old program stays active."""
    plain, staged = treated(GOOD), treated(GOOD)
    assert isinstance(staged.stage(program(*rates, limit_nl=4_000_000)), Staged)
    plain.wait(elapsed_ms)
    staged.wait(elapsed_ms)
    assert staged.strokes == plain.strokes
    assert staged.state.program == GOOD


def test_a_committed_program_counts_from_its_first_millisecond_whatever_ran_before():
    for before in ((), ((0, 24_000_000),), ((0, 0), (1, 96_000))):
        pump = treated(program(*before, limit_nl=24_000_000))
        pump.wait(3 * HOUR + 1)
        carry, made = pump.state.carry, len(pump.strokes)
        pump.commit(program((0, 120_000), (600, 480_000)))
        pump.wait(DAY)
        owed = sum(rate_in_minute(((0, 120_000), (600, 480_000)), minute) for minute in range(1_440)) * MINUTE
        assert (len(pump.strokes) - made) * 500 * DAY + pump.state.carry - carry == owed


def test_confirmation_in_time_and_by_the_hash_that_was_shown():
    pump = treated(program((0, 240_000)))
    assert pump.send(Commit(bytes(32))) == Refused(Reason.NOTHING_STAGED)
    wanted = program((0, 480_000))
    answer = pump.stage(wanted)
    pump.wait(120 * SECOND)
    assert pump.send(Commit(bytes(32))) == Refused(Reason.STAGED_DIFFERS)
    assert pump.send(Commit(answer.staged_hash)) == Done(120 * SECOND)
    assert pump.state.program == wanted
    assert pump.send(Commit(answer.staged_hash)) == Refused(Reason.NOTHING_STAGED)

    answer = pump.stage(program((0, 120_000)))
    pump.wait(120 * SECOND + 1)
    assert pump.send(Commit(answer.staged_hash)) == Refused(Reason.CONFIRMATION_EXPIRED)
    assert pump.state.program == wanted


def test_a_program_written_against_an_older_one_is_refused():
    pump = treated(program((0, 240_000)))
    read = program_hash(pump.state.program)
    pump.commit(program((0, 480_000)))
    assert pump.send(Stage(program((0, 120_000)), read)) == Refused(Reason.PROGRAM_CHANGED)


def test_a_stop_or_another_fluid_between_stage_and_commit_is_noticed():
    pump = treated(program((0, 240_000)))
    answer = pump.stage(program((0, 480_000)))
    pump.stop()
    assert pump.send(Commit(answer.staged_hash)) == Refused(Reason.PROGRAM_CHANGED)

    answer = pump.stage(program((0, 480_000)))
    assert isinstance(pump.refill(components=OTHER), Done)
    assert pump.send(Commit(answer.staged_hash)) == Refused(Reason.FLUID_DIFFERS)


def test_stop_makes_a_stopped_program_with_another_hash():
    pump = treated(GOOD)
    before = program_hash(pump.state.program)
    pump.stop()
    stopped = pump.state.program
    assert stopped == program(mode=Mode.STOPPED)
    assert program_hash(stopped) != before
    length = len(pump.state.log)
    assert isinstance(pump.send(StopInfusion()), Done)
    assert (len(pump.state.log), pump.state.program) == (length, stopped)


def test_a_memory_fault_stops_until_a_physician_commits_a_whole_program():
    pump = treated(GOOD)
    pump.wait(4 * HOUR + MINUTE)
    pump.press()
    pump.wait(MINUTE)
    pump.event(MemoryFaultFound())
    made = len(pump.strokes)
    assert [alarm.value for alarm in pump.report().status.alarms] == ["memory fault"]
    assert (pump.state.program.mode, pump.state.carry, pump.state.running_bolus) == (Mode.STOPPED, 0, None)
    assert pump.refill() == Refused(Reason.MEMORY_FAULT)  # it might be a copy of one that acted before
    pump.wait(1)
    assert isinstance(pump.refill(), Done)
    pump.wait(DAY)
    assert len(pump.strokes) == made
    assert pump.press() == Refused(Reason.MEMORY_FAULT)
    pump.commit(GOOD)
    assert pump.report().status.alarms == ()
    pump.wait(DAY)
    assert len(pump.strokes) == made + 480
    assert LogKind.MEMORY_FAULT in pump.logged()


def test_another_fluid_is_taken_only_while_no_drug_is_infused():
    for mode, expected in ((Mode.STOPPED, Done(0)), (Mode.MINIMUM_RATE, Done(0))):
        pump = treated(program(mode=mode))
        assert pump.refill(components=OTHER) == expected
        assert pump.report().status.components == OTHER
        pump.commit(program((0, 240_000), components=OTHER))
    pump = treated(program((0, 240_000)))
    assert pump.refill(components=OTHER) == Refused(Reason.FLUID_DIFFERS)
    assert pump.report().status.components == MORPHINE


def test_a_fill_larger_than_the_reservoir_is_refused():
    pump = Driven.new()
    assert pump.send(RecordRefill(PUMP.reservoir_nl + 1, MORPHINE)) == Refused(Reason.FILL_TOO_LARGE)
    assert isinstance(pump.send(RecordRefill(PUMP.reservoir_nl, MORPHINE)), Done)
