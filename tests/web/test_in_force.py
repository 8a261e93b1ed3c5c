"""What is in force beside the program stands on every page about the patient, for as long as it holds."""

from __future__ import annotations

from dataclasses import replace

from tests.web.bedside import Bedside
from thecal.device import BolusKind, Limited, LogEntry, LogKind, OnceStatus, SoftLimit
from thecal.programmer import Interrogated
from thecal.web.clinic import models, records

PASSED = SoftLimit("morphine", Limited.DAILY_DOSE, 2_400_000, 2_000_000)
OVERRIDE = "Soft limit passed, acknowledged: morphine daily dose 2.4 mg/day, soft limit 2 mg/day."
BRIDGE = OnceStatus(BolusKind.BRIDGE, 200_000, 50_000, 3_600_000)


def _found(bedside: Bedside, **changed: object) -> Interrogated:
    """The pump as last interrogated, with another status."""
    found = records.latest(models.Patient.objects.get(key=bedside.case.id))
    assert found is not None
    return replace(found, report=replace(found.report, status=replace(found.report.status, **changed)))


def _keep(bedside: Bedside, found: Interrogated) -> None:
    records.keep_interrogation(models.Patient.objects.get(key=bedside.case.id), "clinician", found)


def test_a_passed_soft_limit_and_a_running_bridge_are_on_every_page_until_they_end(bedside: Bedside) -> None:
    bedside.interrogate()
    plain = _found(bedside)
    _keep(bedside, _found(bedside, overrides=(PASSED,), once=BRIDGE))
    for page in ("", "draft/", "pump/", "refill/", "stop/"):
        assert OVERRIDE in bedside.get(page), page
        assert "Bridge bolus runs in the place of the basal flow" in bedside.get(page), page
    _keep(bedside, plain)
    assert OVERRIDE not in bedside.get()


def test_the_log_of_the_pump_names_the_bolus_of_each_line(bedside: Bedside) -> None:
    bedside.interrogate()
    found = _found(bedside)
    line = LogEntry(99, 5, found.report.status.utc_ms, LogKind.BOLUS_SKIPPED, bolus=BolusKind.PERIODIC)
    _keep(bedside, replace(found, report=replace(found.report, log=(*found.report.log, line))))
    page = bedside.get("pump/")
    assert "Periodic bolus skipped, not made up" in page
    assert "bolus=PERIODIC" in page
