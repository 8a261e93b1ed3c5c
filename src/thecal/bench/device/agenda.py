"""What is to happen at a moment of bench time by itself: a late frame, a controller that wakes, a battery read."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count


class Agenda:
    """Things to be done at their moments; those of one moment in the order in which they were put down."""

    def __init__(self) -> None:
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._order = count()

    @property
    def next_ms(self) -> int | None:
        """When the next is due; None: nothing is."""
        return self._due[0][0] if self._due else None

    def put(self, at_ms: int, done: Callable[[], None]) -> None:
        """Have this done at this moment."""
        heappush(self._due, (at_ms, next(self._order), done))

    def run(self, at_ms: int) -> None:
        """Do everything that is due by now, also what that puts down for now."""
        while self._due and self._due[0][0] <= at_ms:
            heappop(self._due)[2]()
