"""A column of fluids with exact volumes and compositions: push, draw, mix, what is where. No physics."""

from thecal.column.column import Column, Front
from thecal.column.fluid import SALINE, UNKNOWN, Fluid
from thecal.column.masses import NOTHING, Masses
from thecal.column.segment import Segment, mass_in, mixed

__all__ = ["NOTHING", "SALINE", "UNKNOWN", "Column", "Fluid", "Front", "Masses", "Segment", "mass_in", "mixed"]
