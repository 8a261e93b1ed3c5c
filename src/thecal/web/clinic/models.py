"""What the clinic keeps: who is enrolled, what pumps answered, what is on its way, what was done.

The values are those of ``programmer``, stored as its documents: exact counts that read without a schema. Interrogations
and session reports are append-only: the database itself refuses to change or drop one.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from thecal.catalogue.drug_terms import Tolerance


class Patient(models.Model):
    """A patient of this clinic and the pump that was implanted."""

    PROGRAMMABLE, CONSTANT_FLOW = "programmable", "constant flow"
    TOLERANCES: ClassVar = [
        ("", "not recorded"),
        (Tolerance.NAIVE.value, "naive: not used to opioids"),
        (Tolerance.TOLERANT.value, "tolerant: used to opioids"),
    ]
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
    tolerance = models.CharField("opioid tolerance", max_length=20, blank=True, choices=TOLERANCES)
    # What was put into a constant-flow pump, and when: nothing else is known about it. JSON of {drug, ng_per_ml}.
    fluid = models.JSONField(default=list, blank=True)
    filled_nl = models.BigIntegerField(null=True, blank=True)
    filled_utc_ms = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Interrogation(models.Model):
    """One whole answer of a pump to an interrogation (``programmer.Interrogated``)."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="interrogations")
    by = models.CharField(max_length=150)
    document = models.JSONField()
    infusing = models.BooleanField()  # its program gives drug: what a restart is compared with
    pump_utc_ms = models.BigIntegerField()  # the pump's own clock, from the reply

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.patient_id} at {self.pump_utc_ms} ms"


class PendingCommand(models.Model):
    """A dosing command, written down before it was sent. It goes only when the pump has said what became of it.

    ``context`` is what the settling needs to write its report: a staged update, a refill, or nothing.
    """

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="pending")
    by = models.CharField(max_length=150)
    packed = models.BinaryField()  # telemetry.PendingCommand
    kind = models.CharField(max_length=20)
    context = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} for {self.patient_id}"


class Draft(models.Model):
    """A draft as typed, the interrogation it starts from, and what was confirmed of its review."""

    patient = models.OneToOneField(Patient, on_delete=models.CASCADE, related_name="draft")
    interrogation = models.ForeignKey(Interrogation, on_delete=models.PROTECT)
    form = models.JSONField()  # programmer.PrescriptionForm
    labels = models.JSONField(default=dict)  # concentration as read from the label, by drug
    confirmations = models.JSONField(default=list)  # programmer.Confirmation

    def __str__(self) -> str:
        return f"draft for {self.patient_id}"


class StagedProgram(models.Model):
    """A program that lies in the pump and waits for a person (``programmer.StagedUpdate``)."""

    patient = models.OneToOneField(Patient, on_delete=models.CASCADE, related_name="staged")
    document = models.JSONField()
    lease = models.CharField(max_length=80)
    bench_utc_ms = models.BigIntegerField()  # when it was staged, for the countdown

    def __str__(self) -> str:
        return f"staged program for {self.patient_id}"


class SessionReport(models.Model):
    """What was done in one visit and how it ended (``programmer.SessionReport``): written once."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="reports")
    by = models.CharField(max_length=150)
    act = models.CharField(max_length=40)
    result = models.CharField(max_length=40)
    pump_utc_ms = models.BigIntegerField()
    document = models.JSONField()
    staging = models.CharField(max_length=100, null=True)  # the staged program that was confirmed, for an update

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.act}: {self.result}"
