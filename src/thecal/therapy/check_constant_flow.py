"""What the rules say about a pump with one flow for life: there the fluid of a refill is the prescription."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.pumps import ConstantFlowPump
from thecal.therapy.arithmetic import dose_counted
from thecal.therapy.checks import after_refill, findings_of
from thecal.therapy.findings import Finding
from thecal.therapy.plan import plan_of
from thecal.therapy.prescription import FluidComponent, Prescription, SimpleContinuous
from thecal.therapy.rules import (
    contents,
    escalation,
    facts,
    fluids,
    granuloma,
    intervals,
    limits,
    patient,
    slips,
    starts,
    steps,
)
from thecal.therapy.situation import Situation
from thecal.therapy.translation import CannotTranslate, translate

# The rules about dose and fluid. Those about programming, boluses, bridges and alarms have nothing to look at.
DOSE_RULES = (
    limits.concentration,
    limits.weakest_concentration,
    limits.daily_dose,
    steps.first,
    steps.step_up,
    steps.step_soft,
    steps.step_down,
    steps.abrupt_stop,
    slips.slip_of_dose,
    slips.slip_of_concentration,
    starts.start_above_range,
    starts.restart_after_gap,
    escalation.too_soon,
    escalation.steps_without_response,
    granuloma.granuloma_watch,
    patient.precaution,
    fluids.unsupported,
    fluids.off_label,
    fluids.mixture,
    contents.stability,
    intervals.interval_inconsistent,
    facts.facts_missing,
)


def given_by_flow(model: ConstantFlowPump, fluid: tuple[FluidComponent, ...]) -> Prescription:
    """What the one flow gives of a fluid, as a prescription: the dose of the primary drug, rounded up."""
    return Prescription(fluid, SimpleContinuous(dose_counted(model.label_flow, fluid[0].concentration)))


def constant_flow_findings(situation: Situation) -> Iterator[Finding]:
    """The rules that need no program, and those about the dose that the one flow gives of the pending fluid."""
    yield from findings_of(situation)
    translated = translate(situation.pending.prescription, situation.current.pump)
    if isinstance(translated, CannotTranslate):
        return
    plan = plan_of(translated, after_refill(situation.current, situation.pending.refill), situation)
    for rule in DOSE_RULES:
        yield from rule(plan)
