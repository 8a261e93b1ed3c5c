"""The dose a pump can really give: its flow floor and ceiling, its whole counts and strokes, and the fluid that fits.

A programmable pump gives any flow from its lowest to its highest; a constant-flow pump gives one. What it gives never
passes what is wanted; what is missing is the residual [clinical 14.1 PP21].
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.pumps import ConstantFlowPump, ProgrammablePump, Pump
from thecal.documents import About
from thecal.quantities import Concentration, DoseRate, FlowRate, Mass
from thecal.therapy.arithmetic import dose_counted, dose_given, follows, mass_given
from thecal.therapy.calculation import Calculation, Calculator, Line, SourceLine, cited, given
from thecal.therapy.calculators.on_paper import any_pump, concentration_unit, daily_unit, fluid_of
from thecal.therapy.calculators.pump_and_fluid import PumpAndFluid, figures_of
from thecal.therapy.calculators.reach import DoseRange, dose_range, fitting
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.models import in_hand
from thecal.therapy.prescription import FluidComponent, Prescription, SimpleContinuous
from thecal.therapy.showing import amount_text
from thecal.therapy.translation import CannotTranslate, translate


@dataclass(frozen=True, slots=True)
class AchievableInputs(PumpAndFluid):
    """What is wanted of which pump."""

    pump: Annotated[str, About("pump model of the catalogue")]
    daily_dose: Annotated[DoseRate, About("wanted 24-hour dose of the primary drug")]


@dataclass(frozen=True, slots=True)
class ComponentDose:
    """One drug of the fluid: what is wanted of it, what the pump gives, and the difference."""

    drug: str
    programmed: DoseRate
    achievable: DoseRate
    residual: DoseRate


@dataclass(frozen=True, slots=True)
class Achievable:
    """What the pump gives of a wanted dose. ``flow`` is None and ``doses`` empty where it cannot give the dose.

    ``nearest_below``: the largest dose the pump gives of this fluid without passing the wanted one; None when even
    its slowest flow gives more. ``thinnest`` and ``thickest``: the fluids of which it gives the wanted dose, within
    the strictest limit of the drug; None when there are none.
    """

    flow: FlowRate | None
    doses: tuple[ComponentDose, ...]
    range: DoseRange
    nearest_below: DoseRate | None
    thinnest: Concentration | None
    thickest: Concentration | None
    stroke_dose: Mass | None  # programmable pumps only
    strokes_per_day: Fraction | None


def achievable(inputs: AchievableInputs) -> Calculation[Achievable]:
    """What the pump really gives of the wanted dose, and the fluid that would do where it gives nothing.

    Raises EntryRefused, one line.
    """
    model, fluid = any_pump(inputs.pump), fluid_of(inputs.fluid)
    if inputs.daily_dose.count == 0:
        raise EntryRefused("daily_dose", "must be more than zero; a pump that is to give nothing is stopped")
    known, primary = drug(fluid[0].drug), fluid[0].concentration
    wanted, reach = inputs.daily_dose, dose_range(model, primary)
    flow, doses, findings = _given_of(model, fluid, wanted)
    window = fitting(model, known, wanted)
    if window is None:
        findings = (*findings, _no_fluid(known, wanted))
    answer = Achievable(
        flow=flow,
        doses=doses,
        range=reach,
        nearest_below=doses[0].achievable if doses else reach.highest if reach.highest <= wanted else None,
        thinnest=None if window is None else window[0],
        thickest=None if window is None else window[1],
        stroke_dose=mass_given(model.stroke, primary) if isinstance(model, ProgrammablePump) else None,
        strokes_per_day=_strokes(model, flow),
    )
    return Calculation(
        "achievable", answer, given(inputs), _lines(answer, known), _FORMULA, _sources(model, known), _ASSUMED, findings
    )


def _strokes(model: Pump, flow: FlowRate | None) -> Fraction | None:
    if flow is None or not isinstance(model, ProgrammablePump):
        return None
    return Fraction(flow.count, model.stroke.count)


def _given_of(
    model: Pump, fluid: tuple[FluidComponent, ...], wanted: DoseRate
) -> tuple[FlowRate | None, tuple[ComponentDose, ...], tuple[Finding, ...]]:
    if isinstance(model, ConstantFlowPump):
        return _by_label_flow(model, fluid, wanted)
    translated = translate(Prescription(fluid, SimpleContinuous(wanted)), in_hand(model))
    if isinstance(translated, CannotTranslate):
        return None, (), translated.findings
    doses = zip(translated.programmed.daily, translated.achievable.daily, translated.residual.daily, strict=True)
    found = tuple(ComponentDose(each.drug, *amounts) for each, amounts in zip(fluid, doses, strict=True))
    return translated.derived.highest_rate, found, ()


def _by_label_flow(
    pump: ConstantFlowPump, fluid: tuple[FluidComponent, ...], wanted: DoseRate
) -> tuple[FlowRate | None, tuple[ComponentDose, ...], tuple[Finding, ...]]:
    given_doses = [dose_given(pump.label_flow, each.concentration) for each in fluid]
    unit = daily_unit(drug(fluid[0].drug))
    most = dose_counted(pump.label_flow, fluid[0].concentration)
    shown = ("wanted", amount_text(wanted, unit)), ("given", amount_text(most, unit))
    if most > wanted:
        words = "This pump has one flow and gives more of this fluid than is wanted; a thinner fluid would do."
        return None, (), (refusal("rate-too-high", "daily dose", words, *shown),)
    primary = fluid[0].concentration
    programmed = [DoseRate(follows(Fraction(wanted.count), each.concentration, primary)) for each in fluid]
    doses = tuple(
        ComponentDose(each.drug, asked, gets, asked - gets)
        for each, asked, gets in zip(fluid, programmed, given_doses, strict=True)
    )
    if doses[0].residual.count == 0:
        return pump.label_flow, doses, ()
    words = "The pump gives less than is wanted; only another concentration changes that."
    return pump.label_flow, doses, (finding("residual-daily", Verdict.INFO, "daily dose", words, *shown),)


def _no_fluid(known: Drug, wanted: DoseRate) -> Finding:
    words = (
        f"No allowed fluid of {known.display} gives this dose with this pump; another pump or another dose is needed."
    )
    unit = concentration_unit(known)
    shown = [("wanted", amount_text(wanted, daily_unit(known)))]
    if known.lowest_concentration is not None:
        shown.append(("thinnest that keeps", amount_text(known.lowest_concentration.amount, unit)))
    for whose, limit in known.concentration.named():
        shown.append((f"strongest, {whose.value}", amount_text(limit.amount, unit)))
    limit_of = None if known.lowest_concentration is None else known.lowest_concentration.origin
    return refusal("no-fluid-fits", "concentration", words, *shown, limit=limit_of)


_FORMULA = (
    "flow = wanted dose / concentration, rounded down to 1 nL/day; from the lowest to the highest flow of the pump",
    "achievable = flow x concentration of each drug; residual = wanted - achievable",
    "thinnest = wanted dose / highest flow; thickest = wanted dose / lowest flow, within the limits of the drug",
)
_ASSUMED = (
    "The flow is the programmed or the label flow; how accurate a real pump is stands apart.",
    "Strokes are spread over the day; what is missing of a stroke is carried on, so that days come out whole.",
    "The fluid that fits is worked out for the primary drug; each other drug changes with it.",
)


def _lines(answer: Achievable, known: Drug) -> tuple[Line, ...]:
    dose, strength = daily_unit(known), concentration_unit(known)
    found = [Line("flow", "flow", answer.flow, "mL/day")]
    for each in answer.doses:
        of, unit = drug(each.drug).display, daily_unit(drug(each.drug))
        found += [
            Line(f"{each.drug}.programmed", f"{of}, wanted", each.programmed, unit),
            Line(f"{each.drug}.achievable", f"{of}, achievable", each.achievable, unit),
            Line(f"{each.drug}.residual", f"{of}, residual", each.residual, unit),
        ]
    return (
        *found,
        Line("range.lowest", "lowest 24-hour dose of this fluid", answer.range.lowest, dose),
        Line("range.highest", "highest 24-hour dose of this fluid", answer.range.highest, dose),
        Line("nearest_below", "nearest achievable dose not above the wanted one", answer.nearest_below, dose),
        Line("thinnest", "thinnest fluid that gives it", answer.thinnest, strength),
        Line("thickest", "thickest fluid that gives it", answer.thickest, strength),
        Line("stroke_dose", "drug in one stroke", answer.stroke_dose, known.dose_unit),
        Line("strokes_per_day", "strokes a day", answer.strokes_per_day),
    )


def _sources(model: Pump, known: Drug) -> tuple[SourceLine, ...]:
    programmed = ("lowest_rate", "highest_rate", "stroke")
    fields = programmed if isinstance(model, ProgrammablePump) else ("label_flow",)
    found = list(figures_of(model, *fields))
    if known.lowest_concentration is not None:
        found.append(cited(f"{known.display}: lowest concentration", known.lowest_concentration.origin))
    for whose, limit in known.concentration.named():
        found.append(cited(f"{known.display}: strongest concentration, {whose.value}", limit.origin))
    return tuple(found)


CALCULATOR = Calculator("achievable", "Achievable dose of a pump and a fluid", AchievableInputs, achievable)
