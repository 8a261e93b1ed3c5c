"""How the concentration an opioid needs grows under exposure, and shrinks again without it.

Adaptation runs from 0 (naive) to 1 (plateau): toward 1 under exposure, toward 0 without, each exponentially. It does
not depend on the dose, which is the main simplification: low-dose patients may adapt less. Fitted to the dose
escalation of cohorts (Onofrio 1990, Paice 1996, Winkelmueller 1996), which also contains disease progression.
"""

from dataclasses import dataclass
from math import exp

from thecal.catalogue.kinetics import ToleranceCourse, ToleranceShared


@dataclass(frozen=True, slots=True)
class Adaptation:
    """Where a patient stands between naive (0) and the plateau (1)."""

    share: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(f"adaptation lies between 0 and 1, not {self.share}")


def after_exposure(before: Adaptation, days: float, course: ToleranceCourse) -> Adaptation:
    """Adaptation after ``days`` on the opioid. Raises ValueError for negative days."""
    return Adaptation(1 - (1 - before.share) * _faded(days, course.onset_days))


def after_abstinence(before: Adaptation, days: float, shared: ToleranceShared) -> Adaptation:
    """Adaptation after ``days`` without opioid. Raises ValueError for negative days."""
    return Adaptation(before.share * _faded(days, shared.recovery_days))


def analgesic_factor(now: Adaptation, course: ToleranceCourse) -> float:
    """By how much the half-effect concentrations for relief of pain have grown; 1 when naive."""
    return 1 + (course.plateau - 1) * now.share


def respiratory_factor(now: Adaptation, course: ToleranceCourse, shared: ToleranceShared) -> float:
    """By how much the half-effect concentration for breathing has grown; never below 1.

    The plateau for breathing is a share of the analgesic one (assumed 0.7 in the catalogue).
    """
    plateau = max(1.0, course.plateau * shared.respiratory_share)
    return 1 + (plateau - 1) * now.share


def _faded(days: float, constant_days: float) -> float:
    if days < 0:
        raise ValueError(f"days must not be negative, not {days}")
    return exp(-days / constant_days)
