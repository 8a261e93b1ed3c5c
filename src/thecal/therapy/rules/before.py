"""What a new dose is compared with: the dose the patient really had before, as far as that is known.

As a rule it is what this pump ran last. A pump that never ran anything is a new one, and the last recorded dose of the
primary drug stands in. After so long without the drug that a start is made as for a naive patient, nothing stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from thecal.catalogue.drugs import Drug
from thecal.device import INFUSING
from thecal.quantities import Concentration, DoseRate, FlowRate
from thecal.therapy.arithmetic import dose_counted
from thecal.therapy.plan import Dosing, DrugStep
from thecal.therapy.rules.named import primary
from thecal.therapy.titrating import largest_added

# A flow is whole nL/day and a daily volume whole nL: each rounding down takes less than one of them from a dose.
_LOST = FlowRate(2)


def steps_seen(dosing: Dosing) -> Iterator[DrugStep]:
    """Each drug before and after, with the dose before as the patient had it."""
    doses = dosing.situation.history.doses
    never_ran = dosing.standing.last_infusing.mode not in INFUSING
    for step in dosing.steps:
        if lapsed(dosing, step.drug):
            yield _with_before(step, DoseRate(0))
        elif never_ran and doses and primary(dosing, step):
            yield _with_before(step, doses[-1].daily_dose)
        else:
            yield step


def lapsed(dosing: Dosing, drug: Drug) -> bool:
    """Whether the patient is known to have been without this drug for longer than tolerance lasts."""
    silent, gap = dosing.situation.history.silent_for, drug.naive_gap
    return silent is not None and gap is not None and silent > gap.amount


def begins(step: DrugStep) -> bool:
    """Whether the drug is given and was not given before."""
    return step.new_greatest.count > 0 and step.old_greatest.count == 0


def starts_flowing(step: DrugStep) -> bool:
    """Whether a drug that was not given before begins to reach the patient, or more of it, at minimum rate included."""
    return begins(step) or (step.old_greatest.count == 0 and step.new_flowing > step.old_flowing)


def rises(dosing: Dosing, step: DrugStep) -> bool:
    """Whether more of the drug may be given in 24 hours than before, from nothing included.

    Not what rounding alone does when the same dose is given by another fluid: whole nL of the basal dose, whole strokes
    of the greatest.
    """
    stroke = _given_by(dosing, step, FlowRate(dosing.standing.pump.descriptor.stroke_nl))
    basal = step.new_daily.count > step.old_daily.count + lost_to_rounding(dosing, step).count
    return basal or step.new_greatest.count > step.old_greatest.count + stroke.count


def lowest_of_late(dosing: Dosing, step: DrugStep) -> DoseRate | None:
    """The lowest recorded 24-hour dose of the primary drug in the last days, other than nothing; None: none recorded.

    The one in force as these days began counts, save where the label prints its steps as amounts: those add up.
    """
    opens = dosing.standing.now.epoch_ms - dosing.standing.policy.step_look_back.count
    doses = dosing.situation.history.doses
    late = [then.daily_dose for then in doses if then.at.epoch_ms > opens]
    if largest_added(step.drug, dosing.situation.patient) is None:
        late += [then.daily_dose for then in doses if then.at.epoch_ms <= opens][-1:]
    return min((dose for dose in late if dose.count), default=None)


def raised(dosing: Dosing) -> DrugStep | None:
    """The primary drug, if it was given before and more of it would be given now."""
    steps = (step for step in steps_seen(dosing) if primary(dosing, step) and not begins(step) and rises(dosing, step))
    return next(steps, None)


def replaced_by(gone: DrugStep, steps: tuple[DrugStep, ...]) -> DrugStep | None:
    """The drug of the same class that begins as this one stops: a rotation."""
    return next((each for each in steps if begins(each) and each.drug.drug_class is gone.drug.drug_class), None)


def passes(dosing: Dosing, step: DrugStep, factor: Fraction) -> bool:
    """Whether the basal 24-hour dose becomes more than ``factor`` times the old one.

    What rounding down may have taken from the old dose is given back: a step of exactly ``factor`` never passes.
    """
    before = step.old_daily.count + lost_to_rounding(dosing, step).count
    return step.old_daily.count > 0 and step.new_daily.count > factor * before


def lost_to_rounding(dosing: Dosing, step: DrugStep) -> DoseRate:
    """At most what rounding to whole nL took from a 24-hour dose, old or new, rounded up."""
    return _given_by(dosing, step, _LOST)


def _given_by(dosing: Dosing, step: DrugStep, flow: FlowRate) -> DoseRate:
    """What this flow gives of the drug in 24 hours in the stronger of the old and the new fluid, rounded up."""
    before = dosing.standing.last_infusing.components
    held = [each.concentration_ng_per_ml for each in before if each.drug == step.drug.key]
    if step.concentration is not None:
        held.append(step.concentration.count)
    return dose_counted(flow, Concentration(max(held)))


def _with_before(step: DrugStep, dose: DoseRate) -> DrugStep:
    return replace(step, old_daily=dose, old_greatest=dose, old_flowing=dose)
