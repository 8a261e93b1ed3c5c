"""What the pump's counts cannot give of what was typed."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.plan import Plan
from thecal.therapy.rules.named import dose_path, dose_text
from thecal.therapy.showing import amount_text


def residual(plan: Plan) -> Iterator[Finding]:
    """The pump gives a little less than was typed, of the 24-hour dose or of a bolus."""
    if not plan.infuses:
        return
    drug, translated = plan.steps[0].drug, plan.translation
    if translated.residual.daily[0].count:
        words = "The pump gives a little less than was typed."
        shown = (
            ("programmed", dose_text(translated.programmed.daily[0], drug)),
            ("achievable", dose_text(translated.achievable.daily[0], drug)),
        )
        yield finding("residual-daily", Verdict.INFO, "daily dose", words, *shown, path=dose_path(plan))
    if translated.residual.bolus and translated.residual.bolus[0].count:
        words = "A bolus is whole strokes of the pump and a little less than was typed."
        shown = (
            ("programmed", amount_text(translated.programmed.bolus[0], drug.dose_unit)),
            ("achievable", amount_text(translated.achievable.bolus[0], drug.dose_unit)),
        )
        path = f"{plan.written.therapy}.patient_bolus.dose"
        yield finding("residual-bolus", Verdict.INFO, "bolus dose", words, *shown, path=path)
