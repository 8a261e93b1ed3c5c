"""Everything that is looked at before anything is started."""

from __future__ import annotations

from thecal.adapters.keyring import SealBroken, check_sealed, check_workstation
from thecal.adapters.site_secret import SecretDamaged, read_secret
from thecal.run.clock import BenchClock
from thecal.run.clock_file import read_clock
from thecal.run.data_folder import DataFolder, StartRefused, check_databases
from thecal.run.demo_access import read_access
from thecal.run.patient_checks import check_patient
from thecal.run.patient_label import PROGRAMMABLE, PatientLabel, read_label


def check_everything(folder: DataFolder, let_pumps_find_faults: bool) -> tuple[BenchClock, tuple[PatientLabel, ...]]:
    """Clock and patients, when every file is whole. Raises StartRefused, one line, for the first that is not.

    With ``let_pumps_find_faults`` a damaged pump memory is no reason to stop here: the pump itself finds it when it
    starts, stops delivery and raises its alarm.
    """
    clock = read_clock(folder.clock)
    read_access(folder.access)
    patients = folder.patient_folders()
    labels = tuple(read_label(patient.label) for patient in patients)
    check_databases(folder)
    _check_clinic_keys(folder, tuple(label.patient for label in labels if label.kind == PROGRAMMABLE))
    _check_secrets(folder)
    for label, patient in zip(labels, patients, strict=True):
        check_patient(patient, label, let_pumps_find_faults)
    return clock, labels


def _check_clinic_keys(folder: DataFolder, patients: tuple[str, ...]) -> None:
    """Their form; whether the seals hold is known when somebody signs in."""
    keys = [folder.clinic_keys / f"{patient}.json" for patient in patients]
    for path, check in ((folder.workstation, check_workstation), *((key, check_sealed) for key in keys)):
        try:
            check(path.read_bytes())
        except SealBroken as broken:
            raise StartRefused(f"{path} is damaged: {broken}") from None
        except OSError as error:
            raise StartRefused(f"{path} cannot be read: {error.strerror}") from None


def _check_secrets(folder: DataFolder) -> None:
    for path in sorted(folder.secrets.glob("*.secret")):
        try:
            read_secret(path)
        except SecretDamaged as damaged:
            raise StartRefused(str(damaged)) from None
        except OSError as error:
            raise StartRefused(f"{path} cannot be read: {error.strerror}") from None
