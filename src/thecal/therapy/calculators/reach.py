"""What a pump reaches: the doses it gives of a fluid, and the fluids of which it gives a dose."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.catalogue.drugs import Drug
from thecal.catalogue.pumps import ConstantFlowPump, Pump
from thecal.quantities import Concentration, DoseRate
from thecal.therapy.arithmetic import concentration_for, concentration_to_fit, dose_counted, dose_given
from thecal.therapy.constant_flow import concentration_of_dose


@dataclass(frozen=True, slots=True)
class DoseRange:
    """24-hour doses of one drug that a pump gives of one fluid; a constant-flow pump gives one, rounded up."""

    lowest: DoseRate  # rounded up
    highest: DoseRate  # rounded down


def dose_range(model: Pump, concentration: Concentration) -> DoseRange:
    """The 24-hour doses this pump gives of a fluid of this concentration."""
    if isinstance(model, ConstantFlowPump):
        only = dose_counted(model.label_flow, concentration)
        return DoseRange(only, only)
    return DoseRange(dose_counted(model.lowest_rate, concentration), dose_given(model.highest_rate, concentration))


def fitting(model: Pump, known: Drug, dose: DoseRate) -> tuple[Concentration, Concentration] | None:
    """The thinnest and the thickest fluid of which this pump gives ``dose``; None when there is none.

    Never thinner than the drug keeps and never above the strictest limit anyone names for it. A dose of 0 has none.
    """
    if isinstance(model, ConstantFlowPump):
        thinnest = thickest = concentration_of_dose(dose, model.label_flow)[0]
    else:
        thinnest = concentration_to_fit(dose, model.highest_rate)
        thickest = concentration_for(dose, model.lowest_rate)
    least = Concentration(1) if known.lowest_concentration is None else known.lowest_concentration.amount
    most = min((limit.amount for _, limit in known.concentration.named()), default=thickest)
    thinnest, thickest = max(thinnest, least), min(thickest, most)
    return (thinnest, thickest) if thinnest <= thickest else None
