"""The frame of an image of the pump: a header, then records that each prove themselves and the one before.

Image:   ``THECALPM``, format version (2 bytes), CRC-32 of both; then records without gaps.
Record:  payload length (4), kind (1), sequence (8), CRC-32 of these chained to the CRC before (4);
         payload; CRC-32 of the payload chained to the header's (4). Numbers are big-endian.

The header of a record has its own check so that a flipped bit in a length is never taken for a tail that power
loss left unfinished. Only a record that *ends* with the bytes is torn, and only a torn one is dropped; a wrong check
anywhere, even in the last record, is damage, because its effects may have been carried out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

MEMORY_VERSION = 3
_MAGIC = b"THECALPM"
_PREFIX = struct.Struct(">8sH")
_HEADER = struct.Struct(">IBQ")
_CRC = struct.Struct(">I")
_IMAGE_HEADER_BYTES = _PREFIX.size + _CRC.size
_RECORD_HEADER_BYTES = _HEADER.size + _CRC.size
CHECK_BYTES = _CRC.size


class Damaged(Exception):
    """The bytes hold something that was never written so; the message says what and where."""


class MemoryOfAnotherVersion(Exception):
    """The memory is whole but was written by another format version: it is left alone, never guessed at."""

    def __init__(self, found: int) -> None:
        super().__init__(
            f"this pump memory has format version {found}; this Thecal reads version {MEMORY_VERSION} only"
        )
        self.found = found


class Frame(NamedTuple):
    """One record as framed: its kind, its place in the order of all records ever written, its content."""

    kind: int
    sequence: int
    payload: bytes


def image_header(version: int = MEMORY_VERSION) -> tuple[bytes, int]:
    """The first bytes of an image, and the CRC the first record chains to."""
    prefix = _PREFIX.pack(_MAGIC, version)
    crc = crc32(prefix)
    return prefix + _CRC.pack(crc), crc


def framed(kind: int, sequence: int, payload: bytes, previous_crc: int) -> tuple[bytes, int]:
    """The bytes of a record, and the CRC the next one chains to."""
    header = _HEADER.pack(len(payload), kind, sequence)
    header_crc = crc32(header, previous_crc)
    crc = crc32(payload, header_crc)
    return header + _CRC.pack(header_crc) + payload + _CRC.pack(crc), crc


def frames(image: bytes) -> Iterator[Frame]:
    """Every whole record in order; a torn last one is left out.

    Raises MemoryOfAnotherVersion before the first record; Damaged when the place of the damage is reached.
    """
    crc = _read_image_header(image)
    if crc is None:
        return
    at = _IMAGE_HEADER_BYTES
    while at + _RECORD_HEADER_BYTES <= len(image):
        length, kind, sequence = _HEADER.unpack_from(image, at)
        header_crc = crc32(image[at : at + _HEADER.size], crc)
        if _CRC.unpack_from(image, at + _HEADER.size)[0] != header_crc:
            raise Damaged(f"wrong check of a record's header at byte {at}")
        start = at + _RECORD_HEADER_BYTES
        end = start + length + _CRC.size
        if end > len(image):
            return
        payload = image[start : start + length]
        crc = crc32(payload, header_crc)
        if _CRC.unpack_from(image, start + length)[0] != crc:
            raise Damaged(f"wrong check of a record's content at byte {at}")
        yield Frame(kind, sequence, payload)
        at = end


def first_sequence(image: bytes) -> int | None:
    """The number of the first record of an image that may be damaged; None: it cannot be told.

    One flipped bit in the header of that record is seen through: among 13 bytes and their CRC-32 no two sound
    headers are nearer to each other than seven bits [Koopman 2002: HD 7 up to 171 bits].
    """
    _, crc = image_header()
    header = bytearray(image[_IMAGE_HEADER_BYTES : _IMAGE_HEADER_BYTES + _RECORD_HEADER_BYTES])
    if len(header) < _RECORD_HEADER_BYTES:
        return None
    for bit in (None, *range(8 * _RECORD_HEADER_BYTES)):
        tried = bytearray(header)
        if bit is not None:
            tried[bit // 8] ^= 1 << bit % 8
        if _CRC.unpack_from(tried, _HEADER.size)[0] == crc32(tried[: _HEADER.size], crc):
            return int(_HEADER.unpack_from(tried)[2])
    return None


def _read_image_header(image: bytes) -> int | None:
    """The check that the first record chains to; None where the header itself is torn."""
    if len(image) < _IMAGE_HEADER_BYTES:
        if not image_header()[0].startswith(image):
            raise Damaged("wrong bytes where a header begins")
        return None
    magic, version = _PREFIX.unpack_from(image)
    (crc,) = _CRC.unpack_from(image, _PREFIX.size)
    if magic != _MAGIC or crc != crc32(image[: _PREFIX.size]):
        raise Damaged("wrong check of the header")
    if version != MEMORY_VERSION:
        raise MemoryOfAnotherVersion(version)
    return int(crc)
