"""The devices part of a check document: the recorded system, and the believed line made from what is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from thecal.catalogue.catheters import Trim, catheter
from thecal.catalogue.implanted_catheter import ImplantedCatheter
from thecal.catalogue.pumps import ConstantFlowPump, Pump, pump_model
from thecal.catalogue.sourced import CatalogueError
from thecal.column import Column, Fluid, Segment
from thecal.documents import DocumentError
from thecal.quantities import Volume
from thecal.therapy.believed import BelievedLine
from thecal.therapy.check_records import DevicesPart, LinePart
from thecal.therapy.situation import Devices

if TYPE_CHECKING:
    from thecal.catalogue.site import Site


def devices_of(part: DevicesPart, answers: Pump, site: Site | None) -> Devices:
    """The recorded system; ``answers`` is the model that does.

    The catheter volume follows from the catheter where it is not written.

    Raises DocumentError for what the catalogue does not hold and for a line that does not fill its tubes.
    """
    model = answers if part.pump is None else named_pump("devices.pump", part.pump)
    tube = _implanted(part)
    volume = part.catheter_volume or (None if tube is None else tube.volume())
    return Devices(
        model=model,
        recorded_serial=part.recorded_serial,
        catheter=tube,
        catheter_volume=volume,
        tubing_volume=part.tubing_volume,
        volumes_recorded=part.volumes_recorded,
        revised=part.revised,
        line=None if part.line is None else _line(part.line, part.tubing_volume or _inside(model), volume),
        shown_replace_by=part.shown_replace_by,
        implanted=part.implanted,
        site=site,
    )


def named_pump(where: str, key: str) -> Pump:
    """The catalogue's model. Raises DocumentError naming the field when there is none."""
    try:
        return pump_model(key)
    except CatalogueError as error:
        raise DocumentError(f"{where}: {error}") from None


def _implanted(part: DevicesPart) -> ImplantedCatheter | None:
    """The catheter of the record; None where none is named. Its pieces are given where the catalogue lacks a figure."""
    cut = "pieces" if part.trimmed_cm is None else "trimmed_cm"
    if part.catheter is None:
        if part.pieces or part.trimmed_cm is not None:
            raise DocumentError(f"devices.{cut}: only with devices.catheter")
        return None
    if part.pieces and part.trimmed_cm is not None:
        raise DocumentError("devices.trimmed_cm: each piece says what was cut off it; leave this out")
    try:
        tube = catheter(part.catheter)
    except CatalogueError as error:
        raise DocumentError(f"devices.catheter: {error}") from None
    trims = [Trim(each.trimmed_cm, each.length_cm, each.volume_ml_per_cm) for each in part.pieces]
    if part.trimmed_cm is not None:
        trims = [Trim(part.trimmed_cm)]
    try:
        return tube.implanted(*trims)
    except CatalogueError as error:
        raise DocumentError(f"devices.{cut}: {error}") from None


def _inside(model: Pump) -> Volume:
    """What lies between reservoir and catheter."""
    return model.restrictor_volume if isinstance(model, ConstantFlowPump) else model.tubing_volume


def _line(part: LinePart, inside: Volume, recorded: Volume | None) -> BelievedLine:
    tubing, tube = part.tubing or inside, part.catheter or recorded
    if tube is None:
        raise DocumentError("devices.line.catheter: missing; give it, devices.catheter_volume or devices.catheter")
    for name, volume in (("tubing", tubing), ("catheter", tube)):
        if volume.count == 0:
            raise DocumentError(f"devices.line.{name}: must be more than 0 mL")
    column = _column(part, tubing.count + tube.count) if part.holds else None
    return BelievedLine(tubing.count, tube.count, column)


def _column(part: LinePart, whole_nl: int) -> Column:
    """The stretches from the pump to the tip; together they fill the tubes."""
    whole = Column.filled(whole_nl, _fluid(part, 0))
    stretches: list[Segment] = []
    left = whole_nl
    for index, stretch in enumerate(part.holds):
        last = index == len(part.holds) - 1
        if stretch.volume is None and not last:
            raise DocumentError(f"devices.line.holds[{index}].volume: missing; only the last stretch may leave it out")
        volume = left if stretch.volume is None else stretch.volume.count
        if volume == 0 or volume > left or (last and volume != left):
            total = Volume(whole_nl).text_in("mL")
            raise DocumentError(
                f"devices.line.holds[{index}].volume: the stretches together must fill tubing and catheter ({total})"
            )
        stretches.append(Segment(volume, _fluid(part, index)))
        left -= volume
    for segment in reversed(stretches):  # the last to be pushed lies next to the pump
        whole, _ = whole.push(segment.volume_nl, segment.fluid)
    return whole


def _fluid(part: LinePart, index: int) -> Fluid:
    return Fluid.of((each.drug, each.concentration.count) for each in part.holds[index].fluid)
