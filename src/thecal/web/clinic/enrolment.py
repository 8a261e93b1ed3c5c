"""Setting up a clinic: its database, its clinician, its patients. Repeating it changes nothing that is there.

Called by the process that seeds a demonstration, before the site is served, in a process of its own.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from thecal.device import Component


@dataclass(frozen=True, slots=True)
class ConstantFill:
    """What was put into a constant-flow pump, and when; nothing else is ever known about it."""

    components: tuple[Component, ...]
    filled_nl: int
    filled_utc_ms: int


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A patient as the clinic knows one: identity and what was implanted. ``fill`` None: a programmable pump."""

    key: str  # the patient's id, also the name of the key file
    name: str
    born: date
    indication: str
    pump: str  # catalogue key
    serial: str
    catheter: str  # catalogue key
    tip: str
    fill: ConstantFill | None


def prepare(data: Path, username: str, password: str, enrolments: tuple[Enrolment, ...]) -> None:
    """Migrate the clinic database in ``data``, and add the clinician and the patients that are missing."""
    os.environ["THECAL_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "thecal.web.clinic.settings"
    (data / "clinic").mkdir(mode=0o700, parents=True, exist_ok=True)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    enrol(username, password, enrolments)


def enrol(username: str, password: str, enrolments: tuple[Enrolment, ...]) -> None:
    """Add the clinician and the patients that are missing, all or nothing."""
    from django.contrib.auth import get_user_model
    from django.db import transaction

    with transaction.atomic():
        people = get_user_model().objects
        if not people.filter(username=username).exists():
            people.create_user(username=username, password=password)
        for enrolment in enrolments:
            _enrol_one(enrolment)


def _enrol_one(enrolment: Enrolment) -> None:
    from thecal.web.clinic.models import Patient

    fill = enrolment.fill
    Patient.objects.get_or_create(
        key=enrolment.key,
        defaults={
            "name": enrolment.name,
            "born": enrolment.born,
            "indication": enrolment.indication,
            "kind": Patient.PROGRAMMABLE if fill is None else Patient.CONSTANT_FLOW,
            "pump": enrolment.pump,
            "serial": enrolment.serial,
            "catheter": enrolment.catheter,
            "tip": enrolment.tip,
            "fluid": []
            if fill is None
            else [{"drug": each.drug, "ng_per_ml": each.concentration_ng_per_ml} for each in fill.components],
            "filled_nl": None if fill is None else fill.filled_nl,
            "filled_utc_ms": None if fill is None else fill.filled_utc_ms,
        },
    )
