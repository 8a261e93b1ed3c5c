# ruff: noqa: RUF012 - a migration is written as Django reads it
"""Interrogations and session reports cannot be changed or dropped, by whatever reaches the database."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("clinic_interrogation", "clinic_sessionreport")
ACTS = ("UPDATE", "DELETE")


def forbid(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
    for table in TABLES:
        for act in ACTS:
            editor.execute(_SQL[editor.connection.vendor].format(table=table, act=act))


def allow(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
    for table in TABLES:
        for act in ACTS:
            on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER append_only_{table}_{act}{on}")


_SQL = {
    "sqlite": (
        "CREATE TRIGGER append_only_{table}_{act} BEFORE {act} ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$; "
        "CREATE TRIGGER append_only_{table}_{act} BEFORE {act} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION append_only()"
    ),
}


class Migration(migrations.Migration):
    dependencies = [("clinic", "0001_initial")]
    operations = [migrations.RunPython(forbid, allow)]
