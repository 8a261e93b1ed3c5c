"""Refill: what was drawn out and filled is reviewed against what the pump expects, then told to the pump."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from thecal.programmer import (
    Interrogated,
    NotRecorded,
    Refill,
    confirmations_needed,
    missing,
    record_refill,
    review_refill,
)
from thecal.web.clinic import models, records
from thecal.web.clinic.banner import page
from thecal.web.clinic.bedside import NotAtThePump, at_the_pump
from thecal.web.clinic.refill_page import RefillAtThePump, choices, read_refill
from thecal.web.clinic.review_page import acknowledged, placed_all, ratio_words, separately
from thecal.web.clinic.views.confirming import conclude, read_again
from thecal.web.clinic.views.interrogating import not_reached
from thecal.web.clinic.workplace import keys_of


@never_cache
@require_http_methods(["GET", "POST"])
async def show(request: HttpRequest, key: str) -> HttpResponse:
    """The form, its review, and the way to the pump: three looks of one page."""
    patient, found = await sync_to_async(_subject)(key)
    if found is None:
        return redirect("patient", key=key)
    if request.method == "GET":
        return await sync_to_async(_form_page)(request, patient, found, {}, {})
    refill, refused = read_refill(request.POST.dict())
    if refill is None or refused or "change" in request.POST:
        return await sync_to_async(_form_page)(request, patient, found, request.POST.dict(), refused)
    reviewed = review_refill(refill, found)
    needed = confirmations_needed(reviewed)
    ticked = frozenset(request.POST.getlist("ticked"))
    by = request.user.get_username()
    given = (*acknowledged(needed, ticked, by), *separately(needed, request.POST.dict(), by))
    if "send" not in request.POST or not reviewed.may_be_sent or missing(needed, given):
        complain = "send" in request.POST
        return await sync_to_async(_review_page)(request, patient, found, refill, ticked, complain=complain)
    return await _record(request, patient, RefillAtThePump(refill, found, given))


async def _record(request: HttpRequest, patient: models.Patient, told: RefillAtThePump) -> HttpResponse:
    by = request.user.get_username()
    try:
        async with at_the_pump(patient, by, keys_of(request)) as visit:
            conversation = record_refill(visit.session, told.refill, told.found, told.given, by)
            report = await visit.carry_out(conversation, told.context())
            after = None if isinstance(report, NotRecorded) else await read_again(visit, report)
    except NotAtThePump as reason:
        return await sync_to_async(not_reached)(request, patient, str(reason))
    if isinstance(report, NotRecorded):
        return await sync_to_async(not_reached)(request, patient, report.words)
    return await sync_to_async(conclude)(patient, report, after)


def _subject(key: str) -> tuple[models.Patient, Interrogated | None]:
    patient = get_object_or_404(models.Patient, key=key, kind=models.Patient.PROGRAMMABLE)
    return patient, records.latest(patient)


def _form_page(
    request: HttpRequest, patient: models.Patient, found: Interrogated, typed: dict[str, str], refused: dict[str, str]
) -> HttpResponse:
    held = found.report.status.components
    context = {
        "typed": typed,
        "refused": refused,
        "choices": choices(),
        "chosen": typed.get("drug", held[0].drug if held else ""),
        "expected": found.report.status.reservoir_nl,
        "capacity": found.report.descriptor.reservoir_nl,
    }
    return page(request, "clinic/refill.html", patient, context, 422 if refused else 200)


def _review_page(
    request: HttpRequest,
    patient: models.Patient,
    found: Interrogated,
    refill: Refill,
    ticked: frozenset[str],
    *,
    complain: bool,
) -> HttpResponse:
    reviewed = review_refill(refill, found)
    needed: tuple[tuple[object, str], ...] = tuple(
        (each, ratio_words(each)) for each in confirmations_needed(reviewed) if each.separate
    )
    context = {
        "typed": request.POST.dict(),
        "reviewed": reviewed,
        "placed": placed_all(reviewed.findings, ticked, complain=complain),
        "separate": needed,
        "complain": complain,
        "chosen": next(choice for choice in choices() if choice.key == request.POST.get("drug")),
    }
    return page(request, "clinic/refill_review.html", patient, context, 422 if complain else 200)
