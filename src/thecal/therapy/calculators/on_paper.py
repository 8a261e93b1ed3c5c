"""A pump and its fluid as a planner names them: by catalogue keys, before any pump has been interrogated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from thecal.catalogue.constant_flow import constant_flow_models
from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.policy import policy
from thecal.catalogue.programmable import programmable_models, programmable_pump
from thecal.catalogue.pumps import ProgrammablePump, Pump, pump_model
from thecal.catalogue.sourced import CatalogueError
from thecal.device import Mode, Program
from thecal.quantities import Instant
from thecal.therapy.entry import EntryRefused
from thecal.therapy.models import in_hand
from thecal.therapy.patient import NOBODY_ASKED, PatientFacts
from thecal.therapy.plan import Plan, plan_of
from thecal.therapy.prescribed import DrugIn, Therapy, prescription_of
from thecal.therapy.prescription import FluidComponent, Prescription, PrescriptionInvalid
from thecal.therapy.situation import Pending, Situation
from thecal.therapy.standing import Standing
from thecal.therapy.translation import CannotTranslate, translate


@contextmanager
def naming(field: str) -> Iterator[None]:
    """What the catalogue refuses in here, as a refusal of this field of the document. Raises EntryRefused."""
    try:
        yield
    except CatalogueError as unknown:
        raise EntryRefused(field, str(unknown)) from None


def any_pump(key: str) -> Pump:
    """The pump model ``key`` of either kind. Raises EntryRefused for an unknown one."""
    with naming("pump"):
        return pump_model(key)


def programmable(key: str) -> ProgrammablePump:
    """The programmable model ``key``. Raises EntryRefused for an unknown one and for a constant-flow model."""
    if key in constant_flow_models():
        models = ", ".join(programmable_models())
        raise EntryRefused("pump", f"{pump_model(key).name} has one flow for life and no program; use one of {models}")
    with naming("pump"):
        return programmable_pump(key)


def known_drug(field: str, key: str) -> Drug:
    """The drug ``key``. Raises EntryRefused naming ``field`` for one that the catalogue does not hold."""
    with naming(field):
        return drug(key)


def plan_on_paper(
    prescription: Prescription, model: ProgrammablePump, patient: PatientFacts = NOBODY_ASKED
) -> Plan | CannotTranslate:
    """This prescription in a new, full pump of this model; the rules that judge a plan judge it too.

    Raises CatalogueError for a drug the catalogue does not hold.
    """
    pump = in_hand(model)
    translated = translate(prescription, pump)
    if isinstance(translated, CannotTranslate):
        return translated
    still = Program(pump.serial, pump.patient_token, Mode.STOPPED, (), None, (), (), 0, 0)
    fluid = tuple(each.in_counts() for each in prescription.components)
    new = Standing(pump, still, still, model.capacity, fluid, Instant(0), 0, policy())
    return plan_of(translated, new, Situation(Pending(prescription), new, patient))


def fluid_of(drugs: tuple[DrugIn, ...], field: str = "fluid") -> tuple[FluidComponent, ...]:
    """The fluid these drugs make, primary drug first.

    Raises EntryRefused for no drug, one the catalogue does not hold, one named twice, or a concentration of zero.
    """
    if not drugs:
        raise EntryRefused(field, "name at least one drug and its concentration, primary drug first")
    if len({each.drug for each in drugs}) != len(drugs):
        raise EntryRefused(field, "names a drug twice; each drug once, with the concentration in this fluid")
    for at, each in enumerate(drugs):
        known_drug(f"{field}[{at}].drug", each.drug)
        if each.concentration.count == 0:
            raise EntryRefused(f"{field}[{at}].concentration", "must be more than zero")
    return tuple(FluidComponent(each.drug, each.concentration) for each in drugs)


def prescribed(therapy: Therapy, drugs: tuple[DrugIn, ...], field: str = "therapy") -> Prescription:
    """The prescription a document states. Raises EntryRefused where it contradicts itself, else as ``fluid_of``."""
    fluid_of(drugs)
    try:
        return prescription_of(therapy, drugs)
    except PrescriptionInvalid as wrong:
        raise EntryRefused(f"{field}.{wrong.field}", str(wrong).removeprefix(f"{wrong.field}: ")) from None


def daily_unit(known: Drug) -> str:
    """The unit its 24-hour doses are shown in."""
    return f"{known.dose_unit}/day"


def concentration_unit(known: Drug) -> str:
    """The unit its concentrations are shown in."""
    return f"{known.dose_unit}/mL"
