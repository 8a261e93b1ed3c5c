"""A visit against a real pump: draft, review, confirm, commit, read back; and every way it can go otherwise."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from thecal.device import LogKind, Mode
from thecal.programmer import (
    Acknowledged,
    Act,
    DocumentRefused,
    NotRecorded,
    NotStaged,
    Refill,
    Result,
    SeparatelyConfirmed,
    SessionReport,
    StagedUpdate,
    begin,
    confirm,
    confirmations_needed,
    fits,
    from_document,
    interrogate,
    interrogated,
    record_refill,
    review,
    review_refill,
    settle,
    settle_refill,
    settle_stop,
    settle_update,
    stage,
    stop,
    to_document,
    verify,
)
from thecal.pump import numbers_of
from thecal.quantities import Volume
from thecal.telemetry import PendingCommand, Session

from ..therapy.given import baclofen, bolus, continuous, morning_dose, morphine
from .bedside import BEGINS, Bedside

NURSE = "Demo Nurse Rowan"
HOUR = 3_600_000
PROOF = Volume.parse("5 mL")


def filled(fluid=None, volume="20 mL"):
    bedside = Bedside()
    told = Refill(Volume(0), Volume.parse(volume), morphine() if fluid is None else fluid, recovered=PROOF)
    report = bedside.drive(record_refill(bedside.session, told, bedside.interrogated(), (), NURSE))
    assert report.result is Result.VERIFIED, report.words
    return bedside


def confirmed(needed):
    return tuple(
        SeparatelyConfirmed(each.rule, each.field, NURSE, each.ratio)
        if each.separate
        else Acknowledged(each.rule, each.field, NURSE, "discussed")
        for each in needed
    )


def staged(bedside, prescription, given=None):
    found = bedside.interrogated()
    draft = begin(found).with_prescription(prescription)
    given = confirmed(review(draft, found).confirmations_needed) if given is None else given
    return bedside.drive(stage(bedside.session, draft, found, given))


def updated(bedside, prescription):
    update = staged(bedside, prescription)
    assert isinstance(update, StagedUpdate), update
    return bedside.drive(confirm(bedside.session, update, NURSE))


def test_a_new_pump_is_filled_programmed_and_verified():
    bedside = filled()
    report = updated(bedside, continuous("2.4 mg/day", bolus=bolus()))
    assert (report.act, report.result, report.by) == (Act.UPDATE, Result.VERIFIED, NURSE)
    assert report.new == report.read_back == bedside.state.program
    assert report.old.mode is Mode.STOPPED
    assert all(compared.same for compared in report.compared)
    assert report.rows
    assert bedside.stored is None


def test_the_time_of_a_record_is_the_pumps_not_the_servers():
    bedside = filled()
    bedside.wait(5 * HOUR)
    report = updated(bedside, continuous("2.4 mg/day"))
    assert report.at.epoch_ms == BEGINS.epoch_ms + bedside.state.committed_tick_ms


def test_an_edit_is_a_new_draft_and_the_old_one_stays():
    bedside = filled()
    first = begin(bedside.interrogated())
    second = first.with_prescription(continuous("2.4 mg/day")).with_bolus(bolus())
    third = second.with_low_reservoir(Volume.parse("3 mL")).with_regimen(continuous("3 mg/day").regimen)
    assert first.prescription.patient_bolus is None
    assert third.prescription.patient_bolus == bolus()
    stopped = third.with_regimen(first.prescription.regimen)
    assert stopped.prescription.patient_bolus is None
    assert stopped.prescription.low_reservoir == Volume.parse("3 mL")


def test_a_step_to_more_than_twice_the_dose_is_not_sent_without_its_separate_confirmation():
    bedside = filled()
    updated(bedside, continuous("1 mg/day"))
    before = bedside.state.program
    refused = staged(bedside, continuous("2.4 mg/day"), given=())
    assert isinstance(refused, NotStaged)
    (needed,) = refused.missing
    wrong = (
        Acknowledged(needed.rule, needed.field, NURSE),
        SeparatelyConfirmed(needed.rule, needed.field, NURSE, needed.ratio + 1),
    )
    assert staged(bedside, continuous("2.4 mg/day"), given=wrong).missing == (needed,)
    assert (bedside.state.program, bedside.state.staged) == (before, None)
    right = (SeparatelyConfirmed(needed.rule, needed.field, NURSE, needed.ratio),)
    update = staged(bedside, continuous("2.4 mg/day"), given=right)
    assert bedside.drive(confirm(bedside.session, update, NURSE)).confirmations == right


def test_the_published_24_fold_error_never_reaches_the_pump_unseen():
    bedside = filled(baclofen())
    updated(bedside, morning_dose())
    refused = staged(bedside, morning_dose(every_h=1), given=())
    assert {each.ratio for each in refused.missing if each.separate} == {24}


def test_a_plan_the_review_refuses_is_never_sent():
    bedside = filled()
    refused = staged(bedside, continuous("51 mg/day"))
    assert isinstance(refused, NotStaged)
    assert bedside.state.staged is None


def test_a_decode_that_differs_is_never_committed():
    bedside = filled()
    right = staged(bedside, continuous("2.4 mg/day")).staged.program
    bedside.lies = replace(right, low_reservoir_nl=right.low_reservoir_nl + 1)
    refused = staged(bedside, continuous("2.4 mg/day"))
    assert isinstance(refused, NotStaged)
    assert [compared.field for compared in refused.compared if not compared.same] == ["low reservoir nl"]
    assert bedside.state.program.mode is Mode.STOPPED


def test_a_draft_based_on_an_older_program_is_not_sent():
    bedside = filled()
    old = begin(bedside.interrogated())
    updated(bedside, continuous("2.4 mg/day"))
    found = bedside.interrogated()
    assert "changed" in fits(old, found)
    assert isinstance(bedside.drive(stage(bedside.session, old, found, ())), NotStaged)


def test_the_pump_itself_refuses_a_draft_that_another_visit_overtook():
    bedside = filled()
    found = bedside.interrogated()
    draft = begin(found).with_prescription(continuous("2.4 mg/day"))
    given = confirmed(review(draft, found).confirmations_needed)
    updated(bedside, continuous("2 mg/day"))
    refused = bedside.drive(stage(bedside.session, draft, found, given))
    assert "changed" in refused.words


def test_a_confirmation_after_two_minutes_changes_nothing():
    bedside = filled()
    update = staged(bedside, continuous("2.4 mg/day"))
    assert update.confirm_by_tick_ms == update.staged_tick_ms + 120_000
    bedside.wait(120_001)
    report = bedside.drive(confirm(bedside.session, update, NURSE))
    assert report.result is Result.NOT_APPLIED
    assert "too late" in report.words


@pytest.mark.parametrize(("lost", "result"), [("request", Result.NOT_APPLIED), ("reply", Result.VERIFIED)])
def test_a_lost_commit_is_unknown_blocks_everything_and_is_settled_by_asking(lost, result):
    bedside = filled()
    update = staged(bedside, continuous("2.4 mg/day"))
    bedside.lose = {"Commit": lost}
    report = bedside.drive(confirm(bedside.session, update, NURSE))
    assert report.result is Result.UNKNOWN
    assert report.pending_id == bedside.stored.command_id
    assert isinstance(staged(bedside, continuous("2 mg/day")), NotStaged)
    settled = bedside.drive(settle_update(bedside.session, update, NURSE))
    assert settled.result is result
    assert (bedside.state.program.mode is Mode.SIMPLE_CONTINUOUS) == (result is Result.VERIFIED)
    assert bedside.stored is None


def test_a_commit_is_never_sent_twice_by_settling():
    bedside = filled()
    update = staged(bedside, continuous("2.4 mg/day"))
    bedside.lose = {"Commit": "reply"}
    bedside.drive(confirm(bedside.session, update, NURSE))
    bedside.drive(settle_update(bedside.session, update, NURSE))
    assert [entry.kind for entry in bedside.state.log].count(LogKind.PROGRAM_COMMITTED) == 1


def test_an_update_that_cannot_be_read_back_is_not_called_verified():
    bedside = filled()
    update = staged(bedside, continuous("2.4 mg/day"))
    bedside.lose = {"Interrogate": "reply"}
    report = bedside.drive(confirm(bedside.session, update, NURSE))
    assert report.result is Result.NOT_VERIFIED
    again = bedside.drive(verify(bedside.session, update, NURSE, bedside.state.committed_tick_ms))
    assert again.result is Result.VERIFIED


def test_a_pump_that_runs_something_else_after_the_update_is_said_to_differ():
    """The commit took effect, but before the read-back the card in the patient's pocket stopped the pump."""
    bedside = filled()
    update = staged(bedside, continuous("2.4 mg/day"))

    def stopped_by_someone_else():
        other = replace(bedside.state.program, mode=Mode.STOPPED, steps=(), stated_daily_dose_ng=(0,))
        numbers = numbers_of(bedside.state.identity.descriptor, other)
        bedside.state = bedside.state._replace(program=other, numbers=numbers)

    bedside.before = {"Interrogate": stopped_by_someone_else}
    report = bedside.drive(confirm(bedside.session, update, NURSE))
    assert report.result is Result.NOT_VERIFIED
    assert {"mode", "steps", "hash"} <= {each.field for each in report.compared if not each.same}
    assert report.read_back.mode is Mode.STOPPED


