"""From the check document to what a check is given: things exist, fit together, and are counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from thecal.catalogue.drugs import drug
from thecal.catalogue.policy import Policy, policy
from thecal.catalogue.pumps import ConstantFlowPump, Pump
from thecal.catalogue.sourced import CatalogueError
from thecal.device import INFUSING, Component, FlexStep, Mode, Program, PumpDescriptor
from thecal.device.bounds import CONCENTRATION, RESERVOIR
from thecal.device.program import COMPONENTS_MAX
from thecal.documents import DocumentError
from thecal.quantities import Concentration, Volume
from thecal.therapy.arithmetic import dose_given
from thecal.therapy.check_constant_flow import given_by_flow
from thecal.therapy.check_devices import devices_of, named_pump
from thecal.therapy.check_possible import check_possible
from thecal.therapy.check_records import CheckDocument, CurrentPart, PendingPart
from thecal.therapy.models import PumpInHand, descriptor_of
from thecal.therapy.prescribed import DrugIn, Therapy, check_therapy, prescription_of
from thecal.therapy.prescription import FluidComponent, Prescription, PrescriptionInvalid
from thecal.therapy.situation import LabelReading, MriPlan, Pending, Situation
from thecal.therapy.standing import Standing
from thecal.therapy.translation import CannotTranslate, translate
from thecal.therapy.written import PRESCRIPTION, Written

if TYPE_CHECKING:
    from thecal.catalogue.site import Site

_UNNAMED = "not given"
_STOPPED = Therapy(Mode.STOPPED)


@dataclass(frozen=True, slots=True)
class CheckCase:
    """A plan read from a document. ``answers``: the model that was interrogated, which the record may contradict.

    ``prescribes``: a new therapy is stated, rather than the old one going on.
    """

    title: str
    source: str
    situation: Situation
    answers: Pump
    prescribes: bool


def case_of(document: CheckDocument, site: Site | None = None) -> CheckCase:
    """What a check is given. Raises DocumentError for the first thing that does not fit."""
    current = document.current
    model = named_pump("current.pump", current.pump)
    if document.devices.recorded_serial is not None and current.serial is None:
        raise DocumentError("current.serial: missing, to be compared with devices.recorded_serial")
    _fluids(document)
    planning = policy() if site is None else site.planning_of(policy())
    standing = _standing(current, model, planning, document.pending.refill is not None)
    check_possible(document, model)
    pending = _pending(document.pending, current, model)
    devices = devices_of(document.devices, model, site)
    situation = Situation(pending, standing, document.patient, devices, document.history)
    prescribes = document.pending.prescription is not None
    return CheckCase(document.title or "", document.source or "", situation, model, prescribes)


def _fluids(document: CheckDocument) -> None:
    current, pending = document.current, document.pending
    check_fluid("current.fluid", current.fluid)
    check_fluid("current.last_fluid", current.last_fluid)
    if pending.prescription is not None:
        check_fluid("pending.prescription.fluid", pending.prescription.fluid)
    if pending.refill is not None:
        if not pending.refill.fluid:
            raise DocumentError("pending.refill.fluid: name the drug and its concentration")
        check_fluid("pending.refill.fluid", pending.refill.fluid)
        check_fluid("pending.refill.read_again", pending.refill.read_again)
        check_fluid("pending.refill.assayed", pending.refill.assayed)
    line = document.devices.line
    for index, stretch in enumerate(() if line is None else line.holds):
        check_fluid(f"devices.line.holds[{index}].fluid", stretch.fluid)


def check_fluid(where: str, drugs: tuple[DrugIn | LabelReading, ...]) -> None:
    """Raises DocumentError for a drug the catalogue does not hold, one named twice, too many, or too much of one."""
    for index, each in enumerate(drugs):
        try:
            drug(each.drug)
        except CatalogueError as error:
            raise DocumentError(f"{where}[{index}].drug: {error}") from None
        if not CONCENTRATION.low <= each.concentration.count <= CONCENTRATION.high:
            lowest, highest = Concentration(CONCENTRATION.low), Concentration(CONCENTRATION.high)
            raise DocumentError(f"{where}[{index}].concentration: must lie from {lowest} to {highest}")
    if len({each.drug for each in drugs}) != len(drugs):
        raise DocumentError(f"{where}: each drug once")
    if len(drugs) > COMPONENTS_MAX:
        raise DocumentError(f"{where}: at most {COMPONENTS_MAX} drugs in one fluid")


def _pending(part: PendingPart, current: CurrentPart, model: Pump) -> Pending:
    return Pending(
        prescription=_new_prescription(part, current, model),
        refill=part.refill,
        bridge=part.bridge,
        prime=part.prime,
        aspirated=part.aspirated,
        refill_interval=part.refill_interval,
        mri=None if part.mri is None else MriPlan(_tesla(part.mri.field_tesla), part.mri.reservoir),
        override_reason=part.override_reason,
        written=_written(part, model),
    )


def _tesla(written: str) -> Decimal:
    if not re.fullmatch(r"(0|[1-9][0-9]?)(\.[0-9]{1,3})?", written) or not Decimal(written):
        raise DocumentError(
            f"pending.mri.field_tesla: {written!r} is no field strength: write tesla above 0, without unit, such as 1.5"
        )
    return Decimal(written)


def _new_prescription(part: PendingPart, current: CurrentPart, model: Pump) -> Prescription:
    told = () if part.refill is None else tuple(DrugIn(each.drug, each.concentration) for each in part.refill.fluid)
    if part.prescription is not None:
        fluid = part.prescription.fluid or told or current.fluid
        return _prescription(PRESCRIPTION, part.prescription, fluid)
    if isinstance(model, ConstantFlowPump):
        held = tuple(FluidComponent(each.drug, each.concentration) for each in told or current.fluid)
        return given_by_flow(model, held)
    return _prescription("current.therapy", current.therapy or _STOPPED, told or current.fluid)


def _written(part: PendingPart, model: Pump) -> Written:
    """Where the therapy and its fluid stand: what is left out of one place is read from the next."""
    therapy = "current.therapy" if part.prescription is None else PRESCRIPTION
    one_flow = part.prescription is None and isinstance(model, ConstantFlowPump)
    if part.prescription is not None and part.prescription.fluid:
        return Written(therapy, f"{PRESCRIPTION}.fluid")
    return Written(therapy, "current.fluid" if part.refill is None else "pending.refill.fluid", one_flow)


def _prescription(where: str, therapy: Therapy, fluid: tuple[DrugIn, ...]) -> Prescription:
    check_therapy(where, therapy)
    try:
        return prescription_of(therapy, fluid)
    except PrescriptionInvalid as error:
        raise DocumentError(f"{where}.{error}") from None


def _standing(current: CurrentPart, model: Pump, planning: Policy, first_fill: bool) -> Standing:
    if current.reservoir.count > RESERVOIR.high:
        raise DocumentError(f"current.reservoir: must be at most {Volume(RESERVOIR.high)}")
    serial = current.serial or _UNNAMED
    if not (len(serial) <= 40 and serial.isascii() and serial.isprintable()):
        raise DocumentError("current.serial: must be 1 to 40 printable ASCII characters")
    if isinstance(model, ConstantFlowPump):
        pump, program = _constant_flow(current, model, serial, first_fill)
        last = program
    else:
        pump = PumpInHand(descriptor_of(model), serial, _UNNAMED, model.low_alarm_default, model.residual)
        program = _program("current.therapy", current.therapy or _STOPPED, current.fluid, pump)
        last = _last_infusing(current, pump, program)
    return Standing(
        pump=pump,
        program=program,
        last_infusing=last,
        reservoir=current.reservoir,
        fluid=_components(current.fluid),
        now=current.now,
        clock_offset_min=current.clock_offset_min,
        policy=planning,
    )


def _last_infusing(current: CurrentPart, pump: PumpInHand, program: Program) -> Program:
    if current.last_therapy is None:
        return program
    if program.mode in INFUSING:
        raise DocumentError("current.last_therapy: only where the pump does not infuse now")
    return _program("current.last_therapy", current.last_therapy, current.last_fluid or current.fluid, pump)


def _program(where: str, therapy: Therapy, fluid: tuple[DrugIn, ...], pump: PumpInHand) -> Program:
    translated = translate(_prescription(where, therapy, fluid), pump)
    if isinstance(translated, CannotTranslate):
        refused = translated.findings[0]
        shown = ", ".join(f"{each.label} {each.text}" for each in refused.compared)
        raise DocumentError(f"{where}: this pump cannot be running that. {refused.words}{shown and f' ({shown})'}")
    return translated.program


def _constant_flow(
    current: CurrentPart, model: ConstantFlowPump, serial: str, first_fill: bool
) -> tuple[PumpInHand, Program]:
    """The one flow for life, said as a program nobody can change: any dose is that flow times the concentration.

    A pump without fluid that is about to be filled is a new one: it has given nothing.
    """
    for name, therapy in (("therapy", current.therapy), ("last_therapy", current.last_therapy)):
        if therapy is not None:
            raise DocumentError(f"current.{name}: {model.name} has one flow for life; nobody can program it")
    if not current.fluid and not first_fill:
        raise DocumentError(f"current.fluid: missing; {model.name} gives whatever it holds")
    flow = model.label_flow
    doses = tuple(dose_given(flow, each.concentration).count for each in current.fluid)
    descriptor = PumpDescriptor(model.key, 1, model.capacity.count, flow.count, flow.count, flow.count)
    pump = PumpInHand(descriptor, serial, _UNNAMED, model.residual, model.residual)
    if not current.fluid:  # nothing has flowed yet
        return pump, _program("current.fluid", _STOPPED, (), pump)
    program = Program(
        pump_serial=serial,
        patient_token=_UNNAMED,
        mode=Mode.SIMPLE_CONTINUOUS,
        steps=(FlexStep(0, flow.count),),
        patient_bolus=None,
        components=_components(current.fluid),
        stated_daily_dose_ng=doses,
        volume_limit_nl_per_24h=flow.count,
        low_reservoir_nl=model.residual.count,
    )
    return pump, program


def _components(fluid: tuple[DrugIn, ...]) -> tuple[Component, ...]:
    return tuple(Component(each.drug, each.concentration.count) for each in fluid)
