"""Pump models of both kinds by their key: the door to programmable and constant-flow models."""

from __future__ import annotations

from thecal.catalogue.constant_flow import (
    ConstantFlowPump,
    DriveKind,
    Propellant,
    Recoil,
    constant_flow_models,
    constant_flow_pump,
    propellant,
)
from thecal.catalogue.programmable import ProgrammablePump, programmable_models, programmable_pump
from thecal.catalogue.pump_parts import Labelling, LongevityPoint, Market, Mri, MriRule, Ports, Standing, TubingVolume
from thecal.catalogue.sourced import CatalogueError, Sourced
from thecal.quantities import Volume

__all__ = [
    "ConstantFlowPump",
    "DriveKind",
    "Labelling",
    "LongevityPoint",
    "Market",
    "Mri",
    "MriRule",
    "Ports",
    "ProgrammablePump",
    "Propellant",
    "Pump",
    "Recoil",
    "Standing",
    "TubingVolume",
    "constant_flow_pump",
    "programmable_pump",
    "propellant",
    "pump_model",
    "pump_models",
    "volume",
]

Pump = ProgrammablePump | ConstantFlowPump


def pump_model(key: str) -> Pump:
    """The model ``key`` of either kind. Raises CatalogueError listing the models there are."""
    if key in programmable_models():
        return programmable_pump(key)
    if key in constant_flow_models():
        return constant_flow_pump(key)
    raise CatalogueError(f"{key!r} is not a pump model: use one of {', '.join(sorted(pump_models()))}")


def pump_models() -> tuple[str, ...]:
    """Keys of every pump model, programmable first."""
    return (*programmable_models(), *constant_flow_models())


def volume(sourced: Sourced) -> Volume:
    """A sourced number as a volume."""
    return Volume.of(format(sourced.value, "f"), sourced.unit)
