"""Flow, dose and refill date of a pump that has one flow for life: its dose is set by concentration alone.

Q_act = (filled - returned) / days; what cannot be drawn out cancels. The flow used for planning is the mean of the last
intervals, for one refill alone is uncertain by 15 %. There is no alarm: only the calendar keeps it from running dry.
What the flow becomes at another temperature or height is ``surroundings``' to say [constant-flow 3.7, 3.8, 6.3].
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from thecal.catalogue.drug_terms import Situation
from thecal.catalogue.policy import Policy
from thecal.catalogue.pumps import ConstantFlowPump
from thecal.quantities import Concentration, DoseRate, Duration, FlowRate, Instant, Volume
from thecal.therapy.arithmetic import concentration_for, dose_given
from thecal.therapy.due import Bound, Due, Limit, by_policy, by_stability, due, moment_after
from thecal.therapy.findings import Finding, refusal
from thecal.therapy.prescription import FluidComponent
from thecal.therapy.showing import DAY_MS


class Flag(Enum):
    """What a measured flow asks for, against the label."""

    ACCEPT = "accept"
    REPEAT = "look again"
    INVESTIGATE = "investigate"


@dataclass(frozen=True, slots=True)
class ConstantFlowPlan:
    """What a filled constant-flow pump gives by its label: doses per component, rounded down, and its dates."""

    flow: FlowRate
    components: tuple[FluidComponent, ...]
    daily_doses: tuple[DoseRate, ...]
    filled: Volume
    empty: Instant | None  # None: its label says no flow
    due: Due

    @property
    def refill(self) -> Instant:
        """When the refill is due."""
        return self.due.at


def concentration_of_dose(dose: DoseRate, flow: FlowRate) -> tuple[Concentration, DoseRate]:
    """The concentration that gives at most ``dose`` at this flow, C = D / Q, and the dose it gives. Both rounded down.

    Raises QuantityError at flow 0.
    """
    concentration = concentration_for(dose, flow)
    return concentration, dose_given(flow, concentration)


def actual_flow(filled: Volume, returned: Volume, lasted: Duration) -> Fraction:
    """The flow of one interval in nL/day, exactly; 0 when more came back than was filled. ``lasted`` is above zero."""
    return Fraction(max(0, filled.count - returned.count) * DAY_MS, lasted.count)


def supposed_left(filled: Volume, flow: FlowRate, lasted: Duration) -> Volume:
    """What this flow should leave of a fill, rounded down; 0 once it should have run dry."""
    return Volume(max(0, (filled.count * DAY_MS - flow.count * lasted.count) // DAY_MS))


def working_flow(flows: Iterable[Fraction], averaged: int) -> FlowRate:
    """The mean of the last ``averaged`` flows, rounded up: a dose planned with it is never passed for want of a nL."""
    last = tuple(flows)[-averaged:]
    return flow_counted(sum(last, Fraction(0)) * Fraction(1, len(last)))


def worst_flow(flow: FlowRate, policy: Policy) -> FlowRate:
    """The most that this flow may really be, rounded up."""
    return flow_counted(flow.count * (1 + policy.constant_flow_worst))


def flag(ratio: Fraction, before: Fraction | None, policy: Policy) -> Flag:
    """What the ratio of measured to label flow asks for; ``before``: that of the interval before."""
    off = abs(ratio - 1)
    off_before = Fraction(0) if before is None else abs(before - 1)
    if off <= policy.constant_flow_accept:
        return Flag.ACCEPT
    if off > policy.constant_flow_investigate or off_before > policy.constant_flow_accept:
        return Flag.INVESTIGATE
    return Flag.REPEAT


def reserve_of(pump: ConstantFlowPump, policy: Policy) -> Volume:
    """What is left in the reservoir when the refill is planned: the clinic's reserve, at least what cannot be drawn."""
    return max(policy.constant_flow_reserve, pump.residual)


def refill_due(
    pump: ConstantFlowPump, filled: Volume, at: Instant, flow: FlowRate, keeps: Limit | None, policy: Policy
) -> Due:
    """When the refill is due: whole days of (filled - reserve) / flow, stability, label and the clinic's longest.

    ``flow`` is the most it may be; ``keeps`` the limit by stability, None where nobody has said. At flow 0 the volume
    sets no limit.
    """
    limits = list(by_policy(at, policy))
    if keeps is not None:
        limits.append(keeps)
    usable = max(0, filled.count - reserve_of(pump, policy).count)
    reached = moment_after(at, usable // flow.count * DAY_MS if flow.count else None)
    if reached is not None:
        limits.append(Limit(Bound.RESERVE, reached, policy.source_of("constant_flow_reserve")))
    return due(limits)


def runs_dry(pump: ConstantFlowPump, filled: Volume, at: Instant, flow: FlowRate) -> Instant | None:
    """When this flow has used up what the reservoir can give of a fill; None without a flow. No alarm tells of it."""
    usable = max(0, filled.count - pump.residual.count)
    return moment_after(at, usable * DAY_MS // flow.count if flow.count else None)


def constant_flow_plan(
    pump: ConstantFlowPump, components: tuple[FluidComponent, ...], filled: Volume, at: Instant, policy: Policy
) -> ConstantFlowPlan:
    """The plan from a fill of ``filled`` at ``at``, by the flow on the label. Raises CatalogueError."""
    keeps = by_stability((each.drug for each in components), Situation.LATER, at)
    return ConstantFlowPlan(
        flow=pump.label_flow,
        components=components,
        daily_doses=tuple(dose_given(pump.label_flow, component.concentration) for component in components),
        filled=filled,
        empty=runs_dry(pump, filled, at, pump.label_flow),
        due=refill_due(pump, filled, at, worst_flow(pump.label_flow, policy), keeps, policy),
    )


def fill_findings(pump: ConstantFlowPump, filled: Volume) -> tuple[Finding, ...]:
    """A fill that cannot be: more than the reservoir holds."""
    if filled <= pump.capacity:
        return ()
    words = "The fill is larger than the reservoir; measure again."
    shown = ("filled", filled.text_in("mL")), ("reservoir", pump.capacity.text_in("mL"))
    return (refusal("fill-too-large", "filled volume", words, *shown),)


def flow_counted(flow: Fraction) -> FlowRate:
    """An exact flow in nL/day as whole counts, rounded up: what is held against a limit."""
    return FlowRate(-(-flow.numerator // flow.denominator))
