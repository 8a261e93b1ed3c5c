"""Power lost at any byte of memory, also while the pump recovers, and bits that flip: nothing twice, nothing lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.device.benches import DAY_MS, HOUR_MS, infusing
from thecal.bench.device import NoPower
from thecal.device import Alarm, LogKind, Mode, Role
from thecal.telemetry import Applied, NotApplied, Unknown

STROKE_NL = 500


def off_by_nl(bench):
    return bench.believes.delivered_nl - bench.left_tip_nl


def restored(bench):
    while not bench.faults.restore_power():
        bench.advance(1_000)
    return bench


def test_an_outage_is_time_without_strokes_and_nothing_is_made_up_for():
    bench, _ = infusing()
    bench.advance(HOUR_MS)
    bench.faults.cut_power()
    bench.advance(2 * HOUR_MS)
    assert bench.left_tip_nl == 20 * STROKE_NL
    restored(bench)
    bench.advance(HOUR_MS)
    assert bench.left_tip_nl == 40 * STROKE_NL
    assert off_by_nl(bench) == 0
    assert bench.believes.log[-1].kind is LogKind.POWER_RESTORED


def test_power_lost_in_a_stroke_costs_that_stroke_and_no_more():
    bench, _ = infusing()
    bench.advance(HOUR_MS)
    bench.faults.cut_power_in_next_stroke()
    bench.advance(HOUR_MS)
    restored(bench)
    assert off_by_nl(bench) == STROKE_NL
    bench.advance(10 * HOUR_MS)
    assert off_by_nl(bench) == STROKE_NL


def test_restoring_what_is_on_and_cutting_what_is_off_is_refused():
    bench, _ = infusing()
    with pytest.raises(NoPower, match="is on"):
        bench.faults.restore_power()
    bench.faults.cut_power()
    with pytest.raises(NoPower, match="no power to cut"):
        bench.faults.cut_power()


@pytest.mark.parametrize("first", range(1, 200, 7))
def test_a_cut_at_any_byte_of_an_hour_of_strokes_loses_at_most_one_of_them(first):
    bench, _ = infusing()
    bench.faults.cut_power_at_byte(first)
    bench.advance(HOUR_MS)
    assert not bench.pump.is_powered
    made_nl = bench.left_tip_nl
    restored(bench)
    assert 0 <= off_by_nl(bench) <= STROKE_NL
    assert bench.left_tip_nl == made_nl


def recovery_bytes():
    bench, _ = infusing()
    bench.advance(HOUR_MS)
    bench.faults.cut_power()
    before = bench.faults.bytes_moved
    restored(bench)
    return bench.faults.bytes_moved - before


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_recovery_cut_short_at_any_bytes_comes_to_the_same_pump(data):
    bench, _ = infusing()
    bench.advance(HOUR_MS)
    bench.faults.cut_power()
    before = bench.believes.state
    for cut in data.draw(st.lists(st.integers(1, RECOVERY_BYTES), max_size=4)):
        bench.faults.cut_power_at_byte(cut)
        bench.faults.restore_power()
        if bench.pump.is_powered:
            bench.faults.cut_power()
    bench.faults.cut_power_at_byte(None)
    restored(bench)
    after = bench.believes.state
    assert after.program == before.program
    assert after.strokes_total == before.strokes_total
    assert off_by_nl(bench) == 0
    bench.advance(HOUR_MS)
    assert bench.left_tip_nl == 40 * STROKE_NL


RECOVERY_BYTES = recovery_bytes()


@given(st.integers(1, 400), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_a_bolus_asked_for_while_power_fails_is_given_once_or_never_and_settling_says_which(cut, retries):
    bench, _ = infusing()
    bench.advance(2 * HOUR_MS)
    patient = bench.attach(Role.PATIENT)
    bench.faults.cut_power_at_byte(cut)
    outcome = patient.request_bolus()
    if bench.pump.is_powered:
        bench.faults.cut_power_at_byte(None)
    else:
        assert isinstance(outcome, Unknown | NotApplied)
        for _ in range(retries):
            bench.faults.cut_power_at_byte(cut)
            bench.faults.restore_power()
            if bench.pump.is_powered:
                bench.faults.cut_power()
        bench.faults.cut_power_at_byte(None)
        restored(bench)
    if patient.pending is not None:
        outcome = patient.settle()
    assert isinstance(outcome, Applied | NotApplied)
    given = [entry for entry in bench.believes.log if entry.kind is LogKind.BOLUS_GRANTED]
    assert len(given) == isinstance(outcome, Applied)
    bench.advance(4 * HOUR_MS)
    assert 0 <= off_by_nl(bench) <= STROKE_NL


@pytest.mark.parametrize("bank", [0, 1])
def test_a_flipped_bit_in_one_bank_is_made_up_for_by_the_other(bank):
    bench, _ = infusing()
    bench.advance(HOUR_MS)
    bench.faults.cut_power()
    restored(bench)  # now both banks hold the pump
    bench.advance(HOUR_MS)
    bench.faults.flip_bit(bank, 400)
    bench.faults.cut_power()
    restored(bench)
    assert bench.believes.alarms == (Alarm.MEMORY_CORRECTED,)
    bench.advance(HOUR_MS)
    assert bench.left_tip_nl == 60 * STROKE_NL
    assert off_by_nl(bench) == 0


def test_with_both_copies_bad_the_pump_stops_and_calls():
    bench, _ = infusing()
    bench.advance(HOUR_MS)
    bench.faults.cut_power()
    restored(bench)
    for bank in (0, 1):
        bench.faults.flip_bit(bank, 400)
    bench.faults.cut_power()
    restored(bench)
    assert Alarm.MEMORY_FAULT in bench.believes.alarms
    given_nl = bench.left_tip_nl
    bench.advance(DAY_MS)
    assert bench.left_tip_nl == given_nl
    assert len(bench.pump.memory.kept) == 1


@pytest.mark.parametrize("bank", [0, 1])
def test_a_new_pump_has_two_copies_and_a_flipped_bit_in_either_is_made_good(bank):
    bench, _ = infusing()
    bench.faults.flip_bit(bank, 400)
    bench.faults.cut_power()
    restored(bench)
    assert bench.believes.alarms == (Alarm.MEMORY_CORRECTED,)
    assert bench.believes.program.mode is Mode.SIMPLE_CONTINUOUS
    assert off_by_nl(bench) == 0


def test_a_bit_may_flip_while_the_pump_runs_and_is_not_noticed_before_the_memory_is_read():
    bench, _ = infusing()
    bench.faults.flip_bit(0, 400)
    bench.advance(DAY_MS)
    assert bench.believes.alarms == ()
    assert off_by_nl(bench) == 0
