"""When the pump sounds: a pure function of the alarms that stand, in closed form for any stretch of time.

Each alarm that stands sounds at since + k x interval of its class, k = 0, 1, 2, ..., but not before its silence ends.
The highest class drives the tone: from the tick at which a critical alarm sounds, no non-critical tone is heard. Two
alarms of one class that fall on one ms are one tone. A stretch holds its first ms and not its last, so the tones of
two stretches that meet are those of both together; a stretch begins when the alarms were last changed, or later.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from thecal.pump.controller.alarm_table import ALARM_TABLE, AlarmClass
from thecal.pump.controller.state import AlarmIntervals, StandingAlarm

Alarms = tuple[StandingAlarm, ...]


class Tone(Enum):
    """What is heard [programmable-pumps 5.1: SynchroMed II]."""

    CRITICAL = "dual tone of 3 s"
    NON_CRITICAL = "single tone of 1 s"

    @property
    def length_ms(self) -> int:
        """How long it sounds."""
        return 3_000 if self is Tone.CRITICAL else 1_000


class ToneCount(NamedTuple):
    """How many tones of each kind."""

    critical: int
    non_critical: int


class NextTone(NamedTuple):
    """A tone and the tick at which it begins."""

    tick_ms: int
    tone: Tone


def sounding(alarms: Alarms, tick_ms: int) -> Tone | None:
    """The tone of the alarms that stand and are not silenced at this tick; None: the pump is quiet."""
    critical_from_ms = _critical_from(alarms)
    if critical_from_ms is not None and critical_from_ms <= tick_ms:
        return Tone.CRITICAL
    return Tone.NON_CRITICAL if any(_heard_from(each) <= tick_ms for each in alarms) else None


def tone_count(alarms: Alarms, intervals: AlarmIntervals, from_tick_ms: int, to_tick_ms: int) -> ToneCount:
    """How many tones begin from the first tick to before the second, if the alarms stay as they are."""
    critical_from_ms = _critical_from(alarms)
    quiet_until_ms = to_tick_ms if critical_from_ms is None else min(to_tick_ms, critical_from_ms)
    critical = _firsts(alarms, AlarmClass.CRITICAL, intervals.critical_ms, from_tick_ms)
    non_critical = _firsts(alarms, AlarmClass.NON_CRITICAL, intervals.non_critical_ms, from_tick_ms)
    return ToneCount(
        sum(_terms(first, intervals.critical_ms, to_tick_ms) for first in critical),
        sum(_terms(first, intervals.non_critical_ms, quiet_until_ms) for first in non_critical),
    )


def next_tone(alarms: Alarms, intervals: AlarmIntervals, from_tick_ms: int) -> NextTone | None:
    """The first tone that begins at this tick or later, if the alarms stay as they are; None: there will be none."""
    critical_from_ms = _critical_from(alarms)
    ticks = _firsts(alarms, AlarmClass.NON_CRITICAL, intervals.non_critical_ms, from_tick_ms)
    if ticks and (critical_from_ms is None or min(ticks) < critical_from_ms):
        return NextTone(min(ticks), Tone.NON_CRITICAL)
    ticks = _firsts(alarms, AlarmClass.CRITICAL, intervals.critical_ms, from_tick_ms)
    return NextTone(min(ticks), Tone.CRITICAL) if ticks else None


def _heard_from(alarm: StandingAlarm) -> int:
    return max(alarm.since_tick_ms, alarm.silenced_until_tick_ms or 0)


def _critical_from(alarms: Alarms) -> int | None:
    ticks = [_heard_from(each) for each in alarms if ALARM_TABLE[each.alarm].alarm_class is AlarmClass.CRITICAL]
    return min(ticks, default=None)


def _firsts(alarms: Alarms, of_class: AlarmClass, interval_ms: int, from_tick_ms: int) -> list[int]:
    """The first tone of each series from this tick on. Alarms whose tones always coincide are one series."""
    first_by_phase: dict[int, int] = {}
    for each in alarms:
        if ALARM_TABLE[each.alarm].alarm_class is of_class:
            wait_ms = max(_heard_from(each), from_tick_ms) - each.since_tick_ms
            first_ms = each.since_tick_ms - (-wait_ms // interval_ms) * interval_ms
            phase = first_ms % interval_ms
            first_by_phase[phase] = min(first_ms, first_by_phase.get(phase, first_ms))
    return list(first_by_phase.values())


def _terms(first_tick_ms: int, interval_ms: int, end_tick_ms: int) -> int:
    return max(0, -((first_tick_ms - end_tick_ms) // interval_ms))
