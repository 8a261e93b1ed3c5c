"""A simulation looks at the same therapy however often it looks, and its means follow the drug."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.bench_cases import example
from thecal.bench import body
from thecal.bench.account import accounts_of
from thecal.bench.simulate import MOMENTS_MAX, moments_of, simulate
from thecal.cli.link_protection import protected
from thecal.column import Masses
from thecal.fluid import TipRelease
from thecal.neuraxis import steady_state
from thecal.quantities import Duration

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
CONTROLLED = example("patient-controlled-morphine")


@given(st.integers(1, 4_000 * DAY_MS))
@settings(max_examples=100)
def test_moments_are_few_in_order_from_beginning_to_end_and_days_are_among_them(whole_ms):
    times = moments_of(replace(CONTROLLED, duration=Duration(whole_ms)))
    assert times[0] == 0
    assert times[-1] == whole_ms
    assert all(before < after for before, after in pairwise(times))
    assert len(times) <= MOMENTS_MAX + 1
    if whole_ms <= 31 * DAY_MS:
        assert set(range(0, whole_ms, DAY_MS)) <= set(times)


def test_the_protection_of_the_link_changes_nothing_that_happens():
    bare, over_oscore = simulate(CONTROLLED), simulate(CONTROLLED, protected("x"))
    assert bare.moments == over_oscore.moments
    assert bare.happenings == over_oscore.happenings


def test_a_drug_in_the_line_but_not_in_the_reservoir_is_followed_too():
    """Verify that saline is pushed out by baclofen after the line's volume, and both drugs get their account."""
    case = example("baclofen-morning-dose")
    left = replace(case.reservoir.drugs[0], drug="morphine")
    result = simulate(replace(case, line=replace(case.line, drugs=(left,))))
    baclofen, morphine = accounts_of(result)
    assert (baclofen.drug, morphine.drug) == ("baclofen", "morphine")
    assert morphine.released_ng == result.line_nl // 2
    assert baclofen.released_ng + morphine.released_ng == baclofen.delivered_ng
    assert morphine.delivered_ng == 0
    assert result.fluid_is_balanced
    assert result.neuraxis_error < 1e-9


def test_means_under_a_constant_release_are_the_steady_state():
    release = TipRelease(0, 20 * DAY_MS, Masses.of([("morphine", 20_000_000)]))
    samples = body.course_of("morphine", "T10", [release], range(0, 20 * DAY_MS + 1, DAY_MS)).samples
    steady = steady_state(body.engine_for("morphine", "T10").spine, 1_000_000 / 24)
    assert samples.csf_ng_per_ml[-1] == pytest.approx(steady.csf_ng_per_ml[0], rel=1e-3)
    assert samples.plasma_ng_per_ml[-1] == pytest.approx(steady.plasma_ng_per_ml[0], rel=1e-2)


def test_strokes_in_step_with_the_looking_do_not_deceive_it():
    """Verify that strokes exactly at the moments looked at give nearly the same as strokes between them.

    Looking at the moments alone would find half as much again.
    """
    times = range(0, 2 * DAY_MS + 1, HOUR_MS)
    each = Masses.of([("morphine", 5_000)])

    def at_tip(first_ms):
        strokes = [TipRelease(at, at, each) for at in range(first_ms, 2 * DAY_MS, HOUR_MS // 20)]
        samples = body.course_of("morphine", "T10", strokes, times).samples
        return samples.csf_ng_per_ml[24:, samples.spine.tip_cell]

    in_step, between = at_tip(HOUR_MS), at_tip(HOUR_MS + HOUR_MS // 40)
    assert np.abs(in_step / between - 1).max() < 0.15
    assert in_step.mean() == pytest.approx(between.mean(), rel=0.02)


def test_tolerance_makes_the_same_dose_relieve_less():
    samples = simulate(example("wilkes-2018-microdose")).primary.samples
    case = example("wilkes-2018-microdose")
    score = body.score_of(case, samples)
    same_day, much_later = (np.flatnonzero(samples.times_ms // DAY_MS == day)[0] for day in (2, 13))
    cell = dict(samples.spine.cord_levels)["T9"]
    assert samples.cord_inner_ng_per_ml[much_later, cell] == pytest.approx(
        samples.cord_inner_ng_per_ml[same_day, cell], rel=0.02
    )
    assert score.values[much_later] > score.values[same_day]
