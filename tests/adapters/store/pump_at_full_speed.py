"""A process to be killed: one pump with its files, run as fast as it goes, a bolus asked for whenever possible."""

from __future__ import annotations

import itertools
import os
import sys
from dataclasses import replace
from pathlib import Path

from tests.implant.power import FLUID, NEW, STEADY, Asks, updates
from thecal.adapters.memory_file import MemoryFile, read_banks
from thecal.adapters.truth_file import Implantation, TruthWriter
from thecal.column import SALINE
from thecal.device import PatientBolus, RecordRefill, RequestBolus, Role
from thecal.fluid import Stroke, TrueReservoir
from thecal.implant import Implant

BOLUS = PatientBolus(150_000, 840_000, 900_000, 24)  # 300 strokes in 14 min: nearly always one is running
PROGRAM = replace(STEADY, patient_bolus=BOLUS)
IMPLANTED = Implantation(0, 500, TrueReservoir(40_000_000, 0, 40_000_000, SALINE), 300_000, SALINE)


def implant_new(folder: Path) -> None:
    """A pump with fluid and program, and a truth record that begins with it."""
    TruthWriter.begin(folder / "truth.log", IMPLANTED).close()
    with MemoryFile(folder / "memory.bin") as memory:
        implant = Implant.manufacture(NEW, memory)
        Asks(1, Role.PHYSICIAN, RecordRefill(40_000_000, FLUID)).of(implant)
        for act in updates(PROGRAM, NEW.program, 2):
            act.of(implant)


def main(folder: Path) -> None:
    """Recover, say so, and run until killed."""
    truth = TruthWriter.open(folder / "truth.log")

    def actuate(tick_ms: int) -> None:
        truth.append(Stroke(tick_ms))

    path = folder / "memory.bin"
    implant = Implant.recover(read_banks(path), MemoryFile(path), NEW, 0, actuate)
    ids = itertools.count(int.from_bytes(os.urandom(8), "big"))
    print("running", flush=True)
    while not implant.state.empty:
        implant.advance(implant.tick_ms + 30_000, actuate)
        if implant.state.running_bolus is None:
            Asks(next(ids), Role.PATIENT, RequestBolus()).of(implant)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
