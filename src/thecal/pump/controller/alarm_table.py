"""The alarms of the pump as one table: the table is the machine, and the documentation is printed from it.

One row for each alarm: class, how it ends, what the pump does, who may silence or clear it, its log entry, one line
of words. An alarm that no condition ends is *latched*: it stands until a person acts, or for ever.
Classes, tones and what stops follow facts [SynchroMed II, programmable-pumps 5.1]; where a row says so it is assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from thecal.device import Alarm, LogKind, Reason, Role


class AlarmClass(Enum):
    """How urgent: critical when therapy has stopped, or soon may."""

    CRITICAL = "critical"
    NON_CRITICAL = "non-critical"


class Action(Enum):
    """What the pump does while the alarm stands. Each action includes those named before it, but for the updates."""

    NONE = "none"
    BOLUSES_REFUSED = "boluses refused"
    STROKES_STOP = "strokes stop"
    UPDATES_REFUSED = "updates refused"
    OUT_OF_SERVICE = "strokes stop, updates refused"


class Ends(Enum):
    """What ends an alarm, beside a person who clears it."""

    CONDITION = "its condition ends"
    COMMIT = "a program takes effect"
    CLOCK_SET = "the clock is set"


class AlarmRow(NamedTuple):
    """What is true of one alarm. ``refusal`` is the reason that a bolus (or an update) is refused with."""

    alarm_class: AlarmClass
    action: Action
    refusal: Reason | None
    ends: frozenset[Ends]
    may_silence: frozenset[Role]
    may_clear: frozenset[Role]
    log: LogKind
    words: str

    @property
    def latched(self) -> bool:
        """It does not end with its condition."""
        return Ends.CONDITION not in self.ends


_NOBODY: frozenset[Role] = frozenset()
_PHYSICIAN = frozenset({Role.PHYSICIAN})
_EITHER = frozenset({Role.PHYSICIAN, Role.PATIENT})
_NEVER: frozenset[Ends] = frozenset()


def _critical(
    action: Action,
    refusal: Reason | None,
    log: LogKind,
    words: str,
    ends: frozenset[Ends] = _NEVER,
    may_clear: frozenset[Role] = _NOBODY,
) -> AlarmRow:
    return AlarmRow(AlarmClass.CRITICAL, action, refusal, ends, _PHYSICIAN, may_clear, log, words)


def _non_critical(
    action: Action,
    refusal: Reason | None,
    log: LogKind,
    words: str,
    ends: frozenset[Ends] = _NEVER,
    may_clear: frozenset[Role] = _NOBODY,
) -> AlarmRow:
    return AlarmRow(AlarmClass.NON_CRITICAL, action, refusal, ends, _EITHER, may_clear, log, words)


_ITSELF = frozenset({Ends.CONDITION})
_COMMIT = frozenset({Ends.COMMIT})

# In the order of the enumeration, which is the order of a status too.
ALARM_TABLE: Mapping[Alarm, AlarmRow] = MappingProxyType(
    {
        Alarm.LOW_RESERVOIR: _non_critical(
            Action.NONE,
            None,
            LogKind.LOW_RESERVOIR,
            "the believed volume is at or below the level of the program; basal goes on",
            ends=_ITSELF,
        ),
        Alarm.EMPTY_RESERVOIR: _critical(
            Action.STROKES_STOP,
            Reason.RESERVOIR_EMPTY,
            LogKind.EMPTY_RESERVOIR,
            "less than one stroke is believed to be left; a refill ends it",
            ends=_ITSELF,
        ),
        Alarm.MEMORY_FAULT: _critical(
            Action.STROKES_STOP,
            Reason.MEMORY_FAULT,
            LogKind.MEMORY_FAULT,
            "no copy of the memory can be trusted: stopped, there is no default dose",
            ends=_COMMIT,
        ),
        Alarm.MEMORY_CORRECTED: _non_critical(
            Action.NONE,
            None,
            LogKind.MEMORY_CORRECTED,
            "one copy of the memory was bad and was restored from the other",
            may_clear=_PHYSICIAN,
        ),
        Alarm.REPLACEMENT_DUE: _non_critical(
            Action.NONE,
            None,
            LogKind.REPLACEMENT_DUE,
            "elective replacement indicator: at most 90 days of service are left",
        ),
        Alarm.END_OF_SERVICE: _critical(
            Action.OUT_OF_SERVICE,
            Reason.END_OF_SERVICE,
            LogKind.END_OF_SERVICE,
            "the battery is spent: no stroke any more, final",
        ),
        Alarm.LOW_BATTERY_RESET: _critical(
            Action.STROKES_STOP,
            Reason.CRITICAL_ALARM,
            LogKind.LOW_BATTERY_RESET,
            "the battery sagged and the pump was reset: it gives nothing until it is programmed",
            ends=_COMMIT,
        ),
        Alarm.MOTOR_STALL: _critical(
            Action.BOLUSES_REFUSED,
            Reason.STALLED,
            LogKind.MOTOR_STALL,
            "three strokes in a row were not made; the motor goes on being asked, its first stroke ends it",
            ends=_ITSELF,
        ),
        Alarm.STOPPED: _non_critical(
            Action.NONE,
            None,
            LogKind.STOPPED,
            "a person stopped the pump 1 h ago",
            ends=_ITSELF,
        ),
        Alarm.STOPPED_TOO_LONG: _critical(
            Action.NONE,
            None,
            LogKind.STOPPED_TOO_LONG,
            "a person stopped the pump 48 h ago: the tube may take a set",
            ends=_ITSELF,
        ),
        Alarm.SUPERVISOR_TRIP: _critical(
            Action.STROKES_STOP,
            Reason.CRITICAL_ALARM,
            LogKind.SUPERVISOR_TRIP,
            "the supervisor refused a stroke, or saw one that nobody asked for",
            ends=_COMMIT,
        ),
        Alarm.SELF_TEST_FAILED: _critical(
            Action.STROKES_STOP,
            Reason.CRITICAL_ALARM,
            LogKind.SELF_TEST_FAILED,
            "the pump found itself faulty; it stands until programmed, and comes again if the next test fails",
            ends=_COMMIT,
        ),
        Alarm.CLOCK_UNCERTAIN: _non_critical(
            Action.BOLUSES_REFUSED,
            Reason.CLOCK_UNCERTAIN,
            LogKind.CLOCK_UNCERTAIN,
            "the time of day cannot be vouched for; basal goes on",
            ends=frozenset({Ends.CLOCK_SET}),
        ),
        Alarm.LINK_ABUSE: _non_critical(
            Action.NONE,
            None,
            LogKind.LINK_ABUSE,
            "somebody without a key keeps calling",
            may_clear=_PHYSICIAN,
        ),
        Alarm.PROGRAM_NOT_STARTED: _critical(
            Action.NONE,
            None,
            LogKind.PROGRAM_NOT_STARTED,
            "a delayed program did not fit any more when its time came; the one before it runs on",
            ends=_COMMIT,
            may_clear=_PHYSICIAN,
        ),
        # The published case was cleared with a laboratory programmer [programmable-pumps 5.2]: that is SERVICE here.
        Alarm.UPDATES_BLOCKED: _non_critical(
            Action.UPDATES_REFUSED,
            Reason.UPDATES_BLOCKED,
            LogKind.UPDATES_BLOCKED,
            "infusing but cannot be updated",
            may_clear=frozenset({Role.SERVICE}),
        ),
    }
)

ALARM_ORDER: Mapping[Alarm, int] = MappingProxyType({alarm: place for place, alarm in enumerate(Alarm)})

STOPS_STROKES = frozenset(
    alarm for alarm, row in ALARM_TABLE.items() if row.action in (Action.STROKES_STOP, Action.OUT_OF_SERVICE)
)
BLOCKS_BOLUSES = STOPS_STROKES | {a for a, row in ALARM_TABLE.items() if row.action is Action.BOLUSES_REFUSED}
BLOCKS_UPDATES = frozenset(
    alarm for alarm, row in ALARM_TABLE.items() if row.action in (Action.UPDATES_REFUSED, Action.OUT_OF_SERVICE)
)


def markdown() -> str:
    """The table for docs/models/pump.md: a row for each alarm."""
    lines = [
        "| alarm | class | what it means | the pump | ends when | latched | may silence | may clear | log entry |",
        "|---" * 9 + "|",
    ]
    for alarm, row in ALARM_TABLE.items():
        cells = (
            f"**{alarm.value}**",
            row.alarm_class.value,
            row.words,
            row.action.value,
            ", ".join(end.value for end in Ends if end in row.ends) or ("cleared" if row.may_clear else "never"),
            "yes" if row.latched else "no",
            _roles(row.may_silence),
            _roles(row.may_clear),
            row.log.name,
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _roles(roles: frozenset[Role]) -> str:
    return ", ".join(role.value for role in Role if role in roles) or "nobody"
