"""One sound refill visit as a check document, and what becomes of it when single fields are written differently."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any, get_args, get_type_hints

from thecal.documents import read
from thecal.therapy.check_document import CheckCase, check_case
from thecal.therapy.check_reading import case_of
from thecal.therapy.check_records import CheckDocument
from thecal.therapy.findings import Finding

LEFT_OUT = None
MORPHINE_10 = [{"drug": "morphine", "concentration": "10 mg/mL"}]
MORPHINE_20 = [{"drug": "morphine", "concentration": "20 mg/mL"}]

REFILL = {
    "current.pump": "synchromed-ii-20",
    "current.serial": "TH-0001",
    "current.now": "2026-11-22T08:00:00Z",
    "current.reservoir": "4 mL",
    "current.fluid": MORPHINE_10,
    "current.therapy": {"mode": "simple continuous", "daily_dose": "2.4 mg/day"},
    "pending.refill.withdrawn": "4.1 mL",
    "pending.refill.filled": "20 mL",
    "pending.refill.injected": "20 mL",
    "pending.refill.fluid": MORPHINE_10,
    "pending.refill.read_again": MORPHINE_10,
    "pending.refill.recovered": "5 mL",
    "pending.refill.filled_before": "20 mL",
    "pending.refill_interval": "60 day",
    "devices.recorded_serial": "TH-0001",
    "devices.catheter": "ascenda-8780",
    "devices.catheter_volume": "0.2 mL",
    "devices.tubing_volume": "0.14 mL",
    "devices.volumes_recorded": "2025-02-01T10:00:00Z",
    "devices.implanted": "2025-02-01T08:00:00Z",
    "devices.line.holds": [{"fluid": MORPHINE_10}],
    "patient.indication": "non-cancer pain",
}


def document(changes: dict[str, Any]) -> dict[str, Any]:
    """The refill visit with these fields written differently; None leaves a field, or a whole part, out."""
    flat = dict(REFILL)
    for path, value in changes.items():
        for known in [each for each in flat if each == path or each.startswith(f"{path}.")]:
            del flat[known]
        if value is not LEFT_OUT:
            flat[path] = value
    nested: dict[str, Any] = {"pending": {}}
    for path, value in flat.items():
        *parts, last = path.split(".")
        inner = nested
        for part in parts:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return nested


def case(changes: dict[str, Any]) -> CheckCase:
    return case_of(read(CheckDocument, document(changes)))


def found(changes: dict[str, Any]) -> tuple[Finding, ...]:
    return check_case(case(changes))


def is_a_field(path: str) -> bool:
    """Whether a check document has a field at this path."""
    record: Any = CheckDocument
    for part in path.split("."):
        name = re.sub(r"\[\d+\]$", "", part)
        if not hasattr(record, "__dataclass_fields__") or name not in {each.name for each in fields(record)}:
            return False
        record = _inner(get_type_hints(record)[name])
    return True


def _inner(hint: Any) -> Any:
    """The record inside ``X | None`` or ``tuple[X, ...]``."""
    inside = [each for each in get_args(hint) if each not in (type(None), Ellipsis)]
    return _inner(inside[0]) if inside else hint
