"""Truth beyond the catheter tip: transport along the spine, uptake, plasma and effect; fast and exact."""

from thecal.neuraxis.analgesia import OpioidEffect, opioid_effect
from thecal.neuraxis.engine import Course, ExactEngine, MassBalanceError, State, steady_state
from thecal.neuraxis.entry import at_the_tip, by_mouth, by_needle, into_blood
from thecal.neuraxis.modes import SpectrumError
from thecal.neuraxis.release import Release
from thecal.neuraxis.samples import LevelEffect, LevelReading, Samples, by_level
from thecal.neuraxis.spasticity import SpasticityEffect, spasticity_effect
from thecal.neuraxis.spine import Spine, build_spine
from thecal.neuraxis.tolerance import (
    Adaptation,
    after_abstinence,
    after_exposure,
    analgesic_factor,
    respiratory_factor,
)

__all__ = [
    "Adaptation",
    "Course",
    "ExactEngine",
    "LevelEffect",
    "LevelReading",
    "MassBalanceError",
    "OpioidEffect",
    "Release",
    "Samples",
    "SpasticityEffect",
    "SpectrumError",
    "Spine",
    "State",
    "after_abstinence",
    "after_exposure",
    "analgesic_factor",
    "at_the_tip",
    "build_spine",
    "by_level",
    "by_mouth",
    "by_needle",
    "into_blood",
    "opioid_effect",
    "respiratory_factor",
    "spasticity_effect",
    "steady_state",
]
