"""How a finding about a drug names its field and its place in a check document, and the units it shows."""

from __future__ import annotations

from fractions import Fraction

from thecal.catalogue.drugs import Drug
from thecal.quantities import Concentration, DoseRate
from thecal.therapy.plan import Dosing, DrugStep
from thecal.therapy.showing import amount_text, fraction_text


def dose_field(drug: Drug) -> str:
    """The words for its 24-hour dose."""
    return f"24-hour dose of {drug.display}"


def concentration_field(drug: Drug) -> str:
    """The words for its concentration."""
    return f"concentration of {drug.display}"


def dose_path(dosing: Dosing) -> str:
    """Where the 24-hour dose is written."""
    return dosing.written.dose(dosing.prescription.regimen)


def concentration_path(dosing: Dosing, drug: Drug) -> str:
    """Where the concentration of one of the prescribed drugs is written."""
    keys = [component.drug for component in dosing.prescription.components]
    return dosing.written.concentration(keys.index(drug.key))


def dose_text(dose: DoseRate, drug: Drug) -> str:
    """A 24-hour dose in the drug's own unit."""
    return amount_text(dose, f"{drug.dose_unit}/day")


def concentration_text(concentration: Concentration, drug: Drug) -> str:
    """A concentration in the drug's own unit."""
    return amount_text(concentration, f"{drug.dose_unit}/mL")


def share_text(share: Fraction) -> str:
    """A share in percent, such as ``30 %``."""
    return f"{fraction_text(share * 100)} %"


def primary(dosing: Dosing, step: DrugStep) -> bool:
    """Whether doses are prescribed in this drug; the others of the fluid follow it."""
    components = dosing.prescription.components
    return bool(components) and components[0].drug == step.drug.key
