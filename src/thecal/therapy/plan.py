"""What the checks look at: a translated prescription beside the pump as it was last interrogated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.policy import Policy, policy
from thecal.device import Component, Mode, Program, Report
from thecal.quantities import Concentration, DoseRate, Instant, Volume
from thecal.therapy.derived import Derived, derive
from thecal.therapy.models import PumpInHand, pump_in_hand
from thecal.therapy.prescription import Prescription
from thecal.therapy.projection import Fill, Projection, daily_boluses, project
from thecal.therapy.translation import Translation

INFUSING = (Mode.SIMPLE_CONTINUOUS, Mode.FLEX)


@dataclass(frozen=True, slots=True)
class Standing:
    """The pump as it stands before the change: what it runs, what it holds, and when it said so."""

    pump: PumpInHand
    program: Program
    last_infusing: Program  # what a ratio is taken against: ``program``, or what ran before it was stopped
    reservoir: Volume
    fluid: tuple[Component, ...]
    now: Instant
    clock_offset_min: int
    policy: Policy

    @property
    def derived(self) -> Derived:
        """The daily numbers of the program now in the pump."""
        return derive(self.program, self.pump.descriptor)

    @property
    def resumes(self) -> bool:
        """Whether the pump is still now, and a dose is compared with what ran before."""
        return self.program.mode not in INFUSING and self.last_infusing.mode in INFUSING

    def projection(self, program: Program, derived: Derived) -> Projection:
        """How long the reservoir would last under ``program``."""
        fill = Fill(
            reservoir=self.reservoir,
            capacity=Volume(self.pump.descriptor.reservoir_nl),
            low_reservoir=Volume(program.low_reservoir_nl),
            unusable=self.pump.unusable,
            now=self.now,
            clock_offset_min=self.clock_offset_min,
        )
        return project(derived.profile, daily_boluses(derived), fill, self.policy.lead_before_alarm.count)


def standing(report: Report, last_infusing: Program | None = None) -> Standing:
    """The pump as this report describes it. ``last_infusing``: the program before a stop, where records hold it.

    Raises CatalogueError for a pump model the catalogue does not know.
    """
    infuses = report.program.mode in INFUSING
    return Standing(
        pump=pump_in_hand(report),
        program=report.program,
        last_infusing=report.program if infuses or last_infusing is None else last_infusing,
        reservoir=Volume(report.status.reservoir_nl),
        fluid=report.status.components,
        now=Instant(report.status.utc_ms),
        clock_offset_min=report.status.clock_offset_min,
        policy=policy(),
    )


@dataclass(frozen=True, slots=True)
class DrugStep:
    """One drug before and after: 24-hour doses, basal and greatest possible with every effective bolus."""

    drug: Drug
    concentration: Concentration | None  # new; None: the drug is no longer prescribed
    old_daily: DoseRate
    new_daily: DoseRate
    old_greatest: DoseRate
    new_greatest: DoseRate

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
    """A prescription translated for one pump, that pump, and what follows: each drug's step and how long it lasts."""

    prescription: Prescription
    translation: Translation
    standing: Standing
    steps: tuple[DrugStep, ...]  # every drug of the new program, then those of the old one that are gone
    projection: Projection

    @property
    def infuses(self) -> bool:
        """Whether drug is prescribed at all."""
        return self.prescription.mode in INFUSING


def plan_of(prescription: Prescription, translation: Translation, at: Standing) -> Plan:
    """The plan for this pump as it stands. Raises CatalogueError for a drug the catalogue does not know."""
    steps = tuple(_steps(prescription, translation, at))
    return Plan(prescription, translation, at, steps, at.projection(translation.program, translation.derived))


def _steps(prescription: Prescription, translation: Translation, at: Standing) -> Iterator[DrugStep]:
    """Stopped and minimum rate count as no dose: they keep the tube moving and are clinically no drug."""
    old = _doses(at.last_infusing, derive(at.last_infusing, at.pump.descriptor))
    new = _doses(translation.program, translation.derived)
    nothing = (DoseRate(0), DoseRate(0))
    fluid = {each.drug: each.concentration for each in prescription.components}
    for key in dict.fromkeys([*fluid, *old]):
        (old_daily, old_greatest), (new_daily, new_greatest) = old.get(key, nothing), new.get(key, nothing)
        yield DrugStep(drug(key), fluid.get(key), old_daily, new_daily, old_greatest, new_greatest)


def _doses(program: Program, derived: Derived) -> dict[str, tuple[DoseRate, DoseRate]]:
    if program.mode not in INFUSING:
        return {}
    keys = [component.drug for component in program.components]
    return dict(zip(keys, zip(derived.daily_doses, derived.greatest_24h_doses, strict=True), strict=True))
