"""docs/requirements.md, printed from the rows: the same rows always print the same document.

``python -m verification.trace_document`` checks every link, prints the counts and writes it.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path

from verification.collected import collected
from verification.trace import ROOT, Row, Status, Table, defects, files_named, links, module_path, tables, without

DOCUMENT: Path = ROOT / "docs" / "requirements.md"

_BEGINNING = """# Requirements

Generated from `verification/requirements/*.toml` by `python -m verification.trace_document`.
`tests/docs/test_requirements.py` compares, and checks that every module is there, that every test named is collected
and runs wherever the suite runs, that every numbered item of GIP v1.0 is answered once, and that no test file of the
pump, the implant and the oracle stands without a row.

| status | means |
|---|---|
| met | as asked |
| adapted | the purpose is met in another way, because this is an implanted intrathecal pump; the row says how |
| not applicable | the thing it speaks of is not there; the row says why |
| open | not there or not shown; the row says what is missing |
"""


def markdown(every: tuple[Table, ...]) -> str:
    """The whole document."""
    rows = {row.id: row for table in every for row in table.rows}
    parts = [_BEGINNING, _counts(every), _open(every)]
    parts += [_table(table, rows) for table in every]
    parts.append(_reverse(every))
    return "\n".join(parts)


def _counts(every: tuple[Table, ...]) -> str:
    lines = ["## Counts", "", "A row that answers a range of numbered items counts once for each.", ""]
    lines += ["| list | rows | items | " + " | ".join(s.value for s in Status) + " |", "|---" * 7 + "|"]
    for table in every:
        counted = table.counted()
        if counted:
            cells = [table.title, len(table.rows), sum(counted.values()), *(counted[status] for status in Status)]
            lines.append("| " + " | ".join(map(str, cells)) + " |")
    rows = {row.id: row for table in every for row in table.rows}
    hazards = Counter(hazard_answer(row, rows) for row in rows.values() if row.rows)
    answers = ", ".join(f"{hazards[each]} {each}" for each in ("answered", "in part", "open", "not applicable"))
    lines += ["", f"Hazards: {answers}, by the rows that answer them."]
    return "\n".join(lines) + "\n"


def _open(every: tuple[Table, ...]) -> str:
    lines = ["## What is open", "", "| id | what is asked | what is missing |", "|---|---|---|"]
    lines += [
        f"| {row.id} | {row.says} | {row.how} |" for table in every for row in table.rows if row.status is Status.OPEN
    ]
    return "\n".join(lines) + "\n"


def _table(table: Table, rows: dict[str, Row]) -> str:
    lines = [f"## {table.title}", "", table.about.strip(), "", "| id | what is asked | answer | code | shown by |"]
    lines += ["|---" * 5 + "|", *(_line(row, rows) for row in table.rows)]
    return "\n".join(lines) + "\n"


def _line(row: Row, rows: dict[str, Row]) -> str:
    code = "<br>".join(f"[{each}](../{module_path(each)})" for each in row.modules)
    shown = "<br>".join(f"[{test.rpartition('::')[2]}](../{test.partition('::')[0]})" for test in row.tests)
    return f"| {row.id} | {row.says} | {_answer(row, rows)} | {code} | {shown} |"


def _answer(row: Row, rows: dict[str, Row]) -> str:
    if row.rows:
        named = ", ".join(_named(each, rows[each]) for each in row.rows)
        return f"**{hazard_answer(row, rows)}**: {named}" + (f". {row.how}" if row.how else "")
    head = "" if row.status is None else f"**{row.status.value}**"
    return ": ".join(part for part in (head, row.how) if part)


def _named(spelled: str, row: Row) -> str:
    return f"{spelled} (open)" if row.status is Status.OPEN else spelled


def hazard_answer(row: Row, rows: dict[str, Row]) -> str:
    """What the rows that answer a hazard make of it: answered, in part, or open."""
    statuses = [rows[each].status for each in row.rows]
    if not any(status in (Status.MET, Status.ADAPTED) for status in statuses):
        return "open" if Status.OPEN in statuses else "not applicable"
    return "in part" if Status.OPEN in statuses else "answered"


def _reverse(every: tuple[Table, ...]) -> str:
    ids: defaultdict[str, list[str]] = defaultdict(list)
    for row in (row for table in every for row in table.rows):
        for test in row.tests:
            ids[test].append(row.id)
    lines = ["## From the tests back", "", "| file | test | shows |", "|---|---|---|"]
    for test in sorted(ids):
        path, _, function = test.partition("::")
        lines.append(f"| [{path.removeprefix('tests/')}](../{path}) | {function} | {', '.join(ids[test])} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Check, and write the document; 1 when a link leads nowhere."""
    every = tables()
    found = [*defects(every, without()), *links(every, collected(files_named(every)))]
    for each in found:
        print(each, file=sys.stderr)
    DOCUMENT.write_text(markdown(every), encoding="utf-8")
    print(_counts(every))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
