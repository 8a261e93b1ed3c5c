"""What every question about the line is told of pump and catheter, and the volumes that follow."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from thecal.catalogue.catheters import Trim, catheter
from thecal.catalogue.pumps import ProgrammablePump
from thecal.documents import About
from thecal.quantities import Volume
from thecal.therapy.calculation import SourceLine, cited
from thecal.therapy.calculators.on_paper import programmable
from thecal.therapy.entry import EntryRefused

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
    """The volumes between reservoir and tip, and where they come from."""

    pump: ProgrammablePump
    tubing: Volume
    catheter: Volume
    sources: tuple[SourceLine, ...]


def line_volumes(inputs: LineInputs) -> LineVolumes:
    """Tubing and catheter volume. Raises EntryRefused and CatalogueError, one line each."""
    pump = programmable(inputs.pump)
    tubing, tubing_source = _tubing(inputs, pump)
    volume, catheter_sources = _catheter(inputs)
    for name, found in (("tubing_volume", tubing), ("catheter_volume", volume)):
        if found.count == 0:
            raise EntryRefused(name, "must be more than 0 mL")
    return LineVolumes(pump, tubing, volume, (tubing_source, *catheter_sources))


def _tubing(inputs: LineInputs, pump: ProgrammablePump) -> tuple[Volume, SourceLine]:
    if inputs.tubing_volume is not None:
        return inputs.tubing_volume, SourceLine("tubing volume", BY_THE_CLINIC, NOT_CHECKED)
    newest = pump.tubing[0]
    return newest.volume.amount, cited(f"tubing volume, {newest.version}", newest.volume.origin)


def _catheter(inputs: LineInputs) -> tuple[Volume, tuple[SourceLine, ...]]:
    if inputs.catheter is None and inputs.trimmed_cm is not None:
        raise EntryRefused("trimmed_cm", "only together with a catheter of the catalogue")
    if inputs.catheter_volume is not None:
        return inputs.catheter_volume, (SourceLine("catheter volume", BY_THE_CLINIC, NOT_CHECKED),)
    if inputs.catheter is None:
        raise EntryRefused("catheter", "name a catheter of the catalogue, or give catheter_volume")
    model = catheter(inputs.catheter)
    lumen = model.implanted(Trim(inputs.trimmed_cm or Decimal(0))).volume()
    return lumen, tuple(cited(f"{model.name}: {name.replace('_', ' ')}", origin) for name, origin in model.sources)
