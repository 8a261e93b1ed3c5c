"""Drug in is drug out: in the matrix, in every run, and a run that loses drug is never believed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.neuraxis.oracle import DAY, HOUR
from thecal.neuraxis import ExactEngine, MassBalanceError, Release, Spine, build_spine, by_needle


@pytest.mark.parametrize("drug", ["morphine", "baclofen"])
@pytest.mark.parametrize("refinement", [1, 2])
def test_every_column_of_the_matrix_sums_to_zero(request, anatomy, drug: str, refinement: int) -> None:
    spine = build_spine(request.getfixturevalue(drug).kinetics, anatomy, "T10", refinement=refinement)
    holding = spine.layout.core + 1
    columns = spine.matrix_per_h[:holding].sum(axis=0)
    scale = np.abs(spine.matrix_per_h[:holding]).max(axis=0)
    assert np.all(np.abs(columns) <= 1e-14 * np.maximum(scale, 1e-300) + 1e-300)
    assert np.all(spine.matrix_per_h - np.diag(np.diag(spine.matrix_per_h)) >= 0)


def test_what_follows_the_body_takes_nothing_from_it(baclofen: Spine, morphine: Spine) -> None:
    for spine in (baclofen, morphine):
        behind = spine.layout.core
        assert not spine.matrix_per_h[:behind, behind:].any()


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30 * DAY), st.floats(0.1, 1e6)), min_size=1, max_size=20),
    st.floats(0.0, 1e8),
)
def test_body_and_excreted_drug_add_up_to_the_drug_given(
    engine: ExactEngine, strokes: list[tuple[int, float]], infused_ng: float
) -> None:
    releases = [Release(at, at, mass) for at, mass in strokes] + [Release(0, 30 * DAY, infused_ng)]
    state = engine.advance(engine.start(), releases, 30 * DAY)
    given_ng = sum(release.mass_ng for release in releases)
    held_ng = engine.amounts_ng(state)[: engine.spine.layout.core + 1].sum()
    assert abs(held_ng - given_ng) <= 1e-9 * given_ng
    assert abs(state.given_ng - given_ng) <= 1e-12 * given_ng


def test_five_years_of_infusion_keep_their_mass(engine: ExactEngine) -> None:
    end = 5 * 365 * DAY
    samples = engine.sample(engine.start(), [Release(0, end, 4e9)], range(0, end + 1, 5 * DAY))
    assert abs(samples.given_ng[-1] - 4e9) < 1
    assert samples.excreted_ng[-1] < 4e9


def test_a_run_on_a_leaking_matrix_raises(morphine: Spine) -> None:
    matrix = morphine.matrix_per_h.copy()
    matrix[0, 0] *= 1.0001  # drug leaves the first cell and arrives nowhere
    leaking = ExactEngine(replace(morphine, matrix_per_h=matrix))
    with pytest.raises(MassBalanceError, match="ng found of"):
        leaking.advance(leaking.start(), [Release(0, 0, 1000.0)], 12 * HOUR)


def test_a_run_that_yields_no_number_raises(morphine_engine: ExactEngine) -> None:
    state = morphine_engine.start()
    broken = replace(state, weights=np.full_like(state.weights, np.nan))
    with pytest.raises(MassBalanceError):
        morphine_engine.advance(broken, [], HOUR)


@pytest.mark.parametrize("volume_ml", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("level", ["C1", "L3", "S2"])
def test_a_needle_dose_lies_wholly_in_csf(morphine: Spine, level: str, volume_ml: float) -> None:
    shares = by_needle(morphine, level, volume_ml, 3.0)
    assert abs(shares[morphine.layout.csf].sum() - 1) < 1e-12
    assert shares[morphine.layout.csf.stop :].sum() == 0
    assert shares.min() >= 0


def test_releases_that_would_be_lost_are_refused(morphine_engine: ExactEngine) -> None:
    state = morphine_engine.advance(morphine_engine.start(), [], HOUR)
    for release in (Release(0, 0, 1.0), Release(HOUR - 1, HOUR + 5, 1.0), Release(HOUR, 3 * HOUR, 1.0)):
        with pytest.raises(ValueError, match="outside the run"):
            morphine_engine.advance(state, [release], 2 * HOUR)


def test_bad_input_is_refused(anatomy, morphine: Spine, morphine_engine: ExactEngine, baclofen_engine) -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Release(2, 1, 1.0)
    for mass in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="mass"):
            Release(0, 0, mass)
    with pytest.raises(ValueError, match="in order"):
        morphine_engine.sample(morphine_engine.start(), [], [2, 1])
    with pytest.raises(ValueError, match="in order"):
        morphine_engine.sample(morphine_engine.start(HOUR), [], [0])
    with pytest.raises(ValueError, match="another spine"):
        morphine_engine.advance(baclofen_engine.start(), [], 1)
    with pytest.raises(ValueError, match="no vertebral level 'T13'"):
        build_spine(morphine.kinetics, anatomy, "T13")
    with pytest.raises(ValueError, match="shares"):
        morphine_engine.inject(morphine_engine.start(), np.zeros(morphine.layout.size), 1.0)
