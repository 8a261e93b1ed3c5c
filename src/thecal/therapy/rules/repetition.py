"""A flex step that repeats within the day, said as what it amounts to."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from thecal.quantities import DoseRate
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.plan import Dosing
from thecal.therapy.prescription import Flex, TimedDose
from thecal.therapy.rules.named import dose_path, dose_text
from thecal.therapy.schedule import programmed_daily
from thecal.therapy.showing import ratio_text


def repetition(dosing: Dosing) -> Iterator[Finding]:
    """A step that runs more than once a day, and how many times the dose of once a day that is.

    With a previous dose the step rule guards the total. Without one nothing else could see that a dose meant for
    once a day was repeated, so the repetition itself is measured against once a day.
    """
    regimen = dosing.prescription.regimen
    if not isinstance(regimen, Flex) or not any(step.times_per_day > 1 for step in regimen.steps):
        return
    primary = dosing.steps[0]
    total = programmed_daily(regimen)
    once = _once_a_day(regimen)
    ratio = Fraction(total, once) if once else Fraction(1)
    alone = primary.ratio is None and ratio > primary.drug.step_ratio
    repeats = "; ".join(_spoken(step, primary.drug.dose_unit) for step in regimen.steps if step.times_per_day > 1)
    words = f"{repeats}: {ratio_text(ratio)} the dose of once a day."
    shown = (
        ("24-hour dose", dose_text(DoseRate(int(total)), primary.drug)),
        ("once a day", dose_text(DoseRate(int(once)), primary.drug)),
        ("ratio", ratio_text(ratio)),
    )
    verdict = Verdict.STOP if alone else Verdict.INFO
    limit, path = primary.drug.source_of("step_ratio"), dose_path(dosing)
    yield finding("step-repeats", verdict, "steps", words, *shown, limit=limit, ratio=ratio, path=path)


def _once_a_day(regimen: Flex) -> Fraction:
    covered = sum(step.minutes for step in regimen.steps)
    background = Fraction(regimen.background.count * (1_440 - covered), 1_440)
    return sum(step.dose.count for step in regimen.steps) + background


def _spoken(step: TimedDose, unit: str) -> str:
    return f"{step.dose.text_in(unit)} every {step.every_h} h is {step.times_per_day} times a day"
