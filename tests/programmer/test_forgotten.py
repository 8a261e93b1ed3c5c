"""A command that the pump has forgotten: its report and its log are read; nothing is taken for known that is not."""

from __future__ import annotations

import pytest

from tests.programmer.bedside import Bedside
from tests.programmer.test_visit import NURSE, confirmed, continuous, filled, morphine, staged
from thecal.device import (
    COMMAND_LIFE_MS,
    AlarmTest,
    Done,
    Dosing,
    Library,
    LogKind,
    Mode,
    RecordRefill,
    Request,
    Role,
    SetAlarmIntervals,
    SetClock,
    SetLibrary,
    Staged,
    StopInfusion,
)
from thecal.programmer import (
    NotStaged,
    Refill,
    Result,
    confirm,
    confirmations_needed,
    record_refill,
    review_refill,
    settle,
    settle_refill,
    settle_stop,
    settle_update,
    stop,
)
from thecal.pump import Answered, CommandReceived, step
from thecal.quantities import Volume
from thecal.telemetry import PendingCommand, Unknown, change

COLLEAGUE = 2**64


def meanwhile(bedside: Bedside, command: Dosing, times: int = 1) -> None:
    """A colleague's programmer at the same pump."""
    for _ in range(times):
        bedside._ids += 1
        number = (COLLEAGUE + bedside._ids).to_bytes(16, "big")
        request = Request(number, bedside.state.tick_ms + COMMAND_LIFE_MS, command)
        after = step(bedside.state, CommandReceived(request, Role.PHYSICIAN), bedside.state.tick_ms)
        bedside.state = after.state
        (effect,) = (each for each in after.effects if isinstance(each, Answered))
        assert isinstance(effect.reply.answer, Done | Staged), effect


def much_later(bedside: Bedside) -> None:
    """More than 30 s and more than 64 commands later; stopping a stopped pump leaves nothing in its log."""
    bedside.wait(COMMAND_LIFE_MS + 1)
    meanwhile(bedside, StopInfusion(), times=64)
    bedside.wait(COMMAND_LIFE_MS + 1)
    meanwhile(bedside, StopInfusion())


@pytest.mark.parametrize(("lost", "result"), [("request", Result.NOT_APPLIED), ("reply", Result.NO_LONGER_KNOWN)])
def test_a_forgotten_commit_is_decided_by_the_log_or_left_to_a_person(lost, result):
    """Verify:
    - without a line in the log, and the log reaching back: not done
    - with one: not called done, though what runs is shown beside what was meant
    - either way the next draft may be sent
    """
    bedside = filled()
    update = staged(bedside, continuous("2.4 mg/day"))
    bedside.lose = {"Commit": lost}
    assert bedside.drive(confirm(bedside.session, update, NURSE)).result is Result.UNKNOWN
    much_later(bedside)
    report = bedside.drive(settle_update(bedside.session, update, NURSE))
    assert report.result is result
    assert bedside.stored is bedside.session.pending is None
    if lost == "reply":
        assert "can no longer act" in report.words
        assert report.read_back.mode is Mode.STOPPED
        assert not all(each.same for each in report.compared)
    assert not isinstance(staged(bedside, continuous("2 mg/day")), NotStaged)


def test_a_forgotten_refill_is_not_called_recorded_because_another_one_looks_the_same():
    """The colleague records the very same refill in the same half minute: volume and fluid agree, and prove nothing."""
    bedside = filled()
    told = Refill(Volume(0), Volume.parse("20 mL"), morphine(), recovered=Volume.parse("5 mL"))
    found = bedside.interrogated()
    bedside.lose = {"RecordRefill": "request"}
    given = confirmed(confirmations_needed(review_refill(told, found)))
    assert bedside.drive(record_refill(bedside.session, told, found, given, NURSE)).result is Result.UNKNOWN
    components = tuple(each.in_counts() for each in told.components)
    meanwhile(bedside, RecordRefill(told.filled.count, components))
    much_later(bedside)
    report = bedside.drive(settle_refill(bedside.session, told, found, given, NURSE))
    assert all(each.same for each in report.compared)
    assert report.result is Result.NO_LONGER_KNOWN


