"""Pages with numbers of the catalogue say where they come from and how sure they are."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from tests.web.bedside import Bedside, enrolled
from tests.web.demonstration import settled_in
from thecal.bench.sources import sources_of
from thecal.catalogue.origins import tally
from thecal.catalogue.pumps import pump_model
from thecal.therapy.plan_origins import plan_origins


def listed(page: str) -> str:
    """The part of a page that lists origins, as a person reads it."""
    _, found, after = unescape(page).partition('<details class="origins">')
    assert found
    return after.partition("</details>")[0]


@pytest.mark.parametrize("where", ["pump/", "review/"])
def test_report_and_review_list_every_number_behind_the_plan_with_its_mark(bedside: Bedside, where: str) -> None:
    bedside.interrogate()
    bedside.draft()
    shown = listed(bedside.get(where))
    expected = plan_origins(pump_model(bedside.case.system.pump), ["morphine"])
    assert f"Where the numbers come from: {tally(expected)}</summary>" in shown
    for each in expected:
        row = f'<td>{each.of}</td><th scope="row">{each.what}</th>'
        assert f'{row}<td class="figure-cell">{each.text}</td><td>{each.confidence.value}</td>' in shown
        assert each.source in shown
    assert '<th scope="row">stroke</th><td class="figure-cell">500 nL</td><td>assumed</td>' in shown


def test_the_page_of_a_constant_flow_pump_lists_them_too(bedside: Bedside) -> None:
    constant = enrolled("constant-flow-20")
    shown = listed(bedside.client.get(f"/patients/{constant.id}/").content.decode())
    assert '<th scope="row">restrictor volume</th><td class="figure-cell">0.05 mL</td><td>assumed</td>' in shown
    assert "label flow" in shown


@pytest.mark.parametrize("site", ["room"], indirect=True)
@pytest.mark.usefixtures("site")
def test_the_room_lists_what_the_body_is_made_of(data: Path) -> None:
    case = settled_in(data, "new-implant")
    shown = listed(Client().get(f"/{case.id}/").content.decode())
    assert f"{tally(sources_of(case))}</summary>" in shown
    assert '<th scope="row">c50 spinal</th><td class="figure-cell">60 ng/mL</td><td>assumed</td>' in shown
