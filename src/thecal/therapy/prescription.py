"""What a clinician decides: fluid, mode, daily schedule, patient bolus. What a pump stores is a program (``device``).

Doses are those of the primary drug, the first component; the others follow by their concentration. A flex schedule is
typed as it is spoken: a background dose per day for every minute that no step covers, and steps such as "60 microgram
from 06:00 to 07:00, once a day". The dose of a step is the whole dose within it, not an addition to the background.
A step always states how often it repeats: leaving that open once gave 24 times the dose (ISMP case).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from thecal.device import Component, Mode
from thecal.quantities import Concentration, DoseRate, Duration, Mass, Volume

_MIN_PER_DAY = 1_440
REPEATS_H = (24, 12, 8, 6, 4, 3, 2, 1)  # whole parts of a day, so that every day runs alike


class PrescriptionInvalid(ValueError):
    """A prescription that contradicts itself; ``field`` names the place, the message is one line for a person."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


@dataclass(frozen=True, slots=True)
class FluidComponent:
    """One drug of the fluid in the reservoir and its concentration. ``drug`` is a catalogue key."""

    drug: str
    concentration: Concentration

    def in_counts(self) -> Component:
        """The same as the pump stores it. Raises OutOfBounds outside what a pump can hold."""
        return Component(self.drug, self.concentration.count)


@dataclass(frozen=True, slots=True)
class Stopped:
    """No flow at all."""


@dataclass(frozen=True, slots=True)
class MinimumRate:
    """The lowest flow the pump can keep up: it keeps the tube moving and is clinically no drug."""


@dataclass(frozen=True, slots=True)
class SimpleContinuous:
    """One constant flow that gives this dose of the primary drug per day."""

    daily_dose: DoseRate


@dataclass(frozen=True, slots=True)
class TimedDose:
    """This dose between two times of day (pump clock, ``end_min`` up to 1440), repeated every ``every_h`` hours."""

    start_min: int
    end_min: int
    dose: Mass
    every_h: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_min < self.end_min <= _MIN_PER_DAY:
            raise PrescriptionInvalid("step", "must end after it starts, on the same day (00:00 to 24:00)")
        if self.every_h not in REPEATS_H:
            raise PrescriptionInvalid("step", f"repeats every {', '.join(map(str, REPEATS_H))} h, nothing else")
        if self.minutes > self.every_h * 60:
            raise PrescriptionInvalid("step", f"lasts longer than the {self.every_h} h after which it repeats")

    @property
    def minutes(self) -> int:
        """How long one step lasts."""
        return self.end_min - self.start_min

    @property
    def times_per_day(self) -> int:
        """How often it runs in a day."""
        return 24 // self.every_h

    def occurrences(self) -> tuple[tuple[int, int], ...]:
        """Start and end minute of every run within one day; a run over midnight is given as its two parts."""
        runs: list[tuple[int, int]] = []
        for index in range(self.times_per_day):
            start = (self.start_min + index * self.every_h * 60) % _MIN_PER_DAY
            end = start + self.minutes
            runs += [(start, end)] if end <= _MIN_PER_DAY else [(start, _MIN_PER_DAY), (0, end - _MIN_PER_DAY)]
        return tuple(sorted(runs))


@dataclass(frozen=True, slots=True)
class Flex:
    """A day schedule that repeats every day: steps, and ``background`` (dose per day) for the minutes between them."""

    background: DoseRate
    steps: tuple[TimedDose, ...]

    def __post_init__(self) -> None:
        if not self.steps:
            raise PrescriptionInvalid("steps", "flex needs at least one step; without steps it is simple continuous")
        runs = sorted(run for step in self.steps for run in step.occurrences())
        for (_, end), (start, _) in pairwise(runs):
            if start < end:
                raise PrescriptionInvalid("steps", f"two steps overlap at {start // 60:02d}:{start % 60:02d}")

    @property
    def background_minutes(self) -> int:
        """Minutes of a day that no step covers."""
        return _MIN_PER_DAY - sum(step.minutes * step.times_per_day for step in self.steps)


Regimen = Stopped | MinimumRate | SimpleContinuous | Flex

MODE_OF = {
    Stopped: Mode.STOPPED,
    MinimumRate: Mode.MINIMUM_RATE,
    SimpleContinuous: Mode.SIMPLE_CONTINUOUS,
    Flex: Mode.FLEX,
}


@dataclass(frozen=True, slots=True)
class BolusOrder:
    """The bolus the patient may ask for: dose of the primary drug, how long it takes, and what limits it."""

    dose: Mass
    duration: Duration
    lockout: Duration
    maximum_per_24h: int

    def __post_init__(self) -> None:
        if self.lockout <= self.duration:
            raise PrescriptionInvalid("lockout", "must be longer than the bolus lasts")


@dataclass(frozen=True, slots=True)
class Prescription:
    """A complete therapy for a programmable pump. ``low_reservoir`` None: the pump model's default threshold."""

    components: tuple[FluidComponent, ...]
    regimen: Regimen
    patient_bolus: BolusOrder | None = None
    low_reservoir: Volume | None = None

    def __post_init__(self) -> None:
        infusing = isinstance(self.regimen, SimpleContinuous | Flex)
        if infusing and not self.components:
            raise PrescriptionInvalid("fluid", "name the drug and its concentration; record the refill first")
        if any(component.concentration.count == 0 for component in self.components):
            raise PrescriptionInvalid("concentration", "must be more than zero")
        if self.patient_bolus is not None and not infusing:
            raise PrescriptionInvalid("patient bolus", "only on top of simple continuous or flex")

    @property
    def mode(self) -> Mode:
        """The infusion mode."""
        return MODE_OF[type(self.regimen)]

    @property
    def primary(self) -> FluidComponent | None:
        """The drug whose dose is prescribed; None when the reservoir is told to hold nothing."""
        return self.components[0] if self.components else None
