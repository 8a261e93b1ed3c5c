"""The motor says of each stroke whether it turned, and the pump is told before it asks for the next one."""

from __future__ import annotations

import pytest

from tests.implant.power import NEW, STEADY, Asks, Board, prepared
from thecal.device import Alarm, LogKind, RequestBolus, Role
from thecal.implant import Implant, replay
from thecal.pump import FieldEntered, LinkAbused
from thecal.pump.supervisor import TripReason
from thecal.pump.whole import SupervisorDied, SupervisorTicked

EVERY_MS = 10_000  # of the prepared pump's basal


def deaf(*missed: int):
    """A motor that misses these of its strokes, counted from 1."""
    asked: list[int] = []

    def actuate(tick_ms: int) -> bool:
        asked.append(tick_ms)
        return len(asked) not in missed

    return actuate, asked


def test_a_missed_stroke_is_taken_out_of_the_count_and_not_made_up():
    implant, board = prepared()
    before = implant.state
    actuate, asked = deaf(2)
    implant.advance(before.tick_ms + 5 * EVERY_MS, actuate)
    after = implant.state
    assert len(asked) == 5
    assert after.strokes_total - before.strokes_total == 4
    assert before.reservoir.volume_nl - after.reservoir.volume_nl == 4 * 500
    assert [entry.kind for entry in after.log].count(LogKind.STROKES_MISSED) == 1
    assert replay(board.banks).state == after


def test_three_missed_in_a_row_are_a_stall_at_once_and_the_next_that_turns_ends_it():
    implant, board = prepared()
    start = implant.tick_ms
    actuate, _ = deaf(1, 2, 3)
    implant.advance(start + 3_600_000, actuate)
    told = {entry.kind: entry.tick_ms - start for entry in implant.state.log}
    assert told[LogKind.MOTOR_STALL] == 3 * EVERY_MS
    assert told[LogKind.MOTOR_RECOVERED] == 4 * EVERY_MS
    assert implant.guard.trip is None
    assert replay(board.banks).state == implant.state


def test_of_two_strokes_of_one_millisecond_the_motor_says_which_was_missed():
    implant, board = prepared()
    start, before = implant.tick_ms, implant.state
    Asks(10, Role.PATIENT, RequestBolus()).of(implant)  # strokes at 15 s, 30 s with a basal one, 45 s, 60 s
    actuate, asked = deaf(5)
    implant.advance(start + 31_000, actuate)
    assert asked[3:5] == [start + 30_000] * 2
    assert implant.state.bolus_strokes_total - before.bolus_strokes_total == 1
    assert implant.state.strokes_total - before.strokes_total == 4
    assert replay(board.banks).state == implant.state


def test_a_motor_that_says_nothing_has_turned():
    implant, board = prepared()
    before = implant.state.strokes_total
    implant.advance(implant.tick_ms + EVERY_MS, lambda _tick_ms: None)
    assert implant.state.strokes_total == before + 1
    assert replay(board.banks).state == implant.state


def test_a_stroke_owed_at_the_return_of_power_may_miss_too():
    implant, board = prepared()
    Asks(10, Role.PATIENT, RequestBolus()).of(implant)
    implant.advance(implant.tick_ms + 29_999, board.actuate)
    before = implant.state.strokes_total

    def fails(_tick_ms: int) -> None:
        raise OSError("no power")

    with pytest.raises(OSError, match="no power"):
        implant.advance(implant.tick_ms + 1, fails)
    assert replay(board.banks).owed_strokes == 1
    implant = Implant.recover(board.banks, board, NEW, 0, lambda _tick_ms: False)
    assert implant.state.strokes_total - before == 1
    assert replay(board.banks).state == implant.state


def test_a_fact_happens_at_the_tick_reached_and_is_remembered():
    implant, board = prepared()
    for fact in (FieldEntered(), LinkAbused(), LinkAbused()):
        implant.happens(fact)
    assert implant.state.motor.in_field
    assert Alarm.LINK_ABUSE in [each.alarm for each in implant.state.alarms]
    assert replay(board.banks).state == implant.state
    with pytest.raises(ValueError, match="at the tick reached, which is 900000 ms"):
        implant.happens(LinkAbused(), 900_001)


def test_the_supervisor_alone_feels_time_in_which_the_controller_hangs():
    implant, board = prepared()
    implant.happens(SupervisorTicked(), 900_000 + 90_000)
    assert implant.tick_ms == 900_000
    assert implant.guard.trip is TripReason.HEARTBEAT_MISSING
    implant.advance(1_000_000, board.actuate)
    assert Alarm.SUPERVISOR_TRIP in [each.alarm for each in implant.state.alarms]
    past = replay(board.banks)
    assert (past.state, past.pump.guard) == (implant.state, implant.guard)


def test_a_dead_supervisor_is_remembered_and_lets_nothing_through():
    implant, board = prepared()
    implant.happens(SupervisorDied())
    again, made = board.recovered(900_000), len(board.actuated)
    assert again.guard.trip is TripReason.DEAD
    again.advance(1_000_000, board.actuate)
    assert len(board.actuated) == made
    assert again.state.program == STEADY


def test_a_new_board_has_nothing_to_say():
    assert replay(Board().banks).damage == "it holds no whole image"
