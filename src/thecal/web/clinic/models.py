"""What the clinic keeps: who is enrolled, what pumps answered, what is on its way, what was done.

Answers of pumps are kept as the bytes that came, so that a record can always be read again and nothing is lost
in a translation. Reports and interrogations are append-only: the database itself refuses to change or drop one.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Patient(models.Model):
    """A patient of this clinic and the pump that was implanted."""

    PROGRAMMABLE, CONSTANT_FLOW = "programmable", "constant flow"
    KINDS: ClassVar = [(PROGRAMMABLE, "programmable"), (CONSTANT_FLOW, "constant flow")]

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    born = models.DateField()
    indication = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=KINDS)
    pump = models.CharField(max_length=40)  # catalogue key
    serial = models.CharField(max_length=40, unique=True)
    catheter = models.CharField(max_length=40)  # catalogue key
    tip = models.CharField(max_length=8)
    # What was put into a constant-flow pump, and when: nothing else is known about it. JSON of {drug, ng/mL}.
    fluid = models.JSONField(default=list, blank=True)
    filled_nl = models.BigIntegerField(null=True, blank=True)
    filled_utc_ms = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Interrogation(models.Model):
    """One whole answer of a pump to an interrogation, as it came."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="interrogations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    reply = models.BinaryField()  # the pump's reply, in the closed spelling of the link
    pump_utc_ms = models.BigIntegerField()  # the pump's own clock, from the reply

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.patient} at {self.pump_utc_ms} ms"


class PendingCommand(models.Model):
    """A dosing command that was written down before it was sent. It goes only when the pump has said what became of it."""

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="pending")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    packed = models.BinaryField()  # telemetry.PendingCommand
    kind = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"{self.kind} for {self.patient}"


class Draft(models.Model):
    """The entries of a draft as typed, and the interrogation they start from."""

    patient = models.OneToOneField(Patient, on_delete=models.CASCADE, related_name="draft")
    interrogation = models.ForeignKey(Interrogation, on_delete=models.CASCADE)
    entries = models.JSONField()

    def __str__(self) -> str:
        return f"draft for {self.patient}"


class SessionReport(models.Model):
    """What was done in one visit and what the pump then read back: written once."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    title = models.CharField(max_length=80)
    pump_utc_ms = models.BigIntegerField()
    document = models.JSONField()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.title}: {self.patient}"
