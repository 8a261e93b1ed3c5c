"""A patient whose pump has one flow for life: both programmers say so, and what there is to know instead."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_clinic_says_why_it_cannot_be_programmed_and_what_it_gives(clinician):
    clinician.sign_in()
    clinician.open("Demo Patient Hazel")
    page = clinician.page
    expect(page.get_by_role("heading", name="This pump cannot be programmed")).to_be_visible()
    expect(page.get_by_text("Its dose is set only by the concentration of the fluid at a refill.")).to_be_visible()
    expect(page.locator("dl.facts", has_text="flow by its label")).to_contain_text(re.compile(r"0\.5\s*mL/day"))
    expect(page.get_by_text("morphine 2.75 mg/day").first).to_be_visible()
    expect(page.get_by_role("button", name="Interrogate")).to_have_count(0)
    expect(page.get_by_role("link", name="Change the therapy")).to_have_count(0)
    for act in ("draft", "review", "confirm", "stop", "refill"):
        assert page.request.get(f"{page.url}{act}/").status == 404


def test_the_patient_is_told_there_is_no_programmer_when_the_refill_is_and_whom_to_call(patient):
    patient.take_up("constant-flow-20")
    page = patient.page
    expect(page.get_by_text("Your pump has no programmer")).to_be_visible()
    known = page.locator("dl.know")
    expect(known).to_contain_text("21 December 2026")
    expect(known).to_contain_text("Demo Pump Clinic, 555 0100")
    expect(page.get_by_role("button")).to_have_count(0)
