"""A bridge bolus is given with a program, and what becomes of an unfinished one is decided before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thecal.device import BolusKind, BridgeLeft, Mode, OnceBolus
from thecal.programmer import (
    Acknowledged,
    BridgeDraft,
    FormRefused,
    NotStaged,
    PrescriptionForm,
    Refill,
    Result,
    StagedUpdate,
    begin,
    confirm,
    confirmations_needed,
    from_document,
    read_bridge,
    record_refill,
    review,
    review_refill,
    stage,
    stop,
    to_document,
    unfinished,
)
from thecal.quantities import Duration, Volume
from thecal.therapy import Prescription, Stopped, Verdict

from ..therapy.given import bolus, continuous, morphine
from .bedside import Bedside
from .test_visit import HOUR, NURSE, PROOF, confirmed, filled, updated

DAILY = continuous("2.4 mg/day", morphine("20 mg/mL"))
WHOLE = BridgeDraft(None, Volume.parse("0.2 mL"), Duration.parse("20 h"))


def reviewed(bedside: Bedside, bridge: BridgeDraft | None, prescription: Prescription = DAILY):
    found = bedside.interrogated()
    return review(begin(found, bedside.ran).with_prescription(prescription).with_bridge(bridge), found)


def staged(bedside: Bedside, bridge: BridgeDraft | None, prescription: Prescription = DAILY):
    found = bedside.interrogated()
    draft = begin(found, bedside.ran).with_prescription(prescription).with_bridge(bridge)
    given = confirmed(review(draft, found).confirmations_needed)
    return bedside.drive(stage(bedside.session, draft, found, given))


def refilled() -> Bedside:
    """2.4 mg/day of 10 mg/mL ran, 0.24 mL/day, until the pump was stopped and filled with 20 mg/mL."""
    bedside = filled()
    updated(bedside, continuous("2.4 mg/day"))
    bedside.ran = bedside.state.program
    bedside.drive(stop(bedside.session, bedside.interrogated(), NURSE))
    told = Refill(Volume.parse("20 mL"), Volume.parse("20 mL"), morphine("20 mg/mL"), recovered=PROOF)
    found = bedside.interrogated()
    given = confirmed(confirmations_needed(review_refill(told, found)))
    assert bedside.drive(record_refill(bedside.session, told, found, given, NURSE)).result is Result.VERIFIED
    return bedside


def bridged() -> Bedside:
    """A bridge of 0.2 mL over 20 h has begun: the flow of the old fluid."""
    bedside = refilled()
    update = staged(bedside, WHOLE)
    assert isinstance(update, StagedUpdate), update
    assert bedside.drive(confirm(bedside.session, update, NURSE)).result is Result.VERIFIED
    bedside.ran = bedside.state.program
    return bedside


def interrupted() -> Bedside:
    """The same, stopped after 4 h: 0.04 mL are given."""
    bedside = bridged()
    bedside.wait(4 * HOUR)
    assert bedside.drive(stop(bedside.session, bedside.interrogated(), NURSE)).result is Result.VERIFIED
    return bedside


def row(found):
    return next(each for each in found.rows if each.key == "bridge")


def findings(found):
    return {each.rule: each.verdict for each in found.findings if each.field == "bridge"}


def test_a_bridge_is_shown_sent_decoded_and_given_in_the_place_of_the_basal():
    bedside = refilled()
    found = reviewed(bedside, WHOLE)
    assert (row(found).old_text, row(found).new_text) == ("none", "0.2 mL over 20 h, 0.24 mL/day")
    assert found.translation.program.once == OnceBolus(BolusKind.BRIDGE, 200_000, 20 * HOUR)
    assert findings(found) == {}
    update = staged(bedside, WHOLE)
    assert update.staged.once_volume_nl == 200_000
    assert from_document(to_document(update), StagedUpdate) == update
    assert bedside.drive(confirm(bedside.session, update, NURSE)).result is Result.VERIFIED
    bedside.wait(10 * HOUR)
    status = bedside.interrogated().report.status
    assert status.once.kind is BolusKind.BRIDGE
    assert Volume(99_000) < unfinished(status) < Volume(101_000)


def test_a_draft_that_does_not_speak_of_a_bridge_has_no_row_and_changes_nothing():
    bedside = refilled()
    assert "bridge" not in {each.key for each in reviewed(bedside, None).rows}


@pytest.mark.parametrize("begun", [bridged, interrupted])
def test_an_unfinished_bridge_is_decided_before_anything_is_sent(begun):
    bedside = begun()
    left = unfinished(bedside.interrogated().report.status)
    assert left is not None
    for silent in (None, WHOLE):
        found = reviewed(bedside, silent)
        assert findings(found)["bridge-undecided"] is Verdict.REFUSE
        assert f"{left.text_in('mL')} left" in row(found).old_text
        before = len(bedside.commands)
        assert isinstance(staged(bedside, silent), NotStaged)
        assert {type(each).__name__ for each in bedside.commands[before:]} == {"Interrogate"}


def test_continued_it_gives_exactly_what_the_pump_says_is_left():
    bedside = interrupted()
    left = bedside.interrogated().report.status.bridge_left_nl
    assert left == 160_000
    decision = BridgeDraft(BridgeLeft.CONTINUE, duration=Duration.parse("16 h"))
    assert row(reviewed(bedside, decision)).new_text == "continued, 0.16 mL over 16 h, 0.24 mL/day"
    assert findings(reviewed(bedside, decision)) == {}
    update = staged(bedside, decision)
    report = bedside.drive(confirm(bedside.session, update, NURSE))
    assert report.result is Result.VERIFIED, report.words
    assert report.new.bridge_left is BridgeLeft.CONTINUE
    bedside.wait(17 * HOUR)
    assert unfinished(bedside.interrogated().report.status) is None


@pytest.mark.parametrize(
    ("decision", "words", "left_nl"),
    [
        (BridgeDraft(BridgeLeft.CANCEL), "give nothing more of it", None),
        (
            BridgeDraft(BridgeLeft.RESTART, Volume.parse("0.2 mL"), Duration.parse("20 h")),
            "given whole again, 0.2 mL over 20 h, 0.24 mL/day",
            200_000,
        ),
    ],
)
@pytest.mark.parametrize("begun", [bridged, interrupted])
def test_restarted_or_cancelled_it_is_acknowledged_and_done(begun, decision, words, left_nl):
    bedside = begun()
    found = reviewed(bedside, decision)
    assert row(found).new_text == words
    assert findings(found) == {"bridge-left": Verdict.WARN}
    update = staged(bedside, decision)
    assert any(isinstance(each, Acknowledged) and each.rule == "bridge-left" for each in update.confirmations)
    assert bedside.drive(confirm(bedside.session, update, NURSE)).result is Result.VERIFIED
    left = unfinished(bedside.interrogated().report.status)
    assert left == (None if left_nl is None else Volume(left_nl))


def test_stopped_for_good_an_unfinished_bridge_can_only_be_cancelled():
    bedside = interrupted()
    still = Prescription(morphine("20 mg/mL"), Stopped())
    given_on = BridgeDraft(BridgeLeft.CONTINUE, duration=Duration.parse("16 h"))
    assert findings(reviewed(bedside, given_on, still)) == {"bridge-stopped": Verdict.REFUSE}
    update = staged(bedside, BridgeDraft(BridgeLeft.CANCEL), still)
    assert bedside.drive(confirm(bedside.session, update, NURSE)).result is Result.VERIFIED
    assert bedside.state.program.mode is Mode.STOPPED
    assert updated(bedside, DAILY).result is Result.VERIFIED


@pytest.mark.parametrize(
    ("begun", "bridge", "rule"),
    [
        (refilled, BridgeDraft(BridgeLeft.CANCEL), "no-bridge"),
        (refilled, replace(WHOLE, left=BridgeLeft.RESTART), "no-bridge"),
        (bridged, BridgeDraft(BridgeLeft.CONTINUE, duration=Duration.parse("16 h")), "bridge-runs"),
        (refilled, replace(WHOLE, duration=Duration.parse("1 min")), "bridge-rate"),
        (refilled, replace(WHOLE, volume=Volume(499)), "bridge-impossible"),
        (refilled, replace(WHOLE, volume=Volume.parse("5.000001 mL")), "bridge-impossible"),
        (refilled, replace(WHOLE, duration=Duration.parse("169 h")), "bridge-impossible"),
    ],
)
def test_what_the_pump_would_refuse_is_refused_in_the_review(begun, bridge, rule):
    bedside = begun()
    found = reviewed(bedside, bridge)
    assert findings(found)[rule] is Verdict.REFUSE
    assert not found.may_be_sent
    assert found.translation.program.once is None
    assert isinstance(staged(bedside, bridge), NotStaged)


def test_a_bridge_of_days_is_asked_about():
    slow = replace(WHOLE, volume=Volume.parse("1.67 mL"), duration=Duration.parse("167 h"))
    assert findings(reviewed(refilled(), slow)) == {"bridge-long": Verdict.WARN}


@pytest.mark.parametrize(
    ("hours", "verdict"),
    [("20", None), ("19.1", None), ("18", Verdict.WARN), ("22", Verdict.WARN), ("9.9", Verdict.STOP)],
)
def test_a_bridge_at_another_flow_than_the_one_it_keeps_up_is_another_dose(hours, verdict):
    found = reviewed(refilled(), replace(WHOLE, duration=Duration.parse(f"{hours} h")))
    assert findings(found).get("bridge-flow") is verdict


def test_a_bridge_of_more_than_twice_the_flow_is_confirmed_apart_with_its_ratio():
    found = reviewed(refilled(), replace(WHOLE, duration=Duration.parse("8 h")))
    (needed,) = (each for each in found.confirmations_needed if each.rule == "bridge-flow")
    assert (needed.separate, needed.ratio) == (True, Fraction(5, 2))


def test_a_bridge_taken_up_again_is_held_against_its_own_flow_and_a_new_one_against_the_dose():
    """The bridge that ran gave 0.24 mL/day; the program after it 0.12 mL/day."""
    again = BridgeDraft(BridgeLeft.RESTART, Volume.parse("0.2 mL"), Duration.parse("40 h"))
    assert findings(reviewed(interrupted(), again))["bridge-flow"] is Verdict.WARN
    assert "bridge-flow" not in findings(reviewed(interrupted(), replace(again, duration=Duration.parse("20 h"))))


def test_a_patient_bolus_is_not_prescribed_with_a_bridge():
    found = reviewed(refilled(), WHOLE, replace(DAILY, patient_bolus=bolus()))
    assert any(each.rule == "bolus-during-bridge" for each in found.findings)
    assert not found.may_be_sent


def test_a_bridge_with_nothing_else_in_the_line_is_questioned():
    found = reviewed(filled(), WHOLE, continuous("2.4 mg/day"))
    assert findings(found) == {"bridge-wrong": Verdict.STOP}


FORM = PrescriptionForm("simple continuous", "2.4")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ({}, None),
        ({"bridge": "cancel", "bridge_volume": "nonsense"}, BridgeDraft(BridgeLeft.CANCEL)),
        ({"bridge": "begin", "bridge_volume": "0.2", "bridge_duration": "20"}, WHOLE),
        ({"bridge": "continue", "bridge_duration": "6"}, BridgeDraft(BridgeLeft.CONTINUE, None, Duration.parse("6 h"))),
    ],
)
def test_the_form_is_read_in_its_units(typed, read):
    assert read_bridge(replace(FORM, **typed)) == read


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"bridge": "begin"}, ["bridge volume", "bridge duration"]),
        ({"bridge": "restart", "bridge_volume": "0,2", "bridge_duration": "10"}, ["bridge volume"]),
        ({"bridge": "continue", "bridge_duration": "0"}, ["bridge duration"]),
        ({"bridge": "perhaps"}, ["bridge"]),
    ],
)
def test_every_field_of_the_form_that_is_wrong_is_named(typed, fields):
    refused = read_bridge(replace(FORM, **typed))
    assert isinstance(refused, FormRefused)
    assert [each.field for each in refused.refusals] == fields


INTERRUPTED, REFILLED = interrupted(), refilled()
BRIDGES = st.none() | st.builds(
    BridgeDraft,
    st.sampled_from([None, BridgeLeft.RESTART]),
    st.integers(1, 5_000_000).map(Volume),
    st.integers(60_000, 604_800_000).map(Duration),
)


@given(st.sampled_from([REFILLED, INTERRUPTED]), BRIDGES)
def test_the_pump_takes_every_bridge_the_review_lets_through(bedside, bridge):
    found = reviewed(bedside, bridge)
    assert isinstance(staged(bedside, bridge), StagedUpdate if found.may_be_sent else NotStaged)
