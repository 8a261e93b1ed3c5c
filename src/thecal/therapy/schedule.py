"""A flex schedule as the rates of a day, and the rates of a day as the schedule a clinician would type."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from thecal.device import FlexStep, Mode, Program
from thecal.device.program import FLEX_STEPS_MAX
from thecal.quantities import Concentration, DoseRate, Duration, FlowRate, Mass, Volume
from thecal.therapy.arithmetic import (
    dose_counted,
    mass_counted,
    rate_for_dose,
    rate_for_timed_dose,
    timed_dose_counted,
)
from thecal.therapy.prescription import (
    BolusOrder,
    Flex,
    FluidComponent,
    MinimumRate,
    Prescription,
    Regimen,
    SimpleContinuous,
    Stopped,
    TimedDose,
)
from thecal.therapy.profile import Profile

_MIN_PER_DAY = 1_440


def day_steps(flex: Flex, concentration: Concentration) -> tuple[FlexStep, ...]:
    """The rates of a day from 00:00: each step's own, rounded down, and the background between them.

    Neighbours of one rate are joined only where the day would not fit a pump otherwise. The number of steps may
    still be more than a pump holds; whoever asks decides what that means.
    """
    background = rate_for_dose(flex.background, concentration).count
    runs = sorted(
        (start, end, rate_for_timed_dose(step.dose, concentration, step.minutes).count)
        for step in flex.steps
        for start, end in step.occurrences()
    )
    steps: list[FlexStep] = []
    reached = 0
    for start, end, rate in runs:
        if reached < start:
            steps.append(FlexStep(reached, background))
        steps.append(FlexStep(start, rate))
        reached = end
    if reached < _MIN_PER_DAY:
        steps.append(FlexStep(reached, background))
    if len(steps) > FLEX_STEPS_MAX:
        steps = steps[:1] + [b for a, b in pairwise(steps) if a.rate_nl_per_day != b.rate_nl_per_day]
    if len(steps) == 1:  # a pump's flex has at least two steps
        steps.append(FlexStep(_MIN_PER_DAY // 2, steps[0].rate_nl_per_day))
    return tuple(steps)


def programmed_daily(regimen: Regimen) -> Fraction:
    """The basal dose of the primary drug that a regimen asks for in a day, in ng/day, exactly.

    0 when stopped or at minimum rate.
    """
    if isinstance(regimen, SimpleContinuous):
        return Fraction(regimen.daily_dose.count)
    if isinstance(regimen, Flex):
        steps = sum(step.dose.count * step.times_per_day for step in regimen.steps)
        return steps + Fraction(regimen.background.count * regimen.background_minutes, _MIN_PER_DAY)
    return Fraction(0)


def prescribed_fluid(program: Program) -> tuple[FluidComponent, ...]:
    """The fluid a program was written for."""
    return tuple(
        FluidComponent(component.drug, Concentration(component.concentration_ng_per_ml))
        for component in program.components
    )


def cannot_prescribe(program: Program) -> str | None:
    """What no prescription can say of this program, and how its draft begins instead; None where it can."""
    if program.mode is Mode.PERIODIC_BOLUS:
        return (
            "Periodic boluses cannot be prescribed here: a draft begins as one constant flow of the same 24-hour dose."
        )
    if len(program.day_groups) > 1:
        return "Days that differ cannot be prescribed here: a draft begins as the day that gives least, every day."
    return None


def as_prescribed(program: Program) -> Prescription:
    """The prescription a clinician would type to get this program: the start of every draft.

    Its doses are the smallest that translate into the program's counts, so an unedited draft changes nothing. For what
    ``cannot_prescribe`` names it is the nearest that gives no more.
    """
    components = prescribed_fluid(program)
    low = None if program.low_reservoir_nl == 0 else Volume(program.low_reservoir_nl)
    bolus = program.patient_bolus
    order = None
    if bolus is not None:
        dose = mass_counted(Volume(bolus.volume_nl), components[0].concentration)
        order = BolusOrder(dose, Duration(bolus.duration_ms), Duration(bolus.lockout_ms), bolus.maximum_per_24h)
    return Prescription(components, _regimen(program, components), order, low)


def _regimen(program: Program, components: tuple[FluidComponent, ...]) -> Regimen:
    if program.mode is Mode.STOPPED:
        return Stopped()
    if program.mode is Mode.MINIMUM_RATE:
        return MinimumRate()
    concentration = components[0].concentration
    if program.mode is Mode.SIMPLE_CONTINUOUS:
        return SimpleContinuous(dose_counted(FlowRate(program.steps[0].rate_nl_per_day), concentration))
    if program.mode is Mode.PERIODIC_BOLUS:  # the program states its 24-hour dose, and the pump has checked it
        return SimpleContinuous(DoseRate(program.stated_daily_dose_ng[0]))
    least = min(program.day_groups, key=lambda steps: Profile(_every_day(steps)).daily)
    if len(least) == 1:
        return SimpleContinuous(dose_counted(FlowRate(least[0].rate_nl_per_day), concentration))
    return _flex(_every_day(least), concentration)


def _every_day(steps: tuple[FlexStep, ...]) -> tuple[FlexStep, ...]:
    return tuple(FlexStep(step.start_min, step.rate_nl_per_day) for step in steps)


def _flex(steps: tuple[FlexStep, ...], concentration: Concentration) -> Flex:
    """The schedule that translates into exactly these steps, with the longest-held rate as background if it can be.

    Doses are whole nanograms, so in a thin fluid not every rate is the dose of a day; then another rate is the
    background, or none. A program that was written elsewhere may have no such schedule: the nearest is returned.
    """
    ends = [*(step.start_min for step in steps[1:]), _MIN_PER_DAY]
    pieces = [(step.start_min, end, step.rate_nl_per_day) for step, end in zip(steps, ends, strict=True)]
    if len({rate for _, _, rate in pieces}) == 1:
        whole = timed_dose_counted(FlowRate(pieces[0][2]), concentration, _MIN_PER_DAY)
        return Flex(DoseRate(0), (TimedDose(0, _MIN_PER_DAY, whole, 24),))
    minutes: dict[int, int] = {}
    for start, end, rate in pieces:
        minutes[rate] = minutes.get(rate, 0) + end - start
    by_length = sorted(minutes, key=lambda rate: (-minutes[rate], rate))
    tried = [_around(background, pieces, concentration) for background in (*by_length, None)]
    return next((flex for flex in tried if day_steps(flex, concentration) == steps), tried[0])


def _around(background: int | None, pieces: list[tuple[int, int, int]], concentration: Concentration) -> Flex:
    """These rates as a schedule around one of them; None: every piece is a step."""
    typed: list[TimedDose] = []
    previous: int | None = None
    for start, end, rate in pieces:
        if rate == background and previous != background:
            previous = background
            continue
        # two neighbours of one rate stay two steps
        typed.append(TimedDose(start, end, timed_dose_counted(FlowRate(rate), concentration, end - start), 24))
        previous = None
    return Flex(dose_counted(FlowRate(background or 0), concentration), tuple(typed))


def step_dose(step: FlexStep, end_min: int, concentration: Concentration) -> Mass:
    """What one step of a program gives, rounded up: for showing a stored schedule."""
    return timed_dose_counted(FlowRate(step.rate_nl_per_day), concentration, end_min - step.start_min)
