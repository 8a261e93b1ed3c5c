"""A trial as it was recorded, and what came of it: passed or not, by which dose, and which mode its effect suggests."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Annotated

from thecal.catalogue.drugs import Drug, Effect
from thecal.catalogue.policy import policy
from thecal.documents import About
from thecal.quantities import DoseRate, Duration, Mass
from thecal.therapy.entry import EntryRefused
from thecal.therapy.prescription import REPEATS_H
from thecal.therapy.showing import DAY_MS


class TrialRoute(Enum):
    """Where the trial drug was put."""

    INTRATHECAL = "intrathecal"
    EPIDURAL = "epidural"


class SuggestedMode(Enum):
    """What the duration of relief suggests; the clinician decides."""

    CONTINUOUS = "simple continuous"
    FLEX = "flex"
    BOLUSES = "patient boluses on the lowest flow"


@dataclass(frozen=True, slots=True)
class TrialDose:
    """One dose of a trial and what it did: a single dose, or the 24-hour dose of a catheter infusion."""

    tolerable: Annotated[bool, About("whatever effects there were could be tolerated")]
    dose: Annotated[Mass | None, About("one single dose")] = None
    daily_dose: Annotated[DoseRate | None, About("24-hour dose of a catheter infusion")] = None
    best_score: Annotated[Decimal | None, About("lowest pain score after it, 0 to 10", 0, 10)] = None
    responded: Annotated[bool | None, About("for spasticity: tone or spasms clearly less")] = None
    relief_lasted: Annotated[Duration | None, About("how long it worked")] = None
    effects: Annotated[str | None, About("effects seen, in words")] = None


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """A trial of one drug."""

    drug: Annotated[str, About("drug of the catalogue")]
    doses: Annotated[tuple[TrialDose, ...], About("every dose that was tried")]
    route: Annotated[TrialRoute, About("where it was put")] = TrialRoute.INTRATHECAL
    baseline_score: Annotated[Decimal | None, About("pain score before the trial, 0 to 10", 0, 10)] = None


@dataclass(frozen=True, slots=True)
class DoseOutcome:
    """One dose judged. ``relief`` is the share of pain that went; None for spasticity, where the response is told."""

    amount: Mass  # of a single dose, or of 24 h of an infusion
    relief: Fraction | None
    passed: bool
    lasted: Duration | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The mode the effect suggests; ``times_per_day`` for timed doses or boluses, None for a continuous infusion."""

    mode: SuggestedMode
    times_per_day: int | None


def judged(known: Drug, trial: TrialRecord) -> tuple[DoseOutcome, ...]:
    """Every dose of the trial, judged. Raises EntryRefused for a record that cannot be judged."""
    if not trial.doses:
        raise EntryRefused("trial.doses", "name at least one dose and what it did")
    if len({each.dose is None for each in trial.doses}) > 1:
        raise EntryRefused("trial.doses", "are single doses and infusions mixed; record them as two trials")
    return tuple(_outcome(known, trial, each, f"trial.doses[{at}]") for at, each in enumerate(trial.doses))


def effective(outcomes: tuple[DoseOutcome, ...]) -> DoseOutcome | None:
    """The smallest dose that passed; None when none did."""
    return min((each for each in outcomes if each.passed), key=lambda each: each.amount, default=None)


def suggested(known: Drug, outcome: DoseOutcome, *, infused: bool) -> Suggestion:
    """The mode for an effect that lasted so long. An infusion, or an effect of unknown length, says continuous."""
    lasted = outcome.lasted
    if infused or lasted is None or lasted < policy().relief_for_steps:
        return Suggestion(SuggestedMode.CONTINUOUS, None)
    times = -(-DAY_MS // lasted.count)
    if lasted >= policy().relief_for_boluses and known.patient_bolus_allowed:
        return Suggestion(SuggestedMode.BOLUSES, times)
    whole = next(24 // every for every in REPEATS_H if 24 // every >= times)
    return Suggestion(SuggestedMode.FLEX, whole)


def _outcome(known: Drug, trial: TrialRecord, each: TrialDose, where: str) -> DoseOutcome:
    amount = _amount(each, where)
    if known.effect is Effect.SPASTICITY:
        if each.responded is None:
            raise EntryRefused(f"{where}.responded", "missing; say whether tone or spasms were clearly less")
        return DoseOutcome(amount, None, each.responded and each.tolerable, each.relief_lasted)
    if each.best_score is None or trial.baseline_score is None:
        field = "trial.baseline_score" if trial.baseline_score is None else f"{where}.best_score"
        raise EntryRefused(field, "missing; relief is computed from the scores before and after")
    if trial.baseline_score == 0:
        raise EntryRefused("trial.baseline_score", "must be more than 0; without pain there is no relief to find")
    relief = 1 - Fraction(Fraction(each.best_score), Fraction(trial.baseline_score))
    return DoseOutcome(amount, relief, each.tolerable and relief >= policy().trial_relief, each.relief_lasted)


def _amount(each: TrialDose, where: str) -> Mass:
    if (each.dose is None) == (each.daily_dose is None):
        raise EntryRefused(where, "give either dose (one single dose) or daily_dose (a catheter infusion)")
    amount = each.dose or each.daily_dose
    assert amount is not None
    if amount.count == 0:
        raise EntryRefused(where, "a dose must be more than zero")
    return Mass(amount.count)
