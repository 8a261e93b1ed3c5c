"""A constant-flow pump at its refill: real flow, dose by concentration, what changes the flow, and the next date."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from thecal.catalogue.constant_flow import constant_flow_models, constant_flow_pump
from thecal.catalogue.drugs import drug
from thecal.catalogue.policy import Policy, policy
from thecal.catalogue.programmable import programmable_models, programmable_pump
from thecal.catalogue.pumps import ConstantFlowPump, Propellant, propellant
from thecal.quantities import FlowRate, Volume
from thecal.therapy.arithmetic import dose_counted, dose_given
from thecal.therapy.calculation import Calculation, Calculator, given
from thecal.therapy.calculators.constant_flow.change import Wanted, change_for, highest_doses
from thecal.therapy.calculators.constant_flow.records import Change, ConstantFlow, ConstantFlowInputs, Measured
from thecal.therapy.calculators.constant_flow.shown import findings_of, lines_of, sources_of
from thecal.therapy.calculators.constant_flow.under import AtHome, extra_volume, most_flow
from thecal.therapy.calculators.on_paper import fluid_of, naming
from thecal.therapy.constant_flow import (
    actual_flow,
    fill_findings,
    flag,
    flow_counted,
    refill_due,
    runs_dry,
    working_flow,
)
from thecal.therapy.due import as_given, by_stability
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Finding, refusal
from thecal.therapy.prescription import FluidComponent
from thecal.therapy.surroundings import Surroundings, share_under


def constant_flow(inputs: ConstantFlowInputs) -> Calculation[ConstantFlow]:
    """What this pump really gives, the fluid for a wanted dose, and when it must be refilled: it has no alarm.

    Raises CatalogueError for unknown names; EntryRefused for a programmable pump, intervals out of order and volumes
    that cannot be.
    """
    figures = as_given(policy(), (("longest_interval", inputs.longest_interval),))
    pump, fluid = _pump(inputs), fluid_of(inputs.fluid)
    measured, known = _measured(inputs, pump, figures), drug(fluid[0].drug)
    flow = _working(inputs, pump, figures)
    change, against = _change(inputs, pump, fluid[0], flow, figures)
    strength = fluid[0].concentration if change is None else change.concentration
    home = AtHome(pump, flow, strength, inputs.lives_at_m)
    coming = home.coming(inputs.circumstances)
    most, extra = most_flow(flow, coming, figures), extra_volume(flow, coming)
    left = Volume(max(0, inputs.filled.count - extra.count))
    keeps = by_stability((each.drug for each in fluid), inputs.kind, inputs.filled_at)
    lowest = known.lowest_concentration
    answer = ConstantFlow(
        measured=measured,
        flow=flow,
        most_flow=most,
        doses=tuple(dose_given(flow, each.concentration) for each in fluid),
        change=change,
        lowest=None if lowest is None else dose_counted(flow, lowest.amount),
        highest=highest_doses(known, inputs.stock, flow),
        due=refill_due(pump, left, inputs.filled_at, most, keeps, figures),
        empty=runs_dry(pump, left, inputs.filled_at, most),
        usual=home.usual(),
        coming=coming,
    )
    return Calculation(
        kind="constant-flow",
        answer=answer,
        inputs=given(inputs),
        outputs=lines_of(inputs, answer),
        formula=_FORMULA,
        sources=sources_of(pump, known, answer, figures),
        assumptions=_ASSUMED,
        findings=(*fill_findings(pump, inputs.filled), *against, *findings_of(inputs, answer, figures)),
    )


def _pump(inputs: ConstantFlowInputs) -> ConstantFlowPump:
    """The model with what this very pump's label says, and the propellant to reckon with."""
    if inputs.pump in programmable_models():
        models = ", ".join(constant_flow_models())
        raise EntryRefused("pump", f"{programmable_pump(inputs.pump).name} is programmable; use one of {models}")
    with naming("pump"):
        model = constant_flow_pump(inputs.pump)
    if inputs.label_flow is not None:
        if inputs.label_flow.count == 0:
            raise EntryRefused("label_flow", "must be more than zero; give the flow on the label of this pump")
        model = replace(model, label_flow=inputs.label_flow)
    if inputs.residual is not None:
        model = replace(model, residual=inputs.residual)
    if inputs.propellant is not None:
        if not isinstance(model.pushed_by, Propellant):
            raise EntryRefused("propellant", f"{model.name} has none; its diaphragm pushes")
        with naming("propellant"):
            model = replace(model, pushed_by=propellant(inputs.propellant))
    return model


