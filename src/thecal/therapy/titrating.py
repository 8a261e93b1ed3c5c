"""Which of a drug's printed ways of changing the dose hold for a patient, and how far one step may then go.

Titration and maintenance are both printed for spasticity, and nothing tells them apart for certain: of the settings
that fit, the widest step and the shortest interval count.
"""

from __future__ import annotations

from fractions import Fraction

from thecal.catalogue.drugs import Authority, Drug, Setting, Titration
from thecal.catalogue.policy import policy
from thecal.catalogue.quoted import Quoted
from thecal.quantities import DoseRate, Duration
from thecal.therapy.patient import Indication, Jurisdiction, PatientFacts, SpasticityOrigin

_SPINAL = (Setting.SPINAL_TITRATION, Setting.SPINAL_MAINTENANCE)
_CEREBRAL = (Setting.CEREBRAL_TITRATION, Setting.CEREBRAL_MAINTENANCE)
_PAIN = {Indication.CANCER_PAIN: (Setting.CANCER,), Indication.NONCANCER_PAIN: (Setting.NON_CANCER,)}
_LABELS = {
    Jurisdiction.US: (Setting.US_LABEL,),
    Jurisdiction.EU: (Setting.EU_LABEL,),
    Jurisdiction.OTHER: (Setting.US_LABEL, Setting.EU_LABEL),
}


def titrations_for(drug: Drug, patient: PatientFacts) -> tuple[Titration, ...]:
    """The settings that fit this patient; empty where what is known of the patient does not say."""
    if patient.indication is Indication.SPASTICITY:
        wanted = _of_spasticity(patient)
    else:
        wanted = () if patient.indication is None else _PAIN[patient.indication]
    wanted += _LABELS[patient.jurisdiction]
    return tuple(each for each in drug.titrations if each.setting in wanted)


def _of_spasticity(patient: PatientFacts) -> tuple[Setting, ...]:
    """A child is stepped as for cerebral origin, whatever the origin is."""
    if patient.age_years is not None and patient.age_years < policy().child_below:
        return _CEREBRAL
    return {SpasticityOrigin.SPINAL: _SPINAL, SpasticityOrigin.CEREBRAL: _CEREBRAL, None: ()}[patient.origin]


def highest_share(drug: Drug, patient: PatientFacts, before: DoseRate) -> Quoted[Fraction] | None:
    """The largest step up from ``before`` as a share of it; None where nothing is printed for this patient.

    Above where doses usually settle in maintenance, the figure for high doses holds where there is one.
    """
    fitting = titrations_for(drug, patient)
    shares = [each.up.high for each in fitting if each.up is not None]
    settled = [each.usual.high.amount for each in fitting if each.usual is not None]
    if shares and settled and before > max(settled):
        shares = [each.up.high for each in drug.titrations if each.setting is Setting.HIGH_DOSE and each.up] or shares
    return max(shares, key=lambda share: share.amount, default=None)


def largest_added(drug: Drug, patient: PatientFacts) -> Quoted[DoseRate] | None:
    """The largest step up as a dose added to the 24-hour dose; None where nothing is printed for this patient."""
    added = (each.up_dose for each in titrations_for(drug, patient) if each.up_dose is not None)
    return max(added, key=lambda dose: dose.amount, default=None)


def largest_fall(drug: Drug, patient: PatientFacts) -> Quoted[Fraction] | None:
    """The largest step down a label prints, as a share of the dose; None where no label does for this patient."""
    falls = (
        each.down.high
        for each in titrations_for(drug, patient)
        if each.down is not None and each.authority is Authority.LABEL
    )
    return max(falls, key=lambda share: share.amount, default=None)


def shortest_interval(drug: Drug, patient: PatientFacts, *, first: bool) -> Quoted[Duration] | None:
    """The shortest time before the next step up; ``first``: since the very first dose.

    Where the patient's setting is not known, the shortest of any setting but the voluntary slow one. None: not printed.
    """
    fitting = titrations_for(drug, patient) or tuple(
        each for each in drug.titrations if each.setting is not Setting.LOW_AND_SLOW
    )
    waits = [each.first_after if first and each.first_after is not None else each.interval for each in fitting]
    return min((each for each in waits if each is not None), key=lambda wait: wait.amount, default=None)


def earliest_ceilings(drug: Drug, patient: PatientFacts) -> tuple[tuple[Quoted[DoseRate], Quoted[Duration]], ...]:
    """Doses that may not be reached before so long after the first dose."""
    return tuple(
        (each.ceiling, each.ceiling_after)
        for each in titrations_for(drug, patient)
        if each.ceiling is not None and each.ceiling_after is not None
    )
