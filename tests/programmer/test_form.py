"""The entry form: read all at once and strictly, written back exactly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from thecal.programmer import FormRefused, PrescriptionForm, StepForm, read_form, units, write_form
from thecal.quantities import Concentration
from thecal.therapy import FluidComponent, MinimumRate, Prescription, Stopped, as_prescribed, review

from ..therapy.given import baclofen, bolus, continuous, morning_dose, morphine, standing, translated
from ..therapy.test_translation import prescriptions

FORM = PrescriptionForm("simple continuous", "2.4", "", (), True, "0.1", "10", "4", "4", "")


def test_the_story_of_the_first_prescription_is_read_as_typed():
    assert read_form(FORM, morphine()) == continuous("2.4 mg/day", bolus=bolus())


def test_a_morning_dose_is_typed_with_its_repetition():
    form = PrescriptionForm("flex", background="0", steps=(StepForm("06:00", "07:00", "60", "24"),))
    assert read_form(form, baclofen()) == morning_dose()
    hourly = replace(form, steps=(StepForm("06:00", "07:00", "60", "1"),))
    assert read_form(hourly, baclofen()) == morning_dose(every_h=1)


@settings(max_examples=80)
@given(prescriptions())
def test_any_prescription_is_written_into_the_form_and_read_back(prescription):
    assert read_form(write_form(prescription), prescription.components) == prescription


@pytest.mark.parametrize("regimen", [Stopped(), MinimumRate()])
def test_modes_without_a_dose_read_back(regimen):
    prescription = Prescription(morphine(), regimen)
    assert read_form(write_form(prescription), morphine()) == prescription


def test_what_the_pump_runs_fills_the_form():
    running = as_prescribed(translated(continuous("2.4 mg/day", bolus=bolus())).program)
    form = write_form(running)
    assert (form.daily_dose, form.bolus_dose, form.bolus_duration, form.lockout) == ("2.4", "0.1", "10", "4")


def test_a_time_that_no_decimal_spells_is_rounded_up_and_the_review_shows_it():
    """A program written elsewhere may lock out for 100 min; in hours the form says 1.67, never less."""
    form = write_form(continuous("2.4 mg/day", bolus=bolus(lockout="100 min")))
    assert form.lockout == "1.67"
    assert write_form(continuous("2.4 mg/day", bolus=bolus(lockout="1.125 h"))).lockout == "1.125"
    read = read_form(form, morphine())
    assert isinstance(read, Prescription)
    found = review(read, standing(running=continuous("2.4 mg/day", bolus=bolus(lockout="100 min"))))
    assert [row.key for row in found.changed_rows] == ["bolus.lockout"]


def test_every_field_that_is_wrong_is_named_at_once():
    form = PrescriptionForm("simple continuous", ".5", "", (), True, "1,5", "", "4 h", "0", "1.2.3")
    refused = read_form(form, morphine())
    assert isinstance(refused, FormRefused)
    fields = [each.field for each in refused.refusals]
    assert fields == ["daily dose", "bolus dose", "bolus duration", "lockout", "boluses per 24 h", "low reservoir"]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (replace(FORM, mode="fast"), "mode"),
        (replace(FORM, lockout="0.1"), "lockout"),
        (replace(FORM, mode="stopped"), "patient bolus"),
        (PrescriptionForm("flex", background="0"), "steps"),
        (PrescriptionForm("flex", background="", steps=(StepForm("06:00", "07:00", "1", "24"),)), "background dose"),
        (PrescriptionForm("flex", background="0", steps=(StepForm("07:00", "06:00", "1", "24"),)), "step 1"),
        (
            PrescriptionForm("flex", background="0", steps=(StepForm("06:00", "07:00", "1", ""),)),
            "step 1 repeats every",
        ),
        (PrescriptionForm("flex", background="0", steps=(StepForm("06:00", "07:00", "1", "5"),)), "step 1"),
    ],
)
def test_a_form_that_contradicts_itself_is_refused_at_its_field(form, field):
    refused = read_form(form, morphine())
    assert isinstance(refused, FormRefused)
    assert [each.field for each in refused.refusals] == [field]
    assert "\n" not in str(refused.refusals[0])


def test_units_follow_the_primary_drug():
    assert (units(morphine()).daily_dose, units(baclofen()).daily_dose) == ("mg/day", "microgram/day")
    assert units((FluidComponent("sugar", Concentration(1)),)).dose == units(()).dose == "mg"