def test_a_lost_answer_to_staging_blocks_until_it_is_settled():
    bedside = filled()
    bedside.lose = {"Stage": "reply"}
    refused = staged(bedside, continuous("2.4 mg/day"))
    assert refused.pending == bedside.stored
    assert bedside.drive(settle(bedside.session)).kind == "stage"
    assert isinstance(staged(bedside, continuous("2.4 mg/day")), StagedUpdate)


def test_a_pending_command_survives_the_programmer_and_is_settled_by_the_next():
    bedside = filled()
    update = staged(bedside, continuous("2.4 mg/day"))
    bedside.lose = {"Commit": "reply"}
    bedside.drive(confirm(bedside.session, update, NURSE))
    kept = json.dumps(to_document(bedside.stored))
    bedside.session = Session(bedside._new_id, from_document(json.loads(kept), PendingCommand))
    settled = bedside.drive(settle(bedside.session))
    assert (settled.kind, settled.result) == ("commit", Result.NOT_VERIFIED)


def test_an_unreachable_pump_is_told_as_nothing_sent():
    bedside = filled()
    update = staged(bedside, continuous("2.4 mg/day"))
    bedside.lose = {"ReadStatus": "request"}
    report = bedside.drive(confirm(bedside.session, update, NURSE))
    assert (report.result, bedside.stored) == (Result.NOT_APPLIED, None)
    assert "nothing was sent" in report.words


