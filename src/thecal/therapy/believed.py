"""The believed line: what the clinic takes to be in pump tubing and catheter. A question to a column, never a form.

``fluid`` holds the true one. Both are ``column.Column``; this one is made from what was told.
"""

from __future__ import annotations

from dataclasses import dataclass

from thecal.column import Column


@dataclass(frozen=True, slots=True)
class BelievedLine:
    """Tubing and catheter as one column, pump end first. ``column`` None: nobody knows what is in it."""

    tubing_nl: int
    catheter_nl: int
    column: Column | None

    @property
    def dead_volume_nl(self) -> int:
        """Tubing and catheter together."""
        return self.tubing_nl + self.catheter_nl
