"""From interrogation to a verified program, and everything that stands in the way of a wrong one."""

from __future__ import annotations

import re

import pytest

from tests.web.bedside import Bedside, enrolled, signed_in
from thecal.adapters.link.visit import PumpUnreachable
from thecal.bench.pending_store import BenchStore
from thecal.device import Mode, Role
from thecal.programmer import interrogate, stop
from thecal.telemetry import Session, carry_out
from thecal.web.clinic import models


def test_interrogation_shows_what_the_pump_says_and_keeps_it(bedside: Bedside) -> None:
    page = bedside.interrogate()
    for said in ("Stopped: no flow", "morphine 10 mg/mL", "18 mL", "Refill recorded", "REFILL_RECORDED"):
        assert said in page
    assert models.Interrogation.objects.get().pump_utc_ms == bedside.case.starts.epoch_ms
    assert bedside.bench.taken == 1
    assert bedside.bench.leases == []


def test_a_prescription_goes_through_review_and_the_pumps_own_decode_to_verified(bedside: Bedside) -> None:
    bedside.interrogate()
    review = bedside.draft()
    for said in ("Review: old and new", "0.24", "mL/day", "2.4", "2.8", "28 Jan 2027", "changed"):
        assert said in review
    decode = bedside.post("review/")
    assert "What the pump understood" in decode
    assert "Confirm within" in decode
    assert bedside.wired.believes is not None
    assert bedside.wired.believes.program.mode is Mode.STOPPED
    assert len(bedside.bench.leases) == 1  # a person is confirming: time stays at x1
    report = bedside.post("confirm/")
    assert "VERIFIED" in report
    assert "not a medical device" in report
    assert bedside.wired.believes.program.mode is Mode.SIMPLE_CONTINUOUS
    assert bedside.bench.leases == []
    assert models.SessionReport.objects.get().result == "applied and verified"
    assert "morphine 2.4 mg/day" in bedside.get()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"label_morphine": "20"}, "The label says 20 mg/mL, but the pump was told 10 mg/mL"),
        ({"label_morphine": ""}, "nothing is entered"),
        ({"daily_dose": ".5"}, "not accepted as a number"),
        ({"daily_dose": "2,4"}, "not accepted as a number"),
        ({"daily_dose": "0"}, "must be more than 0 mg/day"),
        ({"bolus_lockout": "0.1"}, "must be longer than the bolus lasts"),
        ({"bolus_maximum": "2.5"}, "type a whole number of boluses"),
        ({"mode": "backwards"}, "is not an infusion mode"),
        ({"mode": "flex", "background": "1"}, "flex needs at least one step"),
        ({"daily_dose": "400"}, "more flow than the pump can give"),
    ],
)
def test_an_entry_that_is_not_accepted_is_refused_in_one_line_at_its_field(
    bedside: Bedside, changed: dict[str, str], said: str
) -> None:
    bedside.interrogate()
    page = bedside.draft(**changed)
    assert said in page.replace("&#x27;", "'")
    assert "<h1>Draft</h1>" in page
    assert not models.Draft.objects.exists()
    assert "Draft</h1>" in bedside.get("review/")


def test_a_step_above_twice_the_dose_needs_a_second_confirmation_that_shows_the_ratio(bedside: Bedside) -> None:
    bedside.program(bolus=None, daily_dose="1")
    bedside.interrogate()
    review = bedside.draft(bolus=None, daily_dose="2.5")
    assert "STOP" in review
    assert "2.5 ×" in review
    second = bedside.post("review/")
    assert "<h1>Second confirmation</h1>" in second
    assert '<p class="huge"><span class="figure">2.5 ×</span></p>' in second
    assert "What the pump understood" not in bedside.get("confirm/")
    bedside.get("review/ratio/")
    forged = {"ratio|dose-step-up|24-hour dose of morphine": "2/1"}
    assert "<h1>Second confirmation</h1>" in bedside.submit("review/ratio/", forged)
    shown = {"ratio|dose-step-up|24-hour dose of morphine": "5/2"}
    decode = bedside.submit("review/ratio/", shown)
    assert "What the pump understood" in decode
    assert "VERIFIED" in bedside.post("confirm/")


def test_a_warning_is_acknowledged_before_anything_is_sent(bedside: Bedside) -> None:
    bedside.program(bolus=None, daily_dose="5")
    bedside.interrogate()
    review = bedside.draft(bolus=None, daily_dose="2")
    assert "WARN" in review
    before = len(bedside.sent)
    assert "Tick this before sending" in bedside.post("review/")
    assert len(bedside.sent) == before
    ticked = {"ticked": ["dose-step-down|24-hour dose of morphine"]}
    assert "What the pump understood" in bedside.submit("review/", ticked)


def test_what_is_refused_by_the_review_can_not_be_sent(bedside: Bedside) -> None:
    bedside.interrogate()
    review = bedside.draft(bolus=None, daily_dose="60")
    assert "REFUSE" in review
    assert "This cannot be sent" in review
    before = len(bedside.sent)
    bedside.post("review/")
    assert len(bedside.sent) == before


def test_a_program_that_changed_meanwhile_is_not_overwritten(bedside: Bedside) -> None:
    bedside.interrogate()
    bedside.draft()
    other = bedside.wired.channel(Role.PHYSICIAN)
    ids = iter(range(10_000, 20_000))
    session = Session(lambda: next(ids).to_bytes(16, "big"))
    found = carry_out(interrogate(session), other.exchange, BenchStore())
    bedside.program()
    carry_out(stop(session, found, "another"), other.exchange, BenchStore())
    page = bedside.post("review/")
    assert "changed since this draft was begun" in page or "Draft</h1>" in page
    assert bedside.wired.believes is not None
    assert bedside.wired.believes.program.mode is Mode.STOPPED


