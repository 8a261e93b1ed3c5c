"""``thecal check``: hold everything that is about to be done against every rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from thecal.catalogue.site import Site, site
from thecal.catalogue.sourced import CatalogueError
from thecal.cli.documents import read_text, refuse
from thecal.cli.exact_json import exact_json, quantity
from thecal.cli.finding_tables import findings_document, plain, show_findings, show_verdict
from thecal.cli.notice import NOTICE
from thecal.documents import DocumentError
from thecal.therapy.check_document import CheckCase, check_case, check_schema, load_check, rows_of_case
from thecal.therapy.findings import Finding, Verdict, worst
from thecal.therapy.rows import Row
from thecal.therapy.showing import moment_text


def run_check(path: str, as_json: bool, site_file: str | None) -> int:
    """Check the plan in a file (``-``: standard input), with a site's own limits where a site file is named.

    0 when nothing is heavier than a warning; 1 when a STOP or a REFUSE stands; 2, with one line, for an invalid
    document or a file that cannot be read.
    """
    named = None
    if site_file is not None:
        try:
            named = site(read_text(site_file))
        except (CatalogueError, OSError, UnicodeDecodeError) as error:
            return refuse(site_file, error)
    try:
        case = load_check(read_text(path), named)
    except (DocumentError, OSError, UnicodeDecodeError) as error:
        return refuse(path, error)
    findings = check_case(case)
    if as_json:
        print(exact_json(_document(path, case, named, findings)))
    else:
        _show(case, named, findings, Console())
    return 1 if worst(findings).weight >= Verdict.STOP.weight else 0


def run_check_schema() -> int:
    """Print the JSON schema of the check document."""
    print(json.dumps(check_schema(), indent=2))
    return 0


def _show(case: CheckCase, named: Site | None, findings: tuple[Finding, ...], console: Console) -> None:
    if case.title:
        console.print(Text(plain(case.title), "bold"))
    if case.source:
        console.print(Text(f"Source: {plain(case.source)}"))
    current = case.situation.current
    at = moment_text(current.now, current.clock_offset_min)
    console.print(Text(f"Pump {current.pump.descriptor.model}, serial {plain(current.pump.serial)}, read {at}"))
    if named is not None:
        console.print(Text(f"With the limits of {plain(named.name)}"))
    console.print()
    show_verdict(findings, console)
    show_findings(findings, console)
    _changes(rows_of_case(case), console)
    console.print()
    console.print(NOTICE, style="dim")


def _changes(rows: tuple[Row, ...], console: Console) -> None:
    changed = [row for row in rows if row.changed]
    if not changed:
        return
    table = Table(title="What changes", title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column("")
    for head in ("now", "planned"):
        table.add_column(head, justify="right", overflow="fold")
    table.add_column("", style="dim", no_wrap=True)
    for row in changed:
        table.add_row(Text(plain(row.label)), Text(plain(row.old_text)), Text(plain(row.new_text)), row.unit)
    console.print()
    console.print(table)


def _document(path: str, case: CheckCase, named: Site | None, findings: tuple[Finding, ...]) -> Mapping[str, Any]:
    current = case.situation.current
    return {
        "title": case.title,
        "source": case.source,
        "notice": NOTICE,
        "document": path,
        "site": None if named is None else named.name,
        "pump": {"model": current.pump.descriptor.model, "serial": current.pump.serial, "now": str(current.now)},
        "verdict": worst(findings).value,
        "findings": findings_document(findings),
        "review": [
            {
                "key": row.key,
                "label": row.label,
                "now": quantity(row.old, row.unit),
                "planned": quantity(row.new, row.unit),
                "changed": row.changed,
            }
            for row in rows_of_case(case)
        ],
    }
