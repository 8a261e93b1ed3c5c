"""Every page that a story comes by can be read and used by everybody: axe in light and dark, wide and narrow."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.audit import objections, too_small

pytestmark = pytest.mark.browser
PATIENT = "Demo Patient Fir"  # 60 microgram each morning; no other test programs this pump


def test_the_pages_open_to_everybody(clinician, patient, room):
    found = []
    clinician.page.goto(f"{clinician.site}/")
    found += objections(clinician.page)
    clinician.page.goto(f"{clinician.site}/sign-in/")
    found += objections(clinician.page)
    clinician.page.get_by_label("User name").fill("nobody")
    clinician.page.get_by_label("Password").fill("not the password")
    clinician.page.get_by_role("button", name="Sign in").click()
    expect(clinician.page.get_by_role("alert")).to_be_visible()
    found += objections(clinician.page)
    for page, site in ((patient.page, patient.site), (room.page, room.site)):
        page.goto(f"{site}/")
        found += objections(page)
    assert found == []


def test_the_pages_of_a_visit_from_the_patients_to_the_report(clinician):
    page, found = clinician.page, []
    clinician.sign_in()
    found += objections(page)
    clinician.open(PATIENT)
    found += objections(page)
    clinician.interrogate()
    found += objections(page)
    page.get_by_role("link", name="Change the therapy").click()
    page.get_by_label("concentration on the label").fill("50")
    page.get_by_role("button", name="Go to the review").click()
    expect(page.locator(".field.refused")).to_have_count(1)
    found += objections(page)
    page.get_by_label("concentration on the label").fill("500")
    page.get_by_label("Repeats").first.select_option("every 1 h")
    clinician.review()
    found += objections(page)
    clinician.accept_warnings()
    clinician.go_to_the_second_confirmation()
    found += objections(page)
    page.get_by_role("link", name="No, back to the draft").click()
    page.get_by_label("concentration on the label").fill("500")
    page.get_by_label("Repeats").first.select_option("once a day")
    page.get_by_label("Dose in the step").first.fill("70")
    clinician.review()
    clinician.accept_warnings()
    clinician.send()
    found += objections(page)
    clinician.confirm()
    expect(clinician.verified()).to_be_visible()
    found += objections(page)
    assert found == []


def test_the_pages_of_stop_refill_and_constant_flow(clinician):
    page, found = clinician.page, []
    clinician.sign_in()
    clinician.open("Demo Patient Hazel")
    found += objections(page)
    clinician.open(PATIENT)
    clinician.interrogate()
    page.get_by_role("link", name="Stop infusion").click()
    found += objections(page)
    page.get_by_role("link", name="No, leave it running").click()
    clinician.interrogate()
    page.get_by_role("link", name="Record a refill").click()
    page.get_by_label("Withdrawn").fill("17,9")
    page.get_by_role("button", name="Go to the review").click()
    expect(page.locator(".field.refused").first).to_be_visible()
    found += objections(page)
    for label, typed in (
        ("Withdrawn", "17.9"),
        ("Drawn back to prove the place", "5"),
        ("Injected from the syringes", "18"),
        ("Filled", "18"),
        ("Concentration on the label", "500"),
    ):
        page.get_by_label(label).fill(typed)
    page.get_by_role("button", name="Go to the review").click()
    expect(page.get_by_role("heading", name="Review of the refill")).to_be_visible()
    found += objections(page)
    assert found == []


def test_the_handset_is_read_in_the_sun_and_pressed_with_a_thumb(patient):
    page, found = patient.page, []
    patient.take_up("constant-flow-20")
    found += objections(page) + too_small(page)
    patient.take_up("patient-controlled-morphine")
    found += objections(page) + too_small(page)
    patient.ask()
    found += objections(page) + too_small(page)
    assert found == []
    button = page.get_by_role("button", name="Ask for a dose").bounding_box()
    assert button["height"] >= 48
    assert button["y"] + button["height"] <= page.viewport_size["height"], "the button is seen without scrolling"


def test_the_patients_room(room):
    found = []
    for patient in ("onofrio-yaksh-1990", "constant-flow-20"):
        room.enter(patient)
        expect(room.page.locator(".uplot canvas").first).to_be_visible()
        found += objections(room.page)
    assert found == []
