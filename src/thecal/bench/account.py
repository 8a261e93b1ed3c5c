"""What a simulation adds up to: doses by day, the spine by level, blood, score, truth beside belief."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from thecal.bench.result import DrugCourse, Moment, SimulationResult
from thecal.neuraxis import by_level

MS_PER_DAY = 86_400_000
PERIODS_DAYS = (1, 7, 28)
PERIODS_MAX = 31


@dataclass(frozen=True, slots=True)
class Period:
    """Drug that left the pump, and drug that left the tip, from the start of one day to the end of another (ng)."""

    from_ms: int
    to_ms: int
    delivered_ng: Fraction
    released_ng: Fraction


@dataclass(frozen=True, slots=True)
class LevelEnd:
    """One vertebral level at the end. Below the cord there is neither cord concentration nor relief."""

    level: str
    csf_ng_per_ml: float
    cord_ng_per_ml: float | None
    relief: float | None  # between 0 and 1; None for a drug that is not the primary one


@dataclass(frozen=True, slots=True)
class DrugAccount:
    """One drug from reservoir to blood. Masses in ng, exact: filled = reservoir + line + released + withdrawn."""

    drug: str
    periods: tuple[Period, ...]
    levels: tuple[LevelEnd, ...]
    plasma_end_ng_per_ml: float
    plasma_highest_ng_per_ml: float
    at_tip_end_ng_per_ml: Fraction  # of the fluid that would leave the catheter next
    delivered_ng: Fraction
    released_ng: Fraction


def accounts_of(result: SimulationResult) -> tuple[DrugAccount, ...]:
    """One account for each drug, primary drug first."""
    return tuple(_account(result, course) for course in result.courses)


def _account(result: SimulationResult, course: DrugCourse) -> DrugAccount:
    end = result.moments[-1]
    plasma = course.samples.plasma_ng_per_ml
    return DrugAccount(
        drug=course.drug,
        periods=_periods(result.moments, course.drug),
        levels=_levels(result, course),
        plasma_end_ng_per_ml=float(plasma[-1]),
        plasma_highest_ng_per_ml=float(plasma.max()),
        at_tip_end_ng_per_ml=end.at_tip.ng_per_ml(course.drug),
        delivered_ng=end.given.ng(course.drug),
        released_ng=end.released.ng(course.drug),
    )


def _periods(moments: tuple[Moment, ...], drug: str) -> tuple[Period, ...]:
    """Days, or longer periods when there would be too many; moments stand on every day's end."""
    whole_ms = moments[-1].at_ms
    length_ms = next(
        (days * MS_PER_DAY for days in PERIODS_DAYS if whole_ms <= PERIODS_MAX * days * MS_PER_DAY),
        PERIODS_DAYS[-1] * MS_PER_DAY,
    )
    ends = [moment for moment in moments if moment.at_ms % length_ms == 0 or moment.at_ms == whole_ms]
    return tuple(
        Period(
            before.at_ms,
            after.at_ms,
            after.given.ng(drug) - before.given.ng(drug),
            after.released.ng(drug) - before.released.ng(drug),
        )
        for before, after in pairwise(ends)
    )


def _levels(result: SimulationResult, course: DrugCourse) -> tuple[LevelEnd, ...]:
    is_primary = course is result.primary
    cells = dict(course.samples.spine.cord_levels)
    return tuple(
        LevelEnd(
            reading.level,
            reading.csf_ng_per_ml,
            reading.cord_ng_per_ml,
            float(result.score.relief[-1, cells[reading.level]]) if is_primary and reading.level in cells else None,
        )
        for reading in by_level(course.samples)
    )
