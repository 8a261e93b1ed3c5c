"""What a calculator returns: its answer with inputs, formula, sources, assumptions and warnings beside it.

One function, one number: Python, the command line and the screens show the same ``Calculation``. The answer is the
calculator's own frozen record, in quantities; the lines are the same numbers, labelled and with the unit people read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any, Generic, TypeVar, get_type_hints

from thecal.catalogue.sourced import Sourced
from thecal.documents import About
from thecal.quantities import Amount, Duration, Instant
from thecal.therapy.findings import Finding
from thecal.therapy.showing import fraction_text, moment_text, number_text, time_number

I = TypeVar("I")  # noqa: E741
A = TypeVar("A")
Value = Amount | Instant | Fraction | Decimal | int | str | None
NOT_GIVEN = "\u2013"


@dataclass(frozen=True, slots=True)
class Line:
    """One input or output: ``Line("bridge.volume", "bridge volume", Volume(…), "mL")``. None: there is no answer."""

    key: str
    label: str
    value: Value
    unit: str = ""

    @property
    def text(self) -> str:
        """The number without its unit, exact; a fraction to four decimals, rounded to nearest."""
        match self.value:
            case None:
                return NOT_GIVEN
            case Instant():
                return moment_text(self.value, 0)
            case Duration():
                return time_number(self.value, self.unit)
            case Amount():
                return number_text(self.value, self.unit)
            case Fraction():
                return fraction_text(self.value)
            case Decimal():
                return format(self.value, "f")
        return str(self.value)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where a formula or a number of the calculation comes from."""

    what: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Calculation(Generic[A]):
    """One worked calculation. ``findings`` are its warnings; a REFUSE means that the answer must not be used."""

    kind: str
    answer: A
    inputs: tuple[Line, ...]
    outputs: tuple[Line, ...]
    formula: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    assumptions: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Calculator(Generic[I, A]):
    """One kind of calculation: the record a document is read into, and the function that answers it.

    ``calculate`` raises EntryRefused for inputs that contradict themselves or name what the catalogue does not hold,
    one line that names the field; QuantityError for numbers that cannot be.
    """

    kind: str
    title: str
    inputs: type[I]
    calculate: Callable[[I], Calculation[A]]


def cited(what: str, origin: Sourced) -> SourceLine:
    """The source line of a catalogue number."""
    return SourceLine(what, origin.source, origin.confidence.value)


def given(record: Any) -> tuple[Line, ...]:
    """Every field of an input record as a line, nested records and lists under dotted keys; labels from ``About``."""
    return tuple(_given(record, ""))


@lru_cache
def _hints(record: type[Any]) -> dict[str, Any]:
    """What is declared of the fields of a record; evaluating it takes longer than most calculations."""
    return get_type_hints(record, include_extras=True)


def _given(record: Any, where: str) -> Iterator[Line]:
    kind: Any = type(record)  # a class is hashable, which its type alone does not tell
    hints = _hints(kind)
    for field in fields(record):
        about = next((mark for mark in getattr(hints[field.name], "__metadata__", ()) if isinstance(mark, About)), None)
        label = field.name.replace("_", " ") if about is None else about.words
        yield from _lines(f"{where}{field.name}", label, getattr(record, field.name))


def _lines(key: str, label: str, value: Any) -> Iterator[Line]:
    if isinstance(value, tuple):
        for number, each in enumerate(value, start=1):
            yield from _lines(f"{key}.{number}", label, each)
    elif isinstance(value, Enum):
        yield Line(key, label, str(value.value))
    elif isinstance(value, Amount):
        yield Line(key, label, value, str(value).rpartition(" ")[2])
    elif isinstance(value, bool):
        yield Line(key, label, "yes" if value else "no")
    elif is_dataclass(value) and not isinstance(value, Instant):
        yield from _given(value, f"{key}.")
    else:
        yield Line(key, label, value)
