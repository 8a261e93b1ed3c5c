"""What is in force beside the program, and soft limits that a person accepts one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from thecal import telemetry
from thecal.device import (
    Alarm,
    BolusKind,
    Commit,
    FlexStep,
    Limited,
    Mode,
    OnceStatus,
    PeriodicBolus,
    Program,
    SoftLimit,
    Staged,
    Waiting,
    head_of,
)
from thecal.programmer import (
    Acknowledged,
    Result,
    StagedUpdate,
    acknowledgements_needed,
    begin,
    confirm,
    from_document,
    interrogated,
    review,
    soft_limit_words,
    stage,
    stop,
    to_document,
)
from thecal.programmer.comparison import compare_read_back
from thecal.quantities import Instant
from thecal.telemetry import Applied
from thecal.therapy import Review

from ..therapy.given import continuous
from .bedside import Bedside
from .test_visit import HOUR, NURSE, filled, staged, updated

DAILY = SoftLimit("morphine", Limited.DAILY_DOSE, 2_400_000, 2_000_000)
STEP = SoftLimit("morphine", Limited.STEP_UP, 140, 100)


def running() -> Bedside:
    bedside = filled()
    updated(bedside, continuous("2.4 mg/day"))
    return bedside


def written(bedside: Bedside, program: Program):
    """Staged and committed as it is, past the prescriptions of this programmer."""
    decoded = bedside.drive(telemetry.stage(bedside.session, program, bedside.interrogated().report.program_hash))
    assert isinstance(decoded, Staged), decoded
    return bedside.drive(telemetry.commit(bedside.session, decoded.staged_hash))


def told(bedside: Bedside, **changed):
    found = bedside.interrogated()
    return replace(found, report=replace(found.report, status=replace(found.report.status, **changed)))


def test_a_pump_that_just_runs_its_program_has_nothing_else_in_force_and_says_that_it_has_no_library():
    found = running().interrogated()
    assert found.notices() == ()
    assert {fact.key: fact.text for fact in found.facts()}["library"].startswith("none")
    named = told(running(), library_version="demo 3")
    assert {fact.key: fact.text for fact in named.facts()}["library"] == "demo 3"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            {"once": OnceStatus(BolusKind.BRIDGE, 200_000, 50_000, 3 * HOUR)},
            "Bridge bolus runs in the place of the basal flow: 0.05 mL of 0.2 mL given, ends in 3 h.",
        ),
        ({"bridge_left_nl": 150_000}, "A bridge bolus was interrupted, 0.15 mL of it is left. The next program must"),
        (
            {"waiting": Waiting(b"h" * 32, Instant.parse("2026-11-24T05:00:00Z").epoch_ms)},
            "A program waits: it begins 24 Nov 2026, 06:00.",
        ),
        (
            {"overrides": (DAILY,)},
            "Soft limit passed, acknowledged: morphine daily dose 2.4 mg/day, soft limit 2 mg/day.",
        ),
        ({"silenced": (Alarm.LOW_RESERVOIR, Alarm.STOPPED)}, "Silenced, and still standing: low reservoir, pump"),
    ],
)
def test_what_is_in_force_beside_the_program_is_told_with_its_figures(changed, says):
    (notice,) = told(running(), **changed).notices()
    assert notice.startswith(says)


def test_a_periodic_bolus_and_days_that_differ_are_told():
    bedside = running()
    program = replace(
        bedside.state.program,
        mode=Mode.PERIODIC_BOLUS,
        periodic=PeriodicBolus(10_000, 10 * 60_000, 4 * HOUR),
        volume_limit_nl_per_24h=2_000_000,
        stated_daily_dose_ng=(3_000_000,),  # 2.4 mg and six boluses of 0.1 mg
    )
    assert isinstance(written(bedside, program), Applied)
    assert bedside.interrogated().notices() == (
        "Periodic bolus: 0.01 mL over 10 min every 4 h, counted in doses and dates.",
        "Periodic boluses cannot be prescribed here: a draft begins as one constant flow of the same 24-hour dose.",
    )
    bedside.wait(HOUR)
    weekdays, weekend = 0b001_1111, 0b110_0000
    steps = tuple(FlexStep(0, program.steps[0].rate_nl_per_day, days) for days in (weekdays, weekend))
    flex = replace(program, mode=Mode.FLEX, periodic=None, steps=steps, stated_daily_dose_ng=(2_400_000,))
    assert isinstance(written(bedside, flex), Applied)
    told_of, cannot = bedside.interrogated().notices()
    assert "differs by the day of the week" in told_of
    assert cannot.startswith("Days that differ cannot be prescribed here")


@pytest.mark.parametrize("weekly", [False, True])
def test_a_pump_that_runs_what_no_draft_can_say_is_interrogated_changed_and_stopped(weekly):
    bedside = running()
    program = bedside.state.program
    if weekly:
        steps = tuple(FlexStep(0, rate, days) for days, rate in ((0b001_1111, 200_000), (0b110_0000, 300_000)))
        changed = {"mode": Mode.FLEX, "steps": steps, "stated_daily_dose_ng": (3_000_000,)}
    else:
        bolus = PeriodicBolus(10_000, 10 * 60_000, 4 * HOUR)
        changed = {"mode": Mode.PERIODIC_BOLUS, "periodic": bolus, "stated_daily_dose_ng": (3_000_000,)}
    assert isinstance(written(bedside, replace(program, volume_limit_nl_per_24h=2_000_000, **changed)), Applied)
    found = bedside.interrogated()
    facts = {fact.key: fact.text for fact in found.facts()}
    assert facts["dose"] == facts["greatest"] == "morphine 3 mg/day"
    assert facts["refill-date"] != "none: nothing flows"
    kept = to_document(review(begin(found), found))
    assert from_document(kept, Review) == review(begin(found), found)
    assert bedside.drive(stop(bedside.session, found, NURSE)).result is Result.VERIFIED
    report = updated(bedside, continuous("2.4 mg/day"))
    assert report.result is Result.VERIFIED, report.words


def test_a_program_that_waits_is_read_back_as_the_one_that_waits():
    bedside = running()
    later = replace(bedside.state.program, low_reservoir_nl=3_000_000, begins_utc_ms=bedside.state.utc_ms + HOUR)
    assert isinstance(written(bedside, later), Applied)
    report = bedside.interrogated().report
    assert all(each.same for each in compare_read_back(later, report))
    assert not all(each.same for each in compare_read_back(replace(later, begins_utc_ms=None), report))
    bedside.wait(HOUR)
    assert all(each.same for each in compare_read_back(later, bedside.interrogated().report))


@pytest.mark.parametrize(
    ("passed", "says"),
    [
        (STEP, "morphine step up 140 %, soft limit 100 %"),
        (
            SoftLimit("morphine", Limited.CONCENTRATION, 25_000_000, 20_000_000),
            "morphine concentration 25 mg/mL, soft limit 20 mg/mL",
        ),
        (SoftLimit("baclofen", Limited.BOLUS_DOSE, 50_000, 25_000), "baclofen bolus dose 50 microgram, soft limit 25"),
        (SoftLimit("ours-7", Limited.BOLUS_DOSE, 1_500_000, 1_000_000), "ours-7 bolus dose 1.5 mg, soft limit 1 mg"),
    ],
)
def test_a_soft_limit_is_told_in_the_units_of_its_drug(passed, says):
    assert soft_limit_words(passed).startswith(says)


@pytest.mark.parametrize("altered", ["changed", "left out", "added"])
def test_a_log_that_was_tampered_with_is_seen_and_nothing_is_programmed(altered):
    bedside = running()
    found = bedside.interrogated()
    log = found.report.log
    bent = {
        "changed": (log[0]._replace(utc_ms=log[0].utc_ms + 1), *log[1:]),
        "left out": (log[0], *log[2:]),
        "added": (*log, log[-1]._replace(sequence=log[-1].sequence + 1)),
    }[altered]
    assert head_of(found.report.log_before, log) == found.report.status.log_head
    broken = interrogated(replace(found.report, log=bent), found.tick_ms)
    assert "log does not match its own seal" in broken.problem
    draft = begin(found).with_prescription(continuous("2.5 mg/day"))
    before = bedside.state.program
    refused = bedside.drive(stage(bedside.session, draft, broken, ()))
    assert refused.words == broken.problem
    assert (bedside.state.program, bedside.state.staged) == (before, None)


def passing(bedside: Bedside) -> StagedUpdate:
    """A staging in which the pump named two soft limits."""
    update = staged(bedside, continuous("2.4 mg/day"))
    assert isinstance(update, StagedUpdate)
    return replace(update, staged=replace(update.staged, soft_limits=(DAILY, STEP)))


def accepted(*passed: SoftLimit) -> tuple[Acknowledged, ...]:
    return tuple(Acknowledged(each.rule, each.field, NURSE, "seen") for each in acknowledgements_needed(passed))


def test_nothing_is_committed_while_one_soft_limit_is_not_accepted():
    bedside = filled()
    before = bedside.state.program
    update = passing(bedside).acknowledged(accepted(DAILY))
    assert [each.field for each in update.still_needed] == [soft_limit_words(STEP)]
    report = bedside.drive(confirm(bedside.session, update, NURSE))
    assert report.result is Result.NOT_APPLIED
    assert soft_limit_words(STEP) in report.words
    assert (bedside.state.program, bedside.stored) == (before, None)


def test_one_accepted_at_another_value_does_not_count():
    update = passing(filled()).acknowledged(accepted(replace(DAILY, value=2_300_000), STEP))
    assert [each.field for each in update.still_needed] == [soft_limit_words(DAILY)]


def test_what_was_accepted_goes_to_the_pump_with_the_commit_and_stands_in_the_report():
    bedside = filled()
    update = passing(bedside).acknowledged(accepted(DAILY, STEP))
    assert update.still_needed == ()
    report = bedside.drive(confirm(bedside.session, update, NURSE))
    (commit,) = [each for each in bedside.commands if isinstance(each, Commit)]
    assert commit.acknowledged == (DAILY, STEP)
    assert report.confirmations[-2:] == accepted(DAILY, STEP)
    assert from_document(to_document(update), StagedUpdate) == update


def test_a_program_names_the_library_of_the_pump_it_was_reviewed_against():
    bedside = filled()
    found = told(bedside, library_version="demo 3")
    draft = begin(found).with_prescription(continuous("2.4 mg/day"))
    assert review(draft, found).translation.program.library_version == "demo 3"
    assert review(draft, bedside.interrogated()).translation.program.library_version is None
