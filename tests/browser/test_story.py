"""The whole story, as people live it: from an empty program to relief, through a refusal and a loss of power."""

from __future__ import annotations

import os
import re
import signal
import time

import pytest
from playwright.sync_api import expect

from tests.running import processes_of
from thecal.adapters.memory_file import read_banks
from thecal.implant import replay
from thecal.run.data_folder import DataFolder, PatientFolder

pytestmark = pytest.mark.browser
NEW_IMPLANT = "new-implant"
BOLUS_STROKES = 20  # 0.1 mg of 10 mg/mL in strokes of 0.5 microlitre


def test_a_patient_is_treated_from_programming_to_relief(running, clinician, patient, room):
    clinician.sign_in()
    clinician.open("Demo Patient Juniper")
    clinician.interrogate()
    clinician.draft_simple_continuous("10", "2.4")
    clinician.draft_bolus("0.1", "10", "4", "4")
    clinician.review()
    assert clinician.row("infusion mode")[:2] == ["stopped", "simple continuous"]
    assert clinician.row("morphine 24-hour dose, achievable") == ["–", "2.4", "mg/day"]
    assert clinician.row("daily volume, basal") == ["0", "0.24", "mL/day"]
    assert clinician.row("boluses possible in any 24 h")[1] == "4"
    clinician.accept_warnings()  # nobody told whether this patient is used to opioids
    clinician.send()
    clinician.confirm()
    expect(clinician.verified()).to_be_visible()

    patient.take_up(NEW_IMPLANT)
    answer = patient.ask()
    assert "After a clinic visit your pump waits" in answer
    first = patient.countdown_s()
    assert 3 * 3600 + 55 * 60 < first <= 4 * 3600
    patient.page.wait_for_function("was => document.querySelector('.digits').innerText !== was", arg=_shown(patient))
    assert patient.countdown_s() < first

    room.enter(NEW_IMPLANT)
    painted = room.heat_map()
    room.advance("4 hours", 4)
    patient.page.reload()
    assert "Your dose has started." in patient.ask()
    expect(patient.page.locator("progress")).to_be_visible()
    expect(patient.page.get_by_text("3 of 4 doses left within 24 hours")).to_be_visible()
    expect(room.page.get_by_role("row", name=re.compile("Last patient bolus .*granted"))).to_be_visible()
    assert room.heat_map() != painted, "the heat map shows what four hours brought"

    folder = PatientFolder(DataFolder(running.data).patients / NEW_IMPLANT)
    room.pace("×60")
    wait_until(lambda: 3 <= bolus_strokes(folder) < BOLUS_STROKES - 3)
    kill_the_process_of(folder)
    room.pace("×1")
    room.advance("1 hour", 1)

    state = replay(read_banks(folder.memory)).state
    assert state.program.mode.value == "simple continuous", "therapy runs on"
    assert state.bolus_strokes_total == BOLUS_STROKES, "the bolus was given whole, and once"
    assert state.strokes_total - strokes_that_left(folder) in (0, 1), "never one over, at most one under"
    assert [entry.kind.value for entry in state.log[-3:]] == [
        "patient bolus granted",
        "power restored",
        "bolus completed",
    ]
    patient.page.reload()
    assert "next dose possible" in patient.page.locator(".count-words").inner_text(), "the lockout was not shortened"
    assert patient.countdown_s() > 2 * 3600 + 50 * 60
    expect(patient.page.get_by_text("3 of 4 doses left within 24 hours")).to_be_visible()
    truth, belief = room.pair("Strokes")
    assert int(re.sub(r"\D", "", belief)) - int(re.sub(r"\D", "", truth)) in (0, 1)


def _shown(patient) -> str:
    return patient.page.locator(".digits").inner_text()


def bolus_strokes(folder) -> int:
    """Bolus strokes the pump has recorded so far."""
    return replay(read_banks(folder.memory)).state.bolus_strokes_total


def strokes_that_left(folder) -> int:
    """Strokes that truly left the pump: one line each in the record of the truth."""
    return sum(line.startswith("S ") for line in folder.truth.read_text().splitlines())


def kill_the_process_of(folder) -> None:
    """SIGKILL, as a loss of power."""
    patients = [pid for pid, told in processes_of(folder.path) if b"thecal.run.patient_process" in b" ".join(told)]
    assert len(patients) == 1
    os.kill(patients[0], signal.SIGKILL)


def wait_until(holds, within_s: float = 60.0) -> None:
    """Look again until it holds."""
    until_s = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < until_s, "it did not come to hold in time"
        time.sleep(0.05)
