"""Dose by concentration: the one way to set the dose of a pump that has one flow for life.

Arithmetic on the label flow only. What the flow really is at this temperature, height and filling is ``fluid``'s.
"""

from __future__ import annotations

from dataclasses import dataclass

from thecal.catalogue.pumps import ConstantFlowPump
from thecal.quantities import Concentration, DoseRate, FlowRate, Instant, Volume
from thecal.therapy.arithmetic import concentration_for, dose_given
from thecal.therapy.findings import Finding, refusal
from thecal.therapy.prescription import FluidComponent
from thecal.therapy.showing import DAY_MS


@dataclass(frozen=True, slots=True)
class ConstantFlowPlan:
    """What a filled constant-flow pump gives by its label: doses per component, rounded down, and its dates."""

    flow: FlowRate
    components: tuple[FluidComponent, ...]
    daily_doses: tuple[DoseRate, ...]
    filled: Volume
    empty: Instant
    refill: Instant  # the empty date less the clinic's lead, never before the fill


def concentration_of_dose(dose: DoseRate, flow: FlowRate) -> tuple[Concentration, DoseRate]:
    """The concentration that gives at most ``dose`` at this flow, C = D / Q, and the dose it gives. Both rounded down.

    Raises QuantityError at flow 0.
    """
    concentration = concentration_for(dose, flow)
    return concentration, dose_given(flow, concentration)


def constant_flow_plan(
    pump: ConstantFlowPump, components: tuple[FluidComponent, ...], filled: Volume, at: Instant, lead_ms: int
) -> ConstantFlowPlan:
    """The plan from a fill of ``filled`` at ``at``. It has no alarm, so the refill is planned from the empty date."""
    usable = max(0, filled.count - pump.residual.count)
    lasts_ms = usable * DAY_MS // pump.label_flow.count
    return ConstantFlowPlan(
        flow=pump.label_flow,
        components=components,
        daily_doses=tuple(dose_given(pump.label_flow, component.concentration) for component in components),
        filled=filled,
        empty=Instant(at.epoch_ms + lasts_ms),
        refill=Instant(at.epoch_ms + max(0, lasts_ms - lead_ms)),
    )


def fill_findings(pump: ConstantFlowPump, filled: Volume) -> tuple[Finding, ...]:
    """A fill that cannot be: more than the reservoir holds."""
    if filled <= pump.capacity:
        return ()
    words = "The fill is larger than the reservoir; measure again."
    shown = ("filled", filled.text_in("mL")), ("reservoir", pump.capacity.text_in("mL"))
    return (refusal("fill-too-large", "filled volume", words, *shown),)
