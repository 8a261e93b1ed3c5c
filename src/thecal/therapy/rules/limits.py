"""Every drug of the fluid against its own limits, each authority apart: label, consensus, site, built-in ceiling.

The library holds the figures of US labels and no others; a finding says so, for the label of another place may differ.
A dose is the greatest that any 24 hours can bring, with every effective bolus. PACC 2012 is shown in the library but
not held against a plan: PACC 2017 supersedes it.
"""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.drugs import Limits
from thecal.catalogue.quoted import Quoted
from thecal.quantities import Concentration, DoseRate
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.plan import Dosing
from thecal.therapy.rules.known import one_flow
from thecal.therapy.rules.named import (
    concentration_field,
    concentration_path,
    concentration_text,
    dose_field,
    dose_path,
    dose_text,
)


def concentration(dosing: Dosing) -> Iterator[Finding]:
    """A concentration above what anyone limits it to, one finding for each limit that it passes."""
    for step in dosing.steps:
        if step.concentration is None:
            continue
        for rule, verdict, whose, limit in _concentrations(step.drug.concentration):
            if limit is None or step.concentration <= limit.amount:
                continue
            said = f"{step.drug.display} is more concentrated than the {whose}; read the label of the fluid again."
            shown = (
                ("concentration", concentration_text(step.concentration, step.drug)),
                (whose, concentration_text(limit.amount, step.drug)),
            )
            field, path = concentration_field(step.drug), concentration_path(dosing, step.drug)
            yield finding(rule, verdict, field, said, *shown, limit=limit.origin, path=path)


def weakest_concentration(dosing: Dosing) -> Iterator[Finding]:
    """A concentration below what the drug needs to keep in a reservoir."""
    for step in dosing.steps:
        lowest = step.drug.lowest_concentration
        if lowest is None or step.concentration is None or step.concentration >= lowest.amount:
            continue
        words = f"{step.drug.display} is thinner than it may be in an implanted reservoir; use a stronger fluid."
        shown = (
            ("concentration", concentration_text(step.concentration, step.drug)),
            ("lowest", concentration_text(lowest.amount, step.drug)),
        )
        field, path = concentration_field(step.drug), concentration_path(dosing, step.drug)
        rule = "concentration-below-lowest"
        yield finding(rule, Verdict.WARN, field, words, *shown, limit=lowest.origin, path=path)


def daily_dose(dosing: Dosing) -> Iterator[Finding]:
    """The greatest possible 24-hour dose above what anyone limits it to, one finding for each limit."""
    less = "fill a thinner fluid" if one_flow(dosing.situation) else "prescribe less"
    for step in dosing.steps:
        for rule, verdict, whose, limit in _daily_doses(step.drug.daily_dose):
            if limit is None or step.new_flowing <= limit.amount:
                continue
            words = f"The greatest possible 24-hour dose of {step.drug.display} passes the {whose}; {less}."
            shown = (
                ("greatest 24-hour dose", dose_text(step.new_flowing, step.drug)),
                (whose, dose_text(limit.amount, step.drug)),
            )
            yield finding(
                rule, verdict, dose_field(step.drug), words, *shown, limit=limit.origin, path=dose_path(dosing)
            )


def _concentrations(
    limits: Limits[Concentration],
) -> tuple[tuple[str, Verdict, str, Quoted[Concentration] | None], ...]:
    return (
        ("concentration-above-consensus", Verdict.WARN, "consensus limit", limits.consensus),
        ("concentration-above-label", Verdict.WARN, "strongest fluid on the US label", limits.label),
        ("concentration-above-site", Verdict.STOP, "limit of this site", limits.site),
        ("concentration-above-ceiling", Verdict.REFUSE, "built-in ceiling", limits.hard),
    )


def _daily_doses(limits: Limits[DoseRate]) -> tuple[tuple[str, Verdict, str, Quoted[DoseRate] | None], ...]:
    return (
        ("dose-above-consensus", Verdict.WARN, "consensus limit", limits.consensus),
        ("dose-above-label-caution", Verdict.WARN, "dose above which the US label warns", limits.label),
        ("dose-above-site", Verdict.STOP, "limit of this site", limits.site),
        ("dose-above-ceiling", Verdict.REFUSE, "built-in ceiling", limits.hard),
    )