def test_a_refill_recorded_after_the_deadline_is_not_taken_for_the_forgotten_one():
    bedside = filled()
    told = Refill(Volume(0), Volume.parse("20 mL"), morphine(), recovered=Volume.parse("5 mL"))
    found = bedside.interrogated()
    bedside.lose = {"RecordRefill": "request"}
    given = confirmed(confirmations_needed(review_refill(told, found)))
    assert bedside.drive(record_refill(bedside.session, told, found, given, NURSE)).result is Result.UNKNOWN
    bedside.wait(COMMAND_LIFE_MS + 1)
    components = tuple(each.in_counts() for each in told.components)
    meanwhile(bedside, RecordRefill(told.filled.count, components))
    much_later(bedside)
    assert bedside.drive(settle_refill(bedside.session, told, found, given, NURSE)).result is Result.NOT_APPLIED


def test_a_log_that_does_not_reach_back_proves_nothing():
    """200 lines later the first line of the log is younger than the command."""
    bedside = filled()
    update = staged(bedside, continuous("2.4 mg/day"))
    bedside.lose = {"Commit": "request"}
    assert bedside.drive(confirm(bedside.session, update, NURSE)).result is Result.UNKNOWN
    components = tuple(each.in_counts() for each in morphine())
    for _ in range(4):
        bedside.wait(COMMAND_LIFE_MS + 1)
        meanwhile(bedside, RecordRefill(10_000_000, components), times=60)
    report = bedside.drive(settle_update(bedside.session, update, NURSE))
    assert LogKind.PROGRAM_COMMITTED not in [entry.kind for entry in bedside.state.log]
    assert report.result is Result.NO_LONGER_KNOWN


def test_a_forgotten_command_stays_unknown_while_the_pump_cannot_be_interrogated():
    bedside = filled()
    found = bedside.interrogated()
    bedside.lose = {"StopInfusion": "request"}
    assert bedside.drive(stop(bedside.session, found, NURSE)).result is Result.UNKNOWN
    much_later(bedside)
    bedside.lose = {"Interrogate": "reply"}
    report = bedside.drive(settle_stop(bedside.session, found, NURSE))
    assert report.result is Result.UNKNOWN
    assert report.pending_id == bedside.stored.command_id
    assert isinstance(bedside.stored, PendingCommand)
    assert bedside.drive(settle_stop(bedside.session, found, NURSE)).result is Result.NOT_APPLIED


@pytest.mark.parametrize(("lost", "result"), [("request", Result.NOT_APPLIED), ("reply", Result.NO_LONGER_KNOWN)])
def test_a_visit_without_the_context_settles_it_by_the_same_rule(lost, result):
    bedside = filled()
    update = staged(bedside, continuous("2.4 mg/day"))
    bedside.lose = {"Commit": lost}
    assert bedside.drive(confirm(bedside.session, update, NURSE)).result is Result.UNKNOWN
    much_later(bedside)
    bedside.lose = {"Interrogate": "reply"}
    assert bedside.drive(settle(bedside.session)).result is Result.UNKNOWN
    settled = bedside.drive(settle(bedside.session))
    assert (settled.kind, settled.result) == ("commit", result)
    assert bedside.stored is None


@pytest.mark.parametrize(("lost", "result"), [("request", Result.NOT_APPLIED), ("reply", Result.NO_LONGER_KNOWN)])
@pytest.mark.parametrize(
    "command",
    [
        SetClock(1_795_500_000_000, 120),
        SetLibrary(Library("demo 3", ())),
        AlarmTest(critical=True),
        SetAlarmIntervals(900_000, 7_200_000),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_forgotten_setting_is_decided_by_the_log_or_left_to_a_person(command, lost, result):
    bedside = filled()
    bedside.lose = {type(command).__name__: lost}
    assert isinstance(bedside.drive(change(bedside.session, command)), Unknown)
    much_later(bedside)
    assert bedside.drive(settle(bedside.session)).result is result
    assert bedside.stored is bedside.session.pending is None
