"""The files of one demonstration patient, as seeding leaves them, for the two sites that read files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.bench.bench_cases import EXAMPLES
from thecal.adapters.link.pairing import pair
from thecal.adapters.truth_file import Implantation, TruthWriter
from thecal.bench.case import Case, load_case
from thecal.bench.plumbing import fluid_of, line_nl, true_reservoir
from thecal.catalogue.pumps import ProgrammablePump, pump_model


def settled_in(data: Path, name: str) -> Case:
    """Case file, truth record and handset key of an example, in a data folder."""
    file = EXAMPLES / f"{name}.toml"
    case = load_case(file.read_text(encoding="utf-8"))
    folder = data / "patients" / case.id
    folder.mkdir(parents=True)
    shutil.copyfile(file, folder / "case.toml")
    model = pump_model(case.system.pump)
    stroke_nl = model.stroke.count if isinstance(model, ProgrammablePump) else 0
    reservoir = true_reservoir(case.system, case.reservoir)
    line = fluid_of(case.line.drugs)
    begun = Implantation(case.starts.epoch_ms, stroke_nl, reservoir, line_nl(case.system), line)
    TruthWriter.begin(folder / "truth.log", begun).close()
    _, key = pair(case.system.serial, "patient", "handset")
    (data / "handsets").mkdir(exist_ok=True)
    (data / "handsets" / f"{case.id}.json").write_text(json.dumps(key.to_document()), encoding="ascii")
    return case
