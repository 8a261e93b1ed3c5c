"""What the checks look at: a prescription beside the pump as it was last interrogated, translated where it can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.site import Site
from thecal.device import INFUSING
from thecal.quantities import Concentration, DoseRate
from thecal.therapy.derived import derive
from thecal.therapy.given import NOTHING, Given, by_prescription, by_program
from thecal.therapy.prescription import Prescription
from thecal.therapy.projection import Projection
from thecal.therapy.situation import Situation
from thecal.therapy.standing import Standing
from thecal.therapy.translation import Translation
from thecal.therapy.written import Written


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
class Dosing:
    """What is prescribed beside the pump, each drug before and after: all that a rule about doses or fluid may see.

    ``standing`` is the pump once a refill that belongs to the same visit is told to it; ``situation`` is all that a
    check was given, the pump as interrogated included.
    """

    prescription: Prescription
    standing: Standing
    steps: tuple[DrugStep, ...]  # every drug of the new fluid, then those of the old one that are gone
    situation: Situation

    @property
    def infuses(self) -> bool:
        """Whether drug is prescribed at all."""
        return self.prescription.mode in INFUSING

    @property
    def written(self) -> Written:
        """Where the document states what is prescribed."""
        return self.situation.pending.written


@dataclass(frozen=True, slots=True)
class Plan(Dosing):
    """The same for a pump that can run it: the program, and how long it lasts."""

    translation: Translation
    projection: Projection


def dosing_of(at: Standing, situation: Situation) -> Dosing:
    """What is prescribed where this pump cannot run it: its doses are the programmed ones. Raises CatalogueError."""
    prescription = situation.pending.prescription
    given = by_prescription(prescription, at.pump.descriptor)
    return Dosing(prescription, at, tuple(_steps(prescription, given, at, situation.devices.site)), situation)


def plan_of(translation: Translation, at: Standing, situation: Situation) -> Plan:
    """The plan for this pump as it stands. Raises CatalogueError for a drug the catalogue does not know."""
    prescription, program = situation.pending.prescription, translation.program
    given = by_program(program, translation.derived)
    steps = tuple(_steps(prescription, given, at, situation.devices.site))
    projection = at.projection(program, translation.derived)
    return Plan(prescription, at, steps, situation, translation, projection)


def _steps(
    prescription: Prescription, given: Mapping[str, Given], at: Standing, site: Site | None
) -> Iterator[DrugStep]:
    before = by_program(at.last_infusing, derive(at.last_infusing, at.pump.descriptor))
    fluid = {each.drug: each.concentration for each in prescription.components}
    gone = before if at.last_infusing.mode in INFUSING else ()
    for key in dict.fromkeys([*fluid, *gone]):
        old, new = before.get(key, NOTHING), given.get(key, NOTHING)
        known = drug(key) if site is None else drug(key).at_site(site)
        yield DrugStep(
            drug=known,
            concentration=fluid.get(key),
            old_daily=old.daily,
            new_daily=new.daily,
            old_greatest=old.greatest,
            new_greatest=new.greatest,
            old_flowing=old.flowing,
            new_flowing=new.flowing,
        )
