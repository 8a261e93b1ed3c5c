"""Where programmers on the bench get the ids of their commands from."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from itertools import count

COMMAND_ID_BYTES = 16


def command_ids(purpose: str) -> Callable[[], bytes]:
    """Ids that never repeat within a purpose, the same in every run. A real programmer draws them at random."""
    numbers = count()
    return lambda: sha256(f"{purpose} {next(numbers)}".encode()).digest()[:COMMAND_ID_BYTES]
