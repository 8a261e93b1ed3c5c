"""When an answer is lost: both programmers say that it is not known, send nothing more, and learn it from the pump."""

from __future__ import annotations

import os
import signal
import sqlite3

import pytest
from playwright.sync_api import expect

from tests.browser.audit import objections
from tests.browser.radio import bad_radio
from tests.running import processes_of
from thecal.adapters.memory_file import read_banks
from thecal.device import LogKind
from thecal.implant import replay

pytestmark = pytest.mark.browser
WITHIN_MS = 40_000


def state_of(running, patient):
    return replay(read_banks(running.files_of(patient).memory)).state


def granted(running, patient) -> int:
    """Boluses the pump has ever granted to this patient."""
    return sum(entry.kind is LogKind.BOLUS_GRANTED for entry in state_of(running, patient).log)


def until_a_dose_is_possible(room) -> None:
    """Beyond the lockout of 4 h."""
    room.advance("4 hours", 4)
    room.advance("1 hour", 1)


def test_a_lost_answer_to_the_update_is_unknown_and_only_the_pump_settles_it(running, clinician):
    """The pump took the program; what it said was lost. Nothing can be sent before it was asked."""
    patient, page = "winkelmueller-1996", clinician.page

    def commit_is_on_its_way() -> bool:
        with sqlite3.connect(f"file:{running.data}/clinic/clinic.sqlite3?mode=ro", uri=True) as clinic:
            return clinic.execute("SELECT count(*) FROM clinic_pendingcommand WHERE kind = 'commit'").fetchone()[0] > 0

    with bad_radio(running.data, patient, commit_is_on_its_way) as radio:
        clinician.reach_the_draft("Demo Patient Birch")
        concentration = state_of(running, patient).program.components[0].concentration_ng_per_ml // 1_000_000
        clinician.type_simple_continuous(str(concentration), "3")
        clinician.review()
        clinician.accept_warnings()
        clinician.send()
        clinician.confirm()
        unknown = page.get_by_role("heading", name="It is not known whether the pump did it")
        expect(unknown).to_be_visible(timeout=WITHIN_MS)
        expect(clinician.verified()).to_have_count(0)
        assert objections(page) == []

        page.goto(f"{clinician.site}/patients/{patient}/")
        expect(page.get_by_role("alert").filter(has_text="Not known: commit.")).to_be_visible()
        page.goto(f"{clinician.site}/patients/{patient}/stop/")
        expect(page.get_by_role("link", name="Ask the pump")).to_be_visible()

        page.goto(f"{clinician.site}/patients/{patient}/unknown/")
        page.get_by_role("button", name="Ask the pump").click()
        expect(page.get_by_role("alert")).to_be_visible(timeout=WITHIN_MS)
        expect(unknown).to_be_visible()
        radio.heal()
        page.get_by_role("button", name="Ask the pump").click()
        expect(clinician.verified()).to_be_visible(timeout=WITHIN_MS)
    assert clinician.row("morphine 24-hour dose, achievable") == ["2.7", "3", "mg/day"]
    program = state_of(running, patient).program
    assert program.steps[0].rate_nl_per_day * program.components[0].concentration_ng_per_ml == 3_000_000 * 1_000_000
    page.goto(f"{clinician.site}/patients/{patient}/")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_lost_answer_to_a_dose_request_is_unknown_and_the_handset_learns_the_truth_by_itself(running, patient, room):
    name, page = "patient-controlled-morphine", patient.page
    room.enter(name)
    until_a_dose_is_possible(room)
    asked = running.data / "handsets" / f"{name}.pending"
    before = granted(running, name)
    with bad_radio(running.data, name, asked.exists) as radio:
        patient.take_up(name)
        page.get_by_role("button", name="Ask for a dose").click()
        expect(page.locator(".answer.unknown")).to_contain_text("not known yet", timeout=WITHIN_MS)
        expect(page.locator(".answer.granted")).to_have_count(0)
        radio.heal()
        expect(page.locator(".answer.granted")).to_be_visible(timeout=WITHIN_MS)
    assert granted(running, name) == before + 1
    assert not asked.exists()


def test_a_handset_out_of_reach_of_its_pump_says_so_and_queues_nothing(running, patient, room):
    """The pump's process stands still, as a pump out of reach: the request is not kept for later."""
    name, page = "patient-controlled-morphine", patient.page
    room.enter(name)
    until_a_dose_is_possible(room)
    (pump,) = [pid for pid, told in processes_of(running.files_of(name).path) if b"patient_process" in b" ".join(told)]
    before = granted(running, name)
    patient.take_up(name)
    os.kill(pump, signal.SIGSTOP)
    try:
        page.get_by_role("button", name="Ask for a dose").click()
        expect(page.get_by_text("could not be reached").first).to_be_visible(timeout=WITHIN_MS)
    finally:
        os.kill(pump, signal.SIGCONT)
    expect(page.get_by_role("button", name="Ask for a dose")).to_be_visible(timeout=WITHIN_MS)
    expect(page.get_by_text("You can ask for a dose now.")).to_be_visible(timeout=WITHIN_MS)
    assert granted(running, name) == before
    assert not (running.data / "handsets" / f"{name}.pending").exists()
