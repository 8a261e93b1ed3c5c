"""Documents: closed, exact, and refused in one line when they are not what they should be."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from thecal.device import Mode
from thecal.programmer import DocumentRefused, Interrogated, SessionReport, from_document, stop, to_document
from thecal.quantities import DoseRate
from thecal.therapy import Prescription, SimpleContinuous

from ..strategies import messages
from ..therapy.given import continuous
from .bedside import Bedside


@pytest.mark.parametrize("value", [None, True, 0, 2**60, "µg", b"\x00\xff", Fraction(24, 7), Mode.FLEX, (1, (2,))])
def test_plain_values_come_back_exactly(value):
    back = from_document(to_document(value), type(value))
    assert (back, type(back)) == (value, type(value))


@pytest.mark.parametrize(
    "document",
    [
        1.5,
        {"is": "Popen", "args": "true"},
        {"is": "DoseRate"},
        {"is": "DoseRate", "count": 1, "more": 2},
        {"is": "DoseRate", "count": "1"},
        {"is": "DoseRate", "count": -1},
        {"is": 3},
        {"bytes": "zz"},
        {"fraction": "1/0"},
        {"one of": "Mode", "name": "SPRINT"},
        {"one of": "Role", "name": "PHYSICIAN"},
        {"unknown": 1},
    ],
)
def test_anything_else_is_refused_in_one_line(document):
    with pytest.raises(DocumentRefused, match="document") as refused:
        from_document(document, DoseRate)
    assert "\n" not in str(refused.value)


def test_a_value_of_another_kind_is_refused():
    with pytest.raises(DocumentRefused, match="holds a SimpleContinuous, not a Prescription"):
        from_document(to_document(SimpleContinuous(DoseRate(1))), Prescription)


def test_a_contradiction_in_storage_is_refused_by_the_value_itself():
    document = to_document(continuous("2.4 mg/day"))
    assert isinstance(document, dict)
    with pytest.raises(DocumentRefused, match="fluid"):
        from_document(document | {"components": []}, Prescription)


def test_a_kind_without_a_document_is_a_bug():
    with pytest.raises(TypeError, match="float"):
        to_document(1.5)


def test_a_report_stored_before_reports_named_their_staging_still_reads():
    bedside = Bedside()
    report = bedside.drive(stop(bedside.session, bedside.interrogated(), "demo"))
    document = to_document(report)
    assert isinstance(document, dict)
    assert from_document({key: value for key, value in document.items() if key != "staging"}, SessionReport) == report


ADDED = {
    *("days", "periodic", "once", "bridge_left", "begins_utc_ms", "library_version", "bolus", "alarm"),
    *("bridge_left_nl", "waiting", "silenced", "overrides", "log_head", "log_before", "once_strokes_total"),
    *("library", "waiting_program"),
}


def without_added(document):
    """The document as it was written before pumps told of more than basal and patient bolus."""
    match document:
        case list():
            return [without_added(item) for item in document]
        case {"is": "Status"}:  # the patient bolus of a status was always there
            kept = ADDED - {"bolus"}
        case {"is": _}:
            kept = ADDED
        case _:
            return document
    return {key: without_added(item) for key, item in document.items() if key not in kept}


def test_an_interrogation_stored_before_pumps_had_libraries_and_other_boluses_still_reads():
    found = Bedside().interrogated()
    older = from_document(without_added(to_document(found)), Interrogated)
    assert older.report.program == found.report.program
    assert older.report.log == found.report.log
    assert older.problem is None
    assert older.notices() == ()


@settings(max_examples=40, deadline=None)
@given(messages.reports)
def test_whatever_a_pump_can_report_can_be_stored_and_read_back(report):
    assert from_document(to_document(report), type(report)) == report


@settings(max_examples=40, deadline=None)
@given(messages.staged_programs)
def test_whatever_a_pump_can_decode_can_be_stored_and_read_back(staged):
    assert from_document(to_document(staged), type(staged)) == staged
