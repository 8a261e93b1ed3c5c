"""What a site is told by the process that starts it: data folder, control sockets, ports; and its secret."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

CLINIC_PORT, PATIENT_PORT, ROOM_PORT = 8470, 8471, 8472


class SurroundingsError(ValueError):
    """The process was started with something unusable; the message is one line."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a site keeps its files, where the bench listens, and on which ports the three sites are served."""

    data: Path
    control: Path
    clinic_port: int = CLINIC_PORT
    patient_port: int = PATIENT_PORT
    room_port: int = ROOM_PORT


def surroundings() -> Surroundings:
    """Read THECAL_DATA, THECAL_CONTROL and THECAL_ALLOWED (three ports). Raises SurroundingsError."""
    data = Path(os.environ.get("THECAL_DATA", ".thecal")).absolute()
    control = Path(os.environ.get("THECAL_CONTROL", str(data / "control"))).absolute()
    written = os.environ.get("THECAL_ALLOWED", f"{CLINIC_PORT},{PATIENT_PORT},{ROOM_PORT}")
    ports = written.split(",")
    if len(ports) != 3 or not all(port.strip().isdigit() and 0 < int(port) < 65_536 for port in ports):
        raise SurroundingsError(
            f"THECAL_ALLOWED must be three ports (clinic, handsets, room) such as 8470,8471,8472, not {written!r}"
        )
    clinic, patient, room = (int(port) for port in ports)
    return Surroundings(data, control, clinic, patient, room)


def secret_key(data: Path, site: str) -> str:
    """The site's own signing secret, made on first use and readable by its owner only."""
    folder = data / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{site}.secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_secret(path)
    fresh = secrets.token_urlsafe(64)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(fresh)
    return fresh


def read_secret(path: Path) -> str:
    """A secret made before. Raises SurroundingsError when it is damaged, and OSError."""
    kept = path.read_bytes().strip()
    if len(kept) < 50 or not kept.isascii():
        raise SurroundingsError(f"{path} is damaged: remove it, everybody signs in again")
    return kept.decode("ascii")