def test_stop_stops_and_is_read_back_and_restart_is_compared_with_what_ran():
    bedside = filled()
    running = updated(bedside, continuous("1 mg/day")).new
    report = bedside.drive(stop(bedside.session, bedside.interrogated(), NURSE))
    assert (report.act, report.result) == (Act.STOP, Result.VERIFIED)
    assert bedside.state.program.mode is Mode.STOPPED
    found = bedside.interrogated()
    draft = begin(found, last_infusing=running).with_prescription(continuous("2.4 mg/day"))
    assert str(review(draft, found).ratio) == "12/5"


def test_stop_is_not_in_the_way_of_an_unresolved_command_and_can_be_settled_itself():
    bedside = filled()
    updated(bedside, continuous("1 mg/day"))
    update = staged(bedside, continuous("1.2 mg/day"))
    bedside.lose = {"Commit": "reply"}
    bedside.drive(confirm(bedside.session, update, NURSE))
    bedside.lose = {"StopInfusion": "reply"}
    found = bedside.interrogated()
    assert bedside.drive(stop(bedside.session, found, NURSE)).result is Result.UNKNOWN
    assert bedside.drive(settle_stop(bedside.session, found, NURSE)).result is Result.VERIFIED


def test_a_refill_that_differs_needs_an_acknowledgement_and_is_read_back():
    bedside = filled()
    updated(bedside, continuous("2.4 mg/day"))
    bedside.wait(50 * 24 * HOUR)
    found = bedside.interrogated()
    assert found.report.status.reservoir_nl == pytest.approx(8_000_000, abs=1_000)
    told = Refill(Volume.parse("5 mL"), Volume.parse("20 mL"), morphine(), recovered=PROOF)
    refused = bedside.drive(record_refill(bedside.session, told, found, (), NURSE))
    assert isinstance(refused, NotRecorded)
    given = confirmed(confirmations_needed(review_refill(told, found)))
    bedside.lose = {"RecordRefill": "reply"}
    assert bedside.drive(record_refill(bedside.session, told, found, given, NURSE)).result is Result.UNKNOWN
    report = bedside.drive(settle_refill(bedside.session, told, found, given, NURSE))
    assert (report.act, report.result, report.refill) == (Act.REFILL, Result.VERIFIED, told)
    assert bedside.state.reservoir.filled_nl == 20_000_000