def _measured(inputs: ConstantFlowInputs, pump: ConstantFlowPump, figures: Policy) -> tuple[Measured, ...]:
    for number, each in enumerate(inputs.intervals, start=1):
        if each.ended <= each.began:
            raise EntryRefused("intervals", f"number {number} ends before it begins")
        if max(each.filled, each.returned) > pump.capacity:
            raise EntryRefused("intervals", f"number {number} has more than the {pump.capacity} the reservoir holds")
    for earlier, later in pairwise(inputs.intervals):
        if later.began < earlier.ended:
            raise EntryRefused("intervals", "write them oldest first, each beginning when the one before has ended")
    found: list[Measured] = []
    for each in inputs.intervals:
        exact = actual_flow(each.filled, each.returned, each.ended.since(each.began))
        ratio = Fraction(exact, pump.label_flow.count)
        before = found[-1].ratio if found else None
        found.append(Measured(flow_counted(exact), ratio, flag(ratio, before, figures)))
    return tuple(found)


def _working(inputs: ConstantFlowInputs, pump: ConstantFlowPump, figures: Policy) -> FlowRate:
    """The mean of the last intervals; without any the label's, as it is where the patient lives. Rounded up."""
    if not inputs.intervals:
        return flow_counted(pump.label_flow.count * share_under(pump, Surroundings(altitude_m=inputs.lives_at_m)))
    flows = (actual_flow(each.filled, each.returned, each.ended.since(each.began)) for each in inputs.intervals)
    return working_flow(flows, figures.constant_flow_averaged)


def _change(
    inputs: ConstantFlowInputs, pump: ConstantFlowPump, held: FluidComponent, flow: FlowRate, figures: Policy
) -> tuple[Change | None, tuple[Finding, ...]]:
    if inputs.daily_dose is None:
        return None, ()
    if flow.count == 0:
        words = "No flow was measured: no concentration gives a dose. Find out why before it is filled again."
        return None, (refusal("no-flow", "flow", words, path="intervals"),)
    return change_for(inputs, Wanted(drug(held.drug), held, inputs.daily_dose, flow, pump.residual), figures)


_FORMULA = (
    "actual flow = (injected - drawn out) / days; what cannot be drawn out cancels; working flow = mean of the last 3",
    "C = D / Q, rounded down; D = C x Q; highest dose = limit of concentration x Q",
    "inject = (C (residual + injected) - C held x residual) / injected",
    "stock = inject x prepared / stock strength; saline = prepared - stock; prepared = injected + what fills the set",
    "flow elsewhere = flow x drive there / drive here x viscosity here / viscosity there",
    "refill after the whole days of (injected - reserve) / most flow, within stability, label and longest interval",
)
_ASSUMED = (
    "A constant-flow pump has no alarm and counts nothing: only this date keeps it from running dry.",
    "Doses are of the primary drug; others follow in proportion.",
    "There is no bridge: the old fluid flows on until it has left restrictor and catheter.",
    "Which propellant a product used is not published; the one of the catalogue stands for it.",
    "Left out: spring of the bellows (about 3 % either way), the cold minutes after a fill, air in the reservoir.",
    "What is coming counts against the date as more flow, never as less.",
)
CALCULATOR = Calculator(
    "constant-flow", "Constant-flow pump: real flow, dose, circumstances and refill", ConstantFlowInputs, constant_flow
)
