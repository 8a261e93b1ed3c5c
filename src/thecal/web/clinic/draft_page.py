"""The draft form between a browser and ``programmer``: names of fields, labels read again, refusals at their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from thecal.catalogue.drugs import drug
from thecal.catalogue.sourced import CatalogueError
from thecal.device import Mode
from thecal.programmer import (
    Draft,
    FormRefused,
    Interrogated,
    PrescriptionForm,
    StepForm,
    read_bridge,
    read_form,
    review,
)
from thecal.programmer.bridge_form import BEGIN, DECISIONS, NO_BRIDGE
from thecal.quantities import Concentration, Volume
from thecal.therapy import EntryRefused, Field, FluidComponent, Review
from thecal.therapy.showing import amount_text

STEPS_MOST = 12
_INFUSING = (Mode.SIMPLE_CONTINUOUS.value, Mode.FLEX.value)
_PLACES = {
    "mode": "mode",
    "fluid": "mode",
    "program": "mode",
    "daily dose": "daily-dose",
    "background dose": "background",
    "steps": "steps",
    "bolus dose": "bolus-dose",
    "bolus duration": "bolus-duration",
    "lockout": "bolus-lockout",
    "boluses per 24 h": "bolus-maximum",
    "patient boluses per 24 h": "bolus-maximum",
    "patient bolus": "bolus",
    "low reservoir": "low-reservoir",
    "bridge": "bridge",
    "bridge volume": "bridge-volume",
    "bridge duration": "bridge-duration",
}
_STEP = re.compile(r"step (\d+)(?: (start|end|dose|repeats every))?")
_STEP_PART = {"start": "from", "end": "to", "dose": "dose", "repeats every": "every", None: "from"}


@dataclass(frozen=True, slots=True)
class StepRow:
    """One row of the step editor."""

    number: int
    step: StepForm


@dataclass(frozen=True, slots=True)
class Read:
    """What was typed, read: the draft it makes and its review, and one refusal for each field that is not accepted."""

    draft: Draft
    review: Review | None
    refused: dict[str, str]


@dataclass(frozen=True, slots=True)
class LabelField:
    """The concentration of one drug, to be typed again from the label of the fluid."""

    name: str
    drug: str
    unit: str
    typed: str


def typed_form(posted: Mapping[str, str]) -> PrescriptionForm:
    """The form as posted; empty step rows are left out."""
    steps = []
    for number in range(1, STEPS_MOST + 1):
        part = {name: posted.get(f"step-{number}-{name}", "").strip() for name in ("from", "to", "dose", "every")}
        if part["from"] or part["to"] or part["dose"]:
            steps.append(StepForm(part["from"], part["to"], part["dose"], part["every"]))
    return PrescriptionForm(
        mode=posted.get("mode", ""),
        daily_dose=posted.get("daily-dose", "").strip(),
        background=posted.get("background", "").strip(),
        steps=tuple(steps),
        bolus_wanted="bolus" in posted,
        bolus_dose=posted.get("bolus-dose", "").strip(),
        bolus_duration=posted.get("bolus-duration", "").strip(),
        lockout=posted.get("bolus-lockout", "").strip(),
        maximum_per_24h=posted.get("bolus-maximum", "").strip(),
        low_reservoir=posted.get("low-reservoir", "").strip(),
        bridge=posted.get("bridge", ""),
        bridge_volume=posted.get("bridge-volume", "").strip(),
        bridge_duration=posted.get("bridge-duration", "").strip(),
    )


def typed_labels(posted: Mapping[str, str], fluid: tuple[FluidComponent, ...]) -> dict[str, str]:
    """Concentrations as read from the label, by drug."""
    return {each.drug: posted.get(f"label-{each.drug}", "").strip() for each in fluid}


def label_fields(fluid: tuple[FluidComponent, ...], labels: Mapping[str, str]) -> tuple[LabelField, ...]:
    """One field for each drug of the fluid."""
    return tuple(
        LabelField(f"label-{each.drug}", _display(each.drug), f"{_unit(each.drug)}/mL", labels.get(each.drug, ""))
        for each in fluid
    )


def bridge_choices(left: Volume | None) -> tuple[tuple[str, str], ...]:
    """What may be said of a bridge bolus, as (value, words), where ``left`` of one is unfinished, or where none is."""
    if left is None:
        return ((NO_BRIDGE, "No bridge bolus"), (BEGIN, "Give one when the program starts"))
    return tuple((value, decision.value.capitalize()) for value, decision in DECISIONS.items())


def step_rows(form: PrescriptionForm, blank: int) -> tuple[StepRow, ...]:
    """The steps as rows, with ``blank`` empty ones behind them."""
    empty = tuple(StepForm("", "", "", "24") for _ in range(blank))
    steps = (*form.steps, *empty)[:STEPS_MOST]
    return tuple(StepRow(number, step) for number, step in enumerate(steps, start=1))


def read(form: PrescriptionForm, labels: Mapping[str, str], draft: Draft, found: Interrogated) -> Read:
    """The review of what is typed, or refusals. Both: this pump cannot do what is typed."""
    fluid = draft.prescription.components
    refused = _labels_refused(form, labels, fluid)
    prescription = read_form(replace(form, bolus_wanted=form.bolus_wanted and form.mode in _INFUSING), fluid)
    bridge = read_bridge(form)
    wrong = [each for part in (prescription, bridge) if isinstance(part, FormRefused) for each in part.refusals]
    if isinstance(prescription, FormRefused) or isinstance(bridge, FormRefused):
        return Read(draft, None, _at_fields(wrong) | refused)
    draft = draft.with_prescription(prescription).with_bridge(bridge)
    reviewed = review(draft, found)
    if reviewed.translation is None:
        refused |= {_place(finding.field, form): finding.words for finding in reversed(reviewed.findings)}
    return Read(draft, reviewed, refused)


def _labels_refused(
    form: PrescriptionForm, labels: Mapping[str, str], fluid: tuple[FluidComponent, ...]
) -> dict[str, str]:
    if form.mode not in _INFUSING:
        return {}
    refused = {}
    for component in fluid:
        name, unit = f"label-{component.drug}", f"{_unit(component.drug)}/mL"
        try:
            label = Field(name, Concentration, unit).read(labels.get(component.drug, ""))
        except EntryRefused as refusal:
            refused[name] = refusal.message
            continue
        if label != component.concentration:
            refused[name] = (
                f"The label says {amount_text(label, unit)}, "
                f"but the pump was told {amount_text(component.concentration, unit)}. "
                "Read the label again; if it is right, record the refill before programming."
            )
    return refused


def _at_fields(refusals: Iterable[EntryRefused]) -> dict[str, str]:
    return {_place(each.field, None): each.message for each in refusals}


def _place(field: str, form: PrescriptionForm | None) -> str:
    """The name of the input that a refusal belongs to; what belongs nowhere stands at the mode."""
    numbered = _STEP.fullmatch(field)
    if numbered is not None:
        return f"step-{numbered[1]}-{_STEP_PART[numbered[2]]}"
    if form is not None and field.startswith("step from "):
        starts = [step.start for step in form.steps]
        start = field.removeprefix("step from ")
        return f"step-{starts.index(start) + 1}-dose" if start in starts else "steps"
    return _PLACES.get(field, "mode")


def _unit(key: str) -> str:
    try:
        return drug(key).dose_unit
    except CatalogueError:
        return "mg"


def _display(key: str) -> str:
    try:
        return drug(key).display
    except CatalogueError:
        return key
