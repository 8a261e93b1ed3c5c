"""Whether this is the pump of this patient's record."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.therapy.findings import Finding, refusal
from thecal.therapy.situation import Situation


def wrong_pump(situation: Situation) -> Iterator[Finding]:
    """Serial number and model that answered, against those of the record: one finding for each that differs."""
    pump, devices = situation.current.pump, situation.devices
    if devices.recorded_serial is not None and devices.recorded_serial != pump.serial:
        words = "The pump that answers is not the one in this patient's record; find out whose it is before anything."
        shown = ("answers", pump.serial), ("in the record", devices.recorded_serial)
        yield refusal("wrong-pump", "serial number", words, *shown, path="current.serial")
    model, answers = devices.model, pump.descriptor.model
    if model is not None and answers not in (model.key, model.model, model.name):
        words = "The pump that answers is another model than the record says; correct the record or find the patient."
        shown = ("answers", answers), ("in the record", model.name)
        yield refusal("wrong-pump", "pump model", words, *shown, path="current.pump")
