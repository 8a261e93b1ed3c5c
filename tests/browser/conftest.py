"""One running Thecal and one Chromium for the tests in a browser."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.people import Clinician, Patient, Room
from tests.running import started
from thecal.run.data_folder import DataFolder, PatientFolder

# Chromium as root in a container has no sandbox; the others keep it from calling home.
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
# The sites answer so when a person is to look again; the browser notes it as if something were broken.
WANTED = tuple(f"the server responded with a status of {status}" for status in (422, 503))


@dataclass(frozen=True)
class Clinic:
    """A running ``thecal up``: its data folder, the ports of its sites and what it printed."""

    data: Path
    ports: tuple[int, int, int]
    printed: str

    @property
    def password(self) -> str:
        """Of the demonstration clinician."""
        return self.printed.split("with the password ")[1].split()[0]

    def site(self, number: int) -> str:
        """Address of the clinic (0), the handsets (1) or the room (2)."""
        return f"http://127.0.0.1:{self.ports[number]}"

    def files_of(self, patient: str) -> PatientFolder:
        """Memory and truth of one patient."""
        return PatientFolder(DataFolder(self.data).patients / patient)


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    """A freshly seeded clinic, started by the real command. Every test has patients of its own in it."""
    data = tmp_path_factory.mktemp("story") / "data"
    with started(data) as thecal:
        yield Clinic(data, thecal.ports, thecal.printed)
        thecal.stop()


@pytest.fixture(scope="session")
def browser(chromium_path):
    """Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture
def complaints():
    """What the pages' consoles complained about; every test ends with it empty."""
    heard: list[str] = []
    yield heard
    assert heard == []


def _page(browser, complaints, **options):
    page = browser.new_page(**options)
    page.set_default_timeout(15_000)

    def heard(said):
        if said.type in ("error", "warning") and not any(words in said.text for words in WANTED):
            complaints.append(f"{page.url}: {said.text}")

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


@pytest.fixture
def clinician(running, browser, complaints):
    """Somebody at the physician programmer."""
    page = _page(browser, complaints, viewport={"width": 1280, "height": 900})
    yield Clinician(page, running.site(0), running.password)
    page.close()


@pytest.fixture
def patient(running, browser, complaints):
    """Somebody with a handset."""
    page = _page(browser, complaints, viewport={"width": 390, "height": 844})
    yield Patient(page, running.site(1))
    page.close()


@pytest.fixture
def room(running, browser, complaints):
    """Somebody who sees the truth."""
    page = _page(browser, complaints, viewport={"width": 1280, "height": 900})
    yield Room(page, running.site(2))
    page.close()
