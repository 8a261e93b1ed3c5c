"""A program against the drug library: what a hard limit forbids, and which soft limits it passes.

A pump without a library declares nothing. What counts against a limit rounds up. A program that gives no dose (stopped,
or the minimum rate alone) is held against no limit, so that the safe programs can always be had.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from thecal.device import (
    INFUSING,
    BolusKind,
    Component,
    Library,
    Limit,
    Limited,
    Program,
    PumpDescriptor,
    Reason,
    Refused,
    SoftLimit,
    bounds,
)
from thecal.pump.controller.numbers import achievable_strokes, daily_volume_nl, greatest_24h_volume_nl
from thecal.pump.controller.state import PumpState


class _Value(NamedTuple):
    """One value of the program that the library bounds."""

    drug: str
    what: Limited
    value: int
    limit: Limit


def hard_refusal(state: PumpState, program: Program) -> Refused | None:
    """The drug that the library does not hold, or the first hard limit passed; None: nothing forbids the program.

    The limit itself is allowed. ``field`` of a hard limit is ``drug: what``.
    """
    library = state.library
    if library is None or not _gives_a_dose(program):
        return None
    for component in program.components:
        if library.limits_of(component.drug) is None:
            return Refused(Reason.DRUG_NOT_IN_LIBRARY, field=component.drug)
    for value in _values(state, library, program):
        if value.limit.hard is not None and value.value > value.limit.hard:
            return Refused(Reason.HARD_LIMIT, field=f"{value.drug}: {value.what.value}")
    return None


def soft_limits(state: PumpState, program: Program) -> tuple[SoftLimit, ...]:
    """Every soft limit that the program passes, by drug in the order of the fluid."""
    if state.library is None or not _gives_a_dose(program):
        return ()
    return tuple(
        SoftLimit(value.drug, value.what, min(value.value, bounds.COUNT.high), value.limit.soft)
        for value in _values(state, state.library, program)
        if value.limit.soft is not None and value.value > value.limit.soft
    )


def _gives_a_dose(program: Program) -> bool:
    return program.mode in INFUSING or program.once is not None


def _values(state: PumpState, library: Library, program: Program) -> Iterator[_Value]:
    descriptor = state.identity.descriptor
    day_nl = greatest_24h_volume_nl(descriptor, program) + _single_nl(descriptor, program)
    bolus_nl = _largest_bolus_nl(descriptor, program)
    for component in program.components:
        limits = library.limits_of(component.drug)
        if limits is None:
            continue
        drug, concentration = component.drug, component.concentration_ng_per_ml
        yield _Value(drug, Limited.CONCENTRATION, concentration, limits.concentration_ng_per_ml)
        yield _Value(drug, Limited.DAILY_DOSE, _dose_up_ng(day_nl, component), limits.daily_dose_ng)
        if bolus_nl:
            yield _Value(drug, Limited.BOLUS_DOSE, _dose_up_ng(bolus_nl, component), limits.bolus_dose_ng)
        step_up = _step_up_percent(state, program, component)
        if step_up is not None:
            yield _Value(drug, Limited.STEP_UP, step_up, library.step_up_percent)


def _dose_up_ng(volume_nl: int, component: Component) -> int:
    return -(-volume_nl * component.concentration_ng_per_ml // 1_000_000)


def _single_nl(descriptor: PumpDescriptor, program: Program) -> int:
    """A single bolus is a dose beside the rest of its day. Priming and bridge move fluid that was there before."""
    if program.once is None or program.once.kind is not BolusKind.SINGLE:
        return 0
    return program.once.volume_nl // descriptor.stroke_nl * descriptor.stroke_nl


def _largest_bolus_nl(descriptor: PumpDescriptor, program: Program) -> int:
    stroke_nl = descriptor.stroke_nl
    repeated = (achievable_strokes(each, stroke_nl) for each in (program.patient_bolus, program.periodic))
    return max(*(strokes * stroke_nl for strokes in repeated), _single_nl(descriptor, program))


def _step_up_percent(state: PumpState, program: Program, component: Component) -> int | None:
    """How far the daily dose of basal and periodic boluses rises above that of the running program, percent, up.

    None when the running program does not give this drug: there is nothing to rise from.
    """
    running = state.program
    before = next((each for each in running.components if each.drug == component.drug), None)
    if before is None or running.mode not in INFUSING or program.mode not in INFUSING:
        return None
    descriptor = state.identity.descriptor
    was = daily_volume_nl(descriptor, running) * before.concentration_ng_per_ml
    becomes = daily_volume_nl(descriptor, program) * component.concentration_ng_per_ml
    return None if was == 0 else max(0, -(-(becomes - was) * 100 // was))
