"""Relief of pain and depression of breathing by an opioid, from two sites: the dorsal horn and the brainstem.

Each site follows a Hill curve; the two reliefs combine as independent chances (Bliss). Supra-additivity of spinal and
systemic opioid (seen in rats) is not modelled. Parameters: Dahan 2004 for the upper site; the spinal half-effect
concentration is tuned to the duration of one single dose (Nordberg 1984). Valid for the naive state unless tolerance
factors are passed.

Doubt: spinal and supraspinal half-effect concentrations differ twentyfold in the same units, which no measurement
explains. It is the weakest part; a study of dorsal-horn concentration against relief would settle it.
"""

from dataclasses import dataclass

from thecal.catalogue.kinetics import Analgesia
from thecal.neuraxis.grid import FloatArray
from thecal.neuraxis.response import hill, penetration
from thecal.neuraxis.samples import LevelEffect, Samples, effect_by_level

WORST_PAIN = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class OpioidEffect:
    """Effects between 0 and 1 at each sampled time; ``spinal`` and ``relief`` also by cord cell."""

    samples: Samples
    drug: Analgesia
    spinal: FloatArray
    supraspinal: FloatArray
    relief: FloatArray
    respiratory: FloatArray

    def at(self, level: str) -> FloatArray:
        """Relief between 0 and 1 of pain that enters the cord beside this vertebral level.

        Raises ValueError for an unknown level, or one below the end of the cord.
        """
        return self.relief[:, self.samples.spine.cord_cell_of(level)]

    def pain(self, pain_before: float, level: str) -> FloatArray:
        """Pain score 0-10 at each time. Relief is at most 75 % (catalogue), as cohorts report 58-67 % on average.

        Raises ValueError for a score outside 0-10, or a level without cord.
        """
        if not 0 <= pain_before <= WORST_PAIN:
            raise ValueError(f"a pain score lies between 0 and 10, not {pain_before}")
        score: FloatArray = pain_before * (1 - self.drug.largest_relief * self.at(level))
        return score

    def by_level(self, moment: int = -1) -> tuple[LevelEffect, ...]:
        """Relief at each vertebral level beside which there is cord, at one of the sampled times."""
        return effect_by_level(self.samples.spine, self.relief[moment])


def opioid_effect(samples: Samples, analgesic_factor: float = 1.0, respiratory_factor: float = 1.0) -> OpioidEffect:
    """Effects of an opioid at each sampled time. The factors (``tolerance``) multiply the half-effect concentrations.

    Raises ValueError for a drug without an analgesic model or a factor that is not positive.
    """
    drug = samples.spine.kinetics.analgesia
    if drug is None or samples.plasma_effect_ng_per_ml is None:
        raise ValueError(f"{samples.spine.kinetics.drug} has no model of analgesia")
    if not (analgesic_factor > 0 and respiratory_factor > 0):
        raise ValueError("a tolerance factor must be above zero")
    capillary_per_min = samples.spine.kinetics.neuraxis.capillary_per_min
    at_horn = penetration(drug.dorsal_horn_depth_cm, drug.tissue_diffusivity_cm2_per_s, capillary_per_min)
    at_centre = penetration(drug.respiratory_centre_depth_cm, drug.tissue_diffusivity_cm2_per_s, capillary_per_min)
    horn = at_horn * samples.cord_effect_ng_per_ml
    centre = at_centre * samples.brainstem_ng_per_ml + samples.plasma_effect_ng_per_ml
    spinal = hill(horn, drug.c50_spinal_ng_per_ml * analgesic_factor, drug.hill_spinal)
    supraspinal = hill(centre, drug.c50_supraspinal_ng_per_ml * analgesic_factor, drug.hill_supraspinal)
    return OpioidEffect(
        samples=samples,
        drug=drug,
        spinal=spinal,
        supraspinal=supraspinal,
        relief=1 - (1 - spinal) * (1 - supraspinal[:, None]),
        respiratory=hill(centre, drug.c50_respiratory_ng_per_ml * respiratory_factor, drug.hill_respiratory),
    )
