"""The boluses a program may hold. They are different things: each has its own beginning, end and log entries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from thecal.device import bounds
from thecal.device.invalid import ProgramInvalid


class BolusKind(Enum):
    """What a bolus is for."""

    PATIENT = "patient bolus"
    PERIODIC = "periodic bolus"
    SINGLE = "single bolus"
    PRIMING = "priming bolus"
    BRIDGE = "bridge bolus"


ONCE_KINDS = frozenset({BolusKind.SINGLE, BolusKind.PRIMING, BolusKind.BRIDGE})


class BridgeLeft(Enum):
    """What becomes of a bridge bolus that was running or interrupted when a program is written."""

    CONTINUE = "continue with what is left"
    RESTART = "give a whole bridge again"
    CANCEL = "give nothing more of it"


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
class PeriodicBolus:
    """A bolus that repeats: the first when the program starts, then one every interval of the pump's tick.

    The interval is one number in one unit, because an interval typed into the wrong field of two has killed people
    (programmer card notice of September 2004).
    """

    volume_nl: int
    duration_ms: int
    interval_ms: int

    def __post_init__(self) -> None:
        bounds.BOLUS_VOLUME.check(self.volume_nl)
        bounds.BOLUS_DURATION.check(self.duration_ms)
        bounds.PERIODIC_INTERVAL.check(self.interval_ms)
        if self.interval_ms <= self.duration_ms:
            raise ProgramInvalid("periodic: the interval must be longer than the bolus lasts")


@dataclass(frozen=True, slots=True)
class OnceBolus:
    """A bolus given once, in the place of the basal flow, when its program starts."""

    kind: BolusKind
    volume_nl: int
    duration_ms: int

    def __post_init__(self) -> None:
        if self.kind not in ONCE_KINDS:
            raise ProgramInvalid("once: a single, priming or bridge bolus")
        bounds.BOLUS_VOLUME.check(self.volume_nl)
        longest = bounds.BRIDGE_DURATION if self.kind is BolusKind.BRIDGE else bounds.ONCE_DURATION
        longest.check(self.duration_ms)
