"""The basal rate at any tick: the schedule on the pump's own clock (UTC plus one fixed offset)."""

from __future__ import annotations

from typing import NamedTuple

from thecal.device import Mode, Program
from thecal.pump.controller.numbers import MS_PER_MIN
from thecal.pump.controller.state import Clock, PumpState
from thecal.pump.strokes import MS_PER_DAY

_EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday; Monday is 0


class Pace(NamedTuple):
    """A constant basal rate, and the tick from which another may hold (None: never)."""

    rate_nl_per_day: int
    changes_at_tick_ms: int | None


def pace(state: PumpState) -> Pace:
    """The programmed basal rate from the state's tick on. A rate counts from its first ms to before the next one's."""
    if state.program.mode is Mode.FLEX:
        return _flex_pace(state.clock, state.program, state.tick_ms)
    return Pace(state.numbers.highest_rate_nl_per_day, None)


def pace_at(state: PumpState, tick_ms: int) -> Pace:
    """The programmed basal rate at a later tick, if the program and the clock stay as they are."""
    return pace(state._replace(tick_ms=tick_ms))


def local_ms(clock: Clock, tick_ms: int) -> int:
    """The pump's local time at this tick, ms since the beginning of 1970 local time."""
    return clock.utc_at_tick_zero_ms + tick_ms + clock.offset_min * MS_PER_MIN


def _flex_pace(clock: Clock, program: Program, tick_ms: int) -> Pace:
    now_ms = local_ms(clock, tick_ms)
    if now_ms < clock.reached_local_ms:  # this stretch of the schedule has run already: its last rate is held
        rate = _rate_of_day(program, clock.reached_local_ms).rate_nl_per_day
        return Pace(rate, tick_ms + clock.reached_local_ms - now_ms)
    found = _rate_of_day(program, now_ms)
    return Pace(found.rate_nl_per_day, tick_ms + found.until_local_ms - now_ms)


class _Slot(NamedTuple):
    rate_nl_per_day: int
    until_local_ms: int


def _rate_of_day(program: Program, at_local_ms: int) -> _Slot:
    day, since_midnight_ms = divmod(at_local_ms, MS_PER_DAY)
    weekday = 1 << (day + _EPOCH_WEEKDAY) % 7
    ends_ms = MS_PER_DAY
    for step in reversed(program.steps):
        if not step.days & weekday:
            continue
        starts_ms = step.start_min * MS_PER_MIN
        if starts_ms <= since_midnight_ms:
            return _Slot(step.rate_nl_per_day, at_local_ms + ends_ms - since_midnight_ms)
        ends_ms = starts_ms
    raise ValueError("a flex program covers the whole day")
