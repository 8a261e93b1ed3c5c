"""What is done to a pump beside its program: cancel, silence, intervals, library; what the status then shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.pump.driven import BOLUS, DAY, HOUR, MINUTE, STROKE, once_bolus, program, treated
from thecal.device import (
    Alarm,
    AlarmTest,
    BolusKind,
    BridgeLeft,
    CancelBolus,
    ClearAlarm,
    Component,
    Done,
    DrugLimits,
    Library,
    Limit,
    LogKind,
    OnceStatus,
    PeriodicBolus,
    Reason,
    RecordRefill,
    Refused,
    Role,
    SetAlarmIntervals,
    SetLibrary,
    SilenceAlarm,
    Staged,
    StopInfusion,
    Waiting,
    head_of,
    program_hash,
)
from thecal.pump import MemoryFaultFound
from thecal.pump.controller.events import (
    LinkAbused,
    LowBatteryReset,
    SelfTest,
    SelfTested,
    SupervisorTripped,
    UpdatesFailed,
)
from thecal.pump.controller.situations import Situation, situation

SIMPLE = program((0, 240_000))


@pytest.mark.parametrize("kind", [BolusKind.SINGLE, BolusKind.PRIMING])
def test_a_cancelled_bolus_ends_at_once_counts_what_it_gave_and_the_program_goes_on(kind):
    pump = treated(program((0, 240_000), once=once_bolus(kind, 20, 10 * MINUTE)))
    pump.wait(5 * MINUTE)
    assert pump.send(CancelBolus()) == Done(5 * MINUTE)
    assert (pump.state.once, pump.state.once_strokes_total) == (None, 10)
    entry = pump.state.log[-1]
    assert (entry.kind, entry.bolus, entry.volume_nl) == (LogKind.BOLUS_CANCELLED, kind, 10 * STROKE)
    assert pump.send(CancelBolus()) == Refused(Reason.NO_BOLUS_RUNNING)
    pump.wait(HOUR)
    assert len(pump.strokes) == 10 + 20


def test_a_patient_or_periodic_bolus_is_cancelled_and_a_bridge_is_not():
    pressed = treated(program((0, 240_000), bolus=BOLUS))
    pressed.wait(4 * HOUR)
    pressed.press()
    repeating = treated(program((0, 240_000), periodic=PeriodicBolus(10_000, 10 * MINUTE, HOUR)))
    for pump in (pressed, repeating):
        assert pump.state.running_bolus is not None
        assert isinstance(pump.send(CancelBolus()), Done)
        assert pump.state.running_bolus is None
    bridged = treated(program((0, 240_000), once=once_bolus(BolusKind.BRIDGE)))
    before = bridged.state.once
    assert bridged.send(CancelBolus()) == Refused(Reason.BRIDGE_UNDECIDED)
    assert bridged.state.once == before


def test_a_silenced_alarm_stands_and_is_shown_as_silenced_until_its_time_is_over():
    pump = treated(SIMPLE)
    pump.event(LinkAbused())
    assert pump.report().status.silenced == ()
    assert isinstance(pump.send(SilenceAlarm(Alarm.LINK_ABUSE, HOUR), Role.PATIENT), Done)
    entry = pump.state.log[-1]
    assert (entry.kind, entry.alarm, entry.duration_ms) == (LogKind.ALARM_SILENCED, Alarm.LINK_ABUSE, HOUR)
    pump.wait(HOUR - 1)
    status = pump.report().status
    assert (status.alarms, status.silenced) == ((Alarm.LINK_ABUSE,), (Alarm.LINK_ABUSE,))
    pump.wait(1)
    status = pump.report().status
    assert (status.alarms, status.silenced) == ((Alarm.LINK_ABUSE,), ())


def test_intervals_and_tone_tests_are_in_the_log():
    pump = treated(SIMPLE)
    assert isinstance(pump.send(SetAlarmIntervals(20 * MINUTE, 2 * HOUR)), Done)
    assert pump.state.intervals == (20 * MINUTE, 2 * HOUR)
    for critical in (True, False):
        assert isinstance(pump.send(AlarmTest(critical)), Done)
    assert pump.logged()[-3:] == [LogKind.ALARM_INTERVALS_SET, LogKind.ALARM_TESTED, LogKind.ALARM_TESTED]
    assert pump.report().status.alarms == ()


def test_a_pump_that_cannot_be_updated_refuses_programs_obeys_a_stop_and_is_freed_by_service():
    pump = treated(SIMPLE)
    staged = pump.stage(program((0, 480_000)))
    pump.event(UpdatesFailed())
    assert pump.stage(program((0, 480_000))) == Refused(Reason.UPDATES_BLOCKED)
    assert pump.commit_staged(staged) == Refused(Reason.UPDATES_BLOCKED)
    assert pump.state.program == SIMPLE
    for role in (Role.PHYSICIAN, Role.SERVICE):
        allowed = role is Role.SERVICE
        assert isinstance(pump.send(ClearAlarm(Alarm.UPDATES_BLOCKED), role), Done) is allowed
    assert isinstance(pump.commit_staged(staged), Done)
    pump.event(UpdatesFailed())
    assert isinstance(pump.send(StopInfusion(), Role.EMERGENCY), Done)
    made = len(pump.strokes)
    pump.wait(DAY)
    assert len(pump.strokes) == made


@pytest.mark.parametrize(
    "fault",
    [MemoryFaultFound(), LowBatteryReset(), SelfTested(SelfTest.CLOCK), SupervisorTripped("too fast")],
    ids=lambda fault: type(fault).__name__,
)
def test_a_fault_stops_strokes_until_a_program_takes_effect(fault):
    """Verify: not a stop, a refill, time, or a program that only waits ends it; a commit does."""
    pump = treated(SIMPLE)
    pump.wait(HOUR)
    pump.event(fault)
    made = len(pump.strokes)
    pump.wait(1)
    pump.refill()
    pump.commit(program((0, 480_000), begins_utc_ms=pump.state.utc_ms + HOUR))
    pump.wait(DAY)
    assert situation(pump.state) is Situation.FAULT
    assert Alarm.PROGRAM_NOT_STARTED in pump.report().status.alarms
    pump.stop()
    pump.wait(DAY)
    assert situation(pump.state) is Situation.FAULT
    assert len(pump.strokes) == made
    pump.commit(SIMPLE)
    assert situation(pump.state) is Situation.SIMPLE_CONTINUOUS
    assert pump.report().status.alarms == ()
    pump.wait(DAY)
    assert len(pump.strokes) == made + 480


def test_a_stop_drops_a_waiting_program_even_of_a_stopped_pump():
    pump = treated(program())
    pump.commit(program((0, 480_000), begins_utc_ms=pump.state.utc_ms + HOUR))
    pump.stop()
    assert pump.logged()[-1] is LogKind.INFUSION_STOPPED
    assert pump.report().status.waiting is None
    pump.wait(DAY)
    assert pump.strokes == []


def test_a_refill_is_refused_while_any_bolus_runs():
    for kind in (BolusKind.SINGLE, BolusKind.PRIMING, BolusKind.BRIDGE):
        pump = treated(program((0, 240_000), once=once_bolus(kind)))
        assert pump.refill() == Refused(Reason.REFILL_DURING_BOLUS)


def test_another_fluid_is_refused_between_periodic_boluses():
    pump = treated(program((0, 0), periodic=PeriodicBolus(10_000, 10 * MINUTE, HOUR)))
    pump.wait(30 * MINUTE)
    other = RecordRefill(1_000_000, (Component("morphine", 1),))
    assert pump.send(other) == Refused(Reason.FLUID_DIFFERS)


def test_the_status_shows_what_runs_once_what_waits_and_the_head_of_the_log():
    pump = treated(program((0, 240_000), once=once_bolus(BolusKind.BRIDGE, 20, 10 * MINUTE)))
    pump.wait(3 * MINUTE)
    waiting = program((0, 480_000), left=BridgeLeft.CANCEL, begins_utc_ms=pump.state.utc_ms + HOUR)
    pump.commit(waiting)
    report = pump.report()
    assert report.status.once == OnceStatus(BolusKind.BRIDGE, 20 * STROKE, 6 * STROKE, 7 * MINUTE)
    assert report.status.waiting == Waiting(program_hash(waiting), waiting.begins_utc_ms)
    assert (report.waiting_program, report.once_strokes_total) == (waiting, 6)
    assert report.status.log_head == head_of(report.log_before, report.log)
    pump.stop()
    status = pump.report().status
    assert (status.once, status.waiting, status.bridge_left_nl) == (None, None, 14 * STROKE)


def test_a_program_wrong_in_every_way_is_told_the_first_reason_of_one_list():
    """Verify the order of the checks: each wrong put right, the next is named, until the program is held."""
    pump = treated(program((0, 192_000)))
    pump.send(SetLibrary(Library("1", (DrugLimits("morphine", daily_dose_ng=Limit(hard=1_000)),))))
    now = pump.state.utc_ms
    good = replace(program((0, 48_000), bolus=BOLUS), library_version="1")
    wrong = replace(
        good,
        pump_serial="P2",
        patient_token="T2",
        library_version="2",
        begins_utc_ms=now - 1,
        components=(Component("morphine", 1),),
        steps=(replace(good.steps[0], rate_nl_per_day=47_999),),
        low_reservoir_nl=20_000_001,
        patient_bolus=replace(BOLUS, volume_nl=499),
        once=replace(once_bolus(BolusKind.BRIDGE), volume_nl=1),
        bridge_left=BridgeLeft.RESTART,
        stated_daily_dose_ng=(1,),
        volume_limit_nl_per_24h=47_999,
    )
    story = (
        (Reason.WRONG_PUMP, {"pump_serial": "P1"}),
        (Reason.WRONG_PATIENT, {"patient_token": "T1"}),
        (Reason.FLUID_DIFFERS, {"components": good.components}),
        (Reason.LIBRARY_DIFFERS, {"library_version": "1"}),
        (Reason.START_IN_PAST, {"begins_utc_ms": now}),
        (Reason.PROGRAM_OUT_OF_RANGE, {"steps": good.steps}),
        (Reason.PROGRAM_OUT_OF_RANGE, {"low_reservoir_nl": 0}),
        (Reason.PROGRAM_OUT_OF_RANGE, {"patient_bolus": BOLUS}),
        (Reason.PROGRAM_OUT_OF_RANGE, {"once": once_bolus(BolusKind.BRIDGE)}),
        (Reason.NO_BRIDGE, {"bridge_left": None}),
        (Reason.ARITHMETIC_DIFFERS, {"stated_daily_dose_ng": good.stated_daily_dose_ng}),
        (Reason.LIMIT_BELOW_BASAL, {"volume_limit_nl_per_24h": 48_000}),
        (Reason.VOLUME_LIMIT_REACHED, {"volume_limit_nl_per_24h": 58_000}),
        (Reason.HARD_LIMIT, None),
    )
    for reason, cure in story:
        answer = pump.stage(wrong)
        assert isinstance(answer, Refused)
        assert answer.reason is reason
        wrong = wrong if cure is None else replace(wrong, **cure)
    pump.send(SetLibrary(Library("1", (DrugLimits("morphine"),))))
    assert isinstance(pump.stage(wrong), Staged)


@pytest.mark.parametrize(("wait_ms", "taken"), [(MINUTE - 1, True), (MINUTE, False)])
def test_a_bridge_that_went_on_since_the_staging_is_not_continued_with_an_older_volume(wait_ms, taken):
    whole = once_bolus(BolusKind.BRIDGE, 20, 20 * MINUTE)
    pump = treated(program((0, 240_000), once=whole))
    staged = pump.stage(program((0, 240_000), once=whole, left=BridgeLeft.CONTINUE))
    pump.wait(wait_ms)
    answer = pump.commit_staged(staged)
    assert answer == (Done(wait_ms) if taken else Refused(Reason.BRIDGE_VOLUME_DIFFERS, field="once"))
