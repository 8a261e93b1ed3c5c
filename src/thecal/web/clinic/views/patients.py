"""The list of patients: who, which pump, what it was last known to give."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from thecal.web.clinic.models import Patient


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every patient of this clinic."""
    return render(request, "clinic/patients.html", {"patients": list(Patient.objects.all())})
