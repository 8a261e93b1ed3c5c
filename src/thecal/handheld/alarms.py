"""What an alarm means: for the patient, in plain words. What is critical keeps sounding: it may not be silenced."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from thecal.device import Alarm


@dataclass(frozen=True, slots=True)
class AlarmNotice:
    """What happened, what to do, whom to call. ``silenced``: it stands, and makes no sound for now."""

    happened: str
    what_to_do: str
    call: str
    critical: bool
    may_silence: bool
    silenced: bool


_NOW = "Please call now, even at night. Tell them if you feel unwell, stiff, restless, sweaty or confused."
_NEXT_DAY = "Please call on the next working day."
_ALARMS = MappingProxyType(
    {
        Alarm.LOW_RESERVOIR: (
            "Your pump is running low. It goes on as before.",
            "Please make a refill appointment today.",
        ),
        Alarm.EMPTY_RESERVOIR: ("Your pump is empty. It gives no medicine.", _NOW),
        Alarm.MEMORY_FAULT: ("Your pump has stopped to be safe. It gives no medicine.", _NOW),
        Alarm.MEMORY_CORRECTED: ("Your pump has put a small fault right by itself. It goes on as before.", _NEXT_DAY),
        Alarm.REPLACEMENT_DUE: ("Your pump's battery is getting old. It goes on as before.", _NEXT_DAY),
        Alarm.END_OF_SERVICE: ("Your pump's battery is used up. It gives no medicine.", _NOW),
        Alarm.LOW_BATTERY_RESET: ("Your pump's battery has failed. It gives no medicine.", _NOW),
        Alarm.MOTOR_STALL: (
            "Your pump stands still. It gives no medicine.",
            f"If you are near a strong magnet or in a scanner, go away from it. {_NOW}",
        ),
        Alarm.STOPPED: (
            "Your pump has been stopped. It gives no medicine.",
            "Please call today if nobody told you about it.",
        ),
        Alarm.STOPPED_TOO_LONG: ("Your pump has been stopped for a long time. It gives no medicine.", _NOW),
        Alarm.SUPERVISOR_TRIP: (
            "Your pump has stopped to be safe. It gives no medicine.",
            f"{_NOW} Tell them as well if you are very sleepy, weak or breathe slowly.",
        ),
        Alarm.SELF_TEST_FAILED: ("Your pump has found a fault in itself. It gives no medicine.", _NOW),
        Alarm.CLOCK_UNCERTAIN: (
            "Your pump is not sure of the time. It goes on, but gives no extra doses.",
            "Please call today.",
        ),
        Alarm.LINK_ABUSE: ("Something unknown has called your pump many times. It goes on as before.", _NEXT_DAY),
        Alarm.PROGRAM_NOT_STARTED: (
            "New settings could not be started. Your pump goes on with the old ones.",
            "Please call now, even at night.",
        ),
        Alarm.UPDATES_BLOCKED: ("Your pump goes on, but your clinic cannot change its settings.", _NEXT_DAY),
    }
)


def alarm_notice(alarm: Alarm, call: str, silenced: bool = False) -> AlarmNotice:
    """A standing alarm for the patient; ``call`` names whom to call and how."""
    happened, what_to_do = _ALARMS[alarm]
    return AlarmNotice(happened, what_to_do, call, alarm.critical, not alarm.critical and not silenced, silenced)
