"""The motor as it truly is: whether it turns when it is asked to, whatever the pump believes."""

from __future__ import annotations


class Motor:
    """A rotor with an encoder that tells the truth. Moments are bench time in ms."""

    def __init__(self) -> None:
        self._stalled_until_ms: int | None = 0  # None: for good
        self._held = False
        self._misses = 0

    def stands(self, at_ms: int) -> bool:
        """Whether it would not turn now, however often it is asked."""
        return self._held or self._stalled_until_ms is None or at_ms < self._stalled_until_ms

    def turns(self, at_ms: int) -> bool:
        """It is asked for a stroke: whether it makes it. A miss that was ordered is used up by this."""
        if self.stands(at_ms):
            return False
        if self._misses:
            self._misses -= 1
            return False
        return True

    def stall(self, until_ms: int | None) -> None:
        """It stands until that moment; None: for good."""
        self._stalled_until_ms = until_ms

    def hold(self, is_held: bool) -> None:
        """A magnetic field holds the rotor, or lets go of it."""
        self._held = is_held

    def miss(self, strokes: int) -> None:
        """The next so many strokes are asked for and not made. Raises ValueError for none."""
        if strokes < 1:
            raise ValueError("strokes to miss: at least 1")
        self._misses += strokes
