"""The refill calculator's lines, warnings and sources."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from thecal.catalogue.policy import Policy
from thecal.catalogue.pumps import ProgrammablePump
from thecal.therapy.calculation import Line, SourceLine, cited
from thecal.therapy.calculators.refill.records import RefillDates, RefillInputs
from thecal.therapy.due import Bound, Due
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.showing import date_text, length_text, share_text

NO_LINES = (Line("expected", "expected refill", None), Line("worst", "refill at worst", None))


def lines_of(answer: RefillDates) -> tuple[Line, ...]:
    """Every number of the answer, dates in UTC."""
    projection = answer.projection
    return (
        *_due_lines("expected", "expected refill", answer.expected),
        *_due_lines("worst", "refill at worst", answer.worst),
        Line("alarm", "computed low-reservoir alarm, no bolus taken", projection.alarm),
        Line("alarm.boluses", "computed alarm, every effective bolus taken", projection.worst_case_alarm),
        Line("alarm.worst", "alarm level really reached, at worst", answer.worst_alarm_level),
        Line("empty", "empty, no bolus taken", projection.empty),
        Line("empty.worst", "empty, at worst", answer.worst_empty),
        Line("days_to_alarm", "whole days to the computed alarm, no bolus taken", projection.days_to_alarm),
        *_percent(
            "empty_before_alarm", "over-delivery above which it is empty before the alarm", answer.empty_before_alarm
        ),
        *_percent("dry_before_alarm", "over-delivery above which it is dry before the alarm", answer.dry_before_alarm),
    )


def findings_of(
    inputs: RefillInputs, model: ProgrammablePump, answer: RefillDates, figures: Policy
) -> Iterator[Finding]:
    """What to heed: nothing known of stability, a refill at once or too soon, and no alarm before it is dry."""
    known = {limit.bound for limit in answer.expected.limits}
    if Bound.STABILITY not in known:
        words = "Nobody has said how long this fluid keeps in a pump; ask the pharmacy, the date does not count it."
        yield finding("stability-unknown", Verdict.WARN, "fluid", words, path="fluid")
    yield from _too_soon(inputs, answer, figures)
    margin, accuracy = answer.dry_before_alarm, model.accuracy
    if margin is not None and margin < accuracy.amount and not model.has_fill_sensor:
        words = (
            "Within its label accuracy the pump can run dry before it counts down to its alarm: nothing sounds then; "
            "keep to the refill date at worst."
        )
        shown = [("over-delivery that does it", share_text(margin)), ("label accuracy", share_text(accuracy.amount))]
        if answer.worst_empty is not None:
            shown.append(("empty at worst", date_text(answer.worst_empty, inputs.clock_offset_min)))
        yield finding("dry-before-alarm", Verdict.INFO, "reservoir", words, *shown, limit=accuracy.origin)


def _too_soon(inputs: RefillInputs, answer: RefillDates, figures: Policy) -> Iterator[Finding]:
    binding = answer.expected.binding
    lasts = binding.at.since(inputs.filled_at)
    if lasts >= figures.shortest_interval:
        return
    words = f"The refill comes sooner than an interval should be, by {binding.bound.value}."
    if lasts.count == 0:
        words = f"The refill is due at once, by {binding.bound.value}."
    shown = ("until the refill", length_text(lasts)), ("shortest interval", length_text(figures.shortest_interval))
    limit = figures.source_of("shortest_interval")
    yield finding("refill-interval", Verdict.WARN, "refill interval", words, *shown, limit=limit)


def sources_of(model: ProgrammablePump, figures: Policy, answer: RefillDates | None) -> tuple[SourceLine, ...]:
    """Where every figure that limits a date comes from."""
    limits = () if answer is None else answer.expected.limits
    found = [cited(each.bound.value, each.origin) for each in limits]
    found.append(cited(f"{model.name}: capacity", model.source_of("capacity")))
    found.append(cited(f"{model.name}: what it cannot give", model.source_of("residual")))
    found.append(cited(f"{model.name}: label accuracy", model.accuracy.origin))
    found.append(cited("shortest interval", figures.source_of("shortest_interval")))
    found.append(SourceLine("the pump subtracts and does not measure", "TGA RC-2014-RN-00357-1", "verified"))
    found.append(SourceLine("which limits there are", "reviewed clinical summary 4.4", "derived"))
    return tuple(found)


def _due_lines(key: str, label: str, found: Due) -> Iterator[Line]:
    following = None if found.following is None else found.following.bound.value
    yield Line(key, label, found.at)
    yield Line(f"{key}.binding", f"{label}: what binds", found.binding.bound.value)
    yield Line(f"{key}.following", f"{label}: what would come next", following)
    for limit in found.limits:
        yield Line(f"{key}.{limit.bound.name.lower()}", f"{label}, {limit.bound.value}", limit.at)


def _percent(key: str, label: str, share: Fraction | None) -> Iterator[Line]:
    yield Line(key, label, None if share is None else share * 100, "%")
