"""A pump without electronics on the bench: it flows, the needle decides, the calendar is all that a person knows."""

import pytest

from tests.bench.device.benches import DAY_MS, MORPHINE, infusing
from thecal.bench.device import DeviceBench, Needle, NoPower, NoWay, Setup
from thecal.column import SALINE
from thecal.device import Role
from thecal.hydraulics import Conditions

FILL_NL = 15_000_000


def flowing(model="codman-3000-16-05"):
    bench = DeviceBench(Setup(model))
    bench.inject(FILL_NL, MORPHINE)
    bench.constant.note_refill(FILL_NL)
    return bench


def test_it_gives_its_label_flow_until_it_is_empty_and_no_alarm_says_so():
    bench = flowing()
    bench.advance(10 * DAY_MS)
    assert bench.left_tip_nl == 10 * 500_000
    assert bench.reservoir_nl == FILL_NL - 5_000_000
    bench.advance(100 * DAY_MS)
    assert bench.left_tip_nl == FILL_NL
    assert bench.reservoir_nl == 0
    assert bench.fluid.path.is_balanced


def test_what_needs_electronics_is_refused_with_the_reason():
    bench = flowing()
    for act in (
        lambda: bench.attach(Role.PHYSICIAN),
        lambda: bench.believes,
        lambda: bench.faults,
        lambda: bench.pump,
    ):
        with pytest.raises(NoPower, match="no electronics: there is nothing to talk to"):
            act()


def test_nothing_happens_to_it_by_itself():
    bench = flowing()
    assert bench.next_event_ms is None
    assert not bench.step()


def test_time_in_any_parts_gives_the_same_flow():
    whole, divided = flowing(), flowing()
    whole.advance(3 * DAY_MS + 7)
    for part in (1, DAY_MS, 5, 2 * DAY_MS, 1):
        divided.advance(part)
    assert divided.fluid.path == whole.fluid.path


def test_the_calendar_says_when_only_the_residual_is_left_if_the_label_is_right():
    bench = flowing()
    due_ms = bench.constant.refill_due_ms
    assert due_ms == 27 * DAY_MS  # 15 mL less 1.5 mL residual, at 0.5 mL a day
    bench.advance_to(due_ms)
    assert bench.reservoir_nl == bench.setup.pump.residual.count


def test_a_fever_empties_it_before_the_calendar_says_so():
    bench = flowing()
    bench.constant.surround(Conditions(40.0, bench.setup.pump.baseline_back_pressure_kpa))
    bench.advance_to(bench.constant.refill_due_ms)
    assert bench.constant.flow_nl_per_day > 500_000
    assert bench.reservoir_nl < bench.setup.pump.residual.count
    assert bench.left_tip_nl == FILL_NL - bench.reservoir_nl


def test_the_refill_needle_reaches_the_reservoir_and_leaves_the_residual():
    bench = flowing()
    assert bench.withdraw(FILL_NL) == FILL_NL - 1_500_000
    found = bench.inject(5_000_000, SALINE)
    assert (found.into_reservoir_nl, found.left_tip_nl) == (5_000_000, 0)
    assert bench.left_tip_nl == 0


def test_the_wrong_needle_gives_the_whole_refill_to_the_patient_and_the_calendar_knows_nothing():
    bench = flowing()
    bench.advance(20 * DAY_MS)
    before_nl, given = bench.left_tip_nl, bench.fluid.path.books.released.ng("morphine")
    found = bench.inject(10_000_000, MORPHINE, Needle.ACCESS)
    bench.constant.note_refill(bench.reservoir_nl + 10_000_000)
    assert (found.into_reservoir_nl, found.left_tip_nl) == (0, 10_000_000)
    assert bench.left_tip_nl == before_nl + 10_000_000
    assert bench.fluid.path.books.released.ng("morphine") - given == 10_000_000  # 10 mL of 1 mg/mL, the line full of it
    assert bench.fluid.path.is_balanced
    bench.advance_to(bench.constant.refill_due_ms)
    assert bench.reservoir_nl == 0


def test_a_bolus_by_the_access_needle_first_pushes_out_what_the_catheter_holds():
    bench = flowing()
    line_nl = bench.fluid.path.line.volume_nl
    bench.inject(1_000, MORPHINE, Needle.ACCESS)
    assert bench.fluid.releases == []
    assert bench.fluid.path.line.volume_nl == line_nl
    bench.inject(line_nl, MORPHINE, Needle.ACCESS)
    assert bench.fluid.releases[-1].masses.ng("morphine") > 0


def test_drawing_through_the_access_needle_brings_what_the_catheter_holds_and_nothing_of_the_reservoir():
    bench = flowing()
    assert bench.withdraw(100_000, Needle.ACCESS) == 100_000
    assert bench.reservoir_nl == FILL_NL
    assert bench.left_tip_nl == 0
    assert bench.fluid.path.is_balanced


def test_a_pump_without_a_port_to_the_catheter_refuses_that_needle():
    bench = flowing("elastic-20-05")
    for act in (lambda: bench.inject(1, MORPHINE, Needle.ACCESS), lambda: bench.withdraw(1, Needle.ACCESS)):
        with pytest.raises(NoWay, match="elastic-20-05 has no way into the catheter"):
            act()


def test_a_programmable_pump_has_both_ways_in_too_and_no_flow_for_life():
    bench, _ = infusing()
    found = bench.inject(1_000_000, SALINE, Needle.ACCESS)
    assert found.left_tip_nl == bench.left_tip_nl == 1_000_000
    assert bench.believes.delivered_nl == 0
    with pytest.raises(ValueError, match="no flow for life"):
        _ = bench.constant
