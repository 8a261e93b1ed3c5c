"""What the bridge calculation answers with."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from thecal.quantities import DoseRate, Duration, FlowRate, Mass, Volume
from thecal.therapy.bridging import NoBridge, Resumed
from thecal.therapy.tip import Leg


@dataclass(frozen=True, slots=True)
class BridgePlan:
    """What to program. ``prime_first``: water or CSF to push out before, without the patient missing a dose for it.

    ``dose``: old primary drug that the bridge lets out. ``entered``: the bridge dose where the programmer already
    calculates with the new fluid.
    """

    prime_first: Volume
    volume: Volume
    dose: Mass
    rate: FlowRate
    duration: Duration
    entered: Mass
    rate_after: FlowRate


@dataclass(frozen=True, slots=True)
class ComponentDoses:
    """One drug: 24-hour doses now, during the bridge, and after it, rounded up; and how much of it is in the line.

    ``ratio``: during to after; None for a drug that is not in the new fluid.
    """

    drug: str
    in_line: Mass | None  # None: unknown
    now: DoseRate
    during: DoseRate
    after: DoseRate
    ratio: Fraction | None


@dataclass(frozen=True, slots=True)
class Bracket:
    """The shortest and the longest the line can be, and which of them to bridge.

    ``early``: what is given wrongly when the least is bridged and the line is as long as it can be. ``late``: when the
    most is bridged and the line is as short as it can be.
    """

    least: Volume
    most: Volume
    cautious: Volume
    cautious_duration: Duration
    early: tuple[Leg, ...]
    late: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class Bridge:
    """A change of fluid. ``plan`` None: none is needed (``reason`` says why), or none can be made (a finding does).

    ``without``: what leaves the tip until the new fluid arrives when the new flow is set at once.
    """

    plan: BridgePlan | None
    reason: NoBridge | None
    arrives: Duration | None  # the new fluid at the tip: with the bridge, or at the new flow where none is needed
    components: tuple[ComponentDoses, ...]
    without: tuple[Leg, ...]
    bracket: Bracket | None
    resumed: tuple[Resumed, ...]
