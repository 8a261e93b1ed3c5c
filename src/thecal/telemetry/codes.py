"""The fixed number of every enumerated value on the link. A number is never reused and never follows from an order."""

from __future__ import annotations

from types import MappingProxyType

from thecal.device import Alarm, BolusKind, BridgeLeft, Limited, LogKind, Mode, Reason, Role

MODE = MappingProxyType(
    {Mode.STOPPED: 0, Mode.MINIMUM_RATE: 1, Mode.SIMPLE_CONTINUOUS: 2, Mode.FLEX: 3, Mode.PERIODIC_BOLUS: 4}
)

BOLUS_KIND = MappingProxyType(
    {
        BolusKind.PATIENT: 1,
        BolusKind.PERIODIC: 2,
        BolusKind.SINGLE: 3,
        BolusKind.PRIMING: 4,
        BolusKind.BRIDGE: 5,
    }
)

BRIDGE_LEFT = MappingProxyType({BridgeLeft.CONTINUE: 1, BridgeLeft.RESTART: 2, BridgeLeft.CANCEL: 3})

LIMITED = MappingProxyType({Limited.CONCENTRATION: 1, Limited.DAILY_DOSE: 2, Limited.BOLUS_DOSE: 3, Limited.STEP_UP: 4})

ALARM = MappingProxyType(
    {
        Alarm.LOW_RESERVOIR: 1,
        Alarm.EMPTY_RESERVOIR: 2,
        Alarm.MEMORY_FAULT: 3,
        Alarm.MEMORY_CORRECTED: 4,
        Alarm.REPLACEMENT_DUE: 5,
        Alarm.END_OF_SERVICE: 6,
        Alarm.LOW_BATTERY_RESET: 7,
        Alarm.MOTOR_STALL: 8,
        Alarm.STOPPED: 9,
        Alarm.STOPPED_TOO_LONG: 10,
        Alarm.SUPERVISOR_TRIP: 11,
        Alarm.SELF_TEST_FAILED: 12,
        Alarm.CLOCK_UNCERTAIN: 13,
        Alarm.LINK_ABUSE: 14,
        Alarm.PROGRAM_NOT_STARTED: 15,
        Alarm.UPDATES_BLOCKED: 16,
    }
)

ROLE = MappingProxyType({Role.PHYSICIAN: 1, Role.PATIENT: 2, Role.SERVICE: 3, Role.EMERGENCY: 4})

LOG_KIND = MappingProxyType(
    {
        LogKind.MANUFACTURED: 1,
        LogKind.PROGRAM_COMMITTED: 2,
        LogKind.INFUSION_STOPPED: 3,
        LogKind.BOLUS_GRANTED: 4,
        LogKind.BOLUS_REFUSED: 5,
        LogKind.BOLUS_COMPLETED: 6,
        LogKind.BOLUS_CANCELLED: 7,
        LogKind.REFILL_RECORDED: 8,
        LogKind.LOW_RESERVOIR: 9,
        LogKind.EMPTY_RESERVOIR: 10,
        LogKind.POWER_RESTORED: 11,
        LogKind.MEMORY_FAULT: 12,
        LogKind.PROGRAM_STARTED: 13,
        LogKind.BOLUS_STARTED: 14,
        LogKind.BOLUS_SKIPPED: 15,
        LogKind.BRIDGE_INTERRUPTED: 16,
        LogKind.MOTOR_RECOVERED: 17,
        LogKind.TELEMETRY_LOCKED: 18,
        LogKind.TELEMETRY_RELEASED: 19,
        LogKind.CLOCK_SET: 20,
        LogKind.LIBRARY_SET: 21,
        LogKind.ALARM_INTERVALS_SET: 22,
        LogKind.ALARM_TESTED: 23,
        LogKind.ALARM_SILENCED: 24,
        LogKind.ALARM_CLEARED: 25,
        LogKind.MEMORY_CORRECTED: 26,
        LogKind.REPLACEMENT_DUE: 27,
        LogKind.END_OF_SERVICE: 28,
        LogKind.LOW_BATTERY_RESET: 29,
        LogKind.MOTOR_STALL: 30,
        LogKind.STOPPED: 31,
        LogKind.STOPPED_TOO_LONG: 32,
        LogKind.SUPERVISOR_TRIP: 33,
        LogKind.SELF_TEST_FAILED: 34,
        LogKind.CLOCK_UNCERTAIN: 35,
        LogKind.LINK_ABUSE: 36,
        LogKind.PROGRAM_NOT_STARTED: 37,
        LogKind.UPDATES_BLOCKED: 38,
        LogKind.STROKES_MISSED: 39,
        LogKind.STROKES_UNASKED: 40,
    }
)

REASON = MappingProxyType(
    {
        Reason.NOT_ALLOWED: 1,
        Reason.TOO_LATE: 2,
        Reason.PROGRAM_OUT_OF_RANGE: 3,
        Reason.ARITHMETIC_DIFFERS: 4,
        Reason.WRONG_PUMP: 5,
        Reason.WRONG_PATIENT: 6,
        Reason.FLUID_DIFFERS: 7,
        Reason.PROGRAM_CHANGED: 8,
        Reason.NOTHING_STAGED: 9,
        Reason.CONFIRMATION_EXPIRED: 10,
        Reason.STAGED_DIFFERS: 11,
        Reason.LIMIT_BELOW_BASAL: 12,
        Reason.BOLUS_RUNNING: 13,
        Reason.LOCKOUT: 14,
        Reason.LOCKOUT_AFTER_VISIT: 15,
        Reason.MAXIMUM_REACHED: 16,
        Reason.VOLUME_LIMIT_REACHED: 17,
        Reason.RATE_LIMIT_REACHED: 18,
        Reason.NO_PATIENT_BOLUS: 19,
        Reason.NOT_INFUSING: 20,
        Reason.RESERVOIR_TOO_LOW: 21,
        Reason.RESERVOIR_EMPTY: 22,
        Reason.MEMORY_FAULT: 23,
        Reason.FILL_TOO_LARGE: 24,
        Reason.REFILL_DURING_BOLUS: 25,
        Reason.DEADLINE_TOO_FAR: 26,
        Reason.BUSY: 27,
        Reason.SINGLE_RUNNING: 28,
        Reason.PRIMING_RUNNING: 29,
        Reason.BRIDGE_RUNNING: 30,
        Reason.BRIDGE_UNDECIDED: 31,
        Reason.NO_BRIDGE: 32,
        Reason.BRIDGE_VOLUME_DIFFERS: 33,
        Reason.NO_BOLUS_RUNNING: 34,
        Reason.START_IN_PAST: 35,
        Reason.LIBRARY_DIFFERS: 36,
        Reason.DRUG_NOT_IN_LIBRARY: 37,
        Reason.HARD_LIMIT: 38,
        Reason.ACKNOWLEDGEMENT_MISSING: 39,
        Reason.CLOCK_DURING_BOLUS: 40,
        Reason.CRITICAL_ALARM: 41,
        Reason.CONDITION_STANDS: 42,
        Reason.NOT_LATCHED: 43,
        Reason.UPDATES_BLOCKED: 44,
        Reason.STALLED: 45,
        Reason.SUPERVISOR_REFUSED: 46,
        Reason.END_OF_SERVICE: 47,
        Reason.CLOCK_UNCERTAIN: 48,
    }
)
