# ruff: noqa: RUF012 - a migration is written as Django reads it
"""A report names the staged program it ended. A column that may be empty leaves table and triggers alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0002_append_only")]
    operations = [
        migrations.AddField(
            model_name="sessionreport",
            name="staging",
            field=models.CharField(max_length=100, null=True),
        ),
    ]
