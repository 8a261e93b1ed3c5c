"""Periodic boluses: at the start of the program and every interval after it, whole or not at all."""

from __future__ import annotations

from bisect import bisect_right

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import DAY, HOUR, MINUTE, SECOND, STROKE, Driven, once_bolus, program, treated
from thecal.device import (
    BolusKind,
    CancelBolus,
    Done,
    LogKind,
    PatientBolus,
    PeriodicBolus,
    Program,
    Reason,
    Refused,
    Staged,
)
from thecal.pump import PowerRestored, StrokeKind, TimePassed, next_event_tick, next_stroke_tick, step
from thecal.pump.controller.events import FieldEntered, MotorReported, SupervisorTripped

EVERY_HOUR = PeriodicBolus(10_000, 10 * MINUTE, HOUR)


@st.composite
def periodics(draw: st.DrawFn) -> PeriodicBolus:
    duration_ms = draw(st.integers(5 * MINUTE, 2 * HOUR))
    interval_ms = draw(st.integers(max(15 * MINUTE, duration_ms + 1), 3 * DAY))
    return PeriodicBolus(draw(st.integers(STROKE, 40_000)), duration_ms, interval_ms)


def running(periodic: PeriodicBolus, rate: int = 0, **more: object) -> Program:
    return program((0, rate), periodic=periodic, limit_nl=28_000_000, **more)


