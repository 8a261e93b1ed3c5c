"""Exact volumes, masses, concentrations, rates, durations and instants; parsed and printed strictly."""

from thecal.quantities.amount import Amount, QuantityError
from thecal.quantities.instant import Instant
from thecal.quantities.kinds import Concentration, DoseRate, Duration, FlowRate, Mass, Volume

__all__ = [
    "Amount",
    "Concentration",
    "DoseRate",
    "Duration",
    "FlowRate",
    "Instant",
    "Mass",
    "QuantityError",
    "Volume",
]
