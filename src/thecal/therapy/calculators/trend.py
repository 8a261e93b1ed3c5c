"""How much a pump really delivers, over visits: mean ratio with its uncertainty, drift, and what cannot be told yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Annotated

from thecal.catalogue.policy import Policy, policy
from thecal.catalogue.pumps import Pump
from thecal.catalogue.quoted import Quoted
from thecal.documents import About
from thecal.therapy.calculation import Calculation, Calculator, Line, SourceLine, cited, given
from thecal.therapy.calculators.on_paper import any_pump
from thecal.therapy.drift import Trend, drifting, one_sd, refills_to_tell
from thecal.therapy.drift import trend as trend_of
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.returned import Returned, accepted_for
from thecal.therapy.showing import ratio_text, share_text
from thecal.therapy.situation import RefillThen


@dataclass(frozen=True, slots=True)
class TrendInputs:
    """Refills of one pump."""

    pump: Annotated[str, About("pump model of the catalogue")]
    visits: Annotated[tuple[RefillThen, ...], About("refills, oldest first")]


@dataclass(frozen=True, slots=True)
class Delivery:
    """``together``: all that was delivered over all that was supposed to be. ``trend`` None: no visit has a ratio.

    ``refills_to_tell``: how many refills an error as large as the mean's takes until it is more than chance.
    """

    visits: tuple[Fraction | None, ...]
    together: Fraction | None
    trend: Trend | None
    single_sd: Fraction
    drifting: bool
    refills_to_tell: int | None
    accepted: Quoted[Fraction]


def trend(inputs: TrendInputs) -> Calculation[Delivery]:
    """Mean delivered ratio with its 95 % interval, and whether the pump drifts.

    Raises EntryRefused for an unknown pump, no visit, visits out of order and impossible volumes.
    """
    model, figures = any_pump(inputs.pump), policy()
    returned = _returned(inputs, model)
    ratios = tuple(each.ratio for each in returned)
    known = tuple(ratio for ratio in ratios if ratio is not None)
    found = trend_of(known, figures) if known else None
    answer = Delivery(
        visits=ratios,
        together=_together(returned),
        trend=found,
        single_sd=one_sd(figures),
        drifting=drifting(known, figures),
        refills_to_tell=None if found is None else refills_to_tell(found.mean - 1, figures),
        accepted=accepted_for(model, figures),
    )
    return Calculation(
        kind="trend",
        answer=answer,
        inputs=given(inputs),
        outputs=_lines(inputs, answer),
        formula=_FORMULA,
        sources=_sources(answer, figures),
        assumptions=_ASSUMED,
        findings=tuple(_findings(answer, figures)),
    )


def _returned(inputs: TrendInputs, model: Pump) -> tuple[Returned, ...]:
    if not inputs.visits:
        raise EntryRefused("visits", "name at least one refill")
    for before, following in pairwise(inputs.visits):
        if following.at <= before.at:
            raise EntryRefused("visits", "write them oldest first, each at another moment")
    for number, each in enumerate(inputs.visits, start=1):
        if max(each.filled_before, each.withdrawn) > model.capacity:
            raise EntryRefused("visits", f"number {number} has more than the {model.capacity} the reservoir holds")
        if each.expected > each.filled_before:
            raise EntryRefused("visits", f"number {number} expects more than was filled before")
    return tuple(Returned(each.filled_before, each.expected, each.withdrawn) for each in inputs.visits)


def _together(returned: tuple[Returned, ...]) -> Fraction | None:
    supposed = sum(each.filled.count - each.expected.count for each in returned)
    delivered = sum(max(0, each.filled.count - each.withdrawn.count) for each in returned)
    return Fraction(delivered, supposed) if supposed else None


def _findings(answer: Delivery, figures: Policy) -> Iterator[Finding]:
    found, accepted = answer.trend, answer.accepted
    if found is None:
        words = "Nothing was supposed to be delivered between these refills, so nothing can be said of the pump."
        yield finding("delivered-ratio", Verdict.INFO, "visits", words)
        return
    limit = figures.source_of("one_refill")
    if len(found.ratios) == 1:
        words = "One refill cannot tell a smaller error than this from reading and withdrawal; look again at the next."
        yield finding("one-refill", Verdict.INFO, "visits", words, ("95 %", share_text(found.half)), limit=limit)
    shown = (
        ("mean ratio", ratio_text(found.mean)),
        ("95 % interval", f"{ratio_text(found.low)} to {ratio_text(found.high)}"),
        ("accepted", share_text(accepted.amount)),
    )
    if found.surely_outside(accepted.amount):
        words = (
            "The pump delivers outside what is accepted, beyond doubt by reading: report it and plan its replacement."
        )
        yield finding("delivered-ratio", Verdict.WARN, "visits", words, *shown, limit=accepted.origin)
    elif abs(found.mean - 1) > accepted.amount:
        words = "The mean is outside what is accepted, but reading alone may explain it: look again at the next refill."
        yield finding("delivered-ratio", Verdict.WARN, "visits", words, *shown, limit=accepted.origin)
    elif found.differs_from_one:
        words = "The pump gives another dose than programmed by more than chance, within what is accepted."
        yield finding("delivered-ratio", Verdict.INFO, "visits", words, *shown, limit=limit)
    if answer.drifting:
        words = "The last refills all deviate to the same side by more than chance; find out why, and follow it."
        limit = figures.source_of("drift_visits")
        yield finding("drift", Verdict.WARN, "visits", words, *shown, limit=limit, path="history.refills")


_FORMULA = (
    "ratio of a visit = (filled before - withdrawn) / (filled before - expected)",
    "half the 95 % interval of the mean of n = 95 % interval of one refill / square root of n, rounded up",
    "one standard deviation = 95 % interval of one refill / normal quantile",
    "drift: the last visits on one side of 1, and their mean further from 1 than half its 95 % interval",
    "refills to tell an error e: smallest n with (interval of one refill) / square root of n below e",
)
_ASSUMED = (
    "Errors of single refills are independent, and as large as in the published series, whatever the interval.",
    "The same side alone is no drift: chance gives it at one visit in four.",
    "What is expected is the pump's own count, or for a constant flow the label flow and the calendar.",
)


def _lines(inputs: TrendInputs, answer: Delivery) -> tuple[Line, ...]:
    found = answer.trend
    visits = zip(inputs.visits, answer.visits, strict=True)
    return (
        *(Line(f"ratio.{number}", f"ratio, {each.at}", ratio) for number, (each, ratio) in enumerate(visits, start=1)),
        Line("mean", "mean ratio", None if found is None else found.mean),
        Line("half", "half its 95 % interval", None if found is None else found.half),
        Line("low", "95 % interval, lower end", None if found is None else found.low),
        Line("high", "95 % interval, upper end", None if found is None else found.high),
        Line("together", "all delivered to all supposed", answer.together),
        Line("single_sd", "standard deviation of one refill", answer.single_sd),
        Line("drifting", "drift", "yes" if answer.drifting else "no"),
        Line("refills_to_tell", "refills to tell an error of this size from chance", answer.refills_to_tell),
    )


def _sources(answer: Delivery, figures: Policy) -> tuple[SourceLine, ...]:
    return (
        cited("95 % interval of one refill", figures.source_of("one_refill")),
        cited("normal quantile", figures.source_of("normal_quantile")),
        cited("visits of a drift", figures.source_of("drift_visits")),
        cited("accepted ratio", answer.accepted.origin),
    )


CALCULATOR = Calculator("trend", "Delivered ratio over visits, with its uncertainty", TrendInputs, trend)
