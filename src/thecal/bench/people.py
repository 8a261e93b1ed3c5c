"""The people round one patient, each with a programmer and keys of their own."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from itertools import count

from thecal.bench.case_records import Step, Therapy
from thecal.bench.handset import Handset
from thecal.bench.patient import WiredPatient
from thecal.bench.physician import Physician
from thecal.device import Mode, Role

COMMAND_ID_BYTES = 16


class People:
    """A physician with a physician programmer and the patient with a handset. Raises NoPower for a constant-flow pump."""

    def __init__(self, patient: WiredPatient) -> None:
        name = patient.case.id
        self.physician = Physician(patient.channel(Role.PHYSICIAN), command_ids(f"{name} physician"))
        self.handset = Handset(patient.channel(Role.PATIENT), command_ids(f"{name} patient"))


def command_ids(purpose: str) -> Callable[[], bytes]:
    """Ids that never repeat within a purpose, the same in every run. A real programmer draws them at random."""
    numbers = count()
    return lambda: sha256(f"{purpose} {next(numbers)}".encode()).digest()[:COMMAND_ID_BYTES]


def spoken(therapy: Therapy) -> str:
    """The therapy in a few words, as it was typed."""
    words = therapy.mode.value
    if therapy.mode is Mode.SIMPLE_CONTINUOUS:
        words = f"{words}, {therapy.daily_dose}"
    if therapy.mode is Mode.FLEX:
        words = f"{words}, {'; '.join(_spoken_step(step) for step in therapy.steps)}, background {therapy.background}"
    bolus = therapy.patient_bolus
    if bolus is not None:
        words += f", patient bolus {bolus.dose} over {bolus.duration}, lockout {bolus.lockout}, "
        words += f"at most {bolus.maximum_per_24h} in 24 h"
    return words


def _spoken_step(step: Step) -> str:
    often = "once a day" if step.every_h == 24 else f"every {step.every_h} h"
    return f"{step.dose} from {step.start} to {step.end} {often}"
