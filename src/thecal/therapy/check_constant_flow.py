"""What the rules say about a pump with one flow for life: there the fluid of a refill is the prescription."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.pumps import ConstantFlowPump
from thecal.therapy.arithmetic import dose_counted
from thecal.therapy.checks import after_refill, dose_findings, findings_of
from thecal.therapy.findings import Finding
from thecal.therapy.plan import dosing_of, plan_of
from thecal.therapy.prescription import FluidComponent, Prescription, SimpleContinuous
from thecal.therapy.rules import contents, intervals
from thecal.therapy.situation import Situation
from thecal.therapy.translation import Translation, translate

# How long the fill lasts. What is programmed, bolused or bridged such a pump does not have.
_LASTING_RULES = (contents.ends_first, intervals.interval_of_one_flow)


def given_by_flow(model: ConstantFlowPump, fluid: tuple[FluidComponent, ...]) -> Prescription:
    """What the one flow gives of a fluid, as a prescription: the dose of the primary drug, rounded up."""
    return Prescription(fluid, SimpleContinuous(dose_counted(model.label_flow, fluid[0].concentration)))


def constant_flow_findings(situation: Situation) -> Iterator[Finding]:
    """The rules that need no program, and those about the dose that the one flow gives of the pending fluid."""
    yield from findings_of(situation)
    at = after_refill(situation.current, situation.pending.refill)
    yield from dose_findings(dosing_of(at, situation))
    translated = translate(situation.pending.prescription, situation.current.pump)
    if isinstance(translated, Translation):
        plan = plan_of(translated, at, situation)
        for rule in _LASTING_RULES:
            yield from rule(plan)
