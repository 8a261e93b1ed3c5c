"""Bench time: who may move it, and that it never goes back or leaps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thecal.run.clock import JUMP_STEP_MS, LONGEST_WALL_STEP_MS, BenchClock, ClockRefusal, lease_from

NOON = 1_795_000_000_000
HOUR = 3_600_000


def visit(at_wall_ms=0, lease_id="l1", owner="clinician"):
    return lease_from(lease_id, "programming visit", owner, "alder", at_wall_ms)


def test_bench_time_runs_with_wall_time_unless_set_otherwise():
    assert BenchClock(NOON).next_grant(100) == NOON + 100
    assert BenchClock(NOON, speed=60).next_grant(100) == NOON + 6_000


def test_a_paused_simulation_grants_nothing():
    assert BenchClock(NOON, paused=True).next_grant(5_000) is None


def test_a_machine_that_slept_does_not_make_bench_time_leap():
    assert BenchClock(NOON).next_grant(8 * HOUR) == NOON + LONGEST_WALL_STEP_MS


def test_a_lease_forces_real_pace_whatever_was_set():
    for clock in (BenchClock(NOON, speed=600), BenchClock(NOON, paused=True)):
        held = clock.take_lease(visit())
        assert held.next_grant(100) == NOON + 100
        assert not held.standing


def test_while_a_lease_is_held_time_is_not_moved_paused_or_sped_up():
    held = BenchClock(NOON).take_lease(visit())
    refused = [held.start_jump(HOUR), held.set_paused(True), held.set_speed(60)]
    assert refused == [ClockRefusal.LEASE_HELD] * 3


def test_the_set_pace_returns_when_the_lease_closes():
    clock = BenchClock(NOON, paused=True).take_lease(visit()).end_lease("l1")
    assert clock == BenchClock(NOON, paused=True)


def test_a_lease_ends_by_itself_after_150_s_of_wall_time():
    clock = BenchClock(NOON).take_lease(visit(at_wall_ms=1_000))
    assert clock.expire(150_999).leases
    assert not clock.expire(151_000).leases


def test_ones_own_lease_is_found_and_another_owners_is_not():
    clock = BenchClock(NOON).take_lease(visit())
    assert clock.lease_like("programming visit", "clinician", "alder").lease_id == "l1"
    assert clock.lease_like("programming visit", "another", "alder") is None


def test_two_leases_must_both_close():
    clock = BenchClock(NOON, speed=10).take_lease(visit()).take_lease(visit(lease_id="l2", owner="patient"))
    assert clock.end_lease("l1").speed_in_force == 1
    assert clock.end_lease("l1").end_lease("l2").speed_in_force == 10


def test_a_lease_waits_for_a_jump_to_end():
    assert BenchClock(NOON).start_jump(HOUR).take_lease(visit()) is ClockRefusal.JUMPING


@given(by_ms=st.integers(1, 48 * HOUR))
def test_a_jump_arrives_exactly_in_steps_that_can_be_cancelled(by_ms):
    clock = BenchClock(NOON).start_jump(by_ms)
    while clock.jump is not None:
        granted = clock.next_grant(0)
        assert 0 < granted - clock.bench_ms <= JUMP_STEP_MS
        clock = clock.reached(granted)
    assert clock == BenchClock(NOON + by_ms)


def test_a_cancelled_jump_stays_where_it_has_got_to():
    clock = BenchClock(NOON).start_jump(48 * HOUR)
    clock = clock.reached(clock.next_grant(0)).cancel_jump()
    assert clock == BenchClock(NOON + JUMP_STEP_MS)


@pytest.mark.parametrize("by_ms", [0, -1, 366 * 86_400_000 + 1, 1.5, True, "1"])
def test_time_moves_forward_by_a_whole_possible_number_of_milliseconds_only(by_ms):
    assert BenchClock(NOON).start_jump(by_ms) is ClockRefusal.NOT_A_JUMP


@pytest.mark.parametrize("speed", [0, -1, 2, 1_000_000])
def test_only_the_listed_speeds_exist(speed):
    assert BenchClock(NOON).set_speed(speed) is ClockRefusal.NOT_A_SPEED


def test_bench_time_never_goes_back():
    with pytest.raises(ValueError, match="never goes back"):
        BenchClock(NOON).reached(NOON - 1)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wall"), st.integers(-5, 10_000)),
        st.tuples(st.just("jump"), st.integers(-5, 5 * HOUR)),
        st.tuples(st.sampled_from(["pause", "resume", "cancel", "lease", "release"]), st.just(0)),
        st.tuples(st.just("speed"), st.sampled_from([0, 1, 10, 60, 600])),
    ),
    max_size=40,
)


@given(STEPS)
def test_whatever_is_asked_time_ascends_and_a_lease_and_a_jump_never_coexist(steps):
    clock = BenchClock(NOON)
    for what, number in steps:
        before = clock
        match what:
            case "wall":
                granted = clock.next_grant(number)
                after = clock if granted is None else clock.reached(granted)
                if clock.leases:
                    assert after.bench_ms - clock.bench_ms <= max(number, 0)
            case "jump":
                after = clock.start_jump(number)
            case "pause" | "resume":
                after = clock.set_paused(what == "pause")
            case "cancel":
                after = clock.cancel_jump()
            case "lease":
                after = clock.take_lease(visit())
            case "release":
                after = clock.end_lease("l1")
            case "speed":
                after = clock.set_speed(number)
        clock = before if isinstance(after, ClockRefusal) else after
        assert clock.bench_ms >= before.bench_ms
        assert not (clock.leases and clock.jump)
