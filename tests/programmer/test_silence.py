"""How long a stopped pump has given nothing is read from its log, and from nothing less."""

from __future__ import annotations

from dataclasses import replace

import pytest

from thecal.device import LogKind, Mode
from thecal.programmer import Acknowledged, Interrogated, Result, begin, confirm, review, silence, stage, stop
from thecal.quantities import Duration

from ..therapy.given import continuous
from .test_visit import HOUR, NURSE, filled


def programmed(bedside, prescription):
    """The prescription runs, and the pump is read again."""
    found = bedside.interrogated()
    draft = begin(found).with_prescription(prescription)
    needed = review(draft, found).confirmations_needed
    given = tuple(Acknowledged(each.rule, each.field, NURSE) for each in needed)
    update = bedside.drive(stage(bedside.session, draft, found, given))
    assert bedside.drive(confirm(bedside.session, update, NURSE)).result is Result.VERIFIED
    return bedside.interrogated()


@pytest.fixture
def stopped():
    """A pump that ran for an hour and was stopped three hours ago: as it was found running, and as it is now."""
    bedside = filled()
    infused = programmed(bedside, continuous("1 mg/day"))
    bedside.wait(HOUR)
    bedside.drive(stop(bedside.session, infused, NURSE))
    bedside.wait(3 * HOUR)
    return infused, bedside.interrogated()


def with_lines(found: Interrogated, *kinds: LogKind, after: Interrogated) -> Interrogated:
    """The same pump with other lines in its log after those that ``after`` holds, an hour apart, the last one now."""
    begins, last = after.report.log, after.report.log[-1]
    lines = tuple(
        last._replace(sequence=last.sequence + number, tick_ms=found.tick_ms - (len(kinds) - number) * HOUR, kind=kind)
        for number, kind in enumerate(kinds, start=1)
    )
    return replace(found, report=replace(found.report, log=(*begins, *lines)))


def test_it_counts_from_the_stop_to_the_interrogation(stopped):
    infused, found = stopped
    known = silence(found, infused)
    assert known is not None
    assert Duration(3 * HOUR) <= known < Duration(3 * HOUR + 1_000)


def test_a_pump_that_runs_has_no_silence(stopped):
    infused, found = stopped
    assert silence(infused, infused) is None
    still = replace(found, report=replace(found.report, program=replace(found.report.program, mode=Mode.MINIMUM_RATE)))
    assert silence(still, infused) is None


def test_a_pump_that_was_never_seen_to_run_proves_nothing(stopped):
    assert silence(stopped[1], None) is None


STOP, COMMIT = LogKind.INFUSION_STOPPED, LogKind.PROGRAM_COMMITTED


@pytest.mark.parametrize(
    ("lines", "hours"),
    [
        ((STOP, LogKind.REFILL_RECORDED, LogKind.LOW_RESERVOIR), 2),
        ((LogKind.BOLUS_GRANTED, LogKind.BOLUS_COMPLETED, STOP, LogKind.BOLUS_REFUSED), 1),
        ((COMMIT, LogKind.REFILL_RECORDED), 1),  # a program that stops the pump, since it is stopped
        ((STOP, LogKind.POWER_RESTORED), 1),  # stopped before, stopped after
        ((STOP, LogKind.EMPTY_RESERVOIR), 1),
        ((STOP, LogKind.STOPPED, LogKind.ALARM_SILENCED, LogKind.STOPPED_TOO_LONG), 3),
        ((STOP, LogKind.PROGRAM_STARTED), None),
        ((STOP, LogKind.BOLUS_STARTED), None),
        ((LogKind.MOTOR_STALL, LogKind.MOTOR_RECOVERED, STOP), None),
        ((STOP, COMMIT), None),  # who knows what ran, and how long
        ((COMMIT, STOP), None),
        ((STOP, LogKind.MEMORY_FAULT), None),
        ((LogKind.POWER_RESTORED, STOP), None),
        ((LogKind.EMPTY_RESERVOIR, STOP), None),
        ((LogKind.MEMORY_FAULT, STOP), None),
        ((LogKind.REFILL_RECORDED,), None),  # nothing says when it stopped
        ((), None),
    ],
)
def test_the_lines_after_the_program_that_ran_decide(stopped, lines, hours):
    infused, found = stopped
    known = silence(with_lines(found, *lines, after=infused), infused)
    assert known == (None if hours is None else Duration(hours * HOUR))


def test_lines_that_are_missing_prove_nothing(stopped):
    infused, found = stopped
    told = with_lines(found, LogKind.BOLUS_GRANTED, LogKind.BOLUS_COMPLETED, STOP, after=infused)
    late = replace(told, report=replace(told.report, log=told.report.log[-1:]))
    assert silence(told, infused) == Duration(0)
    assert silence(late, infused) is None
    without = replace(infused, report=replace(infused.report, log=infused.report.log[:1]))
    assert silence(replace(told, report=replace(told.report, log=told.report.log[-3:])), without) is None
