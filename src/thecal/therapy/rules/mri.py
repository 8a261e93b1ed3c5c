"""A scan that is planned, against what the pump allows in a magnet."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

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
    shown = ("field", _tesla(plan.field_tesla)), left, ("cannot be drawn out", amount_text(model.residual, "mL"))
    source = Words(limit.words, limit.source, limit.confidence)
    yield finding(rule, verdict, _FIELD, words, *shown, limit=source, path="pending.mri")


def field_too_strong(situation: Situation) -> Iterator[Finding]:
    """A field stronger than anyone vouches for with this pump, or one of which nobody says anything."""
    plan, model = situation.pending.mri, known_model(situation)
    if plan is None or model is None or model.mri.rule is MriRule.UNSAFE:
        return
    strongest, path = model.mri.strongest_field, "pending.mri.field_tesla"
    shown = [("field", _tesla(plan.field_tesla))]
    if strongest is None:
        words = f"Up to which field {model.name} may be scanned is not known here; read its own label before the scan."
        verdict = Verdict.INFO if model.mri.rule is MriRule.NONE_NEEDED else Verdict.WARN
        yield finding("mri-field", verdict, _FIELD, words, *shown, path=path)
    elif plan.field_tesla > strongest.value:
        words = f"{model.name} is not known to stand so strong a field; use a weaker scanner, or ask its maker first."
        shown.append(("strongest known", _tesla(strongest.value)))
        yield finding("mri-field", Verdict.STOP, _FIELD, words, *shown, limit=strongest, path=path)


def _tesla(field: Decimal) -> str:
    return f"{field} T"
