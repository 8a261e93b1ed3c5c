"""The shapes shared by requests, replies and the pump's memory: program, fluid, refusal, log, and what they hold."""

from __future__ import annotations

from thecal.device import (
    Bound,
    Component,
    DrugLimits,
    FlexStep,
    Library,
    Limit,
    LogEntry,
    OnceBolus,
    PatientBolus,
    PeriodicBolus,
    Program,
    PumpDescriptor,
    Refused,
    SoftLimit,
    bounds,
)
from thecal.device.library import DRUGS_MAX
from thecal.device.program import COMPONENTS_MAX, DAY_GROUPS_MAX, FLEX_STEPS_MAX
from thecal.telemetry import codes
from thecal.telemetry.grammar import Choice, Field, Integer, Maybe, Octets, Record, Several, Text

NAME = Text(40)
COMMAND_ID = Octets(16)
HASH = Octets(32)
TICK = Integer(bounds.TICK)
UTC = Integer(bounds.UTC)
CLOCK_OFFSET = Integer(bounds.CLOCK_OFFSET)
COUNT = Integer(bounds.COUNT)
RATE = Integer(bounds.RATE)
RESERVOIR = Integer(bounds.RESERVOIR)
DAILY_DOSE = Integer(bounds.DAILY_DOSE)
DURATION = Integer(Bound("duration", "ms", 0, 2**53))
VOLUME = Integer(Bound("volume", "nL", 0, 2**53))  # a derived amount, which may be zero or larger than a reservoir
STROKE = Integer(bounds.STROKE)

MODE = Choice(codes.MODE)
ALARM = Choice(codes.ALARM)
REASON = Choice(codes.REASON)
ROLE = Choice(codes.ROLE)
BOLUS_KIND = Choice(codes.BOLUS_KIND)

COMPONENT = Record(
    Component,
    Field(1, "drug", NAME),
    Field(2, "concentration_ng_per_ml", Integer(bounds.CONCENTRATION)),
)
COMPONENTS = Several(COMPONENT, COMPONENTS_MAX)

FLEX_STEP = Record(
    FlexStep,
    Field(1, "start_min", Integer(bounds.STEP_START)),
    Field(2, "rate_nl_per_day", RATE),
    Field(3, "days", Integer(bounds.WEEKDAYS)),
)

PATIENT_BOLUS = Record(
    PatientBolus,
    Field(1, "volume_nl", Integer(bounds.BOLUS_VOLUME)),
    Field(2, "duration_ms", Integer(bounds.BOLUS_DURATION)),
    Field(3, "lockout_ms", Integer(bounds.LOCKOUT)),
    Field(4, "maximum_per_24h", Integer(bounds.BOLUSES_PER_24H)),
)

PERIODIC_BOLUS = Record(
    PeriodicBolus,
    Field(1, "volume_nl", Integer(bounds.BOLUS_VOLUME)),
    Field(2, "duration_ms", Integer(bounds.BOLUS_DURATION)),
    Field(3, "interval_ms", Integer(bounds.PERIODIC_INTERVAL)),
)

ONCE_BOLUS = Record(
    OnceBolus,
    Field(1, "kind", BOLUS_KIND),
    Field(2, "volume_nl", Integer(bounds.BOLUS_VOLUME)),
    Field(3, "duration_ms", Integer(bounds.BRIDGE_DURATION)),
)

PROGRAM = Record(
    Program,
    Field(1, "pump_serial", NAME),
    Field(2, "patient_token", NAME),
    Field(3, "mode", MODE),
    Field(4, "steps", Several(FLEX_STEP, FLEX_STEPS_MAX * DAY_GROUPS_MAX)),
    Field(5, "patient_bolus", Maybe(PATIENT_BOLUS)),
    Field(6, "components", COMPONENTS),
    Field(7, "stated_daily_dose_ng", Several(DAILY_DOSE, COMPONENTS_MAX)),
    Field(8, "volume_limit_nl_per_24h", Integer(bounds.VOLUME_LIMIT)),
    Field(9, "low_reservoir_nl", RESERVOIR),
    Field(10, "periodic", Maybe(PERIODIC_BOLUS)),
    Field(11, "once", Maybe(ONCE_BOLUS)),
    Field(12, "bridge_left", Maybe(Choice(codes.BRIDGE_LEFT))),
    Field(13, "begins_utc_ms", Maybe(UTC)),
    Field(14, "library_version", Maybe(NAME)),
)

_DOSE_LIMIT = Record(Limit, Field(1, "soft", Maybe(DAILY_DOSE)), Field(2, "hard", Maybe(DAILY_DOSE)))
_CONCENTRATION = Integer(bounds.CONCENTRATION)
_PERCENT = Integer(bounds.PERCENT)
DRUG_LIMITS = Record(
    DrugLimits,
    Field(1, "drug", NAME),
    Field(
        2,
        "concentration_ng_per_ml",
        Record(Limit, Field(1, "soft", Maybe(_CONCENTRATION)), Field(2, "hard", Maybe(_CONCENTRATION))),
    ),
    Field(3, "daily_dose_ng", _DOSE_LIMIT),
    Field(4, "bolus_dose_ng", _DOSE_LIMIT),
)
LIBRARY = Record(
    Library,
    Field(1, "version", NAME),
    Field(2, "drugs", Several(DRUG_LIMITS, DRUGS_MAX)),
    Field(3, "step_up_percent", Record(Limit, Field(1, "soft", Maybe(_PERCENT)), Field(2, "hard", Maybe(_PERCENT)))),
)
SOFT_LIMIT = Record(
    SoftLimit,
    Field(1, "drug", NAME),
    Field(2, "what", Choice(codes.LIMITED)),
    Field(3, "value", COUNT),
    Field(4, "limit", COUNT),
)
SOFT_LIMITS = Several(SOFT_LIMIT, 4 * COMPONENTS_MAX)

DESCRIPTOR = Record(
    PumpDescriptor,
    Field(1, "model", Text(80)),
    Field(2, "stroke_nl", STROKE),
    Field(3, "reservoir_nl", RESERVOIR),
    Field(4, "minimum_rate_nl_per_day", RATE),
    Field(5, "lowest_rate_nl_per_day", RATE),
    Field(6, "highest_rate_nl_per_day", RATE),
)

REFUSED = Record(
    Refused,
    Field(1, "reason", REASON),
    Field(2, "retry_after_ms", Maybe(DURATION)),
    Field(3, "field", Maybe(Text(80))),
)

LOG_ENTRY = Record(
    LogEntry,
    Field(1, "sequence", COUNT),
    Field(2, "tick_ms", TICK),
    Field(3, "utc_ms", UTC),
    Field(4, "kind", Choice(codes.LOG_KIND)),
    Field(5, "volume_nl", Maybe(VOLUME)),
    Field(6, "duration_ms", Maybe(DURATION)),
    Field(7, "reason", Maybe(REASON)),
    Field(8, "bolus", Maybe(BOLUS_KIND)),
    Field(9, "alarm", Maybe(ALARM)),
)
