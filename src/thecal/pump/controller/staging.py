"""The pump's own review of a program: everything that must hold before it may be confirmed, and again at commit.

The checks stand in one list and are asked in its order. Combined rate is decided here once and for all: a bolus
that would pass the pump's highest rate on top of the highest basal rate is no program, so no request, flex step
or outage can bring the two together later. A delayed program is reviewed once more when its time comes: then nothing
is compared with an interrogation, and its start is not ahead any more.
"""

from __future__ import annotations

from collections.abc import Callable

from thecal.device import (
    BolusKind,
    BridgeLeft,
    PatientBolus,
    PeriodicBolus,
    Program,
    PumpDescriptor,
    Reason,
    Refused,
    SoftLimit,
    Stage,
    Staged,
    bounds,
    program_hash,
)
from thecal.pump.controller.library_limits import hard_refusal, soft_limits
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
    passed = soft_limits(state, command.program)
    held = StagedProgram(command.program, command.based_on, state.tick_ms, passed)
    return state._replace(staged=held), decoded(state.identity.descriptor, command.program, passed)


def decoded(descriptor: PumpDescriptor, program: Program, passed: tuple[SoftLimit, ...] = ()) -> Staged:
    """What the program will really do in this pump, with the soft limits it passes."""
    prescribed, periodic, once = program.patient_bolus, program.periodic, program.once
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
        soft_limits=passed,
        once_volume_nl=None if once is None else once.volume_nl // stroke_nl * stroke_nl,
        periodic_volume_nl=None if periodic is None else achievable_strokes(periodic, stroke_nl) * stroke_nl,
    )


def first_refusal(state: PumpState, program: Program, based_on: bytes | None) -> Refused | None:
    """Why this program may not run in this pump now; None: it may.

    ``based_on`` is the hash of the program it was written against; None for a waiting program whose time has come.
    """
    for check in _CHECKS:
        refusal = check(state, program, based_on)
        if refusal is not None:
            return refusal
    return None


def unfinished_bridge(state: PumpState) -> int | None:
    """The strokes that a running or interrupted bridge bolus still owes; None: there is none."""
    if state.once is not None and state.once.kind is BolusKind.BRIDGE:
        return state.once.strokes - state.once.due_by(state.tick_ms)
    return state.bridge_left


def _as_interrogated(state: PumpState, _program: Program, based_on: bytes | None) -> Refused | None:
    return None if based_on in (None, state.numbers.hash) else Refused(Reason.PROGRAM_CHANGED)


def _start_ahead(state: PumpState, program: Program, based_on: bytes | None) -> Refused | None:
    if based_on is None or program.begins_utc_ms is None:
        return None
    ahead_ms = program.begins_utc_ms - state.utc_ms
    if bounds.DELAYED_START.low <= ahead_ms <= bounds.DELAYED_START.high:
        return None
    return Refused(Reason.START_IN_PAST, field="begins_utc_ms")


def _same_library(state: PumpState, program: Program, _based_on: bytes | None) -> Refused | None:
    ours = None if state.library is None else state.library.version
    return None if program.library_version == ours else Refused(Reason.LIBRARY_DIFFERS, field="library_version")


def _right_pump(state: PumpState, program: Program, _based_on: bytes | None) -> Refused | None:
    return None if program.pump_serial == state.identity.serial else Refused(Reason.WRONG_PUMP)


def _right_patient(state: PumpState, program: Program, _based_on: bytes | None) -> Refused | None:
    return None if program.patient_token == state.identity.patient_token else Refused(Reason.WRONG_PATIENT)


def _right_fluid(state: PumpState, program: Program, _based_on: bytes | None) -> Refused | None:
    return None if program.components == state.reservoir.components else Refused(Reason.FLUID_DIFFERS)


def _rates_in_range(state: PumpState, program: Program, _based_on: bytes | None) -> Refused | None:
    limits = state.identity.descriptor
    for step in program.steps:
        rate = step.rate_nl_per_day
        if rate != 0 and not limits.lowest_rate_nl_per_day <= rate <= limits.highest_rate_nl_per_day:
            return Refused(Reason.PROGRAM_OUT_OF_RANGE, field="steps")
    return None


def _alarm_level_in_range(state: PumpState, program: Program, _based_on: bytes | None) -> Refused | None:
    if program.low_reservoir_nl > state.identity.descriptor.reservoir_nl:
        return Refused(Reason.PROGRAM_OUT_OF_RANGE, field="low_reservoir_nl")
    return None


