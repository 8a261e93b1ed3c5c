"""The people round one patient, each with a programmer and keys of their own."""

from __future__ import annotations

from thecal.bench.command_ids import command_ids
from thecal.bench.handset import Handset
from thecal.bench.patient import WiredPatient
from thecal.bench.physician import Physician
from thecal.catalogue.drugs import Drug, drug
from thecal.device import Role
from thecal.therapy.prescribed import Step, Therapy
from thecal.therapy.showing import amount_text


class People:
    """A physician with a physician programmer, the patient with a handset. Raises NoPower for a constant-flow pump."""

    def __init__(self, patient: WiredPatient) -> None:
        name = patient.case.id
        self.physician = Physician(patient.channel(Role.PHYSICIAN), command_ids(f"{name} physician"))
        self.handset = Handset(patient.channel(Role.PATIENT), command_ids(f"{name} patient"))


def spoken(therapy: Therapy, primary: str) -> str:
    """The therapy in a few words, doses in the unit of the primary drug. Raises CatalogueError."""
    known = drug(primary)
    per_day = f"{known.dose_unit}/day"
    words = therapy.mode.value
    if therapy.daily_dose is not None:
        words = f"{words}, {known.display} {amount_text(therapy.daily_dose, per_day)}"
    if therapy.background is not None:
        steps = "; ".join(_spoken_step(step, known) for step in therapy.steps)
        words = f"{words}, {known.display} {steps}, background {amount_text(therapy.background, per_day)}"
    bolus = therapy.patient_bolus
    if bolus is not None:
        words += f", patient bolus {amount_text(bolus.dose, known.dose_unit)} over {bolus.duration}, "
        words += f"lockout {bolus.lockout}, at most {bolus.maximum_per_24h} in 24 h"
    if therapy.low_reservoir is not None:
        words += f", low-reservoir alarm at {amount_text(therapy.low_reservoir, 'mL')}"
    return words


def _spoken_step(step: Step, known: Drug) -> str:
    often = "once a day" if step.every_h == 24 else f"every {step.every_h} h"
    return f"{amount_text(step.dose, known.dose_unit)} from {step.start} to {step.end} {often}"
