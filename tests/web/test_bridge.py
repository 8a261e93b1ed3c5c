"""A bridge bolus at the clinic: given with a program, interrupted by a stop, and decided upon with the next program."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.web.bedside import Bedside
from thecal.bench.case_records import Expected
from thecal.bench.physician import Physician
from thecal.device import Role
from thecal.quantities import Concentration
from thecal.therapy.prescribed import DrugIn

HOUR = 3_600_000
WHOLE = {"bridge": "begin", "bridge_volume": "0.2", "bridge_duration": "20"}
TWENTY = (DrugIn("morphine", Concentration.parse("20 mg/mL")),)


@pytest.fixture
def refilled(bedside: Bedside) -> Bedside:
    """2.4 mg/day of 10 mg/mL ran until the pump was stopped and filled with 20 mg/mL."""
    assert "VERIFIED" in bedside.program(bolus=None)
    assert "VERIFIED" in bedside.post("stop/")
    ids = iter(range(50_000, 60_000))
    physician = Physician(bedside.wired.channel(Role.PHYSICIAN), lambda: next(ids).to_bytes(16, "big"))
    told = physician.record_refill(18_000_000, 18_000_000, TWENTY)
    assert told.ended is Expected.VERIFIED, told.words
    bedside.interrogate()
    return bedside


@pytest.fixture
def interrupted(refilled: Bedside) -> Bedside:
    """A bridge of 0.2 mL over 20 h was stopped after 4 h."""
    refilled.post("review/", ticked=_ticks(_drafted(refilled, **WHOLE)))
    assert "VERIFIED" in refilled.post("confirm/")
    refilled.wired.advance(refilled.wired.at_ms + 4 * HOUR)
    assert "VERIFIED" in refilled.post("stop/")
    return refilled


def _drafted(bedside: Bedside, **bridge: str) -> str:
    bedside.interrogate()
    return unescape(bedside.draft(bolus=None, label_morphine="20", **bridge))


def _ticks(review: str) -> list[str]:
    return re.findall(r'name="ticked" form="send" value="([^"]+)"', review)


def test_a_bridge_is_typed_reviewed_and_compared_with_the_pumps_decode(refilled: Bedside) -> None:
    assert "No bridge bolus" in refilled.get("draft/")
    review = _drafted(refilled, **WHOLE)
    assert "0.2 mL over 20 h, 0.24 mL/day" in review
    decode = refilled.post("review/", ticked=_ticks(review))
    assert decode.count("0.2 mL over 20 h, 0.24 mL/day") == 2
    assert "DIFFERS" not in decode
    assert "VERIFIED" in refilled.post("confirm/")
    assert "Bridge bolus runs in the place of the basal flow" in refilled.interrogate()


def test_an_unfinished_bridge_is_asked_about_and_nothing_is_sent_before_it_is_decided(interrupted: Bedside) -> None:
    assert "0.16 mL of it is left" in interrupted.interrogate()
    page = unescape(interrupted.get("draft/"))
    assert "of a bridge bolus is left. Say what becomes of it." in page
    assert all(f'name="bridge" value="{each}"' in page for each in ("continue", "restart", "cancel"))
    assert 'value="begin"' not in page
    review = _drafted(interrupted)
    assert "Program whether to continue, restart or cancel it." in review
    assert "This cannot be sent" in review
    before = len(interrupted.sent)
    interrupted.post("review/", ticked=_ticks(review))
    assert len(interrupted.sent) == before


def test_continued_the_pump_gives_what_was_left(interrupted: Bedside) -> None:
    review = _drafted(interrupted, bridge="continue", bridge_duration="16")
    assert "interrupted, 0.16 mL left" in review
    assert "continued, 0.16 mL over 16 h, 0.24 mL/day" in review
    assert "continue with what is left" in interrupted.post("review/", ticked=_ticks(review))
    assert "VERIFIED" in interrupted.post("confirm/")
    interrupted.wired.advance(interrupted.wired.at_ms + 17 * HOUR)
    page = interrupted.interrogate()
    assert "Bridge bolus completed" in page
    assert "Bridge bolus runs" not in page


def test_cancelled_it_is_acknowledged_first(interrupted: Bedside) -> None:
    ticks = _ticks(_drafted(interrupted, bridge="cancel"))
    others = [each for each in ticks if each != "bridge-left|bridge"]
    assert len(others) == len(ticks) - 1
    assert interrupted.post("review/", ticked=others).count("Tick this before sending") == 1
    assert "give nothing more of it" in interrupted.post("review/", ticked=ticks)
    assert "VERIFIED" in interrupted.post("confirm/")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"bridge": "begin", "bridge_volume": "0,2", "bridge_duration": "10"}, "not accepted as a number"),
        ({"bridge": "begin", "bridge_volume": "0.2"}, "nothing is entered"),
        ({"bridge": "perhaps"}, "is not a choice"),
    ],
)
def test_an_entry_that_is_not_accepted_is_refused_at_its_field(
    refilled: Bedside, typed: dict[str, str], said: str
) -> None:
    page = _drafted(refilled, **typed)
    assert "<h1>Draft</h1>" in page
    assert said in page
