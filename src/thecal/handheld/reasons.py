"""Why a request was not granted, and what an alarm means: for the patient, in plain words that never scold."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from thecal.device import Alarm, Reason

# {dose} is the dose in the patient's words; nothing else is filled in. Times stand beside the sentence.
REASON_WORDS = MappingProxyType(
    {
        Reason.NOT_ALLOWED: "Your pump did not accept this handset. Please call your clinic.",
        Reason.TOO_LATE: "The request took too long to reach your pump, so nothing was given. You can ask again.",
        Reason.DEADLINE_TOO_FAR: "Your pump did not accept this handset's time. Please call your clinic.",
        Reason.BUSY: "Your pump has been asked many times just now. Nothing was given. You can ask again in a minute.",
        Reason.PROGRAM_OUT_OF_RANGE: "Your pump could not use this setting. Please call your clinic.",
        Reason.ARITHMETIC_DIFFERS: "Your pump's settings need to be looked at. Please call your clinic.",
        Reason.WRONG_PUMP: "This handset belongs to another pump. Please call your clinic.",
        Reason.WRONG_PATIENT: "This handset belongs to another person. Please call your clinic.",
        Reason.FLUID_DIFFERS: "Your pump's settings need to be looked at. Please call your clinic.",
        Reason.PROGRAM_CHANGED: "Your pump's settings have just changed. Please look again in a moment.",
        Reason.NOTHING_STAGED: "Your pump is waiting for your clinic. Please call your clinic.",
        Reason.CONFIRMATION_EXPIRED: "Your pump is waiting for your clinic. Please call your clinic.",
        Reason.STAGED_DIFFERS: "Your pump is waiting for your clinic. Please call your clinic.",
        Reason.LIMIT_BELOW_BASAL: "Your pump's settings need to be looked at. Please call your clinic.",
        Reason.BOLUS_RUNNING: "A dose is being given right now.",
        Reason.LOCKOUT: "Your last dose needs time to work before the next one.",
        Reason.LOCKOUT_AFTER_VISIT: "After a clinic visit your pump waits before the first dose.",
        Reason.MAXIMUM_REACHED: "The doses of the last 24 hours have been given.",
        Reason.VOLUME_LIMIT_REACHED: "Your pump has given as much as is set for 24 hours.",
        Reason.RATE_LIMIT_REACHED: "Your pump is giving as much as it can at this moment.",
        Reason.NO_PATIENT_BOLUS: "Extra doses are not part of your treatment at the moment.",
        Reason.NOT_INFUSING: "Your pump is paused, so no extra dose can be given. Please call your clinic.",
        Reason.RESERVOIR_TOO_LOW: "Your pump needs a refill before it can give an extra dose. Please call your clinic.",
        Reason.RESERVOIR_EMPTY: "Your pump is empty and gives nothing. Please call your clinic now.",
        Reason.MEMORY_FAULT: "Your pump has stopped to be safe. Please call your clinic now.",
        Reason.FILL_TOO_LARGE: "Your pump's record needs to be looked at. Please call your clinic.",
        Reason.REFILL_DURING_BOLUS: "A dose is being given right now.",
    }
)

# After these only the clinic can help: the call button is shown with the sentence.
CALL_FOR = frozenset(
    {
        Reason.NOT_ALLOWED,
        Reason.DEADLINE_TOO_FAR,
        Reason.PROGRAM_OUT_OF_RANGE,
        Reason.ARITHMETIC_DIFFERS,
        Reason.WRONG_PUMP,
        Reason.WRONG_PATIENT,
        Reason.FLUID_DIFFERS,
        Reason.NOTHING_STAGED,
        Reason.CONFIRMATION_EXPIRED,
        Reason.STAGED_DIFFERS,
        Reason.LIMIT_BELOW_BASAL,
        Reason.NOT_INFUSING,
        Reason.RESERVOIR_TOO_LOW,
        Reason.RESERVOIR_EMPTY,
        Reason.MEMORY_FAULT,
        Reason.FILL_TOO_LARGE,
    }
)


@dataclass(frozen=True, slots=True)
class AlarmNotice:
    """What happened, what to do, whom to call."""

    happened: str
    what_to_do: str
    call: str
    critical: bool


_ALARMS = MappingProxyType(
    {
        Alarm.LOW_RESERVOIR: (
            "Your pump is running low. It goes on as before.",
            "Please make a refill appointment today.",
        ),
        Alarm.EMPTY_RESERVOIR: (
            "Your pump is empty. It gives no medicine.",
            "Please call now, even at night. Tell them if you feel unwell, stiff, restless, sweaty or confused.",
        ),
        Alarm.MEMORY_FAULT: (
            "Your pump has stopped to be safe. It gives no medicine.",
            "Please call now, even at night. Tell them if you feel unwell, stiff, restless, sweaty or confused.",
        ),
    }
)


def alarm_notice(alarm: Alarm, call: str) -> AlarmNotice:
    """A standing alarm for the patient; ``call`` names whom to call and how."""
    happened, what_to_do = _ALARMS[alarm]
    return AlarmNotice(happened, what_to_do, call, alarm.critical)
