"""A bridge bolus is given with a program, and what becomes of an unfinished one is decided before anything is sent."""

from __future__ import annotations

from dataclasses import replace

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
    Result,
    StagedUpdate,
    begin,
    confirm,
    from_document,
    read_bridge,
    review,
    stage,
    stop,
    to_document,
    unfinished,
)
from thecal.quantities import Duration, Volume
from thecal.therapy import Prescription, Stopped, Verdict

from ..therapy.given import continuous, morphine
from .bedside import Bedside
from .test_visit import HOUR, NURSE, confirmed, filled, updated

DAILY = continuous("2.4 mg/day")
WHOLE = BridgeDraft(None, Volume.parse("0.2 mL"), Duration.parse("10 h"))


def reviewed(bedside: Bedside, bridge: BridgeDraft | None, prescription: Prescription = DAILY):
    found = bedside.interrogated()
    return review(begin(found).with_prescription(prescription).with_bridge(bridge), found)


def staged(bedside: Bedside, bridge: BridgeDraft | None, prescription: Prescription = DAILY):
    found = bedside.interrogated()
    draft = begin(found).with_prescription(prescription).with_bridge(bridge)
    given = confirmed(review(draft, found).confirmations_needed)
    return bedside.drive(stage(bedside.session, draft, found, given))


def bridged() -> Bedside:
    """A bridge of 0.2 mL over 10 h has begun."""
    bedside = filled()
    update = staged(bedside, WHOLE)
    assert isinstance(update, StagedUpdate), update
    assert bedside.drive(confirm(bedside.session, update, NURSE)).result is Result.VERIFIED
    return bedside


def interrupted() -> Bedside:
    """The same, stopped after 4 h: 0.08 mL are given."""
    bedside = bridged()
    bedside.wait(4 * HOUR)
    assert bedside.drive(stop(bedside.session, bedside.interrogated(), NURSE)).result is Result.VERIFIED
    return bedside


def row(found):
    return next(each for each in found.rows if each.key == "bridge")


def findings(found):
    return {each.rule: each.verdict for each in found.findings if each.field == "bridge"}


def test_a_bridge_is_shown_sent_decoded_and_given_in_the_place_of_the_basal():
    bedside = filled()
    found = reviewed(bedside, WHOLE)
    assert (row(found).old_text, row(found).new_text) == ("none", "0.2 mL over 10 h, 0.48 mL/day")
    assert found.translation.program.once == OnceBolus(BolusKind.BRIDGE, 200_000, 10 * HOUR)
    update = staged(bedside, WHOLE)
    assert update.staged.once_volume_nl == 200_000
    assert from_document(to_document(update), StagedUpdate) == update
    assert bedside.drive(confirm(bedside.session, update, NURSE)).result is Result.VERIFIED
    bedside.wait(5 * HOUR)
    status = bedside.interrogated().report.status
    assert status.once.kind is BolusKind.BRIDGE
    assert Volume(99_000) < unfinished(status) < Volume(101_000)


def test_a_draft_that_does_not_speak_of_a_bridge_has_no_row_and_changes_nothing():
    bedside = filled()
    assert "bridge" not in {each.key for each in reviewed(bedside, None).rows}


@pytest.mark.parametrize("begun", [bridged, interrupted])
def test_an_unfinished_bridge_is_decided_before_anything_is_sent(begun):
    bedside = begun()
    left = unfinished(bedside.interrogated().report.status)
    assert left is not None
    for silent in (None, WHOLE):
        found = reviewed(bedside, silent)
        assert findings(found) == {"bridge-undecided": Verdict.REFUSE}
        assert f"{left.text_in('mL')} left" in row(found).old_text
        before = len(bedside.commands)
        assert isinstance(staged(bedside, silent), NotStaged)
        assert {type(each).__name__ for each in bedside.commands[before:]} == {"Interrogate"}


def test_continued_it_gives_exactly_what_the_pump_says_is_left():
    bedside = interrupted()
    left = bedside.interrogated().report.status.bridge_left_nl
    assert left == 120_000
    decision = BridgeDraft(BridgeLeft.CONTINUE, duration=Duration.parse("6 h"))
    assert row(reviewed(bedside, decision)).new_text == "continued, 0.12 mL over 6 h, 0.48 mL/day"
    update = staged(bedside, decision)
    report = bedside.drive(confirm(bedside.session, update, NURSE))
    assert report.result is Result.VERIFIED, report.words
    assert report.new.bridge_left is BridgeLeft.CONTINUE
    bedside.wait(7 * HOUR)
    assert unfinished(bedside.interrogated().report.status) is None


@pytest.mark.parametrize(
    ("decision", "words", "left_nl"),
    [
        (BridgeDraft(BridgeLeft.CANCEL), "give nothing more of it", None),
        (
            BridgeDraft(BridgeLeft.RESTART, Volume.parse("0.2 mL"), Duration.parse("10 h")),
            "given whole again, 0.2 mL over 10 h, 0.48 mL/day",
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
    still = Prescription(morphine(), Stopped())
    given_on = BridgeDraft(BridgeLeft.CONTINUE, duration=Duration.parse("6 h"))
    assert findings(reviewed(bedside, given_on, still)) == {"bridge-stopped": Verdict.REFUSE}
    update = staged(bedside, BridgeDraft(BridgeLeft.CANCEL), still)
    assert bedside.drive(confirm(bedside.session, update, NURSE)).result is Result.VERIFIED
    assert bedside.state.program.mode is Mode.STOPPED
    assert updated(bedside, DAILY).result is Result.VERIFIED


@pytest.mark.parametrize(
    ("begun", "bridge", "rule"),
    [
        (filled, BridgeDraft(BridgeLeft.CANCEL), "no-bridge"),
        (filled, replace(WHOLE, left=BridgeLeft.RESTART), "no-bridge"),
        (bridged, BridgeDraft(BridgeLeft.CONTINUE, duration=Duration.parse("6 h")), "bridge-runs"),
        (filled, replace(WHOLE, duration=Duration.parse("1 min")), "bridge-rate"),
        (filled, replace(WHOLE, volume=Volume(499)), "bridge-impossible"),
        (filled, replace(WHOLE, volume=Volume.parse("5.000001 mL")), "bridge-impossible"),
        (filled, replace(WHOLE, duration=Duration.parse("169 h")), "bridge-impossible"),
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
    assert findings(reviewed(filled(), replace(WHOLE, duration=Duration.parse("167 h")))) == {
        "bridge-long": Verdict.WARN
    }


FORM = PrescriptionForm("simple continuous", "2.4")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ({}, None),
        ({"bridge": "cancel", "bridge_volume": "nonsense"}, BridgeDraft(BridgeLeft.CANCEL)),
        ({"bridge": "begin", "bridge_volume": "0.2", "bridge_duration": "10"}, WHOLE),
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


INTERRUPTED, FILLED = interrupted(), filled()
BRIDGES = st.none() | st.builds(
    BridgeDraft,
    st.sampled_from([None, BridgeLeft.RESTART]),
    st.integers(1, 5_000_000).map(Volume),
    st.integers(60_000, 604_800_000).map(Duration),
)


@given(st.sampled_from([FILLED, INTERRUPTED]), BRIDGES)
def test_the_pump_takes_every_bridge_the_review_lets_through(bedside, bridge):
    found = reviewed(bedside, bridge)
    assert isinstance(staged(bedside, bridge), StagedUpdate if found.may_be_sent else NotStaged)
