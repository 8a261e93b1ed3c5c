"""What is known about a patient without starting anything: ``patient.json``, written when the patient is seeded."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from thecal.run.data_folder import StartRefused

PROGRAMMABLE = "programmable"
CONSTANT_FLOW = "constant flow"


@dataclass(frozen=True, slots=True)
class PatientLabel:
    """Who it is and what is implanted. ``flow_nl_per_day`` is a gas-driven pump's true flow; None when programmable."""

    patient: str
    name: str
    model: str
    kind: str
    flow_nl_per_day: int | None
    case_sha256: str  # of the case file as seeded: the supervisor does not read cases, but knows one that was damaged

    def __post_init__(self) -> None:
        texts = (self.patient, self.name, self.model, self.case_sha256)
        if not all(isinstance(text, str) and text for text in texts) or self.kind not in (PROGRAMMABLE, CONSTANT_FLOW):
            raise ValueError("patient, name, model and case digest are texts, kind is one of two")
        if (type(self.flow_nl_per_day) is int) != (self.kind == CONSTANT_FLOW):
            raise ValueError("a constant-flow pump has a flow, a programmable one has none")


def write_label(path: Path, label: PatientLabel) -> None:
    """Write it for the first time."""
    path.write_text(json.dumps(asdict(label), indent=2) + "\n", encoding="utf-8")


def read_label(path: Path) -> PatientLabel:
    """Raises StartRefused, one line, when it is missing or damaged."""
    try:
        return PatientLabel(**json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise StartRefused(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, TypeError):
        raise StartRefused(f"{path} is damaged") from None
