"""What one patient's files must be before anything is started."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from thecal.adapters.link.credentials import BadKeyDocument, PumpKeyring
from thecal.adapters.memory_file import read_banks
from thecal.adapters.truth_file import TruthDamaged, read_truth
from thecal.fluid import Stroke
from thecal.implant import MemoryOfAnotherVersion, replay
from thecal.run.data_folder import PatientFolder, StartRefused
from thecal.run.patient_label import PROGRAMMABLE, PatientLabel


def check_patient(patient: PatientFolder, label: PatientLabel, let_pumps_find_faults: bool) -> None:
    """Raises StartRefused, one line, for the first file that is not whole."""
    try:
        strokes = sum(isinstance(record, Stroke) for record in read_truth(patient.truth).records)
        _check_case(patient.case, label.case_sha256)
        if label.kind == PROGRAMMABLE:
            _check_keyring(patient.keyring)
            _check_manufactured(patient.manufactured)
            _check_memory(patient.memory, label.name, strokes, let_pumps_find_faults)
    except TruthDamaged as damaged:
        raise StartRefused(str(damaged)) from None
    except OSError as error:
        raise StartRefused(f"{error.filename} cannot be read: {error.strerror}") from None


def _check_case(path: Path, digest: str) -> None:
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise StartRefused(f"the case {path} is damaged: it is not the one that was seeded")


def _check_keyring(path: Path) -> None:
    try:
        PumpKeyring.from_document(json.loads(path.read_text(encoding="ascii")))
    except BadKeyDocument as bad:
        raise StartRefused(f"the pump's keyring {path} is damaged: {bad}") from None
    except ValueError:
        raise StartRefused(f"the pump's keyring {path} is damaged") from None


def _check_manufactured(path: Path) -> None:
    """It is needed only when the memory is lost, and then it is too late to find it damaged."""
    try:
        past = replay(read_banks(path))
    except MemoryOfAnotherVersion as other:
        raise StartRefused(f"{path}: {other}") from None
    if past.state is None or past.damage is not None:
        raise StartRefused(f"the pump as manufactured ({path}) is damaged: {past.damage or 'it is empty'}")


def _check_memory(path: Path, name: str, true_strokes: int, let_pumps_find_faults: bool) -> None:
    try:
        past = replay(read_banks(path))
    except MemoryOfAnotherVersion as other:
        raise StartRefused(f"{path}: {other}") from None
    damage = past.damage
    if damage is None and past.state is not None and past.state.strokes_total < true_strokes:
        # Every stroke is recorded before it is made: a memory that knows of fewer has lost its end.
        damage = f"it remembers {past.state.strokes_total} strokes, and {true_strokes} truly left it"
    if damage is not None and not let_pumps_find_faults:
        raise StartRefused(
            f"the pump memory of {name} ({path}) is damaged: {damage}; "
            "to start nevertheless and let the pump raise its alarm: thecal up --with-damaged-memory"
        )
