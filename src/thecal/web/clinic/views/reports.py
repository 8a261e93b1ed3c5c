"""Session reports: what was done, who confirmed what, how the pump answered; made to be printed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from thecal.programmer import SeparatelyConfirmed, SessionReport, from_document
from thecal.therapy.showing import ratio_text
from thecal.web.clinic import models
from thecal.web.clinic.banner import page


@never_cache
@require_safe
def show(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One report, as it was written."""
    patient = get_object_or_404(models.Patient, key=key)
    row = get_object_or_404(models.SessionReport, pk=number, patient=patient)
    report = from_document(row.document, SessionReport)
    confirmations = [
        (each, ratio_text(each.ratio_shown) if isinstance(each, SeparatelyConfirmed) and each.ratio_shown else "")
        for each in report.confirmations
    ]
    context = {"report": report, "number": row.pk, "confirmations": confirmations}
    return page(request, "clinic/session_report.html", patient, context)
