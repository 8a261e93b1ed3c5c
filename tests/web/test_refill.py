"""A refill is two acts; this is the one the programmer is told."""

from __future__ import annotations

from tests.web.bedside import Bedside
from thecal.bench.channel import Fault
from thecal.programmer import SessionReport, from_document
from thecal.quantities import Volume
from thecal.web.clinic import models

TOLD = {"withdrawn": "18", "filled": "18", "recovered": "5", "drug": "morphine", "concentration": "10"}


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


def test_a_refill_without_proof_of_place_is_warned_of_and_with_less_than_expected_confirmed_separately(
    bedside: Bedside,
) -> None:
    bedside.interrogate()
    told = TOLD | {"recovered": ""}
    page = bedside.post("refill/", **told, send="1")
    assert "Nothing drawn back proves" in page
    assert page.count("not told") == 2
    assert models.SessionReport.objects.count() == 0
    short = told | {"withdrawn": "12", "send": "1", "ticked": ["volume-differs|withdrawn volume"]}
    page = bedside.post("refill/", **short)
    assert "I confirm separately: Less came out than expected" in page
    assert page.count("Tick this before sending") == 1  # of two, one is ticked
    assert models.SessionReport.objects.count() == 0
    page = bedside.post("refill/", **short, **{"ratio|place-unproven|place of the needle": ""})
    assert "VERIFIED" in page
    assert "not told" in page


def test_a_refill_without_proof_of_place_as_expected_is_told_once_acknowledged(bedside: Bedside) -> None:
    bedside.interrogate()
    told = TOLD | {"recovered": ""}
    assert "VERIFIED" in bedside.post("refill/", **told, send="1", ticked=["place-unproven|place of the needle"])


def test_what_was_injected_and_drawn_back_is_held_against_the_fill_and_kept_in_the_report(bedside: Bedside) -> None:
    bedside.interrogate()
    page = bedside.post("refill/", **TOLD, injected="9")
    assert "another volume than was injected" in page
    assert "This cannot be recorded" in page
    page = bedside.post("refill/", **TOLD, injected="17.5", send="1")
    assert "VERIFIED" in page
    assert "17.5" in page
    refill = from_document(models.SessionReport.objects.get().document, SessionReport).refill
    assert (refill.injected, refill.recovered) == (Volume.parse("17.5 mL"), Volume.parse("5 mL"))


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
    page = bedside.post("refill/", **(TOLD | {"injected": "0", "recovered": "5 drops"}))
    assert "must be more than 0 mL" in page
    assert 'id="recovered-error"' in page
    assert "larger than the reservoir" in bedside.post("refill/", **(TOLD | {"filled": "30"}))


def test_a_lost_answer_is_settled_with_what_was_told(bedside: Bedside) -> None:
    bedside.interrogate()
    bedside.channel.disturb(None, Fault.ANSWER_LOST)
    assert "It is not known" in bedside.post("refill/", **TOLD, send="1")
    assert "VERIFIED" in bedside.post("unknown/")
