"""A titration calendar: which dose from which day on, as a label or a panel prints it, and what the pump makes of it.

Ziconotide by US label, EU label or low and slow; baclofen from screening through titration to maintenance by origin;
opioids by shares for the indication [clinical 1.5]. The calendar is a plan: each step still asks for a visit, and for
what the last one did.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from thecal.catalogue.drugs import Drug, Setting, Titration, drug
from thecal.catalogue.pumps import ProgrammablePump
from thecal.documents import About
from thecal.quantities import DoseRate, Duration, Instant, Mass, Volume
from thecal.therapy.calculation import Calculation, Calculator, given
from thecal.therapy.calculators.on_paper import fluid_of, programmable
from thecal.therapy.calculators.pump_and_fluid import PumpAndFluid
from thecal.therapy.calculators.titration.lines import ASSUMED, FORMULA, calendar_lines, calendar_sources
from thecal.therapy.calculators.titration.pump import CalendarStep, ScreeningDose, screening, through_the_pump
from thecal.therapy.calculators.titration.steps import LONGEST, Pace, changes, pace_of
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Finding, Verdict, finding, heaviest_first
from thecal.therapy.showing import amount_text, count_text
from thecal.therapy.starting import after_trial


@dataclass(frozen=True, slots=True)
class TitrationInputs(PumpAndFluid):
    """Pump, fluid, setting and where the dose is to go."""

    setting: Annotated[Setting, About("whose table holds")]
    starts: Annotated[Instant, About("when the first dose begins or began")]
    daily_dose: Annotated[DoseRate | None, About("24-hour dose it starts from; else as screened or as printed")] = None
    effective_screening: Annotated[Mass | None, About("screening dose that worked")] = None
    effect_lasted: Annotated[Duration | None, About("how long the screening dose worked")] = None
    goal: Annotated[DoseRate | None, About("24-hour dose to reach; the printed ceiling if left out")] = None
    share: Annotated[Decimal | None, About("percent of a step, if less than printed", 0, 100)] = None
    step_dose: Annotated[DoseRate | None, About("dose of a step, if less than printed")] = None
    every: Annotated[Duration | None, About("time between steps, if longer than printed")] = None
    steps: Annotated[int | None, About("how many steps at most", 1, LONGEST)] = None
    reservoir: Annotated[Volume | None, About("in the reservoir at the start; full if left out")] = None


@dataclass(frozen=True, slots=True)
class Titrated:
    """A calendar. ``steps`` is None where the pump cannot give a dose of it, and empty while the drug is screened."""

    screening: tuple[ScreeningDose, ...]
    start: DoseRate | None
    goal: DoseRate | None
    steps: tuple[CalendarStep, ...] | None


NOTHING_TO_SAY: tuple[Finding, ...] = ()


def titration(inputs: TitrationInputs) -> Calculation[Titrated]:
    """The calendar of doses by one printed table, with what this pump really gives of each.

    Raises EntryRefused for what the table does not print, and for an unknown drug or pump.
    """
    model, known = programmable(inputs.pump), drug(fluid_of(inputs.fluid)[0].drug)
    table = _table(known, inputs.setting)
    start = _start(inputs, known, table)
    answer, findings = Titrated(screening(known, inputs.starts), None, None, ()), NOTHING_TO_SAY
    if start is not None:
        answer, findings = _calendar(inputs, model, known, table, start)
    return Calculation(
        "titration",
        answer,
        given(inputs),
        calendar_lines(known, answer.start, answer.goal, answer.screening, answer.steps),
        FORMULA,
        calendar_sources(known, table, model),
        ASSUMED,
        heaviest_first(findings),
    )


def _calendar(
    inputs: TitrationInputs, model: ProgrammablePump, known: Drug, table: Titration, start: DoseRate
) -> tuple[Titrated, tuple[Finding, ...]]:
    goal, findings = _goal(inputs, known, table)
    if goal == start:
        raise EntryRefused("goal", "is the dose it starts from; there is nothing to titrate")
    share, dose, interval = pace_of(
        table, rising=goal > start, share=inputs.share, step_dose=inputs.step_dose, every=inputs.every
    )
    pace = Pace(
        share=share,
        dose=dose,
        interval=interval,
        first_after=Duration(0) if table.first_after is None else table.first_after.amount,
        ceiling_from=_ceiling_from(inputs.starts, table, goal),
    )
    planned = changes(start, goal, inputs.starts, pace, inputs.steps or LONGEST)
    steps, more = through_the_pump(
        inputs.fluid, model, known, start, inputs.starts, planned, interval, inputs.reservoir
    )
    if steps is not None and (not planned or planned[-1].dose != goal):
        words = f"The calendar ends after {count_text(len(planned), 'step')}, before the dose wanted is reached."
        more = (*more, finding("calendar-short", Verdict.INFO, "steps", words))
    return Titrated((), start, goal, steps), (*findings, *_usual(known, table, goal), *more)


def _ceiling_from(starts: Instant, table: Titration, goal: DoseRate) -> Instant | None:
    """From when on the ceiling may be reached; None where the goal is lower, or nobody prints it."""
    if table.ceiling is None or table.ceiling_after is None or goal < table.ceiling.amount:
        return None
    return starts.plus(table.ceiling_after.amount)


def _table(known: Drug, setting: Setting) -> Titration:
    for each in known.titrations:
        if each.setting is setting:
            return each
    printed = ", ".join(each.setting for each in known.titrations) or "none: the clinician decides"
    raise EntryRefused("setting", f"{setting} is not printed for {known.display}; printed are {printed}")


def _start(inputs: TitrationInputs, known: Drug, table: Titration) -> DoseRate | None:
    """As typed, else as screening says, else as the table prints; None: a drug to be screened, and not yet screened."""
    if inputs.daily_dose is not None:
        if inputs.effective_screening is not None:
            raise EntryRefused("effective_screening", "only where no daily_dose is given; the one or the other")
        if inputs.daily_dose.count == 0:
            raise EntryRefused("daily_dose", "must be more than zero; a titration starts from a dose")
        return inputs.daily_dose
    if inputs.effective_screening is not None:
        found = after_trial(known, inputs.effective_screening, inputs.effect_lasted)
        if not known.screening or found is None:
            raise EntryRefused("effective_screening", f"{known.display} is not screened; give a daily_dose")
        return found.amount
    if table.start is not None:
        return table.start.low.amount
    if known.screening:
        return None
    raise EntryRefused("daily_dose", f"nobody prints a start for {table.setting}; type the dose it starts from")


def _goal(inputs: TitrationInputs, known: Drug, table: Titration) -> tuple[DoseRate, tuple[Finding, ...]]:
    goal, ceiling = inputs.goal, table.ceiling
    if goal is not None and goal.count == 0:
        raise EntryRefused("goal", "must be more than zero; steps of a share never end at nothing")
    if goal is None and ceiling is None:
        raise EntryRefused("goal", f"nobody prints a ceiling for {table.setting}; type the dose to reach")
    if ceiling is None or (goal is not None and goal <= ceiling.amount):
        assert goal is not None
        return goal, ()
    if goal is None:
        return ceiling.amount, ()
    unit = f"{known.dose_unit}/day"
    words = f"The calendar ends at the ceiling of {table.setting}, below the dose wanted."
    shown = ("wanted", amount_text(goal, unit)), ("ceiling", amount_text(ceiling.amount, unit))
    return ceiling.amount, (finding("titration-ceiling", Verdict.WARN, "goal", words, *shown, limit=ceiling.origin),)


def _usual(known: Drug, table: Titration, goal: DoseRate) -> tuple[Finding, ...]:
    usual = table.usual
    if usual is None or usual.low.amount <= goal <= usual.high.amount:
        return ()
    unit = f"{known.dose_unit}/day"
    words = f"The dose to reach lies outside where {known.display} usually settles in this setting."
    shown = (
        ("wanted", amount_text(goal, unit)),
        ("usual", f"{amount_text(usual.low.amount, unit)} to {amount_text(usual.high.amount, unit)}"),
    )
    return (finding("outside-usual", Verdict.INFO, "goal", words, *shown, limit=usual.high.origin),)


CALCULATOR = Calculator("titration", "Titration calendar by a printed table", TitrationInputs, titration)
