"""What the encoder says the motor did: the believed reservoir and the counts follow it, and a stall is found.

Strokes are recorded before they are asked for. One that was not made is given back to the believed reservoir and
taken out of the counts; it is not made up for. One that nobody asked for is counted and subtracted like any other.
So believed volume + strokes made since the fill x stroke = the fill, unless more was made than it held.
"""

from __future__ import annotations

from thecal.device import Alarm, LogKind
from thecal.pump.controller import alarms
from thecal.pump.controller.bolus_end import interrupted
from thecal.pump.controller.events import MotorReported, SupervisorTripped
from thecal.pump.controller.log import logged
from thecal.pump.controller.state import PumpState

STALL_AFTER_UNCONFIRMED = 3  # assumed: no source says how many missed strokes the real pumps wait for


def reported(state: PumpState, report: MotorReported, recorded_total: int) -> PumpState:
    """The state after a report about the strokes up to the count ``recorded_total`` (those of this step come later)."""
    let_through = recorded_total - state.motor.reported_total
    missing = min(report.missing, let_through)
    state = _counted(state, missing - report.extra, report.of_bolus, report.of_once)
    row = missing if missing < let_through else state.motor.unconfirmed + missing
    state = state._replace(
        motor=state.motor._replace(
            missed_total=state.motor.missed_total + missing,
            reported_total=recorded_total - missing + report.extra,
        )
    )
    if missing < let_through:
        state = _recovered(state)
    state = _logged(state, missing, report.extra)
    state = state._replace(motor=state.motor._replace(unconfirmed=row))
    if row >= STALL_AFTER_UNCONFIRMED and not alarms.stands(state, Alarm.MOTOR_STALL):
        state = _stalled(state, row)
    state = alarms.refreshed(state)
    return interrupted(state) if state.empty else state


def refused(state: PumpState, trip: SupervisorTripped) -> PumpState:
    """The state without the strokes that the supervisor never let through. The motor was not asked: a stall stands."""
    never = min(trip.refused, state.strokes_total - state.motor.reported_total)
    state = _counted(state, never, trip.of_bolus, trip.of_once)
    state = state._replace(motor=state.motor._replace(missed_total=state.motor.missed_total + never))
    return alarms.refreshed(_logged(state, never, 0))


def _counted(state: PumpState, fewer: int, of_bolus: int, of_once: int) -> PumpState:
    """Counts and believed volume with so many strokes fewer (or more: negative).

    No count falls below nothing, no reservoir above its fill.
    """
    stroke_nl = state.identity.descriptor.stroke_nl
    volume_nl = state.reservoir.volume_nl + fewer * stroke_nl
    total = state.strokes_total - fewer
    # What is not said to be missing of a bolus was basal; where no basal stroke is left it was of a bolus after all.
    once = min(total, max(0, state.once_strokes_total - of_once))
    bolus = min(total - once, max(0, state.bolus_strokes_total - of_bolus))
    return state._replace(
        strokes_total=total,
        bolus_strokes_total=bolus,
        once_strokes_total=once,
        reservoir=state.reservoir._replace(volume_nl=max(0, min(volume_nl, state.reservoir.filled_nl))),
    )


def _stalled(state: PumpState, row: int) -> PumpState:
    """The motor does not turn: boluses end. The position of a bridge is what was made of it, without the row missed."""
    made = None if state.once is None else max(0, state.once.due_by(state.tick_ms) - row)
    state = state._replace(motor=state.motor._replace(stalled_tick_ms=state.tick_ms))
    return interrupted(alarms.raised(state, Alarm.MOTOR_STALL), made)


def _recovered(state: PumpState) -> PumpState:
    """The motor has turned: a stall that stood is over, and the log says for how long it stood."""
    since_tick_ms = state.motor.stalled_tick_ms
    if since_tick_ms is None:
        return state
    state = state._replace(motor=state.motor._replace(stalled_tick_ms=None))
    state = alarms.ended(state, Alarm.MOTOR_STALL)
    return logged(state, LogKind.MOTOR_RECOVERED, duration_ms=state.tick_ms - since_tick_ms)


def _logged(state: PumpState, missing: int, extra: int) -> PumpState:
    """An entry for what was missing and one for what was unasked, with the volume of each.

    Strokes that miss while a stall stands are not named one by one: they would push everything else out of the log.
    """
    stroke_nl = state.identity.descriptor.stroke_nl
    if missing and not alarms.stands(state, Alarm.MOTOR_STALL):
        state = logged(state, LogKind.STROKES_MISSED, missing * stroke_nl)
    if extra:
        state = logged(state, LogKind.STROKES_UNASKED, extra * stroke_nl)
    return state
