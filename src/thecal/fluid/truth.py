"""What truly happened to a pump's fluid, as it is written down while it happens: one record per stroke or act."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from thecal.column import Fluid


class Act(Enum):
    """What a needle did to the reservoir."""

    WITHDRAW = "withdraw"
    FILL = "fill"


@dataclass(frozen=True, slots=True)
class Stroke:
    """The pump made one stroke at this moment of bench time."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Outflow:
    """A gas-driven pump pressed this much towards the tip, evenly between two moments of bench time."""

    start_ms: int
    end_ms: int
    volume_nl: int

    @property
    def at_ms(self) -> int:
        """When it was complete."""
        return self.end_ms


@dataclass(frozen=True, slots=True)
class NeedleAct:
    """A needle drew from the reservoir, or put ``fluid`` into it, at this moment of bench time."""

    at_ms: int
    act: Act
    volume_nl: int
    fluid: Fluid


@dataclass(frozen=True, slots=True)
class TimeReached:
    """Nothing else happened until this moment of bench time."""

    at_ms: int


TruthRecord = Stroke | Outflow | NeedleAct | TimeReached
