"""Plays the story on fresh data and keeps a picture of each screen: ``python -m tests.browser.screenshots``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import chromium
from tests.browser.conftest import OPTIONS, Clinic
from tests.browser.people import Clinician, Patient, Room
from tests.running import started

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
LARGEST_BYTES = 400_000
PATIENT = "new-implant"


def main() -> int:
    """Take the pictures; 1 where one is too large."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, started(Path(data) / "data") as thecal, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find_or_install(), args=OPTIONS)
        play(browser, Clinic(Path(data) / "data", thecal.ports, thecal.printed))
        browser.close()
        thecal.stop()
    sizes = {each.name: each.stat().st_size for each in sorted(FOLDER.glob("*.png"))}
    print("\n".join(f"{name:<14} {size // 1_000} kB" for name, size in sizes.items()))
    return int(any(size > LARGEST_BYTES for size in sizes.values()))


def play(browser: Browser, clinic: Clinic) -> None:
    """From the review to the dose the patient asked for."""
    clinician = Clinician(opened(browser, 1280, 960), clinic.site(0), clinic.password)
    patient = Patient(opened(browser, 390, 844), clinic.site(1))
    room = Room(opened(browser, 1280, 1150), clinic.site(2))
    clinician.reach_the_draft("Demo Patient Cedar")
    clinician.type_simple_continuous("2", "0.4")
    clinician.review()
    picture(clinician.page, "clinic")

    clinician.open("Demo Patient Juniper")
    clinician.interrogate()
    clinician.draft_simple_continuous("10", "2.4")
    clinician.draft_bolus("0.1", "10", "4", "4")
    clinician.review()
    clinician.accept_warnings()
    clinician.send()
    clinician.confirm()
    expect(clinician.verified()).to_be_visible()

    room.enter(PATIENT)
    room.advance("4 hours", 4)
    patient.take_up(PATIENT)
    patient.ask()
    expect(patient.page.locator("progress")).to_be_visible()
    picture(patient.page, "handset")
    room.pace("×60")
    room.page.wait_for_timeout(15_000)
    room.pace("×1")
    room.advance("1 hour", 1)
    room.page.wait_for_timeout(3_000)  # the charts are drawn anew every few seconds
    picture(room.page, "room")


def opened(browser: Browser, width: int, height: int) -> Page:
    """A page of this size."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(30_000)
    return page


def picture(page: Page, name: str) -> None:
    """What is seen without scrolling."""
    page.evaluate("document.activeElement?.blur()")
    page.mouse.move(0, 0)
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    sys.exit(main())
