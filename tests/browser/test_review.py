"""The review catches what a person overlooks, at the number, before anything reaches the pump."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from thecal.adapters.memory_file import read_banks
from thecal.implant import replay

pytestmark = pytest.mark.browser


def in_the_pump(running, patient):
    """The pump's own memory, as a reader of its files sees it."""
    return replay(read_banks(running.files_of(patient).memory)).state


def test_sixty_microgram_every_hour_instead_of_each_morning_is_caught_as_24_times(running, clinician):
    """The published error [ismp-baclofen]: caught on the review, shown again alone, and nothing sent without it."""
    patient = "baclofen-morning-dose"
    before = in_the_pump(running, patient).program
    clinician.reach_the_draft("Demo Patient Elm")
    page = clinician.page
    page.get_by_label("concentration on the label").fill("500")
    page.get_by_label("Repeats").first.select_option("every 1 h")
    clinician.review()

    stop = clinician.findings("STOP")
    expect(stop).to_have_count(2)
    expect(stop.filter(has_text="becomes 24 × the previous one")).to_contain_text("1 440 microgram/day")
    expect(stop.filter(has_text="per hour and per day taken for each other")).to_have_count(1)
    assert clinician.row("baclofen 24-hour dose, basal, new to old")[1] == "24 ×"
    assert clinician.row("baclofen 24-hour dose, greatest, new to old")[1] == "24 ×"
    expect(page.get_by_role("button", name="Send to the pump")).to_have_count(0)
    clinician.accept_warnings()
    clinician.go_to_the_second_confirmation()
    expect(page.locator(".huge")).to_have_text("24 ×")
    expect(page.locator("main table")).to_have_count(0)

    page.goto(f"{clinician.site}/patients/{patient}/confirm/")
    expect(page.get_by_role("heading", name="Review: old and new")).to_be_visible()
    clinician.accept_warnings()
    clinician.go_to_the_second_confirmation()
    page.get_by_role("link", name="No, back to the draft").click()
    expect(page.get_by_role("heading", name="Draft", exact=True)).to_be_visible()
    state = in_the_pump(running, patient)
    assert (state.program, state.staged) == (before, None)


def test_a_step_within_twice_the_dose_is_sent_verified_and_reported_with_units(running, clinician):
    clinician.reach_the_draft("Demo Patient Alder")
    clinician.type_simple_continuous("10", "4.5")
    clinician.review()
    assert clinician.row("morphine 24-hour dose, basal, new to old")[1] == "1.19 ×"
    expect(clinician.findings("STOP")).to_have_count(0)
    clinician.accept_warnings()
    clinician.send()
    clinician.confirm()
    expect(clinician.verified()).to_be_visible()
    assert clinician.row("morphine 24-hour dose, achievable") == ["3.8", "4.5", "mg/day"]
    assert clinician.row("daily volume, basal") == ["0.38", "0.45", "mL/day"]
    assert clinician.row("low-reservoir alarm level")[2] == "mL"
    clinician.page.emulate_media(media="print")
    expect(clinician.page.get_by_text("must not be used to treat anybody")).to_be_visible()
    expect(clinician.page.get_by_role("link", name="Done")).to_be_hidden()
    state = in_the_pump(running, "onofrio-yaksh-1990")
    assert [step.rate_nl_per_day for step in state.program.steps] == [450_000]


def test_a_step_beyond_twice_the_dose_is_verified_after_the_second_confirmation_and_the_report_names_it(clinician):
    clinician.reach_the_draft("Demo Patient Cedar")
    clinician.type_simple_continuous("2", "0.4")
    clinician.review()
    expect(clinician.findings("STOP")).to_contain_text("becomes 2.67 × the previous one")
    clinician.accept_warnings()
    clinician.go_to_the_second_confirmation()
    expect(clinician.page.locator(".huge")).to_have_text("2.67 ×")
    clinician.page.get_by_role("button", name="Yes, I confirm 2.67 × and send").click()
    clinician.confirm()
    expect(clinician.verified()).to_be_visible()
    confirmed = clinician.page.get_by_role("listitem").filter(has_text="separately")
    expect(confirmed).to_have_text(re.compile(r"24-hour dose of morphine .*with the ratio 2\.67 ×, by clinician"))


def test_an_entry_that_could_be_misread_is_refused_at_its_field_and_nothing_typed_is_lost(running, clinician):
    clinician.reach_the_draft("Demo Patient Fir")
    for field, typed, said in (
        ("daily-dose", ".5", "one point between digits (0.5, not .5)"),
        ("daily-dose", "1,5", "one point between digits"),
        ("label-baclofen", "2000", "The label says 2 000 microgram/mL, but the pump was told 500 microgram/mL."),
    ):
        clinician.type_simple_continuous("500", "70")
        page = clinician.page
        page.locator(f"input[name={field}]").fill(typed)
        page.get_by_role("button", name="Go to the review").click()
        refused = page.locator(".field.refused")
        expect(refused).to_have_count(1)
        expect(refused.locator("input")).to_have_attribute("name", field)
        expect(refused.locator("input")).to_have_attribute("aria-invalid", "true")
        expect(refused.locator(".error")).to_have_count(1)
        expect(refused.locator(".error")).to_contain_text(said)
        expect(page.get_by_label("Simple continuous")).to_be_checked()
        for name, value in ({"label-baclofen": "500", "daily-dose": "70"} | {field: typed}).items():
            expect(page.locator(f"input[name={name}]")).to_have_value(value)
    assert in_the_pump(running, "baclofen-every-hour").staged is None
