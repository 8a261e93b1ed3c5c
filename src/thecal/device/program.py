"""What a pump stores: the program. What a clinician wants is a prescription (``therapy``), not this."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from thecal.device import bounds
from thecal.device.boluses import BolusKind, BridgeLeft, OnceBolus, PatientBolus, PeriodicBolus
from thecal.device.invalid import ProgramInvalid, check_name

FLEX_STEPS_MAX = 13  # of one day group
DAY_GROUPS_MAX = 7
EVERY_DAY = 0b111_1111
COMPONENTS_MAX = 5


class Mode(Enum):
    """Infusion mode of a pump."""

    STOPPED = "stopped"
    MINIMUM_RATE = "minimum rate"
    SIMPLE_CONTINUOUS = "simple continuous"
    FLEX = "flex"
    PERIODIC_BOLUS = "periodic bolus"


INFUSING = frozenset({Mode.SIMPLE_CONTINUOUS, Mode.FLEX, Mode.PERIODIC_BOLUS})  # the modes that give a dose


@dataclass(frozen=True, slots=True)
class FlexStep:
    """From ``start_min`` (minutes after midnight, pump clock) until the next step of its days, infuse at this rate.

    ``days`` holds one bit for each weekday, Monday the lowest.
    """

    start_min: int
    rate_nl_per_day: int
    days: int = EVERY_DAY

    def __post_init__(self) -> None:
        bounds.STEP_START.check(self.start_min)
        bounds.RATE.check(self.rate_nl_per_day)
        bounds.WEEKDAYS.check(self.days)


@dataclass(frozen=True, slots=True)
class Component:
    """One drug of the fluid in the reservoir. ``drug`` is a catalogue id."""

    drug: str
    concentration_ng_per_ml: int

    def __post_init__(self) -> None:
        check_name("drug", self.drug)
        bounds.CONCENTRATION.check(self.concentration_ng_per_ml)


@dataclass(frozen=True, slots=True)
class Program:
    """A complete therapy program.

    ``steps`` covers the whole day: empty when stopped or at minimum rate, one step at 00:00 for simple continuous and
    for what flows between periodic boluses, and for flex 2 to 13 ascending steps from 00:00, or up to seven groups of
    days, each with 1 to 13. ``components`` is the fluid the program was written for, primary drug first.
    ``stated_daily_dose_ng`` is the programmer's own arithmetic, one entry per component, basal and periodic boluses of
    the day of the week that gives most: the pump recomputes it and refuses a mismatch. ``volume_limit_nl_per_24h``
    bounds basal, periodic and patient boluses together in any rolling 24 h. ``once`` is given when the program starts;
    ``begins_utc_ms`` delays that start. Raises ProgramInvalid or OutOfBounds.
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
    periodic: PeriodicBolus | None = None
    once: OnceBolus | None = None
    bridge_left: BridgeLeft | None = None
    begins_utc_ms: int | None = None
    library_version: str | None = None

    def __post_init__(self) -> None:
        check_name("pump serial", self.pump_serial)
        check_name("patient token", self.patient_token)
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
        _check_boluses(self)
        if self.begins_utc_ms is not None:
            bounds.UTC.check(self.begins_utc_ms)
        if self.library_version is not None:
            check_name("library version", self.library_version)
        if self.mode in INFUSING and not self.components:
            raise ProgramInvalid("components: an infusing program names the drugs in the reservoir")

    @property
    def day_groups(self) -> tuple[tuple[FlexStep, ...], ...]:
        """The steps of each group of days, in their order."""
        masks = list(dict.fromkeys(step.days for step in self.steps))
        return tuple(tuple(step for step in self.steps if step.days == mask) for mask in masks)


def _check_boluses(program: Program) -> None:
    if program.patient_bolus is not None and program.mode not in (Mode.SIMPLE_CONTINUOUS, Mode.FLEX):
        raise ProgramInvalid("patient bolus: only on top of simple continuous or flex")
    if (program.periodic is not None) is not (program.mode is Mode.PERIODIC_BOLUS):
        raise ProgramInvalid("periodic: given for the periodic bolus mode, and only there")
    if program.once is not None and program.mode is Mode.STOPPED:
        raise ProgramInvalid("once: a stopped pump gives no bolus")
    gives_bridge = program.once is not None and program.once.kind is BolusKind.BRIDGE
    if program.bridge_left in (BridgeLeft.CONTINUE, BridgeLeft.RESTART) and not gives_bridge:
        raise ProgramInvalid("bridge left: to continue or restart a bridge, the program holds one")
    if program.bridge_left is BridgeLeft.CANCEL and gives_bridge:
        raise ProgramInvalid("bridge left: a program that cancels a bridge does not hold one")


def _check_steps(mode: Mode, steps: tuple[FlexStep, ...]) -> None:
    starts = [step.start_min for step in steps]
    if mode is Mode.FLEX:
        _check_flex(steps)
    elif mode in (Mode.STOPPED, Mode.MINIMUM_RATE):
        if steps:
            raise ProgramInvalid(f"steps: {mode.value} needs no steps")
    elif starts != [0] or steps[0].days != EVERY_DAY:
        raise ProgramInvalid(f"steps: {mode.value} needs one step starting at 00:00")


def _check_flex(steps: tuple[FlexStep, ...]) -> None:
    groups: dict[int, list[int]] = {}
    for step in steps:
        groups.setdefault(step.days, []).append(step.start_min)
    in_order = [step.days for step in steps] == [mask for mask, starts in groups.items() for _ in starts]
    lowest = [mask & -mask for mask in groups]
    whole_week = sum(groups) == EVERY_DAY and all(a & b == 0 for a in groups for b in groups if a != b)
    if not in_order or lowest != sorted(lowest) or not whole_week:
        raise ProgramInvalid("steps: flex needs each weekday in one group, groups one after the other from Monday")
    days = all(s[0] == 0 and s == sorted(set(s)) and len(s) <= FLEX_STEPS_MAX for s in groups.values())
    if not days or len(steps) < 2:
        raise ProgramInvalid(f"steps: flex needs 2 to {FLEX_STEPS_MAX} steps in ascending order, the first at 00:00")
