"""What truly left the tip beside what the pump believes, under every fault of motor, clocks and both layers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.device.benches import DAY_MS, FILL_NL, HOUR_MS, MORPHINE, infusing
from thecal.bench.device import DeviceBench, NoPower, Setup
from thecal.device import Alarm, LogKind, Role, SetClock
from thecal.pump import SelfTest
from thecal.pump.supervisor import TripReason
from thecal.telemetry import Applied

STROKE_NL = 500
MS_PER_STROKE = 180_000  # 0.24 mL/day in strokes of 500 nL


def after_an_hour(act, then_ms=6 * HOUR_MS, **made):
    bench, physician = infusing(**made)
    bench.advance(HOUR_MS)
    act(bench.faults)
    bench.advance(then_ms)
    return bench, physician


def off_by_nl(bench):
    """How much more the pump counts than left the tip."""
    return bench.believes.delivered_nl - bench.left_tip_nl


def log_of(bench):
    return [entry.kind for entry in bench.believes.log]


def test_a_pump_left_alone_gives_what_it_believes_and_every_nanogram_is_in_the_books():
    bench, _ = infusing()
    bench.advance(10 * DAY_MS)
    assert bench.left_tip_nl == bench.believes.delivered_nl == 2_400_000
    assert bench.reservoir_nl == bench.believes.reservoir_nl == FILL_NL - 2_400_000
    assert bench.fluid.path.is_balanced


def test_a_stall_is_found_by_the_encoder_and_ends_when_the_rotor_turns_again():
    bench, _ = after_an_hour(lambda faults: faults.stall(3 * HOUR_MS), then_ms=2 * HOUR_MS)
    assert bench.believes.alarms == (Alarm.MOTOR_STALL,)
    assert bench.left_tip_nl == 20 * STROKE_NL
    assert off_by_nl(bench) == 0
    bench.advance(4 * HOUR_MS)
    assert bench.believes.alarms == ()
    assert LogKind.MOTOR_RECOVERED in log_of(bench)
    # The stroke due in the very ms in which the rotor is free again is made.
    assert bench.left_tip_nl == (20 + 1 + 3 * 20) * STROKE_NL
    assert off_by_nl(bench) == 0


def test_a_permanent_stall_never_ends_and_nothing_more_is_believed_given():
    bench, _ = after_an_hour(lambda faults: faults.stall(), then_ms=5 * DAY_MS)
    assert Alarm.MOTOR_STALL in bench.believes.alarms
    assert bench.left_tip_nl == 20 * STROKE_NL
    assert off_by_nl(bench) == 0


@pytest.mark.parametrize("missed", [1, 2])
def test_a_few_missed_strokes_are_logged_and_raise_no_alarm(missed):
    bench, _ = after_an_hour(lambda faults: faults.miss_strokes(missed))
    assert bench.believes.alarms == ()
    assert log_of(bench).count(LogKind.STROKES_MISSED) == missed
    assert bench.left_tip_nl == (140 - missed) * STROKE_NL
    assert off_by_nl(bench) == 0


@pytest.mark.parametrize("extra", [1, 7])
def test_a_runaway_is_counted_and_stopped_by_the_supervisor(extra):
    bench, _ = after_an_hour(lambda faults: faults.run_away(extra))
    assert bench.believes.trip is TripReason.UNREQUESTED_STROKE
    assert bench.believes.alarms == (Alarm.SUPERVISOR_TRIP,)
    assert bench.left_tip_nl == (20 + extra) * STROKE_NL
    assert off_by_nl(bench) == 0


def test_one_extra_stroke_is_a_runaway_of_one():
    bench, _ = after_an_hour(lambda faults: faults.extra_stroke(), then_ms=0)
    assert bench.left_tip_nl == 21 * STROKE_NL
    assert bench.believes.trip is TripReason.UNREQUESTED_STROKE


def test_a_short_hang_makes_strokes_late_and_loses_none():
    bench, _ = infusing()
    bench.advance(HOUR_MS - 1_000)
    bench.faults.hang_controller(61_000)
    bench.advance(60_000)
    assert bench.left_tip_nl == 19 * STROKE_NL
    bench.advance(60_000)
    assert bench.left_tip_nl == 20 * STROKE_NL
    assert bench.fluid.releases == []  # still saline: the catheter is longer than that
    assert bench.believes.trip is None
    bench.advance(HOUR_MS)
    assert off_by_nl(bench) == 0


@pytest.mark.parametrize(("silent_ms", "trip", "sounds"), [
    (89_999, None, False),
    (90_000, TripReason.HEARTBEAT_MISSING, False),
    (179_999, TripReason.HEARTBEAT_MISSING, False),
    (180_000, TripReason.HEARTBEAT_MISSING, True),
])  # fmt: skip
def test_the_supervisor_stops_a_controller_silent_for_90_s_and_sounds_after_180_s(silent_ms, trip, sounds):
    bench, _ = after_an_hour(lambda faults: faults.hang_controller(), then_ms=silent_ms)
    assert bench.believes.trip is trip
    assert bench.believes.guard.sounding is sounds


def test_a_controller_that_wakes_after_a_trip_gives_nothing_and_says_why():
    bench, _ = after_an_hour(lambda faults: faults.hang_controller(600_000))
    assert bench.believes.alarms == (Alarm.SUPERVISOR_TRIP,)
    assert bench.left_tip_nl == 20 * STROKE_NL
    assert off_by_nl(bench) == 0


def test_a_controller_that_hangs_answers_nobody():
    bench, physician = after_an_hour(lambda faults: faults.hang_controller(), then_ms=1_000)
    assert type(physician.read_status()).__name__ == "NoAnswer"
    bench.faults.cut_power()
    assert bench.faults.restore_power()
    assert type(physician.read_status()).__name__ == "Status"


def test_a_controller_that_hangs_hears_of_what_befell_it_when_it_wakes():
    bench, _ = infusing()
    bench.advance(HOUR_MS)
    bench.faults.hang_controller(60_000)
    bench.faults.extra_stroke()
    assert off_by_nl(bench) == -STROKE_NL
    bench.advance(2 * 60_000)
    assert off_by_nl(bench) == 0
    assert bench.believes.trip is TripReason.UNREQUESTED_STROKE


def test_a_second_hang_is_not_ended_by_the_first_ones_waking():
    bench, _ = infusing()
    bench.faults.hang_controller(60_000)
    bench.advance(60_000)
    bench.faults.hang_controller()
    bench.advance(HOUR_MS)
    assert bench.pump.is_hung


def test_behind_a_dead_supervisor_nothing_is_given():
    bench, _ = after_an_hour(lambda faults: faults.kill_supervisor())
    assert bench.believes.trip is TripReason.DEAD
    assert bench.believes.alarms == (Alarm.SUPERVISOR_TRIP,)
    assert bench.left_tip_nl == 20 * STROKE_NL
    assert off_by_nl(bench) == 0


def test_fluid_that_seeps_in_is_true_and_not_believed():
    bench, _ = after_an_hour(lambda faults: faults.gain_fluid(100_000), then_ms=DAY_MS)
    assert bench.fluid.gained_nl == 100_000
    assert bench.reservoir_nl - bench.believes.reservoir_nl == 100_000
    assert off_by_nl(bench) == 0
    assert bench.fluid.path.is_balanced
    bench.faults.gain_fluid(0)
    bench.advance(DAY_MS)
    assert bench.fluid.gained_nl == 100_000


@pytest.mark.parametrize(("ppm", "strokes"), [(0, 4_800), (1_000, 4_804), (-1_000, 4_795), (50_000, 5_040)])
def test_a_pump_whose_tick_drifts_gives_more_or_less_in_true_time_and_does_not_know(ppm, strokes):
    bench, _ = infusing(drift_ppm=ppm)
    bench.advance(10 * DAY_MS)
    assert bench.left_tip_nl == strokes * STROKE_NL
    assert off_by_nl(bench) == 0
    assert bench.believes.utc_ms - bench.civil_utc_ms == 10 * DAY_MS * ppm // 1_000_000


def test_a_drift_that_changes_counts_from_then_on():
    bench, _ = infusing()
    bench.advance(DAY_MS)
    bench.faults.drift(100_000)
    bench.advance(DAY_MS)
    assert bench.believes.tick_ms == DAY_MS + DAY_MS * 11 // 10


def test_a_step_of_civil_time_moves_no_stroke_and_is_seen_against_the_pumps_clock():
    bench, _ = after_an_hour(lambda faults: faults.step_clock(-DAY_MS))
    assert bench.left_tip_nl == 140 * STROKE_NL
    assert bench.believes.utc_ms - bench.civil_utc_ms == DAY_MS


def test_a_physician_sets_the_pumps_clock_by_the_wall_and_no_stroke_moves():
    bench, physician = infusing(drift_ppm=500)
    bench.advance(DAY_MS)
    assert bench.believes.utc_ms - bench.civil_utc_ms == 43_200
    assert isinstance(physician.change(SetClock(bench.civil_utc_ms, 60)), Applied)
    assert bench.believes.utc_ms == bench.civil_utc_ms
    assert bench.believes.status.clock_offset_min == 60
    bench.advance(DAY_MS)
    assert off_by_nl(bench) == 0
    assert bench.left_tip_nl == 960 * STROKE_NL


def test_a_battery_that_runs_down_by_itself_calls_for_a_new_pump_and_then_ends_its_service():
    bench, _ = infusing()
    bench.faults.set_battery(102)
    bench.advance(2 * DAY_MS)
    assert bench.believes.alarms == ()
    bench.advance(DAY_MS)  # three days of 84 months take 1.2 permille
    assert bench.believes.alarms == (Alarm.REPLACEMENT_DUE,)
    bench.faults.set_battery(1)
    bench.advance(DAY_MS)
    assert bench.faults.battery_permille == 0
    assert Alarm.END_OF_SERVICE in bench.believes.alarms


@pytest.mark.parametrize(
    ("act", "alarm", "goes_on"),
    [
        (lambda faults: faults.set_battery(100), Alarm.REPLACEMENT_DUE, True),
        (lambda faults: faults.set_battery(0), Alarm.END_OF_SERVICE, False),
        (lambda faults: faults.sag_battery(), Alarm.LOW_BATTERY_RESET, False),
        (lambda faults: faults.fail_self_test(SelfTest.WATCHDOG), Alarm.SELF_TEST_FAILED, False),
        (lambda faults: faults.fail_updates(), Alarm.UPDATES_BLOCKED, True),
        (lambda faults: faults.correct_memory(), Alarm.MEMORY_CORRECTED, True),
        (lambda faults: faults.doubt_clock(), Alarm.CLOCK_UNCERTAIN, True),
    ],
)
def test_a_fault_of_the_electronics_alarms_and_stops_or_does_not(act, alarm, goes_on):
    bench, _ = after_an_hour(act)
    assert alarm in bench.believes.alarms
    assert bench.left_tip_nl == (140 if goes_on else 20) * STROKE_NL
    assert off_by_nl(bench) == 0
    tones = bench.believes.tones(HOUR_MS, 7 * HOUR_MS)
    assert tones == ((36, 0) if alarm.critical else (0, 6))


def test_a_needle_moves_the_truth_only():
    bench, _ = infusing()
    assert bench.withdraw(5_000_000) == 5_000_000
    assert bench.reservoir_nl == FILL_NL - 5_000_000
    assert bench.believes.reservoir_nl == FILL_NL


def test_a_pump_that_believes_it_has_fluid_strokes_on_with_an_empty_reservoir():
    bench, _ = infusing()
    drawn_nl = bench.withdraw(FILL_NL)
    bench.advance(30 * DAY_MS)
    assert bench.left_tip_nl == FILL_NL - drawn_nl
    assert bench.fluid.strokes_made * STROKE_NL == bench.believes.delivered_nl == 7_200_000


def test_what_makes_no_sense_is_refused_in_one_line():
    bench, _ = infusing()
    for act in (
        lambda: bench.faults.stall(0),
        lambda: bench.faults.miss_strokes(0),
        lambda: bench.faults.run_away(0),
        lambda: bench.faults.drift(100_001),
        lambda: bench.faults.set_battery(1_001),
        lambda: bench.faults.gain_fluid(-1),
        lambda: bench.faults.cut_power_at_byte(0),
        lambda: bench.faults.flip_bit(2, 0),
        lambda: bench.faults.flip_bit(0, 10**9),
        lambda: bench.inject(0, MORPHINE),
        lambda: bench.advance(-1),
        lambda: bench.attach(Role.PHYSICIAN, "physician 1"),
        lambda: Setup("synchromed-ii-20", serial=""),
        lambda: DeviceBench(Setup("no-such-pump")),
    ):
        with pytest.raises(ValueError, match=r"^[^\n]{10,}$"):
            act()


def test_a_pump_without_power_has_no_electronics_to_fail():
    bench, _ = infusing()
    bench.faults.cut_power()
    for act in (
        bench.faults.cut_power,
        bench.faults.cut_power_in_next_stroke,
        bench.faults.kill_supervisor,
        bench.faults.hang_controller,
        bench.faults.extra_stroke,
        lambda: bench.faults.set_battery(5),
    ):
        with pytest.raises(NoPower):
            act()


acts = st.lists(
    st.tuples(
        st.sampled_from(["stall", "free_motor", "miss_strokes", "cut", "restore", "gain", "ask", "drift", "extra"]),
        st.integers(1, 5 * HOUR_MS),
    ),
    max_size=10,
)


@given(acts)
@settings(max_examples=40, deadline=None)
def test_whatever_befalls_it_the_pump_counts_every_stroke_that_was_made(done):
    """Verify for any faults between which any time passes, as long as no stroke is cut through:
    - what left the tip is what the pump counts, to the stroke
    - every nanogram is in the books
    - no more left than the highest program can give
    """
    bench, _ = infusing()
    patient = bench.attach(Role.PATIENT)
    extra = 0
    for act, then_ms in done:
        powered = bench.pump.is_powered
        if act == "stall":
            bench.faults.stall(then_ms // 2 + 1)
        elif act == "free_motor":
            bench.faults.free_motor()
        elif act == "miss_strokes":
            bench.faults.miss_strokes(then_ms % 5 + 1)
        elif act == "gain":
            bench.faults.gain_fluid(then_ms % 50_000)
        elif act == "drift":
            bench.faults.drift(then_ms % 2_000 - 1_000)
        elif act == "ask":
            if patient.pending is None:
                patient.request_bolus()
        elif act == "cut" and powered:
            bench.faults.cut_power()
        elif act == "restore" and not powered:
            assert bench.faults.restore_power()
        elif act == "extra" and powered:
            bench.faults.extra_stroke()
            extra += 1
        bench.advance(then_ms)
        assert off_by_nl(bench) == 0
        assert bench.fluid.path.is_balanced
    passed_ms = bench.at_ms * 1_001 // 1_000
    boluses = 6 * 20 * (passed_ms // DAY_MS + 1)
    assert bench.left_tip_nl <= (passed_ms // MS_PER_STROKE + 1 + boluses + extra) * STROKE_NL


@given(st.lists(st.integers(1, 20 * HOUR_MS), min_size=1, max_size=6), st.integers(-500, 500))
@settings(max_examples=20, deadline=None)
def test_time_in_any_parts_gives_the_same_truth_and_belief(parts, ppm):
    def told():
        bench, _ = infusing(drift_ppm=ppm)
        bench.faults.gain_fluid(20_000)
        bench.faults.stall(2 * HOUR_MS)
        return bench

    whole, divided = told(), told()
    whole.advance(sum(parts))
    for part in parts:
        divided.advance(part)
    assert divided.fluid.path == whole.fluid.path
    assert divided.fluid.releases == whole.fluid.releases
    assert divided.left_tip_nl == whole.left_tip_nl
    assert divided.believes.state == whole.believes.state
    assert divided.faults.battery_permille == whole.faults.battery_permille
    assert divided.believes.tones(0, divided.at_ms) == whole.believes.tones(0, whole.at_ms)


def test_stepping_from_event_to_event_comes_to_where_one_advance_comes():
    stepped, advanced = infusing()[0], infusing()[0]
    for _ in range(30):
        assert stepped.step()
    advanced.advance_to(stepped.at_ms)
    assert stepped.believes.state == advanced.believes.state
    assert stepped.left_tip_nl == advanced.left_tip_nl == 30 * STROKE_NL
