"""A pump with one flow: dose by concentration, and the calendar as its only guard (Codman Archimedes, Appendix B).

Q = (filled - returned) / days, mean of the last three; C = D / Q; V_prep = fill + 3 mL; V_stock = C x V_prep / C_stock;
to hit D with a residual C_new = [C (V_res + V_fill) - V_res C_held] / V_fill; D_max = C_max x Q.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, example, given
from hypothesis import strategies as st

from .asked import MS_PER_DAY, NL_PER_ML, at, examples, fluid, plan, written

RESERVE_NL = 3_000_000  # Rigoli 2004, planning reserve
EXTRA_NL = 3_000_000
STOCK = 25_000_000


def pump_filled(returned_nl, days, dose, held, residual=0, fill=18_000_000, **more):
    """Fills of 18 mL, so many mL back after so many days each."""
    starts = [-sum(days[number:]) for number in range(len(days))]
    intervals = [
        {
            "filled": "18 mL",
            "returned": written(back, "nL"),
            "began": at(start * MS_PER_DAY),
            "ended": at((start + lasted) * MS_PER_DAY),
        }
        for back, start, lasted in zip(returned_nl, starts, days, strict=True)
    ]
    return plan(
        "constant-flow",
        pump="isomed-20-05",
        fluid=fluid(("morphine", held)),
        filled=written(fill, "nL"),
        filled_at=at(),
        intervals=intervals,
        daily_dose=written(dose, "ng/day"),
        stock=written(STOCK, "ng/mL"),
        residual=written(residual, "nL"),
        **more,
    )


@examples(30)
@given(
    st.lists(st.tuples(st.integers(10, 60), st.integers(20, 35)), min_size=1, max_size=5),
    st.integers(500_000, 5_000_000),
    st.integers(500_000, 20_000_000),
    st.integers(0, 20),
)
@example([(51, 31), (57, 32), (39, 23), (36, 25)], 500_000, 17_916_875, 20)
def test_flow_dose_concentration_and_stock(intervals, dose, held, residual_tenths):
    residual = residual_tenths * 100_000
    returned, days = [tenths * 100_000 for tenths, _ in intervals], [lasted for _, lasted in intervals]
    found = pump_filled(returned, days, dose, held, residual)
    flows = [Fraction(18_000_000 - back, lasted) for back, lasted in zip(returned, days, strict=True)]
    for number, flow in enumerate(flows, 1):
        assert abs(found.count(f"measured.{number}") - flow) < 1
        assert abs(found.count(f"measured.{number}.ratio") - flow / 500_000) < Fraction(1, 10**5)
    working = sum(flows[-3:]) / len(flows[-3:])
    assert abs(found.count("flow") - working) <= 1
    assert 0 <= found.count("most_flow") - working * Fraction("1.15") <= 3
    assert abs(found.count("dose.morphine") - working * held / NL_PER_ML) <= Fraction(held, NL_PER_ML) + 1
    needed = dose * NL_PER_ML / working
    if needed > STOCK:
        assert found.count("concentration") is None
        assert "stock-too-weak" in found.rules("refuse")
        return
    near = needed / 50_000  # the working flow is counted in whole nL a day
    inject = (needed * (residual + 18_000_000) - residual * held) / 18_000_000
    assume(abs(inject) > near)
    if inject < 0:  # what cannot be drawn out is too strong by itself
        assert found.count("concentration") is None
        assert "residual-too-strong" in found.rules("refuse")
        return
    assume(inject <= STOCK - near)
    assert abs(found.count("concentration") - needed) < near + 1
    assert 0 <= dose - found.count("gives") < Fraction(working, NL_PER_ML) + Fraction(dose, working) + 2
    assert abs(found.count("inject") - inject) < 2 * near + 2
    assert found.count("prepared") == 18_000_000 + EXTRA_NL
    drawn = found.count("inject") * found.count("prepared") / STOCK
    assert 0 <= drawn - found.count("stock_volume") < 1
    assert found.count("stock_volume") + found.count("saline") == found.count("prepared")


@examples(20)
@given(st.integers(10, 60), st.integers(20, 35))
def test_the_highest_dose_is_the_limit_of_concentration_times_the_flow(tenths, lasted):
    found = pump_filled([tenths * 100_000], [lasted], 1_000_000, 5_000_000)
    flow = found.count("flow")
    assert found.count("highest.label") == 25 * flow  # Infumorph 500 is 25 mg/mL
    assert found.count("highest.PACC 2017") == 20 * flow
    assert found.count("highest.stock") == 25 * flow


def test_the_published_cap_of_a_slow_pump():
    """0.5 mL/day at 20 mg/mL of morphine caps at 10 mg/day."""
    assert pump_filled([], [], 1_000_000, 5_000_000).count("highest.PACC 2017") == 10_000_000


@examples(25)
@given(st.integers(10, 60), st.integers(20, 35), st.integers(80, 200))
def test_the_refill_is_due_after_whole_days_down_to_the_reserve_at_the_most_flow(tenths, lasted, fill_tenths):
    fill = fill_tenths * 100_000
    found = pump_filled([tenths * 100_000], [lasted], 1_000_000, 5_000_000, fill=fill)
    most = found.count("most_flow")
    days = (fill - RESERVE_NL) // most
    assert found.ms("refill.reserve") == days * MS_PER_DAY
    assert found.ms("refill") == min(days, 90) * MS_PER_DAY  # morphine keeps for 90 days
    assert found.ms("refill") <= found.ms("empty")
    assert "no-alarm" in found.rules()


@examples(10)
@given(st.integers(0, 60), st.integers(0, 60))
def test_flow_drug_and_refill_all_follow_more_flow(first, second):
    slow, fast = (
        pump_filled([tenths * 100_000], [25], 1_000_000, 5_000_000) for tenths in sorted((first, second), reverse=True)
    )
    assert slow.count("flow") <= fast.count("flow")
    assert slow.count("concentration") >= fast.count("concentration")
    assert slow.count("highest.PACC 2017") <= fast.count("highest.PACC 2017")
    assert slow.ms("refill") >= fast.ms("refill")


def test_fever_height_and_depth_change_the_flow_as_derived_from_the_vapour_pressure():
    """R-11 by its Antoine set, flow = drive / viscosity: the published table at 37 degC, sea level and 10 mmHg."""
    table = [
        ({"temperature_degc": 35}, "0.790"),
        ({"temperature_degc": 38}, "1.114"),
        ({"temperature_degc": 39}, "1.234"),
        ({"temperature_degc": 41}, "1.493"),
        ({"altitude_m": 1609}, "1.320"),  # 5280 ft
        ({"altitude_m": 2438}, "1.465"),  # 8000 ft
        ({"altitude_m": 2438, "temperature_degc": 39}, "1.717"),
        ({"depth_cm": 100}, "0.821"),
        ({"depth_cm": 1000}, "0"),
        ({"back_pressure_mmhg": 0}, "1.024"),
        ({"back_pressure_mmhg": 30}, "0.952"),
        ({"back_pressure_mmhg": 90}, "0.810"),
    ]
    coming = [{"name": str(number), **where} for number, (where, _) in enumerate(table)]
    found = pump_filled([], [], 1_000_000, 5_000_000, circumstances=coming, lives_at_m=0)
    for number, (where, times) in enumerate(table, 1):
        assert abs(found.count(f"coming.{number}") - Fraction(times)) <= Fraction("0.012"), where
