"""The pump's own review of a program: everything that must hold before it may be confirmed, and again at commit.

The checks stand in one list and are asked in its order. Combined rate is decided here once and for all: a bolus
that would pass the pump's highest rate on top of the highest basal rate is no program, so no request, flex step
or outage can bring the two together later.
"""

from __future__ import annotations

from collections.abc import Callable

from thecal.device import Program, PumpDescriptor, Reason, Refused, Stage, Staged, program_hash
from thecal.pump.controller.numbers import (
    achievable_strokes,
    daily_dose_ng,
    daily_volume_nl,
    effective_per_24h,
    greatest_24h_volume_nl,
    greatest_daily_basal_nl,
    highest_rate,
)
from thecal.pump.controller.state import PumpState, StagedProgram
from thecal.pump.strokes import NL_MS_PER_NL

CONFIRM_WITHIN_MS = 120_000


def staged(state: PumpState, command: Stage) -> tuple[PumpState, Staged | Refused]:
    """Hold the program and answer with the pump's own decode of it, or refuse it. Nothing else changes."""
    refusal = first_refusal(state, command.program, command.based_on)
    if refusal is not None:
        return state, refusal
    held = StagedProgram(command.program, command.based_on, state.tick_ms)
    return state._replace(staged=held), decoded(state.identity.descriptor, command.program)


def decoded(descriptor: PumpDescriptor, program: Program) -> Staged:
    """What the program will really do in this pump."""
    prescribed = program.patient_bolus
    stroke_nl = descriptor.stroke_nl
    return Staged(
        staged_hash=program_hash(program),
        program=program,
        daily_volume_nl=daily_volume_nl(descriptor, program),
        daily_dose_ng=daily_dose_ng(descriptor, program),
        bolus_volume_nl=None if prescribed is None else achievable_strokes(prescribed, stroke_nl) * stroke_nl,
        effective_boluses_per_24h=None if prescribed is None else effective_per_24h(descriptor, program),
        greatest_24h_volume_nl=greatest_24h_volume_nl(descriptor, program),
        confirm_within_ms=CONFIRM_WITHIN_MS,
    )


def first_refusal(state: PumpState, program: Program, based_on: bytes) -> Refused | None:
    """Why this program may not run in this pump now; None: it may."""
    if state.numbers.hash != based_on:
        return Refused(Reason.PROGRAM_CHANGED)
    for check in _CHECKS:
        refusal = check(state, program)
        if refusal is not None:
            return refusal
    return None


def _right_pump(state: PumpState, program: Program) -> Refused | None:
    return None if program.pump_serial == state.identity.serial else Refused(Reason.WRONG_PUMP)


def _right_patient(state: PumpState, program: Program) -> Refused | None:
    return None if program.patient_token == state.identity.patient_token else Refused(Reason.WRONG_PATIENT)


def _right_fluid(state: PumpState, program: Program) -> Refused | None:
    return None if program.components == state.reservoir.components else Refused(Reason.FLUID_DIFFERS)


def _rates_in_range(state: PumpState, program: Program) -> Refused | None:
    limits = state.identity.descriptor
    for step in program.steps:
        rate = step.rate_nl_per_day
        if rate != 0 and not limits.lowest_rate_nl_per_day <= rate <= limits.highest_rate_nl_per_day:
            return Refused(Reason.PROGRAM_OUT_OF_RANGE, field="steps")
    return None


def _alarm_level_in_range(state: PumpState, program: Program) -> Refused | None:
    if program.low_reservoir_nl > state.identity.descriptor.reservoir_nl:
        return Refused(Reason.PROGRAM_OUT_OF_RANGE, field="low_reservoir_nl")
    return None


def _bolus_can_be_made(state: PumpState, program: Program) -> Refused | None:
    prescribed = program.patient_bolus
    if prescribed is None:
        return None
    limits = state.identity.descriptor
    strokes = achievable_strokes(prescribed, limits.stroke_nl)
    if strokes == 0:
        return Refused(Reason.PROGRAM_OUT_OF_RANGE, field="patient_bolus")
    bolus_rate = -(-strokes * limits.stroke_nl * NL_MS_PER_NL // prescribed.duration_ms)
    if highest_rate(limits, program) + bolus_rate > limits.highest_rate_nl_per_day:
        return Refused(Reason.RATE_LIMIT_REACHED, field="patient_bolus")
    return None


def _same_arithmetic(state: PumpState, program: Program) -> Refused | None:
    if program.stated_daily_dose_ng == daily_dose_ng(state.identity.descriptor, program):
        return None
    return Refused(Reason.ARITHMETIC_DIFFERS, field="stated_daily_dose_ng")


def _limit_holds_basal(state: PumpState, program: Program) -> Refused | None:
    if program.volume_limit_nl_per_24h < greatest_daily_basal_nl(state.identity.descriptor, program):
        return Refused(Reason.LIMIT_BELOW_BASAL, field="volume_limit_nl_per_24h")
    return None


def _limit_leaves_a_bolus(state: PumpState, program: Program) -> Refused | None:
    prescribed = program.patient_bolus
    if prescribed is None or effective_per_24h(state.identity.descriptor, program) > 0:
        return None
    return Refused(Reason.VOLUME_LIMIT_REACHED, field="volume_limit_nl_per_24h")


_CHECKS: tuple[Callable[[PumpState, Program], Refused | None], ...] = (
    _right_pump,
    _right_patient,
    _right_fluid,
    _rates_in_range,
    _alarm_level_in_range,
    _bolus_can_be_made,
    _same_arithmetic,
    _limit_holds_basal,
    _limit_leaves_a_bolus,
)
