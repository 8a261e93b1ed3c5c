"""The list of patients, and one patient as last known."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thecal.catalogue.drugs import drug
from thecal.catalogue.pumps import ConstantFlowPump, pump_model
from thecal.therapy import cannot_program
from thecal.therapy.plan_origins import plan_origins
from thecal.web.clinic import models, records
from thecal.web.clinic.banner import banner_of, bench_text, page, plan_of
from thecal.web.clinic.known_facts import known_facts
from thecal.web.design.listed_origins import ListedOrigins


@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every patient of this clinic: who, which pump, what it was last known to give, when the refill is."""
    rows = [banner_of(patient, records.latest(patient)) for patient in models.Patient.objects.all()]
    return render(request, "clinic/patients.html", {"rows": rows, "bench": bench_text()})


@never_cache
@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    """A patient: what the pump last said, what was done, and the way to the pump."""
    patient = get_object_or_404(models.Patient, key=key)
    if patient.kind == models.Patient.CONSTANT_FLOW:
        return _constant_flow(request, patient)
    context = {
        "reports": list(patient.reports.all()[:10]),
        "known": known_facts(patient, records.latest(patient)),
        "drafted": records.drafted(patient) is not None,
    }
    return page(request, "clinic/patient.html", patient, context)


@never_cache
@require_POST
def record(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what is known about the patient that no pump can tell; anything but a listed choice changes nothing."""
    patient = get_object_or_404(models.Patient, key=key, kind=models.Patient.PROGRAMMABLE)
    chosen = request.POST.get("tolerance")
    if chosen in dict(models.Patient.TOLERANCES):
        models.Patient.objects.filter(pk=patient.pk).update(tolerance=chosen)
    return redirect("patient", key=key)


@never_cache
@require_safe
def now(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """Bench time for the banner, asked for every few seconds."""
    return JsonResponse({"bench": bench_text()})


def _constant_flow(request: HttpRequest, patient: models.Patient) -> HttpResponse:
    model = pump_model(patient.pump)
    if not isinstance(model, ConstantFlowPump):
        raise TypeError(f"{patient.pump} is programmable")
    plan = plan_of(patient)
    units = {each.drug: drug(each.drug) for each in plan.components}
    fluid = [
        (
            units[each.drug].display,
            each.concentration,
            f"{units[each.drug].dose_unit}/mL",
            dose,
            f"{units[each.drug].dose_unit}/day",
        )
        for each, dose in zip(plan.components, plan.daily_doses, strict=True)
    ]
    origins = ListedOrigins(plan_origins(model, (each.drug for each in plan.components)))
    context = {"model": model, "plan": plan, "fluid": fluid, "why": cannot_program(model), "origins": origins}
    return page(request, "clinic/constant_flow.html", patient, context)
