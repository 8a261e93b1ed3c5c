"""What happens to a pump, and what it then does. A fact is never refused; a command may be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from thecal.device import Reply, Request, Role, bounds
from thecal.pump.controller.state import PumpState
from thecal.pump.strokes import Strokes


@dataclass(frozen=True, slots=True)
class TimePassed:
    """Nothing but time."""


class CommandReceived(NamedTuple):
    """An authenticated request; ``role`` follows from the caller's key, never from the message.

    ``vouched``: the supervisor does not refuse what is committed. If it does, no commit takes effect.
    """

    request: Request
    role: Role
    vouched: bool = True


@dataclass(frozen=True, slots=True)
class PowerRestored:
    """The last ``outage_ms`` before now passed without power: no stroke, no growth of the carry."""

    outage_ms: int

    def __post_init__(self) -> None:
        if type(self.outage_ms) is not int or self.outage_ms < 0:
            raise ValueError("outage must be a whole number of ms, not negative")


@dataclass(frozen=True, slots=True)
class MemoryFaultFound:
    """The memory image cannot be trusted: the pump stops."""


@dataclass(frozen=True, slots=True)
class MemoryCorrected:
    """One copy of the memory was bad and has been restored from the other: nothing is lost."""


@dataclass(frozen=True, slots=True)
class MotorReported:
    """What the encoder of the motor counts, of the strokes let through since its last report.

    ``missing`` of them were not made, ``of_bolus`` and ``of_once`` of these for boluses; ``extra`` were made unasked.
    No report: all were made. Once strokes were missing the next that turns is reported too, as (0, 0): silence ends
    no stall. More missing than were let through: all of them.
    """

    missing: int
    extra: int
    of_bolus: int = 0
    of_once: int = 0

    def __post_init__(self) -> None:
        for name in ("missing", "extra", "of_bolus", "of_once"):
            bounds.COUNT.check(getattr(self, name))
        if self.of_bolus + self.of_once > self.missing:
            raise ValueError("missing strokes of boluses are part of all missing strokes")


@dataclass(frozen=True, slots=True)
class BatteryRead:
    """The battery was measured: so many permille of its charge are left."""

    permille: int

    def __post_init__(self) -> None:
        if type(self.permille) is not int or not 0 <= self.permille <= 1_000:
            raise ValueError("battery must be a whole number of permille from 0 to 1000")


@dataclass(frozen=True, slots=True)
class LowBatteryReset:
    """The battery sagged and the pump was reset by it. It does not start again by itself."""


class SelfTest(Enum):
    """What the pump tests at its start and every hour [GIP 3.3.1-4, 3.4.4]; the implant has no key to be stuck."""

    PROCESSOR = "processor"
    PROGRAM_MEMORY = "checksum of the program memory"
    WORKING_MEMORY = "working memory"
    BATTERY = "battery"
    WATCHDOG = "watchdog"
    CLOCK = "clock"
    TONE = "alarm tone"


@dataclass(frozen=True, slots=True)
class SelfTested:
    """The pump has tested itself: which test failed first (it aborts the rest), or None."""

    failed: SelfTest | None


@dataclass(frozen=True, slots=True)
class FieldEntered:
    """A magnetic field holds the rotor from now on."""


@dataclass(frozen=True, slots=True)
class FieldLeft:
    """The magnetic field has gone. The rotor may take hours to turn again; the motor's reports tell when."""


@dataclass(frozen=True, slots=True)
class LinkAbused:
    """The link saw more calls without a key than can be chance."""


@dataclass(frozen=True, slots=True)
class UpdatesFailed:
    """The pump infuses, but its program cannot be written any more."""


@dataclass(frozen=True, slots=True)
class ClockUncertain:
    """The time of day cannot be vouched for."""


@dataclass(frozen=True, slots=True)
class SupervisorTripped:
    """The supervisor refuses all strokes from now on. ``reason`` is its own words, for who records events.

    ``refused`` strokes that the controller has counted were never let through to the motor, ``of_bolus`` and
    ``of_once`` of these for boluses. They say nothing about whether the motor turns.
    """

    reason: str
    refused: int = 0
    of_bolus: int = 0
    of_once: int = 0

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("a trip of the supervisor names its reason")
        for name in ("refused", "of_bolus", "of_once"):
            bounds.COUNT.check(getattr(self, name))
        if self.of_bolus + self.of_once > self.refused:
            raise ValueError("refused strokes of boluses are part of all refused strokes")


Fact = (
    TimePassed
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
)
Event = CommandReceived | PowerRestored | Fact


class Answered(NamedTuple):
    """Effect: send this reply."""

    reply: Reply


Effect = Strokes | Answered


class Transition(NamedTuple):
    """The next state and the effects to carry out, in order. The state is written before any effect."""

    state: PumpState
    effects: tuple[Effect, ...]
