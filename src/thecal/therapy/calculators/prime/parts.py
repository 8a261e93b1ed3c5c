"""What the prime calculation answers with."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.quantities import Duration, FlowRate, Mass, Volume
from thecal.therapy.front import Front
from thecal.therapy.priming import Push


@dataclass(frozen=True, slots=True)
class EarlyArrival:
    """One drug of the fluid at the flow of the prime: its front, and what of it is out when the prime ends."""

    drug: str
    front: Front
    mass: Mass  # rounded up


@dataclass(frozen=True, slots=True)
class PrimePlan:
    """What to prime: ``on_the_table`` before the pump is connected, then ``volume`` in the patient.

    With sharp fronts no drug leaves the tip; ``early`` says what mixing lets out, where the catheter's length is known.
    ``to_bridge``: another fluid that then still stands in the line.
    """

    on_the_table: Volume
    table_duration: Duration
    volume: Volume
    rate: FlowRate
    duration: Duration
    to_bridge: Volume
    early: tuple[EarlyArrival, ...]


@dataclass(frozen=True, slots=True)
class NamedPush:
    """What one push would do: ``gap_starts`` and ``gap_lasts`` at the flow that runs afterwards.

    None where that flow is unknown, or no gap is left.
    """

    key: str
    words: str
    push: Push
    gap_starts: Duration | None
    gap_lasts: Duration | None


@dataclass(frozen=True, slots=True)
class Prime:
    """A prime. ``plan`` None: none can be given without giving drug, a finding says why.

    ``unprimed``: when the fluid is at the tip if nothing is primed and the therapy simply runs. ``pushes``: what else
    might be pushed, and what it would do.
    """

    plan: PrimePlan | None
    unprimed: Duration | None
    pushes: tuple[NamedPush, ...]
