"""The alarms of a pump, by name. What each does, how it sounds and how it ends is the pump's own table."""

from __future__ import annotations

from enum import Enum


class Alarm(Enum):
    """A standing alarm condition."""

    LOW_RESERVOIR = "low reservoir"
    EMPTY_RESERVOIR = "empty reservoir"
    MEMORY_FAULT = "memory fault"
    MEMORY_CORRECTED = "memory error corrected"
    REPLACEMENT_DUE = "elective replacement indicator"
    END_OF_SERVICE = "end of service"
    LOW_BATTERY_RESET = "low battery reset"
    MOTOR_STALL = "motor stall"
    STOPPED = "pump stopped"
    STOPPED_TOO_LONG = "pump stopped too long"
    SUPERVISOR_TRIP = "supervisor trip"
    SELF_TEST_FAILED = "self-test failed"
    CLOCK_UNCERTAIN = "clock uncertain"
    LINK_ABUSE = "link abuse"
    PROGRAM_NOT_STARTED = "program not started"
    UPDATES_BLOCKED = "infusing but cannot be updated"

    @property
    def critical(self) -> bool:
        """Whether it sounds the dual tone: therapy has stopped, or soon may."""
        return self in _CRITICAL


_CRITICAL = frozenset(
    {
        Alarm.EMPTY_RESERVOIR,
        Alarm.MEMORY_FAULT,
        Alarm.END_OF_SERVICE,
        Alarm.LOW_BATTERY_RESET,
        Alarm.MOTOR_STALL,
        Alarm.STOPPED_TOO_LONG,
        Alarm.SUPERVISOR_TRIP,
        Alarm.SELF_TEST_FAILED,
        Alarm.PROGRAM_NOT_STARTED,
    }
)
