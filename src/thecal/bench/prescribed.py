"""A case's therapy as the prescription a physician would type."""

from __future__ import annotations

from thecal.bench.case_records import Bolus, DrugIn, Therapy
from thecal.device import Mode
from thecal.quantities import DoseRate
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


def prescription_of(therapy: Therapy, drugs: tuple[DrugIn, ...]) -> Prescription:
    """The prescription for a pump that holds these drugs, primary drug first. Raises PrescriptionInvalid."""
    components = tuple(FluidComponent(each.drug, each.concentration) for each in drugs)
    bolus = None if therapy.patient_bolus is None else _order(therapy.patient_bolus)
    return Prescription(components, regimen_of(therapy), bolus)


def regimen_of(therapy: Therapy) -> Regimen:
    """What runs all day. Raises PrescriptionInvalid for what is missing or contradicts itself."""
    match therapy.mode:
        case Mode.STOPPED:
            return Stopped()
        case Mode.MINIMUM_RATE:
            return MinimumRate()
        case Mode.SIMPLE_CONTINUOUS:
            if therapy.daily_dose is None:
                raise PrescriptionInvalid("daily_dose", "missing for simple continuous")
            return SimpleContinuous(therapy.daily_dose)
        case Mode.FLEX:
            steps = tuple(TimedDose(s.start.minutes, s.end.minutes, s.dose, s.every_h) for s in therapy.steps)
            return Flex(therapy.background or DoseRate(0), steps)


def _order(bolus: Bolus) -> BolusOrder:
    return BolusOrder(bolus.dose, bolus.duration, bolus.lockout, bolus.maximum_per_24h)
