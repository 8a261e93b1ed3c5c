"""``thecal simulate``: a therapy without any server, as a table, a document or a drawing."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console

from thecal.bench.case import DocumentError, case_schema, load_case
from thecal.bench.figure import figure_of
from thecal.bench.result_document import document_of
from thecal.bench.simulate import simulate
from thecal.cli.documents import read_text, refuse
from thecal.cli.link_protection import protected
from thecal.cli.simulation_tables import show


def run_simulate(path: str, as_json: bool, plot: str | None, *, every_number: bool = False) -> int:
    """Simulate the case in a file (``-``: standard input). ``every_number`` also lists each catalogue number.

    0; 1 when a change ended otherwise than the case expects; 2, with one line, for an invalid document or a file that
    cannot be read or written.
    """
    try:
        case = load_case(read_text(path))
    except (DocumentError, OSError, UnicodeDecodeError) as error:
        return refuse(path, error)
    result = simulate(case, protected(case.id))
    if plot is not None:
        try:
            Path(plot).write_text(figure_of(result), encoding="utf-8")
        except OSError as error:
            return refuse(plot, error)
    if as_json:
        print(json.dumps(document_of(result), indent=2))
    else:
        show(result, Console(), every_number=every_number)
    return 0 if result.as_expected else 1


def run_simulate_schema() -> int:
    """Print the JSON schema of the case document."""
    print(json.dumps(case_schema(), indent=2))
    return 0
