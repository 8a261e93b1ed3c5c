"""Concentration to effect at one site: the Hill curve, and how much of a surface level reaches a depth of tissue."""

import numpy as np

from thecal.neuraxis.grid import FloatArray

S_PER_MIN = 60.0


def hill(level: FloatArray, half: float | FloatArray, slope: float) -> FloatArray:
    """Effect between 0 and 1; one half where ``level`` equals ``half`` (same unit). Levels below zero count as zero."""
    raised = np.power(np.maximum(level, 0.0) / half, slope)
    effect: FloatArray = raised / (1.0 + raised)
    return effect


def penetration(depth_cm: float, diffusivity_cm2_per_s: float, capillary_per_min: float) -> float:
    """Share of the concentration at the tissue surface that is found at a depth, at rest.

    Drug diffuses inward while capillaries carry it off, so it falls as exp(-depth / sqrt(D / k)). Assumes no change
    in time; a deep site lags behind this in the first hours.
    """
    reach_cm = float(np.sqrt(diffusivity_cm2_per_s / (capillary_per_min / S_PER_MIN)))
    return float(np.exp(-depth_cm / reach_cm))
