"""The basal rate at any tick: the schedule on the pump's own clock (UTC plus one fixed offset)."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from thecal.pump.controller.numbers import MS_PER_MIN, MS_PER_WEEK, ProgramNumbers
from thecal.pump.controller.state import Clock, PumpState
from thecal.pump.strokes import MS_PER_DAY, new

_EPOCH_MS = 3 * MS_PER_DAY  # 1970 began on a Thursday, three days into a week that begins on Monday


class Pace(NamedTuple):
    """A constant basal rate, and the tick from which another may hold (None: never)."""

    rate_nl_per_day: int
    changes_at_tick_ms: int | None


def pace(state: PumpState) -> Pace:
    """The programmed basal rate from the state's tick on. A rate counts from its first ms to before the next one's.

    What a bolus given once puts in its place is not looked at. Where the clock was set back, the rate of the latest
    moment the schedule had reached holds until that moment comes again: no slot runs twice.
    """
    return pace_at(state, state.tick_ms)


def pace_at(state: PumpState, tick_ms: int) -> Pace:
    """The programmed basal rate at a later tick, if the program and the clock stay as they are."""
    numbers = state.numbers
    starts = numbers.slot_starts
    if len(starts) == 1:
        return new(Pace, (numbers.slot_rates[0], None))
    utc_at_zero_ms, offset_min, reached_ms = state.clock
    now_ms = utc_at_zero_ms + tick_ms + offset_min * MS_PER_MIN
    if now_ms < reached_ms:
        return Pace(_rate_of_week(numbers, reached_ms), tick_ms + reached_ms - now_ms)
    in_week_ms = (now_ms + _EPOCH_MS) % MS_PER_WEEK
    after = bisect_right(starts, in_week_ms)
    ends_ms = starts[after] if after < len(starts) else MS_PER_WEEK
    return new(Pace, (numbers.slot_rates[after - 1], tick_ms + ends_ms - in_week_ms))


def local_ms(clock: Clock, tick_ms: int) -> int:
    """The pump's local time at this tick, ms since the beginning of 1970 local time."""
    return clock.utc_at_tick_zero_ms + tick_ms + clock.offset_min * MS_PER_MIN


def _rate_of_week(numbers: ProgramNumbers, at_local_ms: int) -> int:
    in_week_ms = (at_local_ms + _EPOCH_MS) % MS_PER_WEEK
    return numbers.slot_rates[bisect_right(numbers.slot_starts, in_week_ms) - 1]
