"""The doses of a titration calendar: from which to which, and when, by one printed way of changing the dose."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from thecal.catalogue.drugs import Titration
from thecal.quantities import DoseRate, Duration, Instant
from thecal.therapy.entry import EntryRefused
from thecal.therapy.showing import fraction_text

LONGEST = 60  # steps in one calendar: further ahead nobody plans


@dataclass(frozen=True, slots=True)
class Pace:
    """How one calendar goes: by a share of the present dose or by a fixed dose, and how long between steps."""

    share: Fraction | None
    dose: DoseRate | None
    interval: Duration
    first_after: Duration
    ceiling_from: Instant | None  # a dose at the ceiling comes no sooner

    def after(self, dose: DoseRate, goal: DoseRate) -> DoseRate:
        """The next dose towards ``goal``, never past it; rounded down going up and up going down: the smaller step."""
        if self.share is not None:
            change = dose.count * self.share
            by = change.numerator // change.denominator
        else:
            assert self.dose is not None
            by = self.dose.count
        if goal > dose:
            return min(goal, DoseRate(dose.count + by))
        return max(goal, DoseRate(dose.count - by))


@dataclass(frozen=True, slots=True)
class Change:
    """One step: from this moment on, this dose instead of that one."""

    at: Instant
    before: DoseRate
    dose: DoseRate

    @property
    def ratio(self) -> Fraction:
        """The new dose to the old one."""
        return Fraction(self.dose.count, self.before.count)


def pace_of(
    table: Titration, *, rising: bool, share: Decimal | None, step_dose: DoseRate | None, every: Duration | None
) -> tuple[Fraction | None, DoseRate | None, Duration]:
    """Share or dose of a step, and the time between steps: the gentlest the table prints unless less is asked for.

    Raises EntryRefused for a larger step or a shorter time than printed, and where nothing is printed and asked.
    """
    interval = _interval(table, every)
    printed = table.up if rising else table.down
    if rising and table.up_dose is not None:
        if share is not None:
            raise EntryRefused("share", f"{table.setting} prints steps as a dose, not as a share; use step_dose")
        return None, _step_dose(table.up_dose.amount, step_dose), interval
    if printed is None:
        way = "up" if rising else "down"
        raise EntryRefused("setting", f"nobody prints steps {way} for {table.setting}; choose another setting")
    if step_dose is not None:
        raise EntryRefused("step_dose", f"{table.setting} prints steps as a share, not as a dose; use share")
    return _share(printed.low.amount, printed.high.amount, share), None, interval


def changes(start: DoseRate, goal: DoseRate, begins: Instant, pace: Pace, at_most: int) -> tuple[Change, ...]:
    """Every step from ``start`` towards ``goal``, until it is reached or ``at_most`` are made.

    A dose too small for its share to be one whole count stays where it is, and the calendar ends.
    """
    found: list[Change] = []
    dose, at = start, begins.plus(max(pace.first_after, pace.interval))
    while dose != goal and len(found) < at_most:
        following = pace.after(dose, goal)
        if following == dose:
            break
        if following == goal and pace.ceiling_from is not None:
            at = max(at, pace.ceiling_from)
        found.append(Change(at, dose, following))
        dose, at = following, at.plus(pace.interval)
    return tuple(found)


def _interval(table: Titration, every: Duration | None) -> Duration:
    usual = table.usual_interval or table.interval
    if every is None:
        if usual is None:
            raise EntryRefused("every", f"nobody prints a time between steps for {table.setting}; type one")
        return usual.amount
    if every.count == 0 or (table.interval is not None and every < table.interval.amount):
        least = "more than zero" if table.interval is None else f"at least {table.interval.amount}"
        raise EntryRefused("every", f"{every} is too short for {table.setting}: {least} between steps")
    return every


def _step_dose(printed: DoseRate, asked: DoseRate | None) -> DoseRate:
    if asked is None:
        return printed
    if not 0 < asked.count <= printed.count:
        raise EntryRefused("step_dose", f"{asked} must lie above zero and not above the printed {printed}")
    return asked


def _share(low: Fraction, high: Fraction, asked: Decimal | None) -> Fraction:
    if asked is None:
        return low
    share = Fraction(asked) * Fraction(1, 100)
    if not 0 < share <= high:
        printed = fraction_text(high * 100)
        raise EntryRefused("share", f"{asked} % must lie above zero and not above the printed {printed} %")
    return share
