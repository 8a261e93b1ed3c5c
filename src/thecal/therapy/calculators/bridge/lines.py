"""The answer of the bridge calculation as lines for people."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.drugs import drug
from thecal.therapy.bridging import FluidChange
from thecal.therapy.calculation import Line
from thecal.therapy.calculators.bridge.leg_lines import HeldAgainst, leg_lines
from thecal.therapy.calculators.bridge.parts import Bracket, Bridge, BridgePlan, ComponentDoses
from thecal.therapy.showing import ratio_text
from thecal.therapy.situation import AfterInterruption

_HOW = {
    AfterInterruption.CONTINUE: "continued",
    AfterInterruption.RESTART: "restarted in full",
    AfterInterruption.CANCEL: "cancelled",
}


def bridge_lines(answer: Bridge, change: FluidChange, against: tuple[HeldAgainst, ...]) -> tuple[Line, ...]:
    """Every number of the answer."""
    return (
        *_plan(answer.plan, change),
        Line("reason", "why no bridge", None if answer.reason is None else answer.reason.value),
        Line("arrives", "new fluid at the tip after", answer.arrives, "h"),
        *(line for each in answer.components for line in _component(each)),
        *leg_lines("without", "without a bridge", answer.without, against),
        *_bracket(answer.bracket, against),
        *_resumed(answer, against),
    )


def _plan(plan: BridgePlan | None, change: FluidChange) -> Iterator[Line]:
    old, new = (drug(fluid[0].drug) for fluid in (change.old, change.new))
    if plan is None:
        yield Line("volume", "bridge volume", None)
        return
    yield Line("prime_first", "water or CSF to push out first", plan.prime_first, "mL")
    yield Line("volume", "bridge volume", plan.volume, "mL")
    yield Line("dose", f"bridge dose of {old.display}", plan.dose, old.dose_unit)
    yield Line("rate", "flow of the bridge", plan.rate, "mL/day")
    yield Line("duration", "bridge time", plan.duration, "h")
    words = f"bridge dose to enter where {new.display} is already told to the pump"
    yield Line("entered", words, plan.entered, new.dose_unit)
    yield Line("rate_after", "flow after the bridge", plan.rate_after, "mL/day")


def _component(each: ComponentDoses) -> Iterator[Line]:
    known = drug(each.drug)
    name, unit = known.display, f"{known.dose_unit}/day"
    yield Line(f"{each.drug}.in_line", f"{name} in the line", each.in_line, known.dose_unit)
    yield Line(f"{each.drug}.now", f"{name} now", each.now, unit)
    yield Line(f"{each.drug}.during", f"{name} during the bridge", each.during, unit)
    yield Line(f"{each.drug}.after", f"{name} after it", each.after, unit)
    if each.ratio is not None:
        words = f"{name} during the bridge, times the dose wanted after it"
        yield Line(f"{each.drug}.ratio", words, ratio_text(each.ratio))


def _bracket(bracket: Bracket | None, against: tuple[HeldAgainst, ...]) -> Iterator[Line]:
    if bracket is None:
        return
    yield Line("bracket.least", "least the line can hold", bracket.least, "mL")
    yield Line("bracket.most", "most the line can hold", bracket.most, "mL")
    yield Line("bracket.cautious", "cautious bridge volume", bracket.cautious, "mL")
    yield Line("bracket.cautious_duration", "time for that", bracket.cautious_duration, "h")
    yield from leg_lines("bracket.early", "least bridged, line holds the most", bracket.early, against)
    yield from leg_lines("bracket.late", "most bridged, line holds the least", bracket.late, against)


def _resumed(answer: Bridge, against: tuple[HeldAgainst, ...]) -> Iterator[Line]:
    for each in answer.resumed:
        key, words = f"resumed.{each.how.value}", f"interrupted, {_HOW[each.how]}"
        yield Line(f"{key}.volume", f"{words}: bridge volume", each.volume, "mL")
        yield Line(f"{key}.duration", f"{words}: bridge time", each.duration, "h")
        yield from leg_lines(f"{key}.leg", words, each.legs, against)
