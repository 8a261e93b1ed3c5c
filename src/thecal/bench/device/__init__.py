"""The bench for one device: time, truth, belief, faults and links, of a programmable or a constant-flow pump.

See docs/bench.md for the whole of it with examples.
"""

from thecal.bench.air import AirFault, Delay, Drop, Duplicate, Flip, Frame, Reorder, Truncate, Untouched, Way
from thecal.bench.device.beliefs import Beliefs
from thecal.bench.device.bench import DeviceBench, Keys
from thecal.bench.device.client import Client
from thecal.bench.device.constant_flow import ConstantFlow
from thecal.bench.device.drug_library import library_of
from thecal.bench.device.faults import Faults
from thecal.bench.device.needle import Injected, Needle, NoWay
from thecal.bench.device.setup import Setup
from thecal.bench.device.true_fluid import TrueFluid
from thecal.bench.device.wired_pump import NoPower, WiredPump

__all__ = [
    "AirFault",
    "Beliefs",
    "Client",
    "ConstantFlow",
    "Delay",
    "DeviceBench",
    "Drop",
    "Duplicate",
    "Faults",
    "Flip",
    "Frame",
    "Injected",
    "Keys",
    "Needle",
    "NoPower",
    "NoWay",
    "Reorder",
    "Setup",
    "TrueFluid",
    "Truncate",
    "Untouched",
    "Way",
    "WiredPump",
    "library_of",
]
