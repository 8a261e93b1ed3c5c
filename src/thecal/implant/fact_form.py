"""How the facts that happen to a pump are spelled in its memory. A change here needs a new MEMORY_VERSION."""

from __future__ import annotations

from types import MappingProxyType

from thecal.device import Bound
from thecal.pump import (
    BatteryRead,
    ClockUncertain,
    FieldEntered,
    FieldLeft,
    LinkAbused,
    LowBatteryReset,
    MemoryCorrected,
    MemoryFaultFound,
    MotorReported,
    PowerRestored,
    SelfTest,
    SelfTested,
    SupervisorTripped,
    UpdatesFailed,
)
from thecal.pump.whole import SupervisorDied, SupervisorTicked
from thecal.telemetry import forms
from thecal.telemetry.grammar import Choice, Field, Integer, Maybe, OneOf, Record, Text, from_bytes, to_bytes

# Everything that may happen to a pump but time and requests, which have records of their own.
Recorded = (
    PowerRestored
    | MemoryFaultFound
    | MemoryCorrected
    | MotorReported
    | BatteryRead
    | LowBatteryReset
    | SelfTested
    | FieldEntered
    | FieldLeft
    | LinkAbused
    | UpdatesFailed
    | ClockUncertain
    | SupervisorTripped
    | SupervisorTicked
    | SupervisorDied
)
FACT_BYTES_MAX = 512

_SELF_TEST = MappingProxyType(
    {
        SelfTest.PROCESSOR: 1,
        SelfTest.PROGRAM_MEMORY: 2,
        SelfTest.WORKING_MEMORY: 3,
        SelfTest.BATTERY: 4,
        SelfTest.WATCHDOG: 5,
        SelfTest.CLOCK: 6,
        SelfTest.TONE: 7,
    }
)

FACT = OneOf(
    {
        1: Record(PowerRestored, Field(1, "outage_ms", forms.DURATION)),
        2: Record(MemoryFaultFound),
        3: Record(MemoryCorrected),
        4: Record(
            MotorReported,
            Field(1, "missing", forms.COUNT),
            Field(2, "extra", forms.COUNT),
            Field(3, "of_bolus", forms.COUNT),
            Field(4, "of_once", forms.COUNT),
        ),
        5: Record(BatteryRead, Field(1, "permille", Integer(Bound("battery", "permille", 0, 1_000)))),
        6: Record(LowBatteryReset),
        7: Record(SelfTested, Field(1, "failed", Maybe(Choice(_SELF_TEST)))),
        8: Record(FieldEntered),
        9: Record(FieldLeft),
        10: Record(LinkAbused),
        11: Record(UpdatesFailed),
        12: Record(ClockUncertain),
        13: Record(
            SupervisorTripped,
            Field(1, "reason", Text(200)),
            Field(2, "refused", forms.COUNT),
            Field(3, "of_bolus", forms.COUNT),
            Field(4, "of_once", forms.COUNT),
        ),
        14: Record(SupervisorTicked),
        15: Record(SupervisorDied),
    }
)


def encode_fact(fact: Recorded) -> bytes:
    """The one spelling of this fact. Raises Malformed for what is none."""
    return to_bytes(FACT, fact, FACT_BYTES_MAX)


def decode_fact(data: bytes) -> Recorded:
    """The fact spelled by these bytes. Raises Malformed, and nothing else, for any other bytes."""
    fact: Recorded = from_bytes(FACT, data, FACT_BYTES_MAX)
    return fact
