"""Facts that cannot all be true: what is told of one thing that is not there, and drugs named twice or at no dose."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.therapy.patient import Indication
from thecal.therapy.selection.facts import Cause, SelectionInputs


def contradiction(inputs: SelectionInputs) -> tuple[str, str] | None:
    """The first contradiction: the field, and one line that says what would be accepted; None where there is none."""
    return next(_contradictions(inputs), None)


def _contradictions(inputs: SelectionInputs) -> Iterator[tuple[str, str]]:
    patient, trial = inputs.patient, inputs.trial
    spastic = patient.indication in (None, Indication.SPASTICITY)
    if patient.cause is not None and not spastic:
        yield "patient.cause", "is of spasticity; leave it out for pain"
    if patient.injured_months_ago is not None and patient.cause is not Cause.BRAIN_INJURY:
        yield "patient.injured_months_ago", "is only for a brain injury as the cause"
    if patient.stage is not None and patient.indication is not Indication.CANCER_PAIN:
        yield "patient.stage", "is only for cancer pain"
    if patient.spread is not None and patient.indication is Indication.SPASTICITY:
        yield "patient.spread", "is only for pain"
    results = (trial.relief_percent, trial.intolerable_effects, trial.responded)
    if not trial.done and any(each is not None for each in results):
        yield "trial.done", "must be true where a result of the trial is given"
    if trial.relief_percent is not None and patient.indication is Indication.SPASTICITY:
        yield "trial.relief_percent", "is for pain; say for spasticity whether it responded"
    if trial.responded is not None and not spastic:
        yield "trial.responded", "is for spasticity; give the relief of pain in per cent"
    wanted = [each.drug for each in inputs.needs.drugs]
    if len(set(wanted)) != len(wanted):
        yield "needs.drugs", "names a drug twice; name each once, with all of its 24-hour dose"
    if any(each.daily_dose is not None and each.daily_dose.count == 0 for each in inputs.needs.drugs):
        yield "needs.drugs", "a 24-hour dose must be more than zero; leave it out where it is not known"
