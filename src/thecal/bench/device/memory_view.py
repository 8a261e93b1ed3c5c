"""The bytes of a memory bank cut at the borders of its records, for looking at."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.implant import MemoryOfAnotherVersion
from thecal.implant.journal import Damaged, framed, frames, image_header
from thecal.implant.records import FACT, REQUEST, SEALED, SNAPSHOT, STROKE, TIME

_KINDS = {
    SNAPSHOT: "snapshot",
    SEALED: "supervisor",
    TIME: "time",
    STROKE: "stroke",
    REQUEST: "request",
    FACT: "fact",
}
HEADER = "header"
UNFINISHED = "unfinished"
DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class RecordBytes:
    """A stretch of a bank: where it begins, what it is, which number it bears (None: it is no record), its bytes."""

    at: int
    kind: str
    sequence: int | None
    data: bytes


def records_in(bank: bytes) -> tuple[RecordBytes, ...]:
    """The whole bank in stretches: header, records, and at the end what is unfinished or damaged, if anything is."""
    found: list[RecordBytes] = []
    at, rest = 0, UNFINISHED
    try:
        for frame in frames(bank):
            if at == 0:
                at = len(image_header()[0])
                found.append(RecordBytes(0, HEADER, None, bank[:at]))
            length = len(framed(frame.kind, frame.sequence, frame.payload, 0)[0])
            kind = _KINDS.get(frame.kind, f"kind {frame.kind}")
            found.append(RecordBytes(at, kind, frame.sequence, bank[at : at + length]))
            at += length
    except (Damaged, MemoryOfAnotherVersion):
        rest = DAMAGED
    if at < len(bank):
        found.append(RecordBytes(at, rest, None, bank[at:]))
    return tuple(found)


def written_since(before: bytes, now: bytes) -> tuple[RecordBytes, ...]:
    """What was added to a bank; all of it where it was erased meanwhile."""
    records = records_in(now)
    if not now.startswith(before):
        return records
    return tuple(each for each in records if each.at + len(each.data) > len(before))
