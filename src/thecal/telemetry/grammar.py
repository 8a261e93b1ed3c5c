"""A closed grammar over CBOR: what is not written down here as a shape does not exist on the link.

A shape turns a value into plain CBOR items and back. Both ways refuse: nothing is wrapped, clipped, defaulted or
repaired. Maps have whole-number keys; every key of a record is always present (an absent value is written as null,
because a missing field must never be read as a good value). The decoder accepts one spelling of each value only,
the deterministic one of RFC 8949 section 4.2: shortest integers, sorted keys, no tags, no indefinite lengths.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import cbor2

from thecal.device import Bound, OutOfBounds

T = TypeVar("T")
_DEPTH_MAX = 12  # the deepest message, a report's components, uses eight


class Malformed(ValueError):
    """Bytes or a value outside the closed grammar; the message is one line naming the field."""

    def __init__(self, what: str, path: str = "") -> None:
        super().__init__(f"{path}: {what}" if path else what)
        self.what = what
        self.path = path

    def inside(self, name: str) -> Malformed:
        """The same fault, seen from the record that holds ``name``."""
        return Malformed(self.what, f"{name}.{self.path}" if self.path else name)


class Shape(Protocol[T]):
    """What one place in a message may hold. Both directions raise Malformed."""

    def plain(self, value: T) -> object:
        """The CBOR item for ``value``."""

    def value(self, plain: object) -> T:
        """The value of a decoded CBOR item."""


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number within its bound; true and false are not numbers."""

    bound: Bound

    def plain(self, value: int) -> object:
        return self.value(value)

    def value(self, plain: object) -> int:
        try:
            return self.bound.check(plain)
        except OutOfBounds as fault:
            raise Malformed(str(fault)) from None


@dataclass(frozen=True, slots=True)
class Octets:
    """A byte string of a fixed length."""

    length: int

    def plain(self, value: bytes) -> object:
        return self.value(value)

    def value(self, plain: object) -> bytes:
        if type(plain) is not bytes or len(plain) != self.length:
            raise Malformed(f"must be {self.length} bytes")
        return plain


@dataclass(frozen=True, slots=True)
class Blob:
    """A byte string of at most ``longest`` bytes."""

    longest: int

    def plain(self, value: bytes) -> object:
        return self.value(value)

    def value(self, plain: object) -> bytes:
        if type(plain) is not bytes or len(plain) > self.longest:
            raise Malformed(f"must be at most {self.longest} bytes")
        return plain


@dataclass(frozen=True, slots=True)
class Text:
    """Printable ASCII, 1 to ``longest`` characters."""

    longest: int

    def plain(self, value: str) -> object:
        return self.value(value)

    def value(self, plain: object) -> str:
        if type(plain) is not str or not 1 <= len(plain) <= self.longest:
            raise Malformed(f"must be 1 to {self.longest} characters")
        if not plain.isascii() or not plain.isprintable():
            raise Malformed("must be printable ASCII")
        return plain


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def plain(self, value: bool) -> object:
        return self.value(value)

    def value(self, plain: object) -> bool:
        if type(plain) is not bool:
            raise Malformed("must be true or false")
        return plain


class Choice(Generic[T]):
    """One of a closed list, each with its fixed number."""

    __slots__ = ("_codes", "_values")

    def __init__(self, codes: Mapping[T, int]) -> None:
        self._codes = dict(codes)
        self._values = {code: value for value, code in self._codes.items()}
        if len(self._values) != len(self._codes):
            raise ValueError("two choices share a number")

    def plain(self, value: T) -> object:
        if value not in self._codes:
            raise Malformed("is not one of the listed choices")
        return self._codes[value]

    def value(self, plain: object) -> T:
        if type(plain) is not int or plain not in self._values:
            raise Malformed("is not one of the listed choices")
        return self._values[plain]


@dataclass(frozen=True, slots=True)
class Maybe(Generic[T]):
    """A value that may be absent, written as null."""

    shape: Shape[T]

    def plain(self, value: T | None) -> object:
        return None if value is None else self.shape.plain(value)

    def value(self, plain: object) -> T | None:
        return None if plain is None else self.shape.value(plain)


