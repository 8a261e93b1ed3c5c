"""Two banks, one image in each: which of them counts, and what the other can mend.

A new image is written into the bank that does not count, after that bank was erased. It counts as soon as the records
of both layers are whole; the other bank then is the second copy: what it ended with is what the new image began with.
"""

from __future__ import annotations

from typing import NamedTuple

from thecal.implant.journal import (
    CHECK_BYTES,
    MEMORY_VERSION,
    Damaged,
    Frame,
    MemoryOfAnotherVersion,
    first_sequence,
    frames,
)
from thecal.implant.records import SEALED, SNAPSHOT, opening_of
from thecal.pump.whole import Pump

Banks = tuple[bytes, bytes]


class Image(NamedTuple):
    """What stands in a bank: its records up to where they end or a check fails (``damage``: where and which).

    ``first`` is the number of its first record, None when it cannot be told. ``version`` is the format's.
    """

    first: int | None
    records: tuple[Frame, ...]
    damage: str | None
    version: int = MEMORY_VERSION

    @property
    def whole(self) -> bool:
        """Both first records are there: the image counts if no other is newer. Its journal may be damaged."""
        return len(self.records) >= 2

    @property
    def torn(self) -> bool:
        """Power failed before the image began to count, or while it was erased."""
        return len(self.records) < 2 and self.damage is None and self.version == MEMORY_VERSION

    @property
    def last(self) -> int:
        """The number of its last record, as far as they can be read; 0 where none can."""
        return self.records[-1].sequence if self.records else self.first or 0


def read_image(bank: bytes) -> Image:
    """What stands in a bank, whatever it is. Nothing is raised."""
    records: list[Frame] = []
    try:
        for frame in frames(bank):
            _expect(frame, records)
            records.append(frame)
    except Damaged as fault:
        first = records[0].sequence if records else first_sequence(bank)
        return Image(first, tuple(records), str(fault))
    except MemoryOfAnotherVersion as other:
        return Image(None, (), None, other.found)
    return Image(records[0].sequence if records else None, tuple(records), None)


def mended(bank: bytes, end: Pump, last: int) -> bytes | None:
    """The bank with its beginning restored from where the other bank ended, or None where that does not prove itself.

    The beginning follows from that end byte for byte. Proof is its last check, which all of it is chained into, or,
    should the damage be there, everything before that check.
    """
    opening, _ = opening_of(end, last + 1)
    found = bank[: len(opening)]
    if found[:-CHECK_BYTES] != opening[:-CHECK_BYTES] and found[-CHECK_BYTES:] != opening[-CHECK_BYTES:]:
        return None
    return opening + bank[len(opening) :] if len(found) == len(opening) else None


def _expect(frame: Frame, before: list[Frame]) -> None:
    """Raises Damaged for a record that cannot stand after those before it."""
    place = len(before)
    if (frame.kind == SNAPSHOT) != (place == 0):
        raise Damaged("no snapshot at its start" if place == 0 else "a second snapshot")
    if (frame.kind == SEALED) != (place == 1):
        raise Damaged("no record of the supervisor after the snapshot" if place == 1 else "a second such record")
    if before and frame.sequence != before[-1].sequence + 1:
        raise Damaged(f"record {frame.sequence} follows record {before[-1].sequence}")
