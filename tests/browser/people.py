"""What people do at the three sites, by the words they see there."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from playwright.sync_api import Locator, Page, expect

JUMP_WITHIN_MS = 60_000


@dataclass
class Clinician:
    """At the physician programmer."""

    page: Page
    site: str
    password: str

    def sign_in(self) -> None:
        self.page.goto(f"{self.site}/")
        self.page.get_by_role("link", name="Sign in to the clinic").click()
        self.page.get_by_label("User name").fill("clinician")
        self.page.get_by_label("Password").fill(self.password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", name="Patients")).to_be_visible()

    def open(self, name: str) -> None:
        self.page.goto(f"{self.site}/patients/")
        self.page.get_by_role("link", name=name).click()

    def interrogate(self) -> None:
        self.page.get_by_role("button", name=re.compile("Interrogate")).first.click()
        expect(self.page.get_by_role("heading", name="What the pump says")).to_be_visible()

    def draft_simple_continuous(self, label: str, dose: str) -> None:
        """Start a draft: the concentration as the label says it, and the 24-hour dose."""
        self.page.get_by_role("link", name="Change the therapy").click()
        self.type_simple_continuous(label, dose)

    def reach_the_draft(self, name: str) -> None:
        """Sign in, interrogate and open the draft of one patient."""
        self.sign_in()
        self.open(name)
        self.interrogate()
        self.page.get_by_role("link", name="Change the therapy").click()

    def type_simple_continuous(self, label: str, dose: str) -> None:
        self.page.get_by_label("Simple continuous").check()
        self.page.get_by_label("concentration on the label").fill(label)
        self.page.get_by_label("24-hour dose").fill(dose)

    def draft_bolus(self, dose: str, minutes: str, lockout_h: str, allotted: str) -> None:
        self.page.get_by_label("The patient may ask for a dose").check()
        for field, typed in (("dose", dose), ("duration", minutes), ("lockout", lockout_h), ("maximum", allotted)):
            self.page.locator(f"input[name=bolus-{field}]").fill(typed)

    def review(self) -> None:
        self.page.get_by_role("button", name="Go to the review").click()
        expect(self.page.get_by_role("heading", name="Review: old and new")).to_be_visible()

    def row(self, label: str) -> list[str]:
        """Old, new and unit of a row of the review, as shown."""
        row = self.page.get_by_role("row").filter(has=self.page.get_by_role("rowheader", name=label, exact=True))
        return [cell.strip() for cell in row.get_by_role("cell").all_inner_texts()[:3]]

    def findings(self, word: str) -> Locator:
        """What the page says with this verdict: REFUSE, STOP, WARN, INFO."""
        return self.page.locator(".note", has=self.page.locator(".word", has_text=re.compile(f"^{word}$")))

    def accept_warnings(self) -> None:
        for box in self.page.get_by_label("I have read this and accept it").all():
            box.check()

    def go_to_the_second_confirmation(self) -> None:
        self.page.get_by_role("button", name="Go to the second confirmation").click()
        expect(self.page.get_by_role("heading", name="Second confirmation")).to_be_visible()

    def send(self) -> None:
        self.page.get_by_role("button", name="Send to the pump for confirmation").click()
        expect(self.page.get_by_role("heading", name="What the pump understood")).to_be_visible()

    def confirm(self) -> None:
        self.page.get_by_role("button", name="Confirm and update the pump").click()

    def verified(self) -> Locator:
        return self.page.get_by_text("VERIFIED", exact=True)


@dataclass
class Patient:
    """With a handset."""

    page: Page
    site: str

    def take_up(self, patient: str) -> None:
        self.page.goto(f"{self.site}/{patient}/")

    def ask(self) -> str:
        """Press the one button; what the handset answered."""
        with self.page.expect_request_finished(lambda request: request.redirected_from is not None):
            self.page.get_by_role("button", name="Ask for a dose").click()
        answer = self.page.locator(".answer-words")
        expect(answer).to_be_visible()
        return answer.inner_text()

    def countdown_s(self) -> int:
        """What the countdown shows now, in seconds."""
        total = 0
        for part in self.page.locator(".digits").inner_text().split(":"):
            total = total * 60 + int(part)
        return total


@dataclass
class Room:
    """Who sees the truth, and moves time."""

    page: Page
    site: str

    def enter(self, patient: str) -> None:
        self.page.goto(f"{self.site}/{patient}/")

    def advance(self, words: str, hours: int) -> None:
        """Move everybody ahead, and wait until they are there."""
        button = self.page.get_by_role("button", name=words, exact=True)
        expect(button).to_be_enabled(timeout=JUMP_WITHIN_MS)
        there = self.time() + timedelta(hours=hours)
        button.click()
        until_s = time.monotonic() + JUMP_WITHIN_MS / 1_000
        while self.time() < there or not button.is_visible():
            assert time.monotonic() < until_s, f"only {self.time()} was reached"
            self.page.wait_for_timeout(100)

    def time(self) -> datetime:
        """The simulated time shown, to the minute."""
        return datetime.strptime(self.page.locator(".now strong").first.inner_text(), "%d %b %Y, %H:%M")

    def pair(self, label: str) -> tuple[str, str]:
        """Truth and belief of one line."""
        row = self.page.get_by_role("row").filter(has=self.page.get_by_role("rowheader", name=label, exact=True))
        truth, belief = row.get_by_role("cell").all_inner_texts()
        return truth.strip(), belief.strip()

    def pace(self, words: str) -> None:
        """How fast bench time runs."""
        self.page.get_by_role("button", name=words, exact=True).click()
        expect(self.page.locator(".now .pace")).to_have_text(words)

    def cut_power(self) -> None:
        self.page.get_by_role("button", name="Cut the pump’s power").click()

    def heat_map(self) -> list[int]:
        """Brightness of the heat map at the tip's row, one number per painted column, as the canvas shows it."""
        expect(self.page.locator(".uplot canvas").first).to_be_visible()
        return self.page.evaluate(
            """() => {
              const canvas = document.querySelector('.uplot canvas');
              const ctx = canvas.getContext('2d');
              const row = Math.floor(canvas.height * 0.45);
              const data = ctx.getImageData(0, row, canvas.width, 1).data;
              return Array.from({length: canvas.width}, (_, x) => data[4*x] + data[4*x+1] + data[4*x+2]);
            }"""
        )
