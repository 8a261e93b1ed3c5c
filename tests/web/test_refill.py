"""A refill is two acts; this is the one the programmer is told."""

from __future__ import annotations

from tests.web.bedside import Bedside
from thecal.bench.channel import Fault
from thecal.web.clinic import models

TOLD = {"withdrawn": "18", "filled": "18", "drug": "morphine", "concentration": "10"}


def test_a_refill_that_agrees_is_reviewed_and_told(bedside: Bedside) -> None:
    bedside.interrogate()
    assert "expected in the reservoir" in bedside.get("refill/")
    assert "Review of the refill" in bedside.post("refill/", **TOLD)
    assert "VERIFIED" in bedside.post("refill/", **TOLD, send="1")
    assert models.SessionReport.objects.get().act == "refill"


def test_volumes_that_differ_must_be_acknowledged(bedside: Bedside) -> None:
    bedside.interrogate()
    told = TOLD | {"withdrawn": "12"}
    page = bedside.post("refill/", **told, send="1")
    assert "Less fluid came out than expected" in page
    assert "Tick this before sending" in page
    ticked = ["volume-differs|withdrawn volume"]
    assert "VERIFIED" in bedside.post("refill/", **told, send="1", ticked=ticked)


def test_another_concentration_needs_its_own_confirmation_with_the_ratio(bedside: Bedside) -> None:
    bedside.interrogate()
    told = TOLD | {"concentration": "25"}
    ticked = ["fluid-change|fluid"]
    page = bedside.post("refill/", **told, send="1", ticked=ticked)
    assert "2.5 ×" in page
    assert models.SessionReport.objects.count() == 0
    confirmed = told | {"send": "1", "ticked": ticked, "ratio|concentration-step|concentration of morphine": "5/2"}
    page = bedside.client.post(bedside.page("refill/"), confirmed, follow=True).content.decode()
    assert "VERIFIED" in page


def test_entries_are_refused_at_their_field(bedside: Bedside) -> None:
    bedside.interrogate()
    page = bedside.post("refill/", withdrawn="", filled="0", drug="water", concentration="")
    assert "nothing is entered" in page
    assert "must be more than 0 mL" in page
    assert "choose the drug" in page
    assert "larger than the reservoir" in bedside.post("refill/", **(TOLD | {"filled": "30"}))


def test_a_lost_answer_is_settled_with_what_was_told(bedside: Bedside) -> None:
    bedside.interrogate()
    bedside.channel.disturb(None, Fault.ANSWER_LOST)
    assert "It is not known" in bedside.post("refill/", **TOLD, send="1")
    assert "VERIFIED" in bedside.post("unknown/")
