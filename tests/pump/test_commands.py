"""Every command in every situation; at most one effect for each id; roles, deadlines, and the log."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import BOLUS, DAY, HOUR, MINUTE, MORPHINE, Driven, command_of, program, treated
from thecal.device import (
    COMMAND_LIFE_MS,
    MAY,
    Commit,
    Done,
    Forgotten,
    LogKind,
    Mode,
    NeverSeen,
    Query,
    Reason,
    RecordRefill,
    Refused,
    Report,
    Request,
    RequestBolus,
    Role,
    Settled,
    Stage,
    Status,
    StopInfusion,
    program_hash,
)
from thecal.device.commands import Interrogate, ReadStatus
from thecal.pump import CommandReceived, MemoryFaultFound, PowerRestored, TimePassed
from thecal.pump.controller.state import LOG_SIZE, RING_SIZE
from thecal.pump.controller.table import TABLE, Accept, Situation, situation

COMMANDS = (Stage, Commit, StopInfusion, RecordRefill, RequestBolus)
FACTS = (TimePassed, PowerRestored, MemoryFaultFound)


def in_situation(wanted: Situation) -> Driven:
    """A pump in this situation, with its lockouts over and the next program staged."""
    simple = program((0, 240_000), bolus=BOLUS, low_nl=0)
    match wanted:
        case Situation.STOPPED:
            pump = treated(program())
        case Situation.MINIMUM_RATE:
            pump = treated(program(mode=Mode.MINIMUM_RATE))
        case Situation.FLEX:
            pump = treated(program((0, 240_000), (60, 480_000), bolus=BOLUS))
        case Situation.EMPTY:
            pump = treated(simple, volume_nl=1_000)
        case _:
            pump = treated(simple)
    pump.wait(5 * HOUR)
    if wanted is Situation.FAULT:
        pump.event(MemoryFaultFound())
        pump.wait(1)  # what was sent before it was found might be a copy of what acted
    pump.stage(program((0, 240_000), bolus=BOLUS))
    if wanted is Situation.BOLUS:
        pump.press()
    assert situation(pump.state) is wanted
    return pump


def test_the_table_is_complete_and_facts_are_never_refused():
    assert set(TABLE) == set(Situation)
    for row in TABLE.values():
        assert set(row) == {*COMMANDS, *FACTS}
        assert all(isinstance(row[fact], Accept) for fact in FACTS)


@pytest.mark.parametrize("kind", COMMANDS)
@pytest.mark.parametrize("now", Situation)
def test_every_command_in_every_situation_does_what_the_table_says(now, kind):
    """Verify each cell: refused with its reason and no effect on therapy, or obeyed and then where it may lead."""
    pump = in_situation(now)
    before = pump.state
    role = Role.PATIENT if kind is RequestBolus else Role.PHYSICIAN
    answer = pump.send(command_of(kind, pump), role)
    cell = TABLE[now][kind]
    if isinstance(cell, Reason):
        assert isinstance(answer, Refused)
        assert answer.reason is cell
        assert (pump.state.program, pump.state.staged, pump.state.boluses, pump.state.reservoir) == (
            before.program,
            before.staged,
            before.boluses,
            before.reservoir,
        )
    else:
        assert not isinstance(answer, Refused)
        assert situation(pump.state) in cell.then


@pytest.mark.parametrize("now", Situation)
def test_every_situation_answers_readings(now):
    pump = in_situation(now)
    before = pump.state
    assert isinstance(pump.send(Interrogate()), Report)
    assert isinstance(pump.send(ReadStatus()), Status)
    assert isinstance(pump.send(ReadStatus(), Role.PATIENT), Status)
    assert pump.state == before


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([*COMMANDS, *FACTS]), st.sampled_from([0, MINUTE, 3 * HOUR, 30 * HOUR])),
        max_size=60,
    ),
    st.sampled_from([20_000, 200_000, 20_000_000]),
)
def test_no_story_leaves_the_table(story, volume_nl):
    """Verify, for any events in any order:
    - each step ends where the table allows, or where it was
    - the log's sequence rises by one and its ticks never fall; counters and tick never fall
    """
    pump = treated(program((0, 240_000), (720, 480_000), bolus=BOLUS, low_nl=10_000), volume_nl)
    for kind, wait_ms in story:
        for event in (TimePassed, kind):
            before, was = pump.state, situation(pump.state)
            if event is TimePassed:
                pump.wait(wait_ms)
            elif event is PowerRestored:
                pump.event(PowerRestored(wait_ms), pump.state.tick_ms + wait_ms)
            elif event is MemoryFaultFound:
                pump.event(MemoryFaultFound())
            else:
                role = Role.PATIENT if event is RequestBolus else Role.PHYSICIAN
                pump.send(command_of(event, pump), role)
            cell, now = TABLE[was][event], situation(pump.state)
            assert now is was or now in cell.then
            sequences = [entry.sequence for entry in pump.state.log]
            assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))
            ticks = [entry.tick_ms for entry in pump.state.log]
            assert ticks == sorted(ticks)
            assert pump.state.log[-1].sequence >= before.log[-1].sequence
            assert pump.state.strokes_total >= before.strokes_total
    assert pump.state.strokes_total == len(pump.strokes)


@pytest.mark.parametrize("kind", COMMANDS)
@pytest.mark.parametrize("now", Situation)
def test_the_same_id_has_one_effect_and_one_answer(now, kind):
    """Verify, for each cell: sent again, at once or later than its deadline, it gets its answer and does nothing."""
    pump = in_situation(now)
    role = Role.PATIENT if kind is RequestBolus else Role.PHYSICIAN
    request = Request(b"once" * 4, pump.state.tick_ms + 30_000, command_of(kind, pump))
    first = pump.event(CommandReceived(request, role))
    state = pump.state
    assert pump.event(CommandReceived(request, role)) == first
    assert pump.state == state
    pump.wait(HOUR)
    state = pump.state
    assert pump.event(CommandReceived(request, role)) == first
    assert pump.state == state


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_late_command_is_refused_and_stays_refused(kind):
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    role = Role.PATIENT if kind is RequestBolus else Role.PHYSICIAN
    before = pump.state
    late = Request(b"late" * 4, pump.state.tick_ms - 1, command_of(kind, pump))
    answer = pump.event(CommandReceived(late, role))
    assert (answer.reason, pump.state.program, pump.state.boluses) == (Reason.TOO_LATE, before.program, before.boluses)
    on_time = Request(b"late" * 4, pump.state.tick_ms, late.command)
    assert pump.event(CommandReceived(on_time, role)).reason is Reason.TOO_LATE


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", [*COMMANDS, Interrogate])
def test_a_role_may_do_what_its_list_says_and_nothing_else(role, kind):
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    before = pump.state
    answer = pump.send(kind() if kind is Interrogate else command_of(kind, pump), role)
    if kind in MAY[role]:
        assert not isinstance(answer, Refused)
    else:
        assert answer == Refused(Reason.NOT_ALLOWED)
        assert pump.state == before


def test_a_query_settles_what_became_of_a_command():
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    stage, stop, press = b"a" * 16, b"b" * 16, b"c" * 16
    pump.send(Stage(program((0, 480_000)), program_hash(pump.state.program)), command_id=stage)
    assert pump.send(Query(stage, pump.due())) == Settled(Done(5 * HOUR))
    pump.wait(MINUTE)
    pump.send(RequestBolus(), Role.PATIENT, command_id=press)
    pump.send(StopInfusion(), command_id=stop)
    pump.wait(MINUTE)
    assert pump.send(Query(stop, pump.due())) == Settled(Done(5 * HOUR + MINUTE))
    assert pump.send(Query(press, pump.due()), Role.PATIENT) == Settled(Done(5 * HOUR + MINUTE))
    again = b"d" * 16
    refused = pump.send(RequestBolus(), Role.PATIENT, command_id=again)
    assert pump.send(Query(again, pump.due()), Role.PATIENT) == Settled(refused)


def test_an_id_that_a_query_marked_never_acts():
    """Verify: never seen is final, also when the command arrives in time after all (scenario F07)."""
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    lost = b"lost" * 4
    assert pump.send(Query(lost, pump.due()), Role.PATIENT) == Settled(NeverSeen())
    assert pump.send(RequestBolus(), Role.PATIENT, command_id=lost) == Refused(Reason.TOO_LATE)
    assert pump.state.running_bolus is None
    assert pump.send(Query(lost, pump.due()), Role.PATIENT) == Settled(NeverSeen())


def test_64_results_are_kept_for_each_role_and_neither_pushes_out_the_other():
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    first, due = b"first   physician"[:16], pump.due()
    pump.send(StopInfusion(), command_id=first)
    for number in range(200):
        pump.send(Query(number.to_bytes(16, "little"), pump.due()), Role.PATIENT)
    assert pump.send(Query(first, due)) == Settled(Done(5 * HOUR))
    for _ in range(RING_SIZE - 2):
        assert pump.send(StopInfusion()) == Done(5 * HOUR)
    pump.wait(COMMAND_LIFE_MS + 1)
    pump.send(StopInfusion())  # in place of the staging before it
    assert pump.send(Query(first, due)) == Settled(Done(5 * HOUR))
    pump.send(StopInfusion())
    assert pump.send(Query(first, due)) == Settled(Forgotten())
    assert len(pump.state.ring) == 2 * RING_SIZE


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_deadline_further_ahead_than_30_s_is_refused_whatever_is_asked(kind):
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    role = Role.PATIENT if kind is RequestBolus else Role.PHYSICIAN
    before = pump.state
    for number, far in enumerate((pump.due() + 1, 2**53)):
        request = Request(number.to_bytes(16, "little"), far, command_of(kind, pump))
        assert pump.event(CommandReceived(request, role)).reason is Reason.DEADLINE_TOO_FAR
        assert pump.event(CommandReceived(request, role)).reason is Reason.DEADLINE_TOO_FAR
    assert (pump.state.program, pump.state.staged, pump.state.boluses) == (
        before.program,
        before.staged,
        before.boluses,
    )


@pytest.mark.parametrize("kind", COMMANDS)
def test_one_command_too_many_in_30_s_has_no_effect_whatever_is_asked(kind):
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    role = Role.PATIENT if kind is RequestBolus else Role.PHYSICIAN
    for number in range(RING_SIZE):
        pump.send(Query(number.to_bytes(16, "little"), pump.due()), role)
    before = pump.state
    request = Request(b"many" * 4, pump.due(), command_of(kind, pump))
    assert pump.event(CommandReceived(request, role)).reason is Reason.BUSY
    assert replace(pump.state, log=before.log, horizons=before.horizons) == before
    pump.wait(COMMAND_LIFE_MS)
    assert pump.event(CommandReceived(request, role)).reason is Reason.BUSY
    pump.wait(1)
    assert pump.event(CommandReceived(request, role)).reason is Reason.TOO_LATE
    assert pump.send(command_of(kind, pump), role) != Refused(Reason.BUSY)


def test_a_patient_cannot_mark_a_physicians_command():
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    stop = b"stop" * 4
    assert pump.send(Query(stop, pump.due()), Role.PATIENT) == Settled(NeverSeen())
    assert isinstance(pump.send(StopInfusion(), command_id=stop), Done)


def test_the_log_tells_the_story_and_stays_bounded():
    pump = treated(program((0, 240_000), bolus=BOLUS))
    pump.press()
    pump.wait(4 * HOUR)
    pump.press()
    pump.wait(HOUR)
    pump.event(PowerRestored(MINUTE), pump.state.tick_ms + MINUTE)
    pump.stop()
    assert pump.logged() == [
        LogKind.MANUFACTURED,
        LogKind.REFILL_RECORDED,
        LogKind.PROGRAM_COMMITTED,
        LogKind.BOLUS_REFUSED,
        LogKind.BOLUS_GRANTED,
        LogKind.BOLUS_COMPLETED,
        LogKind.POWER_RESTORED,
        LogKind.INFUSION_STOPPED,
    ]
    completed = pump.state.log[5]
    assert (completed.tick_ms, completed.volume_nl) == (4 * HOUR + 10 * MINUTE, 10_000)
    assert pump.state.log[3].reason is Reason.LOCKOUT_AFTER_VISIT
    for _ in range(300):
        pump.press()
    assert len(pump.state.log) == LOG_SIZE
    assert pump.state.log[-1].sequence == 308


def test_a_new_pump_holds_nothing_and_does_nothing():
    pump = Driven.new()
    report = pump.report()
    assert (report.status.mode, report.status.reservoir_nl, report.refilled_utc_ms) == (Mode.STOPPED, 0, None)
    pump.wait(30 * DAY)
    assert pump.strokes == []


def test_the_report_agrees_with_the_state():
    pump = treated(program((0, 240_000), (720, 480_000), bolus=BOLUS), offset_min=60)
    pump.wait(11 * HOUR)
    report = pump.report()
    assert report.status.rate_nl_per_day == 480_000
    assert report.status.daily_volume_nl == 360_000
    assert report.status.utc_ms - report.refilled_utc_ms == 11 * HOUR
    assert report.status.components == MORPHINE
    assert report.strokes_total * 500 == 20_000_000 - report.status.reservoir_nl == 110_000
    assert report.program_hash == program_hash(report.program)
