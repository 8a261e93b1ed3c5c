"""The step from the previous 24-hour dose: up, down, none to compare with, and to nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from thecal.catalogue.drugs import DrugClass
from thecal.catalogue.sourced import Sourced
from thecal.quantities import DoseRate
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.plan import Dosing, DrugStep
from thecal.therapy.rules.before import (
    begins,
    lost_to_rounding,
    lowest_of_late,
    passes,
    replaced_by,
    rises,
    steps_seen,
)
from thecal.therapy.rules.named import dose_field, dose_path, dose_text, primary, share_text
from thecal.therapy.showing import length_text, ratio_text
from thecal.therapy.titrating import highest_share, largest_added, largest_fall

# Withdrawal of these kills; that of an opioid torments.
_DANGEROUS_WITHDRAWAL = (DrugClass.GABA_B_AGONIST, DrugClass.ALPHA_2_AGONIST)


def first(dosing: Dosing) -> Iterator[Finding]:
    """There is nothing to compare the dose with."""
    for step in steps_seen(dosing):
        if begins(step):
            words = f"There is no previous 24-hour dose of {step.drug.display} to compare with."
            yield finding(
                "no-previous-dose", Verdict.INFO, dose_field(step.drug), words, *_greatest(step), path=dose_path(dosing)
            )


def step_up(dosing: Dosing) -> Iterator[Finding]:
    """A large step up is confirmed apart, with its ratio; so are small ones that make a large one within days."""
    for step in steps_seen(dosing):
        ratio = step.ratio
        if ratio is not None and large(dosing, step):
            words = (
                f"The 24-hour dose of {step.drug.display} becomes {ratio_text(ratio)} the previous one; "
                "confirm the ratio separately."
            )
            yield _found("dose-step-up", Verdict.STOP, dosing, step, words, step.drug.source_of("step_ratio"), ratio)
        elif ratio is not None and primary(dosing, step) and rises(dosing, step):
            yield from _steps_together(dosing, step)


def _steps_together(dosing: Dosing, step: DrugStep) -> Iterator[Finding]:
    """The new dose against the lowest of the last days: each step small, all of them together large."""
    policy, lowest = dosing.standing.policy, lowest_of_late(dosing, step)
    if lowest is None or step.new_daily.count <= step.drug.step_ratio * (lowest.count + _slack(dosing, step)):
        return
    ratio, within = Fraction(step.new_daily.count, lowest.count), length_text(policy.step_look_back)
    words = (
        f"The 24-hour dose of {step.drug.display} becomes {ratio_text(ratio)} the lowest one of the last {within}, "
        "step by step; confirm the ratio separately."
    )
    shown = (
        (f"lowest 24-hour dose of the last {within}", dose_text(lowest, step.drug)),
        ("new basal 24-hour dose", dose_text(step.new_daily, step.drug)),
        ("ratio", ratio_text(ratio)),
    )
    limit, field, path = policy.source_of("step_look_back"), dose_field(step.drug), dose_path(dosing)
    yield finding("dose-step-up", Verdict.STOP, field, words, *shown, limit=limit, ratio=ratio, path=path)


def step_soft(dosing: Dosing) -> Iterator[Finding]:
    """A step up that is larger than printed for this patient's setting, but not so large as to be confirmed apart."""
    patient = dosing.situation.patient
    for step in steps_seen(dosing):
        ratio = step.ratio
        if ratio is None or large(dosing, step):
            continue
        share = highest_share(step.drug, patient, step.old_daily)
        if share is not None and passes(dosing, step, 1 + share.amount):
            words = (
                f"The 24-hour dose of {step.drug.display} rises by more than {share_text(share.amount)}, the largest "
                "step printed for this patient; take a smaller one or say why."
            )
            yield _found("dose-step-soft", Verdict.WARN, dosing, step, words, share.origin, ratio)
        added = largest_added(step.drug, patient)
        if added is not None and step.new_daily.count > step.old_daily.count + added.amount.count + _slack(
            dosing, step
        ):
            words = (
                f"The 24-hour dose of {step.drug.display} rises by more than {dose_text(added.amount, step.drug)}, "
                "the largest step its label prints; take a smaller one or say why."
            )
            yield _found("dose-step-soft", Verdict.WARN, dosing, step, words, added.origin, ratio)


def step_down(dosing: Dosing) -> Iterator[Finding]:
    """A large step down of a drug that must not be stopped abruptly."""
    for step in steps_seen(dosing):
        if step.ratio is None or step.new_greatest.count == 0 or step.drug.abrupt_stop_allowed:
            continue
        fall = largest_fall(step.drug, dosing.situation.patient)
        factor = Fraction(1, step.drug.step_ratio) if fall is None else 1 - fall.amount
        if step.new_daily.count + _slack(dosing, step) >= factor * step.old_daily.count or step.ratio >= factor:
            continue
        words = (
            f"The 24-hour dose of {step.drug.display} falls to less than {share_text(factor)} of the previous one; "
            "watch for withdrawal."
        )
        limit = step.drug.source_of("step_ratio") if fall is None else fall.origin
        yield _found("dose-step-down", Verdict.WARN, dosing, step, words, limit, step.ratio)


def abrupt_stop(dosing: Dosing) -> Iterator[Finding]:
    """A drug that has been running and would no longer be given at all, nor another of its class in its place."""
    steps = tuple(steps_seen(dosing))
    for step in steps:
        stops = step.old_greatest.count and not step.new_greatest.count
        if not stops or step.drug.abrupt_stop_allowed or replaced_by(step, steps) is not None:
            continue
        dangerous = step.drug.drug_class in _DANGEROUS_WITHDRAWAL
        feared = "which can kill; step it down" if dangerous else "so step it down or cover it"
        words = f"{step.drug.display} would stop at once; stopping it abruptly causes withdrawal, {feared}."
        verdict = Verdict.STOP if dangerous else Verdict.WARN
        yield finding(
            "abrupt-stop",
            verdict,
            dose_field(step.drug),
            words,
            *_greatest(step),
            limit=step.drug.withdrawal,
            path=dose_path(dosing),
        )


def large(dosing: Dosing, step: DrugStep) -> bool:
    """Whether the step up is one that is confirmed apart."""
    greatest = step.greatest_ratio
    return passes(dosing, step, step.drug.step_ratio) or (greatest is not None and greatest > step.drug.step_ratio)


def _slack(dosing: Dosing, step: DrugStep) -> int:
    return lost_to_rounding(dosing, step).count


def _found(
    rule: str, verdict: Verdict, dosing: Dosing, step: DrugStep, words: str, limit: Sourced, ratio: Fraction
) -> Finding:
    shown = (*_compared(step), ("ratio", ratio_text(ratio)))
    field, path = dose_field(step.drug), dose_path(dosing)
    return finding(rule, verdict, field, words, *shown, limit=limit, ratio=ratio, path=path)


def _compared(step: DrugStep) -> tuple[tuple[str, str], ...]:
    """The two doses whose ratio is the step's."""
    if step.ratio == step.greatest_ratio:
        return _greatest(step)
    return _pair("basal", step, step.old_daily, step.new_daily)


def _greatest(step: DrugStep) -> tuple[tuple[str, str], ...]:
    return _pair("greatest", step, step.old_greatest, step.new_greatest)


def _pair(which: str, step: DrugStep, old: DoseRate, new: DoseRate) -> tuple[tuple[str, str], ...]:
    return (
        (f"previous {which} 24-hour dose", dose_text(old, step.drug)),
        (f"new {which} 24-hour dose", dose_text(new, step.drug)),
    )
