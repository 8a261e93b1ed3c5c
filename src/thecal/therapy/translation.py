"""From prescription to program: counts for one pump, rounded down, with the residual kept.

Four amounts, four names: *programmed* is what the prescription asks for, *achievable* what the pump's counts can give,
*residual* their difference; *delivered* and *estimated* are not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from thecal.device import FlexStep, OutOfBounds, PatientBolus, Program, ProgramInvalid, bounds
from thecal.quantities import DoseRate, Mass, QuantityError, Volume
from thecal.therapy.arithmetic import follows, rate_for_dose, volume_for_mass, whole_strokes
from thecal.therapy.derived import Derived, derive, up_to_strokes
from thecal.therapy.findings import Finding, refusal
from thecal.therapy.limits import model_findings, step_findings
from thecal.therapy.models import PumpInHand
from thecal.therapy.prescription import BolusOrder, Flex, FluidComponent, Prescription, SimpleContinuous
from thecal.therapy.schedule import day_steps, programmed_daily
from thecal.therapy.written import AS_PRESCRIBED, Written


@dataclass(frozen=True, slots=True)
class Doses:
    """Doses per component of the fluid, primary drug first; ``bolus`` is empty without a patient bolus."""

    daily: tuple[DoseRate, ...]  # basal
    bolus: tuple[Mass, ...]

    def less(self, other: Doses) -> Doses:
        """What is left after ``other``, component by component."""
        return Doses(
            tuple(mine - theirs for mine, theirs in zip(self.daily, other.daily, strict=True)),
            tuple(mine - theirs for mine, theirs in zip(self.bolus, other.bolus, strict=True)),
        )


@dataclass(frozen=True, slots=True)
class Translation:
    """The program for a prescription, with programmed = achievable + residual for every component."""

    program: Program
    programmed: Doses
    achievable: Doses
    residual: Doses
    derived: Derived


@dataclass(frozen=True, slots=True)
class CannotTranslate:
    """This pump cannot do what is prescribed; every reason is a REFUSE finding."""

    findings: tuple[Finding, ...]


def translate(
    prescription: Prescription, pump: PumpInHand, written: Written = AS_PRESCRIBED
) -> Translation | CannotTranslate:
    """The program that gives as much as the prescription asks for and never more.

    ``written``: where the findings find the prescription in a document.
    """
    try:
        refused = model_findings(prescription, pump.descriptor, written)
        steps = () if refused else _steps(prescription)
        refused = (*refused, *step_findings(steps, written))
        if refused:
            return CannotTranslate(refused)
        program = _program(prescription, steps, pump)
    except (QuantityError, ProgramInvalid, OutOfBounds) as impossible:
        words = f"No pump can hold this: {impossible}."  # what is left is the fluid: its drugs, or one concentration
        return CannotTranslate((refusal("not-a-program", "program", words, path=written.fluid),))
    derived = derive(program, pump.descriptor)
    programmed, achievable = _programmed(prescription), Doses(derived.daily_doses, derived.bolus_doses)
    if not isinstance(prescription.regimen, SimpleContinuous | Flex):
        programmed = achievable  # stopped and minimum rate prescribe no dose: what flows is what was asked for
    return Translation(program, programmed, achievable, programmed.less(achievable), derived)


def _steps(prescription: Prescription) -> tuple[FlexStep, ...]:
    primary, regimen = prescription.primary, prescription.regimen
    if primary is None:
        return ()
    if isinstance(regimen, SimpleContinuous):
        rate = rate_for_dose(regimen.daily_dose, primary.concentration)
        return (FlexStep(0, rate.count),)
    if isinstance(regimen, Flex):
        return day_steps(regimen, primary.concentration)
    return ()


def _program(prescription: Prescription, steps: tuple[FlexStep, ...], pump: PumpInHand) -> Program:
    components = tuple(component.in_counts() for component in prescription.components)
    bolus = None
    if prescription.patient_bolus is not None:
        bolus = _bolus(prescription.patient_bolus, prescription.components[0], pump)
    low = pump.low_reservoir_default if prescription.low_reservoir is None else prescription.low_reservoir
    unstated = Program(
        pump_serial=pump.serial,
        patient_token=pump.patient_token,
        mode=prescription.mode,
        steps=steps,
        patient_bolus=bolus,
        components=components,
        stated_daily_dose_ng=(0,) * len(components),
        volume_limit_nl_per_24h=0,
        low_reservoir_nl=low.count,
    )
    derived = derive(unstated, pump.descriptor)
    limit = up_to_strokes(derived.highest_rate.count, pump.descriptor.stroke_nl)
    if bolus is not None:
        limit += bolus.volume_nl * bolus.maximum_per_24h
    return Program(
        pump_serial=unstated.pump_serial,
        patient_token=unstated.patient_token,
        mode=unstated.mode,
        steps=steps,
        patient_bolus=bolus,
        components=components,
        stated_daily_dose_ng=tuple(dose.count for dose in derived.daily_doses),
        # A full day of the highest basal rate and every allotted bolus; the widest limit a pump can hold bounds it.
        volume_limit_nl_per_24h=min(limit, bounds.VOLUME_LIMIT.high),
        low_reservoir_nl=low.count,
    )


def _bolus(order: BolusOrder, primary: FluidComponent, pump: PumpInHand) -> PatientBolus:
    volume = whole_strokes(volume_for_mass(order.dose, primary.concentration), Volume(pump.descriptor.stroke_nl))
    return PatientBolus(volume.count, order.duration.count, order.lockout.count, order.maximum_per_24h)


def _programmed(prescription: Prescription) -> Doses:
    primary = prescription.primary
    if primary is None:
        return Doses((), ())
    daily = programmed_daily(prescription.regimen)
    bolus = prescription.patient_bolus
    fluid = [component.concentration for component in prescription.components]
    mass = None if bolus is None else Fraction(bolus.dose.count)
    return Doses(
        tuple(DoseRate(follows(daily, each, primary.concentration)) for each in fluid),
        () if mass is None else tuple(Mass(follows(mass, each, primary.concentration)) for each in fluid),
    )
