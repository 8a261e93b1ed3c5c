"""A scan that is planned, against what the pump allows in a magnet."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.pump_parts import MriRule
from thecal.catalogue.quoted import Words
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.rules.known import known_model
from thecal.therapy.showing import amount_text
from thecal.therapy.situation import Situation

_FIELD = "scan"


def mri(situation: Situation) -> Iterator[Finding]:
    """A pump that must not be scanned, one that must be empty first, and one that is read before and after."""
    plan, model = situation.pending.mri, known_model(situation)
    if plan is None or model is None:
        return
    left, limit = ("left in the reservoir", amount_text(plan.reservoir, "mL")), model.mri
    match limit.rule:
        case MriRule.UNSAFE:
            rule, verdict = "mri-unsafe", Verdict.REFUSE
            words = f"{model.name} must not go into a scanner: {limit.words}."
        case MriRule.EMPTY_FIRST if plan.reservoir > model.residual:
            rule, verdict = "mri-empty-first", Verdict.REFUSE
            words = f"{model.name} must be emptied before the scan: {limit.words}."
        case MriRule.NONE_NEEDED:
            return
        case _:
            rule, verdict = "mri-interrogate", Verdict.INFO
            words = f"Interrogate the pump before and after the scan: {limit.words}."
    shown = ("field", f"{plan.field_tesla} T"), left, ("cannot be drawn out", amount_text(model.residual, "mL"))
    source = Words(limit.words, limit.source, limit.confidence)
    yield finding(rule, verdict, _FIELD, words, *shown, limit=source, path="pending.mri")
