"""docs/requirements.md is what its rows print, and every row leads to code that is there and to tests that run."""

from __future__ import annotations

from pathlib import Path

import pytest
from verification.collected import collected
from verification.trace import (
    FILES,
    Status,
    Table,
    TraceInvalid,
    defects,
    files_named,
    leaves_of,
    links,
    tables,
    without,
)
from verification.trace_document import DOCUMENT, hazard_answer, markdown

TABLES = tables()
ROWS = {row.id: row for table in TABLES for row in table.rows}


def test_the_document_is_what_the_rows_print():
    """It fails after a row or a numbered test has changed: ``python -m verification.trace_document`` writes it anew."""
    assert DOCUMENT.read_text(encoding="utf-8") == markdown(TABLES)


def test_every_requirement_scenario_and_invariant_is_answered_once():
    """Verify by number: GIP's own list, F01 to F55, I1 to I14; and that modules, rows and test files are there."""
    assert defects(TABLES, without()) == []
    assert {f"F{n:02}" for n in range(1, 56)} | {f"I{n}" for n in range(1, 15)} <= set(ROWS)


@pytest.mark.processes
def test_every_link_leads_to_code_that_is_there_and_a_test_that_runs():
    """Verify with what pytest collects: no test that a row names is missing, skipped or expected to fail."""
    assert links(TABLES, collected(files_named(TABLES))) == []


def test_a_hazard_with_an_open_row_is_not_called_answered():
    hazards = [row for row in ROWS.values() if row.rows]
    assert len(hazards) > 40
    for hazard in hazards:
        if any(ROWS[each].status is Status.OPEN for each in hazard.rows):
            assert hazard_answer(hazard, ROWS) in ("in part", "open")


def test_a_range_stands_for_each_of_its_numbers():
    assert leaves_of("1.1.2-4") == ("1.1.2", "1.1.3", "1.1.4")
    assert leaves_of("R7.2.0(1,4-5)") == ("R7.2.0(1)", "R7.2.0(4)", "R7.2.0(5)")
    assert leaves_of("P1") == ("P1",)


ROW = '[[row]]\nid = "1"\nsays = "s"\n'
LINKED = 'modules = ["thecal.pump.whole"]\ntests = ["pump/test_x.py::test_x"]\n'


def rows_of(folder: Path, text: str) -> tuple[Table, ...]:
    """The tables where the first holds these rows and the others none."""
    for name in FILES:
        (folder / f"{name}.toml").write_text('title = "T"\nabout = "a"\nrow = []\n', encoding="utf-8")
    (folder / f"{FILES[0]}.toml").write_text(f'title = "T"\nabout = "a"\n{text}', encoding="utf-8")
    return tables(folder)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ('status = "met"\n', "gip: 1: what is met or adapted names its module and its test"),
        (f'status = "adapted"\n{LINKED}', "gip: 1: how says"),
        ('status = "open"\n', "gip: 1: how says"),
        (f'status = "not applicable"\nhow = "h"\n{LINKED}', "gip: 1: what is not applicable has no test"),
        ('status = "met"\nwhere = "x"\n', "gip: 1: no such field: where"),
        ('how = "h"\n', "gip: 1: a status, or the rows"),
    ],
)
def test_a_row_that_says_too_little_is_refused(tmp_path, row, why):
    with pytest.raises(TraceInvalid, match=why):
        rows_of(tmp_path, f"{ROW}{row}")


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (f'{ROW}status = "met"\n{LINKED}{ROW}status = "met"\n{LINKED}', "1: more than one row of this id"),
        (f'{ROW}status = "open"\nhow = "h"\nmodules = ["thecal.nowhere"]\n', "1: no module thecal.nowhere"),
        (f'{ROW}rows = ["9.9"]\n', "1: no row 9.9"),
        (f'{ROW}status = "open"\nhow = "h"\n', "gip: 2 is not answered"),
        ('[[row]]\nid = "3"\nsays = "s"\nstatus = "open"\nhow = "h"\n', "gip: 3 is not in the source"),
        (f'{ROW}status = "open"\nhow = "h"\n', "tests/pump/test_alarms.py: no row names a test of it"),
    ],
)
def test_a_broken_link_is_found(tmp_path, rows, found):
    read = rows_of(tmp_path, f'complete = ["1", "2"]\n{rows}')
    assert any(each.startswith(found) for each in defects(read, {}))


def test_a_test_that_does_not_run_is_found(tmp_path):
    (found,) = links(rows_of(tmp_path, f'{ROW}status = "met"\n{LINKED}'), frozenset())
    assert found == "1: no test that always runs: tests/pump/test_x.py::test_x"
