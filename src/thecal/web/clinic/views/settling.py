"""An outcome that is not known: the pump is asked, and nothing else can be sent before it has answered."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.shortcuts import aget_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from thecal.programmer import (
    Interrogated,
    SessionReport,
    Settlement,
    StagedUpdate,
    from_document,
    settle,
    settle_refill,
    settle_stop,
    settle_update,
)
from thecal.telemetry import Conversation, Session
from thecal.web.clinic import models
from thecal.web.clinic.banner import page
from thecal.web.clinic.bedside import NotAtThePump, at_the_pump
from thecal.web.clinic.refill_page import RefillAtThePump
from thecal.web.clinic.views.confirming import conclude, read_again
from thecal.web.clinic.workplace import keys_of


@never_cache
@require_http_methods(["GET", "POST"])
async def show(request: HttpRequest, key: str) -> HttpResponse:
    """What is not known, and the one thing to do: ask the pump."""
    patient = await aget_object_or_404(models.Patient, key=key, kind=models.Patient.PROGRAMMABLE)
    stored = await models.PendingCommand.objects.filter(patient=patient).afirst()
    if stored is None:
        return redirect("patient", key=key)
    if request.method == "GET":
        return await _page(request, patient, "")
    by = request.user.get_username()
    try:
        async with at_the_pump(patient, by, keys_of(request)) as visit:
            if visit.session.pending is None:
                return redirect("patient", key=key)
            answer = await visit.carry_out(_settling(visit.session, stored, by))
            after = await read_again(visit, answer) if isinstance(answer, SessionReport) else None
    except NotAtThePump as reason:
        return await _page(request, patient, str(reason))
    if await models.PendingCommand.objects.filter(patient=patient).aexists():
        return await _page(request, patient, "The pump did not answer. It is still not known; ask again.")
    if isinstance(answer, SessionReport):
        return await sync_to_async(conclude)(patient, answer, after)
    return await sync_to_async(page)(request, "clinic/settled.html", patient, {"settlement": answer})


def _settling(session: Session, stored: models.PendingCommand, by: str) -> Conversation[SessionReport | Settlement]:
    """The conversation that can also write the report of the act, where its context was kept."""
    if stored.kind == "commit" and stored.context is not None:
        return settle_update(session, from_document(stored.context, StagedUpdate), by)
    if stored.kind == "stop infusion" and stored.context is not None:
        return settle_stop(session, from_document(stored.context, Interrogated), by)
    if stored.kind == "record refill" and stored.context is not None:
        told = RefillAtThePump.from_context(stored.context)
        return settle_refill(session, told.refill, told.found, told.given, by)
    return settle(session)


async def _page(request: HttpRequest, patient: models.Patient, problem: str) -> HttpResponse:
    context = {"problem": problem, "settling": True}
    return await sync_to_async(page)(request, "clinic/unknown.html", patient, context, 503 if problem else 200)
