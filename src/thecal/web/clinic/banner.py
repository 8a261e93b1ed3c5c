"""The patient banner: who, which pump, what it gives, in what state, as last interrogated; never scrolled away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thecal.catalogue.drugs import drug
from thecal.catalogue.policy import policy
from thecal.catalogue.pumps import ConstantFlowPump, pump_model
from thecal.device import INFUSING
from thecal.programmer import Interrogated
from thecal.quantities import Concentration, Instant, Volume
from thecal.therapy import ConstantFlowPlan, FluidComponent, constant_flow_plan
from thecal.therapy.showing import amount_text, date_text, moment_text
from thecal.web.clinic import models, records
from thecal.web.clinic.bedside import bench_utc_ms

UNKNOWN, NOT_YET = "not known", "not interrogated yet"


@dataclass(frozen=True, slots=True)
class Banner:
    """Everything the banner shows, as text."""

    key: str
    name: str
    born: str
    pump: str
    serial: str
    dose: str
    state: str
    infusing: bool
    refill: str
    as_of: str
    constant_flow: bool
    notices: tuple[str, ...] = ()  # what is in force beside the basal flow; on every page while it stands


def banner_of(patient: models.Patient, found: Interrogated | None) -> Banner:
    """The banner for a patient and what the pump last said."""
    if patient.kind == models.Patient.CONSTANT_FLOW:
        return _constant_flow(patient, plan_of(patient))
    dose = state = refill = UNKNOWN
    as_of = NOT_YET
    if found is not None:
        facts = {fact.key: fact.text for fact in found.facts()}
        dose, state, refill = facts["dose"], facts["state"], facts["refill-date"]
        as_of = moment_text(found.at, found.report.status.clock_offset_min)
    infusing = found is not None and found.report.status.mode in INFUSING
    return Banner(
        key=patient.key,
        name=patient.name,
        born=born_text(patient.born),
        pump=pump_model(patient.pump).name,
        serial=patient.serial,
        dose=dose,
        state=state,
        infusing=infusing,
        refill=refill,
        as_of=as_of,
        constant_flow=False,
        notices=() if found is None else found.notices(),
    )


def plan_of(patient: models.Patient) -> ConstantFlowPlan:
    """What a constant-flow pump gives by its label since it was filled."""
    model = pump_model(patient.pump)
    if not isinstance(model, ConstantFlowPump):
        raise TypeError(f"{patient.pump} is programmable")
    components = tuple(FluidComponent(each["drug"], Concentration(each["ng_per_ml"])) for each in patient.fluid)
    filled, at = Volume(patient.filled_nl or 0), Instant(patient.filled_utc_ms or 0)
    return constant_flow_plan(model, components, filled, at, policy())


def constant_dose_words(plan: ConstantFlowPlan) -> str:
    """``morphine 2.5 mg/day`` for every drug of the fluid."""
    spoken = []
    for component, dose in zip(plan.components, plan.daily_doses, strict=True):
        known = drug(component.drug)
        spoken.append(f"{known.display} {amount_text(dose, f'{known.dose_unit}/day')}")
    return ", ".join(spoken)


def born_text(born: date) -> str:
    """``8 Aug 1969``."""
    return f"{born.day} {born:%b} {born.year}"


def page(
    request: HttpRequest, template: str, patient: models.Patient, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """A page about one patient, under the banner."""
    found = records.latest(patient)
    everything = {
        "patient": patient,
        "banner": banner_of(patient, found),
        "found": found,
        "bench": bench_text(),
        "pending": models.PendingCommand.objects.filter(patient=patient).first(),
    }
    return render(request, template, everything | context, status=status)


def bench_text() -> str | None:
    """Bench time as last acknowledged; None while nobody answers."""
    now_ms = bench_utc_ms()
    return None if now_ms is None else moment_text(Instant(now_ms), 0)


def _constant_flow(patient: models.Patient, plan: ConstantFlowPlan) -> Banner:
    return Banner(
        key=patient.key,
        name=patient.name,
        born=born_text(patient.born),
        pump=pump_model(patient.pump).name,
        serial=patient.serial,
        dose=constant_dose_words(plan),
        state="Constant flow: not programmable",
        infusing=True,
        refill=date_text(plan.refill, 0),
        as_of=f"by its label, since the fill of {date_text(Instant(patient.filled_utc_ms or 0), 0)}",
        constant_flow=True,
    )
