"""The first dose a trial leads to, and what there is to say about a trial that leads to none or to an unusual one."""

from __future__ import annotations

from fractions import Fraction

from thecal.catalogue.conversions import Route, conversions
from thecal.catalogue.drugs import Drug, Tolerance
from thecal.catalogue.policy import policy
from thecal.catalogue.quoted import Quoted
from thecal.quantities import DoseRate, Duration, Mass
from thecal.therapy.calculators.first_plan.trial_outcome import DoseOutcome, TrialRecord, TrialRoute
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.showing import amount_text, fraction_text
from thecal.therapy.starting import after_trial, first_dose


def epidural_ratio(known: Drug) -> Quoted[Fraction] | None:
    """The safest published ratio from epidural to intrathecal: the one that gives least."""
    ratios = [each.ratio.high for each in conversions().to_intrathecal(known.key, Route.EPIDURAL)]
    return max(ratios, key=lambda each: each.amount, default=None)


def first_from(
    known: Drug, dose: Mass, lasted: Duration | None, tolerance: Tolerance | None, floor: DoseRate
) -> Quoted[DoseRate]:
    """By the drug's rule; where nobody prints one, the lowest published start, or ``floor`` if the pump gives no less.

    Raises EntryRefused when nobody publishes a start either.
    """
    by_rule = after_trial(known, dose, lasted)
    if by_rule is not None:
        return by_rule
    printed = first_dose(known, tolerance)
    if printed is None:
        raise EntryRefused("trial.drug", f"nobody publishes a first dose of {known.display}; a site must name one")
    if printed.low.amount < floor <= printed.high.amount:
        return Quoted(floor, printed.low.origin)
    return printed.low


def not_passed(known: Drug, outcomes: tuple[DoseOutcome, ...]) -> Finding:
    """The trial led to no dose; for a drug that is screened, the next dose that may be tried."""
    most = max(each.amount for each in outcomes)
    following = [each.amount for each in known.screening if each.amount > most]
    if following:
        words = "No dose worked and was tolerated yet; the next screening dose may be tried."
        shown = ("next screening dose", amount_text(following[0], known.dose_unit))
        return refusal("trial-not-passed", "trial", words, shown, limit=known.screening[-1].origin)
    words = "No dose of the trial worked well enough and was tolerated; this drug is not planned from this trial."
    reliefs = [each.relief for each in outcomes if each.relief is not None]
    shown = ("needed relief", f"{fraction_text(policy().trial_relief * 100)} %")
    best = (("best relief", f"{fraction_text(max(reliefs) * 100)} %"), shown) if reliefs else ()
    return refusal("trial-not-passed", "trial", words, *best, limit=policy().source_of("trial_relief"))


def above_printed(known: Drug, trial: TrialRecord, found: DoseOutcome) -> tuple[Finding, ...]:
    """A single intrathecal dose above every printed trial dose."""
    printed = [each.dose.high for each in known.trials] + list(known.screening)
    most = max(printed, key=lambda each: each.amount, default=None)
    single = trial.route is TrialRoute.INTRATHECAL and trial.doses[0].dose is not None
    if most is None or not single or found.amount <= most.amount:
        return ()
    unit = known.dose_unit
    words = "The dose that worked is above every printed trial dose; check the record."
    shown = ("effective dose", amount_text(found.amount, unit)), ("highest printed", amount_text(most.amount, unit))
    return (
        finding(
            "trial-above-printed",
            Verdict.WARN,
            "doses of the trial",
            words,
            *shown,
            limit=most.origin,
            path="trial.doses",
        ),
    )
