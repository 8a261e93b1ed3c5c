"""Every rule a plan is held against. A rule is silent or says one thing; a sound plan draws no WARN."""

from __future__ import annotations

from thecal.catalogue.drugs import drug
from thecal.catalogue.pumps import ConstantFlowPump
from thecal.catalogue.sourced import CatalogueError
from thecal.therapy import dose_rules, pump_rules
from thecal.therapy.findings import Finding, heaviest_first, refusal
from thecal.therapy.plan import Plan
from thecal.therapy.prescription import Prescription
from thecal.therapy.showing import amount_text

RULES = (
    dose_rules.concentration,
    dose_rules.daily_dose,
    dose_rules.dose_step,
    dose_rules.repetition,
    dose_rules.abrupt_stop,
    dose_rules.mixture,
    pump_rules.fluid,
    pump_rules.bolus_allowed,
    pump_rules.effective_boluses,
    pump_rules.days_left,
    pump_rules.refill_interval,
    pump_rules.alarm_level,
    pump_rules.residual,
)


def check(plan: Plan) -> tuple[Finding, ...]:
    """What every rule has to say about a translated plan, heaviest first. Raises CatalogueError for an unknown drug."""
    return heaviest_first(found for rule in RULES for found in rule(plan))


def unknown_drugs(prescription: Prescription) -> tuple[Finding, ...]:
    """A drug the catalogue does not hold has no limits and is never programmed."""
    found = []
    for component in prescription.components:
        try:
            drug(component.drug)
        except CatalogueError as unknown:
            found.append(refusal("unknown-drug", "fluid", f"{unknown}."))
    return tuple(found)


def cannot_program(pump: ConstantFlowPump) -> Finding:
    """Why a constant-flow pump is never programmed, whatever is prescribed."""
    words = (
        "A constant-flow pump has no electronics and nothing to program: it gives one flow for life. "
        "Its dose is set only by the concentration of the fluid at a refill."
    )
    return refusal("constant-flow", "pump", words, ("flow", amount_text(pump.label_flow, "mL/day")))
