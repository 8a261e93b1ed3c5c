"""The first dose, and the first after a gap: against what label, consensus or site print for a start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from thecal.catalogue.conversions import Use, conversions
from thecal.catalogue.drugs import Drug, Tolerance
from thecal.catalogue.quoted import Quoted, Span
from thecal.catalogue.sourced import Sourced
from thecal.quantities import DoseRate
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.plan import Dosing, DrugStep
from thecal.therapy.rules.before import begins, lapsed, replaced_by, starts_flowing, steps_seen
from thecal.therapy.rules.named import dose_field, dose_path, dose_text
from thecal.therapy.showing import length_text, ratio_text
from thecal.therapy.starting import first_dose, naive_start


@dataclass(frozen=True, slots=True)
class Rotation:
    """A drug takes the place of another of its class; the dose that one converts to, where that is printed."""

    gone: DrugStep
    converted: Quoted[DoseRate] | None


def start_above_range(dosing: Dosing) -> Iterator[Finding]:
    """A first 24-hour dose above every printed start: a WARN, and far above it a STOP.

    After a gap ``restart_after_gap`` speaks instead. A drug that takes the place of another may reach what that one
    converts to, where a ratio is printed. With tolerance not stated, what only a tolerant patient may start at is a
    WARN. What flows at minimum rate counts.
    """
    for step in steps_seen(dosing):
        printed = start_range(dosing, step)
        if printed is None or not starts_flowing(step) or lapsed(dosing, step.drug):
            continue
        highest, naive = printed.high, _untold_start(dosing, step)
        if step.new_flowing > highest.amount:
            ratio = Fraction(step.new_flowing.count, highest.amount.count)
            far = ratio > step.drug.step_ratio
            asked = "confirm the ratio separately" if far else "start lower or say why"
            words = f"{step.drug.display} starts at {ratio_text(ratio)} the highest printed start; {asked}."
            yield _above(dosing, step, Verdict.STOP if far else Verdict.WARN, words, "highest start", highest)
        elif naive is not None and step.new_flowing > naive.amount:
            words = (
                f"{step.drug.display} starts above what is printed for a patient without tolerance, and the tolerance "
                "of this patient is not stated; state it or start lower."
            )
            yield _above(dosing, step, Verdict.WARN, words, "highest naive start", naive)


def restart_after_gap(dosing: Dosing) -> Iterator[Finding]:
    """After so long without the drug tolerance is lost: only a start as for a naive patient may be sent."""
    silent = dosing.situation.history.silent_for
    for step in steps_seen(dosing):
        gap, naive = step.drug.naive_gap, naive_start(step.drug)
        if silent is None or gap is None or not lapsed(dosing, step.drug) or step.new_flowing.count == 0:
            continue
        if naive is not None and step.new_flowing <= naive.amount:
            continue
        allowed = "no start is printed for a naive patient" if naive is None else "start as for a naive patient"
        words = f"No {step.drug.display} has reached the patient for so long that tolerance is lost; {allowed}."
        shown = [
            ("without drug", length_text(silent)),
            ("tolerance is taken as lost after", length_text(gap.amount)),
            ("greatest 24-hour dose", dose_text(step.new_flowing, step.drug)),
        ]
        if naive is not None:
            shown.append(("highest naive start", dose_text(naive.amount, step.drug)))
        field, path = dose_field(step.drug), dose_path(dosing)
        yield refusal("restart-after-gap", field, words, *shown, limit=gap.origin, path=path)


def restart_gap_unknown(dosing: Dosing) -> Iterator[Finding]:
    """A pump that is still now is to give a drug again, and nobody says how long the patient has been without it."""
    if not dosing.standing.resumes or dosing.situation.history.silent_for is not None:
        return
    for step in dosing.steps:
        gap, naive = step.drug.naive_gap, naive_start(step.drug)
        if gap is None or not (step.old_greatest.count and step.new_flowing.count):
            continue
        if naive is not None and step.new_flowing <= naive.amount:
            continue
        lost = length_text(gap.amount)
        words = (
            f"How long the patient has been without {step.drug.display} is not stated; "
            f"after more than {lost} tolerance is taken as lost: find out before the restart, or start as if it were."
        )
        shown = [
            ("tolerance is taken as lost after", lost),
            ("greatest 24-hour dose", dose_text(step.new_flowing, step.drug)),
        ]
        if naive is not None:
            shown.append(("highest naive start", dose_text(naive.amount, step.drug)))
        field, path = dose_field(step.drug), "history.silent_for"
        yield finding("restart-gap-unknown", Verdict.WARN, field, words, *shown, limit=gap.origin, path=path)


def start_range(dosing: Dosing, step: DrugStep) -> Span[DoseRate] | None:
    """The printed starts for this patient, without tolerance after a gap; up to what a rotation converts to.

    None where the library has no start for it.
    """
    tolerance = Tolerance.NAIVE if lapsed(dosing, step.drug) else dosing.situation.patient.tolerance
    return _range_for(dosing, step, tolerance)


def rotation(dosing: Dosing, step: DrugStep) -> Rotation | None:
    """The drug that this one takes the place of; None when it takes nobody's."""
    steps = tuple(steps_seen(dosing))
    for gone in steps:
        stops = gone.old_greatest.count and not gone.new_greatest.count
        if stops and begins(step) and replaced_by(gone, (step,)) is not None:
            return Rotation(gone, _converted(gone, step.drug))
    return None


def _untold_start(dosing: Dosing, step: DrugStep) -> Quoted[DoseRate] | None:
    """Where nobody states the tolerance: the highest start without it."""
    if dosing.situation.patient.tolerance is not None:
        return None
    printed = _range_for(dosing, step, Tolerance.NAIVE)
    return None if printed is None else printed.high


def _range_for(dosing: Dosing, step: DrugStep, tolerance: Tolerance | None) -> Span[DoseRate] | None:
    printed, turned = first_dose(step.drug, tolerance), rotation(dosing, step)
    if printed is None or turned is None or turned.converted is None:
        return printed
    ends = sorted((printed.low, printed.high, turned.converted), key=lambda dose: dose.amount)
    return Span(ends[0], ends[-1])


def _above(
    dosing: Dosing, step: DrugStep, verdict: Verdict, words: str, label: str, limit: Quoted[DoseRate]
) -> Finding:
    ratio = Fraction(step.new_flowing.count, limit.amount.count)
    shown = (
        ("greatest 24-hour dose", dose_text(step.new_flowing, step.drug)),
        (label, dose_text(limit.amount, step.drug)),
        ("ratio", ratio_text(ratio)),
    )
    field, path, origin = dose_field(step.drug), dose_path(dosing), limit.origin
    return finding("start-above-range", verdict, field, words, *shown, limit=origin, ratio=ratio, path=path)


def _converted(gone: DrugStep, drug: Drug) -> Quoted[DoseRate] | None:
    """The dose the old one converts to by the most generous ratio of chronic infusion, rounded down."""
    printed = [each for each in conversions().between(gone.drug.key, drug.key) if each.use is Use.CHRONIC]
    if not printed:
        return None
    ratio = min((each.ratio.low for each in printed), key=lambda low: low.amount)
    dose = DoseRate(int(Fraction(gone.old_daily.count, ratio.amount)))
    unit, origin = f"{drug.dose_unit}/day", ratio.origin
    return Quoted(dose, Sourced(dose.decimal_in(unit), unit, origin.source, origin.confidence))
