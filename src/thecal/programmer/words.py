"""What the pump says, in plain words for a clinician: refusals, log entries, alarms."""

from __future__ import annotations

from types import MappingProxyType

from thecal.device import Alarm, LogEntry, LogKind, Mode, NeverSeen, Reason, Refused
from thecal.quantities import Duration, Volume
from thecal.telemetry import NotSent
from thecal.therapy.showing import amount_text, length_text

_INTERROGATE = "Interrogate again and review from what the pump runs now."

REASON_WORDS = MappingProxyType(
    {
        Reason.NOT_ALLOWED: "This programmer may not ask that of the pump.",
        Reason.TOO_LATE: "The command reached the pump after its deadline and was not carried out. Send it again.",
        Reason.DEADLINE_TOO_FAR: "The command's deadline was too far ahead; it was not carried out. Report it.",
        Reason.BUSY: "Too many commands reached the pump within 30 s. Not carried out; wait, then send it again.",
        Reason.PROGRAM_OUT_OF_RANGE: "A value is outside what this pump can do. Change the marked field.",
        Reason.ARITHMETIC_DIFFERS: "The pump calculates another dose than this programmer. Do not program; report it.",
        Reason.WRONG_PUMP: "The program was written for another pump. Check which patient is here.",
        Reason.WRONG_PATIENT: "The program was written for another patient. Check which patient is here.",
        Reason.FLUID_DIFFERS: "The program and the reservoir name different fluids. Record the refill, then program.",
        Reason.PROGRAM_CHANGED: f"The pump's program changed since this draft was begun. {_INTERROGATE}",
        Reason.NOTHING_STAGED: "The pump holds no program for confirmation. Send it again.",
        Reason.CONFIRMATION_EXPIRED: "The confirmation came too late, and nothing changed. Send and confirm again.",
        Reason.STAGED_DIFFERS: "The pump holds another program than the one confirmed. Nothing changed; send it again.",
        Reason.LIMIT_BELOW_BASAL: "The 24-hour volume limit is below the basal volume of a day. Report it.",
        Reason.BOLUS_RUNNING: "A bolus is running. Wait until it has ended, or stop the infusion.",
        Reason.LOCKOUT: "The lockout is running.",
        Reason.LOCKOUT_AFTER_VISIT: "The lockout after programming or refill is running.",
        Reason.MAXIMUM_REACHED: "The allotted boluses of the last 24 h are used.",
        Reason.VOLUME_LIMIT_REACHED: "The 24-hour volume limit leaves no room for a bolus.",
        Reason.RATE_LIMIT_REACHED: "Basal flow and bolus together pass the highest flow. Let the bolus take longer.",
        Reason.NO_PATIENT_BOLUS: "No patient bolus is prescribed.",
        Reason.NOT_INFUSING: "The pump is stopped or at minimum rate.",
        Reason.RESERVOIR_TOO_LOW: "The reservoir holds too little for this bolus. Plan the refill.",
        Reason.RESERVOIR_EMPTY: "The reservoir is empty. Refill now.",
        Reason.MEMORY_FAULT: "The pump cannot trust its memory and has stopped. Program it anew from the record.",
        Reason.FILL_TOO_LARGE: "The fill is larger than the reservoir. Measure again.",
        Reason.REFILL_DURING_BOLUS: "A refill cannot be recorded while a bolus runs. Wait until it has ended.",
    }
)

ALARM_WORDS = MappingProxyType(
    {
        Alarm.LOW_RESERVOIR: "Low reservoir: the pump goes on. Plan the refill.",
        Alarm.EMPTY_RESERVOIR: "Empty reservoir: the pump gives nothing. Refill now and watch for withdrawal.",
        Alarm.MEMORY_FAULT: "Memory fault: the pump has stopped. Program it anew and watch for withdrawal.",
    }
)

LOG_WORDS = MappingProxyType(
    {
        LogKind.MANUFACTURED: "Pump manufactured",
        LogKind.PROGRAM_COMMITTED: "Program updated",
        LogKind.INFUSION_STOPPED: "Infusion stopped",
        LogKind.BOLUS_GRANTED: "Patient bolus granted",
        LogKind.BOLUS_REFUSED: "Patient bolus refused",
        LogKind.BOLUS_COMPLETED: "Patient bolus completed",
        LogKind.BOLUS_CANCELLED: "Patient bolus cancelled before its end",
        LogKind.REFILL_RECORDED: "Refill recorded",
        LogKind.LOW_RESERVOIR: "Low-reservoir alarm",
        LogKind.EMPTY_RESERVOIR: "Empty-reservoir alarm: no flow",
        LogKind.POWER_RESTORED: "Power restored",
        LogKind.MEMORY_FAULT: "Memory fault: infusion stopped",
    }
)

MODE_WORDS = MappingProxyType(
    {
        Mode.STOPPED: "Stopped: no flow",
        Mode.MINIMUM_RATE: "Minimum rate: keeps the tube moving, clinically no drug",
        Mode.SIMPLE_CONTINUOUS: "Infusing, simple continuous",
        Mode.FLEX: "Infusing, flex",
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
    words = LOG_WORDS[entry.kind]
    if entry.volume_nl is not None:
        words += f", {amount_text(Volume(entry.volume_nl), 'mL')}"
    if entry.duration_ms is not None:
        over = "after" if entry.kind is LogKind.POWER_RESTORED else "over"
        words += f" {over} {length_text(Duration(entry.duration_ms))}"
    if entry.reason is not None:
        words += f": {REASON_WORDS[entry.reason]}"
    return words
