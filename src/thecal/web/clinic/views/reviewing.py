"""Review: old beside new, findings at the number, what must be acknowledged; then the program goes to the pump."""

from __future__ import annotations

from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from thecal.programmer import Confirmation, Draft, Interrogated, NotStaged, missing, stage
from thecal.therapy import Review
from thecal.web.clinic import models, records
from thecal.web.clinic.banner import page
from thecal.web.clinic.bedside import NotAtThePump, at_the_pump, bench_now, release
from thecal.web.clinic.draft_page import read
from thecal.web.clinic.known_facts import known_facts
from thecal.web.clinic.review_page import acknowledged, laid, ratio_words, separately
from thecal.web.clinic.views.interrogating import not_reached
from thecal.web.clinic.views.seen import OVERTAKEN, to_version, was_seen
from thecal.web.clinic.workplace import keys_of
from thecal.web.design.listed_origins import ListedOrigins


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A stored draft, reviewed against the latest interrogation."""

    patient: models.Patient
    found: Interrogated
    draft: Draft
    review: Review
    given: tuple[Confirmation, ...]
    version: str


OVERTAKEN_WORDS = (
    "The draft was changed since this review was opened. Nothing was sent. This is the draft as it is now."
)


@never_cache
@require_http_methods(["GET", "POST"])
async def show(request: HttpRequest, key: str) -> HttpResponse:
    """The review. Sending needs every acknowledgement; a STOP goes on to a page of its own."""
    reviewed = await sync_to_async(_reviewed)(key)
    if reviewed is None:
        return redirect("draft", key=key)
    if not was_seen(request, reviewed.version):
        return to_version(request, "review", key, reviewed.version)
    if request.method == "GET":
        problem = OVERTAKEN_WORDS if OVERTAKEN in request.GET else ""
        return await sync_to_async(_page)(request, reviewed, frozenset(), problem)
    ticked = frozenset(request.POST.getlist("ticked"))
    given = acknowledged(reviewed.review.confirmations_needed, ticked, request.user.get_username())
    open_ones = missing(reviewed.review.confirmations_needed, given)
    if not reviewed.review.may_be_sent or any(not each.separate for each in open_ones):
        return await sync_to_async(_page)(request, reviewed, ticked, "", complain=True)
    await sync_to_async(records.keep_confirmations)(reviewed.patient, given)
    if open_ones:
        return HttpResponseRedirect(f"{reverse('ratio', kwargs={'key': key})}?{request.GET.urlencode()}")
    return await _stage(request, reviewed, given)


@never_cache
@require_http_methods(["GET", "POST"])
async def ratio(request: HttpRequest, key: str) -> HttpResponse:
    """The second, separate confirmation: it shows the ratio of the 24-hour doses and nothing else."""
    reviewed = await sync_to_async(_reviewed)(key)
    if reviewed is None:
        return redirect("draft", key=key)
    if not was_seen(request, reviewed.version):
        return to_version(request, "ratio" if request.method == "GET" else "review", key, reviewed.version)
    needed = reviewed.review.confirmations_needed
    separate = [each for each in needed if each.separate]
    if not separate or any(not each.separate for each in missing(needed, reviewed.given)):
        return redirect("review", key=key)
    if request.method == "POST":
        given = (*reviewed.given, *separately(needed, request.POST.dict(), request.user.get_username()))
        if not missing(needed, given):
            return await _stage(request, reviewed, given)
    findings = {(each.rule, each.field): each for each in reviewed.review.findings}
    shown = [(each, ratio_words(each), findings[each.rule, each.field]) for each in separate]
    return await sync_to_async(page)(request, "clinic/ratio.html", reviewed.patient, {"shown": shown})


async def _stage(request: HttpRequest, reviewed: Reviewed, given: tuple[Confirmation, ...]) -> HttpResponse:
    patient, by = reviewed.patient, request.user.get_username()
    try:
        async with at_the_pump(patient, by, keys_of(request), keep_lease=True) as visit:
            staged = await visit.carry_out(stage(visit.session, reviewed.draft, reviewed.found, given))
            lease = visit.lease
    except NotAtThePump as reason:
        return await sync_to_async(not_reached)(request, patient, str(reason))
    if isinstance(staged, NotStaged):
        await release(lease)
        if staged.pending is not None:
            return redirect("unknown", key=patient.key)
        return await sync_to_async(_page)(request, reviewed, frozenset(), staged.words)
    bench = await bench_now()
    bench_utc_ms = staged.found.instant_of(staged.staged_tick_ms).epoch_ms if bench is None else bench.bench_utc_ms
    await sync_to_async(records.keep_staged)(patient, staged, lease, bench_utc_ms)
    return redirect("confirm", key=patient.key)


def _reviewed(key: str) -> Reviewed | None:
    patient = get_object_or_404(models.Patient, key=key, kind=models.Patient.PROGRAMMABLE)
    found, stored = records.latest(patient), records.drafted(patient)
    if found is None or stored is None:
        return None
    fresh = records.fresh_draft(patient, found)
    typed = read(stored.form, stored.labels, fresh, found)
    if typed.review is None or typed.refused:
        return None
    return Reviewed(patient, found, typed.draft, typed.review, stored.given, stored.version)


def _page(
    request: HttpRequest, reviewed: Reviewed, ticked: frozenset[str], problem: str, *, complain: bool = False
) -> HttpResponse:
    needed = reviewed.review.confirmations_needed
    context = {
        "review": reviewed.review,
        "laid": laid(reviewed.review, ticked, complain=complain),
        "problem": problem,
        "separate": any(each.separate for each in needed),
        "complain": complain,
        "known": known_facts(reviewed.patient, reviewed.found),
        "origins": ListedOrigins(reviewed.found.origins()),
    }
    return page(request, "clinic/review.html", reviewed.patient, context, 422 if complain or problem else 200)
