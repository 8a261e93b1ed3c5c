"""Everything that is looked at before anything is started."""

from __future__ import annotations

from thecal.adapters.truth_file import TruthDamaged, read_truth
from thecal.implant import MemoryOfAnotherVersion, replay
from thecal.run.clock import BenchClock
from thecal.run.clock_file import read_clock
from thecal.run.data_folder import DataFolder, PatientFolder, StartRefused, check_databases
from thecal.run.demo_access import read_access
from thecal.run.patient_label import PROGRAMMABLE, PatientLabel, read_label


def check_everything(folder: DataFolder, let_pumps_find_faults: bool) -> tuple[BenchClock, tuple[PatientLabel, ...]]:
    """Clock and patients, when every file is whole. Raises StartRefused, one line, for the first that is not.

    With ``let_pumps_find_faults`` a damaged pump memory is no reason to stop here: the pump itself finds it when it
    starts, stops delivery and raises its alarm.
    """
    clock = read_clock(folder.clock)
    read_access(folder.access)
    labels = tuple(read_label(patient.label) for patient in folder.patient_folders())
    check_databases(folder)
    for label, patient in zip(labels, folder.patient_folders(), strict=True):
        _check_truth(patient)
        if label.kind == PROGRAMMABLE:
            _check_memory(patient, label, let_pumps_find_faults)
    return clock, labels


def _check_truth(patient: PatientFolder) -> None:
    try:
        read_truth(patient.truth)
    except TruthDamaged as damaged:
        raise StartRefused(str(damaged)) from None
    except OSError as error:
        raise StartRefused(f"{patient.truth} cannot be read: {error.strerror}") from None


def _check_memory(patient: PatientFolder, label: PatientLabel, let_pumps_find_faults: bool) -> None:
    try:
        damage = replay(patient.memory.read_bytes()).damage
    except MemoryOfAnotherVersion as other:
        raise StartRefused(f"{patient.memory}: {other}") from None
    except OSError as error:
        raise StartRefused(f"{patient.memory} cannot be read: {error.strerror}") from None
    if damage is not None and not let_pumps_find_faults:
        raise StartRefused(
            f"the pump memory of {label.name} ({patient.memory}) is damaged: {damage}; "
            "to start nevertheless and let the pump raise its alarm: thecal up --with-damaged-memory"
        )
