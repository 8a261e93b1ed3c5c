"""Each invariant fails where it should: one step of a small pump, with one thing about it made wrong."""

from __future__ import annotations

import pytest
from verification.pump_history import Granted, History, Seen
from verification.pump_invariants import INVARIANTS
from verification.pump_states import observed
from verification.pump_worlds import (
    FAST,
    FLUID,
    HOUR,
    MINUTE,
    STOPPED,
    STROKE,
    TINY,
    WORLDS,
    sent,
)

from thecal.device import BolusKind, RecordRefill, RequestBolus, Role, StopInfusion
from thecal.pump import Bolus, CommandReceived, TimePassed
from thecal.pump.supervisor import TripReason
from thecal.pump.supervisor.guard import counted

RUNS = WORLDS[0].begins


def waited() -> Seen:
    """The pump after 6 h: twelve strokes."""
    return observed(RUNS, History(), TimePassed(), RUNS.state.tick_ms + 6 * HOUR)[0]


def asked(command, role: Role = Role.PHYSICIAN) -> Seen:
    """The pump asked for something at once."""
    happening = sent(command, role)(RUNS)
    assert happening is not None
    return observed(RUNS, History(), *happening)[0]


def after(seen: Seen, **changed) -> Seen:
    return seen._replace(after=seen.after._replace(state=seen.after.state._replace(**changed)))


def before(seen: Seen, **changed) -> Seen:
    return seen._replace(before=seen.before._replace(state=seen.before.state._replace(**changed)))


def _crowded(seen: Seen) -> Seen:
    last = seen.strokes[-1].tick_ms
    ticks = tuple(last - back for back in range(14 * MINUTE, -1, -MINUTE))
    return seen._replace(history=seen.history._replace(of_program=ticks))


def _full_day(seen: Seen) -> Seen:
    last = seen.strokes[-1].tick_ms
    ticks = tuple(last - back * 20 * MINUTE for back in range(54, -1, -1))
    return seen._replace(history=seen.history._replace(of_program=ticks, granted_since=1))


def _guard(seen: Seen, **changed) -> Seen:
    return seen._replace(after=seen.after._replace(guard=seen.after.guard._replace(**changed)))


def _early_grant(seen: Seen) -> Seen:
    now = seen.now_tick_ms
    return seen._replace(history=History(grants=(Granted(now - MINUTE, HOUR, 3), Granted(now, HOUR, 3))))


def _intruder() -> Seen:
    stopped = asked(StopInfusion())
    assert isinstance(stopped.event, CommandReceived)
    return stopped._replace(event=CommandReceived(stopped.event.request, Role.PATIENT))


def _refused() -> Seen:
    return asked(RecordRefill(TINY.reservoir_nl + 1, FLUID))


def _twice(seen: Seen) -> Seen:
    running = Bolus(0, HOUR, 2)
    return after(seen, boluses=(running,), once=running._replace(kind=BolusKind.SINGLE))


RESERVOIR = RUNS.state.reservoir
LITTLE = RESERVOIR._replace(volume_nl=STROKE, filled_nl=STROKE)
WRONG = {
    "i1_no_window_of_24_h_holds_more_than_the_limit": lambda: _full_day(waited()),
    "i1_no_window_passes_the_highest_rate": lambda: _crowded(waited()),
    "i2_volume_is_conserved_and_unsigned": lambda: after(waited(), reservoir=RESERVOIR),
    "i3_no_stroke_unless_the_pump_delivers": lambda: before(waited(), program=STOPPED),
    "i4_basal_is_the_integral_of_the_rate": lambda: after(waited(), carry=1),
    "i5_at_most_one_bolus_and_never_more_than_prescribed": lambda: _twice(waited()),
    "i6_grants_are_a_lockout_apart": lambda: _early_grant(asked(RequestBolus(), Role.PATIENT)),
    "i7_a_program_begins_only_by_its_hash": lambda: after(waited(), program=FAST),
    "i8_every_change_is_in_the_log": lambda: after(waited(), bridge_left=3),
    "i10_a_role_reaches_only_its_own": _intruder,
    "i11_what_is_made_is_counted_first": lambda: after(waited(), strokes_total=0),
    "i12_the_supervisor_says_the_same_of_each_stroke_alone": lambda: _guard(
        waited(), every=counted(waited().after.guard.every)
    ),
    "i12_the_supervisor_trips_only_for_cause": lambda: _guard(waited(), trip=TripReason.TOO_FAST),
    "i13_no_message_delays_a_stroke": lambda: after(_refused(), carry=_refused().after.state.carry + 1),
    "i14_a_standing_alarm_is_heard_and_shown": lambda: after(before(waited(), alarms=_low()), reservoir=LITTLE),
}


def _low():
    few = RUNS.state._replace(reservoir=RESERVOIR._replace(volume_nl=STROKE * 6, filled_nl=STROKE * 6))
    seen = observed(RUNS._replace(state=few), History(), TimePassed(), few.tick_ms + HOUR)[0]
    assert seen.after.state.alarms
    return seen.after.state.alarms


@pytest.mark.parametrize("name", WRONG)
def test_an_invariant_holds_of_the_step_and_not_of_the_wrong_one(name):
    """Verify: the named invariant is false of a step that is wrong in its way."""
    invariant = next(each for each in INVARIANTS if each.__name__ == name)
    assert not invariant(WRONG[name]())


@pytest.mark.parametrize("seen", [waited, _refused, lambda: asked(RequestBolus(), Role.PATIENT)])
def test_every_invariant_holds_of_the_steps_made_wrong_above(seen):
    """Verify: as they were, the steps break nothing."""
    assert [each.__name__ for each in INVARIANTS if not each(seen())] == []


def test_every_invariant_has_its_wrong_step():
    """Verify: none is left out."""
    assert set(WRONG) == {each.__name__ for each in INVARIANTS}
