"""``thecal pump inspect``: step a device one event at a time; its state, supervisor and memory, and what changed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial

from thecal.bench.beginning import begin_therapy
from thecal.bench.case import DocumentError, load_case
from thecal.bench.case_records import Case
from thecal.bench.device import DeviceBench, NoPower, Setup
from thecal.bench.device.demonstration import demonstrated
from thecal.bench.device.inspection import Inspection
from thecal.bench.patient import WiredPatient
from thecal.bench.people import People
from thecal.catalogue.programmable import programmable_models
from thecal.catalogue.pumps import pump_models
from thecal.catalogue.sourced import CatalogueError
from thecal.cli.documents import read_text, refuse
from thecal.cli.link_protection import protected
from thecal.cli.pump_commands import Commands
from thecal.cli.pump_text import document_of, step_lines

STANDARD_INPUT = "-"


def run_pump_inspect(named: str, events: int | None, as_json: bool, site: str | None) -> int:
    """Inspect the pump of a case (``-``: standard input) or a model of the catalogue. 0; 2, with one line, for what
    cannot be inspected."""
    try:
        if events is None and (as_json or named == STANDARD_INPUT):
            raise ValueError("name how many events to step: --events N")
        inspection = Inspection(_bench(named, site))
    except (DocumentError, CatalogueError, NoPower, ValueError, OSError) as error:
        return refuse(named, error)
    if events is None:
        return _converse(inspection, named)
    if as_json:
        steps = [inspection.next() for _ in range(events)]
        print(json.dumps(document_of(named, inspection, steps), indent=2))
        return 0
    for _ in range(events):
        print("\n".join(step_lines(inspection.next())))
    return 0


def _bench(named: str, site: str | None) -> DeviceBench:
    """Raises DocumentError, CatalogueError, NoPower, ValueError, OSError."""
    if named in pump_models():
        text = None if site is None else read_text(site)
        return demonstrated(Setup(named, site=text, seed=f"inspect {named}"), protected)
    if site is not None:
        raise ValueError("--site: only with a model; a case has its own drugs and no library")
    if named != STANDARD_INPUT and "." not in named and "/" not in named:
        raise ValueError(f"neither a case document nor a model; there are {', '.join(programmable_models())}")
    return _of_case(load_case(read_text(named)))


def _of_case(case: Case) -> DeviceBench:
    """The case begun, with everything that people do later put down for its moment."""
    patient = WiredPatient(case, protected(case.id))
    people = People(patient)
    begin_therapy(people, case)
    drugs = case.reservoir.drugs
    for change in case.changes:
        done = partial(people.physician.program, change.therapy, drugs, change.second_confirmation)
        patient.device.agenda.put(change.after.count, partial(_done, done))
    for request in case.requests:
        patient.device.agenda.put(request.after.count, partial(_done, people.handset.ask))
    return patient.device


def _done(act: Callable[[], object]) -> None:
    act()


def _converse(inspection: Inspection, named: str) -> int:
    """Commands from standard input, one a line; a prompt only where a person types them."""
    commands, is_person = Commands(inspection), sys.stdin is not None and sys.stdin.isatty()
    print(f"{named}: next, next N, until TIME, state, supervisor, truth, memory, help, quit")
    while not commands.is_over:
        if is_person:
            print("> ", end="", flush=True)
        line = sys.stdin.readline() if sys.stdin is not None else ""
        if not line:
            break
        for answer in commands.answer(line):
            print(answer)
    return 0
