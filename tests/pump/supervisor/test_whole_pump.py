"""The supervisor in its place: it never trips a correct controller, and stops one that hangs or asks for too much."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import DAY, HOUR, MINUTE, PUMP, once_bolus, program
from tests.pump.supervisor.both import running
from thecal.device import (
    Alarm,
    BolusKind,
    Commit,
    Done,
    FlexStep,
    Mode,
    PatientBolus,
    PeriodicBolus,
    Program,
    RequestBolus,
    Role,
    Stage,
    Staged,
    StopInfusion,
    program_hash,
)
from thecal.pump import (
    MotorReported,
    PowerRestored,
    numbers_of,
)
from thecal.pump.supervisor import TripReason
from thecal.pump.whole import SupervisorDied, SupervisorTicked

CEILING = PUMP.highest_rate_nl_per_day
TOP = 28_800_000


def plain(rate: int, **more: object) -> Program:
    return program((0, rate), limit_nl=TOP, low_nl=0, **more)


@st.composite
def at_the_edge(draw: st.DrawFn) -> Program:
    """Programs as fast, as full and as often as the pump accepts."""
    kind = draw(st.sampled_from(["plain", "bolus", "periodic", "flex"]))
    once = draw(st.none() | st.sampled_from([BolusKind.SINGLE, BolusKind.PRIMING]))
    duration = draw(st.sampled_from([10 * MINUTE, HOUR]))
    given = once_bolus(once, CEILING * duration // DAY // 500, duration) if once else None
    basal = draw(st.sampled_from([CEILING, CEILING // 2, 48_000]))
    if kind == "plain":
        return plain(basal, once=given)
    if kind == "flex":
        flex = program((0, 48_000), (draw(st.integers(1, 1_439)), CEILING), limit_nl=TOP, low_nl=0)
        return replace(flex, once=given)
    room = max(500, (CEILING - basal) * 14 * MINUTE // DAY - 500)
    if kind == "bolus":
        lockout = draw(st.sampled_from([15 * MINUTE, HOUR]))
        if basal == CEILING:
            basal //= 2
            room = basal * 14 * MINUTE // DAY - 500
        limit = -(-basal // 500) * 500 + draw(st.sampled_from([1, 3, 20])) * (room // 500) * 500
        bolus = PatientBolus(room // 500 * 500, 14 * MINUTE, lockout, 24)
        return replace(plain(basal, once=given), patient_bolus=bolus, volume_limit_nl_per_24h=min(limit, TOP))
    bolus_nl = draw(st.sampled_from([500, 20_000]))
    interval = draw(st.sampled_from([15 * MINUTE, HOUR + 1, 5 * HOUR + 1]))
    periodic = PeriodicBolus(bolus_nl, 14 * MINUTE, interval)
    rate = draw(st.sampled_from([0, 48_000, 1_000_000]))
    limit = -(-rate // 500) * 500 + -(-DAY // interval) * bolus_nl
    return program((0, rate), periodic=periodic, once=given, limit_nl=limit, low_nl=0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(at_the_edge(), min_size=1, max_size=6),
    st.lists(
        st.tuples(
            st.sampled_from(["press", "press", "commit", "outage", "stop", "refill"]),
            st.sampled_from([0, 1, 1_800, MINUTE, 14 * MINUTE, 15 * MINUTE]) | st.integers(0, 3 * HOUR),
        ),
        max_size=25,
    ),
)
def test_a_correct_controller_is_never_tripped_however_near_the_limits(programs, story):
    """Verify, for programs at the highest rate, full limits, shortest lockouts and outages that crowd what is left:
    - no trip, and every stroke that the controller counted was let through
    """
    both = running(programs[0])
    for number, (act, wait_ms) in enumerate(story):
        both.wait(wait_ms)
        if act == "press":
            both.send(RequestBolus(), Role.PATIENT)
        elif act == "commit":
            both.commit(programs[number % len(programs)])
        elif act == "outage":
            outage_ms = (1, 1_799, MINUTE, 13 * MINUTE)[number % 4]
            both.event(PowerRestored(outage_ms), both.now + outage_ms)
        elif act == "stop":
            both.send(StopInfusion())
        else:
            both.refill()
        assert both.pump.guard.trip is None, (both.pump.guard.trip, act)
        assert len(both.ticks) == both.pump.state.strokes_total


@pytest.mark.parametrize("pieces", [1, 7, 1_000])
def test_twenty_hours_at_the_highest_rate_pass_in_any_pieces(pieces):
    both = running(plain(CEILING))
    for _ in range(pieces):
        both.wait(20 * HOUR // pieces)
    assert both.pump.guard.trip is None
    assert len(both.ticks) == 20 * HOUR // pieces * pieces * CEILING // (500 * DAY)


def test_a_patient_who_always_presses_and_outages_that_delay_every_bolus_trip_nothing():
    """Verify over three days: boluses each delayed by nearly its length, granted again as soon as the lockout lets."""
    bolus = PatientBolus(20_000, 10 * MINUTE, 15 * MINUTE, 24)
    both = running(program((0, 240_000), bolus=bolus, limit_nl=240_000 + 24 * 20_000, low_nl=0))
    both.wait(15 * MINUTE)
    granted = 0
    for turn in range(300):
        granted += isinstance(both.send(RequestBolus(), Role.PATIENT), Done)
        both.wait(5 * MINUTE)
        if turn % 3:
            both.event(PowerRestored(9 * MINUTE), both.now + 9 * MINUTE)
        both.wait(MINUTE)
        assert both.pump.guard.trip is None
    assert granted > 40


@pytest.mark.parametrize("seed", range(3))
def test_one_commit_after_another_with_a_bolus_given_once_at_the_highest_rate_trips_nothing(seed):
    """Verify: the ceilings are never restarted, and strokes of basal, once and carry together stay within them."""
    chance = Random(seed)
    both = running(plain(CEILING))
    for _ in range(60):
        duration = chance.choice([MINUTE, 10 * MINUTE])
        once = once_bolus(BolusKind.SINGLE, CEILING * duration // DAY // 500, duration)
        both.commit(plain(CEILING - chance.randint(0, 9), once=once))
        both.wait(chance.choice([duration, duration, duration + 1, duration - 1, chance.randint(0, 2 * duration)]))
        assert both.pump.guard.trip is None


# The watch


@pytest.mark.parametrize(
    ("silent_ms", "stopped", "sounding"),
    [(89_999, False, False), (90_000, True, False), (179_999, True, False), (180_000, True, True)],
)
def test_a_controller_that_hangs_is_stopped_after_90_s_and_heard_after_180(silent_ms, stopped, sounding):
    both = running(plain(24_000_000))
    both.wait(HOUR)
    made = len(both.ticks)
    both.event(SupervisorTicked(), HOUR + silent_ms)
    assert (both.pump.guard.trip is TripReason.HEARTBEAT_MISSING) == stopped
    assert both.pump.guard.sounding == sounding
    both.wait(HOUR)
    assert (len(both.ticks) == made) == stopped


def test_many_small_silences_are_not_a_long_one():
    both = running(plain(240_000))
    for _ in range(20):
        both.event(SupervisorTicked(), both.now + 89_000)
        both.wait(89_000)
    assert both.pump.guard.trip is None


def test_an_unasked_stroke_trips_at_once_and_only_a_commit_ends_it():
    both = running(plain(240_000))
    both.wait(HOUR)
    both.event(MotorReported(missing=0, extra=1))
    assert both.pump.guard.trip is TripReason.UNREQUESTED_STROKE
    assert Alarm.SUPERVISOR_TRIP in {standing.alarm for standing in both.pump.state.alarms}
    made = len(both.ticks)
    both.wait(DAY)
    both.refill()
    both.wait(DAY)
    assert len(both.ticks) == made
    assert both.commit(plain(240_000))
    both.wait(HOUR)
    assert (both.pump.guard.trip, len(both.ticks)) == (None, made + 20)


def test_a_stall_that_the_controller_tells_does_not_trip():
    """Verify that 30 strokes missed one by one are the controller's stall and not the supervisor's trip."""
    both = running(plain(240_000))
    for _ in range(30):
        both.wait(3 * MINUTE)
        both.event(MotorReported(missing=1, extra=0))
    assert both.pump.guard.trip is None
    assert Alarm.MOTOR_STALL in {standing.alarm for standing in both.pump.state.alarms}


def test_a_dead_supervisor_lets_nothing_through_for_ever_and_the_controller_says_so():
    both = running(plain(240_000))
    both.wait(HOUR)
    made = len(both.ticks)
    both.event(SupervisorDied())
    both.wait(HOUR)
    assert len(both.ticks) == made
    assert Alarm.SUPERVISOR_TRIP in {standing.alarm for standing in both.pump.state.alarms}
    staged = both.send(Stage(plain(480_000), program_hash(both.pump.state.program)))
    if isinstance(staged, Staged):
        both.send(Commit(staged.staged_hash))
    both.wait(DAY)
    assert len(both.ticks) == made


# A controller that asks for too much costs one stroke, and never gives one over


@pytest.mark.parametrize("rate", [480_000, 4_800_000, 24_000_000])
def test_a_controller_whose_memory_of_the_rate_was_altered_is_stopped_within_the_hour_of_its_limit(rate):
    """Verify: a program altered behind the supervisor's back gives at most what was sealed, then trips for good."""
    both = running(program((0, 240_000), limit_nl=240_000, low_nl=0))
    both.wait(2 * HOUR)
    altered = replace(both.pump.state.program, steps=(FlexStep(0, rate),))
    state = both.pump.state
    numbers = numbers_of(state.identity.descriptor, altered)
    both.pump = both.pump._replace(state=state._replace(program=altered, numbers=numbers))
    before = len(both.ticks)
    both.wait(2 * DAY)
    assert both.pump.guard.trip in {TripReason.HOUR_PROGRAM, TripReason.DAY_PROGRAM}
    assert len(both.ticks) - before <= 480 + 5 + 2  # a day of the limit, a bucket at the declared basal, two strokes
    assert len(both.ticks) == both.pump.state.strokes_total
    assert both.pump.state.program.mode in {Mode.SIMPLE_CONTINUOUS, Mode.STOPPED}
    made = len(both.ticks)
    both.wait(30 * DAY)
    assert len(both.ticks) == made
