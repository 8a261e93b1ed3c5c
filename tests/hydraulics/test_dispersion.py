"""A front spreads as Taylor and Aris say; the derived table for a catheter of one metre is reproduced."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thecal.hydraulics import (
    Lumen,
    back_diffusion_m,
    crossings,
    effective_dispersion_m2_per_s,
    peclet,
    resting_spread_m,
    spill_share,
    spread_share,
    tip_share,
)

ML_PER_DAY = 1e-6 / 86_400  # m3/s
CATHETER = Lumen(length_m=1.0, radius_m=0.265e-3)
D = 7.0e-10

TABLE = [  # facts, catheters, 4.3: mL/day, um/s, Pe, K, h, tau, sigma % and uL, out early uL
    (0.1, 5.25, 1.99, 7.58e-10, 52.95, 1900, 1.70, 3.75, 1.50),
    (0.25, 13.1, 4.97, 1.06e-9, 21.18, 760, 1.27, 2.80, 1.12),
    (0.3, 15.7, 5.96, 1.22e-9, 17.65, 633, 1.24, 2.74, 1.10),
    (0.5, 26.2, 9.93, 2.14e-9, 10.59, 380, 1.28, 2.82, 1.12),
    (1.0, 52.5, 19.9, 6.45e-9, 5.30, 190, 1.57, 3.46, 1.38),
    (2.0, 105, 39.7, 2.37e-8, 2.65, 95, 2.13, 4.69, 1.87),
    (24, 1259, 477, 3.31e-6, 0.221, 7.9, 7.25, 16.0, 6.39),
]
LITRE = 1e-9  # m3 in a microlitre


@pytest.mark.parametrize("row", TABLE, ids=[f"{row[0]} mL/day" for row in TABLE])
def test_the_table_for_one_metre_of_catheter(row):
    ml_per_day, um_per_s, pe, k, hours, tau, percent, microlitre, early = row
    flow = ml_per_day * ML_PER_DAY
    speed = CATHETER.mean_speed_m_per_s(flow)
    sigma = spread_share(CATHETER, flow, D)
    assert CATHETER.volume_m3 / LITRE == pytest.approx(220.6, abs=0.05)
    assert speed * 1e6 == pytest.approx(um_per_s, rel=0.003)
    assert peclet(CATHETER, flow, D) == pytest.approx(pe, rel=0.003)
    assert effective_dispersion_m2_per_s(CATHETER, flow, D) == pytest.approx(k, rel=0.005)
    assert CATHETER.length_m / speed / 3600 == pytest.approx(hours, rel=0.002)
    assert crossings(1.0, flow, D) == pytest.approx(tau, rel=0.005)
    assert sigma * 100 == pytest.approx(percent, abs=0.006)
    assert sigma * CATHETER.volume_m3 / LITRE == pytest.approx(microlitre, rel=0.004)
    assert spill_share(CATHETER, flow, D) * CATHETER.volume_m3 / LITRE == pytest.approx(early, rel=0.005)


def test_a_hand_push_of_one_millilitre_a_minute_has_no_gaussian_front():
    flow = 1440 * ML_PER_DAY
    assert crossings(1.0, flow, D) == pytest.approx(0.13, abs=0.003)
    assert peclet(CATHETER, flow, D) == pytest.approx(28_599, rel=0.001)
    with pytest.raises(ValueError, match=r"no Gaussian front at tau = 0\.132"):
        spread_share(CATHETER, flow, D)
    assert spill_share(CATHETER, flow, D) * CATHETER.volume_m3 / LITRE == pytest.approx(40, abs=1)


def test_the_spread_is_least_where_diffusion_and_shear_balance():
    """Least sigma over flow at Pe = sqrt 48, where K is twice D."""
    best = math.sqrt(48) * D / CATHETER.radius_m * math.pi * CATHETER.radius_m**2
    assert effective_dispersion_m2_per_s(CATHETER, best, D) == pytest.approx(2 * D)
    assert spread_share(CATHETER, best, D) < min(spread_share(CATHETER, best * f, D) for f in (0.9, 1.1))


def test_at_one_hundred_and_ninety_millilitres_a_day_molecules_cross_a_metre_of_lumen_once():
    assert crossings(1.0, 190 * ML_PER_DAY, D) == pytest.approx(1.0, abs=0.002)


def test_the_front_of_a_fast_flow_does_not_know_the_bore():
    """For Pe far above 7: sigma_V/V = sqrt(Q / (24 pi D L))."""
    flow = 24 * ML_PER_DAY
    narrow = Lumen(1.0, 0.2e-3)
    assert spread_share(narrow, flow, D) == pytest.approx(spread_share(CATHETER, flow, D), rel=0.001)
    assert spread_share(CATHETER, flow, D) == pytest.approx(math.sqrt(flow / (24 * math.pi * D)), rel=0.001)


def test_half_strength_at_the_tip_when_one_volume_has_entered():
    flow = 0.5 * ML_PER_DAY
    assert tip_share(CATHETER, flow, D, CATHETER.volume_m3) == pytest.approx(0.5)


@given(st.floats(0.05, 24), st.floats(0.5, 1.4), st.floats(0.001, 0.1))
def test_the_tip_only_ever_gets_stronger(ml_per_day, pushed, more):
    flow, volume = ml_per_day * ML_PER_DAY, CATHETER.volume_m3
    first = tip_share(CATHETER, flow, D, pushed * volume)
    assert 0 <= first <= tip_share(CATHETER, flow, D, (pushed + more) * volume) <= 1


def test_what_has_left_early_is_what_the_rising_tip_let_out():
    """The step response summed up to one volume is the early spill, sigma_V / sqrt(2 pi)."""
    flow, volume, steps = 2.0 * ML_PER_DAY, CATHETER.volume_m3, 4000
    out = sum(tip_share(CATHETER, flow, D, volume * (step + 0.5) / steps) for step in range(steps)) / steps
    assert out == pytest.approx(spread_share(CATHETER, flow, D) / math.sqrt(2 * math.pi), rel=1e-4)
    assert out == pytest.approx(spill_share(CATHETER, flow, D), rel=0.005)


def test_rest_and_back_diffusion():
    assert resting_spread_m(D, 86_400) == pytest.approx(0.011, rel=0.01)
    assert back_diffusion_m(CATHETER, 0.1 * ML_PER_DAY, D) == pytest.approx(0.13e-3, rel=0.03)


def test_a_lumen_is_known_by_what_it_holds():
    assert Lumen.holding(CATHETER.volume_m3, 1.0).radius_m == pytest.approx(CATHETER.radius_m)


@pytest.mark.parametrize(
    "beyond",
    [
        lambda: Lumen(0.0, 1e-4),
        lambda: Lumen(1.0, 0.0),
        lambda: Lumen.holding(0.0, 1.0),
        lambda: Lumen.holding(1e-7, 0.0),
        lambda: peclet(CATHETER, 0.0, D),
        lambda: peclet(CATHETER, ML_PER_DAY, 0.0),
        lambda: crossings(1.0, 0.0, D),
        lambda: resting_spread_m(D, -1.0),
        lambda: back_diffusion_m(CATHETER, ML_PER_DAY, -D),
    ],
)
def test_outside_their_range_the_laws_refuse(beyond):
    with pytest.raises(ValueError, match=r"."):
        beyond()
