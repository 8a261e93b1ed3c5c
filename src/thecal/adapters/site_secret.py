"""A site's own signing secret: made on first use, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_SHORTEST = 50


class SecretDamaged(ValueError):
    """The file holds no secret of ours; the message is one line that says what to do."""


def site_secret(path: Path) -> str:
    """The secret in this file, made now if there is none. Raises SecretDamaged and OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_secret(path)
    fresh = secrets.token_urlsafe(64)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(fresh)
    return fresh


def read_secret(path: Path) -> str:
    """A secret made before. Raises SecretDamaged and OSError."""
    kept = path.read_bytes().strip()
    if len(kept) < _SHORTEST or not kept.isascii():
        raise SecretDamaged(f"{path} is damaged: remove it, everybody signs in again")
    return kept.decode("ascii")
