"""The volumes a bridge or a prime is made with: of this pump's newest constant, and not older than the last surgery."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.pumps import ProgrammablePump
from thecal.quantities import Volume
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.rules.known import known_model
from thecal.therapy.showing import amount_text, date_text
from thecal.therapy.situation import Situation


def tubing_version(situation: Situation) -> Iterator[Finding]:
    """A tubing volume that is not the newest of this pump model, where something is to be pushed by it."""
    model, told = known_model(situation), _tubing(situation)
    if not _pushes(situation) or told is None or not isinstance(model, ProgrammablePump):
        return
    newest = model.tubing[0]
    if told == newest.volume.amount:
        return
    whose = next((f"that of {each.version}" for each in model.tubing if each.volume.amount == told), "of no version")
    words = f"The tubing volume is {whose}, not the newest of {model.name}; correct it before a bridge or a prime."
    shown = ("calculated with", amount_text(told, "mL")), (newest.version, amount_text(newest.volume.amount, "mL"))
    limit, path = newest.volume.origin, "devices.tubing_volume"
    yield finding("tubing-version", Verdict.STOP, "tubing volume", words, *shown, limit=limit, path=path)


def line_outdated(situation: Situation) -> Iterator[Finding]:
    """Surgery after the volumes were recorded, where something is to be pushed by them."""
    recorded, revised = situation.devices.volumes_recorded, situation.devices.revised
    if not _pushes(situation) or recorded is None or revised is None or revised <= recorded:
        return
    words = "Pump or catheter was operated on after these volumes were recorded; record them anew before anything."
    offset = situation.current.clock_offset_min
    shown = ("recorded", date_text(recorded, offset)), ("operated on", date_text(revised, offset))
    yield refusal("line-outdated", "line volumes", words, *shown, path="devices.volumes_recorded")


def _pushes(situation: Situation) -> bool:
    bridge, prime = situation.pending.bridge, situation.pending.prime
    return prime is not None or (bridge is not None and bridge.volume is not None)


def _tubing(situation: Situation) -> Volume | None:
    devices = situation.devices
    if devices.tubing_volume is not None:
        return devices.tubing_volume
    return None if devices.line is None else Volume(devices.line.tubing_nl)
