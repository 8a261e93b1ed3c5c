"""The path is derived from the record of what happened, and so is everything that left the tip."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.catalogue.pumps import constant_flow_pump, propellant
from thecal.column import SALINE, Fluid
from thecal.fluid import (
    Act,
    FluidPath,
    MalformedHistory,
    NeedleAct,
    Outflow,
    Stroke,
    TimeReached,
    TipRelease,
    TrueReservoir,
    outflow_nl,
    play,
    replay,
    true_flow_nl_per_day,
)
from thecal.hydraulics import Conditions, Drive

DAY_MS = 86_400_000
MORPHINE = Fluid.of([("morphine", 10_000_000)])
NEW = FluidPath.implanted(TrueReservoir(20_000_000, 1_400_000), 340_000, SALINE)
FILL = NeedleAct(0, Act.FILL, 18_000_000, MORPHINE)


def test_strokes_release_drug_once_the_saline_is_out():
    strokes = [Stroke(1_000 * n) for n in range(1, 701)]
    played = replay(NEW, [FILL, *strokes, TimeReached(800_000)], 500)
    assert played.at_ms == 800_000
    assert played.path.reservoir.volume_nl == 18_000_000 - 350_000
    assert [release.start_ms for release in played.releases] == list(range(681_000, 701_000, 1_000))
    assert {release.masses.ng("morphine") for release in played.releases} == {5_000}
    assert played.path.is_balanced


def test_a_refill_is_two_acts_of_the_needle():
    acts = [FILL, NeedleAct(5, Act.WITHDRAW, 20_000_000, SALINE), NeedleAct(5, Act.FILL, 10_000_000, SALINE)]
    path = replay(NEW, acts, 500).path
    assert path.books.withdrawn == MORPHINE.mass_in(16_600_000)
    assert path.reservoir.volume_nl == 11_400_000
    assert path.reservoir.mass == MORPHINE.mass_in(1_400_000)


def test_the_front_divides_an_outflow_in_time():
    primed = replay(NEW, [FILL], 500).path
    path, releases = play(primed, Outflow(0, 1_000_000, 680_000), 500)
    assert releases == (TipRelease(500_000, 1_000_000, MORPHINE.mass_in(340_000)),)
    assert path.books.released == MORPHINE.mass_in(340_000)


def test_an_outflow_ends_when_the_reservoir_is_empty():
    little = FluidPath.implanted(TrueReservoir(1_000, 0, 250, MORPHINE), 100, MORPHINE)
    path, releases = play(little, Outflow(0, 1_000, 1_000), 500)
    assert path.reservoir.volume_nl == 0
    assert [(release.start_ms, release.end_ms) for release in releases] == [(0, 250)]


def test_records_must_be_in_order_of_time():
    with pytest.raises(MalformedHistory, match="earlier than 10 ms"):
        replay(NEW, [Stroke(10), Stroke(9)], 500)
    with pytest.raises(MalformedHistory, match="earlier than 10 ms"):
        replay(NEW, [TimeReached(10), Outflow(9, 20, 1)], 500)


@given(st.integers(0, 5_000_000), st.lists(st.integers(0, 10 * DAY_MS), min_size=2, max_size=8))
@settings(max_examples=50)
def test_any_division_of_time_lets_out_the_same(flow, moments):
    moments.sort()
    parts = [outflow_nl(flow, start, end) for start, end in pairwise(moments)]
    assert sum(parts) == outflow_nl(flow, moments[0], moments[-1])


def test_at_body_temperature_the_label_flow_and_in_fever_more():
    pump = constant_flow_pump("isomed-20-05")
    found = propellant(pump.propellant)
    drive = Drive(found.a, found.b_kelvin, found.c_kelvin)
    baseline = Conditions(pump.baseline_temperature_degc, pump.baseline_back_pressure_kpa)
    label = pump.label_flow.count
    assert true_flow_nl_per_day(label, drive, baseline, baseline) == 500_000
    fever = Conditions(39.0, pump.baseline_back_pressure_kpa)
    assert true_flow_nl_per_day(label, drive, fever, baseline) == pytest.approx(617_000, abs=300)
    assert outflow_nl(500_000, 0, 40 * DAY_MS) == pump.capacity.count
    with pytest.raises(ValueError, match="backwards"):
        outflow_nl(1, 2, 1)
