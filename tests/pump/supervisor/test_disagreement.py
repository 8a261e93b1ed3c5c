"""Where the layers disagree: the books stay true, only too little is given, and how time is cut does not matter."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import DAY, HOUR, MINUTE, MORPHINE, STROKE, once_bolus, program
from tests.pump.stories import Story, stories
from tests.pump.supervisor.both import Both, running
from thecal.device import (
    Alarm,
    BolusKind,
    CancelBolus,
    Commit,
    LogKind,
    PatientBolus,
    Program,
    RecordRefill,
    SetClock,
    Staged,
    StopInfusion,
)
from thecal.pump import MemoryFaultFound, PowerRestored, StrokeKind, TimePassed
from thecal.pump.supervisor import Declared, Guard, TripReason, seal


def mistrusting(both: Both, **lower: int) -> None:
    """The supervisor now holds a lower limit than the controller was told: one of them is wrong."""
    held = both.pump.guard.limits
    limits = held._replace(**{name: min(value, getattr(held, name)) for name, value in lower.items()})
    both.pump = both.pump._replace(guard=both.pump.guard._replace(limits=limits))


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["program_hour", "program_day", "ceiling_hour", "ceiling_day", "bolus_strokes", "once_strokes"]),
    st.integers(0, 60),
    st.lists(st.integers(1, 10 * HOUR), min_size=1, max_size=8),
    st.booleans(),
)
def test_a_refused_stroke_is_not_made_not_counted_and_nothing_follows_it(limit, most, waits, presses):
    """Verify, for each limit and any stretch of time in which it is met:
    - every stroke counted was made, and the reservoir lost exactly these
    - the trip is one entry and a critical alarm; no stroke, bolus or basal, comes after it
    """
    bolus = PatientBolus(10_000, 30 * MINUTE, HOUR, 24)
    both = running(program((0, 480_000), bolus=bolus, once=once_bolus(BolusKind.SINGLE, 40, HOUR)))
    mistrusting(both, **{limit: most})
    tripped_with: int | None = None
    for wait_ms in waits:
        if presses:
            both.press()
        both.wait(wait_ms)
        state = both.pump.state
        assert len(both.strokes) == state.strokes_total
        assert state.reservoir.volume_nl + STROKE * len(both.strokes) == 20_000_000
        assert state.bolus_strokes_total == sum(stroke.kind is StrokeKind.BOLUS for stroke in both.strokes)
        assert state.once_strokes_total == sum(stroke.kind is StrokeKind.ONCE for stroke in both.strokes)
        if both.pump.guard.trip is None:
            continue
        if tripped_with is None:
            tripped_with = len(both.strokes)
        assert len(both.strokes) == tripped_with
        assert Alarm.SUPERVISOR_TRIP in {standing.alarm for standing in state.alarms}
        assert sum(entry.kind is LogKind.SUPERVISOR_TRIP for entry in state.log) == 1


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["program_hour", "program_day", "ceiling_hour", "bolus_strokes", "once_strokes"]),
    st.integers(0, 60),
    st.lists(st.integers(1, 30 * HOUR), max_size=12),
)
def test_a_trip_comes_at_the_same_stroke_however_time_is_cut(limit, most, cuts):
    """Verify: the same strokes at the same ticks, the same reason, and the same alarms at the end."""
    pumps = []
    for pieces in ([], sorted(cuts)):
        both = running(program((0, 480_000), once=once_bolus(BolusKind.PRIMING, 40, HOUR)))
        mistrusting(both, **{limit: most})
        for tick in (*pieces, 30 * HOUR):
            both.event(TimePassed(), tick)
        pumps.append(both)
    whole, cut = pumps
    assert whole.strokes == cut.strokes
    assert whole.pump.guard.trip == cut.pump.guard.trip
    assert whole.pump.state.alarms == cut.pump.state.alarms
    assert whole.pump.state.log == cut.pump.state.log


def lived(story: Story, cuts: list[int]) -> Both:
    """A story told to both layers, looked at in between at these ticks."""
    both = Both()
    both.refill(story.volume_nl)
    for number, (wait_ms, act, wanted) in enumerate((*story.acts, (2 * DAY, "look", program()))):
        until = both.now + wait_ms
        for cut in sorted(c for c in cuts if both.now < c < until):
            both.event(TimePassed(), cut)
        both.event(TimePassed(), until)
        done(both, act, wanted, number)
    return both


def done(both: Both, act: str, wanted: Program, number: int) -> None:
    match act:
        case "press":
            both.press()
        case "outage":
            outage_ms = (1, MINUTE, 11 * MINUTE, 5 * HOUR, 3 * DAY)[number % 5]
            both.event(PowerRestored(outage_ms), both.now + outage_ms)
        case "stop":
            both.send(StopInfusion())
        case "refill":
            both.send(RecordRefill(300_000, MORPHINE))
        case "cancel":
            both.send(CancelBolus())
        case "fault":
            both.event(MemoryFaultFound())
        case "clock":
            both.send(SetClock(both.pump.state.utc_ms + (number - 4) * 3 * HOUR, 60))
        case "commit":
            delay_ms = (None, HOUR, 2 * DAY)[number % 3]
            begins = None if delay_ms is None else both.pump.state.utc_ms + delay_ms
            staged = both.stage(replace(wanted, begins_utc_ms=begins))
            if isinstance(staged, Staged):
                both.send(Commit(staged.staged_hash, staged.soft_limits))


@settings(max_examples=25, deadline=None)
@given(stories(), st.lists(st.integers(0, 12 * DAY), max_size=30))
def test_both_layers_give_the_same_in_any_story_however_time_is_cut(story, cuts):
    """Verify, for any programs, delayed starts and disturbances: no trip, the same strokes, state and sealed limits."""
    whole, cut = lived(story, []), lived(story, cuts)
    assert whole.pump.guard.trip in {None, TripReason.NOT_SEALED}
    assert whole.strokes == cut.strokes
    assert whole.pump.state == cut.pump.state
    assert whole.pump.guard._replace(bucket=0) == cut.pump.guard._replace(bucket=0)


def test_a_seal_refused_keeps_what_was_sealed_before():
    both = running(program((0, 240_000)))
    guard = both.pump.guard
    impossible = Declared(STROKE, 24_000_000, 100, 240_000, 0, 0, 0, 0, 0)
    assert not isinstance(seal(guard, impossible, both.now), Guard)
    assert both.pump.guard is guard
