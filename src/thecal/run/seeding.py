"""The demonstration clinic from the example cases: patients with their pumps, keys, and the clinic's records.

Every programmable pump is manufactured, told of its filling and programmed through the physician programmer's own
conversation, in process, with nobody else on the wire. Nothing is written outside the folder given.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from thecal.adapters.keyring import WorkstationKey, seal_workstation
from thecal.adapters.link.credentials import ProgrammerKey
from thecal.adapters.link.pairing import pair
from thecal.adapters.memory_file import MemoryFile
from thecal.adapters.truth_file import Implantation, TruthWriter
from thecal.bench.case import Case, DocumentError, Expected, load_case
from thecal.bench.channel import Channel, unprotected
from thecal.bench.physician import Physician
from thecal.bench.plumbing import flow_at_37_degc, fluid_of, line_nl, true_reservoir
from thecal.catalogue.pumps import ConstantFlowPump, ProgrammablePump, pump_model
from thecal.device import Component, Mode, Role
from thecal.implant import Implant
from thecal.pump import PumpState, manufacture
from thecal.run.clock import BenchClock
from thecal.run.clock_file import write_clock
from thecal.run.data_folder import DataFolder, PatientFolder, StartRefused
from thecal.run.demo_access import draw_access, write_access
from thecal.run.hosted import write_keyring
from thecal.run.patient_label import CONSTANT_FLOW, PROGRAMMABLE, PatientLabel, write_label
from thecal.therapy import descriptor_of
from thecal.web.clinic.enrolment import ConstantFill, Enrolment, prepare


@dataclass(frozen=True, slots=True)
class Document:
    """A case and the file it came from."""

    path: Path
    case: Case


def seed(folder: DataFolder, examples: Path, tell: Callable[[str], None]) -> None:
    """Fill an empty folder. Raises StartRefused for an example that cannot be seeded."""
    documents = _documents(examples)
    access = draw_access()
    workstation, wrapped = seal_workstation(access.password)
    for private in (folder.patients, folder.clinic_keys, folder.handsets):
        private.mkdir(mode=0o700, parents=True)
    for document in documents:
        _seed_patient(folder, document, workstation)
        tell(f"  {document.case.patient.name}: {document.case.title}")
    _write_private(folder.workstation, wrapped)
    write_access(folder.access, access)
    prepare(folder.root, access.user, access.password, tuple(_enrolment(each.case) for each in documents))
    write_clock(folder.clock, BenchClock(max(each.case.starts.epoch_ms for each in documents)))


def _documents(examples: Path) -> tuple[Document, ...]:
    found = []
    for path in sorted(examples.glob("*.toml")):
        try:
            found.append(Document(path, load_case(path.read_text(encoding="utf-8"))))
        except DocumentError as error:
            raise StartRefused(f"{path}: {error}") from None
    if not found:
        raise StartRefused(f"no example cases in {examples}")
    return tuple(found)


def _seed_patient(folder: DataFolder, document: Document, workstation: WorkstationKey) -> None:
    case = document.case
    patient = PatientFolder(folder.patients / case.id)
    patient.path.mkdir(mode=0o700)
    shutil.copyfile(document.path, patient.case)
    model = pump_model(case.system.pump)
    digest = hashlib.sha256(patient.case.read_bytes()).hexdigest()
    if isinstance(model, ConstantFlowPump):
        flow_nl_per_day = flow_at_37_degc(model)
        label = PatientLabel(case.id, case.patient.name, model.name, CONSTANT_FLOW, flow_nl_per_day, digest)
        write_label(patient.label, label)
        _begin_truth(patient, case, 0)
        return
    write_label(patient.label, PatientLabel(case.id, case.patient.name, model.name, PROGRAMMABLE, None, digest))
    _begin_truth(patient, case, model.stroke.count)
    _make_pump(patient, case, _as_manufactured(case, model))
    _hand_out_keys(folder, patient, case, workstation)


def _as_manufactured(case: Case, model: ProgrammablePump) -> PumpState:
    return manufacture(descriptor_of(model), case.system.serial, case.id, case.starts.epoch_ms, case.clock_offset_min)


def _begin_truth(patient: PatientFolder, case: Case, stroke_nl: int) -> None:
    reservoir = true_reservoir(case.system, case.reservoir)
    line_fluid = fluid_of(case.line.drugs)
    begun = Implantation(case.starts.epoch_ms, stroke_nl, reservoir, line_nl(case.system), line_fluid)
    TruthWriter.begin(patient.truth, begun).close()


def _make_pump(patient: PatientFolder, case: Case, made: PumpState) -> None:
    with MemoryFile(patient.manufactured) as memory:
        Implant.manufacture(made, memory)
    with MemoryFile(patient.memory) as memory:
        implant = Implant.manufacture(made, memory)
        physician = Physician(Channel(Role.PHYSICIAN, unprotected, implant.handle), lambda: secrets.token_bytes(16))
        told = physician.record_refill(0, case.reservoir.volume.count, case.reservoir.drugs)
        if told.ended is not Expected.VERIFIED:
            raise StartRefused(f"{case.id}: the filling could not be recorded: {told.words}")
        if case.therapy is None or case.therapy.mode is Mode.STOPPED:
            return
        done = physician.program(case.therapy, case.reservoir.drugs, second_confirmation=False)
        if done.ended is not Expected.VERIFIED:
            raise StartRefused(f"{case.id}: the therapy could not be programmed: {done.words}")


def _hand_out_keys(folder: DataFolder, patient: PatientFolder, case: Case, workstation: WorkstationKey) -> None:
    """Pair clinic and handset with the pump. The clinic's key is sealed; the patient holds the other."""
    serial = case.system.serial
    keyring, clinic = pair(serial, "physician", "clinic")
    keyring, handset = pair(serial, "patient", "handset", keyring)
    write_keyring(patient.keyring)(keyring)
    _write_private(folder.clinic_keys / f"{case.id}.json", workstation.seal(case.id, _key_document(clinic)))
    _write_private(folder.handsets / f"{case.id}.json", _key_document(handset))


def _enrolment(case: Case) -> Enrolment:
    components = tuple(Component(each.drug, each.concentration.count) for each in case.reservoir.drugs)
    constant = isinstance(pump_model(case.system.pump), ConstantFlowPump)
    return Enrolment(
        key=case.id,
        name=case.patient.name,
        born=case.patient.born,
        indication=case.patient.indication.value,
        pump=case.system.pump,
        serial=case.system.serial,
        catheter=case.system.catheter,
        tip=case.system.tip,
        fill=ConstantFill(components, case.reservoir.volume.count, case.starts.epoch_ms) if constant else None,
    )


def _key_document(key: ProgrammerKey) -> bytes:
    document: dict[str, Any] = key.to_document()
    return json.dumps(document).encode("ascii")


def _write_private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
