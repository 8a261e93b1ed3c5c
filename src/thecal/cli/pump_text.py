"""An inspected pump as lines for people and as a document for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from thecal.bench.device.inspection import Inspection, Step, Written
from thecal.bench.device.memory_view import RecordBytes

BYTES_PER_LINE = 24
LINES_PER_RECORD = 4  # of a record that just came; ``memory`` shows all of it
MS_PER_S, S_PER_MIN, S_PER_H, H_PER_DAY = 1_000, 60, 3_600, 24


def moment_text(at_ms: int) -> str:
    """Time since the beginning: days, hours, minutes, seconds, and the ms where there are any."""
    s, ms = divmod(at_ms, MS_PER_S)
    hours, rest = divmod(s, S_PER_H)
    days, hours = divmod(hours, H_PER_DAY)
    minutes, seconds = divmod(rest, S_PER_MIN)
    small = f".{ms:03}" if ms else ""
    return f"day {days}, {hours:02}:{minutes:02}:{seconds:02}{small}"


def step_lines(step: Step) -> Iterator[str]:
    """One event: its moment, each change, each record that came into the memory."""
    yield f"event {step.number}, {moment_text(step.at_ms)}, tick {step.tick_ms} ms, {step.whose}"
    for change in step.changes:
        yield f"  {change.of:<10}  {change.field}: {change.words}"
    if not step.changes:
        yield "  nothing changed"
    for written in step.written:
        yield from _record_lines(f"  bank {written.bank}  ", written.record, LINES_PER_RECORD)


def fields_lines(values: Mapping[str, object]) -> Iterator[str]:
    """One line a field."""
    for name, value in values.items():
        yield f"  {name}: {value}"


def memory_lines(banks: tuple[Sequence[RecordBytes], Sequence[RecordBytes]]) -> Iterator[str]:
    """Both banks in full."""
    for bank, records in enumerate(banks):
        yield f"bank {bank}: {sum(len(each.data) for each in records)} bytes"
        for record in records:
            yield from _record_lines("  ", record, None)


def document_of(named: str, inspection: Inspection, steps: Sequence[Step]) -> Mapping[str, Any]:
    """Everything, for programs: the events, then the device as they left it."""
    return {
        "device": named,
        "events": [_step(step) for step in steps],
        "at": {"value": inspection.bench.at_ms, "unit": "ms"},
        "controller": inspection.controller,
        "supervisor": inspection.supervisor,
        "truth": inspection.truth,
        "memory": [[_record(each) for each in bank] for bank in inspection.memory],
    }


def _step(step: Step) -> Mapping[str, Any]:
    return {
        "number": step.number,
        "at": {"value": step.at_ms, "unit": "ms"},
        "tick": {"value": step.tick_ms, "unit": "ms"},
        "whose": step.whose,
        "changes": [{"of": each.of, "field": each.field, "change": each.words} for each in step.changes],
        "written": [_written(each) for each in step.written],
    }


def _written(written: Written) -> Mapping[str, Any]:
    return {"bank": written.bank, **_record(written.record)}


def _record(record: RecordBytes) -> Mapping[str, Any]:
    return {"at": record.at, "kind": record.kind, "sequence": record.sequence, "bytes": record.data.hex()}


def _record_lines(margin: str, record: RecordBytes, lines: int | None) -> Iterator[str]:
    number = "" if record.sequence is None else f" {record.sequence}"
    yield f"{margin}at {record.at}: {record.kind}{number}, {len(record.data)} bytes"
    shown = record.data if lines is None else record.data[: lines * BYTES_PER_LINE]
    for begin in range(0, len(shown), BYTES_PER_LINE):
        yield f"{margin}  {shown[begin : begin + BYTES_PER_LINE].hex(' ')}"
    if len(shown) < len(record.data):
        yield f"{margin}  … {len(record.data) - len(shown)} bytes more"
