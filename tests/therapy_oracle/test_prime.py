"""Priming bolus and the way to the tip, after the volumes of each case (tubing V_t, catheter V_c).

New pump and catheter, or a catheter aspirated under a new pump: V_t + V_c. Old catheter kept with its drug: V_t, and
before it is connected. Catheter new, revised and aspirated, or aspirated through the port: V_c, never the tubing again.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import erfc, pi, sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from .asked import MS_PER_DAY, NL_PER_ML, ceil, examples, fluid, plan, written

TUBING_NL = 140_000  # TGA RC-2017-RN-00065-1
LOWEST_NL, HIGHEST_NL = 48_000, 24_000_000  # SynchroMed II, nL/day
ON_TABLE_AND_IN_PATIENT = {
    "new pump and new catheter": (0, 1, 1),
    "new pump, old catheter full of drug": (1, 0, 0),
    "new pump, old catheter aspirated": (0, 1, 1),
    "new catheter": (0, 0, 1),
    "catheter revised and aspirated": (0, 0, 1),
    "access port aspirated": (0, 0, 1),
    "new pump primed before it is connected to a new catheter": (1, 0, 1),
}
# Labelled lengths in mm and nL per mm: Ascenda 8780 and 8781, InDura 8709, Flowonix 11823 (Prometra II manual p. 33).
CATHETERS = {
    "ascenda-8780": (1143, 220),
    "ascenda-8781": (1397, 220),
    "indura-8709": (890, 220),
    "flowonix-11823": (1100, 260),
}
cut_mm = st.integers(0, 600)


def cm(mm: int) -> float:
    return float(Decimal(mm) / 10)


@pytest.mark.parametrize("case", ON_TABLE_AND_IN_PATIENT)
@examples(5)
@given(st.integers(50_000, 400_000), st.integers(500_000, 25_000_000), st.integers(500_000, 5_000_000))
def test_what_is_pushed_on_the_table_and_in_the_patient(case, catheter_nl, strength, dose):
    found = plan(
        "prime",
        pump="synchromed-ii-20",
        catheter_volume=written(catheter_nl, "nL"),
        case=case,
        fluid=fluid(("morphine", strength)),
        daily_dose=written(dose, "ng/day"),
    )
    table, tubing, catheter = ON_TABLE_AND_IN_PATIENT[case]
    volume = tubing * TUBING_NL + catheter * catheter_nl
    assert found.count("on_the_table") == table * TUBING_NL
    assert found.count("table_duration") == ceil(Fraction(table * TUBING_NL * MS_PER_DAY, HIGHEST_NL))
    assert found.count("volume") == volume
    assert found.count("rate") == HIGHEST_NL
    assert found.count("duration") == ceil(Fraction(volume * MS_PER_DAY, HIGHEST_NL))
    assert found.count("to_bridge") == 0
    assert found.status == 0


@examples(15)
@given(st.integers(50_000, 400_000), st.integers(500_000, 25_000_000), st.integers(500_000, 5_000_000))
def test_without_a_prime_the_drug_arrives_after_the_dead_volume_over_the_flow(catheter_nl, strength, dose):
    found = plan(
        "prime",
        pump="synchromed-ii-20",
        catheter_volume=written(catheter_nl, "nL"),
        case="new pump and new catheter",
        fluid=fluid(("morphine", strength)),
        daily_dose=written(dose, "ng/day"),
    )
    assume(dose * NL_PER_ML >= LOWEST_NL * strength)
    late = Fraction((TUBING_NL + catheter_nl) * MS_PER_DAY * strength, dose * NL_PER_ML)
    assert -1 < found.count("unprimed") - late < late * Fraction(strength, dose * NL_PER_ML) * 2 + 1


@pytest.mark.parametrize("kind", ["prime", "catheter"])
def test_no_time_is_told_for_a_flow_below_the_lowest_of_the_pump(kind):
    """0.1 mg/day of 10 mg/mL is 0.01 mL/day; SynchroMed II gives 0.048 mL/day at least. Other kinds refuse it."""
    system = (
        {"catheter_volume": "0.2 mL", "case": "new pump and new catheter"}
        if kind == "prime"
        else {"parts": [{"catheter": "ascenda-8780"}]}
    )
    found = plan(
        kind, pump="synchromed-ii-20", fluid=fluid(("morphine", 10_000_000)), daily_dose="0.1 mg/day", **system
    )
    assert found.count("unprimed" if kind == "prime" else "way") is None
    assert found.rules("warn", "stop", "refuse") == {"rate-too-low"}


def test_the_published_arithmetic_of_no_prime():
    """0.316 mL at 0.1 mL/day takes 75.8 h."""
    found = plan(
        "prime",
        pump="synchromed-ii-20",
        catheter_volume="0.176 mL",
        case="new pump and new catheter",
        fluid=fluid(("morphine", 10_000_000)),
        daily_dose="1 mg/day",
    )
    assert round(found.count("unprimed") / 3_600_000, 1) == Fraction("75.8")


@examples(15)
@given(st.integers(60_000, 400_000), st.integers(1, 500_000), st.integers(500_000, 25_000_000))
def test_a_prime_into_a_full_catheter_gives_its_drug_and_leaves_the_water_behind(catheter_nl, pushed_nl, strength):
    found = plan(
        "prime",
        pump="synchromed-ii-20",
        catheter_volume=written(catheter_nl, "nL"),
        case="new pump, old catheter full of drug",
        fluid=fluid(("morphine", strength)),
        intended=written(pushed_nl, "nL"),
    )
    # In the line, tip first: the catheter's drug, the water of the tubing, then the reservoir's drug.
    drug_nl = min(pushed_nl, catheter_nl) + max(0, pushed_nl - catheter_nl - TUBING_NL)
    gap_nl = max(0, min(TUBING_NL, catheter_nl + TUBING_NL - pushed_nl))
    assert 0 <= found.count("push.intended.out.morphine") - Fraction(drug_nl * strength, NL_PER_ML) < 1
    assert found.count("push.intended.gap") == gap_nl
    assert "prime-into-drug" in found.rules("refuse", "stop")


@pytest.mark.parametrize("catheter", CATHETERS)
@examples(6)
@given(cut_mm, st.integers(500_000, 25_000_000), st.integers(100_000, 3_000_000), st.integers(1, 150))
def test_trims_dead_volume_dwell_and_a_trim_nobody_wrote_down(catheter, mm, strength, flow, forgotten_mm):
    length, per_mm = CATHETERS[catheter]
    found = plan(
        "catheter",
        parts=[{"catheter": catheter, "pieces": [{"trimmed_cm": cm(mm)}]}],
        pump="synchromed-ii-20",
        fluid=fluid(("morphine", strength)),
        flow=written(flow, "nL/day"),
        unrecorded_cm=cm(forgotten_mm),
    )
    volume = (length - mm) * per_mm
    assert Fraction(str(found.word("length"))) == Fraction(length - mm, 10)
    assert found.count("volume") == volume
    assert found.count("dead_volume") == TUBING_NL + volume
    assert -1 <= found.count("dwell") - Fraction(volume * MS_PER_DAY, flow) <= 1
    assert -1 <= found.count("way") - Fraction((TUBING_NL + volume) * MS_PER_DAY, flow) <= 1
    assert found.count("error.volume") == forgotten_mm * per_mm
    assert 0 <= found.count("error.morphine") - Fraction(forgotten_mm * per_mm * strength, NL_PER_ML) < 1


def test_the_published_trim_that_was_forgotten():
    """25 cm at 2.2 microlitre/cm and 20 mg/mL: 1.1 mg of morphine mis-stated."""
    found = plan(
        "catheter",
        parts=[{"catheter": "ascenda-8780", "pieces": [{"trimmed_cm": 0}]}],
        fluid=fluid(("morphine", 20_000_000)),
        unrecorded_cm=25,
    )
    assert found.count("error.morphine") == 1_100_000


@examples(15)
@given(cut_mm, st.integers(0, 300), st.integers(0, 500), st.integers(0, 30))
def test_spliced_parts_add_up_each_with_its_own_volume_per_length(first_mm, second_mm, connector_nl, recut_mm):
    found = plan(
        "catheter",
        parts=[
            {
                "catheter": "flowonix-11823",
                "pieces": [{"trimmed_cm": cm(first_mm)}],
                "connector": written(connector_nl, "nL"),
            },
            {"catheter": "indura-8709", "pieces": [{"trimmed_cm": cm(second_mm)}]},
        ],
        recut_cm=cm(recut_mm),
    )
    assert found.count("volume") == (1100 - first_mm - recut_mm) * 260 + connector_nl + (890 - second_mm) * 220


@pytest.mark.parametrize("flow", [100_000, 250_000, 500_000, 1_000_000, 2_000_000])
def test_the_front_spreads_as_taylor_and_aris_have_it(flow):
    """K = D (1 + Pe^2 / 48); C = 0.5 erfc((V - V_in) / (sqrt(2) sigma_V)); morphine 7.3e-10 m2/s, after mannitol."""
    diffusion, radius, length = 7.3e-10, 0.53e-3 / 2, 0.893
    found = plan(
        "catheter",
        parts=[{"catheter": "ascenda-8780", "pieces": [{"trimmed_cm": 25}]}],
        pump="synchromed-ii-20",
        fluid=fluid(("morphine", 10_000_000)),
        flow=written(flow, "nL/day"),
    )
    speed = flow * 1e-12 / 86400 / (pi * radius**2)
    peclet = speed * radius / diffusion
    dispersion = diffusion * (1 + peclet**2 / 48)
    half, tenth, ninety = (
        float(found.count(f"arrival.morphine.{which}")) for which in ("half", "tenth", "nine_tenths")
    )
    transit = float(found.count("dwell"))
    sigma_ms = sqrt(2 * dispersion * (length / speed)) / speed * 1000
    assert half == pytest.approx(float(found.count("way")), rel=1e-3)
    assert 0.5 * erfc((half - tenth) / sigma_ms / sqrt(2)) == pytest.approx(0.1, abs=0.01)
    assert 0.5 * erfc((half - ninety) / sigma_ms / sqrt(2)) == pytest.approx(0.9, abs=0.01)
    early_nl = float(found.count("arrival.morphine.early"))
    assert early_nl == pytest.approx(sigma_ms / transit * 196_460 / sqrt(2 * pi), rel=0.03)
