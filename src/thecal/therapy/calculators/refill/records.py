"""What the refill calculator is given, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from thecal.catalogue.drug_terms import Situation
from thecal.documents import About
from thecal.quantities import Duration, FlowRate, Instant, Volume
from thecal.therapy.calculators.pump_and_fluid import PumpAndFluid
from thecal.therapy.due import Due
from thecal.therapy.prescribed import Therapy
from thecal.therapy.projection import Projection


@dataclass(frozen=True, slots=True)
class RefillInputs(PumpAndFluid):
    """A fill, the therapy that runs from it, and what else may call the patient back earlier."""

    filled: Annotated[Volume, About("all that the reservoir holds after the fill")]
    filled_at: Annotated[Instant, About("when it was filled")]
    therapy: Annotated[Therapy, About("what runs from the fill on")]
    kind: Annotated[Situation, About("which fill of this drug it is")] = Situation.LATER
    clock_offset_min: Annotated[int, About("minutes the pump's clock is ahead of UTC", -840, 840)] = 0
    lead: Annotated[Duration | None, About("from the refill to the alarm; the clinic's own if left out")] = None
    longest_interval: Annotated[Duration | None, About("longest interval; the clinic's own if left out")] = None
    implanted: Annotated[Instant | None, About("when the pump was implanted")] = None
    flow_since_implant: Annotated[FlowRate | None, About("mean flow until this fill; as from now if left out")] = None
    warned: Annotated[Instant | None, About("when the elective replacement indicator sounded")] = None


@dataclass(frozen=True, slots=True)
class RefillDates:
    """When the refill is due, expected and at worst.

    ``expected``: every effective bolus taken, at the programmed flow; ``worst``: the pump giving as much more as its
    label allows. ``dry_before_alarm``: the share of over-delivery above which the reservoir is dry, nothing left in it,
    before the pump counts down to its alarm; ``empty_before_alarm``: above which only what it cannot give is left then.
    """

    expected: Due
    worst: Due
    projection: Projection
    worst_alarm_level: Instant | None
    worst_empty: Instant | None
    dry_before_alarm: Fraction | None
    empty_before_alarm: Fraction | None
