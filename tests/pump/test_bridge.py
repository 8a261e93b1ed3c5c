"""A bridge bolus keeps its position through everything, and the next program says what becomes of the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import DAY, HOUR, MINUTE, STROKE, Driven, once_bolus, program, treated
from thecal.device import (
    BolusKind,
    BridgeLeft,
    CancelBolus,
    LogKind,
    Program,
    Reason,
    Refused,
    StopInfusion,
)
from thecal.pump import MemoryFaultFound, PowerRestored, StrokeKind

BRIDGE = once_bolus(BolusKind.BRIDGE, 100, 10 * HOUR)
PLAIN = program((0, 240_000))
BRIDGED = replace(PLAIN, once=BRIDGE)


def decided(left: BridgeLeft | None, strokes: int | None, rate: int = 240_000) -> Program:
    once = None if strokes is None else once_bolus(BolusKind.BRIDGE, strokes, HOUR)
    return program((0, rate), once=once, left=left)


def interrupted(after_ms: int = 3 * HOUR) -> Driven:
    """A pump stopped in the third hour of a bridge of ten: 30 of 100 strokes made."""
    pump = treated(BRIDGED)
    pump.wait(after_ms)
    pump.stop()
    return pump


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4 * HOUR), st.integers(1, 400 * DAY)), max_size=6))
def test_outages_of_any_length_lose_and_repeat_no_stroke_of_it(outages):
    """Verify, for any outages however long: every stroke of the bridge is made once, each later by what went before."""
    pump = treated(BRIDGED)
    lost = []
    for wait_ms, outage_ms in outages:
        pump.wait(wait_ms)
        lost.append((pump.state.tick_ms, outage_ms))
        pump.event(PowerRestored(outage_ms), pump.state.tick_ms + outage_ms)
    pump.wait(10 * HOUR)
    expected = []
    for k in range(1, 101):
        tick = k * 6 * MINUTE
        for at_tick, outage_ms in lost:
            tick += outage_ms if tick > at_tick else 0
        expected.append(tick)
    assert [s.tick_ms for s in pump.strokes if s.kind is StrokeKind.ONCE] == expected
    assert pump.state.once is None
    assert pump.logged().count(LogKind.BOLUS_COMPLETED) == 1


ENDS = {
    "stop": lambda pump: pump.send(StopInfusion()),
    "memory fault": lambda pump: pump.event(MemoryFaultFound()),
}


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(ENDS)), st.integers(0, 10 * HOUR - 1), st.integers(1, 3 * DAY))
def test_interrupted_at_any_moment_and_continued_it_gives_the_whole_volume_once(end, at_ms, pause_ms):
    """Verify, at any moment of interruption: what is left is told in whole strokes, and continued makes 100 in all."""
    pump = treated(BRIDGED)
    pump.wait(at_ms)
    ENDS[end](pump)
    made = at_ms // (6 * MINUTE)
    status = pump.report().status
    assert (status.bridge_left_nl, status.once) == ((100 - made) * STROKE, None)
    pump.wait(pause_ms)
    assert pump.state.once_strokes_total == made
    pump.commit(decided(BridgeLeft.CONTINUE, 100 - made))
    assert pump.state.bridge_left is None
    pump.wait(HOUR)
    assert (pump.state.once_strokes_total, pump.state.once) == (100, None)


DECISIONS = {
    # what the program says, and how many strokes of bridge it holds: the refusal, or how many once strokes come in all
    (None, None): Reason.BRIDGE_UNDECIDED,
    (None, 70): Reason.BRIDGE_UNDECIDED,
    (BridgeLeft.CONTINUE, 70): 100,
    (BridgeLeft.CONTINUE, 69): Reason.BRIDGE_VOLUME_DIFFERS,
    (BridgeLeft.CONTINUE, 71): Reason.BRIDGE_VOLUME_DIFFERS,
    (BridgeLeft.RESTART, 100): 130,
    (BridgeLeft.RESTART, 70): 100,
    (BridgeLeft.CANCEL, None): 30,
}


@pytest.mark.parametrize("way", ["interrupted", "running"])
@pytest.mark.parametrize("decision", DECISIONS)
def test_every_next_program_decides_about_an_unfinished_bridge(decision, way):
    pump = interrupted()
    if way == "running":
        pump = treated(BRIDGED)
        pump.wait(3 * HOUR)
    expected = DECISIONS[decision]
    wanted = decided(*decision, rate=480_000)
    if isinstance(expected, Reason):
        answer = pump.stage(wanted)
        assert isinstance(answer, Refused)
        assert answer.reason is expected
        return
    pump.commit(wanted)
    pump.wait(DAY)
    assert (pump.state.once_strokes_total, pump.state.bridge_left, pump.state.once) == (expected, None, None)
    given_up = decision[0] is not BridgeLeft.CONTINUE
    assert (LogKind.BOLUS_CANCELLED in pump.logged()) == given_up
    assert pump.logged().count(LogKind.BRIDGE_INTERRUPTED) == 1
    assert pump.stage(decided(None, None)) != Refused(Reason.BRIDGE_UNDECIDED)


@pytest.mark.parametrize("left", BridgeLeft)
def test_a_decision_about_no_bridge_is_refused(left):
    pump = treated(PLAIN)
    strokes = None if left is BridgeLeft.CANCEL else 70
    answer = pump.stage(decided(left, strokes))
    assert isinstance(answer, Refused)
    assert answer.reason is Reason.NO_BRIDGE


def test_a_running_bridge_is_not_cancelled_in_passing():
    pump = treated(BRIDGED)
    pump.wait(HOUR)
    answer = pump.send(CancelBolus())
    assert isinstance(answer, Refused)
    assert answer.reason is Reason.BRIDGE_UNDECIDED
    assert pump.state.once is not None


def test_it_is_interrupted_before_its_first_stroke_when_the_pump_cannot_begin():
    pump = treated(program((0, 240_000), low_nl=0), volume_nl=1_000)
    pump.wait(HOUR)
    pump.commit(replace(BRIDGED, low_reservoir_nl=0))
    assert (pump.state.once, pump.state.bridge_left) == (None, 100)
    pump.refill()
    pump.wait(HOUR)
    assert pump.state.once_strokes_total == 0


def test_the_log_tells_how_far_it_came():
    entry = interrupted().state.log[-2]
    assert (entry.kind, entry.volume_nl, entry.duration_ms) == (LogKind.BRIDGE_INTERRUPTED, 30 * STROKE, 3 * HOUR)
    assert entry.bolus is BolusKind.BRIDGE
