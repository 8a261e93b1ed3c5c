"""Who may sign in to the demonstration clinic: one clinician with a password drawn at the first start."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from thecal.run.data_folder import StartRefused

_CONSONANTS, _VOWELS = "bdfghjkmnprstvz", "aeiou"
_SYLLABLES = 10  # of 75 each: 62 bits


@dataclass(frozen=True, slots=True)
class DemoAccess:
    """User and password."""

    user: str
    password: str = field(repr=False)


def draw_access() -> DemoAccess:
    """A new password, from the machine's own chance, that can be read aloud."""
    syllables = [secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(_SYLLABLES)]
    groups = ["".join(syllables[start : start + 2]) for start in range(0, _SYLLABLES, 2)]
    return DemoAccess("clinician", "-".join(groups))


def write_access(path: Path, access: DemoAccess) -> None:
    """Keep it for its owner alone."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"user: {access.user}\npassword: {access.password}\n")


def read_access(path: Path) -> DemoAccess:
    """Raises StartRefused, one line, when it is missing or damaged."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        fields = dict(line.split(": ", 1) for line in lines)
        return DemoAccess(fields["user"], fields["password"])
    except OSError as error:
        raise StartRefused(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError):
        raise StartRefused(f"{path} is damaged") from None
