"""Where the bench stands in time."""

from __future__ import annotations


class Moment:
    """Time since the bench was made, ms, and how far its civil time was stepped."""

    def __init__(self) -> None:
        self.at_ms = 0
        self.civil_step_ms = 0
