"""The clinic's records as values: what was last interrogated, drafted, staged, and what was done."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from django.db import transaction

from thecal.catalogue.drug_terms import Tolerance
from thecal.device import INFUSING
from thecal.programmer import (
    Confirmation,
    Draft,
    Interrogated,
    PrescriptionForm,
    SessionReport,
    StagedUpdate,
    begin,
    from_document,
    silence,
    to_document,
)
from thecal.quantities import Duration
from thecal.web.clinic import models
from thecal.web.clinic.bedside import bench_utc_ms


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as typed, with the interrogation it starts from."""

    form: PrescriptionForm
    labels: dict[str, str]
    given: tuple[Confirmation, ...]
    version: str  # names what was typed, what it starts from and what is known, in the address of its review


def keep_interrogation(patient: models.Patient, by: str, found: Interrogated) -> models.Interrogation:
    """Add it to the record."""
    return models.Interrogation.objects.create(
        patient=patient,
        by=by,
        document=to_document(found),
        infusing=found.report.program.mode in INFUSING,
        pump_utc_ms=found.at.epoch_ms,
    )


def latest(patient: models.Patient) -> Interrogated | None:
    """What the pump last said; None when it was never interrogated here."""
    row = patient.interrogations.first()
    return None if row is None else from_document(row.document, Interrogated)


def last_infusing(patient: models.Patient) -> Interrogated | None:
    """The last answer of the pump while it gave drug: what a restart after a stop is compared with."""
    row = patient.interrogations.filter(infusing=True).first()
    return None if row is None else from_document(row.document, Interrogated)


def silent_for(patient: models.Patient, found: Interrogated) -> Duration | None:
    """How long no drug has reached the patient: by the pump's log when it was interrogated, and the time since.

    None where the log does not prove it, or nobody tells what time it is.
    """
    before, now_ms = silence(found, last_infusing(patient)), bench_utc_ms()
    if before is None or now_ms is None:
        return None
    return Duration(before.count + max(0, now_ms - found.at.epoch_ms))


def tolerance(patient: models.Patient) -> Tolerance | None:
    """Whether the patient is used to opioids; None where nobody recorded it."""
    return Tolerance(patient.tolerance) if patient.tolerance else None


def fresh_draft(patient: models.Patient, found: Interrogated) -> Draft:
    """The draft that changes nothing."""
    ran = last_infusing(patient)
    program = None if ran is None else ran.report.program
    return begin(found, program, tolerance(patient), silent_for(patient, found), patient.serial)


def drafted(patient: models.Patient) -> Drafted | None:
    """The stored draft, if it starts from the latest interrogation; an older one is not offered again."""
    row = models.Draft.objects.filter(patient=patient).first()
    newest = patient.interrogations.first()
    if row is None or newest is None or row.interrogation_id != newest.pk:
        return None
    return Drafted(
        form=from_document(row.form, PrescriptionForm),
        labels=dict(row.labels),
        given=tuple(from_document(each, object) for each in row.confirmations),  # type: ignore[misc]
        version=_version(row, patient),
    )


def _version(row: models.Draft, patient: models.Patient) -> str:
    typed = json.dumps([row.interrogation_id, row.form, row.labels, patient.tolerance], sort_keys=True)
    return hashlib.sha256(typed.encode()).hexdigest()[:16]


def keep_draft(patient: models.Patient, form: PrescriptionForm, labels: dict[str, str]) -> None:
    """Keep what was typed; what was confirmed of an earlier version no longer counts."""
    newest = patient.interrogations.first()
    if newest is None:
        raise ValueError("a draft starts from an interrogation")
    models.Draft.objects.update_or_create(
        patient=patient,
        defaults={
            "interrogation": newest,
            "form": to_document(form),
            "labels": labels,
            "confirmations": [],
        },
    )


def keep_confirmations(patient: models.Patient, given: tuple[Confirmation, ...]) -> None:
    """Keep what a person confirmed of the draft's review."""
    models.Draft.objects.filter(patient=patient).update(confirmations=[to_document(each) for each in given])


def keep_staged(patient: models.Patient, update: StagedUpdate, lease: str, bench_utc_ms: int) -> None:
    """A program lies in the pump."""
    models.StagedProgram.objects.update_or_create(
        patient=patient,
        defaults={"document": to_document(update), "lease": lease, "bench_utc_ms": bench_utc_ms},
    )


def keep_report(patient: models.Patient, report: SessionReport, after: Interrogated | None) -> models.SessionReport:
    """Add what was done, and what the pump says now. A staged program and its draft are over with it."""
    with transaction.atomic():
        if after is not None:
            keep_interrogation(patient, report.by, after)
        models.StagedProgram.objects.filter(patient=patient).delete()
        return models.SessionReport.objects.create(
            patient=patient,
            by=report.by,
            act=report.act.value,
            result=report.result.value,
            pump_utc_ms=report.at.epoch_ms,
            document=to_document(report),
            staging=report.staging,
        )
