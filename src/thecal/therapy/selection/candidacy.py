"""Whether the patient is a candidate for an implanted pump: hard rules H1 to H3 and the criteria before them.

Criteria hold for pain or for spasticity; without an indication those of neither can speak [constant-flow 5.1].
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from thecal.catalogue.drugs import drug
from thecal.catalogue.precautions import Precaution, Weight, precautions
from thecal.catalogue.selection import choosing
from thecal.catalogue.selection_terms import HardRule, TrialMethod
from thecal.therapy.patient import Condition, Indication
from thecal.therapy.selection.facts import CancerStage, Cause, Patient, Psychology, SelectionInputs, TrialResult
from thecal.therapy.selection.rulings import Ruling, Standing, every, inverse, ruling

_NEVER_IMPLANTED = (
    (HardRule.INFECTION, Condition.INFECTION),
    (HardRule.COAGULOPATHY, Condition.COAGULOPATHY),
    (HardRule.CSF_BLOCK, Condition.CSF_BLOCK),
)


class Route(Enum):
    """Where the patient stands on the way to a pump."""

    IMPLANT = "candidate for an implanted pump"
    TRIAL_FIRST = "candidate if a trial succeeds"
    NOT_KNOWN = "not known yet: facts are missing"
    EXTERNAL = "external pump on a tunnelled catheter"
    NONE = "no implanted pump"

    @property
    def candidate(self) -> bool:
        """Whether nothing known stands against an implant."""
        return self in (Route.IMPLANT, Route.TRIAL_FIRST)


def route_of(rulings: tuple[Ruling, ...]) -> Route:
    """The route that follows from the rulings about a patient."""
    against = {each.rule for each in rulings if each.standing is Standing.AGAINST}
    if against == {HardRule.LIFE_EXPECTANCY}:
        return Route.EXTERNAL
    if against:
        return Route.NONE
    standings = [each.standing for each in rulings]
    if Standing.NOT_KNOWN in standings:
        return Route.NOT_KNOWN
    return Route.TRIAL_FIRST if Standing.TO_DO in standings else Route.IMPLANT


def candidacy(inputs: SelectionInputs) -> tuple[Ruling, ...]:
    """Every criterion that holds for this patient, in the order of the published tables."""
    patient = inputs.patient
    return (
        ruling(HardRule.INDICATION, None if patient.indication is None else True, "", "patient.indication"),
        ruling(HardRule.CONSERVATIVE, patient.conservative_failed, "", "patient.conservative_failed"),
        ruling(HardRule.PATHOLOGY, patient.pathology_shown, "", "patient.pathology_shown"),
        *_of_indication(patient),
        *_of_body(patient),
        _drugs(inputs),
        *_trial(patient, inputs.trial),
    )


def trial_may_be_skipped(patient: Patient) -> bool:
    """Whether the consensus lets a trial be left out."""
    return patient.indication is Indication.CANCER_PAIN and patient.stage is CancerStage.PALLIATION


def _of_indication(patient: Patient) -> Iterator[Ruling]:
    if patient.indication is Indication.SPASTICITY:
        yield ruling(HardRule.CONSENT, patient.consents, "", "patient.consents")
        yield from _brain_injury(patient)
    elif patient.indication is not None:
        mind = patient.psychology
        cleared = None if mind is None else mind is Psychology.CLEARED
        yield ruling(HardRule.PSYCHOLOGY, cleared, "" if mind is None else mind.value, "patient.psychology")
        yield _life_expectancy(patient)
    if patient.indication is Indication.NONCANCER_PAIN:
        months, least = patient.expected_duration_months, choosing().thresholds.pain_duration.value
        lasts = None if months is None else months > least
        yield ruling(HardRule.DURATION, lasts, _months(months), "patient.expected_duration_months")


def _life_expectancy(patient: Patient) -> Ruling:
    months, least = patient.life_expectancy_months, choosing().thresholds.life_expectancy.value
    enough = None if months is None else months >= least
    return ruling(HardRule.LIFE_EXPECTANCY, enough, _months(months), "patient.life_expectancy_months")


def _brain_injury(patient: Patient) -> Iterator[Ruling]:
    """Only where an injury is the cause; a cause nobody named may be one."""
    if patient.cause is None:
        yield ruling(HardRule.BRAIN_INJURY, None, "", "patient.cause")
    elif patient.cause is Cause.BRAIN_INJURY:
        months, least = patient.injured_months_ago, choosing().thresholds.brain_injury_wait.value
        waited = None if months is None else months >= least
        yield ruling(HardRule.BRAIN_INJURY, waited, _months(months), "patient.injured_months_ago")


def _of_body(patient: Patient) -> Iterator[Ruling]:
    known = patient.conditions
    for rule, condition in _NEVER_IMPLANTED:
        free = None if known is None else condition not in known
        yield ruling(rule, free, condition.value if free is False else "", "patient.conditions")
    yield ruling(HardRule.BODY_SIZE, patient.room_for_pump, "", "patient.room_for_pump")
    depth = patient.depth_cm
    shallow = None if depth is None else depth <= choosing().thresholds.depth.value
    yield ruling(HardRule.DEPTH, shallow, "" if depth is None else f"{depth} cm", "patient.depth_cm")


def _drugs(inputs: SelectionInputs) -> Ruling:
    """A wanted drug that a condition rules out; unknown only where a condition could rule one out."""
    wanted = [drug(each.drug) for each in inputs.needs.drugs]
    barred = [(each, known) for each in precautions() for known in wanted if _bars(each) and each.concerns(known)]
    if not wanted:
        return ruling(HardRule.DRUG, None, "", "needs.drugs")
    if inputs.patient.conditions is None:
        return ruling(HardRule.DRUG, None if barred else True, "", "patient.conditions")
    has = [condition.value for condition in inputs.patient.conditions]
    for each, known in barred:
        if each.condition in has:
            return ruling(HardRule.DRUG, False, f"{known.display} with {each.condition}", basis=each.words)
    return ruling(HardRule.DRUG, True)


def _bars(each: Precaution) -> bool:
    return each.weight is Weight.REFUSE and each.condition is not None


def _trial(patient: Patient, trial: TrialResult) -> Iterator[Ruling]:
    if trial.done is None:
        yield ruling(HardRule.TRIAL, None, "", "trial.done")
    elif not trial.done and trial_may_be_skipped(patient):
        yield ruling(HardRule.TRIAL, True, "left out", basis=choosing().trial(TrialMethod.MAY_BE_SKIPPED))
    elif not trial.done:
        yield Ruling(HardRule.TRIAL, Standing.TO_DO, choosing().rule(HardRule.TRIAL), "none made yet")
    elif patient.indication is None:
        yield ruling(HardRule.TRIAL, None, "", "patient.indication")
    elif patient.indication is Indication.SPASTICITY:
        found = {True: "answered", False: "no answer", None: ""}[trial.responded]
        yield ruling(HardRule.TRIAL, trial.responded, found, "trial.responded")
    else:
        yield _relief(trial)


def _relief(trial: TrialResult) -> Ruling:
    relief, least = trial.relief_percent, choosing().thresholds.trial_relief.value
    helped = None if relief is None else relief >= least
    facts = (("trial.relief_percent", relief), ("trial.intolerable_effects", trial.intolerable_effects))
    found = [] if relief is None else [f"relief of {relief} %"]
    found += ["intolerable effects"] if trial.intolerable_effects else []
    missing = (path for path, known in facts if known is None)
    return ruling(HardRule.TRIAL, every(helped, inverse(trial.intolerable_effects)), ", ".join(found), *missing)


def _months(months: int | None) -> str:
    return "" if months is None else f"{months} month{'s' * (months != 1)}"
