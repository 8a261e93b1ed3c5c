"""The exact flow of a program through a day: piecewise constant, whole rates, no strokes.

The twin of the pump's strokes, written apart from them: the volume a program asks for between two moments of the
pump's civil time (its UTC plus its fixed offset, in ms). Civil days all have 24 h: the pump never shifts its clock.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from thecal.device import FlexStep, Mode, Program, PumpDescriptor

_MS_PER_MIN = 60_000
_MS_PER_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Profile:
    """Rates in nL/day, each from its minute of the day until the next; the first starts at 00:00."""

    steps: tuple[FlexStep, ...]

    def rate_at(self, civil_ms: int) -> int:
        """The rate in nL/day at this moment."""
        minute = civil_ms % _MS_PER_DAY // _MS_PER_MIN
        return next(step.rate_nl_per_day for step in reversed(self.steps) if step.start_min <= minute)

    @property
    def highest(self) -> int:
        """The highest rate of the day, nL/day."""
        return max(step.rate_nl_per_day for step in self.steps)

    @property
    def _day(self) -> int:
        return sum(rate * (end - start) for start, end, rate in self._pieces())

    @property
    def daily(self) -> Fraction:
        """The volume of a whole day in nL, exactly."""
        return Fraction(self._day, _MS_PER_DAY)

    def between(self, from_civil_ms: int, to_civil_ms: int) -> Fraction:
        """The volume in nL between two moments, exactly. Raises ValueError when they are the wrong way round."""
        if to_civil_ms < from_civil_ms:
            raise ValueError("the second moment is before the first")
        return Fraction(self._until(to_civil_ms) - self._until(from_civil_ms), _MS_PER_DAY)

    def reaches(self, from_civil_ms: int, volume_nl: int) -> int | None:
        """The first civil ms by which ``volume_nl`` has been asked for since ``from_civil_ms``; None: never."""
        if volume_nl <= 0:
            return from_civil_ms
        if self._day == 0:
            return None
        days, rest = divmod(volume_nl * _MS_PER_DAY + self._until(from_civil_ms), self._day)
        if rest == 0:
            days, rest = days - 1, self._day  # reached within that day, not at the next step after a pause
        pieces = self._pieces()
        given = list(accumulate(rate * (end - start) for start, end, rate in pieces))
        at = bisect_left(given, rest)  # the first piece by whose end it is reached, so one that flows
        _, end, rate = pieces[at]
        return days * _MS_PER_DAY + end - (given[at] - rest) // rate

    def _pieces(self) -> list[tuple[int, int, int]]:
        starts = [step.start_min * _MS_PER_MIN for step in self.steps]
        ends = [*starts[1:], _MS_PER_DAY]
        return [(s, e, step.rate_nl_per_day) for s, e, step in zip(starts, ends, self.steps, strict=True)]

    def _until(self, civil_ms: int) -> int:
        """nL/day x ms since civil time zero."""
        days, within = divmod(civil_ms, _MS_PER_DAY)
        today = sum(rate * (min(within, end) - start) for start, end, rate in self._pieces() if within > start)
        return days * self._day + today


def profile_of(program: Program, descriptor: PumpDescriptor) -> Profile:
    """What this program asks of this pump model."""
    if program.mode is Mode.STOPPED:
        return Profile((FlexStep(0, 0),))
    if program.mode is Mode.MINIMUM_RATE:
        return Profile((FlexStep(0, descriptor.minimum_rate_nl_per_day),))
    return Profile(program.steps)
