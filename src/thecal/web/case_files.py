"""The case a demonstration patient was seeded from: who it is, what is implanted, what was filled in."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from thecal.bench.case import Case, load_case

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class NoSuchPatient(Exception):
    """There is no patient of this id; the message is one line."""


def patient_folder(data: Path, patient: str) -> Path:
    """Where a patient's files are. Raises NoSuchPatient, also for a text that is no id."""
    folder = data / "patients" / patient
    if _ID.fullmatch(patient) is None or not folder.is_dir():
        raise NoSuchPatient(f"there is no patient {patient!r}")
    return folder


def patient_ids(data: Path) -> tuple[str, ...]:
    """Every seeded patient."""
    folder = data / "patients"
    return tuple(sorted(path.name for path in folder.iterdir() if path.is_dir())) if folder.is_dir() else ()


def case_of(data: Path, patient: str) -> Case:
    """The patient's case. Raises NoSuchPatient, DocumentError, OSError."""
    return _case_in(patient_folder(data, patient))


@lru_cache(maxsize=64)
def _case_in(folder: Path) -> Case:
    """A case file is written once, when the patient is seeded."""
    return load_case((folder / "case.toml").read_text(encoding="utf-8"))
