"""The drug library a pump may hold: a site's limits for each drug, hard and soft.

A hard limit refuses a program in the pump itself; a soft one asks for an acknowledgement that stays visible while the
program does (GIP 6.1.3 and 6.1.4). A pump without a library declares no limits, and its status says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from thecal.device import bounds
from thecal.device.bounds import Bound
from thecal.device.invalid import ProgramInvalid, check_name

DRUGS_MAX = 16


class Limited(Enum):
    """What a limit of the library bounds."""

    CONCENTRATION = "concentration"  # ng/mL
    DAILY_DOSE = "daily dose"  # ng in any 24 h, with every effective bolus
    BOLUS_DOSE = "bolus dose"  # ng of one patient, periodic or single bolus
    STEP_UP = "step up"  # percent of the daily dose before


@dataclass(frozen=True, slots=True)
class Limit:
    """The soft and the hard limit of one value; None: not declared. Both inclusive: the limit itself is allowed."""

    soft: int | None = None
    hard: int | None = None

    def __post_init__(self) -> None:
        if self.soft is not None and self.hard is not None and self.soft > self.hard:
            raise ProgramInvalid("library: a soft limit lies at or below the hard one")


@dataclass(frozen=True, slots=True)
class DrugLimits:
    """The limits of one drug."""

    drug: str
    concentration_ng_per_ml: Limit = Limit()
    daily_dose_ng: Limit = Limit()
    bolus_dose_ng: Limit = Limit()

    def __post_init__(self) -> None:
        check_name("drug", self.drug)
        _check(self.concentration_ng_per_ml, bounds.CONCENTRATION)
        _check(self.daily_dose_ng, bounds.DAILY_DOSE)
        _check(self.bolus_dose_ng, bounds.DAILY_DOSE)


@dataclass(frozen=True, slots=True)
class Library:
    """Every drug a site gives by pump, and how far a daily dose may rise in one step. Raises ProgramInvalid."""

    version: str
    drugs: tuple[DrugLimits, ...]
    step_up_percent: Limit = Limit()

    def __post_init__(self) -> None:
        check_name("library version", self.version)
        _check(self.step_up_percent, bounds.PERCENT)
        if len(self.drugs) > DRUGS_MAX:
            raise ProgramInvalid(f"library: at most {DRUGS_MAX} drugs")
        if len({each.drug for each in self.drugs}) != len(self.drugs):
            raise ProgramInvalid("library: each drug once")

    def limits_of(self, drug: str) -> DrugLimits | None:
        """The limits of this drug; None for a drug the library does not hold."""
        return next((each for each in self.drugs if each.drug == drug), None)


@dataclass(frozen=True, slots=True)
class SoftLimit:
    """A soft limit that a program passes: what a person must acknowledge, and what stays on show."""

    drug: str
    what: Limited
    value: int
    limit: int


def _check(limit: Limit, bound: Bound) -> None:
    for value in (limit.soft, limit.hard):
        if value is not None:
            bound.check(value)
