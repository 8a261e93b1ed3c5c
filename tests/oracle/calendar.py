"""Basal flow over civil time, exactly: what a program owes between two ticks under one setting of the clock."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction

from thecal.device import EVERY_DAY, Mode, Program, PumpDescriptor

DAY = 86_400_000
WEEK = 7 * DAY
THURSDAY = 3  # the first of January 1970; Monday is 0


def basal_nl_per_day(program: Program, descriptor: PumpDescriptor) -> list[tuple[int, int, int]]:
    """(days, minute of the day from which, nL/day), covering the whole week."""
    if program.mode is Mode.STOPPED:
        return [(EVERY_DAY, 0, 0)]
    if program.mode is Mode.MINIMUM_RATE:
        return [(EVERY_DAY, 0, descriptor.minimum_rate_nl_per_day)]
    return [(each.days, each.start_min, each.rate_nl_per_day) for each in program.steps]


def week_of(program: Program, descriptor: PumpDescriptor) -> list[tuple[int, int, int]]:
    """(from ms, to ms, nL/day) of each slot of a week from Monday 00:00."""
    slots = []
    for weekday in range(7):
        steps = [(start, rate) for days, start, rate in basal_nl_per_day(program, descriptor) if days >> weekday & 1]
        ends = [start for start, _ in steps[1:]] + [1_440]
        slots += [
            (weekday * DAY + start * 60_000, weekday * DAY + end * 60_000, rate)
            for (start, rate), end in zip(steps, ends, strict=True)
        ]
    return slots


class Week:
    """The basal of one program over a week, for any tick."""

    def __init__(self, program: Program, descriptor: PumpDescriptor) -> None:
        self.slots = week_of(program, descriptor)
        self.nl_ms = [0]  # rate x time from Monday to each slot
        for start, end, rate in self.slots:
            self.nl_ms.append(self.nl_ms[-1] + rate * (end - start))
        self._starts = [start for start, _, _ in self.slots]

    def rate(self, civil_ms: int) -> int:
        """The basal rate of this moment, nL/day."""
        return self.slots[bisect_right(self._starts, (civil_ms + THURSDAY * DAY) % WEEK) - 1][2]

    def until(self, civil_ms: int) -> int:
        """Rate x time from some Monday long ago until this moment, nL/day x ms."""
        weeks, now = divmod(civil_ms + THURSDAY * DAY, WEEK)
        index = bisect_right(self._starts, now) - 1
        start, _, rate = self.slots[index]
        return weeks * self.nl_ms[-1] + self.nl_ms[index] + rate * (now - start)


@dataclass(frozen=True)
class CivilTime:
    """One setting of the clock. Before ``held_until`` (civil ms) the rate of that moment holds: no slot comes twice."""

    at_tick_zero: int
    held_until: int

    def rate(self, week: Week, tick: int) -> int:
        """The basal rate in force, nL/day."""
        return week.rate(max(self.at_tick_zero + tick, self.held_until))

    def owed_nl(self, week: Week, since: int, tick: int) -> Fraction:
        """What the basal owes from ``since`` until ``tick``, nL."""
        free = min(max(since, self.held_until - self.at_tick_zero), tick)
        held = (free - since) * self.rate(week, since) if free > since else 0
        return Fraction(held + week.until(self.at_tick_zero + tick) - week.until(self.at_tick_zero + free), DAY)
