"""Needles and ports: the needle decides where the fluid goes [constant-flow-and-catheters 1.3].

The refill needle, open at its tip, reaches the reservoir. The needle of the access port (with a side hole where one
septum serves both) reaches the catheter: as much as is injected there leaves by the tip at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from thecal.catalogue.pumps import ConstantFlowPump, Pump


class Needle(Enum):
    """Which needle is in the hand."""

    REFILL = "refill needle"
    ACCESS = "access needle"


class NoWay(ValueError):
    """This pump has no such way in; the message says which."""


@dataclass(frozen=True, slots=True)
class Injected:
    """What a syringe brought where, nL: what the reservoir took, and what left by the catheter tip because of it."""

    into_reservoir_nl: int
    left_tip_nl: int


def port_nl(model: Pump) -> int:
    """How far along the line the access port lies from the reservoir. Raises NoWay where the pump has none."""
    if model.ports.access_needle is None:
        raise NoWay(f"{model.key} has no way into the catheter: {model.ports.tell_apart.text}")
    inside = model.restrictor_volume if isinstance(model, ConstantFlowPump) else model.tubing_volume
    return inside.count


def must_hold(volume_nl: int) -> None:
    """Raises ValueError for a syringe that is empty or no number."""
    if type(volume_nl) is not int or volume_nl < 1:
        raise ValueError("volume must be a whole number of nL, at least 1")
