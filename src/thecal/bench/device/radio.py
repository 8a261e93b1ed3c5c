"""The pump's radio: frames that do not verify are counted, and too many in a short time are told to the pump."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

ABUSE_FRAMES = 5  # failures in 10 min after which the pump listens less [safety-security 9.2]
ABUSE_WINDOW_MS = 600_000


class Radio:
    """Counts for one pump, over all who call. ``abused`` is called once for every window that is full."""

    def __init__(self, now: Callable[[], int], abused: Callable[[], None]) -> None:
        self._now = now
        self._abused = abused
        self._failures: deque[int] = deque()

    def refused(self) -> None:
        """A frame was altered, repeated or made without keys."""
        now_ms = self._now()
        self._failures.append(now_ms)
        while self._failures[0] <= now_ms - ABUSE_WINDOW_MS:
            self._failures.popleft()
        if len(self._failures) >= ABUSE_FRAMES:
            self._failures.clear()
            self._abused()
