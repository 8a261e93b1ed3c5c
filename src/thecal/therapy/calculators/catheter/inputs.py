"""What a catheter is described with: its parts from pump to tip, what was cut off, and what flows through it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from thecal.catalogue.catheters import ImplantedCatheter, Trim, catheter
from thecal.catalogue.pumps import ConstantFlowPump, ProgrammablePump, Pump
from thecal.documents import About
from thecal.quantities import DoseRate, FlowRate, Volume
from thecal.therapy.arithmetic import rate_for_dose
from thecal.therapy.calculation import SourceLine, cited
from thecal.therapy.calculators.line_inputs import BY_THE_CLINIC, NOT_CHECKED
from thecal.therapy.calculators.on_paper import any_pump, fluid_of, naming
from thecal.therapy.calculators.pump_flow import not_programmable
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Finding
from thecal.therapy.prescribed import DrugIn


@dataclass(frozen=True, slots=True)
class PieceIn:
    """One piece of a catheter, and the figures of it that the catalogue lacks."""

    trimmed_cm: Annotated[Decimal, About("length cut off, in cm", 0, 200)]
    length_cm: Annotated[Decimal | None, About("length as delivered, only where the catalogue has none", 0, 200)] = None
    volume_ml_per_cm: Annotated[Decimal | None, About("mL per cm, only where the catalogue has none", 0, 1)] = None


@dataclass(frozen=True, slots=True)
class PartIn:
    """One catheter or kit of the catalogue on the way from pump to tip."""

    catheter: Annotated[str, About("catheter of the catalogue")]
    pieces: Annotated[tuple[PieceIn, ...], About("each piece from pump to tip; nothing cut off if left out")] = ()
    connector: Annotated[Volume | None, About("what the connector to the next part holds")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatheterInputs:
    """A catheter as it lies in the patient."""

    parts: Annotated[tuple[PartIn, ...], About("parts from pump to tip, one unless it was spliced")]
    recut_cm: Annotated[Decimal | None, About("cut off at the pump end since, in cm", 0, 200)] = None
    pump: Annotated[str | None, About("pump model of the catalogue")] = None
    tubing_volume: Annotated[Volume | None, About("volume inside the pump, where the clinic knows it better")] = None
    fluid: Annotated[tuple[DrugIn, ...], About("drugs of the fluid, primary drug first")] = ()
    daily_dose: Annotated[DoseRate | None, About("24-hour dose of the primary drug")] = None
    flow: Annotated[FlowRate | None, About("flow, instead of a dose; of a constant-flow pump its label flow")] = None
    unrecorded_cm: Annotated[Decimal | None, About("length that may be cut off without a record, in cm", 0, 200)] = None


@dataclass(frozen=True, slots=True)
class Described:
    """The catheter, what lies before it, and the flow through both; None where it was not told or cannot be."""

    implanted: ImplantedCatheter
    inside: Volume | None
    flow: FlowRate | None
    sources: tuple[SourceLine, ...]
    against: Finding | None  # why no program of the pump has the flow that was told


def described(inputs: CatheterInputs) -> Described:
    """Raises EntryRefused for contradictions, and for what the catalogue lacks or does not allow."""
    if inputs.fluid:
        fluid_of(inputs.fluid)
    pump = None if inputs.pump is None else any_pump(inputs.pump)
    lies = _implanted(inputs)
    inside, inside_sources = _inside(inputs, pump)
    flow, flow_sources = _flow(inputs, pump)
    sources = (*_lumens(inputs), *inside_sources, *flow_sources)
    against = _against(inputs, pump, flow)
    return Described(lies, inside, flow if against is None else None, sources, against)


def _against(inputs: CatheterInputs, pump: Pump | None, flow: FlowRate | None) -> Finding | None:
    if flow is None or not isinstance(pump, ProgrammablePump):
        return None
    return not_programmable(pump, flow, "daily_dose" if inputs.flow is None else "flow")


def _implanted(inputs: CatheterInputs) -> ImplantedCatheter:
    if not inputs.parts:
        raise EntryRefused("parts", "name at least one catheter of the catalogue")
    *others, last = inputs.parts
    if last.connector is not None:
        raise EntryRefused("parts.connector", "the last part ends at the tip and has no connector beyond it")
    whole = _part(last, len(others))
    for at, part in reversed(tuple(enumerate(others))):
        whole = _part(part, at).splice(whole, part.connector or Volume(0))
    if inputs.recut_cm is None:
        return whole
    with naming("recut_cm"):
        return whole.recut(inputs.recut_cm)


def _part(part: PartIn, at: int) -> ImplantedCatheter:
    trims = (Trim(each.trimmed_cm, each.length_cm, each.volume_ml_per_cm) for each in part.pieces)
    with naming(f"parts[{at}].catheter"):
        model = catheter(part.catheter)
    with naming(f"parts[{at}].pieces"):
        return model.implanted(*trims)


def _lumens(inputs: CatheterInputs) -> tuple[SourceLine, ...]:
    models = [catheter(key) for key in dict.fromkeys(part.catheter for part in inputs.parts)]
    return tuple(
        cited(f"{model.name}: {name.replace('_', ' ')}", origin) for model in models for name, origin in model.sources
    )


def _inside(inputs: CatheterInputs, pump: Pump | None) -> tuple[Volume | None, tuple[SourceLine, ...]]:
    if inputs.tubing_volume is not None:
        return inputs.tubing_volume, (SourceLine("volume inside the pump", BY_THE_CLINIC, NOT_CHECKED),)
    if pump is None:
        return None, ()
    if isinstance(pump, ConstantFlowPump):
        return pump.restrictor_volume, (cited(f"{pump.name}: restrictor", pump.source_of("restrictor_volume")),)
    return pump.tubing_volume, (cited(f"{pump.name}: tubing", pump.source_of("tubing_volume")),)


def _flow(inputs: CatheterInputs, pump: Pump | None) -> tuple[FlowRate | None, tuple[SourceLine, ...]]:
    if inputs.flow is not None and inputs.daily_dose is not None:
        raise EntryRefused("flow", "a dose is given too; give one of them, the other follows")
    if inputs.daily_dose is not None:
        flow = rate_for_dose(inputs.daily_dose, fluid_of(inputs.fluid)[0].concentration)
    elif inputs.flow is not None:
        flow = inputs.flow
    elif isinstance(pump, ConstantFlowPump):
        return pump.label_flow, (cited(f"{pump.name}: label flow", pump.source_of("label_flow")),)
    else:
        return None, ()
    if flow.count == 0:
        raise EntryRefused("flow", "must be more than zero: nothing moves in a catheter without flow")
    return flow, ()
