"""Thirty days of one patient end to end: programmers, link, pump with its journal, fluid path, spine, effect."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from thecal.bench.body import engine_for
from thecal.bench.case import Case, load_case
from thecal.bench.figure import figure_of
from thecal.bench.patient import WiredPatient
from thecal.bench.simulate import simulate
from thecal.cli.link_protection import protected
from thecal.quantities import Duration

EXAMPLES = Path(__file__).parents[1] / "examples"
MONTH = Duration(30 * 86_400_000)
CASES = ("winkelmueller-1996", "patient-controlled-morphine", "constant-flow-20")


def main() -> None:
    """Print how long a month takes, for three therapies; the spine is taken apart once and not counted."""
    for name in CASES:
        text = (EXAMPLES / f"{name}.toml").read_text(encoding="utf-8")
        case = replace(load_case(text), duration=MONTH)
        began_s = time.perf_counter()
        engine_for(case.reservoir.drugs[0].drug, case.system.tip)
        apart_s = time.perf_counter() - began_s
        began_s = time.perf_counter()
        result = simulate(case, protected(case.id))
        whole_s = time.perf_counter() - began_s
        began_s = time.perf_counter()
        figure_of(result)
        drawn_s = time.perf_counter() - began_s
        strokes = result.moments[-1].strokes_made
        print(f"  {name}: {whole_s:.2f} s for 30 days, {strokes:,} strokes (spine taken apart {apart_s:.2f} s)")
        print(f"    of it pump and fluid path alone: {_pump_alone_s(case):.2f} s; drawing it: {drawn_s:.2f} s")


def _pump_alone_s(case: Case) -> float:
    """The same month without anybody acting: what the implant and the fluid path cost by themselves."""
    if case.therapy is None:
        patient = WiredPatient(case)
    else:
        from thecal.bench.beginning import begin_therapy
        from thecal.bench.people import People

        patient = WiredPatient(case)
        begin_therapy(People(patient), case)
    began_s = time.perf_counter()
    patient.advance(MONTH.count)
    return time.perf_counter() - began_s


if __name__ == "__main__":
    main()
