"""How a titration calendar is written: its lines, its sources, its formula."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.drugs import Drug, Titration
from thecal.catalogue.policy import policy
from thecal.catalogue.pumps import ProgrammablePump
from thecal.catalogue.quoted import numbers_in
from thecal.quantities import DoseRate
from thecal.therapy.calculation import Line, SourceLine, cited
from thecal.therapy.calculators.on_paper import daily_unit
from thecal.therapy.calculators.pump_and_fluid import figures_of
from thecal.therapy.calculators.titration.pump import CalendarStep, ScreeningDose

FORMULA = (
    "step up: next = present x (1 + share), rounded down, or present + printed dose; never past the goal",
    "step down: next = present x (1 - share), rounded up; never past the goal",
    "date = last step + time between steps; the first after the printed wait; a ceiling no sooner than printed",
    "volume of a step = flow x time to the next, rounded up; refill where it would reach the alarm level",
)
ASSUMED = (
    "Each step is taken only when the last one helped too little and did no harm.",
    "The pump runs simple continuous; no patient bolus and no bridge are counted.",
    "Fluid keeps until it is used; the refill kind says when stability or label come first.",
)


def calendar_lines(
    known: Drug,
    start: DoseRate | None,
    goal: DoseRate | None,
    screened: tuple[ScreeningDose, ...],
    steps: tuple[CalendarStep, ...] | None,
) -> tuple[Line, ...]:
    """Start and goal, then each screening dose or each step."""
    unit = daily_unit(known)
    return (
        Line("start", "24-hour dose it starts from", start, unit),
        Line("goal", "24-hour dose to reach", goal, unit),
        *_screening_lines(known, screened),
        *_step_lines(unit, steps or ()),
    )


def _screening_lines(known: Drug, screened: tuple[ScreeningDose, ...]) -> Iterator[Line]:
    for number, each in enumerate(screened, start=1):
        yield Line(f"screening.{number}.at", f"screening dose {number}, at the earliest", each.at)
        yield Line(f"screening.{number}.dose", f"screening dose {number}", each.dose, known.dose_unit)
        yield Line(f"screening.{number}.watched", f"watched after dose {number}", each.watched, "h")


def _step_lines(unit: str, steps: tuple[CalendarStep, ...]) -> Iterator[Line]:
    for number, each in enumerate(steps, start=1):
        key, step = f"step.{number}", f"step {number}"
        yield Line(f"{key}.at", f"{step}, at the earliest", each.at)
        yield Line(f"{key}.before", f"{step}, from", each.before, unit)
        yield Line(f"{key}.dose", f"{step}, to", each.programmed, unit)
        yield Line(f"{key}.achievable", f"{step}, achievable", each.achievable, unit)
        yield Line(f"{key}.ratio", f"{step}, ratio", each.ratio)
        yield Line(f"{key}.flow", f"{step}, flow", each.flow, "mL/day")
        yield Line(f"{key}.needs", f"{step}, volume until the next", each.needs, "mL")
        if each.refill is not None:
            yield Line(f"{key}.refill", f"{step}, refill with", each.refill, "mL")
        yield Line(f"{key}.left", f"{step}, left at its end", each.left, "mL")
        for which, remark in enumerate(each.remarks, start=1):
            yield Line(f"{key}.remark.{which}", f"{step}, remark", remark)


def calendar_sources(known: Drug, table: Titration, model: ProgrammablePump) -> tuple[SourceLine, ...]:
    """Every number of the table, the flows and the reservoir of the pump, and after how many steps to look."""
    printed = numbers_in(f"{known.display},", table)
    screened = numbers_in(f"{known.display}, screening", (*known.screening, known.screening_interval))
    return tuple(
        dict.fromkeys(
            (
                *(cited(what, origin) for what, origin in (*printed, *screened)),
                *figures_of(model, "lowest_rate", "highest_rate", "capacity", "low_alarm_default"),
                cited("steps before the catheter is looked at", policy().source_of("steps_without_response")),
            )
        )
    )
