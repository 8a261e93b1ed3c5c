"""Interrogate: take the whole state of the pump, keep it, show it."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.shortcuts import aget_object_or_404, get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thecal.programmer import Unreadable, interrogate
from thecal.web.clinic import models, records
from thecal.web.clinic.banner import page
from thecal.web.clinic.bedside import NotAtThePump, at_the_pump
from thecal.web.clinic.workplace import keys_of
from thecal.web.design.listed_origins import ListedOrigins


@never_cache
@require_POST
async def act(request: HttpRequest, key: str) -> HttpResponse:
    """Visit the pump and take its state."""
    patient = await aget_object_or_404(models.Patient, key=key, kind=models.Patient.PROGRAMMABLE)
    by = request.user.get_username()
    try:
        async with at_the_pump(patient, by, keys_of(request)) as visit:
            found = await visit.carry_out(interrogate(visit.session))
    except NotAtThePump as reason:
        return await sync_to_async(not_reached)(request, patient, str(reason))
    if isinstance(found, Unreadable):
        return await sync_to_async(not_reached)(request, patient, found.words)
    await sync_to_async(records.keep_interrogation)(patient, by, found)
    return redirect("pump-report", key=key)


@never_cache
@require_safe
def report(request: HttpRequest, key: str) -> HttpResponse:
    """What the pump said when it was last interrogated."""
    patient = get_object_or_404(models.Patient, key=key, kind=models.Patient.PROGRAMMABLE)
    found = records.latest(patient)
    if found is None:
        return redirect("patient", key=key)
    log = list(zip(reversed(found.log()), reversed(found.report.log), strict=True))
    context = {"log": log, "status": found.report.status, "origins": ListedOrigins(found.origins())}
    return page(request, "clinic/report.html", patient, context)


def not_reached(request: HttpRequest, patient: models.Patient, reason: str) -> HttpResponse:
    """The pump could not be visited: nothing was sent, nothing changed."""
    return page(request, "clinic/not_reached.html", patient, {"reason": reason}, status=503)
