"""The requirements, each with its answer, its code and its test: read from ``requirements/*.toml`` and checked.

``python -m verification.trace_document`` checks every link and writes docs/requirements.md. A row that is met or
adapted names code that exists and a test that runs; a row that is not says why, or what is missing. Rows are named by
id, never by a place in a text: the list they come from cites its own hazards by numbers of an older edition.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ROWS = Path(__file__).parent / "requirements"
# In the order of the document.
FILES = ("gip", "open_pca", "hazards", "scenarios", "invariants", "conflicts")
# Every test file of these folders shows some row, or says in without.toml why it shows none.
SHOWN = ("tests/pump", "tests/implant", "tests/oracle")
NUMBERED = re.compile(r"^def (test_f(\d\d)_\w+)", re.MULTILINE)


class Status(Enum):
    """The answer to one requirement."""

    MET = "met"
    ADAPTED = "adapted"
    NOT_APPLICABLE = "not applicable"
    OPEN = "open"


class TraceInvalid(ValueError):
    """A row that is not well formed; the message names it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement, hazard, scenario, invariant or conflict. A hazard has no status: it follows from its rows."""

    id: str
    says: str
    status: Status | None
    how: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]
    rows: tuple[str, ...]  # a hazard: the ids of what answers it

    @property
    def leaves(self) -> tuple[str, ...]:
        """The numbered items that this row answers: its id, or each of the range it spells."""
        return leaves_of(self.id)


@dataclass(frozen=True, slots=True)
class Table:
    """One file of rows. ``complete`` are the leaves it must answer, each once; empty where the source has no list."""

    name: str
    title: str
    about: str
    complete: tuple[str, ...]
    rows: tuple[Row, ...]

    def counted(self) -> Counter[Status]:
        """How many leaves have which answer."""
        return Counter(row.status for row in self.rows for _ in row.leaves if row.status is not None)


def leaves_of(spelled: str) -> tuple[str, ...]:
    """``1.1.2-4`` is 1.1.2, 1.1.3, 1.1.4; ``R6.8.0(3,9-10)`` is R6.8.0(3), R6.8.0(9), R6.8.0(10)."""
    bracketed = re.fullmatch(r"(.+)\(([\d,-]+)\)", spelled)
    if bracketed:
        return tuple(f"{bracketed[1]}({number})" for part in bracketed[2].split(",") for number in _numbers(part))
    ranged = re.fullmatch(r"(.*\.)(\d+-\d+)", spelled)
    return tuple(f"{ranged[1]}{number}" for number in _numbers(ranged[2])) if ranged else (spelled,)


def _numbers(spelled: str) -> range:
    first, _, last = spelled.partition("-")
    return range(int(first), int(last or first) + 1)


def tables(folder: Path = ROWS) -> tuple[Table, ...]:
    """Every table, in the order of the document. Raises TraceInvalid."""
    read = {name: tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")) for name in FILES}
    numbered = numbered_tests()
    return tuple(_table(name, read[name], numbered) for name in FILES)


def numbered_tests() -> dict[str, tuple[str, ...]]:
    """The tests that carry the number of a scenario in their name (``test_f08_...``): the name is the link."""
    found: dict[str, tuple[str, ...]] = {}
    for name in test_files(["tests"]):
        for test, number in NUMBERED.findall((ROOT / name).read_text(encoding="utf-8")):
            found[f"F{number}"] = (*found.get(f"F{number}", ()), f"{name}::{test}")
    return found


def without(folder: Path = ROWS) -> dict[str, str]:
    """The test files that show no row, each with its reason."""
    found: dict[str, str] = tomllib.loads((folder / "without.toml").read_text(encoding="utf-8"))["without"]
    return found


def _table(name: str, read: dict[str, Any], numbered: dict[str, tuple[str, ...]]) -> Table:
    complete = tuple(leaf for spelled in read.get("complete", ()) for leaf in leaves_of(spelled))
    rows = tuple(_row(name, each, numbered.get(each.get("id", ""), ())) for each in read["row"])
    return Table(name, read["title"], read["about"], complete, rows)


def _row(table: str, read: dict[str, Any], numbered: tuple[str, ...]) -> Row:
    unknown = set(read) - {"id", "says", "status", "how", "modules", "tests", "rows"}
    where = f"{table}: {read.get('id', 'a row without id')}"
    if unknown:
        raise TraceInvalid(f"{where}: no such field: {', '.join(sorted(unknown))}")
    for field in ("id", "says"):
        if not str(read.get(field, "")).strip():
            raise TraceInvalid(f"{where}: {field} is missing")
    status = Status(read["status"]) if "status" in read else None
    tests = (*numbered, *(f"tests/{each}" for each in read.get("tests", ())))
    row = Row(
        read["id"], read["says"], status, read.get("how", ""), tuple(read.get("modules", ())), tests,
        tuple(read.get("rows", ())),
    )  # fmt: skip
    wrong = _wrong(row)
    if wrong is not None:
        raise TraceInvalid(f"{where}: {wrong}")
    return row


def _wrong(row: Row) -> str | None:
    if row.status in (Status.MET, Status.ADAPTED) and not (row.modules and row.tests):
        return "what is met or adapted names its module and its test"
    if row.status is Status.NOT_APPLICABLE and row.tests:
        return "what is not applicable has no test"
    if row.status is not Status.MET and not row.rows and not row.how:
        return "how says how it was adapted, why it is not applicable, what is missing, or what was decided"
    if row.status is None and not row.rows and not row.modules:
        return "a status, or the rows that answer it, or the place of a decision"
    return None


def defects(every: tuple[Table, ...], excused: Iterable[str]) -> list[str]:
    """What is wrong with ids, modules and test files of these tables; empty: nothing."""
    return [*_numbering(every), *_broken(every), *_orphans(every, frozenset(excused))]


def links(every: tuple[Table, ...], running: frozenset[str]) -> list[str]:
    """The tests that a row names and that do not run, given those that do."""
    return [
        f"{row.id}: no test that always runs: {each}"
        for table in every
        for row in table.rows
        for each in row.tests
        if each not in running
    ]


def _numbering(every: tuple[Table, ...]) -> Iterator[str]:
    ids = Counter(row.id for table in every for row in table.rows)
    yield from (f"{each}: more than one row of this id" for each, count in ids.items() if count > 1)
    for table in every:
        answered = Counter(leaf for row in table.rows for leaf in row.leaves)
        yield from (f"{table.name}: {leaf} is answered {n} times" for leaf, n in answered.items() if n > 1)
        if table.complete:
            yield from (f"{table.name}: {leaf} is not answered" for leaf in table.complete if leaf not in answered)
            yield from (f"{table.name}: {leaf} is not in the source" for leaf in answered if leaf not in table.complete)


def _broken(every: tuple[Table, ...]) -> Iterator[str]:
    ids = {row.id for table in every for row in table.rows}
    for row in (row for table in every for row in table.rows):
        yield from (f"{row.id}: a test is named twice: {each}" for each, n in Counter(row.tests).items() if n > 1)
        yield from (f"{row.id}: no module {each}" for each in row.modules if module_path(each) is None)
        yield from (f"{row.id}: no row {each}" for each in row.rows if each not in ids)


def _orphans(every: tuple[Table, ...], excused: frozenset[str]) -> Iterator[str]:
    rows = {row.id: row for table in every for row in table.rows}
    yield from (
        f"{scenario}: tests carry this number, and there is no row" for scenario in numbered_tests().keys() - rows
    )
    shown = {test.partition("::")[0] for row in rows.values() for test in row.tests}
    for name in test_files(SHOWN):
        if name not in shown and name not in excused:
            yield f"{name}: no row names a test of it, and without.toml gives no reason"
    for name in sorted(excused):
        if name in shown or not (ROOT / name).is_file():
            yield f"{name}: without.toml excuses it, but it is named by a row or is not there"


def test_files(folders: Iterable[str]) -> list[str]:
    """The test files below these folders, by path from the root."""
    return sorted(str(path.relative_to(ROOT)) for each in folders for path in (ROOT / each).rglob("test_*.py"))


def module_path(dotted: str) -> str | None:
    """The file of a module, from the root of the repository; None: there is none."""
    base = Path("src") if dotted.startswith("thecal.") else Path()
    stem = base.joinpath(*dotted.split("."))
    found = (path for path in (stem.with_suffix(".py"), stem / "__init__.py") if (ROOT / path).is_file())
    return next((str(path) for path in found), None)


def files_named(every: tuple[Table, ...]) -> set[str]:
    """Every test file that a row names or should."""
    named = {test.partition("::")[0] for table in every for row in table.rows for test in row.tests}
    return {name for name in named | set(test_files(SHOWN)) if (ROOT / name).is_file()}
