"""Relief of spasticity by baclofen at the deep cord, an hour or so behind its concentration.

Structure after Heetla 2016 (delayed effect, steep axial gradient); the half-effect concentration is chosen so that
single doses of 50-100 microgram at T10 are effective, which was so in all twelve patients there. The score is a mean
Ashworth score on the scale 0-4.

Doubt: published dose needs differ tenfold between patients; nothing here tells which patient is which.
"""

from dataclasses import dataclass

from thecal.catalogue.kinetics import Spasticity
from thecal.neuraxis.grid import FloatArray
from thecal.neuraxis.response import hill
from thecal.neuraxis.samples import LevelEffect, Samples, effect_by_level

HIGHEST_SCORE = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class SpasticityEffect:
    """Relief between 0 and 1 at each sampled time and cord cell."""

    samples: Samples
    drug: Spasticity
    relief: FloatArray

    def at(self, level: str) -> FloatArray:
        """Relief between 0 and 1 at the cord beside a vertebral level. Raises ValueError where there is no cord."""
        return self.relief[:, self.samples.spine.cord_cell_of(level)]

    def score(self, score_before: float, level: str) -> FloatArray:
        """Ashworth score 0-4 at each time.

        Raises ValueError for a score outside 0-4, or a level without cord.
        """
        if not 0 <= score_before <= HIGHEST_SCORE:
            raise ValueError(f"an Ashworth score lies between 0 and 4, not {score_before}")
        score: FloatArray = score_before * (1 - self.drug.largest_relief * self.at(level))
        return score

    def by_level(self, moment: int = -1) -> tuple[LevelEffect, ...]:
        """Relief at each vertebral level beside which there is cord, at one of the sampled times."""
        return effect_by_level(self.samples.spine, self.relief[moment])


def spasticity_effect(samples: Samples) -> SpasticityEffect:
    """Effects of an antispastic drug. Raises ValueError for a drug without a model of spasticity."""
    drug = samples.spine.kinetics.spasticity
    if drug is None:
        raise ValueError(f"{samples.spine.kinetics.drug} has no model of spasticity")
    relief = hill(samples.cord_effect_ng_per_ml, drug.c50_deep_cord_ng_per_ml, drug.hill)
    return SpasticityEffect(samples, drug, relief)
