"""What arrives early: the law for all regimes against its limits, published points and a random walk."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hydraulics.random_walk import exits
from thecal.hydraulics import (
    Lumen,
    arrival,
    early_spill_share,
    laminar_outlet_share,
    laminar_spill,
    laminar_tip_share,
    spill_share,
    spread_share,
)

ML_PER_DAY = 1e-6 / 86_400
CATHETER = Lumen(1.0, 0.265e-3)
D = 7.0e-10
WALKED = [(0.01, 0.244), (0.05, 0.219), (0.132, 0.180), (0.5, 0.112), (1, 0.080), (3, 0.047), (7.92, 0.029)]


def flow_at(tau):
    return math.pi * D * CATHETER.length_m / tau


@pytest.mark.parametrize(("tau", "share"), WALKED)
def test_the_law_meets_the_published_random_walk(tau, share):
    """facts, catheters, 4.4: within 3 % (and the half of the last digit)."""
    assert early_spill_share(tau) == pytest.approx(share, rel=0.03, abs=0.0005)


@pytest.mark.parametrize("tau", [0.03, 0.132, 0.5, 2.0])
def test_law_and_arrival_meet_a_random_walk_walked_here(tau):
    left = exits(tau, particles=20_000, seed=20_241_105)
    found = arrival(CATHETER, flow_at(tau), D)
    assert np.mean(np.clip(1 - left, 0, None)) == pytest.approx(found.spill, rel=0.05)
    assert np.quantile(left, 0.1) == pytest.approx(found.tenth, abs=0.02)
    assert np.quantile(left, 0.5) == pytest.approx(found.half, abs=0.02)
    assert np.quantile(left, 0.9) == pytest.approx(found.nine_tenths, abs=0.05)


def test_without_diffusion_a_quarter_is_out_and_the_tip_is_at_half():
    """Polaschegg 2008: spill starts at half the volume; at one volume 25 % has left and the tip is at 50 %."""
    assert laminar_spill(0.5) == laminar_tip_share(0.5) == laminar_outlet_share(0.5) == 0
    assert laminar_spill(1.0) == early_spill_share(0) == 0.25
    assert laminar_tip_share(1.0) == 0.5
    assert laminar_outlet_share(1.0) == 0.75


@given(st.floats(0.5, 5))
def test_what_leaves_without_diffusion_adds_up(pushed):
    steps = 2_000
    width = pushed / steps
    out = sum(laminar_outlet_share((step + 0.5) * width) for step in range(steps)) * width
    assert out == pytest.approx(laminar_spill(pushed), abs=0.002)


@pytest.mark.parametrize("tau", [95, 380, 1900])
def test_the_law_runs_into_taylor(tau):
    assert early_spill_share(tau) == pytest.approx(1 / math.sqrt(48 * math.pi * tau), rel=0.001)


@pytest.mark.parametrize("ml_per_day", [0.006, 0.05, 0.1, 0.3, 1.0, 24])
def test_with_diffusion_along_the_axis_it_is_taylor_and_aris_at_every_slow_flow(ml_per_day):
    flow = ml_per_day * ML_PER_DAY
    taylor_aris = spread_share(CATHETER, flow, D) / math.sqrt(2 * math.pi)
    assert spill_share(CATHETER, flow, D) == pytest.approx(taylor_aris, rel=0.005)


@pytest.mark.parametrize("ml_per_day", [0.1, 0.5, 2.0, 10])
def test_arrival_at_therapeutic_flows_is_the_gaussian_of_taylor_and_aris(ml_per_day):
    flow = ml_per_day * ML_PER_DAY
    found, sigma = arrival(CATHETER, flow, D), spread_share(CATHETER, flow, D)
    assert found.tenth == pytest.approx(1 - 1.28155 * sigma, abs=0.002)
    assert found.half == pytest.approx(1, abs=0.0001)
    assert found.nine_tenths == pytest.approx(1 + 1.28155 * sigma, abs=0.002)


@given(st.floats(0.01, 2_000), st.floats(1.001, 3))
def test_a_faster_push_spills_more_and_spreads_the_arrival(tau, times):
    slow, fast = (arrival(CATHETER, flow_at(each), D) for each in (tau * times, tau))
    across = early_spill_share(tau), early_spill_share(tau * times)
    assert across[0] > across[1]
    assert 0 <= fast.tenth < fast.half < fast.nine_tenths
    assert fast.half <= slow.half <= 1


def test_so_slow_that_diffusion_is_ahead_of_the_flow_nothing_arrives_before_it_left():
    assert arrival(CATHETER, 1e-6 * ML_PER_DAY, D).tenth == 0


def test_outside_their_range_the_laws_refuse():
    with pytest.raises(ValueError, match="tau must not be negative"):
        early_spill_share(-0.1)
    with pytest.raises(ValueError, match=r"no law of arrival at tau = 0\.009"):
        arrival(CATHETER, flow_at(0.009), D)
