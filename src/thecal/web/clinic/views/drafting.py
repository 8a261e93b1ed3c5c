"""Draft: what the pump shall do, typed field by field; what follows from it is answered while typing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from thecal.device import Mode
from thecal.programmer import Draft, PrescriptionForm, unfinished, units, write_form
from thecal.quantities import Volume
from thecal.therapy import Review
from thecal.web.clinic import models, records
from thecal.web.clinic.banner import page
from thecal.web.clinic.draft_page import bridge_choices, label_fields, read, step_rows, typed_form, typed_labels

DERIVED_ROWS = (
    "daily-volume",
    "achievable.",
    "greatest.",
    "bolus.achievable",
    "bolus.effective",
    "days-to-alarm",
    "refill-date",
)


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """The form. It goes on to the review when every field is accepted."""
    patient = get_object_or_404(models.Patient, key=key, kind=models.Patient.PROGRAMMABLE)
    found = records.latest(patient)
    if found is None:
        return redirect("patient", key=key)
    draft, left = records.fresh_draft(patient, found), unfinished(found.report.status)
    if request.method == "GET":
        stored = records.drafted(patient)
        form = write_form(draft.prescription) if stored is None else stored.form
        return _form_page(request, patient, draft, form, {}, {}, read(form, {}, draft, found).review, left=left)
    form = typed_form(request.POST)
    labels = typed_labels(request.POST, draft.prescription.components)
    if "add-step" in request.POST:
        return _form_page(request, patient, draft, form, labels, {}, None, left=left, blank=2)
    typed = read(form, labels, draft, found)
    if typed.refused or typed.review is None:
        return _form_page(request, patient, draft, form, labels, typed.refused, typed.review, left=left, status=422)
    records.keep_draft(patient, form, labels)
    return redirect("review", key=key)


@never_cache
@require_POST
def derived(request: HttpRequest, key: str) -> HttpResponse:
    """What follows from the entries as they stand, for the side of the form."""
    patient = get_object_or_404(models.Patient, key=key, kind=models.Patient.PROGRAMMABLE)
    found = records.latest(patient)
    if found is None:
        return HttpResponse(status=409)
    form = typed_form(request.POST)
    reviewed = read(form, {}, records.fresh_draft(patient, found), found).review
    return render(request, "clinic/derived.html", {"follows": _follows(reviewed), "reviewed": reviewed})


def _form_page(
    request: HttpRequest,
    patient: models.Patient,
    draft: Draft,
    form: PrescriptionForm,
    labels: dict[str, str],
    refused: dict[str, str],
    reviewed: Review | None,
    *,
    left: Volume | None,
    blank: int = 1,
    status: int = 200,
) -> HttpResponse:
    fluid = draft.prescription.components
    context = {
        "form": form,
        "units": units(fluid),
        "modes": (Mode.SIMPLE_CONTINUOUS, Mode.FLEX, Mode.MINIMUM_RATE, Mode.STOPPED),
        "steps": step_rows(form, blank),
        "labels": label_fields(fluid, labels),
        "refused": refused,
        "follows": _follows(reviewed),
        "reviewed": reviewed,
        "bridge_left": left,
        "bridge_choices": bridge_choices(left),
        "repeats": (24, 12, 8, 6, 4, 3, 2, 1),
    }
    return page(request, "clinic/draft.html", patient, context, status)


def _follows(reviewed: Review | None) -> list[object]:
    """The rows worth seeing while typing."""
    if reviewed is None or reviewed.translation is None:
        return []
    return [row for row in reviewed.rows if row.key.startswith(DERIVED_ROWS)]
