"""What a preparation is asked with, and what the reservoir holds before the fill."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.pumps import Pump
from thecal.column import Fluid
from thecal.documents import About
from thecal.quantities import Concentration, Volume
from thecal.therapy.calculation import SourceLine, cited
from thecal.therapy.calculators.on_paper import any_pump, fluid_of
from thecal.therapy.entry import EntryRefused
from thecal.therapy.mixing import after_rinses, as_fluid
from thecal.therapy.prescribed import DrugIn

_BY_THE_CLINIC = "as told by the clinic"
_NOT_CHECKED = "not checked"


class OnResidual(Enum):
    """What to do about the fluid that no needle gets out."""

    ACCEPT = "accept"
    COMPENSATE = "compensate"


@dataclass(frozen=True, slots=True)
class WantedDrug:
    """One drug of the fluid and what it is drawn from."""

    drug: Annotated[str, About("drug of the catalogue")]
    concentration: Annotated[Concentration, About("wanted concentration")]
    stock: Annotated[Concentration | None, About("strength it is drawn from; the strongest presentation")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MixtureInputs:
    """A fluid to prepare, and the reservoir it goes into."""

    drugs: Annotated[tuple[WantedDrug, ...], About("drugs wanted, primary drug first")]
    fill: Annotated[Volume, About("volume to inject")]
    extra: Annotated[Volume | None, About("prepared beyond the fill; what priming a refill set takes if left out")] = (
        None
    )
    measured_to: Annotated[Volume | None, About("finest volume that is drawn up; whole nL if left out")] = None
    pump: Annotated[str | None, About("pump model of the catalogue")] = None
    residual: Annotated[Volume | None, About("left in the reservoir; the pump model's if left out")] = None
    held: Annotated[tuple[DrugIn, ...] | None, About("fluid the reservoir held; an empty list for saline")] = None
    on_residual: Annotated[OnResidual, About("what to do about the residual")] = OnResidual.ACCEPT
    rinses: Annotated[int, About("rinses before the fill", 0, 9)] = 0
    rinse_volume: Annotated[Volume | None, About("volume of each rinse")] = None
    rinse_fluid: Annotated[tuple[DrugIn, ...], About("fluid of the rinses; saline if left out")] = ()


@dataclass(frozen=True, slots=True)
class Stock:
    """One drug with its wanted concentration and its stock, and where the stock's strength comes from."""

    drug: Drug
    wanted: Concentration
    strength: Concentration
    source: SourceLine


@dataclass(frozen=True, slots=True)
class Reservoir:
    """What is left in the reservoir before the fill. ``fluid`` None: nobody said, or nothing is left."""

    residual: Volume
    held: Fluid | None  # before the rinses
    fluid: Fluid | None  # after them
    pump: Pump | None
    sources: tuple[SourceLine, ...]


def stocks_of(inputs: MixtureInputs) -> tuple[Stock, ...]:
    """Every drug with its stock. Raises EntryRefused, one line."""
    fluid_of(tuple(DrugIn(each.drug, each.concentration) for each in inputs.drugs), "drugs")
    return tuple(_stock(each) for each in inputs.drugs)


def reservoir_of(inputs: MixtureInputs) -> Reservoir:
    """What the fill meets. Raises EntryRefused for facts that contradict each other."""
    pump = None if inputs.pump is None else any_pump(inputs.pump)
    residual, sources = _residual(inputs, pump)
    for field, volume in (("fill", inputs.fill), ("measured_to", inputs.measured_to)):
        if volume is not None and volume.count == 0:
            raise EntryRefused(field, "must be more than 0 mL")
    if (inputs.rinses > 0) != (inputs.rinse_volume is not None):
        raise EntryRefused("rinse_volume", "belongs to rinses, and rinses to it: give both or neither")
    if inputs.held is None and (inputs.rinses > 0 or inputs.on_residual is OnResidual.COMPENSATE):
        raise EntryRefused("held", "say what the reservoir held: without it nobody knows what to rinse or compensate")
    if inputs.held is None or residual.count == 0:
        return Reservoir(residual, None, None, pump, sources)
    held = as_fluid(fluid_of(inputs.held, "held")) if inputs.held else Fluid()
    rinse = as_fluid(fluid_of(inputs.rinse_fluid, "rinse_fluid")) if inputs.rinse_fluid else Fluid()
    left = after_rinses(residual, held, inputs.rinse_volume or Volume(0), rinse, inputs.rinses)
    return Reservoir(residual, held, left, pump, sources)


def _residual(inputs: MixtureInputs, pump: Pump | None) -> tuple[Volume, tuple[SourceLine, ...]]:
    if inputs.residual is not None:
        return inputs.residual, (SourceLine("residual", _BY_THE_CLINIC, _NOT_CHECKED),)
    if pump is None:
        return Volume(0), ()
    return pump.residual, (cited(f"{pump.name}: residual", pump.source_of("residual")),)


def _stock(each: WantedDrug) -> Stock:
    known = drug(each.drug)
    if each.stock is not None:
        if each.stock.count == 0:
            raise EntryRefused("drugs.stock", f"of {known.display} must be more than zero")
        source = SourceLine(f"{known.display}: stock", _BY_THE_CLINIC, _NOT_CHECKED)
        return Stock(known, each.concentration, each.stock, source)
    if not known.stocks:
        raise EntryRefused("drugs.stock", f"the library has no presentation of {known.display}; give the strength")
    strongest = max(known.stocks, key=lambda stock: stock.amount)
    source = cited(f"{known.display}: strongest presentation", strongest.origin)
    return Stock(known, each.concentration, strongest.amount, source)
