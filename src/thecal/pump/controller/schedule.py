"""The basal rate at any tick: the day schedule on the pump's own clock (UTC plus one fixed offset)."""

from __future__ import annotations

from typing import NamedTuple

from thecal.device import FlexStep, Mode, Program
from thecal.pump.controller.state import Identity
from thecal.pump.strokes import MS_PER_DAY

MS_PER_MIN = 60_000
MIN_PER_DAY = 1_440


class Pace(NamedTuple):
    """A constant basal rate, and the tick from which another may hold (None: never)."""

    rate_nl_per_day: int
    changes_at_tick_ms: int | None


def pace_at(identity: Identity, program: Program, tick_ms: int) -> Pace:
    """The programmed basal rate from ``tick_ms`` on. A rate counts from its first ms to before the next one's."""
    if program.mode is Mode.FLEX:
        return _flex_pace(identity, program.steps, tick_ms)
    return Pace(highest_rate(identity, program), None)


def _flex_pace(identity: Identity, steps: tuple[FlexStep, ...], tick_ms: int) -> Pace:
    local_ms = identity.utc_at_tick_zero_ms + tick_ms + identity.clock_offset_min * MS_PER_MIN
    since_midnight_ms = local_ms % MS_PER_DAY
    ends_ms = MS_PER_DAY
    for step in reversed(steps):
        starts_ms = step.start_min * MS_PER_MIN
        if starts_ms <= since_midnight_ms:
            return Pace(step.rate_nl_per_day, tick_ms + ends_ms - since_midnight_ms)
        ends_ms = starts_ms
    raise ValueError("a flex program covers the whole day")


def highest_rate(identity: Identity, program: Program) -> int:
    """The highest basal rate of the day, nL/day (0 when stopped)."""
    if program.mode is Mode.MINIMUM_RATE:
        return identity.descriptor.minimum_rate_nl_per_day
    return max((step.rate_nl_per_day for step in program.steps), default=0)


def owed_per_day(identity: Identity, program: Program) -> int:
    """Basal of a whole day in nL·ms/day: exact, nothing rounded."""
    if program.mode is Mode.MINIMUM_RATE:
        return identity.descriptor.minimum_rate_nl_per_day * MS_PER_DAY
    ends = [*(step.start_min for step in program.steps[1:]), MIN_PER_DAY]
    minutes = (end - step.start_min for step, end in zip(program.steps, ends, strict=False))
    return sum(s.rate_nl_per_day * m for s, m in zip(program.steps, minutes, strict=True)) * MS_PER_MIN


def daily_volume_nl(identity: Identity, program: Program) -> int:
    """Basal volume of a whole day, nL, rounded down: what is given rounds down."""
    return owed_per_day(identity, program) // MS_PER_DAY


def daily_dose_ng(identity: Identity, program: Program) -> tuple[int, ...]:
    """Basal dose of a whole day for each component, ng, rounded down: the pump's own arithmetic."""
    volume_nl = daily_volume_nl(identity, program)
    return tuple(volume_nl * component.concentration_ng_per_ml // 1_000_000 for component in program.components)


def greatest_daily_basal_nl(identity: Identity, program: Program) -> int:
    """The most basal that any 24 h can hold, nL: a day rounded up to whole strokes, for it counts against a limit."""
    stroke_nl = identity.descriptor.stroke_nl
    return -(-owed_per_day(identity, program) // (stroke_nl * MS_PER_DAY)) * stroke_nl
