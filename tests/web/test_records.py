"""What is recorded stays recorded."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from tests.web.bedside import Bedside
from thecal.web.clinic import models


@pytest.mark.django_db
def test_the_models_need_no_migration_that_is_not_written() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db
def test_the_site_finds_nothing_to_complain_about() -> None:
    call_command("check")


@pytest.mark.parametrize("table", ["clinic_interrogation", "clinic_sessionreport"])
@pytest.mark.parametrize("act", ["DELETE FROM {}", "UPDATE {} SET pump_utc_ms = 0"])
def test_the_database_itself_refuses_to_change_or_drop_a_record(bedside: Bedside, table: str, act: str) -> None:
    bedside.program()
    with (
        pytest.raises((IntegrityError, DatabaseError), match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(act.format(table))


def test_a_session_report_reads_back_as_it_was_written(bedside: Bedside) -> None:
    bedside.program()
    number = models.SessionReport.objects.get().pk
    page = bedside.get(f"reports/{number}/")
    for said in ("Demo Patient Juniper", "TH-0008", "clinician", "22 Nov 2026, 08:00:00", "Read back, field by field"):
        assert said in page
    assert "Session reports" in bedside.get()
