# ruff: noqa: RUF012 - a migration is written as Django reads it

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0003_staging")]
    operations = [
        migrations.AddField(
            model_name="patient",
            name="tolerance",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "not recorded"),
                    ("naive", "naive: not used to opioids"),
                    ("tolerant", "tolerant: used to opioids"),
                ],
                default="",
                max_length=20,
                verbose_name="opioid tolerance",
            ),
            preserve_default=False,
        ),
    ]
