"""Stories of a pump with every kind of program: the same acts, with any looks at the pump in between."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from tests.pump.driven import DAY, HOUR, MINUTE, STROKE, Driven, once_bolus, program, treated, weekly
from thecal.device import (
    ONCE_KINDS,
    BolusKind,
    BridgeLeft,
    CancelBolus,
    Done,
    PatientBolus,
    PeriodicBolus,
    Program,
    SetClock,
    Staged,
    StopInfusion,
)
from thecal.pump import MemoryFaultFound, PowerRestored, TimePassed

ACTS = ("press", "outage", "stop", "refill", "commit", "cancel", "fault", "clock", "look")
_RATES = st.sampled_from([0, 48_000, 101_101, 240_000, 777_777])
_LIMIT_NL = 28_000_000


@dataclass(frozen=True)
class Story:
    """Acts, each after a wait (ms), on a pump that was filled with this volume."""

    volume_nl: int
    acts: tuple[tuple[int, str, Program], ...]


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Any mode, with or without a bolus given once and a delayed start (hours from now, told later)."""
    kind = draw(st.sampled_from(["simple", "flex", "weekly", "periodic"]))
    once = draw(st.none() | st.builds(once_bolus, st.sampled_from(sorted(ONCE_KINDS, key=str)), st.integers(1, 90)))
    bolus = draw(st.none() | st.just(PatientBolus(10_000, 10 * MINUTE, HOUR, 24)))
    if kind == "periodic":
        interval_ms = draw(st.sampled_from([15 * MINUTE, HOUR, 7 * HOUR, 30 * HOUR]))
        periodic = PeriodicBolus(draw(st.integers(500, 9_000)), 12 * MINUTE, interval_ms)
        return program((0, draw(_RATES)), periodic=periodic, once=once, limit_nl=_LIMIT_NL, low_nl=50_000)
    if kind == "simple":
        return program((0, draw(_RATES)), bolus=bolus, once=once, limit_nl=_LIMIT_NL, low_nl=50_000)
    starts = sorted({0, *draw(st.lists(st.integers(1, 1_439), min_size=1, max_size=4))})
    rates = tuple((start, draw(_RATES)) for start in starts)
    if kind == "weekly":
        wanted = weekly((0b001_1111, rates), (0b110_0000, ((0, draw(_RATES)),)))
        return replace(wanted, patient_bolus=bolus, once=once)
    return program(*rates, bolus=bolus, once=once, limit_nl=_LIMIT_NL, low_nl=50_000)


@st.composite
def stories(draw: st.DrawFn, acts: tuple[str, ...] = ACTS) -> Story:
    """Up to ten acts, hours or days apart."""
    waits = st.one_of(st.integers(0, 3 * HOUR), st.integers(0, 3 * DAY), st.sampled_from([0, 1, MINUTE, 15 * MINUTE]))
    lived = st.tuples(waits, st.sampled_from(acts), programs())
    volume_nl = draw(st.sampled_from([60_000, 300_000, 20_000_000]))
    return Story(volume_nl, ((0, "commit", draw(programs())), *draw(st.lists(lived, min_size=1, max_size=9))))


def lived(story: Story, cuts: list[int]) -> Driven:
    """The pump at the end of the story, looked at in between at these ticks."""
    pump = treated(program(), story.volume_nl)
    for number, (wait_ms, act, wanted) in enumerate((*story.acts, (2 * DAY, "look", program()))):
        until = pump.state.tick_ms + wait_ms
        for cut in sorted(c for c in cuts if pump.state.tick_ms < c < until):
            pump.event(TimePassed(), cut)
        pump.event(TimePassed(), until)
        _done(pump, act, wanted, number)
    return pump


def _done(pump: Driven, act: str, wanted: Program, number: int) -> None:
    match act:
        case "press":
            pump.press()
        case "outage":
            outage_ms = (1, MINUTE, 11 * MINUTE, 5 * HOUR, 3 * DAY)[number % 5]
            pump.event(PowerRestored(outage_ms), pump.state.tick_ms + outage_ms)
        case "stop":
            pump.send(StopInfusion())
        case "refill":
            pump.refill(300_000)
        case "cancel":
            pump.send(CancelBolus())
        case "fault":
            pump.event(MemoryFaultFound())
        case "clock":
            pump.send(SetClock(pump.state.utc_ms + (number - 4) * 3 * HOUR, 60))
        case "commit":
            delay_ms = (None, HOUR, 2 * DAY)[number % 3]
            begins = None if delay_ms is None else pump.state.utc_ms + delay_ms
            taken(pump, fitted(pump, replace(wanted, begins_utc_ms=begins), number))


def fitted(pump: Driven, wanted: Program, number: int = 2) -> Program:
    """The program with a decision about a bridge that is unfinished: continued, restarted, cancelled in turn."""
    left = bridge_left(pump)
    if left is None:
        return wanted
    decision = (BridgeLeft.CONTINUE, BridgeLeft.RESTART, BridgeLeft.CANCEL)[number % 3]
    if decision is BridgeLeft.CANCEL:
        gives_bridge = wanted.once is not None and wanted.once.kind is BolusKind.BRIDGE
        return replace(wanted, once=None if gives_bridge else wanted.once, bridge_left=decision)
    strokes = left if decision is BridgeLeft.CONTINUE else 30
    return replace(wanted, once=once_bolus(BolusKind.BRIDGE, strokes), bridge_left=decision)


def bridge_left(pump: Driven) -> int | None:
    """Strokes that an unfinished bridge still owes, running or interrupted, counted from the strokes made."""
    once = pump.state.once
    if once is None or once.kind is not BolusKind.BRIDGE:
        return pump.state.bridge_left
    status = pump.report().status.once
    assert status is not None
    return (status.volume_nl - status.delivered_nl) // STROKE


def taken(pump: Driven, wanted: Program) -> bool:
    """Stage and commit it; False when the pump refuses, as it does while a bolus runs."""
    answer = pump.stage(wanted)
    if not isinstance(answer, Staged):
        return False
    return isinstance(pump.commit_staged(answer), Done)
