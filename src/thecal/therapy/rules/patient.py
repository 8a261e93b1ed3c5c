"""What in this patient speaks against a drug of the plan, or asks for care with it.

What is ruled out is refused while it is given or raised; lowering it is always open. What asks for care is said when
a drug begins or rises, not at every visit.
"""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.precautions import Precaution, Weight, precautions
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.patient import PatientFacts
from thecal.therapy.plan import Dosing, DrugStep
from thecal.therapy.rules.before import rises, starts_flowing, steps_seen
from thecal.therapy.rules.named import dose_field

_VERDICTS = {
    Weight.REFUSE: ("contraindication", Verdict.REFUSE),
    Weight.WARN: ("interaction", Verdict.WARN),
    Weight.INFORM: ("interaction", Verdict.INFO),
}


def precaution(dosing: Dosing) -> Iterator[Finding]:
    """Conditions, other medicines and age against every drug that is given."""
    patient = dosing.situation.patient
    for step in steps_seen(dosing):
        for each in precautions():
            place = _met(each, patient)
            if place is not None and each.concerns(step.drug) and _speaks(dosing, step, each.weight):
                yield _said(step, each, place)


def _met(each: Precaution, patient: PatientFacts) -> str | None:
    """Where in the patient's facts it is met; None where it is not, or nobody knows."""
    if each.below_age is not None:
        young = patient.age_years is not None and patient.age_years < each.below_age.value
        return "patient.age_years" if young else None
    if each.condition in [condition.value for condition in patient.conditions]:
        return "patient.conditions"
    return "patient.medicines" if each.medicine in [medicine.value for medicine in patient.medicines] else None


def _speaks(dosing: Dosing, step: DrugStep, weight: Weight) -> bool:
    if step.new_flowing.count == 0:
        return False
    if weight is Weight.REFUSE:
        return step.new_flowing >= step.old_flowing
    return rises(dosing, step) or starts_flowing(step)


def _said(step: DrugStep, each: Precaution, path: str) -> Finding:
    rule, verdict = ("off-label", Verdict.INFO) if each.below_age is not None else _VERDICTS[each.weight]
    met = each.condition or each.medicine or "age"
    words = f"{step.drug.display} with {met}: {each.words.text}."
    return finding(rule, verdict, dose_field(step.drug), words, limit=each.words, path=path)
