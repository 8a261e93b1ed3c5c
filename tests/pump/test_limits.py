"""Limits on patient boluses: windows, lockouts, rates; counted on the tick, whatever else happens."""

from __future__ import annotations

from bisect import bisect_right

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import BOLUS, DAY, HOUR, MINUTE, SECOND, STROKE, Driven, program, treated
from thecal.device import Done, LogKind, PatientBolus, Reason, Refused, Role, Staged
from thecal.device.commands import ReadStatus
from thecal.pump import MemoryFaultFound, PowerRestored, StrokeKind

ACTS = ("press", "press", "press", "outage", "refill", "restart", "other program")


@st.composite
def prescriptions(draw) -> PatientBolus:
    duration_ms = draw(st.integers(5 * MINUTE, 2 * HOUR))  # faster would pass the highest rate
    lockout_ms = draw(st.integers(max(15 * MINUTE, duration_ms + 1), DAY))
    return PatientBolus(draw(st.integers(500, 60_000)), duration_ms, lockout_ms, draw(st.integers(1, 24)))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(prescriptions(), min_size=2, max_size=2),
    st.tuples(st.integers(48_000, 300_000), st.integers(48_000, 300_000), st.integers(1, 1_439)),
    st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 9 * HOUR)), min_size=5, max_size=60),
)
def test_no_rolling_day_ever_holds_more_than_the_limit(prescriptions, basal, story):
    """Verify, for any patient who presses and any visits and outages, with two programs in turn:
    - every half-open window of 24 h holds at most the volume limit and at most the allotted starts
    - starts are a lockout apart, and a lockout after each visit
    """
    low, high, at = basal
    limit_nl = 500_000
    rates = ((0, low), (at, high))
    programs = [program(*rates, bolus=bolus, limit_nl=limit_nl) for bolus in prescriptions]
    pump = treated(programs[0])
    starts, visits = [], [0]
    for act, wait_ms in story:
        if act == "press" and isinstance(pump.press(), Done):
            prescribed = pump.state.program.patient_bolus
            starts.append((pump.state.tick_ms, prescribed))
            assert pump.state.tick_ms >= visits[-1] + prescribed.lockout_ms
        elif act == "outage":
            pump.event(PowerRestored(wait_ms // 20), pump.state.tick_ms + wait_ms // 20)
        elif act == "refill" and isinstance(pump.refill(), Done):
            visits.append(pump.state.tick_ms)
        elif act in ("restart", "other program"):
            current = pump.state.program
            pump.stop()
            again = programs[1] if act == "other program" and current == programs[0] else programs[0]
            pump.commit(again)
            visits.append(pump.state.tick_ms)
        pump.wait(wait_ms)
    ticks = [stroke.tick_ms for stroke in pump.strokes]
    for index, tick in enumerate(ticks):
        assert (index + 1 - bisect_right(ticks, tick - DAY)) * STROKE <= limit_nl
    for index, (tick, prescribed) in enumerate(starts):
        assert sum(tick - DAY < other <= tick for other, _ in starts) <= prescribed.maximum_per_24h
        assert index == 0 or tick >= starts[index - 1][0] + prescribed.lockout_ms


@settings(max_examples=30, deadline=None)
@given(prescriptions(), st.integers(48_000, 300_000), st.integers(0, HOUR))
def test_the_effective_number_is_the_greatest_that_happens(prescribed, rate, late_ms):
    """Verify, for a patient who presses as soon as the pump allows (or somewhat later):
    - no 24 h holds more boluses or volume than the decode of the program said
    - pressing at once really reaches that number
    """
    wanted = program((0, rate), bolus=prescribed, limit_nl=500_000)
    pump = Driven.new()
    pump.refill()
    decode = pump.stage(wanted)
    assert isinstance(decode, Staged)
    pump.commit(wanted)
    granted = []
    while pump.state.tick_ms < 3 * DAY:
        status = pump.send(ReadStatus(), Role.PATIENT)
        pump.wait(status.bolus.next_possible_in_ms)
        granted.append(pump.state.tick_ms)
        assert isinstance(pump.press(), Done)
        pump.wait(late_ms)
    most = max(sum(tick - DAY < other <= tick for other in granted) for tick in granted)
    assert most <= decode.effective_boluses_per_24h
    if late_ms == 0:
        assert most == decode.effective_boluses_per_24h
    ticks = [stroke.tick_ms for stroke in pump.strokes]
    most_strokes = max(index + 1 - bisect_right(ticks, tick - DAY) for index, tick in enumerate(ticks))
    assert most_strokes * STROKE <= decode.greatest_24h_volume_nl


@pytest.mark.parametrize("nth", range(4))
def test_a_bolus_is_exactly_its_whole_strokes(nth):
    """Verify that 10 300 nL are 20 strokes of 500 nL, evenly over ten minutes, on top of an undisturbed basal."""
    pump = treated(program((0, 240_000), bolus=PatientBolus(10_300, 10 * MINUTE, 4 * HOUR, 4)))
    pump.wait(4 * HOUR * (nth + 1))
    start = pump.state.tick_ms
    before = len(pump.strokes)
    assert pump.press() == Done(start)
    assert pump.state.strokes_total == before
    pump.wait(4 * HOUR - 1)
    own = [s.tick_ms - start for s in pump.strokes[before:] if s.kind is StrokeKind.BOLUS]
    assert own == [30 * SECOND * k for k in range(1, 21)]
    assert sum(s.kind is StrokeKind.BASAL for s in pump.strokes[before:]) == 79  # one each 3 min; the 80th at 4 h


def test_the_lockout_runs_from_the_accepted_start_and_counts_down():
    pump = treated(program((0, 240_000), bolus=BOLUS))
    assert pump.press() == Refused(Reason.LOCKOUT_AFTER_VISIT, 4 * HOUR)
    pump.wait(4 * HOUR - 1)
    assert pump.press() == Refused(Reason.LOCKOUT_AFTER_VISIT, 1)
    pump.wait(1)
    assert isinstance(pump.press(), Done)
    assert pump.press() == Refused(Reason.BOLUS_RUNNING, 4 * HOUR)
    pump.wait(HOUR)
    assert pump.press() == Refused(Reason.LOCKOUT, 3 * HOUR)
    pump.wait(3 * HOUR)
    assert isinstance(pump.press(), Done)


def test_a_refill_restarts_the_lockout_and_says_so():
    pump = treated(program((0, 240_000), bolus=BOLUS))
    pump.wait(5 * HOUR)
    assert isinstance(pump.refill(), Done)
    assert pump.press() == Refused(Reason.LOCKOUT_AFTER_VISIT, 4 * HOUR)


def test_refusals_neither_count_nor_restart_a_lockout():
    pump = treated(program((0, 240_000), bolus=BOLUS))
    for _ in range(47):
        pump.wait(5 * MINUTE)
        assert isinstance(pump.press(), Refused)
    pump.wait(5 * MINUTE)
    assert isinstance(pump.press(), Done)


def test_the_maximum_is_per_rolling_day():
    pump = treated(program((0, 240_000), bolus=PatientBolus(10_000, 10 * MINUTE, HOUR, 2)))
    pump.wait(HOUR)
    assert pump.send(ReadStatus()).bolus.remaining == 2
    assert isinstance(pump.press(), Done)
    pump.wait(2 * HOUR)
    assert isinstance(pump.press(), Done)
    assert pump.send(ReadStatus()).bolus.remaining == 0
    pump.wait(HOUR)
    assert pump.press() == Refused(Reason.MAXIMUM_REACHED, 21 * HOUR)
    pump.wait(21 * HOUR)
    assert pump.send(ReadStatus()).bolus.remaining == 1
    assert isinstance(pump.press(), Done)


def test_a_smaller_maximum_counts_what_was_granted_under_the_larger():
    pump = treated(program((0, 240_000), bolus=PatientBolus(10_000, 10 * MINUTE, HOUR, 3)))
    for _ in range(3):
        pump.wait(HOUR)
        assert isinstance(pump.press(), Done)
    pump.wait(HOUR)
    pump.commit(program((0, 240_000), bolus=PatientBolus(10_000, 10 * MINUTE, HOUR, 1)))
    assert pump.send(ReadStatus()).bolus.remaining == 0
    pump.wait(HOUR)
    assert pump.press() == Refused(Reason.MAXIMUM_REACHED, 22 * HOUR)  # the third was at 3 h, now it is 5 h


def test_a_bolus_delayed_beyond_its_lockout_still_excludes_the_next():
    pump = treated(program((0, 240_000), bolus=PatientBolus(10_000, 10 * MINUTE, 15 * MINUTE, 24)))
    pump.wait(HOUR)
    pump.press()
    pump.wait(MINUTE)
    pump.event(PowerRestored(10 * MINUTE), pump.state.tick_ms + 10 * MINUTE)
    pump.wait(5 * MINUTE)
    assert pump.press() == Refused(Reason.BOLUS_RUNNING, 4 * MINUTE)
    pump.wait(4 * MINUTE)
    assert isinstance(pump.press(), Done)


def test_the_volume_limit_reserves_a_full_day_of_the_highest_basal():
    """Verify that room for one bolus above the highest rate gives one a day, though the day's basal is far below."""
    wanted = program((0, 48_000), (60, 480_000), (120, 48_000), bolus=BOLUS, limit_nl=480_000 + 10_000)
    pump = treated(wanted)
    pump.wait(4 * HOUR)
    assert isinstance(pump.press(), Done)
    pump.wait(4 * HOUR)
    assert pump.press() == Refused(Reason.VOLUME_LIMIT_REACHED, 20 * HOUR)
    pump.wait(20 * HOUR)
    assert isinstance(pump.press(), Done)


@pytest.mark.parametrize("by_way_of", [Driven.stop, Driven.report])
def test_an_earlier_higher_basal_stays_reserved_for_a_day(by_way_of):
    """Verify that lowering the basal does not free its volume for boluses before its strokes leave the window."""
    pump = treated(program((0, 480_000), limit_nl=480_000))
    pump.wait(DAY)
    by_way_of(pump)
    pump.commit(program((0, 48_000), bolus=BOLUS, limit_nl=480_000))
    pump.wait(4 * HOUR)
    assert pump.press() == Refused(Reason.VOLUME_LIMIT_REACHED, 20 * HOUR)
    pump.wait(20 * HOUR)
    assert isinstance(pump.press(), Done)


def test_an_earlier_higher_basal_is_not_forgotten_with_a_grant():
    """Verify that the one bolus which fits beside the earlier basal does not make room for a second."""
    pump = treated(program((0, 480_000), limit_nl=480_000))
    pump.commit(program((0, 48_000), bolus=BOLUS, limit_nl=490_000))
    pump.wait(4 * HOUR)
    assert isinstance(pump.press(), Done)
    pump.wait(4 * HOUR)
    assert pump.press() == Refused(Reason.VOLUME_LIMIT_REACHED, 16 * HOUR)


def test_many_programs_in_a_day_are_remembered_without_ever_forgetting_the_highest():
    pump = treated(program((0, 480_000), limit_nl=480_000))
    for number in range(1, 15):
        pump.wait(MINUTE)
        pump.commit(program((0, 480_000 - number * 10_000), bolus=BOLUS, limit_nl=489_999))
        assert len(pump.state.earlier_basal) <= 8
    pump.wait(10 * HOUR)
    assert isinstance(refused := pump.press(), Refused)
    assert refused.reason is Reason.VOLUME_LIMIT_REACHED
    # held at most until the seventh program after it ended, never shorter than its own 24 h
    assert 14 * HOUR <= pump.state.tick_ms + refused.retry_after_ms - 10 * HOUR <= 14 * HOUR + 15 * MINUTE


@pytest.mark.parametrize("outage_ms", [0, MINUTE])
def test_a_bolus_counts_until_its_last_stroke_leaves_the_window_unless_its_equal_follows(outage_ms):
    """Verify a slow bolus, then a quick one of the same volume with room for two:
    - 24 h after its start half of the slow one is still in the window, and counts whole
    - so one quick one fits, and the next only when the slow one's last stroke is a day old
    """
    slow = PatientBolus(10_000, 2 * HOUR, 4 * HOUR, 24)
    quick = PatientBolus(10_000, 10 * MINUTE, 15 * MINUTE, 24)
    pump = treated(program((0, 240_000), bolus=slow, limit_nl=260_000))
    pump.wait(4 * HOUR)
    pump.press()
    pump.wait(HOUR)
    pump.event(PowerRestored(outage_ms), pump.state.tick_ms + outage_ms)
    pump.wait(3 * HOUR)
    pump.commit(program((0, 240_000), bolus=quick, limit_nl=260_000))
    pump.wait(28 * HOUR + MINUTE - pump.state.tick_ms)
    assert isinstance(pump.press(), Done)
    pump.wait(15 * MINUTE)
    last_leaves = (4 + 2 + 24) * HOUR + outage_ms
    assert pump.press() == Refused(Reason.VOLUME_LIMIT_REACHED, last_leaves - pump.state.tick_ms)


def test_a_bolus_that_was_delayed_counts_until_its_last_stroke_leaves_the_window():
    pump = treated(program((0, 240_000), bolus=BOLUS, limit_nl=250_000))
    pump.wait(4 * HOUR)
    pump.press()
    pump.wait(MINUTE)
    pump.event(PowerRestored(MINUTE), pump.state.tick_ms + MINUTE)
    pump.wait(28 * HOUR - pump.state.tick_ms)
    assert pump.press() == Refused(Reason.VOLUME_LIMIT_REACHED, 11 * MINUTE)


def test_stopping_cancels_the_bolus_and_nothing_more_is_given():
    pump = treated(program((0, 240_000), bolus=BOLUS))
    pump.wait(4 * HOUR)
    pump.press()
    pump.wait(5 * MINUTE)
    pump.stop()
    given = len(pump.strokes)
    assert pump.state.bolus_strokes_total == 10
    entry = next(each for each in pump.state.log if each.kind is LogKind.BOLUS_CANCELLED)
    assert (entry.kind.value, entry.volume_nl, entry.duration_ms) == ("bolus cancelled", 5_000, 5 * MINUTE)
    pump.wait(DAY)
    assert len(pump.strokes) == given
    assert isinstance(pump.press(), Refused)


@pytest.mark.parametrize("outage_ms", [1, MINUTE, 10 * MINUTE])
def test_a_bolus_goes_on_after_an_outage_from_the_stroke_it_reached(outage_ms):
    pump = treated(program((0, 240_000), bolus=BOLUS))
    pump.wait(4 * HOUR)
    start = pump.state.tick_ms
    pump.press()
    pump.wait(5 * MINUTE + 1)
    pump.event(PowerRestored(outage_ms), pump.state.tick_ms + outage_ms)
    status = pump.send(ReadStatus(), Role.PATIENT)
    assert (status.bolus.running_delivered_nl, status.bolus.running_ends_in_ms) == (5_000, 5 * MINUTE - 1)
    pump.wait(HOUR)
    own = [s.tick_ms - start for s in pump.strokes if s.kind is StrokeKind.BOLUS]
    assert own == [30 * SECOND * k + (outage_ms if k > 10 else 0) for k in range(1, 21)]
    assert pump.press() == Refused(Reason.LOCKOUT, 3 * HOUR - 5 * MINUTE - 1 - outage_ms)


@pytest.mark.parametrize("outages", [(10 * MINUTE + 1,), (6 * MINUTE, 5 * MINUTE)])
def test_what_is_left_of_a_bolus_is_cancelled_when_it_is_delayed_by_more_than_it_lasts(outages):
    pump = treated(program((0, 240_000), bolus=BOLUS))
    pump.wait(4 * HOUR)
    pump.press()
    pump.wait(5 * MINUTE)
    for outage_ms in outages:
        pump.event(PowerRestored(outage_ms), pump.state.tick_ms + outage_ms)
    pump.wait(HOUR)
    assert pump.state.bolus_strokes_total == 10
    cancelled = next(entry for entry in pump.state.log if entry.kind.value == "bolus cancelled")
    assert cancelled.volume_nl == 5_000


def test_after_a_memory_fault_boluses_wait_a_whole_day():
    """Verify that grants the pump cannot vouch for are never given a second time."""
    wanted = program((0, 240_000), bolus=BOLUS)
    pump = treated(wanted)
    pump.wait(DAY)
    pump.event(MemoryFaultFound())
    pump.wait(1)
    pump.commit(wanted)
    pump.wait(4 * HOUR - 1)
    assert pump.press() == Refused(Reason.MEMORY_FAULT, 20 * HOUR)
    pump.wait(20 * HOUR)
    assert isinstance(pump.press(), Done)


def test_no_bolus_without_a_prescription():
    pump = treated(program((0, 240_000)))
    assert pump.press() == Refused(Reason.NO_PATIENT_BOLUS)
    assert pump.send(ReadStatus(), Role.PATIENT).bolus is None
