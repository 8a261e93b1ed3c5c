"""The entry form of a prescription: every field a text, read strictly and all at once, and written back exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from thecal.catalogue.drugs import drug
from thecal.catalogue.sourced import CatalogueError
from thecal.device import Mode, bounds
from thecal.quantities import DoseRate, Duration, Mass, Volume
from thecal.therapy import (
    BolusOrder,
    EntryRefused,
    Field,
    Flex,
    FluidComponent,
    MinimumRate,
    Prescription,
    PrescriptionInvalid,
    Regimen,
    SimpleContinuous,
    Stopped,
    TimedDose,
    read_clock,
    read_count,
    write_clock,
)
from thecal.therapy.showing import time_number

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StepForm:
    """One flex step as typed: ``06:00``, ``07:00``, dose, and how many hours until it repeats (24: once a day)."""

    start: str
    end: str
    dose: str
    every_h: str


@dataclass(frozen=True, slots=True)
class PrescriptionForm:
    """Every field as typed. Only the fields of the chosen mode are read; a bolus only when it is wanted.

    Units are fixed: see ``units``. ``low_reservoir`` may stay empty: the pump model's default.
    """

    mode: str  # a value of device.Mode
    daily_dose: str = ""
    background: str = ""
    steps: tuple[StepForm, ...] = ()
    bolus_wanted: bool = False
    bolus_dose: str = ""
    bolus_duration: str = ""
    lockout: str = ""
    maximum_per_24h: str = ""
    low_reservoir: str = ""
    bridge: str = ""  # see ``bridge_form``
    bridge_volume: str = ""
    bridge_duration: str = ""


@dataclass(frozen=True, slots=True)
class FormUnits:
    """The unit beside each field of the form."""

    dose: str
    daily_dose: str
    concentration: str
    bolus_duration: str = "min"
    lockout: str = "h"
    low_reservoir: str = "mL"


@dataclass(frozen=True, slots=True)
class FormRefused:
    """Every field that was not accepted, each with one line saying what is."""

    refusals: tuple[EntryRefused, ...]


def units(components: tuple[FluidComponent, ...]) -> FormUnits:
    """The units in which doses of the primary drug are typed (mg where no drug is known)."""
    unit = "mg"
    if components:
        try:
            unit = drug(components[0].drug).dose_unit
        except CatalogueError:  # the review refuses a drug the catalogue does not know; the form can still be shown
            unit = "mg"
    return FormUnits(dose=unit, daily_dose=f"{unit}/day", concentration=f"{unit}/mL")


def read_form(form: PrescriptionForm, components: tuple[FluidComponent, ...]) -> Prescription | FormRefused:
    """The prescription for this fluid, or everything that is wrong with the form."""
    reading = _Reading(units(components))
    regimen = reading.regimen(form)
    bolus = reading.bolus(form) if form.bolus_wanted else None
    level = None
    if form.low_reservoir:
        level = reading.take(
            lambda: Field("low reservoir", Volume, reading.units.low_reservoir).read(form.low_reservoir)
        )
    if reading.refused or regimen is None:
        return FormRefused(tuple(reading.refused))
    try:
        return Prescription(components, regimen, bolus, level)
    except PrescriptionInvalid as invalid:
        return FormRefused((_refused(invalid),))


def write_form(prescription: Prescription) -> PrescriptionForm:
    """The form that reads back as this prescription.

    A time that no decimal of its unit spells (100 min in h) is rounded up to hundredths, which the review shows.
    """
    unit = units(prescription.components)
    regimen, bolus, level = prescription.regimen, prescription.patient_bolus, prescription.low_reservoir
    return PrescriptionForm(
        mode=prescription.mode.value,
        daily_dose=regimen.daily_dose.number_in(unit.daily_dose) if isinstance(regimen, SimpleContinuous) else "",
        background=regimen.background.number_in(unit.daily_dose) if isinstance(regimen, Flex) else "",
        steps=tuple(
            StepForm(
                write_clock(step.start_min),
                write_clock(step.end_min),
                step.dose.number_in(unit.dose),
                str(step.every_h),
            )
            for step in (regimen.steps if isinstance(regimen, Flex) else ())
        ),
        bolus_wanted=bolus is not None,
        bolus_dose="" if bolus is None else bolus.dose.number_in(unit.dose),
        bolus_duration="" if bolus is None else time_number(bolus.duration, unit.bolus_duration),
        lockout="" if bolus is None else time_number(bolus.lockout, unit.lockout),
        maximum_per_24h="" if bolus is None else str(bolus.maximum_per_24h),
        low_reservoir="" if level is None else level.number_in(unit.low_reservoir),
    )


class _Reading:
    """Reads field after field and keeps every refusal, so that a person sees them all at once."""

    def __init__(self, form_units: FormUnits) -> None:
        self.units = form_units
        self.refused: list[EntryRefused] = []

    def take(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except EntryRefused as refused:
            self.refused.append(refused)
        except PrescriptionInvalid as invalid:
            self.refused.append(_refused(invalid))
        return None

    def regimen(self, form: PrescriptionForm) -> Regimen | None:
        if form.mode == Mode.STOPPED.value:
            return Stopped()
        if form.mode == Mode.MINIMUM_RATE.value:
            return MinimumRate()
        if form.mode == Mode.SIMPLE_CONTINUOUS.value:
            dose = self.take(lambda: Field("daily dose", DoseRate, self.units.daily_dose).read(form.daily_dose))
            return None if dose is None else SimpleContinuous(dose)
        if form.mode == Mode.FLEX.value:
            return self._flex(form)
        modes = ", ".join(mode.value for mode in Mode)
        self.refused.append(EntryRefused("mode", f"{form.mode!r} is not an infusion mode: choose one of {modes}"))
        return None

    def bolus(self, form: PrescriptionForm) -> BolusOrder | None:
        most = bounds.BOLUSES_PER_24H
        dose = self.take(lambda: Field("bolus dose", Mass, self.units.dose).read(form.bolus_dose))
        lasts = Field("bolus duration", Duration, self.units.bolus_duration)
        duration = self.take(lambda: lasts.read(form.bolus_duration))
        lockout = self.take(lambda: Field("lockout", Duration, self.units.lockout).read(form.lockout))
        maximum = self.take(
            lambda: read_count("boluses per 24 h", form.maximum_per_24h, most.low, most.high, "boluses")
        )
        if dose is None or duration is None or lockout is None or maximum is None:
            return None
        return self.take(lambda: BolusOrder(dose, duration, lockout, maximum))

    def _flex(self, form: PrescriptionForm) -> Flex | None:
        background = self.take(
            lambda: Field("background dose", DoseRate, self.units.daily_dose, zero_allowed=True).read(form.background)
        )
        steps = [self._step(number, step) for number, step in enumerate(form.steps, start=1)]
        complete = tuple(step for step in steps if step is not None)
        if background is None or len(complete) < len(steps):
            return None
        return self.take(lambda: Flex(background, complete))

    def _step(self, number: int, step: StepForm) -> TimedDose | None:
        name = f"step {number}"
        start = self.take(lambda: read_clock(f"{name} start", step.start))
        end = self.take(lambda: read_clock(f"{name} end", step.end, end=True))
        dose = self.take(lambda: Field(f"{name} dose", Mass, self.units.dose, zero_allowed=True).read(step.dose))
        every = self.take(lambda: read_count(f"{name} repeats every", step.every_h, 1, 24, "hours"))
        if start is None or end is None or dose is None or every is None:
            return None
        try:
            return TimedDose(start, end, dose, every)
        except PrescriptionInvalid as invalid:
            self.refused.append(EntryRefused(name, str(invalid).partition(": ")[2]))
            return None


def _refused(invalid: PrescriptionInvalid) -> EntryRefused:
    return EntryRefused(invalid.field, str(invalid).partition(": ")[2])
