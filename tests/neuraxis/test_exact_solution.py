"""The engine is exact: it agrees with another method, and how one asks never changes the answer."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.neuraxis.oracle import DAY, HOUR, dense_solution, relative_error
from thecal.neuraxis import ExactEngine, Release, Spine, at_the_tip, build_spine, by_mouth, steady_state
from thecal.neuraxis.modes import decompose

DAY_LONG = 26 * HOUR
A_DAY_OF_BOTH = (
    Release(0, 20 * HOUR, 2e6),
    Release(123_457, 123_457, 5e4),
    Release(7 * HOUR + 1, 7 * HOUR + 600_000, 1e5),
    Release(25 * HOUR, 25 * HOUR, 3e4),
)


def test_a_single_stroke_agrees_with_the_matrix_exponential(engine: ExactEngine) -> None:
    """From one millisecond to thirty days, relative to the peak of the course."""
    stroke = [Release(0, 0, 500.0)]
    elapsed = (1, 1_000, 60_000, HOUR, DAY, 30 * DAY)
    found = np.array([engine.amounts_ng(engine.advance(engine.start(), stroke, ms)) for ms in elapsed])
    true = np.array([dense_solution(engine.spine, stroke, ms) for ms in elapsed])
    assert relative_error(engine.spine, found, true) < 1e-10


def test_strokes_and_infusions_at_odd_milliseconds_agree_with_the_matrix_exponential(engine: ExactEngine) -> None:
    found = engine.amounts_ng(engine.advance(engine.start(), A_DAY_OF_BOTH, DAY_LONG))
    true = dense_solution(engine.spine, A_DAY_OF_BOTH, DAY_LONG)
    assert relative_error(engine.spine, found, true) < 1e-10


def test_a_dose_by_mouth_agrees_with_the_matrix_exponential(engine: ExactEngine) -> None:
    """To 1e-9 only: the cord then holds a millionth of the dose, and rounding is relative to the dose."""
    swallowed = engine.inject(engine.start(), by_mouth(engine.spine), 1e7)
    found = engine.amounts_ng(engine.advance(swallowed, [], 3 * HOUR))
    true = dense_solution(engine.spine, [], 3 * HOUR, start=by_mouth(engine.spine) * 1e7)
    assert relative_error(engine.spine, found, true) < 1e-9


def with_a_circulation(spine: Spine, clearance_per_h: float) -> Spine:
    """Drug forced round a loop of three cells: three equal one-way rates have complex eigenvalues by construction."""
    matrix = spine.matrix_per_h.copy()
    loop = (5, 20, 40)
    for source, target in zip(loop, (*loop[1:], loop[0]), strict=True):
        matrix[source, source] -= clearance_per_h
        matrix[target, source] += clearance_per_h
    return replace(spine, matrix_per_h=matrix)


def test_complex_pairs_of_modes_are_solved_as_exactly_as_real_ones(engine: ExactEngine) -> None:
    """Verify, on a neuraxis that whirls:
    - the modes really are complex
    - amounts agree with the matrix exponential, are real, and mass is kept
    """
    whirling = ExactEngine(with_a_circulation(engine.spine, 900.0))
    assert np.abs(np.imag(decompose(whirling.spine).rates_per_h)).max() > 100
    found = whirling.amounts_ng(whirling.advance(whirling.start(), A_DAY_OF_BOTH, DAY_LONG))
    assert found.dtype == np.float64
    true = dense_solution(whirling.spine, A_DAY_OF_BOTH, DAY_LONG)
    assert relative_error(whirling.spine, found, true) < 1e-10
    sampled = whirling.sample(whirling.start(), A_DAY_OF_BOTH, range(0, DAY_LONG + 1, HOUR))
    assert sampled.csf_ng_per_ml.dtype == np.float64


def test_an_effect_site_as_fast_as_a_mode_of_the_body_is_still_followed(baclofen: Spine) -> None:
    """At coincidence the two modes merge; the engine moves the effect site by 3e-5 and says so."""
    fades = np.sort(-np.linalg.eigvals(baclofen.matrix_per_h[: baclofen.layout.core, : baclofen.layout.core]).real)
    rate = float(fades[3])
    matrix = baclofen.matrix_per_h.copy()
    rows = baclofen.layout.cord_followers
    matrix[rows] *= rate / -matrix[rows.start, rows.start]
    coinciding = ExactEngine(replace(baclofen, matrix_per_h=matrix))
    found = coinciding.amounts_ng(coinciding.advance(coinciding.start(), A_DAY_OF_BOTH, DAY_LONG))
    true = dense_solution(coinciding.spine, A_DAY_OF_BOTH, DAY_LONG)
    assert relative_error(coinciding.spine, found, true) < 1e-4
    assert relative_error(coinciding.spine, found, true) > 0


releases = st.builds(
    lambda start, length, mass: Release(start, start + length, mass),
    st.integers(0, 10 * HOUR),
    st.one_of(st.just(0), st.integers(1, 10 * HOUR)),
    st.floats(1.0, 1e6),
)


@settings(max_examples=20, deadline=None)
@given(st.lists(releases, max_size=6), st.lists(releases, max_size=6))
def test_the_answer_to_two_sets_of_releases_is_the_sum_of_the_answers(
    morphine_engine: ExactEngine, one: list[Release], other: list[Release]
) -> None:
    def answer(given_releases: list[Release]) -> np.ndarray:
        return morphine_engine.amounts_ng(morphine_engine.advance(morphine_engine.start(), given_releases, DAY))

    together = answer(one + other)
    scale = max(float(np.abs(together).max()), 1.0)
    assert np.abs(together - answer(one) - answer(other)).max() < 1e-12 * scale


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, DAY_LONG), max_size=30))
def test_other_output_times_never_change_a_value(baclofen_engine: ExactEngine, extra: list[int]) -> None:
    plain = baclofen_engine.sample(baclofen_engine.start(), A_DAY_OF_BOTH, [7 * HOUR, DAY_LONG])
    times = sorted({*extra, 7 * HOUR, DAY_LONG})
    dense = baclofen_engine.sample(baclofen_engine.start(), A_DAY_OF_BOTH, times)
    shared = [times.index(7 * HOUR), times.index(DAY_LONG)]
    for name in ("csf_ng_per_ml", "cord_inner_ng_per_ml", "cord_effect_ng_per_ml", "plasma_ng_per_ml", "given_ng"):
        expected, found = getattr(plain, name), getattr(dense, name)[shared]
        assert np.abs(found - expected).max() <= 1e-11 * np.abs(expected).max(), name


def test_running_in_two_parts_is_running_once(engine: ExactEngine) -> None:
    middle = 7 * HOUR + 300_000  # inside two releases, which are therefore split by hand
    before = [Release(0, middle, 1e6 * middle / (20 * HOUR)), Release(100, 100, 7e3)]
    after = [Release(middle, 20 * HOUR, 1e6 * (20 * HOUR - middle) / (20 * HOUR))]
    parts = engine.advance(engine.advance(engine.start(), before, middle), after, DAY)
    whole = engine.advance(engine.start(), [Release(0, 20 * HOUR, 1e6), Release(100, 100, 7e3)], DAY)
    assert relative_error(engine.spine, engine.amounts_ng(parts), engine.amounts_ng(whole)) < 1e-12


def test_a_course_ends_in_the_state_that_advancing_reaches(engine: ExactEngine) -> None:
    course = engine.course(engine.start(), A_DAY_OF_BOTH, range(0, DAY_LONG + 1, HOUR))
    straight = engine.advance(engine.start(), A_DAY_OF_BOTH, DAY_LONG)
    assert course.end.at_ms == straight.at_ms == DAY_LONG
    assert math.isclose(course.end.given_ng, straight.given_ng, rel_tol=1e-14)
    assert relative_error(engine.spine, engine.amounts_ng(course.end), engine.amounts_ng(straight)) < 1e-12


def test_a_stroke_at_an_output_time_is_in_that_output(engine: ExactEngine) -> None:
    samples = engine.sample(engine.start(), [Release(HOUR, HOUR, 1000.0)], [HOUR - 1, HOUR, HOUR + 1])
    assert samples.given_ng.tolist() == [0.0, 1000.0, 1000.0]
    assert samples.csf_ng_per_ml[0].max() == 0
    tip = engine.spine.tip_cell
    assert math.isclose(samples.csf_ng_per_ml[1, tip], 1000.0 / engine.spine.grid.csf_volume_ml[tip], rel_tol=1e-12)


def test_a_long_infusion_comes_to_the_steady_state_found_by_one_solve(engine: ExactEngine) -> None:
    days = 60
    infused = engine.sample(engine.start(), [Release(0, days * DAY, days * 1e6)], [days * DAY])
    rest = steady_state(engine.spine, 1e6 / 24)
    for name in ("csf_ng_per_ml", "cord_inner_ng_per_ml", "cord_effect_ng_per_ml", "brainstem_ng_per_ml"):
        assert np.allclose(getattr(infused, name), getattr(rest, name), rtol=1e-9), name
    assert np.isclose(infused.plasma_ng_per_ml[0], rest.plasma_ng_per_ml[0], rtol=1e-9)


def test_no_compartment_ever_holds_less_than_nothing(engine: ExactEngine) -> None:
    for at_ms in (1, 10, 1000, 10_000, 60_000, HOUR, DAY):
        amounts = engine.amounts_ng(engine.advance(engine.start(), [Release(0, 0, 1e5)], at_ms))
        assert amounts.min() > -1e-9, at_ms  # 1e-14 of the dose


@pytest.mark.parametrize("level", ["C1", "T4", "L4", "S2"])
def test_the_tip_may_lie_at_any_level(anatomy, morphine: Spine, level: str) -> None:
    spine = build_spine(morphine.kinetics, anatomy, level)
    rest = steady_state(spine, 1e5)
    assert int(rest.csf_ng_per_ml[0].argmax()) == spine.tip_cell == int(at_the_tip(spine).argmax())
