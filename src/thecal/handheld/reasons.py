"""Why a request was not granted: for the patient, in plain words that never scold."""

from __future__ import annotations

from types import MappingProxyType

from thecal.device import Reason

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
        Reason.SINGLE_RUNNING: "Your pump is giving a dose your clinic has set. Extra doses come after it.",
        Reason.PRIMING_RUNNING: "Your pump is filling its tube. Extra doses come after that.",
        Reason.BRIDGE_RUNNING: "Your pump is changing over to a new medicine. Extra doses come after that.",
        Reason.BRIDGE_UNDECIDED: "Your pump is waiting for your clinic. Please call your clinic.",
        Reason.NO_BRIDGE: "Your pump's settings need to be looked at. Please call your clinic.",
        Reason.BRIDGE_VOLUME_DIFFERS: "Your pump's settings need to be looked at. Please call your clinic.",
        Reason.NO_BOLUS_RUNNING: "No dose is being given at the moment.",
        Reason.START_IN_PAST: "Your pump's settings need to be looked at. Please call your clinic.",
        Reason.LIBRARY_DIFFERS: "Your pump's settings need to be looked at. Please call your clinic.",
        Reason.DRUG_NOT_IN_LIBRARY: "Your pump's settings need to be looked at. Please call your clinic.",
        Reason.HARD_LIMIT: "Your pump's settings need to be looked at. Please call your clinic.",
        Reason.ACKNOWLEDGEMENT_MISSING: "Your pump is waiting for your clinic. Please call your clinic.",
        Reason.CLOCK_DURING_BOLUS: "A dose is being given right now.",
        Reason.CLOCK_UNCERTAIN: "Your pump does not know the time, so no extra dose can be given. "
        "Please call your clinic.",
        Reason.CRITICAL_ALARM: "This alarm is important and keeps sounding. Please call your clinic now.",
        Reason.CONDITION_STANDS: "The alarm has a reason that is still there. Please call your clinic.",
        Reason.NOT_LATCHED: "This alarm is over or ends by itself.",
        Reason.UPDATES_BLOCKED: "Your pump goes on, but your clinic cannot change it. Please call your clinic.",
        Reason.STALLED: "Your pump stands still and gives nothing. If you are near a magnet, go away from it. "
        "Please call your clinic now.",
        Reason.SUPERVISOR_REFUSED: "Your pump's settings need to be looked at. Please call your clinic.",
        Reason.END_OF_SERVICE: "Your pump's battery is used up and it gives nothing. Please call your clinic now.",
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
        Reason.BRIDGE_UNDECIDED,
        Reason.NO_BRIDGE,
        Reason.BRIDGE_VOLUME_DIFFERS,
        Reason.START_IN_PAST,
        Reason.LIBRARY_DIFFERS,
        Reason.DRUG_NOT_IN_LIBRARY,
        Reason.HARD_LIMIT,
        Reason.ACKNOWLEDGEMENT_MISSING,
        Reason.CLOCK_UNCERTAIN,
        Reason.CRITICAL_ALARM,
        Reason.CONDITION_STANDS,
        Reason.UPDATES_BLOCKED,
        Reason.STALLED,
        Reason.SUPERVISOR_REFUSED,
        Reason.END_OF_SERVICE,
    }
)
