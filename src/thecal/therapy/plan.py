"""What the checks look at: a translated prescription beside the pump as it was last interrogated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.site import Site
from thecal.device import Program
from thecal.quantities import Concentration, DoseRate
from thecal.therapy.derived import Derived, derive
from thecal.therapy.prescription import Prescription
from thecal.therapy.projection import Projection
from thecal.therapy.situation import Situation
from thecal.therapy.standing import INFUSING, Standing
from thecal.therapy.translation import Translation


@dataclass(frozen=True, slots=True)
class DrugStep:
    """One drug before and after: 24-hour doses, basal and greatest possible with every effective bolus.

    Of a minimum rate those are nothing, clinically no drug; ``flowing`` is what reaches the patient even then.
    """

    drug: Drug
    concentration: Concentration | None  # new; None: the drug is no longer prescribed
    old_daily: DoseRate
    new_daily: DoseRate
    old_greatest: DoseRate
    new_greatest: DoseRate
    old_flowing: DoseRate  # the greatest 24-hour dose, minimum rate included
    new_flowing: DoseRate

    @property
    def basal_ratio(self) -> Fraction | None:
        """New to old without boluses; None where there was no dose to compare with."""
        return Fraction(self.new_daily.count, self.old_daily.count) if self.old_daily.count else None

    @property
    def greatest_ratio(self) -> Fraction | None:
        """New to old with every effective bolus; None where there was no dose to compare with."""
        return Fraction(self.new_greatest.count, self.old_greatest.count) if self.old_greatest.count else None

    @property
    def ratio(self) -> Fraction | None:
        """The larger of both; None where there was no dose to compare with."""
        return max((each for each in (self.basal_ratio, self.greatest_ratio) if each is not None), default=None)


@dataclass(frozen=True, slots=True)
class Plan:
    """A prescription translated for one pump, that pump, and what follows: each drug's step and how long it lasts.

    ``standing`` is the pump once a refill that belongs to the same visit is told to it; ``situation`` is all that a
    check was given, the pump as interrogated included.
    """

    prescription: Prescription
    translation: Translation
    standing: Standing
    steps: tuple[DrugStep, ...]  # every drug of the new program, then those of the old one that are gone
    projection: Projection
    situation: Situation

    @property
    def infuses(self) -> bool:
        """Whether drug is prescribed at all."""
        return self.prescription.mode in INFUSING


def plan_of(translation: Translation, at: Standing, situation: Situation) -> Plan:
    """The plan for this pump as it stands. Raises CatalogueError for a drug the catalogue does not know."""
    prescription = situation.pending.prescription
    steps = tuple(_steps(prescription, translation, at, situation.devices.site))
    projection = at.projection(translation.program, translation.derived)
    return Plan(prescription, translation, at, steps, projection, situation)


def _steps(prescription: Prescription, translation: Translation, at: Standing, site: Site | None) -> Iterator[DrugStep]:
    """Stopped and minimum rate count as no dose: they keep the tube moving and are clinically no drug."""
    before = derive(at.last_infusing, at.pump.descriptor)
    old = _doses(at.last_infusing, before)
    new = _doses(translation.program, translation.derived)
    flowed, flows = _flowing(at.last_infusing, before), _flowing(translation.program, translation.derived)
    none = DoseRate(0)
    fluid = {each.drug: each.concentration for each in prescription.components}
    for key in dict.fromkeys([*fluid, *old]):
        (old_daily, old_greatest), (new_daily, new_greatest) = old.get(key, (none, none)), new.get(key, (none, none))
        known = drug(key) if site is None else drug(key).at_site(site)
        flow = flowed.get(key, none), flows.get(key, none)
        yield DrugStep(known, fluid.get(key), old_daily, new_daily, old_greatest, new_greatest, *flow)


def _doses(program: Program, derived: Derived) -> dict[str, tuple[DoseRate, DoseRate]]:
    if program.mode not in INFUSING:
        return {}
    keys = [component.drug for component in program.components]
    return dict(zip(keys, zip(derived.daily_doses, derived.greatest_24h_doses, strict=True), strict=True))


def _flowing(program: Program, derived: Derived) -> dict[str, DoseRate]:
    return dict(zip((each.drug for each in program.components), derived.greatest_24h_doses, strict=True))
