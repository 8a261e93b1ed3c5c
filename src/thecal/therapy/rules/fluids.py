"""What the drugs of the fluid are: labelled for this use in the US or not, alone or mixed, given on whose word."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.drugs import Effect, Status
from thecal.catalogue.mixtures import cautions_for
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.patient import Indication
from thecal.therapy.plan import Dosing
from thecal.therapy.rules.before import rises, starts_flowing, steps_seen
from thecal.therapy.rules.named import dose_field, dose_path

_LABELLED_FOR = {
    Effect.ANALGESIA: (Indication.CANCER_PAIN, Indication.NONCANCER_PAIN),
    Effect.SPASTICITY: (Indication.SPASTICITY,),
}
_UNVOUCHED = (Status.UNSUPPORTED, Status.RESEARCH)


def mixture(dosing: Dosing) -> Iterator[Finding]:
    """More than one drug in the fluid: every mixture is off label, and some ask for care."""
    keys = [component.drug for component in dosing.prescription.components]
    if not dosing.infuses or len(keys) < 2:
        return
    words = "No mixture of drugs is labelled for this use in the US."
    yield finding("mixture", Verdict.INFO, "fluid", words, ("fluid", ", ".join(keys)), path=dosing.written.fluid)
    for caution in cautions_for(keys):
        words = f"In this mixture {caution.words.text}."
        yield finding("mixture", Verdict.INFO, "fluid", words, limit=caution.words, path=dosing.written.fluid)


def off_label(dosing: Dosing) -> Iterator[Finding]:
    """A drug that is not labelled for intrathecal pumps, or not for what this patient is treated for."""
    indication = dosing.situation.patient.indication
    for step in steps_seen(dosing):
        if step.new_flowing.count == 0:
            continue
        display, status = step.drug.display, ("status", step.drug.label_status)
        if step.drug.status is not Status.LABEL:
            words = f"{display} is not labelled for intrathecal pumps in the US."
            yield finding("off-label", Verdict.INFO, "fluid", words, status, path=dosing.written.fluid)
        elif indication is not None and indication not in _LABELLED_FOR[step.drug.effect]:
            words = f"{display} is not labelled for {indication.value} in the US."
            yield finding("off-label", Verdict.INFO, "fluid", words, status, path="patient.indication")


def unsupported(dosing: Dosing) -> Iterator[Finding]:
    """A drug nobody prints figures for: only with limits of the site, and then confirmed by a second person."""
    for step in steps_seen(dosing):
        lowered = step.new_flowing < step.old_flowing
        if step.drug.status not in _UNVOUCHED or step.new_flowing.count == 0 or lowered:
            continue
        field, path = dose_field(step.drug), dose_path(dosing)
        if step.drug.needs_site_limits:
            words = f"Nobody prints limits for {step.drug.display} and this site has set none; set them first."
            yield refusal("unsupported-drug", field, words, ("status", step.drug.label_status), path=path)
        elif rises(dosing, step) or starts_flowing(step):
            words = f"{step.drug.display} is given on the word of this site alone; a second person confirms it."
            yield finding("unsupported-drug", Verdict.STOP, field, words, ("status", step.drug.label_status), path=path)
