"""What follows from a program alone, worked out once when it takes effect and not again for every event."""

from __future__ import annotations

from typing import NamedTuple

from thecal.device import Component, FlexStep, Mode, PatientBolus, PeriodicBolus, Program, PumpDescriptor, program_hash
from thecal.pump.strokes import MS_PER_DAY, NL_MS_PER_NL

MS_PER_MIN = 60_000
MIN_PER_DAY = 1_440
MS_PER_WEEK = 7 * MS_PER_DAY
WINDOW_MS = MS_PER_DAY


class ProgramNumbers(NamedTuple):
    """Derived numbers of one program in one pump model. Volumes in nL, rates in nL/day, times in ms."""

    hash: bytes
    highest_rate_nl_per_day: int  # basal, of any moment of the week
    basal_reserve_nl: int  # the most that 24 h at that rate can hold, in whole strokes, rounded up
    bolus_strokes: int  # of one patient bolus, rounded down; 0 without one
    effective_per_24h: int  # patient boluses that any 24 h can really hold
    periodic_strokes: int  # of one periodic bolus, rounded down; 0 without one
    once_strokes: int  # of the bolus given once, rounded down; 0 without one
    stroke_nl: int  # of the model: one hop nearer for what runs at every event
    stroke_owed: int  # what one stroke is owed for, nL·ms/day
    slot_starts: tuple[int, ...]  # ms after Monday 00:00 from which each rate of the week holds; one: it never changes
    slot_rates: tuple[int, ...]
    owed_per_week: int  # basal of a whole week, nL·ms/day


