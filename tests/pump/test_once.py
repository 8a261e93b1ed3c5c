"""Single, priming and bridge boluses: given once, in the place of the basal, exact in strokes, however time is cut."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import (
    BOLUS,
    DAY,
    HOUR,
    MIDNIGHT_UTC_MS,
    MINUTE,
    SECOND,
    STROKE,
    Driven,
    once_bolus,
    program,
    treated,
)
from tests.pump.stories import ACTS, Story, lived, stories
from tests.pump.test_strokes import owed_nl, schedules
from thecal.device import (
    ONCE_KINDS,
    BolusKind,
    CancelBolus,
    Done,
    LogKind,
    PatientBolus,
    PumpDescriptor,
    ReadStatus,
    Reason,
    Refused,
    Role,
    StopInfusion,
)
from thecal.pump import MemoryFaultFound, PowerRestored, StrokeKind, TimePassed, next_event_tick, next_stroke_tick, step

KINDS = sorted(ONCE_KINDS, key=str)
CANCELLED_BY_COMMAND = (BolusKind.SINGLE, BolusKind.PRIMING)
RUNNING = {
    BolusKind.SINGLE: Reason.SINGLE_RUNNING,
    BolusKind.PRIMING: Reason.PRIMING_RUNNING,
    BolusKind.BRIDGE: Reason.BRIDGE_RUNNING,
}


@settings(max_examples=60, deadline=None)
@given(stories(), st.lists(st.integers(0, 12 * DAY), max_size=40))
def test_cutting_time_into_pieces_changes_nothing_in_any_story(story: Story, cuts):
    """Verify, for any programs, boluses, delayed starts and disturbances, and any moments at which it is looked at:
    - the same strokes at the same ticks, and the same state, as without looking
    """
    whole, cut = lived(story, []), lived(story, cuts)
    assert cut.strokes == whole.strokes
    assert cut.state == whole.state


@settings(max_examples=30, deadline=None)
@given(stories(tuple(act for act in ACTS if act != "refill")))
def test_every_stroke_is_taken_from_the_reservoir_and_counted_by_its_kind(story: Story):
    """Verify, in any story: filled = left + strokes x stroke, and each counter is the strokes of its kind."""
    pump = lived(story, [])
    assert pump.state.reservoir.volume_nl + len(pump.strokes) * STROKE == story.volume_nl
    made = [stroke.kind for stroke in pump.strokes]
    assert pump.state.strokes_total == len(made)
    assert pump.state.bolus_strokes_total == made.count(StrokeKind.BOLUS)
    assert pump.state.once_strokes_total == made.count(StrokeKind.ONCE)
    ticks = [stroke.tick_ms for stroke in pump.strokes]
    assert ticks == sorted(ticks)


@settings(max_examples=30, deadline=None)
@given(stories(tuple(act for act in ACTS if act != "refill")))
def test_each_bolus_logs_exactly_the_strokes_it_made(story: Story):
    """Verify, in any story: the volumes of ended boluses are the strokes of the two bolus kinds, none left over."""
    pump = lived(story, [])
    if pump.state.log[0].kind is not LogKind.MANUFACTURED:
        return  # the beginning was pushed out of the log
    ends = (LogKind.BOLUS_COMPLETED, LogKind.BOLUS_CANCELLED, LogKind.BRIDGE_INTERRUPTED)
    given_nl = sum(entry.volume_nl or 0 for entry in pump.state.log if entry.kind in ends)
    running = pump.state.once or pump.state.running_bolus
    still_nl = 0 if running is None else running.due_by(pump.state.tick_ms) * STROKE
    made = [stroke for stroke in pump.strokes if stroke.kind is not StrokeKind.BASAL]
    assert given_nl + still_nl == len(made) * STROKE


@settings(max_examples=40, deadline=None)
@given(
    schedules(),
    st.sampled_from(KINDS),
    st.integers(1, 60),
    st.integers(10 * MINUTE, 24 * HOUR),
    st.integers(0, DAY),
)
def test_a_once_bolus_takes_the_place_of_the_basal_and_nothing_is_made_up(rates, kind, strokes, duration_ms, wait_ms):
    """Verify, for any schedule, moment, volume and duration:
    - its k-th stroke falls on the first ms at which k of its strokes are due, the last when its duration is over
    - meanwhile there is no basal stroke, and the carry stays as it was
    - afterwards the basal owes what the clock says from that ms on, and nothing of what was missed
    """
    before = program((0, 123_456))
    pump = treated(before, utc_ms=MIDNIGHT_UTC_MS)
    pump.wait(wait_ms)
    carry, made, start = pump.state.carry, len(pump.strokes), pump.state.tick_ms
    pump.commit(program(*rates, once=once_bolus(kind, strokes, duration_ms), limit_nl=4_000_000))
    pump.wait(duration_ms)
    own = pump.strokes[made:]
    assert {stroke.kind for stroke in own} == {StrokeKind.ONCE}
    assert [s.tick_ms - start for s in own] == [-(-k * duration_ms // strokes) for k in range(1, strokes + 1)]
    assert (pump.state.carry, pump.state.once) == (carry, None)
    pump.wait(2 * DAY)
    mode = len(pump.strokes) - made - strokes
    local = MIDNIGHT_UTC_MS + start + duration_ms
    assert mode * STROKE + Fraction(pump.state.carry - carry, DAY) == owed_nl(rates, local, local + 2 * DAY)


@pytest.mark.parametrize("strokes", [1, 7, 142])
def test_every_once_stroke_falls_on_the_first_millisecond_at_which_it_is_due(strokes):
    """Verify ms by ms: stroke k comes at the first ms at which strokes x elapsed / duration reaches k."""
    small = PumpDescriptor("m", 1, 20_000_000, 6_000, 48_000, 28_800_000)
    pump = Driven.new(small)
    pump.refill()
    wanted = program((0, 9_999_999), limit_nl=28_000_000)
    pump.commit(replace(wanted, once=replace(once_bolus(BolusKind.SINGLE), volume_nl=strokes, duration_ms=MINUTE)))
    pump.wait(MINUTE)
    made, expected = 0, []
    for tick in range(1, MINUTE + 1):
        if strokes * tick // MINUTE > made:
            made += 1
            expected.append(tick)
    assert [stroke.tick_ms for stroke in pump.strokes] == expected


@pytest.mark.parametrize("kind", KINDS)
def test_the_train_of_a_once_bolus_names_its_bolus_by_the_tick_of_its_start(kind):
    pump = treated(program())
    pump.wait(HOUR)
    pump.commit(program((0, 240_000), once=once_bolus(kind)))
    made = step(pump.state, TimePassed(), 2 * HOUR).effects[0]
    assert [(t.kind, t.bolus_tick_ms) for t in made.trains] == [(StrokeKind.ONCE, HOUR), (StrokeKind.BASAL, None)]


@pytest.mark.parametrize("kind", KINDS)
def test_no_patient_bolus_while_it_runs_and_the_countdown_says_when(kind):
    wanted = program((0, 240_000), bolus=PatientBolus(10_000, MINUTE, 15 * MINUTE, 4))
    pump = treated(replace(wanted, once=once_bolus(kind, duration_ms=HOUR)))
    pump.wait(20 * MINUTE)
    assert pump.press() == Refused(RUNNING[kind], 40 * MINUTE)
    assert pump.send(ReadStatus(), Role.PATIENT).bolus.blocked_by is RUNNING[kind]
    pump.wait(40 * MINUTE)
    assert isinstance(pump.press(), Done)


def test_once_strokes_count_neither_as_bolus_strokes_nor_against_the_limit_of_24_h():
    """Verify that with room for exactly one patient bolus above the basal, a large single bolus takes none of it."""
    wanted = program((0, 240_000), bolus=BOLUS, limit_nl=250_000, once=once_bolus(BolusKind.SINGLE, 400, HOUR))
    pump = treated(wanted)
    pump.wait(4 * HOUR)
    assert isinstance(pump.press(), Done)
    pump.wait(HOUR)
    assert (pump.state.once_strokes_total, pump.state.bolus_strokes_total) == (400, 20)
    assert pump.state.reservoir.volume_nl == 20_000_000 - pump.state.strokes_total * STROKE


ENDS = {
    "stop": lambda pump: pump.send(StopInfusion()),
    "memory fault": lambda pump: pump.event(MemoryFaultFound()),
    "command": lambda pump: pump.send(CancelBolus()),
    "another program": lambda pump: pump.commit(program((0, 240_000))),
    "an outage longer than it lasts": lambda pump: pump.event(PowerRestored(HOUR + 1), pump.state.tick_ms + HOUR + 1),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kind", CANCELLED_BY_COMMAND)
def test_a_single_or_priming_bolus_is_ended_for_good_by(kind, end):
    """Verify each way: what was given is logged, the rest is never given, and the basal goes on where it runs."""
    pump = treated(program((0, 240_000), once=once_bolus(kind, duration_ms=HOUR)))
    pump.wait(15 * MINUTE)
    ENDS[end](pump)
    assert pump.state.once is None
    ended = [entry for entry in pump.state.log if entry.kind is LogKind.BOLUS_CANCELLED]
    assert [(entry.volume_nl, entry.duration_ms, entry.bolus) for entry in ended] == [
        (5 * STROKE, 15 * MINUTE, kind),
    ]
    pump.wait(DAY)
    assert pump.state.once_strokes_total == 5
    basal = 0 if end in ("stop", "memory fault") else 480
    assert pump.state.strokes_total == 5 + basal


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_reservoir_ends_it_and_is_told_after_it(kind):
    pump = treated(program((0, 240_000), once=once_bolus(kind), low_nl=0), volume_nl=4_200)
    pump.wait(DAY)
    assert len(pump.strokes) == 8
    assert pump.state.once is None
    end = LogKind.BRIDGE_INTERRUPTED if kind is BolusKind.BRIDGE else LogKind.BOLUS_CANCELLED
    assert pump.logged()[-2:] == [end, LogKind.EMPTY_RESERVOIR]
    assert pump.state.log[-2].volume_nl == 8 * STROKE
    assert pump.state.bridge_left == (12 if kind is BolusKind.BRIDGE else None)


@pytest.mark.parametrize("kind", KINDS)
def test_an_outage_delays_what_is_left_and_no_more(kind):
    pump = treated(program((0, 240_000), once=once_bolus(kind)))
    pump.wait(5 * MINUTE + 1)
    pump.event(PowerRestored(10 * MINUTE), pump.state.tick_ms + 10 * MINUTE)
    pump.wait(5 * MINUTE)
    own = [s.tick_ms for s in pump.strokes if s.kind is StrokeKind.ONCE]
    assert own == [30 * SECOND * k + (10 * MINUTE if k > 10 else 0) for k in range(1, 21)]
    assert pump.state.log[-1].kind is LogKind.BOLUS_COMPLETED
    assert (pump.state.log[-1].duration_ms, pump.state.log[-1].bolus) == (20 * MINUTE, kind)


@settings(max_examples=30, deadline=None)
@given(stories(tuple(act for act in ACTS if act != "clock")), st.integers(0, DAY))
def test_what_is_announced_is_what_comes(story: Story, wait_ms):
    """Verify, from any state and for ten strokes: each comes at the announced tick and none before.

    And no event by itself (a log entry, another bolus or program) comes before the announced event.
    """
    pump = lived(story, [])
    pump.wait(wait_ms)
    for _ in range(10):
        event, stroke = next_event_tick(pump.state), next_stroke_tick(pump.state)
        if event is None:
            assert stroke is None
            break
        assert stroke is None or event <= stroke
        log, before = pump.state.log, len(pump.strokes)
        pump.event(TimePassed(), event - 1)
        assert (pump.state.log, len(pump.strokes)) == (log, before)
        pump.event(TimePassed(), event)
        assert [s.tick_ms for s in pump.strokes[before:]] == [event] * (len(pump.strokes) - before)
        assert (stroke == event) == (len(pump.strokes) > before)


@pytest.mark.parametrize("kind", KINDS)
def test_its_strokes_are_announced_and_nothing_of_the_schedule_between_them(kind):
    pump = treated(program((0, 240_000), (3, 480_000), once=once_bolus(kind, 2, 10 * MINUTE)))
    assert next_stroke_tick(pump.state) == next_event_tick(pump.state) == 5 * MINUTE
    pump.wait(5 * MINUTE)
    assert next_stroke_tick(pump.state) == next_event_tick(pump.state) == 10 * MINUTE
    pump.wait(5 * MINUTE)
    assert next_stroke_tick(pump.state) == next_event_tick(pump.state) == 10 * MINUTE + 90 * SECOND


def test_a_year_after_a_priming_bolus_is_two_trains():
    pump = treated(program((0, 48_000), once=once_bolus(BolusKind.PRIMING), low_nl=0))
    made = step(pump.state, TimePassed(), 365 * DAY).effects[0]
    assert [train.kind for train in made.trains] == [StrokeKind.ONCE, StrokeKind.BASAL]
