"""Signs of an inflammatory mass at the catheter tip, which no dose and no drug rules out.

Triggers that are printed: a new neurological sign, loss of effect, the need for quick escalation. Dose and
concentration both go with it (Duarte 2012: r 0.82 and 0.65).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from thecal.catalogue.drugs import Granuloma
from thecal.quantities import Instant
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.patient import Condition
from thecal.therapy.plan import Dosing, DrugStep
from thecal.therapy.rules.before import rises, steps_seen
from thecal.therapy.rules.named import dose_field, dose_path, dose_text, primary
from thecal.therapy.showing import length_text


def granuloma_watch(dosing: Dosing) -> Iterator[Finding]:
    """Signs of an inflammatory mass at the catheter tip: examine and image before the dose is raised."""
    if not dosing.infuses:
        return
    patient, policy = dosing.situation.patient, dosing.standing.policy
    if patient.new_neurological_sign:
        words = "A new neurological sign may be a mass at the catheter tip; examine and image before going on."
        path = "patient.new_neurological_sign"
        yield finding("granuloma-watch", Verdict.WARN, "new neurological sign", words, path=path)
    for step in steps_seen(dosing):
        if step.drug.granuloma is Granuloma.NONE_REPORTED or not rises(dosing, step):
            continue
        if Condition.GRANULOMA in patient.conditions:
            words = f"{step.drug.display} is raised in a patient with a granuloma, now or before; lower or change it."
            path = "patient.conditions"
            yield finding("granuloma-watch", Verdict.WARN, dose_field(step.drug), words, path=path)
        elif primary(dosing, step) and (shown := _quick_escalation(dosing, step)):
            words = (
                f"{step.drug.display} is raised quickly and repeatedly in an established therapy; "
                "examine for a mass at the catheter tip."
            )
            limit, path = policy.source_of("granuloma_growth"), dose_path(dosing)
            yield finding("granuloma-watch", Verdict.WARN, dose_field(step.drug), words, *shown, limit=limit, path=path)


def _quick_escalation(dosing: Dosing, step: DrugStep) -> tuple[tuple[str, str], ...]:
    """What shows it, or nothing: several steps within the window, to much more or in a fluid above the consensus."""
    policy, now = dosing.standing.policy, dosing.standing.now.epoch_ms
    opens = now - policy.granuloma_window.count
    doses = dosing.situation.history.doses
    earlier = [then for then in doses if then.at.epoch_ms <= opens]
    if not earlier or now - _began(dosing, earlier[0].at).epoch_ms < policy.granuloma_therapy_age.count:
        return ()
    within = (earlier[-1], *(then for then in doses if then.at.epoch_ms > opens))
    ups = 1 + sum(then.daily_dose > before.daily_dose for before, then in pairwise(within))
    strong, consensus = step.concentration, step.drug.concentration.consensus
    before = earlier[-1].daily_dose
    grown = step.new_daily.count > policy.granuloma_growth * before.count
    concentrated = strong is not None and consensus is not None and strong > consensus.amount
    if ups < policy.granuloma_steps or not (grown or concentrated):
        return ()
    window = length_text(policy.granuloma_window)
    return (
        (f"24-hour dose {window} ago", dose_text(before, step.drug)),
        ("new 24-hour dose", dose_text(step.new_daily, step.drug)),
        (f"steps up within {window}", str(ups)),
    )


def _began(dosing: Dosing, first_recorded: Instant) -> Instant:
    """When the therapy began, as far as is known: the first recorded dose, or the implantation before it."""
    implanted = dosing.situation.devices.implanted
    return first_recorded if implanted is None else min(first_recorded, implanted)
