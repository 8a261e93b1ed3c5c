"""What the pump tells about itself: status for both roles, report for the physician."""

from __future__ import annotations

from thecal.device import (
    BolusStatus,
    OnceStatus,
    PatientBolus,
    Reason,
    Report,
    RequestBolus,
    Status,
    Waiting,
    program_hash,
)
from thecal.pump.controller.alarms import standing
from thecal.pump.controller.bolus import first_block, next_possible_in_ms
from thecal.pump.controller.log import latest
from thecal.pump.controller.numbers import daily_volume_nl
from thecal.pump.controller.schedule import pace
from thecal.pump.controller.situations import situation
from thecal.pump.controller.state import PumpState
from thecal.pump.controller.table import TABLE
from thecal.pump.controller.window import granted_in_window, volume_used_nl


def status(state: PumpState) -> Status:
    """What both programmers may see. ``mode`` and rates are the program's, also while an empty pump stands still."""
    return Status(
        utc_ms=state.utc_ms,
        clock_offset_min=state.clock.offset_min,
        mode=state.program.mode,
        rate_nl_per_day=pace(state).rate_nl_per_day,
        daily_volume_nl=daily_volume_nl(state.identity.descriptor, state.program),
        reservoir_nl=state.reservoir.volume_nl,
        low_reservoir_nl=state.program.low_reservoir_nl,
        components=state.reservoir.components,
        alarms=standing(state),
        bolus=None if state.program.patient_bolus is None else _bolus_status(state, state.program.patient_bolus),
        once=_once_status(state),
        bridge_left_nl=None if state.bridge_left is None else state.bridge_left * state.identity.descriptor.stroke_nl,
        waiting=_waiting(state),
        silenced=tuple(each.alarm for each in state.alarms if (each.silenced_until_tick_ms or 0) > state.tick_ms),
        overrides=state.overrides,
        library_version=None if state.library is None else state.library.version,
        log_head=state.log_head,
    )


def report(state: PumpState) -> Report:
    """The whole state, for the physician."""
    refilled = state.reservoir.refilled_tick_ms
    log_before, log = latest(state)
    return Report(
        descriptor=state.identity.descriptor,
        pump_serial=state.identity.serial,
        patient_token=state.identity.patient_token,
        status=status(state),
        program=state.program,
        program_hash=state.numbers.hash,
        refilled_utc_ms=None if refilled is None else max(0, state.clock.utc_at_tick_zero_ms + refilled),
        filled_nl=state.reservoir.filled_nl,
        strokes_total=state.strokes_total,
        bolus_strokes_total=state.bolus_strokes_total,
        log=log,
        log_before=log_before,
        once_strokes_total=state.once_strokes_total,
        library=state.library,
        waiting_program=None if state.waiting is None else state.waiting.program,
    )


def _once_status(state: PumpState) -> OnceStatus | None:
    once, stroke_nl = state.once, state.identity.descriptor.stroke_nl
    if once is None:
        return None
    given_nl = once.due_by(state.tick_ms) * stroke_nl
    return OnceStatus(once.kind, once.strokes * stroke_nl, given_nl, once.last_tick_ms - state.tick_ms)


def _waiting(state: PumpState) -> Waiting | None:
    if state.waiting is None or state.waiting.program.begins_utc_ms is None:
        return None
    return Waiting(program_hash(state.waiting.program), state.waiting.program.begins_utc_ms)


def _bolus_status(state: PumpState, prescribed: PatientBolus) -> BolusStatus:
    stroke_nl = state.identity.descriptor.stroke_nl
    strokes = state.numbers.bolus_strokes
    running = state.running_bolus
    return BolusStatus(
        volume_nl=strokes * stroke_nl,
        duration_ms=prescribed.duration_ms,
        lockout_ms=prescribed.lockout_ms,
        maximum_per_24h=prescribed.maximum_per_24h,
        effective_per_24h=state.numbers.effective_per_24h,
        remaining=_remaining(state, prescribed, strokes),
        running_delivered_nl=None if running is None else running.due_by(state.tick_ms) * stroke_nl,
        running_ends_in_ms=None if running is None else running.last_tick_ms - state.tick_ms,
        next_possible_in_ms=next_possible_in_ms(state),
        blocked_by=_blocked_by(state),
    )


def _remaining(state: PumpState, prescribed: PatientBolus, strokes: int) -> int:
    granted = granted_in_window(state, state.tick_ms)
    # The effective number is that of this program: an earlier one's grants use up the maximum and the volume, not it.
    own = [bolus for bolus in granted if bolus.start_tick_ms >= (state.committed_tick_ms or 0)]
    by_count = prescribed.maximum_per_24h - len(granted)
    by_program = state.numbers.effective_per_24h - len(own)
    used_nl = volume_used_nl(state, state.tick_ms, strokes, prescribed.duration_ms)
    left_nl = max(0, state.program.volume_limit_nl_per_24h - used_nl)
    return max(0, min(by_count, by_program, left_nl // (strokes * state.identity.descriptor.stroke_nl)))


def _blocked_by(state: PumpState) -> Reason | None:
    cell = TABLE[situation(state)][RequestBolus]
    if isinstance(cell, Reason):
        return cell
    block = first_block(state, state.tick_ms)
    return None if block is None else block.reason
