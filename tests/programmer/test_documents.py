"""Documents: closed, exact, and refused in one line when they are not what they should be."""

from __future__ import annotations

from fractions import Fraction

import pytest

from thecal.device import Mode
from thecal.programmer import DocumentRefused, SessionReport, from_document, stop, to_document
from thecal.quantities import DoseRate
from thecal.therapy import Prescription, SimpleContinuous

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
