"""A motor that now and then does not turn: what both layers believe is what it did, and nobody cries wolf."""

from __future__ import annotations

from random import Random

import pytest

from tests.pump.driven import DAY, HOUR, MINUTE, PUMP, STROKE, once_bolus, program
from tests.pump.supervisor.both import Both
from thecal.device import Alarm, BolusKind, PatientBolus, PeriodicBolus, Program, StopInfusion
from thecal.pump import FieldEntered, FieldLeft, MotorReported, PowerRestored, TimePassed
from thecal.pump.supervisor import TripReason

BOLUS = PatientBolus(10_000, 10 * MINUTE, HOUR, 24)
PROGRAMS = (
    program((0, 480_000), bolus=BOLUS, limit_nl=20_000_000, low_nl=0),
    program((0, 48_000), periodic=PeriodicBolus(10_000, 10 * MINUTE, HOUR), limit_nl=20_000_000, low_nl=0),
    program((0, 240_000), once=once_bolus(BolusKind.SINGLE, 40, HOUR), limit_nl=20_000_000, low_nl=0),
)


class Motor:
    """Turns or does not; its encoder is read after every step, before the next."""

    def __init__(self, chance: Random, both: Both) -> None:
        self.chance, self.both = chance, both
        self.made = self.row = self.seen = 0
        self.stuck = False
        self.owes_word = False  # strokes were missing in the last report: the next one is told too

    def turn(self) -> None:
        """Make what was let through since the last time, and report where the encoder differs."""
        asked = len(self.both.strokes) - self.seen
        self.seen = len(self.both.strokes)
        missing = 0
        for _ in range(asked):
            fails = self.stuck or self.chance.random() < 0.02
            missing += fails
            self.row = self.row + 1 if fails else 0
        self.made += asked - missing
        if missing or (self.owes_word and asked):
            self.both.event(MotorReported(missing, 0))
            self.owes_word = missing > 0


def moved(chance: Random, both: Both, motor: Motor) -> None:
    """One thing that happens, after a while."""
    elapsed_ms = chance.choice([1, MINUTE, 10 * MINUTE, HOUR, chance.randint(0, 8 * HOUR)])
    act = chance.choice(["look", "look", "look", "press", "press", "commit", "outage", "field", "refill", "stop"])
    both.event(TimePassed(), both.now + elapsed_ms)
    motor.turn()
    if act == "press":
        both.press()
    elif act == "commit":
        both.commit(chance.choice(PROGRAMS)) if both.pump.state.once is None else both.press()
    elif act == "outage":
        both.event(PowerRestored(MINUTE), both.now + MINUTE)
    elif act == "field":
        both.event(FieldLeft() if motor.stuck else FieldEntered())
        motor.stuck = not motor.stuck
    elif act == "refill" and not motor.stuck:
        both.refill()
    elif act == "stop" and chance.random() < 0.2:
        both.send(StopInfusion())


@pytest.mark.parametrize("seed", range(30))
def test_what_is_believed_is_what_the_motor_did_and_no_stall_trips_a_supervisor_that_was_told(seed):
    """Verify after each step: strokes counted = strokes made; never a trip; the reservoir agrees since its fill."""
    chance, both = Random(seed), Both()
    both.refill()
    assert both.commit(PROGRAMS[seed % 3])
    motor = Motor(chance, both)
    for _ in range(60):
        moved(chance, both, motor)
        motor.turn()
        assert both.pump.state.strokes_total == motor.made
        assert both.pump.guard.trip is None, seed
        assert both.pump.state.reservoir.volume_nl <= PUMP.reservoir_nl


@pytest.mark.parametrize("missing", [1, 2, 3, 11, 12, 13, 400])
def test_a_stretch_in_which_nothing_turned_is_a_stall_and_not_a_trip(missing):
    both = Both()
    both.refill()
    assert both.commit(PROGRAMS[0])
    both.event(TimePassed(), missing * DAY // 960)
    assert len(both.strokes) == missing
    both.event(MotorReported(missing, 0))
    standing = {each.alarm for each in both.pump.state.alarms}
    assert (Alarm.MOTOR_STALL in standing) == (missing >= 3)
    assert both.pump.guard.trip is None
    assert both.pump.state.reservoir.volume_nl == PUMP.reservoir_nl
    both.wait(HOUR)
    both.event(MotorReported(0, 0))
    assert Alarm.MOTOR_STALL not in {each.alarm for each in both.pump.state.alarms}
    assert both.pump.state.reservoir.volume_nl == PUMP.reservoir_nl - 40 * STROKE


def test_a_runaway_trips_whatever_the_controller_knows():
    for extra in (1, 2, 10_000):
        both = Both()
        both.refill()
        wanted: Program = PROGRAMS[0]
        assert both.commit(wanted)
        both.wait(HOUR)
        both.event(MotorReported(0, extra))
        assert both.pump.guard.trip is TripReason.UNREQUESTED_STROKE
        made = len(both.strokes)
        both.wait(30 * DAY)
        both.press()
        both.wait(DAY)
        assert len(both.strokes) == made
