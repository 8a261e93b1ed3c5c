"""The pump a plan is made for: the limits it reports about itself, and what the catalogue adds to them."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.catalogue.pumps import ConstantFlowPump, ProgrammablePump, pump_model, pump_models
from thecal.catalogue.sourced import CatalogueError
from thecal.device import PumpDescriptor, Report
from thecal.quantities import Volume

_NOBODYS = "none yet"


@dataclass(frozen=True, slots=True)
class PumpInHand:
    """One programmable pump of one patient. Limits come from the pump itself, never from a form."""

    descriptor: PumpDescriptor
    serial: str
    patient_token: str
    low_reservoir_default: Volume
    unusable: Volume  # what the reservoir cannot give


def descriptor_of(model: ProgrammablePump) -> PumpDescriptor:
    """The descriptor of a catalogue model; its ``model`` text is the catalogue key."""
    return PumpDescriptor(
        model=model.key,
        stroke_nl=model.stroke.count,
        reservoir_nl=model.capacity.count,
        minimum_rate_nl_per_day=model.minimum_rate.count,
        lowest_rate_nl_per_day=model.lowest_rate.count,
        highest_rate_nl_per_day=model.highest_rate.count,
    )


def named_model(text: str) -> ProgrammablePump | ConstantFlowPump:
    """The catalogue model with this key or manufacturer's model text. Raises CatalogueError when there is none."""
    for key in pump_models():
        model = pump_model(key)
        if text in (model.key, model.model, model.name):
            return model
    raise CatalogueError(f"{text!r} is not a pump model of this catalogue")


def in_hand(model: ProgrammablePump) -> PumpInHand:
    """A new pump of this model, not yet anybody's."""
    return PumpInHand(descriptor_of(model), _NOBODYS, _NOBODYS, model.low_alarm_default, model.residual)


def pump_in_hand(report: Report) -> PumpInHand:
    """The pump that sent this report. Raises CatalogueError for a model the catalogue does not know."""
    model = named_model(report.descriptor.model)
    if not isinstance(model, ProgrammablePump):
        raise CatalogueError(f"{report.descriptor.model!r} is a constant-flow pump and cannot have reported")
    return PumpInHand(
        report.descriptor, report.pump_serial, report.patient_token, model.low_alarm_default, model.residual
    )
