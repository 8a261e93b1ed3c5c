"""What the released drug does in the patient: along the spine, and to pain or spasticity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import numpy as np

from thecal.bench.case_records import Case, Indication
from thecal.bench.result import DrugCourse, FloatArray, Score
from thecal.catalogue.anatomy import load_anatomy
from thecal.catalogue.kinetics import Tolerance, load_kinetics
from thecal.fluid import TipRelease
from thecal.neuraxis import (
    ExactEngine,
    Release,
    Samples,
    build_spine,
    opioid_effect,
    spasticity_effect,
)
from thecal.neuraxis.analgesia import WORST_PAIN
from thecal.neuraxis.spasticity import HIGHEST_SCORE
from thecal.neuraxis.tolerance import Adaptation, after_exposure, analgesic_factor, respiratory_factor

MS_PER_DAY = 86_400_000
LOOKS_PER_MOMENT = 12
GOLDEN = 0.6180339887498949


@lru_cache(maxsize=8)
def engine_for(drug: str, tip: str) -> ExactEngine:
    """The spine of the typical adult, taken apart once. Raises CatalogueError, ValueError."""
    return ExactEngine(build_spine(load_kinetics(drug), load_anatomy(), tip))


def course_of(drug: str, tip: str, releases: Sequence[TipRelease], times_ms: Sequence[int]) -> DrugCourse:
    """One drug along the spine at these times, from a spine without drug at time zero.

    Concentrations are means over the time since the moment before. A single instant would not do: a stroke makes a
    peak of seconds at the tip, and whether a moment falls on one is chance.
    """
    engine = engine_for(drug, tip)
    given = [
        Release(release.start_ms, release.end_ms, float(mass))
        for release in releases
        if (mass := release.masses.ng(drug)) != 0
    ]
    within = _looked_at(times_ms)
    samples = engine.sample(engine.start(), given, [time_ms for looks in within for time_ms in looks])
    return DrugCourse(drug, _means(samples, [len(looks) for looks in within]))


def _looked_at(times_ms: Sequence[int]) -> list[list[int]]:
    """For every moment the instants its mean is taken over; the last of them is the moment itself.

    They are spread by the golden ratio, so that no rhythm of strokes keeps step with them.
    """
    looks = [[times_ms[0]]]
    for index, (before_ms, moment_ms) in enumerate(pairwise(times_ms)):
        width = (moment_ms - before_ms) / LOOKS_PER_MOMENT
        inside = [
            before_ms + int(width * (look + (index * LOOKS_PER_MOMENT + look) * GOLDEN % 1.0))
            for look in range(LOOKS_PER_MOMENT)
        ]
        looks.append([*inside, moment_ms])
    return looks


def _means(samples: Samples, looks: list[int]) -> Samples:
    """One reading for each moment; drug given and excreted are those at the moment itself."""
    last = np.cumsum(looks) - 1
    first = last - np.array(looks) + 1
    shares = np.maximum(np.array(looks) - 1, 1)  # the moment itself is not part of the mean, except the very first

    def mean(values: FloatArray) -> FloatArray:
        summed = np.add.reduceat(values, first, axis=0)
        summed[1:] -= values[last[1:]]
        averaged: FloatArray = summed / (shares if values.ndim == 1 else shares[:, None])
        return averaged

    lagged = samples.plasma_effect_ng_per_ml
    return replace(
        samples,
        times_ms=samples.times_ms[last],
        csf_ng_per_ml=mean(samples.csf_ng_per_ml),
        cord_inner_ng_per_ml=mean(samples.cord_inner_ng_per_ml),
        cord_effect_ng_per_ml=mean(samples.cord_effect_ng_per_ml),
        cisterna_ng_per_ml=mean(samples.cisterna_ng_per_ml),
        cranial_ng_per_ml=mean(samples.cranial_ng_per_ml),
        brainstem_ng_per_ml=mean(samples.brainstem_ng_per_ml),
        plasma_ng_per_ml=mean(samples.plasma_ng_per_ml),
        plasma_effect_ng_per_ml=None if lagged is None else mean(lagged),
        given_ng=samples.given_ng[last],
        excreted_ng=samples.excreted_ng[last],
    )


def score_of(case: Case, samples: Samples) -> Score:
    """Pain or spasticity under the primary drug, scored beside the patient's level."""
    level = case.patient.level or case.system.tip
    if case.patient.indication is Indication.SPASTICITY:
        before = float(case.patient.ashworth_without_drug or 0)
        effect = spasticity_effect(samples)
        return Score("Ashworth score", before, HIGHEST_SCORE, level, effect.score(before, level), effect.relief, None)
    return _pain(case, samples, level)


def _pain(case: Case, samples: Samples, level: str) -> Score:
    """Tolerance grows from the first drug on; it is taken as constant within a day."""
    before = float(case.patient.pain_without_drug or 0)
    tolerance = samples.spine.kinetics.tolerance
    days = samples.times_ms // MS_PER_DAY
    parts = []
    respiratory = 1.0
    for day in np.unique(days):
        analgesic, respiratory = _factors(tolerance, case.patient.indication, _days_exposed(samples, int(day)))
        parts.append((days == day, opioid_effect(samples, analgesic, respiratory)))
    relief = _assembled([(rows, effect.relief) for rows, effect in parts])
    values = _assembled([(rows, effect.pain(before, level)) for rows, effect in parts])
    breathing = _assembled([(rows, effect.respiratory) for rows, effect in parts])
    return Score("pain score", before, WORST_PAIN, level, values, relief, breathing, respiratory)


def _assembled(parts: list[tuple[np.ndarray, FloatArray]]) -> FloatArray:
    """For every time the row of the part it belongs to."""
    whole = np.empty_like(parts[0][1])
    for rows, values in parts:
        whole[rows] = values[rows]
    return whole


def _days_exposed(samples: Samples, day: int) -> float:
    exposed = np.flatnonzero(samples.given_ng > 0)
    if not exposed.size:
        return 0.0
    return max(0.0, day - float(samples.times_ms[exposed[0]]) / MS_PER_DAY)


def _factors(tolerance: Tolerance | None, indication: Indication, days: float) -> tuple[float, float]:
    if tolerance is None:
        return 1.0, 1.0
    course = tolerance.cancer if indication is Indication.CANCER_PAIN else tolerance.noncancer
    now = after_exposure(Adaptation(), days, course)
    return analgesic_factor(now, course), respiratory_factor(now, course, tolerance.shared)
