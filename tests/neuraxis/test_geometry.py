"""The canal of the catalogue, cut into cells, keeps the volumes of the tables and follows the patient."""

import numpy as np
import pytest

from thecal.neuraxis import Spine, build_spine, steady_state
from thecal.neuraxis.grid import build_grid


def test_the_cells_hold_what_magnetic_resonance_found(anatomy) -> None:
    """CSF 97.3 mL, cord 19.9 mL, cord surface 112.2 cm2 in one adult; within 12 %. [Sass 2017]"""
    grid = build_grid(anatomy)
    assert grid.cells == 62
    assert grid.csf_volume_ml.sum() == pytest.approx(97.3, rel=0.12)
    assert grid.cord_volume_ml.sum() == pytest.approx(19.9, rel=0.12)
    assert grid.cord_surface_cm2.sum() == pytest.approx(112.2, rel=0.12)


@pytest.mark.parametrize("refinement", [1, 2, 3])
def test_cutting_keeps_the_volume_of_the_tables(anatomy, refinement: int) -> None:
    table_ml = sum(level.length_cm * level.csf_area_cm2 for level in anatomy.levels)
    assert build_grid(anatomy, refinement=refinement).csf_volume_ml.sum() == pytest.approx(table_ml, rel=1e-12)


def test_levels_run_down_the_canal_in_order(anatomy) -> None:
    cells = [cell for _, cell in build_grid(anatomy).level_cells]
    assert cells == sorted(set(cells))
    assert len(cells) == 26


@pytest.mark.parametrize("volume_ml", [10.6, 35.8, 61.3])
def test_a_patients_lumbosacral_volume_is_met_and_the_rest_left_alone(anatomy, volume_ml: float) -> None:
    """Range of 71 adults. [Sullivan 2006, Anesth Analg 103:1306]"""
    usual, scaled = build_grid(anatomy), build_grid(anatomy, volume_ml)
    above = usual.cell_of("T11")
    assert np.array_equal(usual.csf_volume_ml[:above], scaled.csf_volume_ml[:above])
    typical_ml = sum(x.length_cm * x.csf_area_cm2 for x in anatomy.levels[anatomy.level_names.index("T12") :])
    difference_ml = scaled.csf_volume_ml.sum() - usual.csf_volume_ml.sum()
    assert difference_ml == pytest.approx(volume_ml - typical_ml, rel=1e-9)


def test_less_lumbar_csf_means_higher_lumbar_levels(anatomy, morphine: Spine) -> None:
    lumbar = [
        steady_state(build_spine(morphine.kinetics, anatomy, "L2", lumbosacral_volume_ml=volume), 1e6).csf_ng_per_ml[0]
        for volume in (60.0, 36.0, 12.0)
    ]
    at_tip = [profile[morphine.grid.cell_of("L2")] for profile in lumbar]
    assert at_tip == sorted(at_tip)


def test_bad_measures_are_refused(anatomy) -> None:
    for volume_ml in (0.0, -3.0, float("nan")):
        with pytest.raises(ValueError, match="lumbosacral"):
            build_grid(anatomy, volume_ml)
    with pytest.raises(ValueError, match="refinement"):
        build_grid(anatomy, refinement=0)


def test_every_position_of_the_state_has_its_own_name(morphine: Spine, baclofen: Spine) -> None:
    for spine in (morphine, baclofen):
        assert len(spine.names) == len(set(spine.names)) == spine.layout.size
        assert spine.names[spine.layout.excreted] == "excreted"
        assert spine.names[spine.layout.plasma] == "plasma"
    assert baclofen.names[baclofen.layout.cord_followers.start] == "effect site 0"
    assert morphine.names[-1] == "effect site plasma"
