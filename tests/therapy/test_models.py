"""The pump a plan is made for is the one that reported itself, if the catalogue knows it and it can report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from thecal.catalogue.pumps import pump_model
from thecal.catalogue.sourced import CatalogueError
from thecal.therapy import named_model, pump_in_hand

from ..programmer.bedside import Bedside


@pytest.fixture(scope="module")
def report():
    return Bedside().interrogated().report


def test_a_report_is_of_a_pump_with_its_own_limits_and_the_catalogues_alarm_level(report):
    found, model = pump_in_hand(report), named_model(report.descriptor.model)
    assert (found.descriptor, found.serial) == (report.descriptor, report.pump_serial)
    assert (found.low_reservoir_default, found.unusable) == (model.low_alarm_default, model.residual)


@pytest.mark.parametrize(
    ("model", "words"),
    [("isomed-20-05", "is a constant-flow pump and cannot have reported"), ("synchromed-9", "is not a pump model of")],
)
def test_a_report_of_a_pump_that_cannot_report_or_that_nobody_knows_is_refused(report, model, words):
    other = replace(report, descriptor=replace(report.descriptor, model=model))
    with pytest.raises(CatalogueError, match=f"'{model}' {words}"):
        pump_in_hand(other)


def test_a_model_is_found_by_its_key_its_number_and_its_name():
    model = pump_model("synchromed-ii-20")
    assert {named_model(text) for text in (model.key, model.model, model.name)} == {model}
