"""What a pump stores: the program. What a clinician wants is a prescription (``therapy``), not this."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from thecal.device import bounds

FLEX_STEPS_MAX = 13
COMPONENTS_MAX = 5


class ProgramInvalid(ValueError):
    """A program that cannot exist in any pump; the message is one line naming the field."""


class Mode(Enum):
    """Infusion mode of a pump."""

    STOPPED = "stopped"
    MINIMUM_RATE = "minimum rate"
    SIMPLE_CONTINUOUS = "simple continuous"
    FLEX = "flex"


@dataclass(frozen=True, slots=True)
class FlexStep:
    """From ``start_min`` (minutes after midnight, pump clock) until the next step, infuse at this rate."""

    start_min: int
    rate_nl_per_day: int

    def __post_init__(self) -> None:
        bounds.STEP_START.check(self.start_min)
        bounds.RATE.check(self.rate_nl_per_day)


@dataclass(frozen=True, slots=True)
class PatientBolus:
    """The bolus a patient may ask for. The request itself carries no dose: everything is here, in the pump."""

    volume_nl: int
    duration_ms: int
    lockout_ms: int
    maximum_per_24h: int

    def __post_init__(self) -> None:
        bounds.BOLUS_VOLUME.check(self.volume_nl)
        bounds.BOLUS_DURATION.check(self.duration_ms)
        bounds.LOCKOUT.check(self.lockout_ms)
        bounds.BOLUSES_PER_24H.check(self.maximum_per_24h)
        if self.lockout_ms <= self.duration_ms:
            raise ProgramInvalid("lockout must be longer than the bolus lasts")


@dataclass(frozen=True, slots=True)
class Component:
    """One drug of the fluid in the reservoir. ``drug`` is a catalogue id."""

    drug: str
    concentration_ng_per_ml: int

    def __post_init__(self) -> None:
        _check_name("drug", self.drug)
        bounds.CONCENTRATION.check(self.concentration_ng_per_ml)


@dataclass(frozen=True, slots=True)
class Program:
    """A complete therapy program.

    ``steps`` covers the whole day: empty when stopped or at minimum rate, one step at 00:00 for simple
    continuous, 2 to 13 ascending steps from 00:00 for flex. ``components`` is the fluid the program was
    written for, primary drug first. ``stated_daily_dose_ng`` is the programmer's own arithmetic, one entry
    per component, basal only: the pump recomputes it and refuses a mismatch. ``volume_limit_nl_per_24h``
    bounds basal and boluses together in any rolling 24 h. Raises ProgramInvalid or OutOfBounds.
    """

    pump_serial: str
    patient_token: str
    mode: Mode
    steps: tuple[FlexStep, ...]
    patient_bolus: PatientBolus | None
    components: tuple[Component, ...]
    stated_daily_dose_ng: tuple[int, ...]
    volume_limit_nl_per_24h: int
    low_reservoir_nl: int

    def __post_init__(self) -> None:
        _check_name("pump serial", self.pump_serial)
        _check_name("patient token", self.patient_token)
        _check_steps(self.mode, self.steps)
        if len(self.components) > COMPONENTS_MAX:
            raise ProgramInvalid(f"components: at most {COMPONENTS_MAX} drugs in one fluid")
        if len({component.drug for component in self.components}) != len(self.components):
            raise ProgramInvalid("components: each drug once")
        if len(self.stated_daily_dose_ng) != len(self.components):
            raise ProgramInvalid("stated daily dose: one number per component")
        for dose in self.stated_daily_dose_ng:
            bounds.DAILY_DOSE.check(dose)
        bounds.VOLUME_LIMIT.check(self.volume_limit_nl_per_24h)
        bounds.RESERVOIR.check(self.low_reservoir_nl)
        if self.patient_bolus is not None and self.mode not in (Mode.SIMPLE_CONTINUOUS, Mode.FLEX):
            raise ProgramInvalid("patient bolus: only on top of simple continuous or flex")
        if self.mode in (Mode.SIMPLE_CONTINUOUS, Mode.FLEX) and not self.components:
            raise ProgramInvalid("components: an infusing program names the drugs in the reservoir")


def _check_steps(mode: Mode, steps: tuple[FlexStep, ...]) -> None:
    starts = [step.start_min for step in steps]
    expected = {
        Mode.STOPPED: "no steps",
        Mode.MINIMUM_RATE: "no steps",
        Mode.SIMPLE_CONTINUOUS: "one step starting at 00:00",
        Mode.FLEX: f"2 to {FLEX_STEPS_MAX} steps in ascending order, the first at 00:00",
    }[mode]
    fits = {
        Mode.STOPPED: not steps,
        Mode.MINIMUM_RATE: not steps,
        Mode.SIMPLE_CONTINUOUS: starts == [0],
        Mode.FLEX: 2 <= len(steps) <= FLEX_STEPS_MAX and starts[0] == 0 and starts == sorted(set(starts)),
    }[mode]
    if not fits:
        raise ProgramInvalid(f"steps: {mode.value} needs {expected}")


def _check_name(field: str, text: str) -> None:
    if type(text) is not str or not 1 <= len(text) <= 40 or not text.isascii() or not text.isprintable():
        raise ProgramInvalid(f"{field} must be 1 to 40 printable ASCII characters")
