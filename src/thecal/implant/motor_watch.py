"""What the motor says of the strokes of one stretch of time, up to the first tick at which the pump must be told."""

from __future__ import annotations

from thecal.pump import MotorReported, StrokeKind


class MotorWatch:
    """Counts strokes from ``total`` on. ``unsettled``: some before were missed, so that one that turns is news too."""

    __slots__ = ("_missed", "_turned", "_unsettled", "tick_ms", "total")

    def __init__(self, total: int, unsettled: bool) -> None:
        self.total = total
        self.tick_ms: int | None = None  # of the latest stroke
        self._unsettled = unsettled
        self._turned = False
        self._missed: list[StrokeKind] = []

    def asked(self, tick_ms: int, kind: StrokeKind, turned: bool | None) -> None:
        """The motor was asked for the next stroke, and whether it turned (None: nothing else was said)."""
        self.total += 1
        self.tick_ms = tick_ms
        if turned is False:
            self._missed.append(kind)
        else:
            self._turned = True

    @property
    def report(self) -> MotorReported | None:
        """What the pump must be told before it asks for a stroke of another tick; None: nothing."""
        missed = self._missed
        if missed or (self._unsettled and self._turned):
            return MotorReported(len(missed), 0, missed.count(StrokeKind.BOLUS), missed.count(StrokeKind.ONCE))
        return None
