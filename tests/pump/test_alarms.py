"""Every row of the alarm table: how it comes, what the pump then does, how it sounds, who silences and ends it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.pump.driven import BOLUS, DAY, HOUR, MINUTE, STROKE, Driven, program, treated
from thecal.device import (
    Alarm,
    ClearAlarm,
    Done,
    Library,
    LogKind,
    ReadStatus,
    Reason,
    Refused,
    Role,
    SetClock,
    SetLibrary,
    SilenceAlarm,
    Staged,
)
from thecal.pump import (
    BatteryRead,
    ClockUncertain,
    Event,
    LinkAbused,
    LowBatteryReset,
    MemoryCorrected,
    MemoryFaultFound,
    MotorReported,
    SelfTest,
    SelfTested,
    SupervisorTripped,
    Tone,
    UpdatesFailed,
    sounding,
)
from thecal.pump.controller.alarm_table import ALARM_TABLE, markdown

DOCUMENT = Path(__file__).parents[2] / "docs" / "models" / "pump.md"
THERAPY = program((0, 240_000), bolus=BOLUS, low_nl=2_000_000)
NOBODY: frozenset[Role] = frozenset()
PHYSICIAN = frozenset({Role.PHYSICIAN})
BOTH = frozenset({Role.PHYSICIAN, Role.PATIENT})


class Row(NamedTuple):
    """What the requirement says of an alarm. The reasons are those of a refused bolus and a refused program."""

    critical: bool
    flow: bool
    bolus: Reason | None = None
    update: Reason | None = None
    clears: frozenset[Role] = NOBODY
    ends_with_program: bool = False
    latched: bool = True


REQUIRED = {
    Alarm.LOW_RESERVOIR: Row(critical=False, flow=True, latched=False),
    Alarm.EMPTY_RESERVOIR: Row(critical=True, flow=False, bolus=Reason.RESERVOIR_EMPTY, latched=False),
    Alarm.MEMORY_FAULT: Row(critical=True, flow=False, bolus=Reason.MEMORY_FAULT, ends_with_program=True),
    Alarm.MEMORY_CORRECTED: Row(critical=False, flow=True, clears=PHYSICIAN),
    Alarm.REPLACEMENT_DUE: Row(critical=False, flow=True),
    Alarm.END_OF_SERVICE: Row(critical=True, flow=False, bolus=Reason.END_OF_SERVICE, update=Reason.END_OF_SERVICE),
    Alarm.LOW_BATTERY_RESET: Row(critical=True, flow=False, bolus=Reason.CRITICAL_ALARM, ends_with_program=True),
    Alarm.MOTOR_STALL: Row(critical=True, flow=True, bolus=Reason.STALLED, latched=False),
    Alarm.STOPPED: Row(critical=False, flow=False, bolus=Reason.NOT_INFUSING, ends_with_program=True, latched=False),
    Alarm.STOPPED_TOO_LONG: Row(
        critical=True, flow=False, bolus=Reason.NOT_INFUSING, ends_with_program=True, latched=False
    ),
    Alarm.SUPERVISOR_TRIP: Row(critical=True, flow=False, bolus=Reason.CRITICAL_ALARM, ends_with_program=True),
    Alarm.SELF_TEST_FAILED: Row(critical=True, flow=False, bolus=Reason.CRITICAL_ALARM, ends_with_program=True),
    Alarm.CLOCK_UNCERTAIN: Row(critical=False, flow=True, bolus=Reason.CLOCK_UNCERTAIN),
    Alarm.LINK_ABUSE: Row(critical=False, flow=True, clears=PHYSICIAN),
    Alarm.PROGRAM_NOT_STARTED: Row(critical=True, flow=True, clears=PHYSICIAN, ends_with_program=True),
    Alarm.UPDATES_BLOCKED: Row(
        critical=False, flow=True, update=Reason.UPDATES_BLOCKED, clears=frozenset({Role.SERVICE})
    ),
}

FACTS: dict[Alarm, Event] = {
    Alarm.MEMORY_FAULT: MemoryFaultFound(),
    Alarm.MEMORY_CORRECTED: MemoryCorrected(),
    Alarm.REPLACEMENT_DUE: BatteryRead(100),
    Alarm.END_OF_SERVICE: BatteryRead(0),
    Alarm.LOW_BATTERY_RESET: LowBatteryReset(),
    Alarm.MOTOR_STALL: MotorReported(3, 0),
    Alarm.SUPERVISOR_TRIP: SupervisorTripped("too fast"),
    Alarm.SELF_TEST_FAILED: SelfTested(SelfTest.WATCHDOG),
    Alarm.CLOCK_UNCERTAIN: ClockUncertain(),
    Alarm.LINK_ABUSE: LinkAbused(),
    Alarm.UPDATES_BLOCKED: UpdatesFailed(),
}


def running() -> Driven:
    """A pump that infuses, its lockouts over, three strokes of which the motor has not spoken yet."""
    pump = treated(THERAPY)
    pump.wait(5 * HOUR)
    pump.event(MotorReported(0, 0))
    pump.wait(9 * MINUTE)
    return pump


def _delayed_but_outdated(pump: Driven) -> None:
    pump.commit(program((0, 480_000), bolus=BOLUS, begins_utc_ms=pump.state.utc_ms + HOUR))
    pump.send(SetLibrary(Library("L2", ())))
    pump.wait(HOUR)
    pump.send(SetLibrary(None))


def _stopped_for(elapsed_ms: int) -> Callable[[Driven], None]:
    def act(pump: Driven) -> None:
        pump.stop()
        pump.wait(elapsed_ms)

    return act


STORIES: dict[Alarm, Callable[[Driven], object]] = {
    Alarm.LOW_RESERVOIR: lambda pump: pump.refill(1_900_000),
    Alarm.EMPTY_RESERVOIR: lambda pump: pump.refill(0),
    Alarm.STOPPED: _stopped_for(HOUR),
    Alarm.STOPPED_TOO_LONG: _stopped_for(48 * HOUR),
    Alarm.PROGRAM_NOT_STARTED: _delayed_but_outdated,
} | {alarm: lambda pump, fact=fact: pump.event(fact) for alarm, fact in FACTS.items()}


def alarming(alarm: Alarm) -> Driven:
    """A running pump to which just that happened which raises this alarm."""
    pump = running()
    STORIES[alarm](pump)
    assert alarm in standing(pump)
    return pump


def standing(pump: Driven) -> tuple[Alarm, ...]:
    return pump.report().status.alarms


def since(pump: Driven, alarm: Alarm) -> int:
    return next(each.since_tick_ms for each in pump.state.alarms if each.alarm is alarm)


def tone_of(pump: Driven, alarm: Alarm) -> Tone | None:
    """What is heard of this alarm alone."""
    alone = tuple(each for each in pump.state.alarms if each.alarm is alarm)
    return sounding(alone, pump.state.tick_ms)


def test_every_alarm_has_a_row_and_every_row_is_tested():
    assert list(ALARM_TABLE) == list(Alarm) == list(REQUIRED)
    assert set(STORIES) == set(Alarm)
    assert len({row.log for row in ALARM_TABLE.values()}) == len(Alarm)
    assert len({row.words for row in ALARM_TABLE.values()}) == len(Alarm)


@pytest.mark.parametrize("alarm", Alarm)
def test_an_alarm_is_logged_once_stands_from_that_moment_and_is_shown_to_both(alarm):
    pump = alarming(alarm)
    entries = [entry for entry in pump.state.log if entry.kind is ALARM_TABLE[alarm].log]
    assert [entry.tick_ms for entry in entries] == [since(pump, alarm)]
    assert alarm in pump.send(ReadStatus(), Role.PATIENT).alarms
    before = pump.state
    if alarm in FACTS and alarm is not Alarm.MEMORY_FAULT:
        pump.event(FACTS[alarm])
        assert pump.state.alarms == before.alarms
        assert pump.logged().count(ALARM_TABLE[alarm].log) == 1


@pytest.mark.parametrize("alarm", Alarm)
def test_the_class_of_an_alarm_is_the_tone_it_sounds(alarm):
    pump = alarming(alarm)
    critical = REQUIRED[alarm].critical
    assert alarm.critical is critical
    assert tone_of(pump, alarm) is (Tone.CRITICAL if critical else Tone.NON_CRITICAL)


@pytest.mark.parametrize("alarm", Alarm)
def test_an_alarm_acts_as_required_and_not_otherwise(alarm):
    """Verify, five hours later (no lockout is left): strokes or none, a bolus or why not, a program or why not."""
    pump, required = alarming(alarm), REQUIRED[alarm]
    pump.wait(5 * HOUR)
    before = len(pump.strokes)
    pump.wait(HOUR)
    assert (len(pump.strokes) > before) is required.flow
    pressed = pump.press()
    assert (pressed.reason if isinstance(pressed, Refused) else None) is required.bolus
    staged = pump.stage(program((0, 480_000)))
    if required.update is None:
        assert isinstance(staged, Staged)
    else:
        assert staged == Refused(required.update)


@pytest.mark.parametrize("alarm", [a for a in FACTS if REQUIRED[a].bolus and a is not Alarm.CLOCK_UNCERTAIN])
def test_an_alarm_that_ends_flow_ends_a_running_bolus(alarm):
    pump = running()
    pump.press()
    pump.wait(5 * MINUTE)
    pump.event(FACTS[alarm])
    assert pump.state.running_bolus is None
    assert LogKind.BOLUS_CANCELLED in pump.logged()[-2:]
    boluses = pump.state.bolus_strokes_total
    pump.wait(HOUR)
    assert pump.state.bolus_strokes_total == boluses


def test_an_uncertain_clock_lets_a_running_bolus_finish():
    pump = running()
    pump.press()
    pump.event(ClockUncertain())
    pump.wait(10 * MINUTE)
    assert pump.state.bolus_strokes_total == 20


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("alarm", Alarm)
def test_who_may_silence_an_alarm(alarm, role):
    """Verify: the physician any, the patient what is not critical, others none; it stays on show and sounds again."""
    pump = alarming(alarm)
    pump.wait(1)  # in the ms of a memory fault no command is accepted
    before = pump.state.alarms
    answer = pump.send(SilenceAlarm(alarm, HOUR), role)
    if role in (Role.SERVICE, Role.EMERGENCY):
        assert (answer, pump.state.alarms) == (Refused(Reason.NOT_ALLOWED), before)
    elif role is Role.PATIENT and REQUIRED[alarm].critical:
        assert (answer, pump.state.alarms) == (Refused(Reason.CRITICAL_ALARM), before)
    else:
        assert isinstance(answer, Done)
        assert tone_of(pump, alarm) is None
        assert alarm in standing(pump)
        assert pump.report().status.silenced == (alarm,)
        assert (pump.state.log[-1].kind, pump.state.log[-1].alarm) == (LogKind.ALARM_SILENCED, alarm)
        pump.wait(HOUR)
        assert tone_of(pump, alarm) is not None
        assert pump.report().status.silenced == ()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("alarm", Alarm)
def test_who_may_clear_an_alarm(alarm, role):
    """Verify: only its role, only latched ones; the others get their reason and the alarm stands."""
    pump, required = alarming(alarm), REQUIRED[alarm]
    pump.wait(1)
    answer = pump.send(ClearAlarm(alarm), role)
    if role in (Role.PATIENT, Role.EMERGENCY):
        assert answer == Refused(Reason.NOT_ALLOWED)
    elif role in required.clears:
        assert isinstance(answer, Done)
        assert (pump.state.log[-1].kind, pump.state.log[-1].alarm) == (LogKind.ALARM_CLEARED, alarm)
        assert alarm not in standing(pump)
        return
    elif not required.latched:
        assert answer == Refused(Reason.NOT_LATCHED)
    elif not required.clears:
        assert answer == Refused(Reason.CONDITION_STANDS)
    else:
        assert answer == Refused(Reason.NOT_ALLOWED)
    assert alarm in standing(pump)


@pytest.mark.parametrize("alarm", Alarm)
def test_what_does_not_stand_is_neither_silenced_nor_cleared(alarm):
    pump = running()
    before = pump.state.log
    assert pump.send(SilenceAlarm(alarm, HOUR)) == Refused(Reason.NOT_LATCHED)
    assert pump.send(ClearAlarm(alarm)) == Refused(Reason.NOT_LATCHED)
    assert pump.state.log == before


@pytest.mark.parametrize("alarm", [alarm for alarm in Alarm if REQUIRED[alarm].update is None])
def test_what_a_program_ends(alarm):
    """Verify: committing ends what says so, and the pump then gives its program again; the rest stands on."""
    pump = alarming(alarm)
    pump.wait(1)
    pump.commit(THERAPY)
    assert (alarm not in standing(pump)) is REQUIRED[alarm].ends_with_program
    before = len(pump.strokes)
    pump.wait(HOUR)
    assert (len(pump.strokes) > before) is (alarm is not Alarm.EMPTY_RESERVOIR)


def test_what_ends_by_itself_ends_with_its_condition():
    low, empty = alarming(Alarm.LOW_RESERVOIR), alarming(Alarm.EMPTY_RESERVOIR)
    for pump in (low, empty):
        pump.refill()
        assert standing(pump) == ()
    stalled = alarming(Alarm.MOTOR_STALL)
    stalled.wait(3 * MINUTE)
    stalled.event(MotorReported(0, 0))
    assert standing(stalled) == ()
    clock = alarming(Alarm.CLOCK_UNCERTAIN)
    clock.send(SetClock(clock.state.utc_ms, 0))
    assert standing(clock) == ()
    assert isinstance(clock.press(), Done)


def test_a_new_pump_alarms_nothing_however_long_it_lies_on_the_shelf():
    pump = Driven.new()
    pump.wait(400 * DAY)
    assert standing(pump) == ()
    assert pump.logged() == [LogKind.MANUFACTURED]


def test_a_stopped_pump_reminds_after_an_hour_and_is_critical_after_two_days():
    pump = running()
    pump.stop()
    stopped = pump.state.tick_ms
    pump.wait(HOUR - 1)
    assert standing(pump) == ()
    pump.wait(1)
    assert standing(pump) == (Alarm.STOPPED,)
    pump.wait(47 * HOUR - 1)
    assert standing(pump) == (Alarm.STOPPED,)
    pump.wait(1)
    assert standing(pump) == (Alarm.STOPPED, Alarm.STOPPED_TOO_LONG)
    assert [each.since_tick_ms - stopped for each in pump.state.alarms] == [HOUR, 48 * HOUR]
    pump.commit(THERAPY)
    assert standing(pump) == ()


def test_stopping_a_stopped_pump_does_not_put_the_reminder_off():
    pump = running()
    pump.stop()
    for _ in range(4):
        pump.wait(20 * MINUTE)
        pump.stop()
    assert standing(pump) == (Alarm.STOPPED,)


def test_while_an_alarm_stops_strokes_nothing_is_owed_and_the_carry_stays():
    pump = running()
    pump.wait(2 * MINUTE)
    carry = pump.state.carry
    assert carry == 240_000 * 2 * MINUTE
    pump.event(SupervisorTripped("too fast"))
    pump.wait(3 * DAY)
    assert pump.state.carry == carry
    pump.commit(THERAPY)
    start, before = pump.state.tick_ms, len(pump.strokes)
    pump.wait(HOUR)
    assert pump.strokes[before].tick_ms - start == MINUTE
    assert pump.state.carry == carry
    assert pump.state.reservoir.volume_nl + pump.state.strokes_total * STROKE == 20_000_000


def test_the_documented_alarms_are_the_table_of_the_code():
    begin = (
        '<!-- generated: python -c "from thecal.pump.controller.alarm_table import markdown; print(markdown())" -->\n'
    )
    _, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(begin)
    table, _, _ = rest.partition("\n<!-- end -->")
    assert table == markdown()
