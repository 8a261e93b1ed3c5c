"""The controller's heartbeat, the motor's confirmation, and the supervisor's own end."""

from __future__ import annotations

import pytest

from tests.pump.supervisor_own.sealed import HOUR, MINUTE, PROGRAM, SECOND, START, sealed
from thecal.pump.strokes import StrokeKind
from thecal.pump.supervisor import (
    Guard,
    Passed,
    SealRefused,
    TripReason,
    confirmed,
    died,
    examine_one,
    heartbeat,
    new_guard,
    seal,
    trip,
    without_heartbeat,
)


@pytest.mark.parametrize(
    ("silent_ms", "reason", "sounding"),
    [
        (0, None, False),
        (90 * SECOND - 1, None, False),
        (90 * SECOND, TripReason.HEARTBEAT_MISSING, False),
        (180 * SECOND - 1, TripReason.HEARTBEAT_MISSING, False),
        (180 * SECOND, TripReason.HEARTBEAT_MISSING, True),
    ],
)
def test_a_silent_controller_is_stopped_and_then_sounded(silent_ms, reason, sounding):
    """Verify: counted from the last heartbeat, in one jump or two, and not ended by a late heartbeat."""
    beaten = heartbeat(sealed(), START + HOUR)
    assert beaten == sealed()._replace(tick_ms=START + HOUR, heartbeat_tick_ms=START + HOUR, own_tick_ms=START + HOUR)
    silent = without_heartbeat(without_heartbeat(beaten, START + HOUR + silent_ms // 2), START + HOUR + silent_ms)
    assert silent == without_heartbeat(beaten, START + HOUR + silent_ms)
    assert silent == beaten._replace(own_tick_ms=START + HOUR + silent_ms, trip=reason, sounding=sounding)
    again = heartbeat(silent, silent.own_tick_ms)
    assert (again.trip, again.sounding) == (reason, sounding)
    later = without_heartbeat(again, again.tick_ms + 90 * SECOND - 1)
    assert (later.trip, later.sounding) == (reason, sounding)


def test_time_running_backwards_trips_and_moves_nothing():
    guard = sealed()
    tripped = trip(guard, TripReason.TIME_BACKWARDS)
    assert tripped.trip is TripReason.TIME_BACKWARDS
    assert heartbeat(guard, START - 1) == without_heartbeat(guard, START - 1) == tripped
    assert heartbeat(guard, START) == without_heartbeat(guard, START) == guard


def test_a_controller_that_hung_for_a_minute_may_ask_for_the_strokes_of_that_minute():
    """Verify: its strokes, heartbeats and a seal before the supervisor's own clock pass, none before what is settled;
    the clock itself does not go back, and the sign counts as given when the clock shows it.
    """
    watched = without_heartbeat(sealed(), START + MINUTE)
    late = examine_one(watched, START + 1, StrokeKind.BASAL, None)
    assert isinstance(late, Passed)
    for told in (heartbeat, without_heartbeat):
        assert told(late.guard, START).trip is TripReason.TIME_BACKWARDS
    assert without_heartbeat(late.guard, START + MINUTE - 1).trip is TripReason.TIME_BACKWARDS
    caught_up = heartbeat(late.guard, START + 1)
    assert caught_up.trip is None
    assert (caught_up.tick_ms, caught_up.own_tick_ms) == (START + 1, START + MINUTE)
    assert without_heartbeat(caught_up, START + MINUTE + 90_000 - 1).trip is None
    assert without_heartbeat(caught_up, START + MINUTE + 90_000).trip is TripReason.HEARTBEAT_MISSING
    assert isinstance(seal(late.guard, PROGRAM, START), SealRefused)
    sealed_again = seal(late.guard, PROGRAM, START + 1)
    assert isinstance(sealed_again, Guard)
    assert (sealed_again.tick_ms, sealed_again.own_tick_ms) == (START + 1, START + MINUTE)
    assert sealed_again.heartbeat_tick_ms == START + MINUTE


@pytest.mark.parametrize("extra", [1, 5])
def test_a_stroke_nobody_asked_for_trips_at_once(extra):
    assert confirmed(sealed(), 0, extra, stall_known=True).trip is TripReason.UNREQUESTED_STROKE
    assert confirmed(sealed(), 12, extra, stall_known=False).trip is TripReason.UNREQUESTED_STROKE
    assert confirmed(sealed(), 0, 0, stall_known=False) == sealed()


@pytest.mark.parametrize(("missing", "reason"), [(11, None), (12, TripReason.STALL_NOT_TOLD)])
def test_twelve_strokes_missed_in_a_row_trip_unless_the_stall_was_told(missing, reason):
    """Verify for all at once and one by one."""
    guard = sealed()._replace(let_through=missing)
    assert confirmed(guard, missing, 0, stall_known=False).trip is reason
    assert confirmed(guard, missing, 0, stall_known=True).trip is None
    one = sealed()
    for _ in range(missing):
        assert one.trip is None
        one = confirmed(one._replace(let_through=1), 1, 0, stall_known=False)
    assert (one.trip, one.missed_in_a_row, one.let_through) == (reason, missing, 0)


def test_a_stroke_made_ends_the_row_and_no_stroke_asked_for_does_not():
    """Verify: nothing let through is no news; one made of three begins the row anew with the two missing."""
    guard = sealed()._replace(missed_in_a_row=7)
    assert confirmed(guard, 0, 0, stall_known=False) == guard
    assert confirmed(guard._replace(let_through=1), 0, 0, stall_known=False).missed_in_a_row == 0
    assert confirmed(guard._replace(let_through=3), 2, 0, stall_known=False).missed_in_a_row == 2
    assert confirmed(guard._replace(let_through=3), 3, 0, stall_known=False).missed_in_a_row == 10
    assert confirmed(guard, 2, 0, stall_known=False).missed_in_a_row == 7  # nothing was let through


def test_a_stall_that_is_no_longer_told_trips():
    stalled = confirmed(sealed()._replace(let_through=12), 12, 0, stall_known=True)
    assert stalled.trip is None
    assert confirmed(stalled, 0, 0, stall_known=False).trip is TripReason.STALL_NOT_TOLD


def test_the_dead_neither_sound_nor_revive():
    """Verify also that death takes the place of any other trip, and that a fresh guard is not sealed."""
    sounding = without_heartbeat(sealed(), START + HOUR)
    dead = died(sounding)
    assert sounding.sounding
    assert (dead.trip, dead.sounding) == (TripReason.DEAD, False)
    assert without_heartbeat(dead, START + 9 * HOUR) == dead
    assert heartbeat(dead, START + 9 * HOUR).trip is TripReason.DEAD
    assert seal(dead, PROGRAM, START + 9 * HOUR) == SealRefused("supervisor: it does not run")
    assert new_guard(500, 24_000_000, START).trip is TripReason.NOT_SEALED


def test_a_seal_ends_a_trip_and_counts_as_a_heartbeat():
    guard = confirmed(without_heartbeat(sealed(), START + HOUR)._replace(let_through=5), 5, 0, stall_known=True)
    anew = seal(guard, PROGRAM, START + 2 * HOUR)
    assert isinstance(anew, Guard)
    assert anew == guard._replace(
        tick_ms=START + 2 * HOUR,
        heartbeat_tick_ms=START + 2 * HOUR,
        own_tick_ms=START + 2 * HOUR,
        sealed_tick_ms=START + 2 * HOUR,
        missed_in_a_row=0,
        trip=None,
        sounding=False,
    )
