"""Which tones a pump gave, ever: its alarms as they changed, each stretch in the pump's own closed form."""

from __future__ import annotations

from thecal.pump import AlarmIntervals, PumpState, StandingAlarm, ToneCount, tone_count

_Stretch = tuple[int, tuple[StandingAlarm, ...], AlarmIntervals]


class Tones:
    """Told of every stroke asked for and after every step. An alarm sounds from the tick at which it came, also where
    that lies inside a step; one that ends does so with a command, a fact or a report of the motor, each a step.
    """

    def __init__(self, state: PumpState) -> None:
        self._stretches: list[_Stretch] = [(state.tick_ms, state.alarms, state.intervals)]

    def note(self, state: PumpState) -> None:
        """The pump is now in this state."""
        from_ms, alarms, intervals = self._stretches[-1]
        if (alarms is state.alarms or alarms == state.alarms) and intervals == state.intervals:
            return
        known = {each.alarm for each in alarms}
        came = sorted({each.since_tick_ms for each in state.alarms if each.alarm not in known} - {from_ms})
        for tick_ms in came:
            if from_ms < tick_ms < state.tick_ms:
                added = tuple(a for a in state.alarms if a.alarm not in known and a.since_tick_ms <= tick_ms)
                self._stretches.append((tick_ms, alarms + added, intervals))
        if from_ms == state.tick_ms:
            self._stretches.pop()
        self._stretches.append((state.tick_ms, state.alarms, state.intervals))

    def between(self, from_tick_ms: int, to_tick_ms: int) -> ToneCount:
        """How many tones began from the first tick to before the second. Raises ValueError when time would run back."""
        if to_tick_ms < from_tick_ms:
            raise ValueError("tones: the second moment must not be before the first")
        critical = non_critical = 0
        ends = [start for start, _, _ in self._stretches[1:]] + [to_tick_ms]
        for (start, alarms, intervals), end in zip(self._stretches, ends, strict=True):
            first, last = max(start, from_tick_ms), min(end, to_tick_ms)
            if first < last and alarms:
                counted = tone_count(alarms, intervals, first, last)
                critical, non_critical = critical + counted.critical, non_critical + counted.non_critical
        return ToneCount(critical, non_critical)
