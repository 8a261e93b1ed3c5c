"""Old and new side by side: everything a person must see before a program leaves for the pump.

The old column is what the pump reported, the new one what the prescription would make it do. Every number is computed
here, in quantities and as text; a screen only sets it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from thecal.therapy.checks import findings_of, plan_findings, unknown_drugs
from thecal.therapy.findings import Finding, Verdict, heaviest_first, worst
from thecal.therapy.patient import NOBODY_ASKED, PatientFacts
from thecal.therapy.plan import plan_of
from thecal.therapy.prescription import Prescription
from thecal.therapy.projection import Projection
from thecal.therapy.rows import Row, Side, rows_of
from thecal.therapy.schedule import as_prescribed, cannot_prescribe, prescribed_fluid
from thecal.therapy.situation import NOTHING_BEFORE, NOTHING_RECORDED, BridgeOrder, Devices, History, Pending, Situation
from thecal.therapy.standing import Standing
from thecal.therapy.translation import CannotTranslate, Translation, translate


@dataclass(frozen=True, slots=True)
class Needed:
    """A confirmation a person must give: for a WARN an acknowledgement, for a STOP a separate step with the ratio."""

    rule: str
    field: str
    separate: bool
    words: str
    ratio: Fraction | None


@dataclass(frozen=True, slots=True)
class Review:
    """A draft against the pump. ``translation`` is None when this pump cannot do what is prescribed."""

    prescription: Prescription
    translation: Translation | None
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    confirmations_needed: tuple[Needed, ...]
    ratio: Fraction | None  # the largest step of any drug's 24-hour dose; None: nothing to compare with
    projection: Projection | None  # under the new program

    @property
    def verdict(self) -> Verdict:
        """The heaviest verdict."""
        return worst(self.findings)

    @property
    def may_be_sent(self) -> bool:
        """Whether, with its confirmations given, it may go to the pump."""
        return self.translation is not None and self.verdict is not Verdict.REFUSE

    @property
    def changed_rows(self) -> tuple[Row, ...]:
        """The rows that differ."""
        return tuple(row for row in self.rows if row.changed)


def review(
    prescription: Prescription,
    standing: Standing,
    patient: PatientFacts = NOBODY_ASKED,
    devices: Devices = NOTHING_RECORDED,
    history: History = NOTHING_BEFORE,
    bridge: BridgeOrder | None = None,
) -> Review:
    """Translate, check and lay side by side. ``bridge``: a new one that is to be given with the prescription."""
    refused = unknown_drugs(prescription.components)
    translated = CannotTranslate(refused) if refused else translate(prescription, standing.pump)
    old = _old_side(standing)
    if isinstance(translated, CannotTranslate):
        rows = rows_of(old, None, standing.clock_offset_min)
        return Review(prescription, None, rows, translated.findings, (), None, None)
    unknown_before = unknown_drugs(prescribed_fluid(standing.last_infusing), "current.fluid")
    if unknown_before:
        rows = rows_of(old, None, standing.clock_offset_min)
        return Review(prescription, None, rows, unknown_before, (), None, None)
    situation = Situation(Pending(prescription, bridge=bridge), standing, patient, devices, history)
    plan = plan_of(translated, standing, situation)
    findings = heaviest_first((*findings_of(situation), *plan_findings(plan)))
    projection = plan.projection
    new = Side(
        program=translated.program,
        programmed=translated.programmed,
        derived=translated.derived,
        projection=projection,
    )
    ratios = [step.ratio for step in plan.steps if step.ratio is not None]
    return Review(
        prescription=prescription,
        translation=translated,
        rows=rows_of(old, new, standing.clock_offset_min, plan.steps, resumes=standing.resumes),
        findings=findings,
        confirmations_needed=needed(findings),
        ratio=max(ratios, default=None),
        projection=projection,
    )


def needed(findings: tuple[Finding, ...]) -> tuple[Needed, ...]:
    """One confirmation for every WARN and STOP."""
    return tuple(
        Needed(found.rule, found.field, found.verdict is Verdict.STOP, found.words, found.ratio)
        for found in findings
        if found.verdict in (Verdict.WARN, Verdict.STOP)
    )


def _old_side(standing: Standing) -> Side:
    derived, program = standing.derived, standing.program
    programmed = None
    if cannot_prescribe(program) is None:
        translated = translate(as_prescribed(program), standing.pump)
        programmed = None if isinstance(translated, CannotTranslate) else translated.programmed
    return Side(program, programmed, derived, standing.projection(program, derived))
