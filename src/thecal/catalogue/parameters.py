"""Filling a record of physical parameters from a table, each field with the unit its annotation states.

A record is a frozen dataclass whose numeric fields read ``Annotated[float, "mL/min"]`` and which has one field
``sources`` that keeps, by field name, the exact entry: value, unit, source and confidence.
"""

from dataclasses import fields
from typing import Any, TypeVar, get_type_hints

from thecal.catalogue.sourced import CatalogueError, Sourced, Table, read

Record = TypeVar("Record")
Sources = tuple[tuple[str, Sourced], ...]  # (field name, entry); a tuple, so that records hash and travel


def fill(record: type[Record], table: Table, **given: Any) -> Record:
    """One record of this type, every annotated number read from ``table``; ``given`` supplies the other fields.

    Raises CatalogueError for a missing or unknown entry, a wrong unit, or a number without its source.
    """
    units = parameter_units(record)
    surplus = [key for key in table.entries if key not in units and key not in given]
    if surplus:
        raise CatalogueError(f"{table.where(surplus[0])} is not a known parameter")
    sources: dict[str, Sourced] = {key: read(table, key, unit) for key, unit in units.items()}
    numbers = {key: float(entry) for key, entry in sources.items()}
    for key, number in numbers.items():
        if number < 0:
            raise CatalogueError(f"{table.where(key)} must not be negative")
    make: Any = record  # a dataclass built by field name, which its type alone cannot tell
    filled: Record = make(**numbers, **given, sources=tuple(sources.items()))
    return filled


def source_of(record: Any, parameter: str) -> Sourced:
    """The entry a parameter was read from. Raises KeyError when the record has no such parameter."""
    sources: Sources = record.sources
    return dict(sources)[parameter]


def parameter_units(record: type[Any]) -> dict[str, str]:
    """Field name -> unit, for every field annotated with a unit, in the order of declaration."""
    hints = get_type_hints(record, include_extras=True)
    marks = ((field.name, getattr(hints[field.name], "__metadata__", ())) for field in fields(record))
    return {name: mark[0] for name, mark in marks if mark}
