"""What every question about the line is told of pump and catheter, and the volumes that follow."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from thecal.catalogue.catheters import ImplantedCatheter, Trim, catheter
from thecal.catalogue.pumps import ProgrammablePump
from thecal.documents import About
from thecal.quantities import Volume
from thecal.therapy.calculation import SourceLine, cited
from thecal.therapy.calculators.on_paper import naming, programmable
from thecal.therapy.entry import EntryRefused
from thecal.therapy.front import micrometres

BY_THE_CLINIC = "as told by the clinic"
NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineInputs:
    """Pump and catheter. A volume that is told stands in the place of the catalogue's."""

    pump: Annotated[str, About("pump model of the catalogue")]
    catheter: Annotated[str | None, About("catheter of the catalogue")] = None
    trimmed_cm: Annotated[Decimal | None, About("length cut off the catheter, in cm", 0, 200)] = None
    catheter_volume: Annotated[Volume | None, About("catheter volume, where the clinic knows it better")] = None
    tubing_volume: Annotated[Volume | None, About("tubing volume, where the clinic knows it better")] = None


@dataclass(frozen=True, slots=True)
class LineVolumes:
    """The volumes between reservoir and tip, and where they come from. ``length_um`` None: only volumes are known."""

    pump: ProgrammablePump
    tubing: Volume
    catheter: Volume
    length_um: int | None
    sources: tuple[SourceLine, ...]


def line_volumes(inputs: LineInputs) -> LineVolumes:
    """Tubing and catheter volume. Raises EntryRefused, one line."""
    pump = programmable(inputs.pump)
    tubing, tubing_source = _tubing(inputs, pump)
    lies = _implanted(inputs)
    if inputs.catheter_volume is not None:
        volume = inputs.catheter_volume
    elif lies is not None:
        volume = lies.volume()
    else:
        raise EntryRefused("catheter", "name a catheter of the catalogue, or give catheter_volume")
    for name, found in (("tubing_volume", tubing), ("catheter_volume", volume)):
        if found.count == 0:
            raise EntryRefused(name, "must be more than 0 mL")
    length = None if lies is None else micrometres(lies.length_cm)
    return LineVolumes(pump, tubing, volume, length, (tubing_source, *_catheter_sources(inputs)))


def _tubing(inputs: LineInputs, pump: ProgrammablePump) -> tuple[Volume, SourceLine]:
    if inputs.tubing_volume is not None:
        return inputs.tubing_volume, SourceLine("tubing volume", BY_THE_CLINIC, NOT_CHECKED)
    newest = pump.tubing[0]
    return newest.volume.amount, cited(f"tubing volume, {newest.version}", newest.volume.origin)


def _implanted(inputs: LineInputs) -> ImplantedCatheter | None:
    if inputs.catheter is None:
        if inputs.trimmed_cm is not None:
            raise EntryRefused("trimmed_cm", "only together with a catheter of the catalogue")
        return None
    with naming("catheter"):
        model = catheter(inputs.catheter)
    with naming("catheter" if inputs.trimmed_cm is None else "trimmed_cm"):
        return model.implanted(Trim(inputs.trimmed_cm or Decimal(0)))


def _catheter_sources(inputs: LineInputs) -> tuple[SourceLine, ...]:
    if inputs.catheter_volume is not None or inputs.catheter is None:
        return (SourceLine("catheter volume", BY_THE_CLINIC, NOT_CHECKED),)
    model = catheter(inputs.catheter)
    return tuple(cited(f"{model.name}: {name.replace('_', ' ')}", origin) for name, origin in model.sources)