def _bolus_can_be_made(state: PumpState, program: Program, _based_on: bytes | None) -> Refused | None:
    return _can_be_made(state, program, program.patient_bolus, "patient_bolus")


def _periodic_can_be_made(state: PumpState, program: Program, _based_on: bytes | None) -> Refused | None:
    return _can_be_made(state, program, program.periodic, "periodic")


def _can_be_made(
    state: PumpState, program: Program, bolus: PatientBolus | PeriodicBolus | None, field: str
) -> Refused | None:
    """A bolus of at least one stroke that fits on top of the highest basal rate."""
    if bolus is None:
        return None
    limits = state.identity.descriptor
    strokes = achievable_strokes(bolus, limits.stroke_nl)
    if strokes == 0:
        return Refused(Reason.PROGRAM_OUT_OF_RANGE, field=field)
    if highest_rate(limits, program) + _rate_up(strokes * limits.stroke_nl, bolus.duration_ms) > (
        limits.highest_rate_nl_per_day
    ):
        return Refused(Reason.RATE_LIMIT_REACHED, field=field)
    return None


def _once_can_be_made(state: PumpState, program: Program, _based_on: bytes | None) -> Refused | None:
    """It takes the place of the basal, so its own rate must fit."""
    once, limits = program.once, state.identity.descriptor
    if once is None:
        return None
    strokes = once.volume_nl // limits.stroke_nl
    if strokes == 0:
        return Refused(Reason.PROGRAM_OUT_OF_RANGE, field="once")
    if _rate_up(strokes * limits.stroke_nl, once.duration_ms) > limits.highest_rate_nl_per_day:
        return Refused(Reason.RATE_LIMIT_REACHED, field="once")
    return None


def _rate_up(volume_nl: int, duration_ms: int) -> int:
    return -(-volume_nl * NL_MS_PER_NL // duration_ms)


def _bridge_decided(state: PumpState, program: Program, _based_on: bytes | None) -> Refused | None:
    left = unfinished_bridge(state)
    if left is None:
        return None if program.bridge_left is None else Refused(Reason.NO_BRIDGE, field="bridge_left")
    if program.bridge_left is None:
        return Refused(Reason.BRIDGE_UNDECIDED, field="bridge_left")
    left_nl = left * state.identity.descriptor.stroke_nl
    if program.bridge_left is BridgeLeft.CONTINUE and (program.once is None or program.once.volume_nl != left_nl):
        return Refused(Reason.BRIDGE_VOLUME_DIFFERS, field="once")
    return None


def _same_arithmetic(state: PumpState, program: Program, _based_on: bytes | None) -> Refused | None:
    if program.stated_daily_dose_ng == daily_dose_ng(state.identity.descriptor, program):
        return None
    return Refused(Reason.ARITHMETIC_DIFFERS, field="stated_daily_dose_ng")


def _limit_holds_basal(state: PumpState, program: Program, _based_on: bytes | None) -> Refused | None:
    if program.volume_limit_nl_per_24h < greatest_daily_basal_nl(state.identity.descriptor, program):
        return Refused(Reason.LIMIT_BELOW_BASAL, field="volume_limit_nl_per_24h")
    return None


def _limit_leaves_a_bolus(state: PumpState, program: Program, _based_on: bytes | None) -> Refused | None:
    prescribed = program.patient_bolus
    if prescribed is None or effective_per_24h(state.identity.descriptor, program) > 0:
        return None
    return Refused(Reason.VOLUME_LIMIT_REACHED, field="volume_limit_nl_per_24h")


def _within_library(state: PumpState, program: Program, _based_on: bytes | None) -> Refused | None:
    return hard_refusal(state, program)


_CHECKS: tuple[Callable[[PumpState, Program, bytes | None], Refused | None], ...] = (
    _as_interrogated,
    _right_pump,
    _right_patient,
    _right_fluid,
    _same_library,
    _start_ahead,
    _rates_in_range,
    _alarm_level_in_range,
    _bolus_can_be_made,
    _periodic_can_be_made,
    _once_can_be_made,
    _bridge_decided,
    _same_arithmetic,
    _limit_holds_basal,
    _limit_leaves_a_bolus,
    _within_library,
)
