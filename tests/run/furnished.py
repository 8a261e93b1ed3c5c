"""Patient folders as seeding leaves them, made by hand: a fast pump with a running program, and a gas-driven one."""

from __future__ import annotations

from pathlib import Path

from thecal.adapters.link.credentials import ProgrammerKey
from thecal.adapters.link.pairing import pair
from thecal.adapters.memory_file import MemoryFile
from thecal.adapters.truth_file import Implantation, TruthWriter
from thecal.column import Fluid
from thecal.device import (
    Commit,
    Component,
    FlexStep,
    Mode,
    Program,
    PumpDescriptor,
    RecordRefill,
    Request,
    Role,
    Stage,
    program_hash,
)
from thecal.fluid import TrueReservoir
from thecal.implant import Implant
from thecal.pump import manufacture
from thecal.run.child import ChildPlan
from thecal.run.data_folder import PatientFolder
from thecal.run.hosted import write_keyring
from thecal.run.patient_host import PatientHost
from thecal.run.patient_label import PatientLabel, write_label
from thecal.telemetry import encode_request

NOON = 1_795_000_000_000
STROKE_EVERY_MS = 2_160  # 0.5 microlitre of 20 mL/day
DESCRIPTOR = PumpDescriptor("test model", 500, 40_000_000, 6_000, 48_000, 28_800_000)
RATE_NL_PER_DAY = 20_000_000
MORPHINE = (Component("morphine", 10_000_000),)
FILL_NL = 40_000_000


def programmable(root: Path, patient: str = "alder") -> tuple[PatientFolder, ProgrammerKey]:
    """A folder whose pump runs at a stroke every 2.16 s, and the physician's key."""
    folder = PatientFolder(root / patient)
    folder.path.mkdir(parents=True)
    write_label(
        folder.label, PatientLabel(patient, f"Demo Patient {patient}", "test model", "programmable", None, "none")
    )
    made = manufacture(DESCRIPTOR, f"SN-{patient}", patient, NOON, 0)
    with MemoryFile(folder.manufactured) as memory:
        Implant.manufacture(made, memory)
    with MemoryFile(folder.memory) as memory:
        _programmed(Implant.manufacture(made, memory), patient)
    fluid = Fluid.of([("morphine", 10_000_000)])
    reservoir = TrueReservoir(40_000_000, 1_000_000, FILL_NL, fluid)
    TruthWriter.begin(folder.truth, Implantation(NOON, 500, reservoir, 300_000, fluid)).close()
    keyring, key = pair(f"SN-{patient}", "physician", "clinic")
    write_keyring(folder.keyring)(keyring)
    return folder, key


def constant_flow(root: Path, patient: str = "birch") -> PatientFolder:
    """A folder whose pump presses 0.5 mL/day."""
    folder = PatientFolder(root / patient)
    folder.path.mkdir(parents=True)
    write_label(folder.label, PatientLabel(patient, f"Demo Patient {patient}", "gas", "constant flow", 500_000, "none"))
    fluid = Fluid.of([("morphine", 2_000_000)])
    reservoir = TrueReservoir(20_000_000, 1_000_000, 20_000_000, fluid)
    TruthWriter.begin(folder.truth, Implantation(NOON, 0, reservoir, 300_000, fluid)).close()
    return folder


def host_of(folder: PatientFolder, now_ms=lambda: 0) -> PatientHost:
    """The supervisor's end of this patient."""
    log = folder.path.parent / f"{folder.patient}.log"
    plan = ChildPlan(f"patient {folder.patient}", "thecal.run.patient_process", (str(folder.path),), log, {})
    flow = None if folder.keyring.exists() else 500_000
    kind = "programmable" if flow is None else "constant flow"
    return PatientHost(PatientLabel(folder.patient, folder.patient, "test", kind, flow, "none"), plan, now_ms)


def _programmed(implant: Implant, patient: str) -> None:
    program = Program(
        pump_serial=f"SN-{patient}",
        patient_token=patient,
        mode=Mode.SIMPLE_CONTINUOUS,
        steps=(FlexStep(0, RATE_NL_PER_DAY),),
        patient_bolus=None,
        components=MORPHINE,
        stated_daily_dose_ng=(200_000_000,),
        volume_limit_nl_per_24h=RATE_NL_PER_DAY,
        low_reservoir_nl=1_000_000,
    )
    based_on = program_hash(implant.state.program)
    commands = (RecordRefill(FILL_NL, MORPHINE), Stage(program, based_on), Commit(program_hash(program)))
    for number, command in enumerate(commands):
        implant.handle(Role.PHYSICIAN, encode_request(Request(bytes((number,)) * 16, 30_000, command)))
    assert implant.state.program == program
