"""Plans written short, so that a table of them reads: fluid and doses as text, the rest only where it matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from thecal.catalogue.site import Site
from thecal.device import Mode
from thecal.quantities import Concentration, DoseRate, Duration, Instant, Mass, Volume
from thecal.therapy import (
    BolusOrder,
    Finding,
    Flex,
    FluidComponent,
    MinimumRate,
    Prescription,
    SimpleContinuous,
    Standing,
    Stopped,
    TimedDose,
    Verdict,
    check,
)
from thecal.therapy.believed import BelievedLine
from thecal.therapy.mixing import as_fluid
from thecal.therapy.patient import (
    NOBODY_ASKED,
    Condition,
    Indication,
    Jurisdiction,
    Medicine,
    PatientFacts,
    SpasticityOrigin,
    Tolerance,
)
from thecal.therapy.situation import (
    NOTHING_BEFORE,
    NOTHING_RECORDED,
    Devices,
    DoseThen,
    History,
    Pending,
    Response,
)

from .given import NOW, standing, translated

CANCER = PatientFacts(Indication.CANCER_PAIN, new_neurological_sign=False)
NONCANCER = PatientFacts(Indication.NONCANCER_PAIN, new_neurological_sign=False)
NAIVE = PatientFacts(Indication.NONCANCER_PAIN, tolerance=Tolerance.NAIVE)
TOLERANT = PatientFacts(Indication.CANCER_PAIN, tolerance=Tolerance.TOLERANT)
SPINAL = PatientFacts(Indication.SPASTICITY, SpasticityOrigin.SPINAL)
CEREBRAL = PatientFacts(Indication.SPASTICITY, SpasticityOrigin.CEREBRAL)
CHILD = PatientFacts(Indication.SPASTICITY, SpasticityOrigin.SPINAL, age_years=8)
EUROPEAN = PatientFacts(Indication.NONCANCER_PAIN, jurisdiction=Jurisdiction.EU)


def someone(*facts: Condition | Medicine, age: int | None = None, sign: bool | None = None) -> PatientFacts:
    """A patient of whom only this is known."""
    return PatientFacts(
        conditions=tuple(each for each in facts if isinstance(each, Condition)),
        medicines=tuple(each for each in facts if isinstance(each, Medicine)),
        age_years=age,
        new_neurological_sign=sign,
    )


def bolus(dose: str, maximum: int = 4, lockout: str = "4 h") -> BolusOrder:
    return BolusOrder(Mass.parse(dose), Duration.parse("10 min"), Duration.parse(lockout), maximum)


def fluid(text: str) -> tuple[FluidComponent, ...]:
    """``"morphine 5 mg/mL + bupivacaine 10 mg/mL"``."""
    drugs = (each.partition(" ") for each in text.split(" + "))
    return tuple(FluidComponent(drug, Concentration.parse(concentration)) for drug, _, concentration in drugs)


def morning(dose: str, background: str, every_h: int = 24) -> Flex:
    """A step from 06:00 to 07:00."""
    return Flex(DoseRate.parse(background), (TimedDose(360, 420, Mass.parse(dose), every_h),))


def history(*doses: tuple[str, str, str | None], silent: str | None = None, imaged: bool | None = None) -> History:
    """Earlier doses as (how long ago, dose, what it did), oldest first."""
    then = tuple(
        DoseThen(
            Instant(NOW.epoch_ms - Duration.parse(ago).count),
            DoseRate.parse(dose),
            None if did is None else Response(did),
        )
        for ago, dose, did in doses
    )
    return History(then, silent_for=None if silent is None else Duration.parse(silent), catheter_imaged=imaged)


@dataclass(frozen=True, slots=True)
class Told:
    """One plan: the fluid in the reservoir, the dose wanted, what ran before (None: nothing ever) and what is known.

    A dose is text, a flex day, ``"stopped"`` or ``"minimum rate"``. ``stopped``: the pump stands still since then.
    """

    fluid: str
    dose: str | Flex
    before: str | Flex | None = None
    before_fluid: str | None = None
    bolus: BolusOrder | None = None
    bolus_before: BolusOrder | None = None
    patient: PatientFacts = NOBODY_ASKED
    history: History = NOTHING_BEFORE
    devices: Devices = NOTHING_RECORDED
    stopped: bool = False

    def standing(self) -> Standing:
        """The pump before the change."""
        held = fluid(self.fluid)
        if self.before is None:
            return standing(held)
        ran = Prescription(fluid(self.before_fluid or self.fluid), regimen(self.before), self.bolus_before)
        if self.stopped:
            return standing(held, last_infusing=translated(ran).program)
        return standing(held, ran)

    def findings(self) -> tuple[Finding, ...]:
        """What the check says. Where another fluid ran before, the line is already full of the new one."""
        held, devices = fluid(self.fluid), self.devices
        if self.before_fluid is not None:
            line = BelievedLine.holding(Volume.parse("0.2 mL"), Volume.parse("0.2 mL"), as_fluid(held))
            devices = replace(devices, line=line)
        wanted = Prescription(held, regimen(self.dose), self.bolus)
        return check(Pending(wanted), self.standing(), self.patient, devices, self.history)

    def verdicts(self) -> Mapping[str, Verdict]:
        """Rule -> its heaviest verdict."""
        found: dict[str, Verdict] = {}
        for finding in self.findings():
            found.setdefault(finding.rule, finding.verdict)
        return found


def regimen(dose: str | Flex) -> Stopped | MinimumRate | SimpleContinuous | Flex:
    if isinstance(dose, Flex):
        return dose
    if dose == Mode.STOPPED.value:
        return Stopped()
    return MinimumRate() if dose == Mode.MINIMUM_RATE.value else SimpleContinuous(DoseRate.parse(dose))


def at(site: Site) -> Devices:
    """A system whose clinic has limits of its own."""
    return Devices(site=site)


@dataclass(frozen=True, slots=True)
class Class:
    """A class of mistakes: plans in which a rule must speak, each with its verdict, and a harmless near-twin."""

    rule: str
    caught: tuple[tuple[Verdict, Told], ...]
    harmless: tuple[Told, ...]

    def must_hold(self) -> None:
        """Every variant is caught with its verdict; every near-twin passes this rule."""
        assert len(self.caught) >= 2
        assert self.harmless
        for verdict, told in self.caught:
            assert told.verdicts().get(self.rule) is verdict, (self.rule, told)
            spoken = next(each for each in told.findings() if each.rule == self.rule)
            assert spoken.words.endswith(".")
            assert spoken.path
            assert spoken.source or not spoken.compared or self.rule in UNSOURCED, spoken
        for told in self.harmless:
            assert self.rule not in told.verdicts(), (self.rule, told)


# These compare the plan with itself or with what is known, not with a number of the catalogue.
UNSOURCED = (
    "effective-boluses",
    "facts-missing",
    "mixture",
    "no-previous-dose",
    "off-label",
    "residual-bolus",
    "residual-daily",
    "unsupported-drug",
)
