"""Rules about drug: concentration, 24-hour dose, the step from the previous dose, repetition, abrupt stop."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from thecal.catalogue.drugs import Drug
from thecal.quantities import DoseRate
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.plan import DrugStep, Plan
from thecal.therapy.prescription import Flex, TimedDose
from thecal.therapy.schedule import programmed_daily
from thecal.therapy.showing import amount_text, ratio_text


def concentration(plan: Plan) -> Iterator[Finding]:
    """Concentration above the consensus and above the label: two limits, two findings."""
    for step in plan.steps:
        limits = step.drug.concentration
        for whose, words, limit in (
            ("consensus", "consensus limit", limits.consensus),
            ("label", "label", limits.label),
        ):
            if limit is None or step.concentration is None or step.concentration <= limit.amount:
                continue
            unit = _concentration_unit(step.drug)
            said = f"{step.drug.display} is more concentrated than the {words}; check the label of the fluid."
            shown = ("concentration", amount_text(step.concentration, unit)), (words, amount_text(limit.amount, unit))
            rule, field = f"concentration-above-{whose}", f"concentration of {step.drug.display}"
            yield finding(rule, Verdict.WARN, field, said, *shown, limit=limit.origin)


def daily_dose(plan: Plan) -> Iterator[Finding]:
    """Greatest possible 24-hour dose, boluses included, against consensus, label caution and built-in ceiling."""
    for step in plan.steps:
        limits = step.drug.daily_dose
        for rule, verdict, named, limit in (
            ("dose-above-consensus", Verdict.WARN, "consensus limit", limits.consensus),
            ("dose-above-label-caution", Verdict.WARN, "dose above which the label warns", limits.label),
            ("dose-above-ceiling", Verdict.REFUSE, "built-in ceiling", limits.hard),
        ):
            if limit is None or step.new_greatest <= limit.amount:
                continue
            unit = f"{step.drug.dose_unit}/day"
            words = f"The greatest possible 24-hour dose of {step.drug.display} passes the {named}."
            shown = (
                ("greatest 24-hour dose", amount_text(step.new_greatest, unit)),
                (named, amount_text(limit.amount, unit)),
            )
            yield finding(rule, verdict, _field(step.drug), words, *shown, limit=limit.origin)


def dose_step(plan: Plan) -> Iterator[Finding]:
    """The step from the previous 24-hour dose: a large one up is a STOP, a large one down a WARN."""
    for step in plan.steps:
        if step.new_greatest.count == 0:
            continue
        ratio = step.ratio
        if ratio is None:
            words = f"There is no previous 24-hour dose of {step.drug.display} in this pump to compare with."
            yield finding("no-previous-dose", Verdict.INFO, _field(step.drug), words, *_both(step))
        elif ratio > step.drug.step_ratio:
            words = (
                f"The 24-hour dose of {step.drug.display} becomes {ratio_text(ratio)} the previous one; "
                "confirm the ratio separately."
            )
            yield _step_finding("dose-step-up", Verdict.STOP, step, words, ratio)
        elif ratio * step.drug.step_ratio < 1 and not step.drug.abrupt_stop_allowed:
            words = f"The 24-hour dose of {step.drug.display} falls to less than half; watch for withdrawal."
            yield _step_finding("dose-step-down", Verdict.WARN, step, words, ratio)


def repetition(plan: Plan) -> Iterator[Finding]:
    """A flex step that repeats within the day, said as what it amounts to.

    With a previous dose the step rule guards the total. Without one nothing else could see that a dose meant for
    once a day was repeated, so the repetition itself is measured against once a day.
    """
    regimen = plan.prescription.regimen
    if not isinstance(regimen, Flex) or not any(step.times_per_day > 1 for step in regimen.steps):
        return
    primary = plan.steps[0]
    total = programmed_daily(regimen)
    once = _once_a_day(regimen)
    ratio = total / once if once else Fraction(1)
    alone = primary.ratio is None and ratio > primary.drug.step_ratio
    unit = f"{primary.drug.dose_unit}/day"
    repeats = "; ".join(_spoken(step, primary.drug.dose_unit) for step in regimen.steps if step.times_per_day > 1)
    words = f"{repeats}: {ratio_text(ratio)} the dose of once a day."
    shown = (
        ("24-hour dose", amount_text(DoseRate(int(total)), unit)),
        ("once a day", amount_text(DoseRate(int(once)), unit)),
    )
    ratio_shown = ("ratio", ratio_text(ratio))
    verdict = Verdict.STOP if alone else Verdict.INFO
    limit = primary.drug.source_of("step_ratio")
    yield finding("step-repeats", verdict, "steps", words, *shown, ratio_shown, limit=limit, ratio=ratio)


def abrupt_stop(plan: Plan) -> Iterator[Finding]:
    """Drug that has been running and would no longer be given at all."""
    for step in plan.steps:
        if step.old_greatest.count and not step.new_greatest.count and not step.drug.abrupt_stop_allowed:
            words = f"{step.drug.display} would stop at once; stopping it abruptly can cause withdrawal."
            yield finding("abrupt-stop", Verdict.WARN, _field(step.drug), words, *_both(step))


def mixture(plan: Plan) -> Iterator[Finding]:
    """More than one drug in the fluid: every mixture is off label."""
    if plan.infuses and len(plan.prescription.components) > 1:
        names = ", ".join(component.drug for component in plan.prescription.components)
        yield finding(
            "mixture", Verdict.INFO, "fluid", "No mixture of drugs is labelled for this use.", ("fluid", names)
        )


def _once_a_day(regimen: Flex) -> Fraction:
    covered = sum(step.minutes for step in regimen.steps)
    background = Fraction(regimen.background.count * (1_440 - covered), 1_440)
    return sum(step.dose.count for step in regimen.steps) + background


def _spoken(step: TimedDose, unit: str) -> str:
    return f"{step.dose.text_in(unit)} every {step.every_h} h is {step.times_per_day} times a day"


def _step_finding(rule: str, verdict: Verdict, step: DrugStep, words: str, ratio: Fraction) -> Finding:
    shown = (*_compared(step), ("ratio", ratio_text(ratio)))
    return finding(
        rule, verdict, _field(step.drug), words, *shown, limit=step.drug.source_of("step_ratio"), ratio=ratio
    )


def _compared(step: DrugStep) -> tuple[tuple[str, str], ...]:
    """The two doses whose ratio is the step's."""
    if step.ratio == step.greatest_ratio:
        return _both(step)
    unit = f"{step.drug.dose_unit}/day"
    return (
        ("previous basal 24-hour dose", amount_text(step.old_daily, unit)),
        ("new basal 24-hour dose", amount_text(step.new_daily, unit)),
    )


def _both(step: DrugStep) -> tuple[tuple[str, str], ...]:
    unit = f"{step.drug.dose_unit}/day"
    return (
        ("previous greatest 24-hour dose", amount_text(step.old_greatest, unit)),
        ("new greatest 24-hour dose", amount_text(step.new_greatest, unit)),
    )


def _field(drug: Drug) -> str:
    return f"24-hour dose of {drug.display}"


def _concentration_unit(drug: Drug) -> str:
    return f"{drug.dose_unit}/mL"
