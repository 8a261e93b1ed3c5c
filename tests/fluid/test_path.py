"""What the fluid path truly holds: every nanogram is accounted for, whatever pump and needle do."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.column import NOTHING, SALINE, Fluid
from thecal.fluid import FluidPath, Run, TrueReservoir

MORPHINE = Fluid.of([("morphine", 10_000_000)])
STRONGER = Fluid.of([("morphine", 20_000_000)])
MIXTURE = Fluid.of([("baclofen", 500_000), ("morphine", Fraction(1, 3))])
fluids = st.sampled_from([SALINE, MORPHINE, STRONGER, MIXTURE])

acts = st.lists(
    st.one_of(
        st.tuples(st.just("strokes"), st.integers(1, 60), st.integers(1, 50)),
        st.tuples(st.just("withdraw"), st.integers(0, 3_000)),
        st.tuples(st.just("fill"), st.integers(0, 3_000), fluids),
    ),
    max_size=10,
)


def path_of(volume_nl, fluid, line_nl=340, line_fluid=SALINE):
    return FluidPath.implanted(TrueReservoir(2_000, 140, volume_nl, fluid), line_nl, line_fluid)


@given(st.integers(0, 2_000), fluids, st.integers(1, 400), fluids, acts)
@settings(max_examples=100)
def test_filled_is_always_reservoir_and_line_and_released_and_withdrawn(volume_nl, fluid, line_nl, line_fluid, done):
    path = path_of(volume_nl, fluid if volume_nl else SALINE, line_nl, line_fluid)
    for act, *how in done:
        path = getattr(path, act)(*how)[0]
        assert path.is_balanced
        assert path.line.volume_nl == line_nl
        assert 0 <= path.reservoir.volume_nl <= path.reservoir.capacity_nl


@given(st.integers(0, 2_000), fluids, st.integers(1, 400), fluids, st.integers(1, 80), st.integers(1, 60))
@settings(max_examples=100)
def test_a_train_of_strokes_is_the_same_as_one_stroke_after_another(volume, fluid, line_nl, line_fluid, count, stroke):
    start = path_of(volume, fluid if volume else SALINE, line_nl, line_fluid)
    together, runs = start.strokes(count, stroke)
    apart, released = start, []
    for _ in range(count):
        apart, masses = apart.stroke(stroke)
        released.append(masses)
    assert together == apart
    assert [run.masses for run in runs for _ in range(run.count)] == released


def test_a_stroke_from_an_empty_reservoir_delivers_nothing():
    empty = path_of(0, SALINE, line_fluid=MORPHINE)
    after, released = empty.stroke(500)
    assert released == NOTHING
    assert after == empty
    assert empty.strokes(1_000, 500) == (empty, (Run(1, NOTHING), Run(999, NOTHING)))


def test_the_last_part_of_a_stroke_is_delivered():
    path, released = path_of(30, MORPHINE, line_fluid=MORPHINE).stroke(500)
    assert path.reservoir.volume_nl == 0
    assert released == MORPHINE.mass_in(30)


def test_saline_leaves_first_and_the_drug_after_one_line_volume():
    path, runs = path_of(2_000, MORPHINE, line_nl=340).strokes(10, 100)
    released_ng = [run.masses.ng("morphine") for run in runs for _ in range(run.count)]
    assert released_ng == [0, 0, 0, 600, *(6 * [1_000])]
    assert path.books.released.ng("morphine") == 6_600


def test_a_needle_leaves_the_residual_and_a_refill_mixes_with_it():
    path, drawn_nl = path_of(1_000, STRONGER).withdraw(5_000)
    assert (drawn_nl, path.reservoir.volume_nl) == (860, 140)
    path, put_nl = path.fill(1_860, MORPHINE)
    assert put_nl == 1_860
    assert path.reservoir.fluid.ng_per_ml("morphine") == Fraction(140 * 20_000_000 + 1_860 * 10_000_000, 2_000)
    assert path.is_balanced


def test_no_more_goes_in_than_the_reservoir_holds():
    path, put_nl = path_of(1_500, MORPHINE).fill(1_000, MORPHINE)
    assert (put_nl, path.reservoir.volume_nl) == (500, 2_000)
    assert path.fill(1, STRONGER) == (path, 0)


def test_the_residual_is_out_of_reach_of_the_needle_only():
    path, drawn_nl = path_of(100, MORPHINE).withdraw(50)
    assert drawn_nl == 0
    assert path.stroke(100)[0].reservoir.volume_nl == 0


@pytest.mark.parametrize("volume_nl", [-1, 2_001])
def test_a_reservoir_holds_from_nothing_to_its_capacity(volume_nl):
    with pytest.raises(ValueError, match="cannot hold"):
        TrueReservoir(2_000, 140, volume_nl, MORPHINE)
