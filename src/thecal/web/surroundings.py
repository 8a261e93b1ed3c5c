"""What a site is told by the process that starts it: data folder, control sockets, ports; and its secret."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from thecal.adapters.site_secret import site_secret

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
    """The site's own signing secret. Raises SecretDamaged and OSError."""
    return site_secret(data / "secrets" / f"{site}.secret")
