"""Confirm: a person compares the pump's own decode within its 120 s; then commit, read back, record.

Nothing is sent while a soft limit of the pump's drug library that the program passes is not accepted.
"""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.shortcuts import aget_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from thecal.programmer import (
    Interrogated,
    Result,
    SessionReport,
    StagedUpdate,
    confirm,
    from_document,
    interrogate,
    to_document,
)
from thecal.web.clinic import models, records
from thecal.web.clinic.banner import page
from thecal.web.clinic.bedside import AtThePump, NotAtThePump, at_the_pump, bench_now, release, turn_at
from thecal.web.clinic.confirm_page import pairs, ticks
from thecal.web.clinic.review_page import acknowledged
from thecal.web.clinic.views.interrogating import not_reached
from thecal.web.clinic.views.seen import SEEN, to_version, was_seen
from thecal.web.clinic.workplace import keys_of


@never_cache
@require_http_methods(["GET", "POST"])
async def show(request: HttpRequest, key: str) -> HttpResponse:
    """What the pump understood. Confirming it commits the program by its hash."""
    patient = await aget_object_or_404(models.Patient, key=key, kind=models.Patient.PROGRAMMABLE)
    stored = await models.StagedProgram.objects.filter(patient=patient).afirst()
    if stored is None and request.method == "POST":
        return await _of_the_other(request, patient)
    if stored is None:
        return redirect("review", key=key)
    update = from_document(stored.document, StagedUpdate)
    if not was_seen(request, update.staging):
        return to_version(request, "confirm", key, update.staging)
    if request.method == "GET":
        return await _page(request, patient, update, stored, frozenset())
    ticked = frozenset(request.POST.getlist("ticked"))
    accepted = update.acknowledged(acknowledged(update.still_needed, ticked, request.user.get_username()))
    if accepted.still_needed:
        return await _page(request, patient, update, stored, ticked, complain=True)
    return await _commit(request, patient, accepted, stored)


async def _page(
    request: HttpRequest,
    patient: models.Patient,
    update: StagedUpdate,
    stored: models.StagedProgram,
    ticked: frozenset[str],
    *,
    complain: bool = False,
) -> HttpResponse:
    bench = await bench_now()
    passed_ms = 0 if bench is None else bench.bench_utc_ms - stored.bench_utc_ms
    context = {
        "update": update,
        "pairs": pairs(update),
        "ticks": ticks(update, ticked, complain=complain),
        "complain": complain,
        "left_ms": max(0, update.staged.confirm_within_ms - passed_ms),
    }
    return await sync_to_async(page)(request, "clinic/confirm.html", patient, context, 422 if complain else 200)


@never_cache
@require_POST
async def abandon(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Leave the staged program unconfirmed: it has no effect and the pump drops it."""
    patient = await aget_object_or_404(models.Patient, key=key)
    stored = await models.StagedProgram.objects.filter(patient=patient).afirst()
    if stored is not None:
        await stored.adelete()
        await release(stored.lease)
    return redirect("review", key=key)


async def _commit(
    request: HttpRequest, patient: models.Patient, update: StagedUpdate, stored: models.StagedProgram
) -> HttpResponse:
    by = request.user.get_username()
    try:
        async with at_the_pump(patient, by, keys_of(request)) as visit:
            claimed, _ = await models.StagedProgram.objects.filter(pk=stored.pk, document=stored.document).adelete()
            if not claimed:  # the button was pressed twice, or by two, and the other one was here first
                return await _as_reported(request, patient)
            report = await visit.carry_out(confirm(visit.session, update, by), to_document(update))
            after = await read_again(visit, report)
            return await sync_to_async(conclude)(patient, report, after)
    except NotAtThePump as reason:
        return await sync_to_async(not_reached)(request, patient, str(reason))
    finally:
        await release(stored.lease)


async def _of_the_other(request: HttpRequest, patient: models.Patient) -> HttpResponse:
    """Nothing is staged any more. Who took it may still be at the pump; nothing is left to send, so only to wait."""
    async with turn_at(patient):
        return await _as_reported(request, patient)


async def _as_reported(request: HttpRequest, patient: models.Patient) -> HttpResponse:
    """How the program ended that was on the page. One that was abandoned has no report, and goes back to its review."""
    if await models.PendingCommand.objects.filter(patient=patient).aexists():
        return redirect("unknown", key=patient.key)
    ended = await patient.reports.filter(staging=request.GET.get(SEEN, "")).afirst()
    if ended is None:
        return redirect("review", key=patient.key)
    return redirect("session-report", key=patient.key, number=ended.pk)


async def read_again(visit: AtThePump, report: SessionReport) -> Interrogated | None:
    """The pump as it is now, for the clinic's record; None where nothing was changed or nothing is heard."""
    if report.result in (Result.UNKNOWN, Result.NOT_APPLIED):
        return None
    found = await visit.carry_out(interrogate(visit.session))
    return found if isinstance(found, Interrogated) else None


def conclude(patient: models.Patient, report: SessionReport, after: Interrogated | None) -> HttpResponse:
    """Keep the report and show it, or go and settle what is not known."""
    kept = records.keep_report(patient, report, after)
    if report.result is Result.UNKNOWN:
        return redirect("unknown", key=patient.key)
    return redirect("session-report", key=patient.key, number=kept.pk)
