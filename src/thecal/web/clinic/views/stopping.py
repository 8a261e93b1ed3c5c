"""Stop infusion: asked once more, then at once, and read back."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.shortcuts import aget_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from thecal.programmer import Interrogated, SessionReport, Unreadable, interrogate, stop, to_document
from thecal.web.clinic import models, records
from thecal.web.clinic.banner import page
from thecal.web.clinic.bedside import AtThePump, NotAtThePump, at_the_pump
from thecal.web.clinic.views.confirming import conclude, read_again
from thecal.web.clinic.views.interrogating import not_reached
from thecal.web.clinic.workplace import keys_of


@never_cache
@require_http_methods(["GET", "POST"])
async def show(request: HttpRequest, key: str) -> HttpResponse:
    """Ask once; on confirmation stop all delivery."""
    patient = await aget_object_or_404(models.Patient, key=key, kind=models.Patient.PROGRAMMABLE)
    if request.method == "GET":
        return await sync_to_async(page)(request, "clinic/stop.html", patient, {})
    by = request.user.get_username()
    known = await sync_to_async(records.latest)(patient)
    try:
        async with at_the_pump(patient, by, keys_of(request)) as visit:
            report = await _stop(visit, known, by)
            if isinstance(report, Unreadable):
                return await sync_to_async(not_reached)(request, patient, report.words)
            after = await read_again(visit, report)
    except NotAtThePump as reason:
        return await sync_to_async(not_reached)(request, patient, str(reason))
    return await sync_to_async(conclude)(patient, report, after)


async def _stop(visit: AtThePump, known: Interrogated | None, by: str) -> SessionReport | Unreadable:
    """A report needs to say what ran before; a pump never interrogated here is asked first."""
    found = known if known is not None else await visit.carry_out(interrogate(visit.session))
    if isinstance(found, Unreadable):
        return found
    return await visit.carry_out(stop(visit.session, found, by), to_document(found))
