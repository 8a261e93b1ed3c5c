"""Keys that a sign-in opened. They live in this process only: after a restart one signs in again.

A session that is idle longer than the sign-in lasts loses its keys here too, whether or not it comes back.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from thecal.adapters.keyring import SealBroken, WrongPassword, open_workstation
from thecal.adapters.link.credentials import BadKeyDocument, ProgrammerKey


@dataclass(slots=True)
class _Opened:
    keys: Mapping[str, ProgrammerKey] = field(repr=False)
    used_s: float


class OpenedKeys:
    """Programmer keys by session, dropped when idle."""

    def __init__(self, idle_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._idle_s = idle_s
        self._clock = clock
        self._by_session: dict[str, _Opened] = {}

    def put(self, session: str, keys: Mapping[str, ProgrammerKey]) -> None:
        """Keep these for the session."""
        self._sweep()
        self._by_session[session] = _Opened(dict(keys), self._clock())

    def get(self, session: str | None, *, touch: bool = True) -> Mapping[str, ProgrammerKey] | None:
        """The session's keys by patient, or None: sign in again. ``touch``: somebody is there."""
        self._sweep()
        opened = self._by_session.get(session or "")
        if opened is None:
            return None
        if touch:
            opened.used_s = self._clock()
        return opened.keys

    def drop(self, session: str | None) -> None:
        """Forget the session's keys."""
        self._by_session.pop(session or "", None)

    def _sweep(self) -> None:
        now = self._clock()
        for session in [key for key, opened in self._by_session.items() if now - opened.used_s > self._idle_s]:
            del self._by_session[session]


class KeysUnreadable(Exception):
    """The sealed keys cannot be opened; the message is one line for a person."""


def open_keys(folder: Path, password: str) -> dict[str, ProgrammerKey]:
    """Every patient's key, opened by the password. Raises KeysUnreadable.

    ``folder`` holds ``workstation.json`` and ``keys/<patient>.json``, each sealed for that patient's pump.
    """
    try:
        workstation = open_workstation(password, (folder / "workstation.json").read_bytes())
        return {
            path.stem: ProgrammerKey.from_document(json.loads(workstation.open(path.stem, path.read_bytes())))
            for path in sorted((folder / "keys").glob("*.json"))
        }
    except OSError as error:
        raise KeysUnreadable(f"the keys of this workstation cannot be read: {error.strerror}") from None
    except (WrongPassword, SealBroken, BadKeyDocument) as error:
        raise KeysUnreadable(str(error)) from None
