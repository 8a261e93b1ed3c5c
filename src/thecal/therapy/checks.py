"""Every rule a plan is held against. A rule is silent or says one thing; a sound plan draws no WARN."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from thecal.catalogue.drugs import drug
from thecal.catalogue.pumps import ConstantFlowPump
from thecal.catalogue.sourced import CatalogueError
from thecal.device import Component
from thecal.therapy.findings import Finding, heaviest_first, refusal
from thecal.therapy.patient import NOBODY_ASKED, PatientFacts
from thecal.therapy.plan import Dosing, Plan, dosing_of, plan_of
from thecal.therapy.prescription import FluidComponent
from thecal.therapy.rules import DOSE_RULES, PLAN_RULES, SITUATION_RULES
from thecal.therapy.schedule import prescribed_fluid
from thecal.therapy.showing import amount_text
from thecal.therapy.situation import NOTHING_BEFORE, NOTHING_RECORDED, Devices, History, Pending, RefillOrder, Situation
from thecal.therapy.standing import Standing
from thecal.therapy.translation import CannotTranslate, translate
from thecal.therapy.written import AS_PRESCRIBED, PRESCRIPTION


def check(
    pending: Pending,
    current: Standing,
    patient: PatientFacts = NOBODY_ASKED,
    devices: Devices = NOTHING_RECORDED,
    history: History = NOTHING_BEFORE,
) -> tuple[Finding, ...]:
    """What every rule has to say about what is about to be done, heaviest first."""
    situation = Situation(pending, current, patient, devices, history)
    return heaviest_first((*findings_of(situation), *_of_the_plan(situation)))


def findings_of(situation: Situation) -> Iterator[Finding]:
    """Rules that need no program: who and what is here, the refill, the line, the devices."""
    for rule in SITUATION_RULES:
        yield from rule(situation)


def dose_findings(dosing: Dosing) -> Iterator[Finding]:
    """Rules about doses and fluid, which need no program either."""
    for rule in DOSE_RULES:
        yield from rule(dosing)


def plan_findings(plan: Plan) -> Iterator[Finding]:
    """Rules about doses and fluid, and about the program they become."""
    for rule in PLAN_RULES:
        yield from rule(plan)


def after_refill(current: Standing, refill: RefillOrder | None) -> Standing:
    """The pump once it was told of the refill; ``current`` when there is none."""
    if refill is None:
        return current
    fluid = tuple(Component(each.drug, each.concentration.count) for each in refill.fluid)
    return replace(current, reservoir=refill.filled, fluid=fluid)


def unknown_drugs(fluid: tuple[FluidComponent, ...], path: str = AS_PRESCRIBED.fluid) -> tuple[Finding, ...]:
    """A drug the catalogue does not hold has no limits and is never programmed. ``path``: where the fluid stands."""
    found = []
    for component in fluid:
        try:
            drug(component.drug)
        except CatalogueError as unknown:
            found.append(refusal("unknown-drug", "fluid", f"{unknown}.", path=path))
    return tuple(found)


def cannot_program(pump: ConstantFlowPump) -> Finding:
    """Why a constant-flow pump is never programmed, whatever is prescribed."""
    words = (
        "A constant-flow pump has no electronics and nothing to program: it gives one flow for life. "
        "Its dose is set only by the concentration of the fluid at a refill."
    )
    shown = ("flow", amount_text(pump.label_flow, "mL/day"))
    return refusal("constant-flow", "pump", words, shown, path=PRESCRIPTION)


def _of_the_plan(situation: Situation) -> tuple[Finding, ...]:
    prescription, written = situation.pending.prescription, situation.pending.written
    unknown = unknown_drugs(prescription.components, written.fluid) or unknown_drugs(
        prescribed_fluid(situation.current.last_infusing), "current.fluid"
    )
    if unknown:
        return unknown
    translated = translate(prescription, situation.current.pump, written)
    at = after_refill(situation.current, situation.pending.refill)
    if isinstance(translated, CannotTranslate):
        return (*translated.findings, *dose_findings(dosing_of(at, situation)))
    return tuple(plan_findings(plan_of(translated, at, situation)))
