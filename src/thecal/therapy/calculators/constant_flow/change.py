"""The fluid that gives a wanted dose at one flow for life, and how far that can be taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from thecal.catalogue.drug_terms import Authority
from thecal.catalogue.drugs import Drug
from thecal.catalogue.policy import Policy
from thecal.column import Fluid
from thecal.quantities import Concentration, DoseRate, FlowRate, Volume
from thecal.therapy.arithmetic import dose_given
from thecal.therapy.calculators.constant_flow.records import Change, ConstantFlowInputs, Highest
from thecal.therapy.calculators.on_paper import concentration_unit, daily_unit
from thecal.therapy.constant_flow import concentration_of_dose
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.mixing import concentration_given, stock_volume, to_inject
from thecal.therapy.prescription import FluidComponent
from thecal.therapy.showing import amount_text

_ABOVE = {  # the rule names of the checks
    Authority.LABEL: ("concentration-above-label", "dose-above-label-caution", Verdict.WARN),
    Authority.PACC_2017: ("concentration-above-consensus", "dose-above-consensus", Verdict.WARN),
    Authority.BUILT_IN: ("concentration-above-ceiling", "dose-above-ceiling", Verdict.REFUSE),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the primary drug: the fluid it held, the dose, and the flow it is given with."""

    known: Drug
    held: FluidComponent
    dose: DoseRate
    flow: FlowRate
    residual: Volume


def change_for(inputs: ConstantFlowInputs, wanted: Wanted, policy: Policy) -> tuple[Change | None, tuple[Finding, ...]]:
    """The fluid for the wanted dose, C = D / Q, and what stands against it; None when it cannot be made or given."""
    needed, gives = concentration_of_dose(wanted.dose, wanted.flow)
    findings = tuple(_limits(wanted, needed))
    inject = _injected(wanted, needed, inputs.filled)
    if inject is None:
        return None, (*findings, _too_strong_inside(wanted, needed))
    if inputs.stock is not None and inject > inputs.stock:
        return None, (*findings, _stock_too_weak(wanted, inject, inputs.stock))
    if any(found.verdict is Verdict.REFUSE for found in findings):
        return None, findings
    prepared = inputs.filled + policy.preparation_extra
    stock = None if inputs.stock is None else stock_volume(Fraction(inject.count), prepared, inputs.stock)
    saline = None if stock is None else prepared - stock
    return Change(needed, gives, inject, prepared, stock, saline), findings


def highest_doses(known: Drug, stock: Concentration | None, flow: FlowRate) -> tuple[Highest, ...]:
    """The highest dose at this flow within each limit of concentration there is, D = C x Q, rounded down."""
    named = known.concentration.named()
    limits = tuple(Highest(authority, dose_given(flow, limit.amount)) for authority, limit in named)
    return limits if stock is None else (*limits, Highest(None, dose_given(flow, stock)))


def _injected(wanted: Wanted, needed: Concentration, filled: Volume) -> Concentration | None:
    """What to inject so that the reservoir then holds ``needed``; None when what is left inside is already too much."""
    drug = wanted.held.drug
    held, then = (Fluid.of([(drug, each.count)]) for each in (wanted.held.concentration, needed))
    exact = dict(to_inject(then, wanted.residual, held, filled))[drug]
    return None if exact < 0 else concentration_given(exact)


def _limits(wanted: Wanted, needed: Concentration) -> Iterator[Finding]:
    known, unit = wanted.known, concentration_unit(wanted.known)
    path = "daily_dose"
    for authority, (strength_rule, dose_rule, verdict) in _ABOVE.items():
        strength = dict(known.concentration.named()).get(authority)
        dose = dict(known.daily_dose.named()).get(authority)
        if strength is not None and needed > strength.amount:
            words = f"The dose needs a stronger fluid than the {authority.value} says; a pump of more flow would not."
            shown = ("needed", amount_text(needed, unit)), ("limit", amount_text(strength.amount, unit))
            yield finding(strength_rule, verdict, "concentration", words, *shown, limit=strength.origin, path=path)
        if dose is not None and wanted.dose > dose.amount:
            words = f"The dose passes what the {authority.value} says; want less, or know why."
            per_day = daily_unit(known)
            shown = ("wanted", amount_text(wanted.dose, per_day)), ("limit", amount_text(dose.amount, per_day))
            yield finding(dose_rule, verdict, "daily dose", words, *shown, limit=dose.origin, path=path)
    lowest = known.lowest_concentration
    if lowest is not None and needed < lowest.amount:
        words = "The fluid would be thinner than the drug keeps; a pump of less flow would need a stronger one."
        shown = ("needed", amount_text(needed, unit)), ("lowest", amount_text(lowest.amount, unit))
        rule = "concentration-below-lowest"
        yield finding(rule, Verdict.WARN, "concentration", words, *shown, limit=lowest.origin, path=path)


def _too_strong_inside(wanted: Wanted, needed: Concentration) -> Finding:
    unit = concentration_unit(wanted.known)
    words = "What cannot be drawn out alone makes the fluid stronger than wanted: rinse first."
    shown = ("needed", amount_text(needed, unit)), ("inside", amount_text(wanted.held.concentration, unit))
    return refusal("residual-too-strong", "residual", words, *shown, ("residual", amount_text(wanted.residual, "mL")))


def _stock_too_weak(wanted: Wanted, inject: Concentration, stock: Concentration) -> Finding:
    unit = concentration_unit(wanted.known)
    words = f"The stock is too weak for this dose at this flow; at most {_most(wanted, stock)} is feasible."
    shown = ("needed", amount_text(inject, unit)), ("stock", amount_text(stock, unit))
    return refusal("stock-too-weak", "stock", words, *shown, path="stock")


def _most(wanted: Wanted, stock: Concentration) -> str:
    return amount_text(dose_given(wanted.flow, stock), daily_unit(wanted.known))
