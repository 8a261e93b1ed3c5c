"""Why the pump said no, for a clinician: one or two sentences, the second what to do."""

from __future__ import annotations

from types import MappingProxyType

from thecal.device import Reason

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
        Reason.SINGLE_RUNNING: "A single bolus is running. Wait until it has ended, or cancel it.",
        Reason.PRIMING_RUNNING: "A priming bolus is running. Wait until it has ended, or cancel it.",
        Reason.BRIDGE_RUNNING: "A bridge bolus is running. Wait until it has ended, or program what becomes of it.",
        Reason.BRIDGE_UNDECIDED: "A bridge bolus is unfinished. Program whether to continue, restart or cancel it.",
        Reason.NO_BRIDGE: f"The pump knows of no unfinished bridge bolus. {_INTERROGATE}",
        Reason.BRIDGE_VOLUME_DIFFERS: f"Another volume of the bridge bolus is left than was sent. {_INTERROGATE}",
        Reason.NO_BOLUS_RUNNING: "No bolus is running, so there was none to cancel.",
        Reason.START_IN_PAST: "The start lies in the past or over 7 days ahead. Change it; look at the pump's clock.",
        Reason.LIBRARY_DIFFERS: f"The program was checked against another drug library. {_INTERROGATE}",
        Reason.DRUG_NOT_IN_LIBRARY: "The pump's drug library does not hold this drug. Check fluid and library.",
        Reason.HARD_LIMIT: "A hard limit of the pump's drug library is passed. Change the marked value.",
        Reason.ACKNOWLEDGEMENT_MISSING: "The program passes soft limits nobody confirmed. Send it again; confirm each.",
        Reason.CLOCK_DURING_BOLUS: "The clock cannot be set while a bolus runs. Wait until it has ended.",
        Reason.CRITICAL_ALARM: "A critical alarm stands. Deal with its cause first.",
        Reason.CONDITION_STANDS: "The cause of the alarm still holds. Remove it, then clear the alarm.",
        Reason.NOT_LATCHED: "This alarm does not stand, or ends by itself once its cause has gone.",
        Reason.UPDATES_BLOCKED: "The pump infuses but cannot be updated. Nothing changed; call service.",
        Reason.CLOCK_UNCERTAIN: "The pump's clock is uncertain. Set it, then send the command again.",
        Reason.STALLED: "The motor does not turn: nothing flows. Go away from magnets, then interrogate again.",
        Reason.SUPERVISOR_REFUSED: "The pump's supervisor cannot vouch for this program. Nothing changed; report it.",
        Reason.END_OF_SERVICE: "The battery is spent. Replace the pump, and give the drug another way until then.",
    }
)
