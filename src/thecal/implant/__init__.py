"""The implant: pump, its end of the link and its memory as one object without I/O."""

from thecal.implant.banks import Banks
from thecal.implant.fact_form import Recorded
from thecal.implant.implant import Actuate, Implant, ImplantHalted, Memory
from thecal.implant.journal import MEMORY_VERSION, MemoryOfAnotherVersion
from thecal.implant.replay import Replayed, replay

__all__ = [
    "MEMORY_VERSION",
    "Actuate",
    "Banks",
    "Implant",
    "ImplantHalted",
    "Memory",
    "MemoryOfAnotherVersion",
    "Recorded",
    "Replayed",
    "replay",
]
