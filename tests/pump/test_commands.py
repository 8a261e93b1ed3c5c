"""The table: every event and command in every situation; roles; what the pump tells of itself."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import BOLUS, DAY, HOUR, MINUTE, MORPHINE, Driven, program, treated
from tests.pump.situations import COMMANDS, FACTS, HAPPENS, READINGS, command_of, in_situation, role_for
from thecal.device import (
    MAY,
    Alarm,
    CancelBolus,
    ClearAlarm,
    LogKind,
    Mode,
    Query,
    Reason,
    Refused,
    Report,
    RequestBolus,
    Role,
    SilenceAlarm,
    Status,
    StopInfusion,
    program_hash,
)
from thecal.device.commands import Command, Interrogate, ReadStatus
from thecal.pump import PowerRestored, TimePassed
from thecal.pump.controller.events import CommandReceived, Event, MotorReported, UpdatesFailed
from thecal.pump.controller.situations import Situation, situation
from thecal.pump.controller.state import LOG_PAGE, LOG_SIZE
from thecal.pump.controller.table import TABLE, Accept, Blocked


def test_the_table_has_a_cell_for_every_event_and_command_in_every_situation():
    """Verify against the language itself, and that no fact and no reading is ever refused."""
    assert set(TABLE) == set(Situation)
    for row in TABLE.values():
        assert set(row) == (set(get_args(Event)) - {CommandReceived}) | set(get_args(Command))
        assert all(isinstance(row[kind], Accept) for kind in (*FACTS, *READINGS))


@pytest.mark.parametrize("kind", COMMANDS)
@pytest.mark.parametrize("now", Situation)
def test_every_command_in_every_situation_does_what_the_table_says(now, kind):
    """Verify each cell: refused with its reason and no effect on therapy, or obeyed and then where it may lead."""
    pump = in_situation(now)
    before = pump.state
    answer = pump.send(command_of(kind, pump), role_for(kind))
    cell = TABLE[now][kind]
    if isinstance(cell, Accept):
        assert not isinstance(answer, Refused), answer
        assert situation(pump.state) in cell.then
    else:
        assert isinstance(answer, Refused)
        assert answer.reason in (cell.reasons if isinstance(cell, Blocked) else {cell})
        untouched = {"log", "log_head", "log_before", "ring", "horizons"}
        told = {name: value for name, value in pump.state._asdict().items() if name not in untouched}
        assert told == {name: value for name, value in before._asdict().items() if name not in untouched}


@pytest.mark.parametrize("kind", FACTS)
@pytest.mark.parametrize("now", Situation)
def test_every_fact_in_every_situation_leads_where_the_table_says(now, kind):
    pump = in_situation(now)
    pump.event(HAPPENS[kind])
    assert situation(pump.state) in TABLE[now][kind].then


@pytest.mark.parametrize("now", Situation)
def test_every_situation_answers_readings(now):
    """Verify that reading changes nothing, but for a telemetry mode, which it ends."""
    for command, role, expected in (
        (Interrogate(), Role.PHYSICIAN, Report),
        (ReadStatus(), Role.PHYSICIAN, Status),
        (ReadStatus(), Role.PATIENT, Status),
        (ReadStatus(), Role.EMERGENCY, Status),
        (Interrogate(), Role.SERVICE, Report),
    ):
        pump = in_situation(now)
        before = pump.state
        assert isinstance(pump.send(command, role), expected)
        if now is Situation.TELEMETRY_LOCKED:
            assert situation(pump.state) in TABLE[now][type(command)].then
        else:
            assert pump.state == before


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([*COMMANDS, *READINGS, *FACTS]), st.sampled_from([0, MINUTE, 3 * HOUR, 30 * HOUR])),
        max_size=60,
    ),
    st.sampled_from([20_000, 200_000, 20_000_000]),
)
def test_no_story_leaves_the_table(story, volume_nl):
    """Verify, for any events in any order:
    - each step ends where the table allows, or where it was
    - the log's sequence rises by one and its ticks never fall; strokes fall only when the motor says they were not made
    """
    pump = treated(program((0, 240_000), (720, 480_000), bolus=BOLUS, low_nl=10_000), volume_nl)
    for kind, wait_ms in story:
        for event in (TimePassed, kind):
            before, was = pump.state, situation(pump.state)
            if event is TimePassed:
                pump.wait(wait_ms)
            elif event is PowerRestored:
                pump.event(PowerRestored(wait_ms), pump.state.tick_ms + wait_ms)
            elif event in HAPPENS:
                pump.event(HAPPENS[event])
            else:
                pump.send(command_of(event, pump), role_for(event))
            cell, now = TABLE[was][event], situation(pump.state)
            assert now is was or now in cell.then
            sequences = [entry.sequence for entry in pump.state.log]
            assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))
            ticks = [entry.tick_ms for entry in pump.state.log]
            assert ticks == sorted(ticks)
            assert pump.state.log[-1].sequence >= before.log[-1].sequence
            if event is not MotorReported:
                assert pump.state.strokes_total >= before.strokes_total


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", [*COMMANDS, *READINGS])
def test_a_role_may_do_what_its_list_says_and_nothing_else(role, kind):
    pump = in_situation(Situation.BOLUS if kind is CancelBolus else Situation.SIMPLE_CONTINUOUS)
    if role is Role.SERVICE:
        pump.event(UpdatesFailed())
    before = pump.state
    command = ClearAlarm(Alarm.UPDATES_BLOCKED) if (role, kind) == (Role.SERVICE, ClearAlarm) else None
    answer = pump.send(command or command_of(kind, pump), role)
    if kind in MAY[role]:
        assert not isinstance(answer, Refused)
    else:
        assert answer == Refused(Reason.NOT_ALLOWED)
        assert pump.state == before


def test_in_an_emergency_one_can_read_and_stop_and_service_can_only_look_and_unblock():
    """Verify the lists themselves; asking what became of a command belongs to each of them."""
    assert MAY[Role.EMERGENCY] == {ReadStatus, StopInfusion, Query}
    assert MAY[Role.SERVICE] == {Interrogate, ReadStatus, Query, ClearAlarm}
    assert MAY[Role.PATIENT] == {ReadStatus, Query, RequestBolus, SilenceAlarm}


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
    told = pump.report().log
    assert [entry.sequence for entry in told] == list(range(308 - LOG_SIZE + 1, 308 + 1))
    assert LOG_SIZE <= len(pump.state.log) <= LOG_SIZE + LOG_PAGE


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