@settings(max_examples=40, deadline=None)
@given(periodics(), st.sampled_from([0, 48_000, 240_000]), st.lists(st.integers(1, DAY), max_size=8))
def test_every_interval_gives_exactly_the_whole_strokes_of_one_bolus(periodic, rate, waits):
    """Verify, for any bolus, interval and rate between, and any way in which time passes:
    - bolus strokes fall where the definition puts them, bolus by bolus from the start of the program
    - the basal flows on beside them as if there were none
    """
    pump, plain = treated(running(periodic, rate)), treated(program((0, rate)))
    for wait_ms in waits:
        pump.wait(wait_ms)
        plain.wait(wait_ms)
    strokes, now = periodic.volume_nl // STROKE, pump.state.tick_ms
    due = [
        start + -(-k * periodic.duration_ms // strokes)
        for start in range(0, now + 1, periodic.interval_ms)
        for k in range(1, strokes + 1)
    ]
    assert [s.tick_ms for s in pump.strokes if s.kind is StrokeKind.BOLUS] == [tick for tick in due if tick <= now]
    assert [s for s in pump.strokes if s.kind is StrokeKind.BASAL] == plain.strokes


@settings(max_examples=30, deadline=None)
@given(periodics(), st.sampled_from([0, 48_000, 240_000]))
def test_undisturbed_none_is_skipped_and_no_day_holds_more_than_was_said(periodic, rate):
    """Verify, with the least limit the pump accepts: every bolus comes, and 24 h hold at most what it announced."""
    pump = Driven.new()
    pump.refill()
    staged = pump.stage(running(periodic, rate))
    assert isinstance(staged, Staged)
    least = program((0, rate), periodic=periodic, limit_nl=staged.greatest_24h_volume_nl)
    refused = pump.stage(program((0, rate), periodic=periodic, limit_nl=staged.greatest_24h_volume_nl - 1))
    assert isinstance(refused, Refused)
    pump.commit(least)
    pump.wait(4 * DAY)
    assert LogKind.BOLUS_SKIPPED not in pump.logged()
    ticks = [stroke.tick_ms for stroke in pump.strokes]
    most = max(i + 1 - bisect_right(ticks, tick - DAY) for i, tick in enumerate(ticks))
    assert most * STROKE <= staged.greatest_24h_volume_nl


@settings(max_examples=40, deadline=None)
@given(
    periodics(),
    st.lists(st.tuples(st.integers(0, DAY), st.sampled_from([1, MINUTE, 20 * MINUTE, 5 * HOUR, 2 * DAY])), max_size=6),
)
def test_whatever_happens_a_bolus_begins_at_its_tick_or_never(periodic, outages):
    """Verify, for any outages:
    - each bolus starts at a multiple of the interval after the program, at most once
    - what it gave is whole unless it was cut, and everything begun or skipped adds up to the intervals that passed
    - no 24 h hold more than the limit, though it leaves no room for more than undisturbed boluses
    """
    limit_nl = -(-DAY // periodic.interval_ms) * (periodic.volume_nl // STROKE) * STROKE
    pump = treated(program((0, 0), periodic=periodic, limit_nl=limit_nl))
    starts: list[int] = []
    for wait_ms, outage_ms in (*outages, (DAY, 0)):
        pump.wait(wait_ms)
        pump.event(PowerRestored(outage_ms), pump.state.tick_ms + outage_ms)
        pump.wait(0)
        starts += [b.start_tick_ms for b in pump.state.boluses if b.start_tick_ms > (starts[-1] if starts else -1)]
    assert all(start % periodic.interval_ms == 0 for start in starts)
    skipped_nl = sum(e.volume_nl or 0 for e in pump.state.log if e.kind is LogKind.BOLUS_SKIPPED)
    begun = sum(entry.kind is LogKind.BOLUS_STARTED for entry in pump.state.log)
    each_nl = periodic.volume_nl // STROKE * STROKE
    if pump.state.log[0].kind is LogKind.MANUFACTURED:
        assert begun * each_nl + skipped_nl == (pump.state.tick_ms // periodic.interval_ms + 1) * each_nl
    ticks = [stroke.tick_ms for stroke in pump.strokes]
    most = max((i + 1 - bisect_right(ticks, tick - DAY) for i, tick in enumerate(ticks)), default=0)
    assert most * STROKE <= limit_nl


def test_the_first_begins_with_the_program_and_the_log_tells_each():
    pump = treated(running(EVERY_HOUR))
    assert pump.logged()[-2:] == [LogKind.PROGRAM_COMMITTED, LogKind.BOLUS_STARTED]
    assert (pump.state.log[-1].bolus, pump.state.log[-1].volume_nl) == (BolusKind.PERIODIC, 10_000)
    pump.wait(HOUR)
    assert [s.tick_ms for s in pump.strokes] == [30 * SECOND * k for k in range(1, 21)]
    assert pump.logged()[-2:] == [LogKind.BOLUS_COMPLETED, LogKind.BOLUS_STARTED]
    assert [entry.tick_ms for entry in pump.state.log[-2:]] == [10 * MINUTE, HOUR]


def test_each_train_names_its_bolus_and_counts_as_bolus_strokes():
    pump = treated(running(EVERY_HOUR))
    made = step(pump.state, TimePassed(), 3 * HOUR - 1).effects[0]
    assert [(t.kind, t.bolus_tick_ms, t.number) for t in made.trains] == [
        (StrokeKind.BOLUS, start, 20) for start in (0, HOUR, 2 * HOUR)
    ]
    pump.wait(3 * HOUR - 1)
    assert (pump.state.bolus_strokes_total, pump.state.once_strokes_total) == (60, 0)


def test_one_that_falls_into_an_outage_is_skipped_whole_and_not_made_up():
    pump = treated(running(EVERY_HOUR))
    pump.wait(50 * MINUTE)
    pump.event(PowerRestored(2 * HOUR + 20 * MINUTE), 3 * HOUR + 10 * MINUTE)
    pump.wait(49 * MINUTE)
    assert pump.state.bolus_strokes_total == 20
    skipped = [entry for entry in pump.state.log if entry.kind is LogKind.BOLUS_SKIPPED]
    assert [(entry.volume_nl, entry.tick_ms) for entry in skipped] == [(30_000, 3 * HOUR + 10 * MINUTE)]
    pump.wait(11 * MINUTE)
    assert pump.state.bolus_strokes_total == 40


def test_one_that_an_outage_delays_into_the_next_takes_its_place():
    """Verify the edge: delayed to the very ms of the next start it makes way, a ms longer and the next is skipped."""
    slow = PeriodicBolus(10_000, 40 * MINUTE, HOUR)
    for outage_ms, second in ((20 * MINUTE, LogKind.BOLUS_STARTED), (20 * MINUTE + 1, LogKind.BOLUS_SKIPPED)):
        pump = treated(running(slow))
        pump.wait(MINUTE)
        pump.event(PowerRestored(outage_ms), MINUTE + outage_ms)
        pump.wait(HOUR - pump.state.tick_ms)
        assert pump.logged()[-1] is second
        pump.wait(HOUR - 1)
        assert pump.state.bolus_strokes_total == (40 if second is LogKind.BOLUS_STARTED else 20)
        if second is LogKind.BOLUS_SKIPPED:
            skipped = next(entry for entry in pump.state.log if entry.kind is second)
            assert skipped.reason is Reason.BOLUS_RUNNING


@pytest.mark.parametrize("held", ["stall", "field"])
def test_a_motor_that_does_not_turn_skips_each(held):
    pump = treated(running(EVERY_HOUR, 240_000))
    pump.wait(20 * MINUTE)
    if held == "stall":
        pump.event(MotorReported(missing=4, extra=0), pump.state.tick_ms)
    else:
        pump.event(FieldEntered(), pump.state.tick_ms)
    assert next_stroke_tick(pump.state) == pump.state.tick_ms + MINUTE  # the motor goes on being asked for the basal
    pump.wait(50 * MINUTE)
    skipped = [entry.reason for entry in pump.state.log if entry.kind is LogKind.BOLUS_SKIPPED]
    assert skipped == [Reason.STALLED]


def test_no_stroke_is_announced_where_every_bolus_would_be_skipped():
    pump = treated(running(EVERY_HOUR))
    pump.wait(20 * MINUTE)
    pump.event(FieldEntered(), pump.state.tick_ms)
    assert (next_stroke_tick(pump.state), next_event_tick(pump.state)) == (None, HOUR)
    pump.event(SupervisorTripped("too fast"), pump.state.tick_ms)
    pump.wait(HOUR)
    assert pump.state.log[-1].reason is Reason.CRITICAL_ALARM


@pytest.mark.parametrize("kind", [BolusKind.SINGLE, BolusKind.BRIDGE])
def test_a_bolus_given_once_does_not_begin_while_the_motor_does_not_turn(kind):
    pump = treated(running(EVERY_HOUR, 240_000))
    pump.wait(20 * MINUTE)
    pump.event(MotorReported(missing=4, extra=0), pump.state.tick_ms)
    pump.commit(program((0, 240_000), once=once_bolus(kind)))
    assert pump.state.once is None
    assert pump.state.bridge_left == (20 if kind is BolusKind.BRIDGE else None)


def test_an_empty_pump_skips_each_and_goes_on_at_its_tick_after_a_refill():
    pump = treated(running(EVERY_HOUR, low_nl=0), volume_nl=15_000)
    pump.wait(2 * HOUR + 30 * MINUTE)
    assert pump.state.bolus_strokes_total == 30
    reasons = [(entry.kind, entry.reason) for entry in pump.state.log[-4:]]
    assert reasons == [
        (LogKind.BOLUS_CANCELLED, None),
        (LogKind.LOW_RESERVOIR, None),
        (LogKind.EMPTY_RESERVOIR, None),
        (LogKind.BOLUS_SKIPPED, Reason.RESERVOIR_EMPTY),
    ]
    assert (next_stroke_tick(pump.state), next_event_tick(pump.state)) == (None, 3 * HOUR)
    assert isinstance(pump.refill(), Done)
    pump.wait(30 * MINUTE)
    assert pump.state.bolus_strokes_total == 30
    pump.wait(10 * MINUTE)
    assert pump.state.bolus_strokes_total == 50


@pytest.mark.parametrize("kind", [BolusKind.SINGLE, BolusKind.PRIMING, BolusKind.BRIDGE])
def test_those_that_fall_into_a_bolus_given_once_are_skipped(kind):
    """Verify that the interval counts from the start of the program, and what runs in its place is not added to."""
    pump = treated(running(EVERY_HOUR, once=once_bolus(kind, 40, HOUR)))
    assert pump.state.log[-1].reason.name == f"{kind.name}_RUNNING"
    pump.wait(HOUR)
    assert pump.state.once_strokes_total == 40
    assert pump.logged()[-2:] == [LogKind.BOLUS_COMPLETED, LogKind.BOLUS_STARTED]
    pump.wait(10 * MINUTE)
    assert pump.state.bolus_strokes_total == 20


def test_a_cancelled_one_leaves_the_next_alone():
    pump = treated(running(EVERY_HOUR))
    pump.wait(5 * MINUTE)
    assert isinstance(pump.send(CancelBolus()), Done)
    pump.wait(HOUR + 5 * MINUTE)
    assert pump.state.bolus_strokes_total == 10 + 20
    assert [s.tick_ms for s in pump.strokes[10:11]] == [HOUR + 30 * SECOND]


def test_a_stop_ends_them_and_a_commit_begins_anew():
    pump = treated(running(EVERY_HOUR))
    pump.wait(5 * MINUTE)
    pump.stop()
    pump.wait(3 * HOUR)
    assert (pump.state.bolus_strokes_total, next_event_tick(pump.state)) == (10, 48 * HOUR + 5 * MINUTE)
    pump.commit(running(EVERY_HOUR))
    assert pump.state.next_periodic_tick_ms == 4 * HOUR + 5 * MINUTE


def test_they_count_in_the_window_of_24_h_of_the_program_that_follows():
    """Verify that a patient's bolus waits until the strokes of the last periodic bolus leave the window."""
    pump = treated(running(EVERY_HOUR))
    pump.wait(30 * MINUTE)
    quick = PatientBolus(10_000, 10 * MINUTE, 15 * MINUTE, 24)
    pump.commit(program((0, 240_000), bolus=quick, limit_nl=250_000))
    pump.wait(30 * MINUTE)
    assert pump.press() == Refused(Reason.VOLUME_LIMIT_REACHED, 23 * HOUR)


def test_what_an_earlier_program_gave_holds_none_back():
    """Verify, with no room to spare: they are the basal therapy of a new program, not something on top of the old."""
    pump = treated(program((0, 240_000)))
    pump.wait(DAY)
    pump.commit(program((0, 0), periodic=EVERY_HOUR, limit_nl=240_000))
    pump.wait(DAY)
    assert LogKind.BOLUS_SKIPPED not in pump.logged()


def test_they_do_not_count_as_boluses_of_the_patient():
    pump = treated(running(EVERY_HOUR))
    pump.wait(3 * HOUR + 30 * MINUTE)
    quick = PatientBolus(10_000, 10 * MINUTE, 15 * MINUTE, 1)
    pump.commit(program((0, 240_000), bolus=quick, limit_nl=2_000_000))
    pump.wait(15 * MINUTE)
    assert isinstance(pump.press(), Done)


def test_the_patient_has_no_bolus_beside_them():
    pump = treated(running(EVERY_HOUR))
    assert pump.press().reason is Reason.BOLUS_RUNNING
    pump.wait(30 * MINUTE)
    assert pump.press().reason is Reason.NO_PATIENT_BOLUS
