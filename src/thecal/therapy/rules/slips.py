"""A number that is right but for a whole factor: the slips of units and decimal points, each called by its name.

A dose or concentration is held against the one before. Where there is none, against the library: the starts printed
for this patient, and the strongest fluid anyone prints. A wide range hides a slip; the other rules still stand then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from thecal.catalogue.drugs import Drug
from thecal.catalogue.quoted import Quoted
from thecal.catalogue.sourced import Sourced
from thecal.quantities import Concentration, Duration, Mass
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.plan import Dosing, DrugStep
from thecal.therapy.rules.before import begins, steps_seen
from thecal.therapy.rules.named import (
    concentration_field,
    concentration_path,
    concentration_text,
    dose_field,
    dose_path,
    dose_text,
)
from thecal.therapy.rules.starts import start_range
from thecal.therapy.showing import ratio_text


@dataclass(frozen=True, slots=True)
class Slip:
    """A whole factor by which a number is wrong when two units, or two places, are taken for each other."""

    factor: int
    words: str


MILLIGRAM = Slip(Mass.UNITS["mg"] // Mass.UNITS["microgram"], "mg and microgram taken for each other")
TWO_PLACES = Slip(100, "a decimal point two places off")
MINUTES = Slip(Duration.UNITS["h"] // Duration.UNITS["min"], "minutes and hours taken for each other")
HOURS = Slip(Duration.UNITS["day"] // Duration.UNITS["h"], "per hour and per day taken for each other")
ONE_PLACE = Slip(10, "a decimal point one place off")
OF_A_DOSE = (MILLIGRAM, TWO_PLACES, MINUTES, HOURS, ONE_PLACE)
_NAMED = 2  # a wide range of starts lets nearly every factor back in; more names than these tell nobody anything
OF_A_CONCENTRATION = (MILLIGRAM, TWO_PLACES, ONE_PLACE)


def slip_of_dose(dosing: Dosing) -> Iterator[Finding]:
    """A 24-hour dose a whole factor away from the one before, or from every printed start."""
    policy = dosing.standing.policy
    for step in steps_seen(dosing):
        if step.new_greatest.count == 0:
            continue
        if begins(step):
            yield from _first_dose_off(dosing, step)
            continue
        ratio = step.ratio
        slip = None if ratio is None else nearest(ratio, OF_A_DOSE, policy.slip_dose_spread)
        if ratio is not None and slip is not None:
            against = "previous 24-hour dose", dose_text(step.old_greatest, step.drug)
            yield _dose_found(dosing, step, slip.words, against, policy.source_of("slip_dose_spread"), ratio)


def slip_of_concentration(dosing: Dosing) -> Iterator[Finding]:
    """A concentration a whole factor away from the last one of this drug, or from every fluid anyone prints.

    Where the dose moved along with it, so that about the same volume flows, the fluid was chosen for the dose.
    """
    policy = dosing.standing.policy
    for step in dosing.steps:
        new, old, strongest = step.concentration, _last_concentration(dosing, step.drug), _strongest(step.drug)
        if new is None:
            continue
        if old is not None:
            ratio = Fraction(new.count, old.count)
            if _same_flow(step, ratio):
                continue
            slip = nearest(ratio, OF_A_CONCENTRATION, policy.slip_concentration_spread)
            label, origin = "last concentration", policy.source_of("slip_concentration_spread")
        elif strongest is not None:
            old, ratio = strongest.amount, Fraction(new.count, strongest.amount.count)
            slip, label, origin = _off_every_fluid(ratio, step.drug), "strongest fluid printed", strongest.origin
        else:
            continue
        if slip is not None:
            words = f"The concentration of {step.drug.display} looks like {slip.words}; read the label again."
            shown = (
                (label, concentration_text(old, step.drug)),
                ("concentration", concentration_text(new, step.drug)),
                ("ratio", ratio_text(ratio)),
            )
            field, path = concentration_field(step.drug), concentration_path(dosing, step.drug)
            yield finding("unit-slip", Verdict.STOP, field, words, *shown, limit=origin, ratio=ratio, path=path)


def nearest(ratio: Fraction, slips: tuple[Slip, ...], spread: Fraction) -> Slip | None:
    """The slip whose factor this ratio, or its inverse, is nearest to; None when no factor is within ``spread``."""
    size = ratio if ratio >= 1 else Fraction(1, ratio)
    away = {slip: max(Fraction(size, slip.factor), Fraction(slip.factor, size)) for slip in slips}
    found = min(slips, key=lambda slip: away[slip])
    return found if away[found] <= spread else None


def _first_dose_off(dosing: Dosing, step: DrugStep) -> Iterator[Finding]:
    """A first dose far from every printed start that a whole factor brings back among them."""
    printed = start_range(dosing, step)
    if printed is None:
        return
    dose, low, high = step.new_greatest.count, printed.low.amount.count, printed.high.amount.count
    if dose > high * step.drug.step_ratio:
        limit, meant = printed.high, {slip: Fraction(dose, slip.factor) for slip in OF_A_DOSE}
    elif dose * step.drug.step_ratio < low:
        limit, meant = printed.low, {slip: Fraction(dose * slip.factor) for slip in OF_A_DOSE}
    else:
        return
    fitting = [slip for slip in OF_A_DOSE if low <= meant[slip] <= high]
    if fitting:
        fitting.sort(key=lambda slip: _off_middle(meant[slip], max(1, low) * high))
        named = " or ".join(slip.words for slip in fitting[:_NAMED])
        against, ratio = ("printed start", dose_text(limit.amount, step.drug)), Fraction(dose, limit.amount.count)
        yield _dose_found(dosing, step, named, against, limit.origin, ratio)


def _off_middle(dose: Fraction, ends: int) -> Fraction:
    """How far a dose is from the middle of a range by ratio, squared; ``ends``: the product of its ends."""
    squared = dose**2 * Fraction(1, ends)
    return max(squared, Fraction(1, squared))


def _dose_found(
    dosing: Dosing, step: DrugStep, named: str, against: tuple[str, str], origin: Sourced, ratio: Fraction
) -> Finding:
    words = f"The 24-hour dose of {step.drug.display} looks like {named}; read number and unit again."
    shown = (
        against,
        ("greatest 24-hour dose", dose_text(step.new_greatest, step.drug)),
        ("ratio", ratio_text(ratio)),
    )
    field, path = dose_field(step.drug), dose_path(dosing)
    return finding("unit-slip", Verdict.STOP, field, words, *shown, limit=origin, ratio=ratio, path=path)


def _same_flow(step: DrugStep, concentrations: Fraction) -> bool:
    """Whether the daily volume stays within the ratio of doses that needs no confirmation."""
    if step.basal_ratio is None or step.new_daily.count == 0:
        return False
    volumes = Fraction(step.basal_ratio, concentrations)
    return Fraction(1, step.drug.step_ratio) <= volumes <= step.drug.step_ratio


def _last_concentration(dosing: Dosing, drug: Drug) -> Concentration | None:
    """What the last program was written for, else what the pump was told to hold before the refill of this visit.

    Without a refill the pump was told of the new fluid already: a number does not prove itself.
    """
    before = () if dosing.situation.pending.refill is None else dosing.situation.current.fluid
    held = (*dosing.standing.last_infusing.components, *before)
    found = next((each for each in held if each.drug == drug.key), None)
    return None if found is None else Concentration(found.concentration_ng_per_ml)


def _strongest(drug: Drug) -> Quoted[Concentration] | None:
    """The strongest fluid that is supplied, labelled or advised."""
    limits = drug.concentration
    printed = [each for each in (limits.label, limits.consensus, *drug.stocks) if each is not None]
    return max(printed, key=lambda each: each.amount, default=None)


def _off_every_fluid(ratio: Fraction, drug: Drug) -> Slip | None:
    """Above the strongest fluid a factor may bring it back; below it only the largest, for fluids are diluted."""
    if ratio > drug.step_ratio:
        return next((slip for slip in reversed(OF_A_CONCENTRATION) if ratio <= slip.factor), None)
    return MILLIGRAM if ratio * MILLIGRAM.factor <= 1 else None
