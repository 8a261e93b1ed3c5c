"""Truth from needle to catheter tip: reservoir, column, constant-flow behaviour, what was released when."""

from thecal.fluid.outflow import outflow_nl, true_flow_nl_per_day
from thecal.fluid.path import Books, FluidPath, Run
from thecal.fluid.release import TipRelease
from thecal.fluid.replay import MalformedHistory, Played, play, replay
from thecal.fluid.reservoir import TrueReservoir
from thecal.fluid.truth import Act, NeedleAct, Outflow, Stroke, TimeReached, TruthRecord

__all__ = [
    "Act",
    "Books",
    "FluidPath",
    "MalformedHistory",
    "NeedleAct",
    "Outflow",
    "Played",
    "Run",
    "Stroke",
    "TimeReached",
    "TipRelease",
    "TrueReservoir",
    "TruthRecord",
    "outflow_nl",
    "play",
    "replay",
    "true_flow_nl_per_day",
]
