"""What each drug of a fluid amounts to in 24 hours: as a program gives it, or as it is prescribed and nothing runs it.

Stopped and minimum rate count as no dose: they keep the tube moving and are clinically no drug.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from thecal.device import INFUSING, Mode, Program, PumpDescriptor
from thecal.quantities import DoseRate, FlowRate
from thecal.therapy.arithmetic import dose_counted, follows, follows_counted
from thecal.therapy.derived import Derived, turns_per_24h, up_to_strokes
from thecal.therapy.prescription import BolusOrder, Prescription
from thecal.therapy.schedule import programmed_daily


@dataclass(frozen=True, slots=True)
class Given:
    """One drug: basal and greatest possible 24-hour dose, and what reaches the patient even at minimum rate."""

    daily: DoseRate
    greatest: DoseRate
    flowing: DoseRate


NOTHING = Given(DoseRate(0), DoseRate(0), DoseRate(0))


def by_program(program: Program, derived: Derived) -> dict[str, Given]:
    """Drug to what the pump's counts give of it, with every effective bolus."""
    found = {}
    doses = zip(program.components, derived.daily_doses, derived.greatest_24h_doses, strict=True)
    for component, daily, greatest in doses:
        infuses = program.mode in INFUSING
        found[component.drug] = Given(daily, greatest, greatest) if infuses else _only_flowing(greatest)
    return found


def by_prescription(prescription: Prescription, descriptor: PumpDescriptor) -> dict[str, Given]:
    """Drug to what is programmed of it, with every bolus the lockout allows; basal rounded down, the rest up."""
    if prescription.mode not in INFUSING:
        flow = descriptor.minimum_rate_nl_per_day if prescription.mode is Mode.MINIMUM_RATE else 0
        strokes = FlowRate(up_to_strokes(flow, descriptor.stroke_nl))
        return {each.drug: _only_flowing(dose_counted(strokes, each.concentration)) for each in prescription.components}
    primary, found = prescription.components[0].concentration, {}
    daily = programmed_daily(prescription.regimen)
    most = daily + _boluses(prescription.patient_bolus)
    for each in prescription.components:
        greatest = DoseRate(follows_counted(most, each.concentration, primary))
        found[each.drug] = Given(DoseRate(follows(daily, each.concentration, primary)), greatest, greatest)
    return found


def _boluses(order: BolusOrder | None) -> Fraction:
    """What the patient may ask for in 24 hours, in ng of the primary drug."""
    if order is None:
        return Fraction(0)
    return Fraction(min(order.maximum_per_24h, turns_per_24h(order.lockout)) * order.dose.count)


def _only_flowing(dose: DoseRate) -> Given:
    return Given(DoseRate(0), DoseRate(0), dose)
