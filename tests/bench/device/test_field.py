"""A magnetic field does to each mechanism what is published of it; what left the tip is the truth of it."""

import pytest

from tests.bench.device.benches import DAY_MS, FILL_NL, HOUR_MS, infusing
from thecal.device import Alarm, LogKind
from thecal.telemetry import NoAnswer

STROKE_NL = 500
VALVE_STROKE_NL = 2_500
ESCAPES_NL = 10_000


def off_by_nl(bench):
    return bench.believes.delivered_nl - bench.left_tip_nl


@pytest.mark.parametrize("restart_h", [2, 24])
def test_a_rotor_is_held_and_turns_again_hours_after_the_field_has_gone(restart_h):
    bench, _ = infusing()
    bench.advance(HOUR_MS)
    assert bench.faults.enter_field() == 0
    bench.advance(HOUR_MS)
    assert bench.left_tip_nl == 20 * STROKE_NL
    assert bench.believes.alarms == (Alarm.MOTOR_STALL,)
    bench.faults.leave_field(restart_h * HOUR_MS)
    bench.advance(restart_h * HOUR_MS - 1)
    assert bench.left_tip_nl == 20 * STROKE_NL
    bench.advance(DAY_MS)
    assert bench.believes.alarms == ()
    assert LogKind.MOTOR_RECOVERED in [entry.kind for entry in bench.believes.log]
    assert bench.left_tip_nl == 500 * STROKE_NL
    assert off_by_nl(bench) == 0


def test_a_rotor_may_never_turn_again():
    bench, _ = infusing()
    bench.faults.enter_field()
    bench.faults.leave_field(None)
    bench.advance(10 * DAY_MS)
    assert bench.left_tip_nl == 0
    assert Alarm.MOTOR_STALL in bench.believes.alarms


def test_a_pump_whose_alarm_sounds_is_locked_in_telemetry_mode_until_somebody_reads_it():
    bench, physician = infusing()
    bench.faults.correct_memory()
    bench.faults.enter_field()
    bench.advance(HOUR_MS)
    bench.faults.leave_field(0)
    bench.advance(5 * HOUR_MS)
    assert bench.left_tip_nl == 0
    assert not isinstance(physician.interrogate(), NoAnswer)
    bench.advance(HOUR_MS)
    assert bench.left_tip_nl == 20 * STROKE_NL
    assert off_by_nl(bench) == 0


def test_a_valve_gated_pump_discharges_its_reservoir_through_both_open_valves_and_does_not_know():
    bench, _ = infusing("prometra-ii-20")
    bench.advance(HOUR_MS)
    bench.faults.magnet.has_flow_valve = False
    given_nl = 4 * VALVE_STROKE_NL
    assert bench.left_tip_nl == given_nl
    assert bench.faults.enter_field() == FILL_NL - given_nl
    assert bench.left_tip_nl == FILL_NL
    assert bench.reservoir_nl == 0
    assert bench.believes.delivered_nl == given_nl
    assert bench.believes.alarms == ()
    assert bench.fluid.path.is_balanced


def test_its_flow_activated_valve_lets_the_first_hundredth_of_a_millilitre_out_and_then_stays_shut():
    bench, _ = infusing("prometra-ii-20")
    assert bench.faults.enter_field() == ESCAPES_NL
    bench.advance(HOUR_MS)
    bench.faults.leave_field()
    bench.advance(DAY_MS)
    assert bench.left_tip_nl == ESCAPES_NL
    assert bench.believes.delivered_nl == 100 * VALVE_STROKE_NL  # it believes it infuses
    bench.faults.magnet.reset_flow_valve()
    bench.advance(DAY_MS)
    assert bench.left_tip_nl == ESCAPES_NL + 96 * VALVE_STROKE_NL


def test_emptied_before_the_scan_it_gives_the_patient_no_more_than_the_valve_lets_out_of_what_no_needle_reaches():
    bench, _ = infusing("prometra-ii-20")
    bench.withdraw(FILL_NL)
    assert bench.reservoir_nl == bench.setup.pump.residual.count
    assert bench.faults.enter_field() == ESCAPES_NL


def test_of_another_mechanism_nothing_is_known_and_nothing_happens():
    bench, _ = infusing("medstream-20", rate_nl_per_day=480_000, bolus=None)
    bench.advance(HOUR_MS)
    before = bench.believes.state
    assert bench.faults.enter_field() == 0
    assert bench.believes.state == before
    bench.faults.leave_field(None)
    bench.advance(DAY_MS)
    assert off_by_nl(bench) == 0
    assert bench.left_tip_nl > 400_000


def test_a_field_comes_and_goes_once():
    bench, _ = infusing()
    with pytest.raises(ValueError, match="no field"):
        bench.faults.leave_field()
    bench.faults.enter_field()
    with pytest.raises(ValueError, match="there already"):
        bench.faults.enter_field()
    with pytest.raises(ValueError, match="flow-activated valve"):
        bench.faults.magnet.reset_flow_valve()


def test_a_field_holds_the_rotor_of_a_pump_without_power_too():
    bench, _ = infusing()
    bench.faults.cut_power()
    bench.faults.enter_field()
    bench.faults.restore_power()
    bench.advance(HOUR_MS)
    assert bench.left_tip_nl == 0
