"""The one request of a handset whose outcome is not known: on disk before it is sent, gone when it is settled."""

from __future__ import annotations

import os
from pathlib import Path

from thecal.telemetry import Malformed, PendingCommand


class PendingFile:
    """A file beside the handset's key."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> PendingCommand | None:
        """What is not known yet. A file cut short was never followed by a request, so it holds nothing."""
        try:
            return PendingCommand.unpacked(self._path.read_bytes())
        except (FileNotFoundError, Malformed):
            return None

    async def remember(self, pending: PendingCommand) -> None:
        """Return when it would survive the end of this process and of the machine. Raises OSError."""
        fresh = self._path.with_suffix(".new")
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(file, pending.packed())
            os.fsync(file)
        finally:
            os.close(file)
        os.replace(fresh, self._path)

    async def forget(self, pending: PendingCommand) -> None:  # noqa: ARG002 - there is at most one
        """Drop it; twice does no harm."""
        self._path.unlink(missing_ok=True)
