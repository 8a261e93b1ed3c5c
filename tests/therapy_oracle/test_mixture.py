"""Mixing a fluid and what the residual makes of it (Codman Archimedes manual, Appendix B; reservoir mixing).

V_prep = fill + 3 mL; V_stock = C x V_prep / C_stock, never more than that; saline = the rest;
C_mix = (V_res C_old + V_fill C_new) / (V_res + V_fill); to hit C, C_new = [C (V_res + V_fill) - V_res C_old] / V_fill;
a rinse leaves V_res / (V_res + V_rinse) of what was there.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from .asked import NL_PER_ML, examples, floor, fluid, plan, written

EXTRA_NL = 3_000_000
CAPACITY_NL = 20_000_000
fills_nl = st.integers(50, 180).map(lambda tenths: tenths * 100_000)
residuals_nl = st.integers(0, 30).map(lambda tenths: tenths * 100_000)
wanted = st.integers(100_000, 12_000_000)
stocks = st.sampled_from([10_000_000, 25_000_000])


def mixture(wanted_ng, stock_ng, fill_nl, **more):
    drug = {"drug": "morphine", "concentration": written(wanted_ng, "ng/mL"), "stock": written(stock_ng, "ng/mL")}
    return plan("mixture", drugs=[drug], fill=written(fill_nl, "nL"), **more)


@examples(25)
@given(wanted, stocks, fills_nl, st.sampled_from([1, 1_000, 10_000, 100_000]))
def test_stock_and_diluent_make_the_volume_and_no_more_drug_than_wanted(c, stock, fill, finest):
    assume(c <= stock)
    found = mixture(c, stock, fill, measured_to=written(finest, "nL"))
    prepared = fill + EXTRA_NL
    drawn = floor(Fraction(c * prepared, stock * finest)) * finest
    assert found.count("prepared") == prepared
    assert found.count("morphine.volume") == drawn
    assert found.count("diluent") == prepared - drawn
    assert -1 < found.count("morphine.amount") - Fraction(drawn * stock, NL_PER_ML) < 1
    held = Fraction(drawn * stock, prepared)
    assert abs(found.count("morphine.prepared") - held) < 1
    assert held <= c
    low, high = Fraction(85 * c, 100), Fraction(115 * c, 100)
    assert abs(found.count("morphine.assay_low") - low) < 1
    assert abs(found.count("morphine.assay_high") - high) < 1


@examples(15)
@given(wanted, st.integers(1_000, 200_000), fills_nl)
def test_each_drug_of_a_mixture_has_its_own_stock_and_all_share_one_diluent(morphine, clonidine, fill):
    prepared = fill + EXTRA_NL
    first, second = floor(Fraction(morphine * prepared, 25_000_000)), floor(Fraction(clonidine * prepared, 500_000))
    found = plan(
        "mixture",
        drugs=[
            {"drug": "morphine", "concentration": written(morphine, "ng/mL"), "stock": "25 mg/mL"},
            {"drug": "clonidine", "concentration": written(clonidine, "ng/mL"), "stock": "500 microgram/mL"},
        ],
        fill=written(fill, "nL"),
    )
    if first + second > prepared:
        assert "stock-too-weak" in found.rules("refuse")
        assert found.count("prepared") is None
        return
    assert (found.count("morphine.volume"), found.count("clonidine.volume")) == (first, second)
    assert found.count("diluent") == prepared - first - second


@examples(25)
@given(wanted, fills_nl, residuals_nl, st.integers(100_000, 25_000_000))
def test_the_residual_mixes_and_drug_is_conserved(c, fill, residual, held):
    assume(fill + residual <= CAPACITY_NL)
    found = mixture(
        c, 25_000_000, fill, pump="synchromed-ii-20", residual=written(residual, "nL"), held=fluid(("morphine", held))
    )
    drawn = floor(Fraction(c * (fill + EXTRA_NL), 25_000_000))
    syringe = Fraction(drawn * 25_000_000, fill + EXTRA_NL)
    mixed = (residual * held + fill * syringe) / (residual + fill)
    assert abs(found.count("morphine.in_reservoir") - mixed) <= 2


@examples(25)
@given(wanted, fills_nl, residuals_nl, st.integers(100_000, 25_000_000))
def test_compensating_the_residual_hits_the_wanted_strength_or_is_refused(c, fill, residual, held):
    target = Fraction(c * (residual + fill) - residual * held, fill)
    assume(target <= 20_000_000 and fill + residual <= CAPACITY_NL)
    found = mixture(
        c,
        25_000_000,
        fill,
        pump="synchromed-ii-20",
        residual=written(residual, "nL"),
        held=fluid(("morphine", held)),
        on_residual="compensate",
    )
    if target < 0:
        assert "residual-too-strong" in found.rules("refuse")
        assert found.count("prepared") is None
        return
    assert abs(found.count("morphine.target") - target) < 1
    if found.count("prepared") is not None:
        assert -25 < found.count("morphine.in_reservoir") - c <= 1


@examples(20)
@given(fills_nl, st.integers(1, 30), st.integers(1, 4), st.integers(5, 50), st.integers(0, 10_000_000))
def test_each_rinse_leaves_its_share_of_the_old_fluid(fill, residual, rinses, rinse, rinsed_with):
    residual, rinse = residual * 100_000, rinse * 100_000
    held, c = 9_000_000, 10_000_000
    assume(fill + residual <= CAPACITY_NL)
    found = mixture(
        c,
        25_000_000,
        fill,
        pump="synchromed-ii-20",
        residual=written(residual, "nL"),
        held=fluid(("morphine", held)),
        rinses=rinses,
        rinse_volume=written(rinse, "nL"),
        rinse_fluid=fluid(("morphine", rinsed_with)) if rinsed_with else [],
    )
    left = Fraction(residual, residual + rinse) ** rinses
    assert abs(found.count("rinsed") - left) <= Fraction(1, 10_000)
    before = left * held + (1 - left) * rinsed_with
    mixed = (residual * before + fill * c) / (residual + fill)
    assert abs(found.count("morphine.in_reservoir") - mixed) <= 2


@pytest.mark.parametrize("rinses", [0, 1, 2, 3])
def test_a_naive_pump_is_rinsed_three_times_with_two_millilitre_of_ziconotide(rinses):
    """Prialt US label."""
    found = plan(
        "mixture",
        drugs=[{"drug": "ziconotide", "concentration": "25 microgram/mL", "stock": "25 microgram/mL"}],
        fill="18 mL",
        pump="synchromed-ii-20",
        held=[],
        rinses=rinses,
        **({"rinse_volume": "2 mL", "rinse_fluid": fluid(("ziconotide", 25_000))} if rinses else {}),
    )
    assert ("rinse-missing" in found.rules()) == (rinses < 3)
