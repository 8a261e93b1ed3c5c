"""Published observations the model must meet without being told the case. Names O1... as in docs/models/spine.md."""

import math
from itertools import pairwise

import numpy as np
import pytest

from tests.neuraxis.oracle import DAY, HOUR
from thecal.neuraxis import (
    ExactEngine,
    Release,
    Samples,
    Spine,
    build_spine,
    by_level,
    by_needle,
    into_blood,
    opioid_effect,
    steady_state,
)

MINUTE = 60_000


def after_needle(engine: ExactEngine, dose_ng: float, hours: int, level: str = "L3") -> Samples:
    """Readings each minute after 1 mL by needle."""
    dosed = engine.inject(engine.start(), by_needle(engine.spine, level, 1.0, 3.0), dose_ng)
    return engine.sample(dosed, [], range(0, hours * HOUR + 1, MINUTE))


def csf_at(samples: Samples, level: str) -> np.ndarray:
    return samples.csf_ng_per_ml[:, samples.spine.grid.cell_of(level)]


def half_life_h(level: np.ndarray, from_h: float, to_h: float) -> float:
    """By regression of the logarithm over readings each minute."""
    part = slice(int(from_h * 60), int(to_h * 60) + 1)
    minutes = np.arange(len(level))[part]
    return -math.log(2) / float(np.polyfit(minutes, np.log(level[part]), 1)[0]) / 60


@pytest.fixture(scope="module")
def quarter_milligram(morphine_engine: ExactEngine) -> Samples:
    """Intrathecal morphine 0.25 mg at L3, followed for 96 h."""
    return after_needle(morphine_engine, 0.25e6, 96)


def test_o1_csf_one_hour_after_a_quarter_milligram(quarter_milligram: Samples) -> None:
    """Observed 4228 SEM 361 ng/mL in 15 patients; band 0.5-2 times. [Nordberg 1984, Anesthesiology 60:448]"""
    assert 2100 < csf_at(quarter_milligram, "L3")[60] < 8500


def test_o2_terminal_half_life_in_csf(quarter_milligram: Samples) -> None:
    """Observed 196 SEM 13 min; band 130-260 min over 2-12 h. [Nordberg 1984]"""
    assert 130 < 60 * half_life_h(csf_at(quarter_milligram, "L3"), 2, 12) < 260


def test_o3_clearance_seen_from_lumbar_csf(quarter_milligram: Samples) -> None:
    """Observed 0.24 mL/min (dose / area); band 0.12-0.48. [Nordberg 1984]"""
    area_ng_min_per_ml = np.trapezoid(csf_at(quarter_milligram, "L3"))
    assert 0.12 < 0.25e6 / area_ng_min_per_ml < 0.48


def test_o4_plasma_stays_below_one_nanogram(quarter_milligram: Samples) -> None:
    """Observed below 1 ng/mL throughout. [Nordberg 1984]"""
    assert 0 < quarter_milligram.plasma_ng_per_ml.max() < 1


def test_o15_csf_after_systemic_morphine(morphine_engine: ExactEngine) -> None:
    """Lumbar CSF peaks at about 3 h (band 2-5) and stays slightly below plasma at 4 h (band 0.5-1).

    Observed after 10 mg into muscle; here into blood, for want of a muscle depot, so the peak may only be earlier.
    [Nordberg 1985, Eur J Clin Pharmacol 27:677]
    """
    dosed = morphine_engine.inject(morphine_engine.start(), into_blood(morphine_engine.spine), 10e6)
    samples = morphine_engine.sample(dosed, [], range(0, 12 * HOUR, MINUTE))
    lumbar = csf_at(samples, "L3")
    assert 2 < lumbar.argmax() / 60 < 5
    assert 0.5 < lumbar[240] / samples.plasma_ng_per_ml[240] < 1.0


def test_o17_baclofen_half_life_after_a_hundred_micrograms(baclofen_engine: ExactEngine) -> None:
    """Observed 0.9-5 h over 0.5-4 h in 4 patients. [Sallerin-Caute 1991, Eur J Clin Pharmacol 40:363]"""
    samples = after_needle(baclofen_engine, 1e5, 24)
    assert 0.9 < half_life_h(csf_at(samples, "L3"), 0.5, 4) < 5


def test_o17_baclofen_clearance_misses_its_band_by_a_hair(baclofen_engine: ExactEngine) -> None:
    """Observed 0.22-1.3 mL/min [Sallerin-Caute 1991]; the model gives 0.215. A miss, told in docs/models/spine.md.

    Pinned, so that the page is corrected when the model changes.
    """
    samples = after_needle(baclofen_engine, 1e5, 96)
    assert 0.210 < 1e5 / np.trapezoid(csf_at(samples, "L3")) < 0.22


