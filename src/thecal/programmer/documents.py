"""Programmer values as plain documents (JSON-able), and back: for whoever stores a visit.

A document names the kind of each value, so it reads without a schema; only the kinds listed here exist, every field
must be present but those that older documents do not have, and the constructors check again. Counts stay counts: a
stored dose is the exact number of nanograms.
"""

from __future__ import annotations

import inspect
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import TypeVar

from thecal import device, quantities, telemetry, therapy
from thecal.catalogue.drug_terms import Tolerance
from thecal.programmer import (
    bridge,
    comparison,
    confirmation,
    draft,
    form,
    interrogation,
    refilling,
    session_report,
    update,
)
from thecal.programmer.settling import Settlement
from thecal.therapy.refill import Refill, RefillReview

T = TypeVar("T")

_KINDS: tuple[type, ...] = (
    *(quantities.Concentration, quantities.DoseRate, quantities.Duration, quantities.FlowRate),
    *(quantities.Instant, quantities.Mass, quantities.Volume),
    *(device.BolusStatus, device.Component, device.FlexStep, device.LogEntry, device.PatientBolus, device.Program),
    *(device.PumpDescriptor, device.Report, device.Staged, device.Status, device.OnceStatus, device.Waiting),
    *(device.OnceBolus, device.PeriodicBolus, device.Library, device.DrugLimits, device.Limit, device.SoftLimit),
    *(therapy.BolusOrder, therapy.Derived, therapy.Doses, therapy.Finding, therapy.Flex, therapy.FluidComponent),
    *(therapy.MinimumRate, therapy.Needed, therapy.Prescription, therapy.Profile, therapy.Projection, therapy.Review),
    *(therapy.Row, therapy.SimpleContinuous, therapy.Stopped, therapy.TimedDose, therapy.Translation),
    *(Refill, RefillReview, Settlement, telemetry.PendingCommand),
    *(confirmation.Acknowledged, confirmation.SeparatelyConfirmed, draft.Draft, interrogation.Interrogated),
    *(session_report.SessionReport, update.NotStaged, update.StagedUpdate, refilling.NotRecorded),
    *(form.PrescriptionForm, form.StepForm, bridge.BridgeDraft),
)
_ENUMS: tuple[type[Enum], ...] = (
    *(device.Alarm, device.LogKind, device.Mode, device.Reason, therapy.Verdict, Tolerance),
    *(device.BolusKind, device.BridgeLeft, device.Limited),
    *(session_report.Act, session_report.Result),
)
# Two rooms have a "Compared": numbers of a finding, and a field of a read-back.
_NAMED: dict[str, type] = {kind.__name__: kind for kind in _KINDS} | {
    "FindingCompared": therapy.Compared,
    "ReadBackCompared": comparison.Compared,
}
_NAMES = {kind: name for name, kind in _NAMED.items()}
# Fields that a kind was given after visits had been stored; where they are missing nothing was told.
_ADDED_LATER: dict[type, frozenset[str]] = {
    Refill: frozenset({"injected", "recovered"}),
    draft.Draft: frozenset({"tolerance", "silent_for", "recorded_serial", "bridge"}),
    form.PrescriptionForm: frozenset({"bridge", "bridge_volume", "bridge_duration"}),
    therapy.Derived: frozenset({"once_volume"}),
    session_report.SessionReport: frozenset({"staging"}),
    device.FlexStep: frozenset({"days"}),
    therapy.Profile: frozenset({"bolus_nl", "every_ms"}),
    device.Program: frozenset({"periodic", "once", "bridge_left", "begins_utc_ms", "library_version"}),
    device.LogEntry: frozenset({"bolus", "alarm"}),
    device.Status: frozenset(
        {"once", "bridge_left_nl", "waiting", "silenced", "overrides", "library_version", "log_head"}
    ),
    device.Report: frozenset({"log_before", "once_strokes_total", "library", "waiting_program"}),
    device.Staged: frozenset({"soft_limits", "once_volume_nl", "periodic_volume_nl"}),
}
_ENUM_NAMED = {kind.__name__: kind for kind in _ENUMS}


class DocumentRefused(ValueError):
    """A stored document is not what it should be; the message is one line naming the place."""


def to_document(value: object) -> object:
    """Plain dicts, lists, texts, whole numbers, booleans and None. Raises TypeError for a kind not listed: a bug."""
    match value:
        case Enum() if type(value).__name__ in _ENUM_NAMED:  # before text: some are texts too
            return {"one of": type(value).__name__, "name": value.name}
        case None | bool() | int() | str():
            return value
        case bytes():
            return {"bytes": value.hex()}
        case Fraction():
            return {"fraction": f"{value.numerator}/{value.denominator}"}
        case tuple() if type(value) is tuple:  # a named tuple is a record
            return [to_document(item) for item in value]
    name = _NAMES.get(type(value))
    if name is None:
        raise TypeError(f"{type(value).__name__} has no document")
    return {"is": name, **{field: to_document(getattr(value, field)) for field in _fields_of(type(value))}}


def _fields_of(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else tuple(inspect.get_annotations(kind))


def from_document(document: object, expected: type[T]) -> T:
    """The value a document holds. Raises DocumentRefused when it holds anything but an ``expected``."""
    value = _value(document, "document")
    if not isinstance(value, expected):
        raise DocumentRefused(f"document: holds a {type(value).__name__}, not a {expected.__name__}")
    return value


def _value(document: object, place: str) -> object:
    match document:
        case None | bool() | int() | str():
            return document
        case list():
            return tuple(_value(item, f"{place}[{index}]") for index, item in enumerate(document))
        case {"bytes": str(text), **rest} if not rest:
            return _parsed(bytes.fromhex, text, place)
        case {"fraction": str(text), **rest} if not rest:
            return _parsed(Fraction, text, place)
        case {"one of": str(kind), "name": str(name), **rest} if not rest:
            members = _ENUM_NAMED[kind].__members__ if kind in _ENUM_NAMED else {}
            if name not in members:
                raise DocumentRefused(f"{place}: {kind}.{name} is not known")
            return members[name]
        case {"is": str(name), **given}:
            return _record(name, {str(key): item for key, item in given.items()}, place)
        case _:
            raise DocumentRefused(f"{place}: is nothing a document can hold")


def _record(name: str, given: dict[str, object], place: str) -> object:
    kind = _NAMED.get(name)
    if kind is None:
        raise DocumentRefused(f"{place}: {name} is not known")
    expected = set(_fields_of(kind))
    odd = sorted((given.keys() ^ expected) - (_ADDED_LATER.get(kind, frozenset()) - given.keys()))
    if odd:
        raise DocumentRefused(f"{place}: {name} has a missing or unknown field {odd[0]}")
    values = {key: _value(item, f"{place}.{key}") for key, item in given.items()}
    try:
        return kind(**values)
    except (ValueError, TypeError) as refused:
        raise DocumentRefused(f"{place}: {refused}") from None


def _parsed(parse: object, text: str, place: str) -> object:
    try:
        return parse(text)  # type: ignore[operator]
    except (ValueError, ZeroDivisionError):
        raise DocumentRefused(f"{place}: {text!r} cannot be read") from None