def test_a_fill_larger_than_the_reservoir_is_not_sent():
    bedside = filled()
    told = Refill(Volume.parse("20 mL"), Volume.parse("40 mL"), morphine(), recovered=PROOF)
    assert isinstance(
        bedside.drive(record_refill(bedside.session, told, bedside.interrogated(), (), NURSE)), NotRecorded
    )


def test_a_report_that_contradicts_itself_may_not_be_programmed_from():
    bedside = filled()
    sound = bedside.interrogated()
    broken = interrogated(replace(sound.report, program_hash=bytes(32)), sound.tick_ms)
    assert sound.problem is None
    assert "contradicts" in broken.problem
    draft = begin(sound).with_prescription(continuous("2.4 mg/day"))
    assert isinstance(bedside.drive(stage(bedside.session, draft, broken, ())), NotStaged)


def test_a_pump_that_does_not_answer_is_unreadable_in_words():
    bedside = Bedside()
    bedside.lose = {"Interrogate": "request"}
    assert "did not answer" in bedside.drive(interrogate(bedside.session)).words


def test_every_value_of_a_visit_survives_storage_as_a_document():
    bedside = filled()
    report = updated(bedside, continuous("1 mg/day"))
    update = staged(bedside, continuous("2.4 mg/day", bolus=bolus("0.123 mg")))
    found = bedside.interrogated()
    told = Refill(Volume.parse("5 mL"), Volume.parse("20 mL"), morphine(), recovered=PROOF)
    values = [report, update, update.draft, found, update.review, review_refill(told, found), *update.confirmations]
    values.append(staged(bedside, continuous("2.4 mg/day"), given=()))
    for value in values:
        stored = json.dumps(to_document(value))
        assert from_document(json.loads(stored), type(value)) == value
    assert isinstance(from_document(to_document(report), SessionReport), SessionReport)


def test_a_refill_stored_before_injected_and_drawn_back_were_asked_for_still_reads():
    told = Refill(Volume.parse("5 mL"), Volume.parse("20 mL"), morphine())
    written = to_document(told)
    del written["injected"], written["recovered"]
    assert from_document(written, Refill) == told
    for spoiled in ({**written, "proof": None}, {key: each for key, each in written.items() if key != "filled"}):
        with pytest.raises(DocumentRefused, match=r"missing or unknown field (proof|filled)"):
            from_document(spoiled, Refill)


def test_a_refill_without_proof_of_place_is_not_told_before_somebody_acknowledges_it():
    bedside = filled()
    found, told = bedside.interrogated(), Refill(Volume.parse("19.1 mL"), Volume.parse("20 mL"), morphine())
    refused = bedside.drive(record_refill(bedside.session, told, found, (), NURSE))
    assert [each.rule for each in refused.missing] == ["place-unproven"]
    given = confirmed(refused.missing)
    assert bedside.drive(record_refill(bedside.session, told, found, given, NURSE)).result is Result.VERIFIED
    proven = replace(told, injected=Volume.parse("19 mL"), recovered=PROOF)
    report = bedside.drive(record_refill(bedside.session, proven, bedside.interrogated(), (), NURSE))
    assert (report.result, report.refill) == (Result.VERIFIED, proven)
