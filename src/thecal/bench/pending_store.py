"""Where a programmer on the bench keeps its unresolved command, from one visit to the next."""

from __future__ import annotations

from thecal.telemetry import PendingCommand


class BenchStore:
    """Holds at most one command of one pump."""

    def __init__(self) -> None:
        self.pending: PendingCommand | None = None

    def remember(self, pending: PendingCommand) -> None:
        """Keep it."""
        self.pending = pending

    def forget(self, pending: PendingCommand) -> None:
        """Drop it; another one stays."""
        if self.pending == pending:
            self.pending = None
