"""The record of what truly left pump and needle: one ASCII line for each stroke or act, written as it happens.

    thecal truth 1 {"from_ms": ..., "stroke_nl": ..., ...}    the system as implanted
    S 1795000000000                                           a stroke
    O 1795000000000 1795000300000 1736                        an outflow of a gas-driven pump: from, to, nL
    W 1795000000000 4500000 morphine=10000000                 a needle drew: nL, fluid (ng/mL)
    F 1795000000000 18000000 baclofen=2000000,morphine=1/3    a needle filled: nL, fluid
    T 1795000000000                                           nothing else until then

Times are ms of bench time. A line cut short by a kill is no record: it is dropped when the writer opens the file
and never shown to a reader.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

from thecal.column import Fluid
from thecal.fluid import Act, FluidPath, NeedleAct, Outflow, Stroke, TimeReached, TrueReservoir, TruthRecord

_TITLE = "thecal truth 1 "
_ACTS = {"W": Act.WITHDRAW, "F": Act.FILL}
_LETTERS = {act: letter for letter, act in _ACTS.items()}


class TruthDamaged(ValueError):
    """The record cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Implantation:
    """The system when it was implanted: what the record begins with. ``stroke_nl`` is 0 for a gas-driven pump."""

    from_ms: int
    stroke_nl: int
    reservoir: TrueReservoir
    line_nl: int
    line_fluid: Fluid

    @property
    def path(self) -> FluidPath:
        """The fluid path at that moment."""
        return FluidPath.implanted(self.reservoir, self.line_nl, self.line_fluid)


class TruthWriter:
    """Appends records. Every method raises OSError when the file cannot be written."""

    def __init__(self, file: int) -> None:
        self._file = file

    @classmethod
    def begin(cls, path: Path, implantation: Implantation) -> Self:
        """A new record. Raises FileExistsError when there is one already."""
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        _write(file, _TITLE + json.dumps(_fields(implantation)))
        return cls(file)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Go on with a record; a last line that was cut short is dropped."""
        file = os.open(path, os.O_RDWR | os.O_APPEND)
        whole = path.read_bytes().rfind(b"\n") + 1
        os.ftruncate(file, whole)
        return cls(file)

    def append(self, record: TruthRecord) -> None:
        """Write one record, whole."""
        _write(self._file, line_of(record))

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


@dataclass(frozen=True, slots=True)
class TruthSoFar:
    """What a record says up to ``offset``, from which reading can go on."""

    implantation: Implantation
    records: tuple[TruthRecord, ...]
    offset: int


def read_truth(path: Path) -> TruthSoFar:
    """The whole record as it is now. Raises TruthDamaged or OSError."""
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    title, _, rest = whole.partition(b"\n")
    try:
        text = title.decode("ascii")
        if not text.startswith(_TITLE):
            raise ValueError("not a truth record")
        implantation = _implantation(json.loads(text[len(_TITLE) :]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise TruthDamaged(f"{path}, line 1: not the beginning of a truth record") from None
    return TruthSoFar(implantation, tuple(_records(path, rest, 2)), len(whole))


def read_truth_on(path: Path, so_far: TruthSoFar) -> TruthSoFar:
    """Only what was added since ``so_far``. Raises TruthDamaged or OSError."""
    with path.open("rb") as file:
        file.seek(so_far.offset)
        content = file.read()
    whole = content[: content.rfind(b"\n") + 1]
    return TruthSoFar(so_far.implantation, tuple(_records(path, whole, 0)), so_far.offset + len(whole))


def line_of(record: TruthRecord) -> str:
    """The line of a record, without its end."""
    match record:
        case Stroke(at_ms):
            return f"S {at_ms}"
        case Outflow(start_ms, end_ms, volume_nl):
            return f"O {start_ms} {end_ms} {volume_nl}"
        case NeedleAct(at_ms, act, volume_nl, fluid):
            return f"{_LETTERS[act]} {at_ms} {volume_nl} {fluid_text(fluid)}"
        case TimeReached(at_ms):
            return f"T {at_ms}"


def record_of(line: str) -> TruthRecord:
    """The record of a line. Raises ValueError."""
    match line.split(" "):
        case ["S", at]:
            return Stroke(int(at))
        case ["O", start, end, volume]:
            return Outflow(int(start), int(end), int(volume))
        case ["W" | "F" as letter, at, volume, fluid]:
            return NeedleAct(int(at), _ACTS[letter], int(volume), fluid_from(fluid))
        case ["T", at]:
            return TimeReached(int(at))
    raise ValueError(f"{line!r} is not a record")


def fluid_text(fluid: Fluid) -> str:
    """``morphine=10000000`` in ng/mL, exactly; ``-`` for saline or CSF."""
    return ",".join(f"{name}={concentration}" for name, concentration in fluid.drugs) or "-"


def fluid_from(text: str) -> Fluid:
    """Reads ``fluid_text`` back. Raises ValueError."""
    if text == "-":
        return Fluid()
    pairs = (entry.partition("=") for entry in text.split(","))
    return Fluid(tuple((name, Fraction(concentration)) for name, _, concentration in pairs))


def _records(path: Path, lines: bytes, first_number: int) -> Iterator[TruthRecord]:
    for number, line in enumerate(lines.decode("ascii", "replace").splitlines(), first_number):
        try:
            yield record_of(line)
        except ValueError:
            where = f"line {number}" if first_number else "among its latest lines"
            raise TruthDamaged(f"{path}, {where}: not a record of what happened") from None


def _write(file: int, line: str) -> None:
    rest = line.encode("ascii") + b"\n"
    while rest:
        rest = rest[os.write(file, rest) :]


def _fields(implantation: Implantation) -> dict[str, Any]:
    reservoir = implantation.reservoir
    return {
        "from_ms": implantation.from_ms,
        "stroke_nl": implantation.stroke_nl,
        "capacity_nl": reservoir.capacity_nl,
        "residual_nl": reservoir.residual_nl,
        "volume_nl": reservoir.volume_nl,
        "fluid": fluid_text(reservoir.fluid),
        "line_nl": implantation.line_nl,
        "line_fluid": fluid_text(implantation.line_fluid),
    }


def _implantation(fields: dict[str, Any]) -> Implantation:
    reservoir = TrueReservoir(
        fields["capacity_nl"], fields["residual_nl"], fields["volume_nl"], fluid_from(fields["fluid"])
    )
    return Implantation(
        fields["from_ms"], fields["stroke_nl"], reservoir, fields["line_nl"], fluid_from(fields["line_fluid"])
    )
