"""A pump with a drug library, programmed at the clinic; each soft limit passed is accepted before the commit."""

from __future__ import annotations

from html import unescape

import pytest

from tests.web.bedside import Bedside
from thecal.bench.case_records import Expected
from thecal.bench.pending_store import BenchStore
from thecal.bench.physician import Physician
from thecal.device import DrugLimits, Library, Limit, Mode, Role, SetLibrary
from thecal.quantities import DoseRate
from thecal.telemetry import Session, carry_out, change
from thecal.therapy.prescribed import Therapy
from thecal.web.clinic import models

MG = 1_000_000
SOFT = Limit(soft=2 * MG, hard=5 * MG)
DAILY = "morphine daily dose 2.8 mg/day, soft limit 2 mg/day"
BOLUS = "morphine bolus dose 0.1 mg, soft limit 0.05 mg"
TICKS = [f"drug-library|{words}" for words in (DAILY, BOLUS)]


@pytest.fixture
def held(bedside: Bedside) -> Bedside:
    """The pump holds a library that this patient's usual draft passes softly, in two places."""
    limits = DrugLimits("morphine", daily_dose_ng=SOFT, bolus_dose_ng=Limit(soft=MG // 20))
    ids = iter(range(20_000, 30_000))
    session = Session(lambda: next(ids).to_bytes(16, "big"))
    library = SetLibrary(Library("demo 3", (limits,)))
    carry_out(change(session, library), bedside.wired.channel(Role.PHYSICIAN).exchange, BenchStore())
    return bedside


def _at_the_decode(bedside: Bedside) -> str:
    bedside.interrogate()
    bedside.draft()
    return unescape(bedside.post("review/"))


def test_each_soft_limit_passed_is_told_with_value_limit_and_unit_and_its_own_tick(held: Bedside) -> None:
    page = _at_the_decode(held)
    assert "What the pump understood" in page
    for words, tick in zip((DAILY, BOLUS), TICKS, strict=True):
        assert f"The pump's drug library: {words}." in page
        assert f'name="ticked" form="commit" value="{tick}"' in page
    assert page.count("I, clinician, accept this") == 2


@pytest.mark.parametrize("ticked", [[], TICKS[:1], TICKS[1:], [TICKS[0], TICKS[1].replace("0.05", "0.06")]])
def test_nothing_is_sent_while_one_is_open_and_the_program_can_still_be_confirmed(
    held: Bedside, ticked: list[str]
) -> None:
    _at_the_decode(held)
    before = len(held.sent)
    page = held.post("confirm/", ticked=ticked)
    assert page.count("Tick this before confirming.") == 2 - len(set(ticked) & set(TICKS))
    assert "Nothing was sent" in page
    assert len(held.sent) == before
    assert held.wired.believes is not None
    assert held.wired.believes.program.mode is Mode.STOPPED
    assert "VERIFIED" in held.post("confirm/", ticked=TICKS)


def test_what_was_accepted_is_in_the_report_with_the_name_and_stays_on_show(held: Bedside) -> None:
    _at_the_decode(held)
    report = held.post("confirm/", ticked=TICKS)
    for words in (DAILY, BOLUS):
        assert f"{words} (drug-library), by clinician" in report
        assert f"Soft limit passed, acknowledged: {words}." in held.get("pump/")
    assert models.SessionReport.objects.count() == 1
    held.program(daily_dose="1.9", bolus=None)
    assert "Soft limit passed" not in held.get("pump/")


def test_a_pump_without_a_library_asks_for_nothing(bedside: Bedside) -> None:
    page = _at_the_decode(bedside)
    assert "Soft limits" not in page
    assert "VERIFIED" in bedside.post("confirm/")


def test_the_physician_of_the_bench_accepts_every_soft_limit(held: Bedside) -> None:
    ids = iter(range(30_000, 40_000))
    physician = Physician(held.wired.channel(Role.PHYSICIAN), lambda: next(ids).to_bytes(16, "big"))
    therapy = Therapy(Mode.SIMPLE_CONTINUOUS, DoseRate(2_400_000))
    ended = physician.program(therapy, held.case.reservoir.drugs, second_confirmation=False)
    assert ended.ended is Expected.VERIFIED, ended.words
    assert held.wired.believes is not None
    assert len(held.wired.believes.overrides) == 1
