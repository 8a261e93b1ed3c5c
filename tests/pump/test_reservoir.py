"""Low and empty: the alarms at the very stroke, boluses that fit, nothing owed while nothing is given."""

from __future__ import annotations

import pytest

from tests.pump.driven import BOLUS, DAY, HOUR, MINUTE, STROKE, program, treated
from thecal.device import Alarm, Done, LogKind, PatientBolus, Reason, Refused, Role
from thecal.device.commands import ReadStatus
from thecal.pump import StrokeKind, next_event_tick, next_stroke_tick

THREE_MINUTES = 3 * MINUTE  # one stroke of 500 nL at 240 000 nL/day


@pytest.mark.parametrize(("low_nl", "strokes"), [(2_000_000, 20), (1_999_999, 21), (2_000_499, 20), (2_000_500, 19)])
def test_the_low_alarm_stands_from_the_stroke_that_reaches_the_level(low_nl, strokes):
    pump = treated(program((0, 240_000), low_nl=low_nl), volume_nl=2_010_000)
    pump.wait(THREE_MINUTES * strokes - 1)
    assert pump.report().status.alarms == ()
    pump.wait(1)
    assert pump.report().status.alarms == (Alarm.LOW_RESERVOIR,)
    entry = pump.state.log[-1]
    assert (entry.kind, entry.volume_nl) == (LogKind.LOW_RESERVOIR, 2_010_000 - strokes * STROKE)
    pump.wait(DAY)
    assert len(pump.strokes) == strokes + 480
    assert pump.logged().count(LogKind.LOW_RESERVOIR) == 1


@pytest.mark.parametrize("rest_nl", [0, 499])
def test_empty_stops_strokes_with_a_critical_alarm_and_owes_nothing(rest_nl):
    pump = treated(program((0, 240_000), low_nl=5_000), volume_nl=10_000 + rest_nl)
    pump.wait(DAY)
    assert len(pump.strokes) == 20
    assert pump.report().status.reservoir_nl == rest_nl
    assert pump.report().status.alarms == (Alarm.LOW_RESERVOIR, Alarm.EMPTY_RESERVOIR)
    assert Alarm.EMPTY_RESERVOIR.critical
    assert not Alarm.LOW_RESERVOIR.critical
    assert pump.state.log[-1].tick_ms == 20 * THREE_MINUTES
    assert (next_stroke_tick(pump.state), next_event_tick(pump.state)) == (None, None)
    assert pump.report().status.mode.value == "simple continuous"
    assert isinstance(pump.refill(), Done)
    assert pump.report().status.alarms == ()
    pump.wait(THREE_MINUTES)
    assert len(pump.strokes) == 21


def test_a_bolus_is_refused_when_it_the_basal_beside_it_and_one_stroke_do_not_fit():
    """Verify the very nanolitre: 20 bolus strokes, 4 basal strokes in ten minutes (rounded up), 1 of margin."""
    needed_nl = 25 * STROKE
    for spare_nl, granted in ((0, True), (-1, False)):
        pump = treated(program((0, 240_000), bolus=BOLUS, low_nl=100_000), volume_nl=needed_nl + 40_000 + spare_nl)
        pump.wait(4 * HOUR)
        assert pump.state.reservoir.volume_nl == needed_nl + spare_nl
        assert Alarm.LOW_RESERVOIR in pump.report().status.alarms
        answer = pump.press()
        if granted:
            assert isinstance(answer, Done)
            pump.wait(10 * MINUTE)
            assert pump.state.bolus_strokes_total == 20
            assert not pump.state.empty
        else:
            assert answer == Refused(Reason.RESERVOIR_TOO_LOW)
            bolus = pump.send(ReadStatus(), Role.PATIENT).bolus
            assert (bolus.blocked_by, bolus.next_possible_in_ms) == (Reason.RESERVOIR_TOO_LOW, None)


@pytest.mark.parametrize(("left", "bolus_strokes"), [(5, 5), (6, 5), (7, 6)])
def test_a_reservoir_that_runs_empty_under_a_bolus_cancels_it(left, bolus_strokes):
    """Verify, though no granted bolus should meet it: basal and bolus both fall due at 3 min; basal has the last."""
    pump = treated(program((0, 240_000), bolus=BOLUS, low_nl=0))
    pump.wait(4 * HOUR)
    pump.press()
    nearly = pump.state.reservoir._replace(volume_nl=left * STROKE)
    pump.state = pump.state._replace(reservoir=nearly)
    made = len(pump.strokes)
    pump.wait(HOUR)
    assert len(pump.strokes) - made == left
    assert (pump.strokes[-1].kind is StrokeKind.BASAL) == (left == 6)
    assert pump.state.bolus_strokes_total == bolus_strokes
    assert pump.state.running_bolus is None
    assert pump.logged()[-3:] == [LogKind.BOLUS_CANCELLED, LogKind.LOW_RESERVOIR, LogKind.EMPTY_RESERVOIR]
    assert pump.state.log[-3].volume_nl == bolus_strokes * STROKE


def test_an_empty_pump_refuses_boluses_but_obeys_the_physician():
    wanted = program((0, 240_000), bolus=PatientBolus(500, MINUTE, 15 * MINUTE, 4))
    pump = treated(wanted, volume_nl=1_000)
    pump.wait(HOUR)
    assert pump.press() == Refused(Reason.RESERVOIR_EMPTY)
    pump.commit(program((0, 480_000)))
    pump.wait(HOUR)
    assert len(pump.strokes) == 2
    pump.refill()
    pump.wait(HOUR)
    assert len(pump.strokes) == 2 + 40


def test_raising_the_alarm_level_above_the_content_alarms_at_once():
    pump = treated(program((0, 240_000), low_nl=1_000_000), volume_nl=3_000_000)
    pump.commit(program((0, 240_000), low_nl=3_000_000))
    assert pump.logged()[-2:] == [LogKind.PROGRAM_COMMITTED, LogKind.LOW_RESERVOIR]


def test_filled_less_strokes_is_always_what_is_left():
    pump = treated(program((0, 1_000_000), (700, 0), bolus=BOLUS))
    for _ in range(40):
        pump.wait(3 * HOUR)
        pump.press()
        assert pump.state.reservoir.volume_nl + pump.state.strokes_total * STROKE == pump.report().filled_nl