def test_a_confirmation_that_comes_too_late_changes_nothing(bedside: Bedside) -> None:
    bedside.interrogate()
    bedside.draft()
    bedside.post("review/")
    bedside.wired.advance(bedside.wired.at_ms + 121_000)
    assert "The time is over" in bedside.get("confirm/")
    assert "NOT APPLIED" in bedside.post("confirm/")
    assert bedside.wired.believes is not None
    assert bedside.wired.believes.program.mode is Mode.STOPPED


def test_a_program_not_confirmed_is_left_alone_and_time_runs_on(bedside: Bedside) -> None:
    bedside.interrogate()
    bedside.draft()
    bedside.post("review/")
    bedside.post("confirm/abandon/")
    assert bedside.bench.leases == []
    assert "What the pump understood" not in bedside.get("confirm/")


def test_stopping_asks_once_and_is_read_back(bedside: Bedside) -> None:
    bedside.program()
    assert "Stop the infusion?" in bedside.get("stop/")
    assert "VERIFIED" in bedside.post("stop/")
    assert bedside.wired.believes is not None
    assert bedside.wired.believes.program.mode is Mode.STOPPED


def test_a_restart_is_compared_with_the_program_that_last_gave_drug(bedside: Bedside) -> None:
    bedside.program(bolus=None, daily_dose="1")
    bedside.post("stop/")
    bedside.interrogate()
    assert "STOP" in bedside.draft(bolus=None, daily_dose="3")


def test_a_flex_day_is_typed_as_dose_and_span(bedside: Bedside) -> None:
    bedside.interrogate()
    steps = {"step_1_from": "06:00", "step_1_to": "10:00", "step_1_dose": "1", "step_1_every": "24"}
    page = bedside.draft(mode="flex", daily_dose=None, bolus=None, background="1.2", **steps)
    assert "06:00–10:00 1 mg" in page
    bedside.post("review/")
    assert "VERIFIED" in bedside.post("confirm/")
    assert bedside.wired.believes is not None
    assert bedside.wired.believes.program.mode is Mode.FLEX


def test_what_follows_is_answered_while_typing_and_needs_no_label(bedside: Bedside) -> None:
    bedside.interrogate()
    page = bedside.post("draft/derived/", mode="simple continuous", daily_dose="2.4")
    assert "0.24" in page
    assert "morphine 24-hour dose, achievable" in page
    assert "Complete the entries" in bedside.post("draft/derived/", mode="simple continuous", daily_dose="2.")


def test_a_pump_that_is_off_or_a_bench_that_moves_is_not_visited(bedside: Bedside) -> None:
    bedside.bench.on = False
    assert "The pump does not answer" in bedside.interrogate()
    bedside.bench.on, bedside.bench.refuses = True, "the simulation is moving to another time"
    assert "the simulation is moving" in bedside.interrogate()
    assert bedside.sent == []


def test_a_constant_flow_pump_is_never_programmed_and_the_page_says_why(bedside: Bedside) -> None:
    constant = enrolled("constant-flow-20")
    address = f"/patients/{constant.id}/"
    page = bedside.client.get(address).content.decode()
    for said in ("cannot be programmed", "no electronics", "0.5", "mL/day", "5.5", "2.75", "refill date"):
        assert said in page
    for what in ("draft/", "review/", "confirm/", "stop/", "refill/", "pump/"):
        assert bedside.client.get(address + what).status_code == 404
    assert bedside.client.post(address + "interrogate/").status_code == 404


def test_the_list_shows_every_patient_with_what_was_last_known(bedside: Bedside) -> None:
    enrolled("constant-flow-20")
    assert "not known" in bedside.client.get("/patients/").content.decode()
    bedside.program()
    page = bedside.client.get("/patients/").content.decode()
    for said in (
        "Demo Patient Juniper",
        "8 Aug 1969",
        "TH-0008",
        "morphine 2.4 mg/day",
        "Constant flow",
        "2.75 mg/day",
    ):
        assert said in page


def test_a_morning_dose_entered_as_every_hour_is_caught_as_24_times(
    bedside: Bedside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The published error: 60 microgram meant for once a day, repeated every hour."""
    hourly = Bedside(enrolled("baclofen-every-hour"), bedside.data)
    hourly.take_the_place_of_link_and_bench(monkeypatch)
    signed_in(hourly)
    hourly.interrogate()
    step = {"step_1_from": "06:00", "step_1_to": "07:00", "step_1_dose": "60", "step_1_every": "1"}
    typed = {"label_morphine": None, "label_baclofen": "500", "daily_dose": None, "bolus": None, "background": "0"}
    review = hourly.draft(mode="flex", **typed, **step)
    assert "STOP" in review
    assert "24 ×" in review
    assert "24 times a day" in review
    ticks = re.findall(r'name="ticked" form="send" value="([^"]+)"', review)
    assert "<h1>Second confirmation</h1>" in hourly.post("review/", ticked=ticks)


def test_a_visit_that_fails_gives_its_lease_back(bedside: Bedside, monkeypatch: pytest.MonkeyPatch) -> None:
    bedside.interrogate()
    bedside.draft()

    async def nobody(*_: object) -> None:
        raise PumpUnreachable("nothing can be reached")

    monkeypatch.setattr("thecal.web.clinic.bedside.open_visit", nobody)
    assert "nothing can be reached" in bedside.post("review/")
    assert bedside.bench.taken == 2
    assert bedside.bench.leases == []
