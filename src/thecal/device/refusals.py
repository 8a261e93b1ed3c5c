"""Why a pump says no: a closed list. Words for people are made by the programmers, not here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Reason(Enum):
    """The reason of a refusal."""

    NOT_ALLOWED = "this role may not ask for that"
    TOO_LATE = "the command's deadline has passed"
    DEADLINE_TOO_FAR = "the command's deadline is too far ahead"
    BUSY = "too many commands in a short time"
    PROGRAM_OUT_OF_RANGE = "a value is outside what this pump can do"
    ARITHMETIC_DIFFERS = "the pump's own dose arithmetic gives another result"
    WRONG_PUMP = "the program was written for another pump"
    WRONG_PATIENT = "the program was written for another patient"
    FLUID_DIFFERS = "the program was written for another fluid than the reservoir holds"
    PROGRAM_CHANGED = "the pump's program changed since it was interrogated"
    NOTHING_STAGED = "no program is staged in this pump"
    CONFIRMATION_EXPIRED = "the staged program was not confirmed in time"
    STAGED_DIFFERS = "the staged program is not the one confirmed"
    LIMIT_BELOW_BASAL = "the 24 h volume limit is below the basal volume of a day"
    BOLUS_RUNNING = "a bolus is running"
    LOCKOUT = "the lockout is running"
    LOCKOUT_AFTER_VISIT = "the lockout after a programming visit or refill is running"
    MAXIMUM_REACHED = "the allotted boluses of the last 24 h are used"
    VOLUME_LIMIT_REACHED = "the bolus would pass the 24 h volume limit"
    RATE_LIMIT_REACHED = "basal and bolus together would pass the pump's highest rate"
    NO_PATIENT_BOLUS = "no patient bolus is prescribed"
    NOT_INFUSING = "the pump is stopped or at minimum rate"
    RESERVOIR_TOO_LOW = "the reservoir cannot give this bolus"
    RESERVOIR_EMPTY = "the reservoir is empty"
    MEMORY_FAULT = "the pump's memory cannot be trusted"
    FILL_TOO_LARGE = "the fill is larger than the reservoir"
    REFILL_DURING_BOLUS = "a refill cannot be recorded while a bolus runs"
    SINGLE_RUNNING = "a single bolus is running"
    PRIMING_RUNNING = "a priming bolus is running"
    BRIDGE_RUNNING = "a bridge bolus is running"
    BRIDGE_UNDECIDED = "a bridge bolus is unfinished: continue, restart or cancel it"
    NO_BRIDGE = "no bridge bolus is unfinished"
    BRIDGE_VOLUME_DIFFERS = "what is left of the bridge bolus is another volume"
    NO_BOLUS_RUNNING = "no bolus is running"
    START_IN_PAST = "the delayed start lies in the past or too far ahead"
    LIBRARY_DIFFERS = "the program was checked against another drug library"
    DRUG_NOT_IN_LIBRARY = "the pump's drug library does not hold this drug"
    HARD_LIMIT = "a hard limit of the drug library is passed"
    ACKNOWLEDGEMENT_MISSING = "the soft limits passed have not been acknowledged"
    CLOCK_DURING_BOLUS = "the clock cannot be set while a bolus runs"
    CRITICAL_ALARM = "a critical alarm stands"
    CONDITION_STANDS = "the cause of the alarm still holds"
    NOT_LATCHED = "this alarm is not standing or ends by itself"
    UPDATES_BLOCKED = "the pump infuses but cannot be updated"
    STALLED = "the motor does not turn"
    SUPERVISOR_REFUSED = "the supervisor cannot vouch for this program"
    END_OF_SERVICE = "the battery is spent"
    CLOCK_UNCERTAIN = "the pump's clock is uncertain"


@dataclass(frozen=True, slots=True)
class Refused:
    """A reply that says no. ``retry_after_ms`` is pump time until it could be granted, where that is known."""

    reason: Reason
    retry_after_ms: int | None = None
    field: str | None = None  # the program field concerned, for PROGRAM_OUT_OF_RANGE
