"""The pump's log: what an entry records, and the chain of hashes that shows when one was altered or left out."""

from __future__ import annotations

from enum import Enum
from hashlib import sha256
from typing import NamedTuple

from thecal.device.alarms import Alarm
from thecal.device.boluses import BolusKind
from thecal.device.refusals import Reason

BEGINNING = bytes(32)  # what the first entry of a pump's life is chained to


class LogKind(Enum):
    """What a log entry records."""

    MANUFACTURED = "pump manufactured"
    PROGRAM_COMMITTED = "program committed"
    PROGRAM_STARTED = "delayed program started"
    INFUSION_STOPPED = "infusion stopped"
    BOLUS_GRANTED = "patient bolus granted"
    BOLUS_REFUSED = "patient bolus refused"
    BOLUS_STARTED = "bolus started"  # of any kind but the patient's; ``bolus`` says which
    BOLUS_SKIPPED = "periodic bolus skipped"
    BOLUS_COMPLETED = "bolus completed"
    BOLUS_CANCELLED = "bolus cancelled"
    BRIDGE_INTERRUPTED = "bridge bolus interrupted"
    REFILL_RECORDED = "refill recorded"
    POWER_RESTORED = "power restored"
    MOTOR_RECOVERED = "motor recovered"
    STROKES_MISSED = "strokes not made"
    STROKES_UNASKED = "strokes made unasked"
    TELEMETRY_LOCKED = "telemetry mode locked by a magnetic field"
    TELEMETRY_RELEASED = "telemetry mode ended"
    CLOCK_SET = "clock set"
    LIBRARY_SET = "drug library set"
    ALARM_INTERVALS_SET = "alarm intervals set"
    ALARM_TESTED = "alarm tone tested"
    ALARM_SILENCED = "alarm silenced"
    ALARM_CLEARED = "alarm cleared"
    LOW_RESERVOIR = "low reservoir alarm"
    EMPTY_RESERVOIR = "empty reservoir alarm"
    MEMORY_FAULT = "memory fault"
    MEMORY_CORRECTED = "memory error corrected"
    REPLACEMENT_DUE = "elective replacement indicator"
    END_OF_SERVICE = "end of service"
    LOW_BATTERY_RESET = "low battery reset"
    MOTOR_STALL = "motor stall"
    STOPPED = "reminder: pump stopped"
    STOPPED_TOO_LONG = "pump stopped too long"
    SUPERVISOR_TRIP = "supervisor trip"
    SELF_TEST_FAILED = "self-test failed"
    CLOCK_UNCERTAIN = "clock uncertain"
    LINK_ABUSE = "link abuse"
    PROGRAM_NOT_STARTED = "delayed program not started"
    UPDATES_BLOCKED = "updates blocked"


class LogEntry(NamedTuple):
    """One line of the pump's log. The fields after ``kind`` are present where they apply."""

    sequence: int
    tick_ms: int
    utc_ms: int
    kind: LogKind
    volume_nl: int | None = None
    duration_ms: int | None = None
    reason: Reason | None = None
    bolus: BolusKind | None = None
    alarm: Alarm | None = None


def chained(previous: bytes, entry: LogEntry) -> bytes:
    """The hash of this entry and of all before it: SHA-256 over the previous hash and one line of the entry."""
    sequence, tick_ms, utc_ms, kind, volume_nl, duration_ms, reason, bolus, alarm = entry
    line = (  # a name by ``_name_``: the property costs as much as the hash, and every event of a pump passes here
        f"{sequence} {tick_ms} {utc_ms} {kind._name_} {volume_nl} {duration_ms} {reason and reason._name_} "
        f"{bolus and bolus._name_} {alarm and alarm._name_}"
    )
    return sha256(previous + line.encode()).digest()


def head_of(before: bytes, entries: tuple[LogEntry, ...]) -> bytes:
    """The chained hash after these entries: equal to the pump's head only if none was altered or left out."""
    for entry in entries:
        before = chained(before, entry)
    return before
