"""A lost answer: it is written down before it is sent, nothing else goes out, and only the pump settles it."""

from __future__ import annotations

import pytest

from tests.web.bedside import Bedside, Link
from thecal.bench.channel import Fault
from thecal.device import Commit, LogKind, Mode, RecordRefill, Stage, StopInfusion
from thecal.telemetry import decode_request
from thecal.web.clinic import models


def commits(bedside: Bedside) -> int:
    """How many programs the pump has made its own."""
    assert bedside.wired.believes is not None
    return sum(entry.kind is LogKind.PROGRAM_COMMITTED for entry in bedside.wired.believes.log)


def test_a_command_is_in_the_database_before_its_bytes_leave(bedside: Bedside, monkeypatch: pytest.MonkeyPatch) -> None:
    """At every dosing request the row is there already, with the very id that is being sent."""
    seen: list[tuple[type, bool]] = []

    async def watched(link: Link, data: bytes) -> bytes | None:
        request = decode_request(data)
        if isinstance(request.command, Stage | Commit | StopInfusion | RecordRefill):
            rows = [bytes(row) async for row in models.PendingCommand.objects.values_list("packed", flat=True)]
            seen.append((type(request.command), any(request.command_id in row for row in rows)))
        return link.channel.exchange(data)

    monkeypatch.setattr(Link, "exchange", watched)
    bedside.program()
    bedside.post("stop/")
    assert seen == [(Stage, True), (Commit, True), (StopInfusion, True)]
    assert not models.PendingCommand.objects.exists()


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.REQUEST_LOST])
def test_a_lost_commit_is_unknown_until_the_pump_is_asked(bedside: Bedside, fault: Fault) -> None:
    """Verify, whether the request or its answer was lost:
    - the page says that it is not known, and every page of the patient does
    - no dosing command leaves before it is settled
    - asking the pump ends in exactly one effect, or none
    """
    bedside.interrogate()
    bedside.draft()
    bedside.post("review/")
    bedside.channel.disturb(None, fault)  # the pump tells its time; then the commit is struck
    page = bedside.post("confirm/")
    assert "It is not known whether the pump did it" in page
    assert "Not known: commit" in bedside.get()
    before = len(bedside.sent)
    bedside.draft()
    bedside.post("review/")
    assert not any(isinstance(decode_request(data).command, Stage) for data in bedside.sent[before:])
    settled = bedside.post("unknown/")
    if fault is Fault.ANSWER_LOST:
        assert "VERIFIED" in settled
        assert commits(bedside) == 1
    else:
        assert "NOT APPLIED" in settled
        assert commits(bedside) == 0
    assert not models.PendingCommand.objects.exists()
    assert "Not known" not in bedside.get()


def test_a_pump_that_does_not_answer_the_question_leaves_it_unknown(bedside: Bedside) -> None:
    bedside.interrogate()
    bedside.draft()
    bedside.post("review/")
    bedside.channel.disturb(None, Fault.ANSWER_LOST)
    bedside.post("confirm/")
    bedside.channel.disturb(Fault.ANSWER_LOST)
    assert "It is still not known" in bedside.post("unknown/")
    assert models.PendingCommand.objects.count() == 1
    assert "VERIFIED" in bedside.post("unknown/")


def test_a_lost_stop_is_settled_with_its_report(bedside: Bedside) -> None:
    bedside.program()
    bedside.channel.disturb(None, Fault.ANSWER_LOST)
    assert "It is not known" in bedside.post("stop/")
    assert "VERIFIED" in bedside.post("unknown/")
    assert bedside.wired.believes is not None
    assert bedside.wired.believes.program.mode is Mode.STOPPED


def test_a_lost_staging_is_settled_without_a_report(bedside: Bedside) -> None:
    bedside.interrogate()
    bedside.draft()
    bedside.channel.disturb(None, Fault.ANSWER_LOST)
    assert "It is not known" in bedside.post("review/")
    assert bedside.bench.leases == []
    assert "What the pump knows of it" in bedside.post("unknown/")
    assert models.SessionReport.objects.count() == 0