@dataclass(frozen=True, slots=True)
class Several(Generic[T]):
    """A list of at most ``most`` values."""

    shape: Shape[T]
    most: int

    def plain(self, value: tuple[T, ...]) -> object:
        if len(value) > self.most:
            raise Malformed(f"must hold at most {self.most} entries")
        return self._each(self.shape.plain, value)

    def value(self, plain: object) -> tuple[T, ...]:
        if type(plain) is not list or len(plain) > self.most:
            raise Malformed(f"must be a list of at most {self.most} entries")
        return tuple(self._each(self.shape.value, plain))

    def _each(self, turn: Callable[[Any], Any], items: tuple[T, ...] | list[object]) -> list[Any]:
        turned = []
        for index, item in enumerate(items):
            try:
                turned.append(turn(item))
            except Malformed as fault:
                raise fault.inside(f"[{index}]") from None
        return turned


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record: its fixed number, its name in the dataclass, its shape."""

    key: int
    name: str
    shape: Shape[Any]


class Record(Generic[T]):
    """A dataclass, as a map from whole numbers. The dataclass has the last word: its own checks run on decoding."""

    __slots__ = ("_keys", "fields", "kind")

    def __init__(self, kind: Callable[..., T], *fields: Field) -> None:
        self.kind = kind
        self.fields = fields
        self._keys = [field.key for field in fields]
        if self._keys != sorted(set(self._keys)):
            raise ValueError("the numbers of the fields must ascend: that is their order on the link")

    def plain(self, value: T) -> object:
        items: dict[int, object] = {}
        for field in self.fields:
            try:
                items[field.key] = field.shape.plain(getattr(value, field.name))
            except Malformed as fault:
                raise fault.inside(field.name) from None
        return items

    def value(self, plain: object) -> T:
        # True == 1 and 1.0 == 1 as keys, so the type of every key is looked at too. A dict keeps the order sent.
        if type(plain) is not dict or list(plain) != self._keys or any(type(key) is not int for key in plain):
            raise Malformed(f"must be a map with exactly the keys {self._keys} in this order")
        values = {}
        for field in self.fields:
            try:
                values[field.name] = field.shape.value(plain[field.key])
            except Malformed as fault:
                raise fault.inside(field.name) from None
        try:
            return self.kind(**values)
        except ValueError as fault:
            raise Malformed(str(fault)) from None


class OneOf:
    """One of several records, told apart by a fixed number: ``[number, map]``."""

    __slots__ = ("_numbers", "cases")

    def __init__(self, cases: Mapping[int, Record[Any]]) -> None:
        self.cases = dict(cases)
        self._numbers = {record.kind: number for number, record in self.cases.items()}

    def plain(self, value: object) -> object:
        number = self._numbers.get(type(value))
        if number is None:
            raise Malformed("is of a kind that has no place here")
        return [number, self.cases[number].plain(value)]

    def value(self, plain: object) -> Any:
        if type(plain) is not list or len(plain) != 2 or type(plain[0]) is not int or plain[0] not in self.cases:
            raise Malformed("must be a pair of a known number and its map")
        return self.cases[plain[0]].value(plain[1])


class _NoTags(dict[int, Any]):
    """Refuses every CBOR tag: dates, patterns, sets and references are not part of the grammar."""

    def __missing__(self, tag: int) -> Any:
        raise ValueError(f"tag {tag}")


_NO_TAGS = _NoTags()


def to_bytes(shape: Shape[T], value: T, longest: int) -> bytes:
    """The one spelling of ``value``. Raises Malformed where a field refuses or the whole is longer than ``longest``."""
    data = cbor2.dumps(shape.plain(value))
    if len(data) > longest:
        raise Malformed(f"a message is at most {longest} bytes")
    return data


def from_bytes(shape: Shape[T], data: bytes, longest: int) -> T:
    """The value spelled by ``data``. Raises Malformed and nothing else, whatever the bytes are."""
    if len(data) > longest:
        raise Malformed(f"a message is at most {longest} bytes")
    try:
        plain = cbor2.loads(
            data, semantic_decoders=_NO_TAGS, max_depth=_DEPTH_MAX, allow_indefinite=False, allow_duplicate_keys=False
        )
    except cbor2.CBORDecodeError:
        raise Malformed("is not CBOR of the kind used here") from None
    value = shape.value(plain)
    # Trailing bytes and integers in more bytes than needed do decode; they are not the one spelling. The shapes have
    # seen the order of the keys and left only whole numbers, bytes, text, lists and maps, which cbor2 writes shortest.
    if cbor2.dumps(plain) != data:
        raise Malformed("is not in the deterministic encoding")
    return value
