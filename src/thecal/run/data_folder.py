"""The data folder: what lies where, that it can be used, and that nobody else is using it.

clock.json                    bench time and pace
demo-access.txt               the demonstration clinician's password (mode 0600)
patients/<id>/                case.json, memory.bin.a and .b, truth.log, keyring.json
clinic/keys/<id>.json         the clinic's key for this patient's pump, sealed
clinic/workstation.json       the workstation key, wrapped under the clinician's password
handsets/<id>.json            the patient's own key
logs/<process>.log            what each process had to say
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Self


class StartRefused(Exception):
    """Thecal cannot start, and nothing was started; the message is one line for a person."""


@dataclass(frozen=True, slots=True)
class PatientFolder:
    """Where one patient's files are."""

    path: Path

    @property
    def patient(self) -> str:
        """The patient's id."""
        return self.path.name

    @property
    def case(self) -> Path:
        """The case this patient was seeded from."""
        return self.path / "case.toml"

    @property
    def label(self) -> Path:
        """What the supervisor says about this patient without asking the process."""
        return self.path / "patient.json"

    @property
    def manufactured(self) -> Path:
        """The pump's memory as it left the factory: what is left of it when the memory is lost."""
        return self.path / "manufactured.bin"

    @property
    def memory(self) -> Path:
        """The pump's own memory: two files, ``.a`` and ``.b`` [adapters.memory_file]."""
        return self.path / "memory.bin"

    @property
    def truth(self) -> Path:
        """What truly left pump and needle."""
        return self.path / "truth.log"

    @property
    def keyring(self) -> Path:
        """Whom the pump answers."""
        return self.path / "keyring.json"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Paths inside one data folder."""

    root: Path

    @property
    def clock(self) -> Path:
        """Bench time and pace."""
        return self.root / "clock.json"

    @property
    def access(self) -> Path:
        """User and password of the demonstration clinic."""
        return self.root / "demo-access.txt"

    @property
    def patients(self) -> Path:
        """One folder for each patient."""
        return self.root / "patients"

    @property
    def clinic_keys(self) -> Path:
        """The clinic's sealed keys."""
        return self.root / "clinic" / "keys"

    @property
    def workstation(self) -> Path:
        """The wrapped workstation key."""
        return self.root / "clinic" / "workstation.json"

    @property
    def clinic_database(self) -> Path:
        """Patients, interrogations, drafts and session reports of the clinic."""
        return self.root / "clinic" / "clinic.sqlite3"

    @property
    def secrets(self) -> Path:
        """The sites' signing secrets, made when they are first served."""
        return self.root / "secrets"

    @property
    def handsets(self) -> Path:
        """The patients' own keys."""
        return self.root / "handsets"

    @property
    def logs(self) -> Path:
        """What each process had to say."""
        return self.root / "logs"

    def patient_folders(self) -> tuple[PatientFolder, ...]:
        """Every seeded patient, by id."""
        if not self.patients.is_dir():
            return ()
        return tuple(PatientFolder(path) for path in sorted(self.patients.iterdir()) if path.is_dir())

    def databases(self) -> tuple[Path, ...]:
        """Every database of the sites."""
        return tuple(sorted(path for path in self.root.glob("**/*.sqlite3") if path.is_file()))


class HeldFolder:
    """A data folder that this process alone uses, until ``release`` or the end of the process."""

    def __init__(self, folder: DataFolder, descriptor: int) -> None:
        self.folder = folder
        self._descriptor = descriptor

    @classmethod
    def take(cls, root: Path) -> Self:
        """Make the folder if need be, try to write in it, and lock it. Raises StartRefused."""
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
            _try_to_write(root)
        except OSError as error:
            raise StartRefused(f"cannot write to the data folder {root}: {error.strerror}") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise StartRefused(f"another `thecal up` (process {holder}) is using the data folder {root}") from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)
        return cls(DataFolder(root), descriptor)

    def release(self) -> None:
        """Let others use the folder."""
        os.close(self._descriptor)


def check_databases(folder: DataFolder) -> None:
    """Look into every database before anything starts: the clinic's must be there. Raises StartRefused."""
    if not folder.clinic_database.exists():
        raise StartRefused(f"the database {folder.clinic_database} is missing")
    for path in folder.databases():
        try:
            connection = sqlite3.connect(f"file:{path}?mode=rw", uri=True)
            try:
                found = connection.execute("PRAGMA quick_check(1)").fetchone()
                tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise StartRefused(f"the database {path} is damaged: {error}") from None
        if found != ("ok",):
            raise StartRefused(f"the database {path} is damaged: {str(found[0]).splitlines()[0]}")
        if tables == (0,):
            raise StartRefused(f"the database {path} is damaged: it is empty")


def _try_to_write(root: Path) -> None:
    probe = root / f".probe-{os.getpid()}"
    probe.write_bytes(b"")
    probe.unlink()
