"""What the pump says, in plain words for a clinician: refusals, log entries, modes."""

from __future__ import annotations

from types import MappingProxyType

from thecal.device import BolusKind, LogEntry, LogKind, Mode, NeverSeen, Refused
from thecal.programmer.reason_words import REASON_WORDS
from thecal.quantities import Duration, Volume
from thecal.telemetry import NotSent
from thecal.therapy.showing import amount_text, length_text

# A line about a bolus of a named kind begins with that kind; these are for lines that name none.
LOG_WORDS = MappingProxyType(
    {
        LogKind.MANUFACTURED: "Pump manufactured",
        LogKind.PROGRAM_COMMITTED: "Program updated",
        LogKind.PROGRAM_STARTED: "Delayed program started",
        LogKind.INFUSION_STOPPED: "Infusion stopped",
        LogKind.BOLUS_GRANTED: "Patient bolus granted",
        LogKind.BOLUS_REFUSED: "Patient bolus refused",
        LogKind.BOLUS_STARTED: "Bolus started",
        LogKind.BOLUS_SKIPPED: "Periodic bolus skipped, not made up",
        LogKind.BOLUS_COMPLETED: "Bolus completed",
        LogKind.BOLUS_CANCELLED: "Bolus cancelled before its end",
        LogKind.BRIDGE_INTERRUPTED: "Bridge bolus interrupted",
        LogKind.REFILL_RECORDED: "Refill recorded",
        LogKind.POWER_RESTORED: "Power restored",
        LogKind.MOTOR_RECOVERED: "Motor turns again",
        LogKind.STROKES_MISSED: "Strokes not made: less was given than asked for",
        LogKind.STROKES_UNASKED: "Strokes made unasked: more was given than asked for",
        LogKind.TELEMETRY_LOCKED: "Held still by a magnetic field until the pump is asked: no flow",
        LogKind.TELEMETRY_RELEASED: "Asked after a magnetic field: flow goes on",
        LogKind.CLOCK_SET: "Clock set",
        LogKind.LIBRARY_SET: "Drug library changed",
        LogKind.ALARM_INTERVALS_SET: "Interval of alarm tones changed",
        LogKind.ALARM_TESTED: "Alarm tone tested",
        LogKind.ALARM_SILENCED: "Alarm silenced",
        LogKind.ALARM_CLEARED: "Alarm cleared",
        LogKind.LOW_RESERVOIR: "Low-reservoir alarm",
        LogKind.EMPTY_RESERVOIR: "Empty-reservoir alarm: no flow",
        LogKind.MEMORY_FAULT: "Memory fault: infusion stopped",
        LogKind.MEMORY_CORRECTED: "Memory error corrected",
        LogKind.REPLACEMENT_DUE: "Elective replacement indicator",
        LogKind.END_OF_SERVICE: "End of service: no flow",
        LogKind.LOW_BATTERY_RESET: "Low battery reset: no flow",
        LogKind.MOTOR_STALL: "Motor stall: no flow",
        LogKind.STOPPED: "Reminder: pump stopped",
        LogKind.STOPPED_TOO_LONG: "Pump stopped too long",
        LogKind.SUPERVISOR_TRIP: "Supervisor trip: no flow",
        LogKind.SELF_TEST_FAILED: "Self-test failed: no flow",
        LogKind.CLOCK_UNCERTAIN: "Clock uncertain",
        LogKind.LINK_ABUSE: "Link abuse",
        LogKind.PROGRAM_NOT_STARTED: "Delayed program not started",
        LogKind.UPDATES_BLOCKED: "Updates blocked",
    }
)
_OF_A_BOLUS = MappingProxyType(
    {
        LogKind.BOLUS_STARTED: "started",
        LogKind.BOLUS_COMPLETED: "completed",
        LogKind.BOLUS_CANCELLED: "cancelled before its end",
    }
)
_BEFORE_A_LENGTH = MappingProxyType({LogKind.POWER_RESTORED: "after", LogKind.ALARM_SILENCED: "for"})  # else: over

BOLUS_WORDS = MappingProxyType(
    {
        BolusKind.PATIENT: "Patient bolus",
        BolusKind.PERIODIC: "Periodic bolus",
        BolusKind.SINGLE: "Single bolus",
        BolusKind.PRIMING: "Priming bolus",
        BolusKind.BRIDGE: "Bridge bolus",
    }
)

MODE_WORDS = MappingProxyType(
    {
        Mode.STOPPED: "Stopped: no flow",
        Mode.MINIMUM_RATE: "Minimum rate: keeps the tube moving, clinically no drug",
        Mode.SIMPLE_CONTINUOUS: "Infusing, simple continuous",
        Mode.FLEX: "Infusing, flex",
        Mode.PERIODIC_BOLUS: "Infusing, periodic bolus",
    }
)


def refusal_words(refused: Refused) -> str:
    """Why the pump said no, with the field and the time where it gave them."""
    words = REASON_WORDS[refused.reason]
    if refused.field is not None:
        words += f" (Field: {refused.field.replace('_', ' ')}.)"
    if refused.retry_after_ms:
        words += f" Possible in {length_text(Duration(refused.retry_after_ms))}."
    return words


def not_applied_words(why: Refused | NeverSeen | NotSent) -> str:
    """Why a command had no effect."""
    match why:
        case Refused():
            return refusal_words(why)
        case NeverSeen():
            return "The command never reached the pump, and it can no longer act. Send it again."
        case NotSent():
            return "The pump did not answer, so nothing was sent."


def log_words(entry: LogEntry) -> str:
    """One line of the pump's log."""
    words = _subject(entry)
    if entry.alarm is not None and entry.kind.name != entry.alarm.name:
        words += f": {entry.alarm.value}"
    if entry.volume_nl is not None:
        words += f", {amount_text(Volume(entry.volume_nl), 'mL')}"
    if entry.duration_ms is not None:
        words += f" {_BEFORE_A_LENGTH.get(entry.kind, 'over')} {length_text(Duration(entry.duration_ms))}"
    if entry.reason is not None:
        words += f": {REASON_WORDS[entry.reason]}"
    return words


def _subject(entry: LogEntry) -> str:
    happened = _OF_A_BOLUS.get(entry.kind)
    if entry.bolus is None or happened is None:
        return LOG_WORDS[entry.kind]
    return f"{BOLUS_WORDS[entry.bolus]} {happened}"
