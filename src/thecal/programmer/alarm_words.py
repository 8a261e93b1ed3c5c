"""What a standing alarm means for the therapy and what to do, for a clinician."""

from __future__ import annotations

from types import MappingProxyType

from thecal.device import Alarm

_WITHDRAWAL = "Watch for withdrawal"

ALARM_WORDS = MappingProxyType(
    {
        Alarm.LOW_RESERVOIR: "Low reservoir: the pump goes on. Plan the refill.",
        Alarm.EMPTY_RESERVOIR: "Empty reservoir: the pump gives nothing. Refill now and watch for withdrawal.",
        Alarm.MEMORY_FAULT: "Memory fault: the pump has stopped. Program it anew and watch for withdrawal.",
        Alarm.MEMORY_CORRECTED: "Memory error corrected: the pump goes on. Compare its program with the record.",
        Alarm.REPLACEMENT_DUE: "Elective replacement indicator: the battery nears its end. Plan the new pump now.",
        Alarm.END_OF_SERVICE: f"End of service: the battery is spent, nothing flows. {_WITHDRAWAL}; replace the pump.",
        Alarm.LOW_BATTERY_RESET: f"Low battery reset: the pump has stopped. {_WITHDRAWAL}; replace the pump.",
        Alarm.MOTOR_STALL: f"Motor stall: nothing flows. {_WITHDRAWAL}; go away from magnets, interrogate again.",
        Alarm.STOPPED: "Reminder: the pump is stopped. Program it, or record why it stays stopped.",
        Alarm.STOPPED_TOO_LONG: f"Stopped too long: the motor may never start again. {_WITHDRAWAL}; program it.",
        Alarm.SUPERVISOR_TRIP: "Supervisor trip: the pump has stopped. Look for overdose and withdrawal; report it. "
        "Only a newly confirmed program ends it.",
        Alarm.SELF_TEST_FAILED: f"Self-test failed: the pump has stopped. {_WITHDRAWAL}; call service.",
        Alarm.CLOCK_UNCERTAIN: "Clock uncertain: no boluses; steps may come at the wrong time. Set the pump's clock.",
        Alarm.LINK_ABUSE: "Link abuse: somebody tried again and again to reach the pump. It goes on. Report it.",
        Alarm.PROGRAM_NOT_STARTED: "Delayed program not started: it no longer fits. The earlier one runs on. "
        "Review and program again.",
        Alarm.UPDATES_BLOCKED: "The pump infuses but cannot be updated. Call service, and plan by what it runs.",
    }
)
