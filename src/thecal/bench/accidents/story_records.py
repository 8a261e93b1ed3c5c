"""What a pump story says: a pump with its fluid and program, what happens to it step by step, and what then stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from thecal.device import Alarm, LogKind, Reason
from thecal.documents import About
from thecal.pump import SelfTest
from thecal.quantities import Concentration, Duration, FlowRate, Volume


class Deed(Enum):
    """What may happen in a story: nothing else can be done to its pump."""

    TIME_PASSES = "time passes"
    FIELD_COMES = "magnetic field comes"
    FIELD_GOES = "magnetic field goes"
    MOTOR_STANDS = "motor stands"
    MOTOR_IS_FREED = "motor is freed"
    STROKES_ARE_MISSED = "strokes are missed"
    BATTERY_RUNS_DOWN = "battery runs down"
    BATTERY_SAGS = "battery sags"
    SELF_TEST_FAILS = "self-test fails"
    UPDATES_FAIL = "updates fail"
    POWER_FAILS = "power fails"
    POWER_RETURNS = "power returns"
    PHYSICIAN_READS = "physician reads"
    PHYSICIAN_PROGRAMS = "physician programs"
    PHYSICIAN_STOPS = "physician stops"
    PHYSICIAN_REFILLS = "physician refills"
    PHYSICIAN_SILENCES = "physician silences"
    PATIENT_READS = "patient reads"
    PATIENT_ASKS = "patient asks"


class Given(Enum):
    """What truly left the catheter tip in the stretch of time that a step begins with."""

    NOTHING = "nothing"
    AS_PROGRAMMED = "as programmed"


@dataclass(frozen=True, slots=True)
class Step:
    """So much time passes, then this is done; ``given``, ``alarms``, ``refused`` and ``told`` must then be true."""

    after: Annotated[Duration, About("time that passes first")]
    do: Annotated[Deed, About("what is done then")]
    turns_again_after: Annotated[Duration | None, About("for a motor or a field: left out, never")] = None
    strokes: Annotated[int | None, About("strokes that are missed", 1, 1_000_000)] = None
    permille: Annotated[int | None, About("charge left in the battery", 0, 1_000)] = None
    test: Annotated[SelfTest | None, About("self-test that fails")] = None
    alarm: Annotated[Alarm | None, About("alarm that is silenced, for 24 h")] = None
    rate: Annotated[FlowRate | None, About("rate that is programmed")] = None
    volume: Annotated[Volume | None, About("volume that is refilled")] = None
    given: Annotated[Given | None, About("what left the tip while the time passed")] = None
    alarms: Annotated[tuple[Alarm, ...] | None, About("all alarms that stand after the step")] = None
    refused: Annotated[Reason | None, About("why the pump said no; left out, it must not")] = None
    told: Annotated[tuple[str, ...], About("words that the programmer or handset shows")] = ()


@dataclass(frozen=True, slots=True)
class StoryDrug:
    """One drug of the fluid."""

    drug: Annotated[str, About("drug")]
    concentration: Annotated[Concentration, About("concentration")]


@dataclass(frozen=True, slots=True)
class StoryBolus:
    """The patient bolus of the program."""

    volume: Annotated[Volume, About("volume of one")]
    duration: Annotated[Duration, About("how long one takes")]
    lockout: Annotated[Duration, About("lockout")]
    maximum_per_24h: Annotated[int, About("allotted in 24 h", 1, 100)]


@dataclass(frozen=True, slots=True)
class Begins:
    """When that which catches the accident must begin, from the first moment of the story."""

    not_before: Annotated[Duration, About("earliest moment")]
    not_after: Annotated[Duration, About("latest moment")]


@dataclass(frozen=True, slots=True)
class Story:
    """One pump, filled and programmed at its first moment, and what happened to it."""

    model: Annotated[str, About("pump of the catalogue")]
    fill: Annotated[Volume, About("what the reservoir is filled with")]
    fluid: Annotated[tuple[StoryDrug, ...], About("drugs")]
    rate: Annotated[FlowRate, About("simple continuous rate")]
    low_reservoir: Annotated[Volume, About("alarm level")]
    steps: Annotated[tuple[Step, ...], About("what happens, in order")]
    begins: Annotated[Begins, About("when the alarm or log line that catches it begins")]
    log: Annotated[tuple[LogKind, ...], About("lines the log must hold, in this order")]
    bolus: Annotated[StoryBolus | None, About("patient bolus")] = None
    beside: Annotated[tuple[Alarm, ...], About("alarms that belong to the story and catch nothing")] = ()
