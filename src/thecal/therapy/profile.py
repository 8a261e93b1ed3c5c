"""The exact flow of a program: piecewise constant over a day or a week, whole rates, no strokes; periodic boluses.

The twin of the pump's strokes, written apart from them: the volume a program asks for between two moments of the
pump's civil time (its UTC plus its fixed offset, in ms). Civil days all have 24 h: the pump never shifts its clock.
A report does not tell when the last periodic bolus began, so one is counted at the moment asked from: no date is late.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from thecal.device import EVERY_DAY, FlexStep, Mode, Program, PumpDescriptor

_MS_PER_MIN = 60_000
_MS_PER_DAY = 86_400_000
_MONDAY_MS = 3 * _MS_PER_DAY  # civil time began on a Thursday, three days into a week from Monday


@dataclass(frozen=True, slots=True)
class Profile:
    """Rates in nL/day, each from its minute of its days until the next; the first of each day at 00:00.

    ``bolus_nl`` is given every ``every_ms``, the first at the moment asked from; only on one rate, as in a pump.
    """

    steps: tuple[FlexStep, ...]
    bolus_nl: int = 0
    every_ms: int = _MS_PER_DAY

    def __post_init__(self) -> None:
        if self.bolus_nl and len(self.steps) > 1:
            raise ValueError("bolus_nl: periodic boluses are given on top of one rate")

    def rate_at(self, civil_ms: int) -> int:
        """The basal rate in nL/day at this moment."""
        day, within = divmod(civil_ms + _MONDAY_MS, _MS_PER_DAY)
        steps = (step for step in reversed(self.steps) if step.days >> day % 7 & 1)
        return next(step.rate_nl_per_day for step in steps if step.start_min <= within // _MS_PER_MIN)

    @property
    def highest(self) -> int:
        """The highest basal rate of any moment, nL/day."""
        return max(step.rate_nl_per_day for step in self.steps)

    @property
    def days_alike(self) -> bool:
        """Whether every day of the week has the same rates."""
        return all(step.days == EVERY_DAY for step in self.steps)

    @property
    def cycle_days(self) -> int:
        """Days after which the basal rates repeat: 1 or 7."""
        return 1 if self.days_alike else 7

    @property
    def daily(self) -> Fraction:
        """The basal volume of the day that gives most, in nL, exactly."""
        return Fraction(max(_owed(_pieces_of(self.steps, day)) for day in range(self.cycle_days)), _MS_PER_DAY)

    @property
    def cycle(self) -> Fraction:
        """The basal volume of ``cycle_days``, in nL, exactly."""
        return Fraction(_owed(self._pieces()), _MS_PER_DAY)

    def between(self, from_civil_ms: int, to_civil_ms: int) -> Fraction:
        """The volume in nL between two moments, exactly: basal, and periodic boluses that begin before the second.

        Raises ValueError when they are the wrong way round.
        """
        if to_civil_ms < from_civil_ms:
            raise ValueError("the second moment is before the first")
        basal = Fraction(self._until(to_civil_ms) - self._until(from_civil_ms), _MS_PER_DAY)
        return basal + self.bolus_nl * -(-(to_civil_ms - from_civil_ms) // self.every_ms)

    def reaches(self, from_civil_ms: int, volume_nl: int | Fraction) -> int | None:
        """The first civil ms by which ``volume_nl`` has been asked for since ``from_civil_ms``; None: never.

        A periodic bolus counts whole at its beginning.
        """
        if volume_nl <= 0:
            return from_civil_ms
        wanted = -(-volume_nl.numerator * _MS_PER_DAY // volume_nl.denominator)
        if self.bolus_nl:
            return from_civil_ms + self._with_boluses(wanted)
        pieces = self._pieces()
        if not (whole := _owed(pieces)):
            return None
        cycles, rest = divmod(wanted + self._until(from_civil_ms), whole)
        if rest == 0:
            cycles, rest = cycles - 1, whole  # reached within that cycle, not at the next step after a pause
        given = list(accumulate(rate * (end - start) for start, end, rate in pieces))
        at = bisect_left(given, rest)  # the first piece by whose end it is reached, so one that flows
        _, end, rate = pieces[at]
        return cycles * self.cycle_days * _MS_PER_DAY + end - (given[at] - rest) // rate - _MONDAY_MS

    def _with_boluses(self, wanted: int) -> int:
        """Ms until one rate and a bolus at the beginning of every interval have taken this, in nL/day x ms."""
        rate, bolus = self.steps[0].rate_nl_per_day, self.bolus_nl * _MS_PER_DAY
        if wanted <= bolus:
            return 0
        each = rate * self.every_ms + bolus
        whole = -(-(wanted - bolus) // each) - 1  # intervals that end before it is reached
        rest = wanted - bolus - whole * each
        within = self.every_ms if rate == 0 else min(-(-rest // rate), self.every_ms)
        return whole * self.every_ms + within

    def _pieces(self) -> list[tuple[int, int, int]]:
        """(start, end, rate) of a cycle, in ms since its beginning."""
        return [
            (day * _MS_PER_DAY + start, day * _MS_PER_DAY + end, rate)
            for day in range(self.cycle_days)
            for start, end, rate in _pieces_of(self.steps, day)
        ]

    def _until(self, civil_ms: int) -> int:
        """Basal, nL/day x ms, since the Monday before civil time zero."""
        pieces = self._pieces()
        cycles, within = divmod(civil_ms + _MONDAY_MS, self.cycle_days * _MS_PER_DAY)
        begun = sum(rate * (min(within, end) - start) for start, end, rate in pieces if within > start)
        return cycles * _owed(pieces) + begun


def _pieces_of(steps: tuple[FlexStep, ...], weekday: int) -> list[tuple[int, int, int]]:
    day = [step for step in steps if step.days >> weekday & 1]
    starts = [step.start_min * _MS_PER_MIN for step in day]
    return [(s, e, step.rate_nl_per_day) for s, e, step in zip(starts, [*starts[1:], _MS_PER_DAY], day, strict=True)]


def _owed(pieces: list[tuple[int, int, int]]) -> int:
    """nL/day x ms."""
    return sum(rate * (end - start) for start, end, rate in pieces)


def profile_of(program: Program, descriptor: PumpDescriptor) -> Profile:
    """What this program asks of this pump model."""
    if program.mode is Mode.STOPPED:
        return Profile((FlexStep(0, 0),))
    if program.mode is Mode.MINIMUM_RATE:
        return Profile((FlexStep(0, descriptor.minimum_rate_nl_per_day),))
    if program.periodic is not None:
        achievable = program.periodic.volume_nl // descriptor.stroke_nl * descriptor.stroke_nl
        return Profile(program.steps, achievable, program.periodic.interval_ms)
    return Profile(program.steps)
