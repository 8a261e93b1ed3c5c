"""What the discrepancy calculator is given, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from thecal.catalogue.quoted import Quoted
from thecal.catalogue.returned_volumes import Aspiration, Came, Cause, Effect
from thecal.documents import About
from thecal.quantities import FlowRate, Instant, Volume
from thecal.therapy.calculators.discrepancy.causes import Likeness
from thecal.therapy.constant_flow import Flag


@dataclass(frozen=True, slots=True)
class DiscrepancyInputs:
    """One emptied reservoir. A programmable pump says what it expects; for a constant flow the calendar does."""

    pump: Annotated[str, About("pump model of the catalogue")]
    filled: Annotated[Volume, About("in the reservoir after the refill before this one")]
    withdrawn: Annotated[Volume, About("drawn out now")]
    expected: Annotated[Volume | None, About("expected by the pump, as interrogated; programmable pumps only")] = None
    alarm: Annotated[Instant | None, About("computed low-reservoir alarm date; programmable pumps only")] = None
    filled_at: Annotated[Instant | None, About("when it was filled; needed for a constant-flow pump")] = None
    now: Annotated[Instant | None, About("when it was emptied; needed for a constant-flow pump")] = None
    label_flow: Annotated[FlowRate | None, About("flow on the label of this very pump; constant flow only")] = None
    ratio_before: Annotated[Decimal | None, About("delivered ratio of the interval before", 0, 10)] = None
    injected: Annotated[Volume | None, About("injected to prove the place of the needle")] = None
    recovered: Annotated[Volume | None, About("drawn back of what was injected to prove the place")] = None
    aspiration: Annotated[Aspiration | None, About("how the catheter access port draws")] = None
    effect: Annotated[Effect | None, About("what the patient felt since the last refill")] = None


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """The comparison. ``error``: above 0 when more was delivered than supposed; None where nothing was supposed to be.

    ``flow`` and ``flag``: of a constant-flow pump; a reservoir that ran dry makes its flow a lower bound. ``place``:
    between injected and recovered, None where the place was not tried.
    """

    expected: Volume
    difference: Volume
    came: Came
    about_nothing: bool
    tolerance: Quoted[Volume]
    ratio: Fraction | None
    error: Fraction | None
    accuracy: Quoted[Fraction]
    outside_accuracy: bool
    flow: FlowRate | None
    flag: Flag | None
    place: Volume | None
    causes: tuple[Cause, ...]
    failures: tuple[Likeness, ...]
