"""What a check of this patient goes by beside the pump and the prescription, as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.device import Mode
from thecal.programmer import Interrogated
from thecal.therapy.showing import length_text
from thecal.web.clinic import models, records


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """As text. ``silence`` is empty while the pump gives drug, or was never seen to give any."""

    tolerance: str
    silence: str


def known_facts(patient: models.Patient, found: Interrogated | None) -> KnownFacts:
    """The patient's tolerance as recorded, and how long a stopped pump has given nothing."""
    return KnownFacts(patient.get_tolerance_display(), "" if found is None else _silence(patient, found))


def _silence(patient: models.Patient, found: Interrogated) -> str:
    if found.report.program.mode is not Mode.STOPPED or records.last_infusing(patient) is None:
        return ""
    silent = records.silent_for(patient, found)
    return "not known" if silent is None else f"{length_text(silent)}, by the log of the pump"