def numbers_of(descriptor: PumpDescriptor, program: Program) -> ProgramNumbers:
    """Every derived number of this program in a pump of this model."""
    stroke_nl = descriptor.stroke_nl
    highest = highest_rate(descriptor, program)
    starts, rates = _week(descriptor, program)
    ends = (*starts[1:], MS_PER_WEEK)
    return ProgramNumbers(
        hash=program_hash(program),
        highest_rate_nl_per_day=highest,
        basal_reserve_nl=-(-highest // stroke_nl) * stroke_nl,
        bolus_strokes=achievable_strokes(program.patient_bolus, stroke_nl),
        effective_per_24h=effective_per_24h(descriptor, program),
        periodic_strokes=achievable_strokes(program.periodic, stroke_nl),
        once_strokes=0 if program.once is None else program.once.volume_nl // stroke_nl,
        stroke_nl=stroke_nl,
        stroke_owed=stroke_nl * NL_MS_PER_NL,
        slot_starts=starts,
        slot_rates=rates,
        owed_per_week=sum(rate * (end - start) for rate, start, end in zip(rates, starts, ends, strict=True)),
    )


def _week(descriptor: PumpDescriptor, program: Program) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if program.mode is not Mode.FLEX:
        return (0,), (highest_rate(descriptor, program),)
    days = [[step for step in program.steps if step.days & 1 << weekday] for weekday in range(7)]
    slots = [(day * MS_PER_DAY + step.start_min * MS_PER_MIN, step) for day in range(7) for step in days[day]]
    return tuple(start for start, _ in slots), tuple(step.rate_nl_per_day for _, step in slots)


def achievable_strokes(prescribed: PatientBolus | PeriodicBolus | None, stroke_nl: int) -> int:
    """Whole strokes of one bolus: what is given rounds down."""
    return 0 if prescribed is None else prescribed.volume_nl // stroke_nl


def highest_rate(descriptor: PumpDescriptor, program: Program) -> int:
    """The highest basal rate of any moment, nL/day (0 when stopped)."""
    if program.mode is Mode.MINIMUM_RATE:
        return descriptor.minimum_rate_nl_per_day
    return max((step.rate_nl_per_day for step in program.steps), default=0)


def owed_per_day(descriptor: PumpDescriptor, program: Program) -> int:
    """Basal of a whole day in nL·ms/day, of the weekday that gives most: exact, nothing rounded."""
    if program.mode is Mode.MINIMUM_RATE:
        return descriptor.minimum_rate_nl_per_day * MS_PER_DAY
    return max((_owed(group) for group in program.day_groups), default=0)


def _owed(steps: tuple[FlexStep, ...]) -> int:
    ends = [*(step.start_min for step in steps[1:]), MIN_PER_DAY]
    minutes = (end - step.start_min for step, end in zip(steps, ends, strict=True))
    return sum(s.rate_nl_per_day * m for s, m in zip(steps, minutes, strict=True)) * MS_PER_MIN


def periodic_per_24h(program: Program) -> int:
    """The most periodic boluses that start in any 24 h (a window open at one end)."""
    return 0 if program.periodic is None else -(-WINDOW_MS // program.periodic.interval_ms)


def daily_volume_nl(descriptor: PumpDescriptor, program: Program) -> int:
    """Basal volume of a whole day, and its periodic boluses, nL, rounded down: what is given rounds down.

    Periodic boluses count by their share of a day: 24 h over the interval.
    """
    given = owed_per_day(descriptor, program) // MS_PER_DAY
    if program.periodic is not None:
        strokes = achievable_strokes(program.periodic, descriptor.stroke_nl)
        given += strokes * descriptor.stroke_nl * MS_PER_DAY // program.periodic.interval_ms
    return given


def dose_ng(volume_nl: int, component: Component) -> int:
    """The drug in a volume, ng, rounded down."""
    return volume_nl * component.concentration_ng_per_ml // 1_000_000


def daily_dose_ng(descriptor: PumpDescriptor, program: Program) -> tuple[int, ...]:
    """Dose of a whole day for each component, ng, rounded down: the pump's own arithmetic."""
    volume_nl = daily_volume_nl(descriptor, program)
    return tuple(dose_ng(volume_nl, component) for component in program.components)


def greatest_daily_basal_nl(descriptor: PumpDescriptor, program: Program) -> int:
    """The most basal and periodic volume that any 24 h can hold, nL, in whole strokes: it counts against a limit.

    With groups of days a window may hold the end of one day and the beginning of the next, so the highest rate of the
    week is taken for the whole of it; a pattern that is the same every day holds one day's volume in any 24 h.
    """
    stroke_nl = descriptor.stroke_nl
    if len(program.day_groups) > 1:
        owed = highest_rate(descriptor, program) * MS_PER_DAY
    else:
        owed = owed_per_day(descriptor, program)
    basal_nl = -(-owed // (stroke_nl * MS_PER_DAY)) * stroke_nl
    periodic_nl = periodic_per_24h(program) * achievable_strokes(program.periodic, stroke_nl) * stroke_nl
    return basal_nl + periodic_nl


def effective_per_24h(descriptor: PumpDescriptor, program: Program) -> int:
    """How many patient boluses any rolling 24 h can really hold: the least of maximum, lockout and volume limit.

    Starts at least L apart: a window of 24 h (open at one end) holds at most ceil(24 h / L) of them. 0 without one.
    """
    prescribed = program.patient_bolus
    strokes = achievable_strokes(prescribed, descriptor.stroke_nl)
    if prescribed is None or strokes == 0:
        return 0
    by_lockout = -(-WINDOW_MS // prescribed.lockout_ms)
    reserve_nl = -(-highest_rate(descriptor, program) // descriptor.stroke_nl) * descriptor.stroke_nl
    left_nl = max(0, program.volume_limit_nl_per_24h - reserve_nl)
    return min(prescribed.maximum_per_24h, by_lockout, left_nl // (strokes * descriptor.stroke_nl))


def greatest_24h_volume_nl(descriptor: PumpDescriptor, program: Program) -> int:
    """Basal, periodic and every effective patient bolus of any 24 h, nL, rounded up to whole strokes."""
    bolus_nl = achievable_strokes(program.patient_bolus, descriptor.stroke_nl) * descriptor.stroke_nl
    return greatest_daily_basal_nl(descriptor, program) + effective_per_24h(descriptor, program) * bolus_nl
