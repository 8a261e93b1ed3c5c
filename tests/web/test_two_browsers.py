"""Two people, or one impatient one, at the same pump: what was seen is what is sent, and once."""

from __future__ import annotations

import asyncio
from typing import Any

from asgiref.sync import async_to_sync
from django.test import AsyncClient

from tests.web.bedside import Bedside
from thecal.device import Commit
from thecal.telemetry import decode_request
from thecal.web.clinic import models


def _commits(bedside: Bedside) -> int:
    return sum(isinstance(decode_request(sent).command, Commit) for sent in bedside.sent)


def _daily_dose_ng(bedside: Bedside) -> tuple[int, ...]:
    assert bedside.wired.believes is not None
    return bedside.wired.believes.program.stated_daily_dose_ng


def test_a_review_that_was_open_while_another_drafted_sends_nothing(bedside: Bedside) -> None:
    bedside.interrogate()
    bedside.draft(daily_dose="2.4")
    seen_first = bedside.at
    bedside.draft(daily_dose="0.5")
    before = len(bedside.sent)
    page = bedside.client.post(seen_first, follow=True).content.decode()
    assert "changed since this review was opened" in page
    assert "Review: old and new" in page
    assert len(bedside.sent) == before
    assert "What the pump understood" in bedside.post("review/")


def test_a_second_confirmation_holds_for_the_draft_it_was_asked_for(bedside: Bedside) -> None:
    bedside.program(bolus=None, daily_dose="1")
    bedside.interrogate()
    bedside.draft(bolus=None, daily_dose="2.5")
    bedside.post("review/")
    seen_first = bedside.at
    bedside.draft(bolus=None, daily_dose="25")
    before = len(bedside.sent)
    shown = {"ratio|dose-step-up|24-hour dose of morphine": "5/2"}
    assert "changed since" in bedside.client.post(seen_first, shown, follow=True).content.decode()
    assert len(bedside.sent) == before


def test_only_the_decode_that_was_on_the_page_can_be_confirmed(bedside: Bedside) -> None:
    bedside.interrogate()
    bedside.draft(daily_dose="0.5")
    bedside.post("review/")
    seen_first = bedside.at
    bedside.draft(daily_dose="2.4")
    bedside.post("review/")
    page = bedside.client.post(seen_first, follow=True).content.decode()
    assert "What the pump understood" in page
    assert _commits(bedside) == 0
    assert "VERIFIED" in bedside.post("confirm/")
    assert _daily_dose_ng(bedside) == (2_400_000,)


def test_confirming_twice_at_once_has_one_effect_and_one_report(bedside: Bedside) -> None:
    bedside.interrogate()
    bedside.draft()
    bedside.post("review/")

    async def twice() -> list[str]:
        clients = [AsyncClient(), AsyncClient()]
        for client in clients:
            client.cookies = bedside.client.cookies
        answers = await asyncio.gather(*(client.post(bedside.at, follow=True) for client in clients))
        return [answer.content.decode() for answer in answers]

    pages = async_to_sync(twice)()
    assert ["VERIFIED" in page for page in pages] == [True, True]
    assert _commits(bedside) == 1
    assert [report.result for report in models.SessionReport.objects.all()] == ["applied and verified"]


class _Turn(asyncio.Lock):
    """The turn at a pump, which says when somebody has to wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.waited_for = asyncio.Event()

    async def acquire(self) -> bool:
        if self.locked():
            self.waited_for.set()
        return await super().acquire()


def test_a_confirmation_that_comes_while_the_first_is_at_the_pump_waits_for_its_report(bedside: Bedside) -> None:
    bedside.interrogate()
    bedside.draft()
    bedside.post("review/")
    second: list[asyncio.Task[Any]] = []

    async def a_second_confirmation(request: bytes) -> None:
        """As the first one commits, it has claimed its program already. The second answers, or waits for its turn."""
        if second or not isinstance(decode_request(request).command, Commit):
            return
        client = AsyncClient()
        client.cookies = bedside.client.cookies
        second.append(asyncio.ensure_future(client.post(bedside.at, follow=True)))
        waiting = asyncio.ensure_future(turn.waited_for.wait())
        await asyncio.wait({second[0], waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()

    async def first() -> list[str]:
        client = AsyncClient()
        client.cookies = bedside.client.cookies
        answers = [await client.post(bedside.at, follow=True), await second[0]]
        return [answer.content.decode() for answer in answers]

    turn = bedside.turns[bedside.case.id] = _Turn()
    bedside.before_sending = a_second_confirmation
    pages = async_to_sync(first)()
    assert ["VERIFIED" in page for page in pages] == [True, True]
    assert _commits(bedside) == 1
    assert models.SessionReport.objects.count() == 1


def test_a_confirmation_of_an_abandoned_program_never_shows_an_older_report(bedside: Bedside) -> None:
    """Not even one about the very same program, sent before."""
    for dose in ("2.4", "1.5"):
        bedside.program(daily_dose=dose)
    bedside.wired.advance(bedside.wired.at_ms + 60_000)
    bedside.interrogate()
    bedside.draft(daily_dose="2.4")
    bedside.post("review/")
    confirm_page = bedside.at
    bedside.client.post(bedside.page("confirm/abandon/"))
    before = len(bedside.sent)
    page = bedside.client.post(confirm_page, follow=True).content.decode()
    assert "Review: old and new" in page
    assert len(bedside.sent) == before


def test_a_report_is_not_shown_to_who_confirmed_another_program(bedside: Bedside) -> None:
    bedside.interrogate()
    bedside.draft(daily_dose="0.5")
    bedside.post("review/")
    seen_first = bedside.at
    bedside.program(daily_dose="2.4")
    assert "VERIFIED" not in bedside.client.post(seen_first, follow=True).content.decode()


def test_going_back_after_the_update_and_confirming_again_sends_nothing(bedside: Bedside) -> None:
    bedside.interrogate()
    bedside.draft()
    bedside.post("review/")
    confirm_page = bedside.at
    assert "VERIFIED" in bedside.post("confirm/")
    before = len(bedside.sent)
    bedside.client.post(confirm_page, follow=True)
    assert len(bedside.sent) == before
    assert models.SessionReport.objects.count() == 1
