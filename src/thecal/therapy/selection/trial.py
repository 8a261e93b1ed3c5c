"""Which trial suits before an implant, and the doses published for it [constant-flow 5.2; clinical 1.3, 3]."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from thecal.catalogue.drugs import Authority, Drug, drug
from thecal.catalogue.quoted import Quoted, Words
from thecal.catalogue.selection import choosing
from thecal.catalogue.selection_terms import TrialMethod
from thecal.quantities import Mass
from thecal.therapy.patient import Indication
from thecal.therapy.selection.candidacy import trial_may_be_skipped
from thecal.therapy.selection.facts import SelectionInputs

_NEVER_EPIDURAL = "ziconotide"


@dataclass(frozen=True, slots=True)
class TrialDose:
    """A published test dose of one drug, from the lowest to the highest; both alike where there is one."""

    drug: str
    authority: Authority
    low: Quoted[Mass]
    high: Quoted[Mass]


@dataclass(frozen=True, slots=True)
class TrialAdvice:
    """Ways of making a trial, the closest to the pump first, what holds for all of them, and published doses.

    ``methods`` is empty while indication or drugs are not known.
    """

    methods: tuple[tuple[TrialMethod, Words], ...]
    doses: tuple[TrialDose, ...]


def trial_advice(inputs: SelectionInputs) -> TrialAdvice:
    """The trial for this patient, whether it was made already or not. Raises CatalogueError for an unknown drug."""
    methods = tuple((method, choosing().trial(method)) for method in _methods(inputs))
    wanted = (drug(each.drug) for each in inputs.needs.drugs)
    return TrialAdvice(methods, tuple(dose for known in wanted for dose in _doses(known)) if methods else ())


def _methods(inputs: SelectionInputs) -> Iterator[TrialMethod]:
    patient, drugs = inputs.patient, [each.drug for each in inputs.needs.drugs]
    if patient.indication is None or not drugs:
        return
    if patient.indication is Indication.SPASTICITY:
        yield TrialMethod.SCREENING
        return
    if trial_may_be_skipped(patient):
        yield TrialMethod.MAY_BE_SKIPPED
    if _NEVER_EPIDURAL in drugs:
        yield TrialMethod.ZICONOTIDE
    if drugs != [_NEVER_EPIDURAL]:
        yield from (TrialMethod.CONTINUOUS, TrialMethod.SINGLE_SHOT)
    yield TrialMethod.NONE_SUPERIOR


def _doses(known: Drug) -> Iterator[TrialDose]:
    """Screening doses one by one, weakest first; else the trial dose of the newest consensus."""
    for dose in known.screening:
        yield TrialDose(known.display, Authority.LABEL, dose, dose)
    for trial in known.trials:
        if trial.authority is not Authority.PACC_2012:  # superseded
            yield TrialDose(known.display, trial.authority, trial.dose.low, trial.dose.high)
