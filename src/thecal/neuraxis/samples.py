"""What can be read off a neuraxis at chosen times: concentrations along the canal, above it and in blood."""

from dataclasses import dataclass

import numpy as np

from thecal.neuraxis.grid import FloatArray
from thecal.neuraxis.release import IntArray
from thecal.neuraxis.spine import Spine


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Readings at each time. Arrays are [time] or [time, cell], cells from head to foot; concentrations are unbound.

    ``cord_effect_ng_per_ml`` is what the effect at the cord depends on: the delayed inner cord where the drug acts
    with a delay, else the inner cord itself. ``plasma_effect_ng_per_ml`` is the delayed unbound brain level due to
    blood, None for a drug without an effect there. Values below zero by rounding are shown as zero.
    """

    spine: Spine
    times_ms: IntArray
    csf_ng_per_ml: FloatArray
    cord_inner_ng_per_ml: FloatArray
    cord_effect_ng_per_ml: FloatArray
    cisterna_ng_per_ml: FloatArray
    cranial_ng_per_ml: FloatArray
    brainstem_ng_per_ml: FloatArray
    plasma_ng_per_ml: FloatArray
    plasma_effect_ng_per_ml: FloatArray | None
    given_ng: FloatArray
    excreted_ng: FloatArray


@dataclass(frozen=True, slots=True)
class LevelReading:
    """One vertebral level at one time; below the end of the cord there is no cord concentration."""

    level: str
    csf_ng_per_ml: float
    cord_ng_per_ml: float | None


@dataclass(frozen=True, slots=True)
class LevelEffect:
    """Effect between 0 and 1 at the cord beside one vertebral level."""

    level: str
    effect: float


def observe(spine: Spine, times_ms: IntArray, amounts: FloatArray, given_ng: FloatArray) -> Samples:
    """Readings from state vectors, ``amounts`` [time, position]."""
    layout = spine.layout
    level = np.maximum(amounts, 0.0) / spine.volumes_ml
    inner = level[:, layout.cord_inner]
    return Samples(
        spine=spine,
        times_ms=times_ms,
        csf_ng_per_ml=level[:, layout.csf],
        cord_inner_ng_per_ml=inner,
        cord_effect_ng_per_ml=level[:, layout.cord_followers] if layout.lagged_cord else inner,
        cisterna_ng_per_ml=level[:, layout.cisterna],
        cranial_ng_per_ml=level[:, layout.cranial],
        brainstem_ng_per_ml=level[:, layout.brainstem],
        plasma_ng_per_ml=level[:, layout.plasma],
        plasma_effect_ng_per_ml=level[:, layout.plasma_followers.start] if layout.lagged_plasma else None,
        given_ng=given_ng,
        excreted_ng=amounts[:, layout.excreted],
    )


def by_level(samples: Samples, moment: int = -1) -> tuple[LevelReading, ...]:
    """CSF and inner cord concentration at each vertebral level, from head to foot, at one of the sampled times."""
    csf, cord = samples.csf_ng_per_ml[moment], samples.cord_inner_ng_per_ml[moment]
    return tuple(
        LevelReading(name, float(csf[cell]), float(cord[cell]) if cell < len(cord) else None)
        for name, cell in samples.spine.levels
    )


def effect_by_level(spine: Spine, along_cord: FloatArray) -> tuple[LevelEffect, ...]:
    """An effect given by cord cell, read at each vertebral level beside which there is cord."""
    return tuple(LevelEffect(name, float(along_cord[cell])) for name, cell in spine.cord_levels)
