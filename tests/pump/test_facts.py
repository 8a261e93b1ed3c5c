"""What happens to a pump: battery, self-tests, supervisor, power; and that looking in between changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import BOLUS, DAY, HOUR, Driven, program, treated
from thecal.device import (
    Alarm,
    Done,
    LogKind,
    Mode,
    Reason,
    Refused,
    Role,
    SilenceAlarm,
    Stage,
    Staged,
    StopInfusion,
    program_hash,
)
from thecal.pump import (
    BatteryRead,
    ClockUncertain,
    FieldEntered,
    FieldLeft,
    LinkAbused,
    LowBatteryReset,
    MemoryCorrected,
    MemoryFaultFound,
    MotorReported,
    PowerRestored,
    SelfTest,
    SelfTested,
    SupervisorTripped,
    TimePassed,
    UpdatesFailed,
    next_event_tick,
    next_stroke_tick,
)

THERAPY = program((0, 240_000), bolus=BOLUS, low_nl=100_000)


def standing(pump: Driven) -> tuple[Alarm, ...]:
    return pump.report().status.alarms


@pytest.mark.parametrize(
    ("permille", "alarms"),
    [(1_000, ()), (101, ()), (100, (Alarm.REPLACEMENT_DUE,)), (1, (Alarm.REPLACEMENT_DUE,))],
)
def test_the_replacement_indicator_comes_at_a_tenth_of_the_charge_and_never_goes(permille, alarms):
    pump = treated(THERAPY)
    pump.event(BatteryRead(permille))
    assert standing(pump) == alarms
    pump.event(BatteryRead(1_000))
    assert standing(pump) == alarms


def test_service_ends_ninety_days_after_the_indicator_to_the_millisecond_and_for_ever():
    pump = treated(THERAPY)
    pump.wait(HOUR)
    pump.event(BatteryRead(100))
    pump.wait(50 * DAY)
    pump.event(BatteryRead(40))
    pump.wait(35 * DAY)
    pump.refill()
    pump.wait(5 * DAY - 1)
    assert standing(pump) == (Alarm.REPLACEMENT_DUE,)
    pump.press()
    assert pump.state.running_bolus is not None
    made = len(pump.strokes)
    pump.wait(1)
    assert standing(pump) == (Alarm.REPLACEMENT_DUE, Alarm.END_OF_SERVICE)
    assert pump.logged()[-2:] == [LogKind.END_OF_SERVICE, LogKind.BOLUS_CANCELLED]
    assert len(pump.strokes) == made + 1  # the basal stroke of that ms was due before
    assert (next_stroke_tick(pump.state), next_event_tick(pump.state)) == (None, None)
    for command in (Stage(THERAPY, program_hash(THERAPY)), SilenceAlarm(Alarm.END_OF_SERVICE, HOUR)):
        answer = pump.send(command)
        assert answer == Refused(Reason.END_OF_SERVICE) if isinstance(command, Stage) else isinstance(answer, Done)
    pump.refill()
    pump.event(BatteryRead(1_000))
    pump.wait(400 * DAY)
    assert len(pump.strokes) == made + 1


def test_an_empty_battery_ends_service_at_once():
    pump = treated(THERAPY)
    pump.event(BatteryRead(0))
    assert standing(pump) == (Alarm.REPLACEMENT_DUE, Alarm.END_OF_SERVICE)
    pump.wait(DAY)
    assert pump.strokes == []


@pytest.mark.parametrize("bad", [-1, 1_001, 50.0, True])
def test_a_charge_is_permille(bad):
    with pytest.raises(ValueError, match="battery must be a whole number of permille from 0 to 1000"):
        BatteryRead(bad)


def test_a_passed_self_test_leaves_no_trace_and_mends_nothing():
    pump = treated(THERAPY)
    before = pump.state
    pump.event(SelfTested(None))
    assert pump.state == before
    pump.event(SelfTested(SelfTest.CLOCK))
    failed = pump.state
    pump.event(SelfTested(None))
    assert pump.state == failed


@pytest.mark.parametrize("test", SelfTest)
def test_any_failed_self_test_stops_the_pump(test):
    pump = treated(THERAPY)
    pump.event(SelfTested(test))
    pump.wait(DAY)
    assert pump.strokes == []
    assert standing(pump) == (Alarm.SELF_TEST_FAILED,)


def test_a_self_test_that_fails_again_after_a_commit_stops_the_pump_again():
    pump = treated(THERAPY)
    for _ in range(2):
        pump.event(SelfTested(SelfTest.WORKING_MEMORY))
        assert standing(pump) == (Alarm.SELF_TEST_FAILED,)
        pump.commit(THERAPY)
        assert standing(pump) == ()


@pytest.mark.parametrize("fact", [LowBatteryReset(), SupervisorTripped("x"), SelfTested(SelfTest.TONE)])
def test_what_ran_before_a_stopping_alarm_can_still_be_read(fact):
    pump = treated(THERAPY)
    pump.event(fact)
    assert pump.report().program == THERAPY


def test_a_reset_by_the_battery_forgets_what_was_staged():
    pump = treated(THERAPY)
    pump.stage(program((0, 480_000)))
    pump.event(LowBatteryReset())
    assert pump.state.staged is None


def test_a_trip_names_its_reason():
    with pytest.raises(ValueError, match="names its reason"):
        SupervisorTripped("  ")


def test_what_would_have_alarmed_without_power_alarms_when_it_returns():
    pump = treated(THERAPY)
    pump.event(BatteryRead(50))
    pump.stop()
    pump.event(PowerRestored(91 * DAY), 91 * DAY)
    assert standing(pump) == (
        Alarm.REPLACEMENT_DUE,
        Alarm.END_OF_SERVICE,
        Alarm.STOPPED,
        Alarm.STOPPED_TOO_LONG,
    )
    assert {each.since_tick_ms for each in pump.state.alarms[1:]} == {91 * DAY}


def test_the_next_event_of_a_stopped_pump_is_its_next_alarm():
    pump = treated(THERAPY)
    pump.stop()
    assert next_event_tick(pump.state) == HOUR
    pump.wait(HOUR)
    assert next_event_tick(pump.state) == 48 * HOUR
    pump.wait(47 * HOUR)
    assert next_event_tick(pump.state) is None


FACTS = {
    "time": TimePassed(),
    "misses": MotorReported(1, 0),
    "turns": MotorReported(0, 0),
    "runs away": MotorReported(0, 2),
    "battery": BatteryRead(90),
    "battery empty": BatteryRead(0),
    "reset": LowBatteryReset(),
    "self-test": SelfTested(SelfTest.PROCESSOR),
    "field": FieldEntered(),
    "no field": FieldLeft(),
    "memory": MemoryCorrected(),
    "fault": MemoryFaultFound(),
    "link": LinkAbused(),
    "updates": UpdatesFailed(),
    "clock": ClockUncertain(),
    "trip": SupervisorTripped("too fast"),
}
ACTS = (*FACTS, "press", "stop", "commit", "read", "silence", "outage", "refill")


def act(pump: Driven, what: str, gap: int, volume_nl: int) -> None:
    match what:
        case "press":
            pump.press()
        case "stop":
            pump.send(StopInfusion())
        case "commit":
            staged = pump.stage(THERAPY)
            if isinstance(staged, Staged):
                pump.commit_staged(staged)
        case "read":
            pump.report()
        case "silence":
            for alarm in pump.state.alarms:
                pump.send(SilenceAlarm(alarm.alarm, HOUR), Role.PHYSICIAN)
        case "outage":
            pump.event(PowerRestored(gap // 40), pump.state.tick_ms + gap // 40)
        case "refill":
            pump.refill(volume_nl)
        case fact:
            pump.event(FACTS[fact])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60 * HOUR), st.sampled_from(ACTS)), min_size=1, max_size=14),
    st.lists(st.integers(0, 14 * 60 * HOUR), max_size=30),
    st.integers(100_000, 2_000_000),
)
def test_looking_at_a_pump_changes_no_alarm(story, cuts, volume_nl):
    """Verify, for any story of facts, commands and waits, and any moments at which time is cut:
    - the same strokes and the same state, alarms and log with it, as without looking
    - no stroke is made while an alarm stands that stops them; one alarm stands at most once
    """

    def lived(cuts: list[int]) -> Driven:
        pump = treated(THERAPY, volume_nl)
        for gap, what in story:
            until = pump.state.tick_ms + gap
            for cut in sorted(c for c in cuts if pump.state.tick_ms < c < until):
                held = any(a.alarm.critical and a.alarm not in GIVES for a in pump.state.alarms)
                before = len(pump.strokes)
                pump.event(TimePassed(), cut)
                assert not held or len(pump.strokes) == before
            pump.event(TimePassed(), until)
            act(pump, what, gap, volume_nl)
            names = [each.alarm for each in pump.state.alarms]
            assert names == sorted(set(names), key=list(Alarm).index)
        return pump

    whole, cut = lived([]), lived(cuts)
    assert cut.strokes == whole.strokes
    assert cut.state == whole.state


GIVES = {Alarm.MOTOR_STALL, Alarm.STOPPED_TOO_LONG, Alarm.PROGRAM_NOT_STARTED}


def test_a_memory_fault_stops_and_is_told_and_stopped_by_nobody_it_reminds_nobody():
    pump = treated(THERAPY)
    pump.event(MemoryFaultFound())
    pump.wait(10 * DAY)
    assert standing(pump) == (Alarm.MEMORY_FAULT,)
    assert pump.report().status.mode is Mode.STOPPED