def test_o21_order_of_levels_in_the_medulla(quarter_milligram: Samples) -> None:
    """Of 3, 6 and 24 h the medulla holds most at 6 h. [Gregory 1985, Anesth Analg 64:929, baboon]"""
    at_three, at_six, at_day = quarter_milligram.brainstem_ng_per_ml[[180, 360, 1440]]
    assert at_six > at_three > at_day


def test_o22_lumbar_level_is_proportional_to_dose_and_falls_with_distance_from_the_tip(
    anatomy, morphine: Spine
) -> None:
    """Verify, for 1.6-25 mg/day:
    - lumbar CSF per mg is the same at every dose
    - it falls with every segment between tip and needle
    [Wallace & Yaksh 2012, Anesth Analg 115:797]
    """
    per_mg = [csf_at(steady_state(morphine, mg * 1e6 / 24), "L4")[0] / mg for mg in (1.6, 5.0, 25.0)]
    assert np.allclose(per_mg, per_mg[0], rtol=1e-12)
    tips = ("L2", "T12", "T10", "T8", "T6", "T4")
    at_needle = [csf_at(steady_state(build_spine(morphine.kinetics, anatomy, tip), 1e6), "L3")[0] for tip in tips]
    assert all(near > far for near, far in pairwise(at_needle))


def test_o24_all_of_an_intrathecal_dose_reaches_blood(morphine_engine: ExactEngine) -> None:
    """Observed complete systemic availability. [Eur J Clin Pharmacol 1986 30:575] Nothing else excretes here."""
    spine = morphine_engine.spine
    ways_out = np.flatnonzero(spine.matrix_per_h[spine.layout.excreted])
    assert ways_out.tolist() == [spine.layout.gut, spine.layout.plasma]
    end = morphine_engine.advance(morphine_engine.start(), [Release(0, 0, 0.25e6)], 20 * DAY)
    assert 0.98 < morphine_engine.amounts_ng(end)[spine.layout.excreted] / 0.25e6 < 1.02


def test_steady_infusion_of_one_milligram_a_day_at_t10(morphine: Spine) -> None:
    """Two independent builds of this model gave 2290 and 2432 ng/mL at the tip and 0.56 ng/mL in plasma."""
    rest = steady_state(morphine, 1e6 / 24)
    readings = {reading.level: reading for reading in by_level(rest)}
    assert 2290 <= readings["T10"].csf_ng_per_ml <= 2440
    assert 1390 <= readings["T6"].csf_ng_per_ml <= 1490
    assert 1770 <= readings["L4"].csf_ng_per_ml <= 1920
    assert rest.plasma_ng_per_ml[0] == pytest.approx(0.56, abs=0.01)
    assert readings["L4"].cord_ng_per_ml is None


def test_p1_duration_of_a_quarter_milligram(quarter_milligram: Samples) -> None:
    """Dose-related mean about 12 h, band 8-16 h: time with more than half of full effect. [Nordberg 1984]"""
    hours = np.count_nonzero(opioid_effect(quarter_milligram).at("T10") > 0.5) / 60
    assert 8 < hours < 16


def test_p2_breathing_is_depressed_most_after_hours_not_minutes(quarter_milligram: Samples) -> None:
    """Window of the peak 3.5-8 h, never before 2 h. [Bailey 1993, Anesthesiology 79:49, recalled]"""
    assert 3.5 < opioid_effect(quarter_milligram).respiratory.argmax() / 60 < 8


def test_p3_breathing_suffers_at_least_as_much_from_spinal_as_from_equianalgesic_intravenous_morphine(
    morphine_engine: ExactEngine,
) -> None:
    """0.3 mg intrathecal against 0.14 mg/kg into blood, over 14 h. [Bailey 2000, N Engl J Med 343:1228]"""
    spinal = opioid_effect(after_needle(morphine_engine, 0.3e6, 14)).respiratory
    dosed = morphine_engine.inject(morphine_engine.start(), into_blood(morphine_engine.spine), 9.8e6)
    blood = opioid_effect(morphine_engine.sample(dosed, [], range(0, 14 * HOUR + 1, MINUTE))).respiratory
    assert spinal.sum() >= blood.sum()
    assert spinal[720] > blood[720]


def test_halving_the_cells_moves_observations_by_less_than_three_percent(anatomy, morphine: Spine) -> None:
    fine = ExactEngine(build_spine(morphine.kinetics, anatomy, "T10", refinement=2))
    usual = ExactEngine(morphine)
    for level, minute in (("L3", 60), ("L3", 720), ("T10", 240)):
        one, other = (csf_at(after_needle(engine, 0.25e6, 12), level)[minute] for engine in (usual, fine))
        assert one == pytest.approx(other, rel=0.03)
    one, other = (csf_at(steady_state(engine.spine, 1e6), "L4")[0] for engine in (usual, fine))
    assert one == pytest.approx(other, rel=0.03)
