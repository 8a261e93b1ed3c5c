"""The patient's room: who can be visited, one patient, and what changes while one looks."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from thecal.adapters.bench_state import SPEEDS, BenchState
from thecal.adapters.control import ControlRefused, ControlUnavailable, RoomControl
from thecal.adapters.truth_file import TruthDamaged
from thecal.bench.case import DocumentError
from thecal.bench.sources import sources_of
from thecal.quantities import Instant
from thecal.therapy.showing import moment_text
from thecal.web.case_files import NoSuchPatient, case_of, patient_ids
from thecal.web.design.listed_origins import ListedOrigins
from thecal.web.room.chart_data import chart_data, concentration_text, legend
from thecal.web.room.watch import Look, Watch
from thecal.web.room.window import Span

_WATCHES: dict[str, Watch] = {}
JUMPS = (("1 hour", 3_600_000), ("4 hours", 4 * 3_600_000), ("1 day", 86_400_000), ("7 days", 7 * 86_400_000))
TABLE_COLUMNS = 8


def control() -> RoomControl:
    """The room door of the bench."""
    return RoomControl(str(settings.SURROUNDINGS.control))


@never_cache
@require_safe
def patients(request: HttpRequest) -> HttpResponse:
    """Who can be visited."""
    data = settings.SURROUNDINGS.data
    cases = sorted((case_of(data, key) for key in patient_ids(data)), key=lambda case: case.patient.name)
    return render(request, "room/patients.html", {"cases": cases, **bench_context(None)})


@never_cache
@require_safe
async def room(request: HttpRequest, patient: str) -> HttpResponse:
    """The room of one patient."""
    span = Span.of(request.GET.get("span", ""))
    look = await _look(patient, span)
    context = await sync_to_async(_context)(look, span, request.GET.get("problem", ""))
    context["origins"] = ListedOrigins(sources_of(look.case))
    return await sync_to_async(render)(request, "room/room.html", context)


@never_cache
@require_safe
async def living(request: HttpRequest, patient: str) -> JsonResponse:
    """What changes, as pieces of the page by their id; and whether the charts are to be fetched again."""
    span = Span.of(request.GET.get("span", ""))
    look = await _look(patient, span)
    context = await sync_to_async(_context)(look, span, "")
    names = ("time", "stage", "facts")
    pieces = {
        name: await sync_to_async(render_to_string)(f"room/{name}.html", context, request=request) for name in names
    }
    return JsonResponse({"pieces": pieces, "version": look.version})


@never_cache
@require_safe
async def charts(request: HttpRequest, patient: str) -> JsonResponse:
    """The three charts as data, with their legend and table."""
    span = Span.of(request.GET.get("span", ""))
    look = await _look(patient, span)
    context = await sync_to_async(_context)(look, span, "")
    pieces = {
        "legend": await sync_to_async(render_to_string)("room/legend.html", context),
        "table": await sync_to_async(render_to_string)("room/table.html", context),
    }
    data = await sync_to_async(chart_data, thread_sensitive=False)(look.course)
    return JsonResponse({"charts": data, "pieces": pieces, "version": look.version})


def bench_context(patient: str | None) -> dict[str, object]:
    """Bench time, pace, jump and leases, as a page says them."""
    try:
        state = control().state()
    except (ControlUnavailable, ControlRefused) as reason:
        return {"state": None, "standing": str(reason), "speeds": SPEEDS}
    found = None if patient is None else state.patient(patient)
    return {
        "state": state,
        "bench": moment_text(Instant(state.bench_utc_ms), 0),
        "jump": _jump(state),
        "speeds": SPEEDS,
        "power": found is None or found.on,
        "mine": [lease for lease in state.leases if lease.patient == patient],
    }


def _jump(state: BenchState) -> dict[str, object] | None:
    if state.jump is None:
        return None
    whole_ms = state.jump.to_utc_ms - state.jump.from_utc_ms
    passed_ms = state.bench_utc_ms - state.jump.from_utc_ms
    return {"to": moment_text(Instant(state.jump.to_utc_ms), 0), "percent": max(0, passed_ms) * 100 // whole_ms}


async def _look(patient: str, span: Span) -> Look:
    try:
        if patient not in _WATCHES:
            _WATCHES[patient] = await sync_to_async(Watch)(settings.SURROUNDINGS.data, patient)
        try:
            state = await control().state_async()
            found = state.patient(patient)
        except (ControlUnavailable, ControlRefused):
            found = None
        return await _WATCHES[patient].look(span, None if found is None else found.at_utc_ms)
    except (NoSuchPatient, DocumentError, TruthDamaged, FileNotFoundError) as reason:
        raise Http404(str(reason)) from None


def _context(look: Look, span: Span, problem: str) -> dict[str, object]:
    course = look.course
    samples, window = course.samples, course.window
    columns = window.columns_ms
    chosen = [len(columns) - 1 - (len(columns) - 1) * each // (TABLE_COLUMNS - 1) for each in range(TABLE_COLUMNS)][
        ::-1
    ]
    rows = [
        (name, [concentration_text(float(samples.csf_ng_per_ml[at, cell])) for at in chosen])
        for name, cell in samples.spine.levels
    ]
    return {
        "look": look,
        "case": look.case,
        "course": course,
        "drawing": look.drawing,
        "facts": look.facts,
        "belief": look.belief,
        "span": span,
        "spans": list(Span),
        "jumps": JUMPS,
        "legend": legend(course),
        "table_heads": [moment_text(Instant(columns[at]), window.offset_min) for at in chosen],
        "table_rows": rows,
        "score_row": [f"{course.score.values[at]:.1f}" for at in chosen],
        "problem": problem,
        **bench_context(look.case.id),
    }
