"""The fixed number of every enumerated value on the link. A number is never reused and never follows from an order."""

from __future__ import annotations

from types import MappingProxyType

from thecal.device import Alarm, LogKind, Mode, Reason, Role

MODE = MappingProxyType({Mode.STOPPED: 0, Mode.MINIMUM_RATE: 1, Mode.SIMPLE_CONTINUOUS: 2, Mode.FLEX: 3})

ALARM = MappingProxyType({Alarm.LOW_RESERVOIR: 1, Alarm.EMPTY_RESERVOIR: 2, Alarm.MEMORY_FAULT: 3})

ROLE = MappingProxyType({Role.PHYSICIAN: 1, Role.PATIENT: 2})

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
    }
)
