"""What happens to a pump, and what it then does."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.device import Reply, Request, Role
from thecal.pump.controller.state import PumpState
from thecal.pump.strokes import Strokes


@dataclass(frozen=True, slots=True)
class TimePassed:
    """Nothing but time."""


@dataclass(frozen=True, slots=True)
class CommandReceived:
    """An authenticated request; ``role`` follows from the caller's key, never from the message."""

    request: Request
    role: Role


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


Event = TimePassed | CommandReceived | PowerRestored | MemoryFaultFound


@dataclass(frozen=True, slots=True)
class Answered:
    """Effect: send this reply."""

    reply: Reply


Effect = Strokes | Answered


@dataclass(frozen=True, slots=True)
class Transition:
    """The next state and the effects to carry out, in order. The state is written before any effect."""

    state: PumpState
    effects: tuple[Effect, ...]
