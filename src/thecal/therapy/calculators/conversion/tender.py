"""By how much a converted dose is lowered for what makes a patient tender to it: settings, most of them our own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from thecal.catalogue.conversions import conversions
from thecal.catalogue.quoted import Quoted
from thecal.catalogue.sourced import Confidence, Sourced
from thecal.quantities import DoseRate
from thecal.therapy.entry import EntryRefused
from thecal.therapy.patient import Condition, Medicine, PatientFacts


@dataclass(frozen=True, slots=True)
class Reduction:
    """One reason to give less, and by what share."""

    key: str
    why: str
    share: Quoted[Fraction]


def reductions_for(
    patient: PatientFacts, cross_tolerance: Decimal | None, *, changes_drug: bool
) -> tuple[Reduction, ...]:
    """What this patient's dose is lowered for; nothing for what is not known.

    Incomplete cross-tolerance counts when the drug changes, by the larger setting unless ``cross_tolerance`` (percent)
    is given; never below the smaller setting. Raises EntryRefused for that, and for one given where none applies.
    """
    known, found = conversions().reductions, []
    if patient.age_years is not None and patient.age_years >= known.old_from_years.value:
        found.append(Reduction("age", f"age from {known.old_from_years.value} years", known.old_age))
    if Condition.SLEEP_APNOEA in patient.conditions:
        found.append(Reduction("sleep_apnoea", "sleep apnoea", known.sleep_apnoea))
    if Medicine.SEDATIVE in patient.medicines:
        found.append(Reduction("sedatives", "sedatives", known.sedatives))
    if changes_drug:
        found.append(Reduction("cross_tolerance", "incomplete cross-tolerance", _cross_tolerance(cross_tolerance)))
    elif cross_tolerance is not None:
        raise EntryRefused("cross_tolerance", "applies only when the drug changes; leave it out")
    return tuple(found)


def after_reductions(dose_ng: Fraction, reductions: tuple[Reduction, ...]) -> DoseRate:
    """The dose with every reduction taken of what the others leave, rounded down."""
    for each in reductions:
        dose_ng *= 1 - each.share.amount
    return DoseRate(int(dose_ng))


def _cross_tolerance(asked: Decimal | None) -> Quoted[Fraction]:
    setting = conversions().reductions.cross_tolerance
    if asked is None:
        return setting.high
    share = Fraction(asked) * Fraction(1, 100)
    if share < setting.low.amount:
        low = setting.low.origin
        raise EntryRefused("cross_tolerance", f"{asked} % is too little; at least {low.value} % is taken off")
    typed = Sourced(asked, "%", "typed for this patient", Confidence.ASSUMED)
    return replace(setting.high, amount=share, origin=typed)
