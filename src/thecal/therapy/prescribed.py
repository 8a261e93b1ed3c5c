"""A therapy as a document states it, and the prescription it means: used by cases, stories and checks alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from thecal.device import Mode
from thecal.documents import About, ClockTime, DocumentError
from thecal.quantities import Concentration, DoseRate, Duration, Mass, Volume
from thecal.therapy.prescription import (
    BolusOrder,
    Flex,
    FluidComponent,
    MinimumRate,
    Prescription,
    PrescriptionInvalid,
    Regimen,
    SimpleContinuous,
    Stopped,
    TimedDose,
)


@dataclass(frozen=True, slots=True)
class DrugIn:
    """One drug of a fluid."""

    drug: Annotated[str, About("drug of the catalogue")]
    concentration: Annotated[Concentration, About("drug per fluid")]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a flex day, as it is spoken: this dose from then to then, repeated every so many hours."""

    start: Annotated[ClockTime, About("time of day on the pump's clock")]
    end: Annotated[ClockTime, About("later on the same day, up to 24:00")]
    dose: Annotated[Mass, About("primary drug in the whole step")]
    every_h: Annotated[int, About("hours until it repeats; 24 for once a day", 1, 24)]


@dataclass(frozen=True, slots=True)
class Bolus:
    """The bolus the patient may ask for."""

    dose: Annotated[Mass, About("primary drug per bolus")]
    duration: Annotated[Duration, About("how long one bolus takes")]
    lockout: Annotated[Duration, About("from one accepted request to the next")]
    maximum_per_24h: Annotated[int, About("boluses in any 24 hours", 1, 24)]


@dataclass(frozen=True, slots=True)
class Therapy:
    """What the physician prescribes for a programmable pump."""

    mode: Annotated[Mode, About("infusion mode")]
    daily_dose: Annotated[DoseRate | None, About("primary drug, for simple continuous")] = None
    background: Annotated[DoseRate | None, About("primary drug between the steps, for flex; zero pauses")] = None
    steps: Annotated[tuple[Step, ...], About("the steps, for flex")] = ()
    patient_bolus: Annotated[Bolus | None, About("what the patient may ask for")] = None
    low_reservoir: Annotated[Volume | None, About("alarm level; the pump model's own if left out")] = None


def prescription_of(therapy: Therapy, drugs: tuple[DrugIn, ...]) -> Prescription:
    """The prescription for a pump that holds these drugs, primary drug first. Raises PrescriptionInvalid."""
    components = tuple(FluidComponent(each.drug, each.concentration) for each in drugs)
    bolus = None if therapy.patient_bolus is None else _order(therapy.patient_bolus)
    return Prescription(components, regimen_of(therapy), bolus, therapy.low_reservoir)


def regimen_of(therapy: Therapy) -> Regimen:
    """What runs all day. Raises PrescriptionInvalid for what is missing or contradicts itself."""
    match therapy.mode:  # what is left is flex
        case Mode.STOPPED:
            return Stopped()
        case Mode.MINIMUM_RATE:
            return MinimumRate()
        case Mode.SIMPLE_CONTINUOUS:
            if therapy.daily_dose is None:
                raise PrescriptionInvalid("daily_dose", "missing for simple continuous")
            return SimpleContinuous(therapy.daily_dose)
    steps = tuple(TimedDose(s.start.minutes, s.end.minutes, s.dose, s.every_h) for s in therapy.steps)
    return Flex(therapy.background or DoseRate(0), steps)


def check_therapy(where: str, therapy: Therapy) -> None:
    """Raises DocumentError where a therapy contradicts itself, naming the field below ``where``."""
    continuous, flex = therapy.mode is Mode.SIMPLE_CONTINUOUS, therapy.mode is Mode.FLEX
    if continuous != (therapy.daily_dose is not None):
        raise DocumentError(f"{where}.daily_dose: {'missing for' if continuous else 'only for'} simple continuous")
    if flex != (therapy.background is not None):
        raise DocumentError(f"{where}.background: {'missing for' if flex else 'only for'} flex")
    if therapy.steps and not flex:
        raise DocumentError(f"{where}.steps: only for flex")
    try:
        regimen_of(therapy)
    except PrescriptionInvalid as error:
        raise DocumentError(f"{where}.{error}") from None
    if therapy.patient_bolus is not None:
        if not (continuous or flex):
            raise DocumentError(f"{where}.patient_bolus: only on top of simple continuous or flex")
        _check_bolus(f"{where}.patient_bolus", therapy.patient_bolus)


def _check_bolus(where: str, bolus: Bolus) -> None:
    if bolus.dose.count == 0:
        raise DocumentError(f"{where}.dose: must be above zero")
    if bolus.lockout <= bolus.duration:
        raise DocumentError(f"{where}.lockout: must be longer than the bolus lasts")


def _order(bolus: Bolus) -> BolusOrder:
    return BolusOrder(bolus.dose, bolus.duration, bolus.lockout, bolus.maximum_per_24h)
