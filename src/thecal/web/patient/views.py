"""The handsets of the demonstration clinic, and the one screen of each."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thecal.adapters.bench_state import BenchState
from thecal.adapters.control import BenchControl, ControlRefused, ControlUnavailable
from thecal.bench.case import Case, DocumentError
from thecal.catalogue.policy import policy
from thecal.catalogue.pumps import ConstantFlowPump, pump_model
from thecal.handheld import PatientView, constant_flow_view
from thecal.quantities import Instant
from thecal.therapy import FluidComponent, constant_flow_plan
from thecal.web.case_files import NoSuchPatient, case_of, patient_ids
from thecal.web.patient.handset import CONTACT, Handset, HandsetBroken

_HANDSETS: dict[str, Handset] = {}


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the table of handsets."""

    patient: str
    name: str
    pump: str
    constant_flow: bool


@never_cache
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """In life each patient holds one handset; here they lie on a table."""
    data = settings.SURROUNDINGS.data
    rows = sorted((_listed(case_of(data, key)) for key in patient_ids(data)), key=lambda row: row.name)
    return render(request, "patient/table.html", {"rows": rows})


@never_cache
@require_safe
async def screen(request: HttpRequest, patient: str) -> HttpResponse:
    """The whole screen; ``?part`` answers with the living part alone."""
    case = await sync_to_async(_case)(patient)
    model = pump_model(case.system.pump)
    if isinstance(model, ConstantFlowPump):
        return await _constant_flow(request, case, model)
    template = "patient/living.html" if "part" in request.GET else "patient/screen.html"
    try:
        handset = _handset(patient)
    except HandsetBroken as broken:
        return await sync_to_async(render)(request, template, {"case": case, "broken": str(broken)}, status=503)
    shown = await handset.look()
    state = await _state()
    context = {
        "case": case,
        "view": shown if isinstance(shown, PatientView) else None,
        "not_reached": None if isinstance(shown, PatientView) else shown.words,
        "answer": handset.answer,
        "call": CONTACT.words,
        "counts": state is not None and not state.paused and state.speed == 1 and state.jump is None,
    }
    return await sync_to_async(render)(request, template, context)


@never_cache
@require_POST
async def request_dose(request: HttpRequest, patient: str) -> HttpResponse:
    """The button. The answer stands on the screen it leads back to."""
    case = await sync_to_async(_case)(patient)
    with suppress(HandsetBroken):  # the screen says so
        await _handset(patient).ask(case.patient.name)
    part = "?part" if "part" in request.GET else ""
    return redirect(f"{reverse('screen', args=[patient])}{part}")


@require_safe
def manifest(request: HttpRequest, patient: str) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """So that the screen can be kept on a telephone as an application of its own."""
    case = _case(patient)
    start = reverse("screen", args=[patient])
    icons = [{"src": static("patient/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any maskable"}]
    content = {
        "name": f"Thecal handset: {case.patient.name}",
        "short_name": "Thecal",
        "id": start,
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "background_color": "#f3f6f5",
        "theme_color": "#07424b",
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from the root so that it may speak for every handset."""
    response = render(request, "patient/worker.js", content_type="text/javascript")
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response


async def _constant_flow(request: HttpRequest, case: Case, model: ConstantFlowPump) -> HttpResponse:
    state = await _state()
    now = case.starts if state is None else Instant(state.bench_utc_ms)
    components = tuple(FluidComponent(each.drug, each.concentration) for each in case.reservoir.drugs)
    plan = constant_flow_plan(model, components, case.reservoir.volume, case.starts, policy())
    shown = constant_flow_view(plan, now, case.clock_offset_min, CONTACT)
    return await sync_to_async(render)(request, "patient/constant_flow.html", {"case": case, "shown": shown})


def _case(patient: str) -> Case:
    try:
        return case_of(settings.SURROUNDINGS.data, patient)
    except (NoSuchPatient, DocumentError, OSError) as reason:
        raise Http404(str(reason)) from None


def _listed(case: Case) -> Listed:
    model = pump_model(case.system.pump)
    return Listed(case.id, case.patient.name, model.name, isinstance(model, ConstantFlowPump))


def _handset(patient: str) -> Handset:
    if patient not in _HANDSETS:
        _HANDSETS[patient] = Handset.of(settings.SURROUNDINGS.data / "handsets", patient, _control())
    return _HANDSETS[patient]


def _control() -> BenchControl:
    return BenchControl(str(settings.SURROUNDINGS.control))


async def _state() -> BenchState | None:
    try:
        return await _control().state_async()
    except (ControlUnavailable, ControlRefused):
        return None
