"""From the trial to the first plan of the pump, with nothing typed twice.

The trial is judged by its own record; the smallest dose that worked gives the start by the drug's rule: half of it for
an opioid, twice or once the screening dose for baclofen, the published start where no rule is printed. An epidural
trial is converted first. No start passes the strictest published one unasked [clinical 1.1, 1.3, 3].
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Annotated

from thecal.catalogue.drugs import Drug
from thecal.catalogue.policy import policy
from thecal.catalogue.pumps import ProgrammablePump
from thecal.documents import About
from thecal.quantities import DoseRate, Mass
from thecal.therapy.calculation import Calculation, Calculator, Line, SourceLine, cited, given
from thecal.therapy.calculators.first_plan.trial_outcome import (
    DoseOutcome,
    Suggestion,
    TrialRecord,
    TrialRoute,
    effective,
    judged,
    suggested,
)
from thecal.therapy.calculators.first_plan.trial_start import above_printed, epidural_ratio, first_from, not_passed
from thecal.therapy.calculators.on_paper import (
    concentration_unit,
    fluid_of,
    known_drug,
    naming,
    plan_on_paper,
    programmable,
)
from thecal.therapy.calculators.reach import dose_range, fitting
from thecal.therapy.calculators.starting_dose import (
    FIELD,
    StartingDose,
    starting_dose,
    starting_lines,
    starting_source,
)
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Finding, Verdict, finding, heaviest_first, refusal
from thecal.therapy.patient import NOBODY_ASKED, PatientFacts
from thecal.therapy.prescribed import DrugIn
from thecal.therapy.prescription import Prescription, SimpleContinuous
from thecal.therapy.rules import limits as limit_rules
from thecal.therapy.showing import amount_text, fraction_text
from thecal.therapy.translation import CannotTranslate


@dataclass(frozen=True, slots=True)
class FirstPlanInputs:
    """The trial, and the pump and fluid it is to go into."""

    trial: Annotated[TrialRecord, About("the trial as recorded")]
    pump: Annotated[str, About("programmable pump model of the catalogue")]
    fluid: Annotated[tuple[DrugIn, ...], About("drugs of the fluid, the trial drug first")]
    patient: Annotated[PatientFacts, About("what is known of the patient")] = NOBODY_ASKED
    wanted_dose: Annotated[DoseRate | None, About("24-hour dose wanted, if not what is proposed")] = None
    reason: Annotated[str | None, About("why more is wanted than is proposed")] = None


@dataclass(frozen=True, slots=True)
class FirstPlan:
    """The trial judged, and the plan that follows. ``prescription`` is None where there is nothing to program.

    ``intrathecal``: the effective dose as an intrathecal one, converted when the trial was epidural.
    """

    outcomes: tuple[DoseOutcome, ...]
    effective: DoseOutcome | None
    intrathecal: Mass | None
    first: StartingDose | None
    suggestion: Suggestion | None
    prescription: Prescription | None


def first_plan(inputs: FirstPlanInputs) -> Calculation[FirstPlan]:
    """The first prescription that a trial leads to, simple continuous, with the mode its duration of relief suggests.

    Raises EntryRefused for a record that contradicts itself, an unknown drug or pump, and a drug without a published
    start.
    """
    model, known = programmable(inputs.pump), known_drug("trial.drug", inputs.trial.drug)
    fluid = fluid_of(inputs.fluid)
    if fluid[0].drug != known.key:
        raise EntryRefused("fluid", f"must begin with the trial drug, {known.display}")
    outcomes = judged(known, inputs.trial)
    found = effective(outcomes)
    if found is None:
        answer = FirstPlan(outcomes, None, None, None, None, None)
        return _worked(inputs, known, answer, (), (not_passed(known, outcomes),))
    ratio = epidural_ratio(known) if inputs.trial.route is TrialRoute.EPIDURAL else None
    suggestion = suggested(known, found, infused=inputs.trial.doses[0].dose is None)
    if inputs.trial.route is TrialRoute.EPIDURAL and ratio is None:
        words = f"Nobody publishes a ratio from epidural to intrathecal {known.display}; start as published."
        answer = FirstPlan(outcomes, found, None, None, suggestion, None)
        return _worked(
            inputs,
            known,
            answer,
            (),
            (refusal("conversion-no-ratio", "route of the trial", words, path="trial.route"),),
        )
    dose = found.amount if ratio is None else Mass(int(Fraction(found.amount.count, ratio.amount)))
    floor = dose_range(model, fluid[0].concentration).lowest
    worked_out = first_from(known, dose, found.lasted, inputs.patient.tolerance, floor)
    with naming("trial.drug"):  # a drug of which nobody publishes a start
        first, findings = starting_dose(
            known, inputs.patient.tolerance, worked_out.amount, inputs.wanted_dose, inputs.reason
        )
    prescription, more = _prescription(inputs, model, known, first.start)
    said = (*above_printed(known, inputs.trial, found), *findings, *more)
    answer = FirstPlan(outcomes, found, dose, first, suggestion, prescription)
    sources = [cited("start from the trial", worked_out.origin), starting_source(known, first)]
    if ratio is not None:
        sources.append(cited(f"epidural to intrathecal, {fraction_text(ratio.amount)} to 1", ratio.origin))
    return _worked(inputs, known, answer, tuple(sources), said)


def _prescription(
    inputs: FirstPlanInputs, model: ProgrammablePump, known: Drug, start: DoseRate | None
) -> tuple[Prescription | None, tuple[Finding, ...]]:
    if start is None:
        return None, ()
    prescription = Prescription(fluid_of(inputs.fluid), SimpleContinuous(start))
    plan = plan_on_paper(prescription, model, inputs.patient)
    if isinstance(plan, CannotTranslate):
        return None, (*plan.findings, _fluid_for(model, known, start))
    rules = (limit_rules.concentration, limit_rules.weakest_concentration, limit_rules.daily_dose)
    return prescription, tuple(chain.from_iterable(rule(plan) for rule in rules))


def _fluid_for(model: ProgrammablePump, known: Drug, start: DoseRate) -> Finding:
    unit, window = concentration_unit(known), fitting(model, known, start)
    if window is None:
        words = f"No allowed fluid of {known.display} gives this start with this pump; another pump is needed."
        return refusal("no-fluid-fits", "concentration", words)
    words = "Another fluid gives this start with this pump."
    shown = ("from", amount_text(window[0], unit)), ("to", amount_text(window[1], unit))
    return finding("fluid-fits", Verdict.INFO, "concentration", words, *shown)


_FORMULA = (
    "relief = (score before - best score) / score before; passed = relief at least as printed, and tolerable",
    "effective dose = the smallest that passed; epidural: / published ratio, rounded down",
    "worked out = effective dose x multiple of the drug's rule, per day, rounded down",
    "proposed = the smaller of worked out and the strictest published start for this patient",
)
_ASSUMED = (
    "The draft is simple continuous; a suggested mode is a proposal for the clinician, who draws up the day.",
    "Score, duration and effects are as recorded; one trial in one patient proves little.",
    "Unknown tolerance counts as none.",
)


def _worked(
    inputs: FirstPlanInputs,
    known: Drug,
    answer: FirstPlan,
    sources: tuple[SourceLine, ...],
    findings: tuple[Finding, ...],
) -> Calculation[FirstPlan]:
    names = ("trial_relief", "relief_for_boluses", "relief_for_steps")
    figures = (cited(name.replace("_", " "), policy().source_of(name)) for name in names)
    return Calculation(
        "first-plan",
        answer,
        given(inputs),
        _lines(known, answer),
        _FORMULA,
        (*sources, *figures),
        _ASSUMED,
        heaviest_first(findings),
    )


def _lines(known: Drug, answer: FirstPlan) -> tuple[Line, ...]:
    found = []
    for number, each in enumerate(answer.outcomes, start=1):
        key, dose = f"dose.{number}", amount_text(each.amount, known.dose_unit)
        found.append(Line(f"{key}.relief", f"relief after {dose}, share of the pain", each.relief))
        found.append(Line(f"{key}.passed", f"{dose} passed", "yes" if each.passed else "no"))
    amount = None if answer.effective is None else answer.effective.amount
    found.append(Line("effective", "effective dose of the trial", amount, known.dose_unit))
    found.append(Line("intrathecal", "as an intrathecal dose", answer.intrathecal, known.dose_unit))
    found += [Line("start", FIELD, None)] if answer.first is None else starting_lines(known, answer.first)
    if answer.suggestion is not None:
        found.append(Line("suggested.mode", "mode that the relief suggests", answer.suggestion.mode.value))
        found.append(Line("suggested.times", "doses a day", answer.suggestion.times_per_day))
    return tuple(found)


CALCULATOR = Calculator("first-plan", "First plan of the pump from a trial", FirstPlanInputs, first_plan)
