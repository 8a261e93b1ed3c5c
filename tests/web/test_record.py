"""What the clinic's record tells the check: the patient's tolerance, and how long a stopped pump has given nothing."""

from __future__ import annotations

from tests.web.bedside import UNTOLD_TOLERANCE, Bedside
from thecal.web.clinic import models

HOUR_MS = 3_600_000


def _restart(bedside: Bedside, after_h: int) -> str:
    """Stop a running pump, wait, and review the dose that ran before."""
    bedside.post("record/", tolerance="tolerant")
    bedside.program(bolus=None)
    bedside.post("stop/")
    bedside.wired.advance(bedside.wired.at_ms + after_h * HOUR_MS)
    bedside.interrogate()
    return bedside.draft(bolus=None)


def test_a_tolerance_that_nobody_recorded_is_said_to_be_missing(bedside: Bedside) -> None:
    assert "not recorded" in bedside.get()
    bedside.interrogate()
    page = bedside.draft()
    assert "the tolerance of this patient is not stated" in page
    assert UNTOLD_TOLERANCE in page


def test_a_recorded_tolerance_answers_the_question(bedside: Bedside) -> None:
    page = bedside.post("record/", tolerance="tolerant")
    assert '<option value="tolerant" selected>' in page
    bedside.interrogate()
    page = bedside.draft()
    assert "is not stated" not in page
    assert "tolerant: used to opioids" in page
    assert "What the pump understood" in bedside.post("review/", ticked=[])
    assert "VERIFIED" in bedside.post("confirm/")


def test_a_patient_not_used_to_opioids_starts_within_what_is_printed_for_one(bedside: Bedside) -> None:
    bedside.post("record/", tolerance="naive")
    bedside.interrogate()
    assert "the highest printed start" in bedside.draft(daily_dose="2.4")
    assert "highest printed start" not in bedside.draft(daily_dose="0.2", bolus=None)


def test_only_a_listed_tolerance_is_kept(bedside: Bedside) -> None:
    bedside.post("record/", tolerance="naive")
    for told in ({"tolerance": "unbreakable"}, {}):
        bedside.post("record/", **told)
        assert models.Patient.objects.get().tolerance == "naive"
    bedside.post("record/", tolerance="")
    assert models.Patient.objects.get().tolerance == ""


def test_a_review_that_was_open_while_the_record_changed_sends_nothing(bedside: Bedside) -> None:
    bedside.post("record/", tolerance="tolerant")
    bedside.interrogate()
    bedside.draft()
    seen_first = bedside.at
    bedside.post("record/", tolerance="")
    before = len(bedside.sent)
    page = bedside.client.post(seen_first, follow=True).content.decode()
    assert "changed since this review was opened" in page
    assert "is not stated" in page
    assert len(bedside.sent) == before
    assert "Review of the draft that waits" in bedside.get()


def test_a_review_says_when_another_pump_answers_than_this_patient_has(bedside: Bedside) -> None:
    bedside.interrogate()
    assert "this patient&#x27;s record" not in bedside.draft()
    models.Patient.objects.update(serial="TH-0001")
    page = bedside.get("review/")
    assert "TH-0001" in page
    assert "This cannot be sent" in page


def test_a_restart_after_a_short_stop_needs_nobody_to_state_how_long_it_was(bedside: Bedside) -> None:
    page = _restart(bedside, after_h=3)
    assert "3 h, by the log of the pump" in page
    assert "is not stated" not in page
    assert "tolerance is lost" not in page
    assert "3 h, by the log of the pump" in bedside.get()


def test_a_restart_after_a_long_stop_is_refused_at_the_dose_that_ran_before(bedside: Bedside) -> None:
    page = _restart(bedside, after_h=72)
    assert "tolerance is lost" in page
    assert "This cannot be sent" in page
    assert "3 days, by the log of the pump" in page


def test_the_time_since_the_pump_was_last_read_counts(bedside: Bedside) -> None:
    _restart(bedside, after_h=3)
    bedside.wired.advance(bedside.wired.at_ms + 72 * HOUR_MS)
    assert "tolerance is lost" in bedside.get("review/")


def test_a_silence_the_log_does_not_prove_is_not_known(bedside: Bedside) -> None:
    bedside.program(bolus=None)
    bedside.wired.cut_power()
    bedside.wired.advance(bedside.wired.at_ms + 72 * HOUR_MS)
    bedside.wired.restore_power()
    bedside.post("stop/")
    bedside.interrogate()
    assert "not known" in bedside.get()
    assert "How long the patient has been without" in bedside.draft(bolus=None)
