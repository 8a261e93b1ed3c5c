"""The bolus the patient may ask for: whether at all, how large beside the day's dose, and how many really."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.plan import Dosing, Plan
from thecal.therapy.rules.named import dose_text, share_text
from thecal.therapy.showing import amount_text, length_text


def bolus_allowed(dosing: Dosing) -> Iterator[Finding]:
    """Some drugs are not given on a patient's request, alone or in a mixture."""
    if dosing.prescription.patient_bolus is None:
        return
    for step in dosing.steps:
        if step.concentration is not None and not step.drug.patient_bolus_allowed:
            words = f"{step.drug.display} is not given as a patient bolus; prescribe it without."
            yield refusal("bolus-not-allowed", "patient bolus", words, path=_bolus_path(dosing))


def bolus_share(plan: Plan) -> Iterator[Finding]:
    """One bolus is a larger part of the 24-hour dose than usual.

    A basal flow at the floor of the pump means that the boluses are the therapy; a share of it says nothing then.
    """
    doses, derived = plan.translation.achievable.bolus, plan.translation.derived
    if derived.highest_rate.count <= plan.standing.pump.descriptor.lowest_rate_nl_per_day:
        return
    for step, bolus in zip(plan.steps, doses, strict=False):
        usual = step.drug.bolus_share
        if usual is None or step.new_daily.count == 0:
            continue
        share = Fraction(bolus.count, step.new_daily.count)
        if share <= usual.high.amount:
            continue
        words = (
            f"One bolus is {share_text(share)} of the basal 24-hour dose of {step.drug.display}, more than usual; "
            "prescribe a smaller one or say why."
        )
        shown = (
            ("bolus", amount_text(bolus, step.drug.dose_unit)),
            ("basal 24-hour dose", dose_text(step.new_daily, step.drug)),
            ("usual share, at most", share_text(usual.high.amount)),
        )
        limit, path = usual.high.origin, f"{_bolus_path(plan)}.dose"
        yield finding("bolus-share", Verdict.WARN, "bolus dose", words, *shown, limit=limit, path=path)


def effective_boluses(plan: Plan) -> Iterator[Finding]:
    """More boluses allotted than lockout and volume limit leave room for."""
    bolus, effective = plan.prescription.patient_bolus, plan.translation.derived.effective_boluses
    if bolus is None or effective is None or effective >= bolus.maximum_per_24h:
        return
    words = f"Of {bolus.maximum_per_24h} boluses in 24 h only {effective} are possible; acknowledge that number."
    shown = (
        ("allotted", str(bolus.maximum_per_24h)),
        ("effective", str(effective)),
        ("lockout", length_text(bolus.lockout)),
    )
    path = f"{_bolus_path(plan)}.maximum_per_24h"
    yield finding("effective-boluses", Verdict.WARN, "boluses per 24 h", words, *shown, path=path)


def _bolus_path(dosing: Dosing) -> str:
    return f"{dosing.written.therapy}.patient_bolus"
