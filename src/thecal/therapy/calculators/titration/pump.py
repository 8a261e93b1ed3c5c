"""What a pump makes of a titration calendar: achievable doses, the volume each step takes, refills and remarks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from thecal.catalogue.drugs import Drug, Granuloma
from thecal.catalogue.policy import policy
from thecal.catalogue.pumps import ProgrammablePump
from thecal.quantities import DoseRate, Duration, FlowRate, Instant, Mass, Volume
from thecal.therapy.calculators.on_paper import concentration_unit, fluid_of, plan_on_paper
from thecal.therapy.calculators.reach import fitting
from thecal.therapy.calculators.titration.steps import Change
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.plan import Plan
from thecal.therapy.prescribed import DrugIn
from thecal.therapy.prescription import Prescription, SimpleContinuous
from thecal.therapy.rules import limits as limit_rules
from thecal.therapy.showing import DAY_MS, amount_text, length_text
from thecal.therapy.translation import CannotTranslate


@dataclass(frozen=True, slots=True)
class ScreeningDose:
    """One screening dose: when at the earliest, and how long the patient is watched after it at least."""

    at: Instant
    dose: Mass
    watched: Duration | None


@dataclass(frozen=True, slots=True)
class CalendarStep:
    """One step of a calendar in this pump.

    ``needs`` is the volume until the next step, rounded up; ``left`` what is then in the reservoir; ``refill`` what is
    filled at the step so that the alarm level is not reached before the next; None: no refill is needed.
    """

    at: Instant
    before: DoseRate
    programmed: DoseRate
    achievable: DoseRate
    ratio: Fraction
    flow: FlowRate
    needs: Volume
    refill: Volume | None
    left: Volume
    remarks: tuple[str, ...]


def screening(known: Drug, begins: Instant) -> tuple[ScreeningDose, ...]:
    """The screening doses in turn, each as soon as the last allows; the next only when the last did not work."""
    wait = Duration(0) if known.screening_interval is None else known.screening_interval.amount
    watched = None if known.observation is None else known.observation.high.amount
    at, found = begins, []
    for each in known.screening:
        found.append(ScreeningDose(at, each.amount, watched))
        at = at.plus(wait)
    return tuple(found)


def through_the_pump(
    drugs: tuple[DrugIn, ...],
    model: ProgrammablePump,
    known: Drug,
    start: DoseRate,
    begins: Instant,
    planned: tuple[Change, ...],
    interval: Duration,
    reservoir: Volume | None,
) -> tuple[tuple[CalendarStep, ...] | None, tuple[Finding, ...]]:
    """Every step as this pump gives it, or None and why not. Raises EntryRefused for more than the reservoir holds."""
    if reservoir is not None and reservoir > model.capacity:
        raise EntryRefused("reservoir", f"{model.name} holds {model.capacity.text_in('mL')} at most")
    doses = (start, *(each.dose for each in planned))
    plans = [plan_on_paper(Prescription(fluid_of(drugs), SimpleContinuous(dose)), model) for dose in doses]
    possible = [each for each in plans if not isinstance(each, CannotTranslate)]
    if len(possible) < len(plans):
        refused = next(each for each in plans if isinstance(each, CannotTranslate))
        return None, (*refused.findings, *_fluid_for_all(model, known, min(doses), max(doses)))
    until = Duration(0) if not planned else planned[0].at.since(begins)
    left = _less(reservoir or model.capacity, _needs(possible[0], until))
    steps = _filled(model, known, possible[1:], planned, interval, left)
    highest = possible[doses.index(max(doses))]
    found = chain(limit_rules.daily_dose(highest), _early(model, left), _outruns(model, steps, interval))
    return steps, tuple(found)


def _filled(
    model: ProgrammablePump,
    known: Drug,
    plans: list[Plan],
    planned: tuple[Change, ...],
    interval: Duration,
    left: Volume,
) -> tuple[CalendarStep, ...]:
    ends = [each.at for each in planned[1:]] + [each.at.plus(interval) for each in planned[-1:]]
    found = []
    for number, (change, plan, end) in enumerate(zip(planned, plans, ends, strict=True), start=1):
        needs = _needs(plan, end.since(change.at))
        refill = None
        if left.count < needs.count + model.low_alarm_default.count:
            refill, left = model.capacity - left, model.capacity
        left = _less(left, needs)
        found.append(
            CalendarStep(
                at=change.at,
                before=change.before,
                programmed=change.dose,
                achievable=plan.translation.achievable.daily[0],
                ratio=change.ratio,
                flow=plan.translation.derived.highest_rate,
                needs=needs,
                refill=refill,
                left=left,
                remarks=_remarks(known, number) if change.dose > change.before else (),
            )
        )
    return tuple(found)


def _needs(plan: Plan, lasts: Duration) -> Volume:
    """The volume that this flow takes in this time, rounded up."""
    return Volume(-(-plan.translation.derived.highest_rate.count * lasts.count // DAY_MS))


def _less(left: Volume, taken: Volume) -> Volume:
    return Volume(max(0, left.count - taken.count))


def _remarks(known: Drug, number: int) -> tuple[str, ...]:
    """What repeated steps up ask for: a catheter that is shown to work, and a search for an inflammatory mass."""
    if number % policy().steps_without_response:
        return ()
    found = ["if the last steps did nothing, show where the catheter lies and that it is open before going on"]
    if known.granuloma is not Granuloma.NONE_REPORTED:
        found.append("examine for new pain, weakness, numbness or bladder trouble: an inflammatory mass at the tip")
    return tuple(found)


def _early(model: ProgrammablePump, left: Volume) -> Iterator[Finding]:
    if left < model.low_alarm_default:
        words = "The reservoir reaches its alarm level before the first step; refill it at the start."
        shown = (
            ("left at the first step", amount_text(left, "mL")),
            ("alarm", amount_text(model.low_alarm_default, "mL")),
        )
        yield finding("days-left", Verdict.WARN, "reservoir", words, *shown, limit=model.source_of("low_alarm_default"))


def _outruns(model: ProgrammablePump, steps: tuple[CalendarStep, ...], interval: Duration) -> tuple[Finding, ...]:
    usable = model.capacity - model.low_alarm_default
    for each in steps:
        if each.needs > usable:
            words = "A full reservoir does not last from one step to the next; a stronger fluid would do."
            shown = (
                ("needed", amount_text(each.needs, "mL")),
                ("usable", amount_text(usable, "mL")),
                ("between steps", length_text(interval)),
            )
            limit = model.source_of("capacity")
            return (finding("refill-interval", Verdict.WARN, "reservoir", words, *shown, limit=limit),)
    return ()


def _fluid_for_all(model: ProgrammablePump, known: Drug, least: DoseRate, most: DoseRate) -> tuple[Finding, ...]:
    """The fluid of which this pump gives the whole calendar, from its lowest dose to its highest."""
    unit = concentration_unit(known)
    for_least, for_most = fitting(model, known, least), fitting(model, known, most)
    if for_least is None or for_most is None or for_most[0] > for_least[1]:
        words = f"No allowed fluid of {known.display} gives the whole calendar with this pump; split it at a refill."
        return (refusal("no-fluid-fits", "concentration", words),)
    words = "Another fluid gives the whole calendar with this pump."
    shown = ("from", amount_text(max(for_least[0], for_most[0]), unit)), ("to", amount_text(for_least[1], unit))
    return (finding("fluid-fits", Verdict.INFO, "concentration", words, *shown),)
