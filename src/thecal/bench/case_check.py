"""What a case must fulfil beyond its form: things exist, fit together and happen in order."""

from __future__ import annotations

import re

from thecal.bench.case_records import Case, Person, System
from thecal.catalogue.anatomy import load_anatomy
from thecal.catalogue.catheters import catheter
from thecal.catalogue.drugs import drug
from thecal.catalogue.kinetics import load_kinetics
from thecal.catalogue.pumps import ConstantFlowPump, ProgrammablePump, pump_model
from thecal.catalogue.sourced import CatalogueError
from thecal.device.bounds import CONCENTRATION
from thecal.documents import DocumentError
from thecal.quantities import Concentration, Duration
from thecal.therapy.patient import Indication
from thecal.therapy.prescribed import DrugIn, check_therapy

ZERO, LONGEST = Duration(0), Duration.parse("36525 day")  # a hundred years: longer than any patient has a pump
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def check(case: Case) -> None:
    """Raises DocumentError for the first thing that does not fit, in one line that names the field."""
    if _ID.fullmatch(case.id) is None or len(case.id) > 40:
        raise DocumentError(f"id: {case.id!r} must be lower-case words joined by hyphens, at most 40 characters")
    model = _system(case.system)
    _drugs("reservoir.drugs", case.reservoir.drugs)
    _drugs("line.drugs", case.line.drugs)
    if not case.reservoir.drugs:
        raise DocumentError("reservoir.drugs: name at least one drug")
    if case.reservoir.volume > model.capacity:
        raise DocumentError(
            f"reservoir.volume: {case.reservoir.volume} is more than {model.name} holds ({model.capacity})"
        )
    if not ZERO < case.duration <= LONGEST:
        raise DocumentError(f"duration: {case.duration} must be above zero and at most {LONGEST}")
    _score(case)
    _therapies(case, model)
    _order("changes", tuple(change.after for change in case.changes), case.duration)
    _order("requests", tuple(request.after for request in case.requests), case.duration)


def _system(system: System) -> ProgrammablePump | ConstantFlowPump:
    if not (1 <= len(system.serial) <= 40 and system.serial.isascii() and system.serial.isprintable()):
        raise DocumentError("system.serial: must be 1 to 40 printable ASCII characters")
    try:
        model = pump_model(system.pump)
    except CatalogueError as error:
        raise DocumentError(f"system.pump: {error}") from None
    try:
        tube = catheter(system.catheter)
    except CatalogueError as error:
        raise DocumentError(f"system.catheter: {error}") from None
    try:
        tube.lumen(system.trimmed_cm)
    except CatalogueError as error:
        raise DocumentError(f"system.trimmed_cm: {error}") from None
    names = load_anatomy().level_names
    if system.tip not in names:
        raise DocumentError(f"system.tip: {system.tip!r} is not a level: use one of {', '.join(names)}")
    return model


def _drugs(where: str, drugs: tuple[DrugIn, ...]) -> None:
    for index, entry in enumerate(drugs):
        try:
            drug(entry.drug)
            load_kinetics(entry.drug)
        except CatalogueError as error:
            raise DocumentError(f"{where}[{index}].drug: {error}") from None
        if not CONCENTRATION.low <= entry.concentration.count <= CONCENTRATION.high:
            lowest, highest = Concentration(CONCENTRATION.low), Concentration(CONCENTRATION.high)
            raise DocumentError(f"{where}[{index}].concentration: must lie from {lowest} to {highest}")
    if len({entry.drug for entry in drugs}) != len(drugs):
        raise DocumentError(f"{where}: each drug once")


def _score(case: Case) -> None:
    person: Person = case.patient
    spasticity = person.indication is Indication.SPASTICITY
    field = "ashworth_without_drug" if spasticity else "pain_without_drug"
    if getattr(person, field) is None:
        raise DocumentError(f"patient.{field}: missing for {person.indication.value}")
    effect = "spasticity" if spasticity else "analgesia"
    beside_cord = [level.name for level in load_anatomy().levels if level.cord_area_cm2 > 0]
    if person.level is not None and person.level not in beside_cord:
        raise DocumentError(f"patient.level: {person.level!r} must be one of {', '.join(beside_cord)}")
    if person.level is None and case.system.tip not in beside_cord:
        raise DocumentError(f"patient.level: missing, because there is no cord beside the tip at {case.system.tip}")
    primary = drug(case.reservoir.drugs[0].drug)
    if primary.effect != effect:
        raise DocumentError(f"patient.indication: {primary.name} does not treat {person.indication.value}")


def _therapies(case: Case, model: ProgrammablePump | ConstantFlowPump) -> None:
    if isinstance(model, ConstantFlowPump):
        for field, given in (("therapy", case.therapy), ("changes", case.changes), ("requests", case.requests)):
            if given:
                raise DocumentError(f"{field}: {model.name} has one flow for life; nobody can program or ask it")
        return
    if case.therapy is None:
        raise DocumentError('therapy: missing for a programmable pump (mode = "stopped" leaves it unprogrammed)')
    check_therapy("therapy", case.therapy)
    for index, change in enumerate(case.changes):
        check_therapy(f"changes[{index}].therapy", change.therapy)


def _order(where: str, times: tuple[Duration, ...], whole: Duration) -> None:
    if list(times) != sorted(set(times)):
        raise DocumentError(f"{where}: must be in ascending order of time")
    if times and times[-1] >= whole:
        raise DocumentError(f"{where}[{len(times) - 1}].after: must lie within the duration of {whole}")
