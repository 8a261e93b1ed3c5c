"""A constant-flow pump at its refill: real flow, the fluid for a dose, what is feasible, and the date without alarm."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.catalogue.policy import policy
from thecal.catalogue.pumps import pump_model
from thecal.column import Fluid
from thecal.quantities import Concentration, Duration, FlowRate, Instant, Volume
from thecal.therapy import EntryRefused, FluidComponent, Verdict, constant_flow_plan
from thecal.therapy.calculators.constant_flow import CALCULATOR
from thecal.therapy.constant_flow import (
    Flag,
    actual_flow,
    flow_counted,
    refill_due,
    runs_dry,
    supposed_left,
    working_flow,
)
from thecal.therapy.due import Bound
from thecal.therapy.mixing import after_fill

from .worked import explains_itself, numbers, said, worked

POLICY = policy()
AT = Instant.parse("2026-11-22T08:00:00Z")
DAY = 86_400_000
ISOMED = pump_model("isomed-20-05")
MORPHINE = [{"drug": "morphine", "concentration": "5 mg/mL"}]


def asked(*returned, fluid=MORPHINE, **more):
    """Intervals of 30 days from 20 mL each, then a fill of 20 mL on 22 November."""
    months = ["2026-08-24", "2026-09-23", "2026-10-23", "2026-11-22"][-len(returned) - 1 :]
    intervals = [
        {"filled": "20 mL", "returned": each, "began": f"{began}T08:00:00Z", "ended": f"{ended}T08:00:00Z"}
        for each, began, ended in zip(returned, months[:-1], months[1:], strict=True)
    ]
    document = {"pump": "isomed-20-05", "fluid": fluid, "filled": "20 mL", "filled_at": "2026-11-22T08:00:00Z"}
    return worked(CALCULATOR, {**document, "intervals": intervals, **more})


# --- flow ---------------------------------------------------------------------------------------


# returned after 30 days each -> working flow
@pytest.mark.parametrize(
    ("returned", "flow"),
    [
        ((), "0.5 mL/day"),  # the label's
        (("5 mL",), "0.5 mL/day"),
        (("6.5 mL",), "0.45 mL/day"),
        (("5 mL", "4.4 mL"), "0.51 mL/day"),
        (("5 mL", "4.7 mL", "4.4 mL"), "0.51 mL/day"),
        (("20 mL",), "0 mL/day"),
    ],
)
def test_the_working_flow_is_the_mean_of_the_last_intervals(returned, flow):
    assert numbers(asked(*returned))["flow"] == flow


def test_only_the_last_three_intervals_count():
    flows = [Fraction(n) for n in (900_000, 500_000, 510_000, 520_000)]
    assert working_flow(flows, 3) == FlowRate(510_000)


@settings(max_examples=100)
@given(flow=st.integers(1, 6_000_000), days=st.integers(1, 200), filled=st.integers(0, 60_000_000))
def test_what_a_flow_leaves_of_a_fill_tells_that_flow_again(flow, days, filled):
    lasted = Duration(days * DAY)
    left = supposed_left(Volume(filled), FlowRate(flow), lasted)
    measured = actual_flow(Volume(filled), left, lasted)
    assert measured <= flow or left == Volume(0)
    if left.count:
        assert measured == flow  # whole days: nothing is rounded
    else:
        assert measured * days == filled  # it ran dry: a lower bound


def test_a_flow_held_against_a_limit_is_rounded_up():
    assert [flow_counted(Fraction(count, 2)) for count in (6, 7, 8)] == [FlowRate(3), FlowRate(4), FlowRate(4)]


def test_a_fill_of_what_cannot_be_drawn_is_dry_at_once():
    assert runs_dry(ISOMED, ISOMED.residual, AT, FlowRate(1)) == AT
    assert runs_dry(ISOMED, Volume(1), AT, FlowRate(1)) == AT


def test_a_flow_that_was_off_twice_is_investigated():
    found = asked("5 mL", "2.7 mL", "2.7 mL")
    assert [each.asks for each in found.answer.measured] == [Flag.ACCEPT, Flag.REPEAT, Flag.INVESTIGATE]
    (off,) = [each for each in found.findings if each.rule == "delivered-ratio"]
    assert "investigate" in off.words


# --- dose by concentration ----------------------------------------------------------------------


# 0.5 mL/day, 5 mg/mL held, 20 mL injected: dose, stock, residual -> concentration, gives, inject, stock, saline
@pytest.mark.parametrize(
    ("dose", "stock", "residual", "expected"),
    [
        ("2.5 mg/day", "25 mg/mL", "0 mL", ("5 mg/mL", "2.5 mg/day", "5 mg/mL", "4.6 mL", "18.4 mL")),
        ("2.5 mg/day", "25 mg/mL", "1.5 mL", ("5 mg/mL", "2.5 mg/day", "5 mg/mL", "4.6 mL", "18.4 mL")),
        ("3 mg/day", "25 mg/mL", "1.5 mL", ("6 mg/mL", "3 mg/day", "6.075 mg/mL", "5.589 mL", "17.411 mL")),
        ("2 mg/day", "25 mg/mL", "1.5 mL", ("4 mg/mL", "2 mg/day", "3.925 mg/mL", "3.611 mL", "19.389 mL")),
        ("12.5 mg/day", "25 mg/mL", "0 mL", ("25 mg/mL", "12.5 mg/day", "25 mg/mL", "23 mL", "0 mL")),
        ("3 mg/day", None, "1.5 mL", ("6 mg/mL", "3 mg/day", "6.075 mg/mL", "– mL", "– mL")),
    ],
)
def test_the_fluid_for_a_dose_comes_out_to_the_last_digit(dose, stock, residual, expected):
    found = asked(daily_dose=dose, residual=residual, **({} if stock is None else {"stock": stock}))
    shown = numbers(found)
    assert tuple(shown[key] for key in ("concentration", "gives", "inject", "stock_volume", "saline")) == expected
    assert shown["prepared"] == "23 mL"  # 3 mL more, to fill the set
    assert explains_itself(found)


@settings(max_examples=60, deadline=None)
@given(
    dose=st.integers(600_000, 12_000_000),
    residual=st.integers(0, 2_000_000),
    held=st.integers(1_000_000, 25_000_000),
)
def test_after_the_fill_the_reservoir_gives_at_most_the_wanted_dose_and_hardly_less(dose, residual, held):
    fluid = [{"drug": "morphine", "concentration": f"{held} ng/mL"}]
    found = asked(fluid=fluid, daily_dose=f"{dose} ng/day", residual=f"{residual} nL")
    change = found.answer.change
    if change is None:
        assert Verdict.REFUSE in said(found).values()
        return
    morphine = [Fluid.of([("morphine", each)]) for each in (held, change.inject.count)]
    mixed = after_fill(Volume(residual), morphine[0], Volume.parse("20 mL"), morphine[1]).ng_per_ml("morphine")
    given_daily = mixed * found.answer.flow.count / 1_000_000
    assert given_daily <= dose
    assert dose - given_daily < 3  # ng a day: two roundings down of a concentration
    assert change.gives.count <= dose


def test_a_slow_pump_at_20_mg_per_ml_of_morphine_gives_at_most_10_mg_a_day():
    """The worked consequence of constant-flow 3.8."""
    shown = numbers(asked(stock="25 mg/mL"))
    assert shown["highest.PACC 2017"] == "10 mg/day"
    assert shown["highest.stock"] == "12.5 mg/day"
    assert "lowest" not in shown


def test_a_drug_that_does_not_keep_when_thin_has_a_lowest_dose():
    found = asked(fluid=[{"drug": "ziconotide", "concentration": "25 microgram/mL"}])
    assert numbers(found)["lowest"] == "12.5 microgram/day"
    thin = asked(fluid=[{"drug": "ziconotide", "concentration": "25 microgram/mL"}], daily_dose="10 microgram/day")
    assert said(thin)["concentration-below-lowest"] is Verdict.WARN


# dose, stock, residual -> what stands against it
@pytest.mark.parametrize(
    ("more", "rules"),
    [
        ({"daily_dose": "3 mg/day"}, {}),
        ({"daily_dose": "3 mg/day", "stock": "6.1 mg/mL"}, {}),
        ({"daily_dose": "3 mg/day", "stock": "6 mg/mL"}, {"stock-too-weak": Verdict.REFUSE}),
        ({"daily_dose": "0.1 mg/day"}, {"residual-too-strong": Verdict.REFUSE}),
        (
            {"daily_dose": "11 mg/day", "residual": "0 mL"},
            {"concentration-above-consensus": Verdict.WARN, "restrictor-precipitate": Verdict.WARN},
        ),
        (
            {"daily_dose": "16 mg/day", "residual": "0 mL"},
            {
                "concentration-above-label": Verdict.WARN,
                "concentration-above-consensus": Verdict.WARN,
                "dose-above-consensus": Verdict.WARN,
                "restrictor-precipitate": Verdict.WARN,
            },
        ),
        (
            {"daily_dose": "60 mg/day", "residual": "0 mL"},
            {
                "concentration-above-label": Verdict.WARN,
                "concentration-above-consensus": Verdict.WARN,
                "concentration-above-ceiling": Verdict.REFUSE,
                "dose-above-label-caution": Verdict.WARN,
                "dose-above-consensus": Verdict.WARN,
                "dose-above-ceiling": Verdict.REFUSE,
            },
        ),
    ],
)
def test_what_stands_against_a_dose(more, rules):
    found = asked(**more)
    against = {rule: verdict for rule, verdict in said(found).items() if rule != "no-alarm"}
    assert against == rules
    refused = Verdict.REFUSE in rules.values()
    assert (found.answer.change is None) is refused
    assert (numbers(found)["concentration"] == "– mg/mL") is refused


def test_a_pump_that_does_not_flow_gives_no_dose():
    found = asked("20 mL", daily_dose="3 mg/day")
    assert said(found)["no-flow"] is Verdict.REFUSE
    assert found.answer.change is None
    assert found.answer.empty is None
    assert Bound.RESERVE not in {limit.bound for limit in found.answer.due.limits}


@pytest.mark.parametrize(
    ("drug", "strength", "warned"),
    [("morphine", "10 mg/mL", False), ("morphine", "10.001 mg/mL", True), ("hydromorphone", "15 mg/mL", False)],
)
def test_strong_morphine_may_block_the_restrictor(drug, strength, warned):
    found = asked(fluid=[{"drug": drug, "concentration": strength}])
    assert ("restrictor-precipitate" in said(found)) is warned


# --- dates --------------------------------------------------------------------------------------


# pump, fill, flow on the label -> whole days by (fill - 3 mL) / (1.15 x flow), and what binds
@pytest.mark.parametrize(
    ("pump", "fluid", "filled", "day", "binds"),
    [
        ("isomed-20-05", "morphine", "20 mL", 29, Bound.RESERVE),  # 17 / 0.575
        ("isomed-35-03", "morphine", "35 mL", 90, Bound.STABILITY),  # 32 / 0.345 = 92: morphine keeps 90
        ("isomed-35-03", "baclofen", "35 mL", 92, Bound.RESERVE),
        ("isomed-20-05", "morphine", "3 mL", 0, Bound.RESERVE),
        ("isomed-20-05", "morphine", "2 mL", 0, Bound.RESERVE),
    ],
)
def test_the_refill_is_due_after_whole_days(pump, fluid, filled, day, binds):
    found = asked(pump=pump, filled=filled, fluid=[{"drug": fluid, "concentration": "1 mg/mL"}])
    assert found.answer.due.at == Instant(AT.epoch_ms + day * DAY)
    assert found.answer.due.binding.bound is binds
    assert said(found)["no-alarm"] is Verdict.INFO


@pytest.mark.parametrize(("kind", "day"), [("first fill", 14), ("diluted", 29), ("later", 29)])
def test_ziconotide_is_limited_by_stability_only_at_its_first_fill_of_so_small_a_pump(kind, day):
    found = asked(fluid=[{"drug": "ziconotide", "concentration": "25 microgram/mL"}], kind=kind)
    assert found.answer.due.at == Instant(AT.epoch_ms + day * DAY)


def test_a_20_ml_pump_at_half_a_millilitre_runs_40_days_and_35_ml_at_0_3_runs_116():
    """Constant-flow 6.3: to the very end of the fill, were nothing left inside."""
    for key, filled, days in (("isomed-20-05", "20 mL", 40), ("isomed-35-03", "35 mL", 116)):
        model = pump_model(key)
        dry = runs_dry(model, Volume.parse(filled) + model.residual, AT, model.label_flow)
        assert dry.since(AT).count // DAY == days


@settings(max_examples=100)
@given(
    filled=st.integers(0, 20_000_000),
    less=st.integers(0, 20_000_000),
    flow=st.integers(1, 3_000_000),
    faster=st.integers(0, 3_000_000),
)
def test_more_flow_or_less_fluid_never_puts_the_refill_off_and_it_comes_before_the_reserve_is_touched(
    filled, less, flow, faster
):
    def date(nl, rate):
        return refill_due(ISOMED, Volume(nl), AT, FlowRate(rate), None, POLICY).at

    usual = date(filled, flow)
    assert date(max(0, filled - less), flow) <= usual
    assert date(filled, flow + faster) <= usual
    used = Fraction(flow * usual.since(AT).count, DAY)
    assert used == 0 or filled - used >= POLICY.constant_flow_reserve.count


def test_the_screens_show_the_date_of_the_calculator():
    plan = constant_flow_plan(
        ISOMED, (FluidComponent("morphine", Concentration.parse("5 mg/mL")),), Volume.parse("20 mL"), AT, POLICY
    )
    assert plan.due == asked().answer.due
    assert plan.refill == asked().answer.due.at


def test_the_longest_interval_of_one_calculation_takes_the_place_of_the_clinics():
    found = asked(longest_interval="20 day")
    assert found.answer.due.binding.bound is Bound.SITE
    assert said(found)["refill-interval"] is Verdict.WARN


def test_a_fluid_nobody_has_studied_is_said_to_be_unknown():
    mixed = [*MORPHINE, {"drug": "fentanyl", "concentration": "100 microgram/mL"}]
    assert said(asked(fluid=mixed))["stability-unknown"] is Verdict.WARN
    assert "stability-unknown" not in said(asked())
    assert numbers(asked(fluid=mixed))["dose.fentanyl"] == "50 microgram/day"


def test_saline_needs_no_stability():
    plan = constant_flow_plan(ISOMED, (), Volume.parse("20 mL"), AT, POLICY)
    assert {limit.bound for limit in plan.due.limits} == {Bound.RESERVE, Bound.LABEL, Bound.SITE}


# --- what is refused ----------------------------------------------------------------------------


def interval(**changes):
    usual = {"filled": "20 mL", "returned": "5 mL", "began": "2026-09-01T08:00:00Z", "ended": "2026-10-01T08:00:00Z"}
    return {**usual, **changes}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"pump": "synchromed-ii-20"}, "pump"),
        ({"label_flow": "0 mL/day"}, "label_flow"),
        ({"pump": "elastic-20-05", "propellant": "n-butane"}, "propellant"),
        ({"intervals": [interval(ended="2026-09-01T08:00:00Z")]}, "intervals"),
        ({"intervals": [interval(returned="20.1 mL")]}, "intervals"),
        ({"intervals": [interval(filled="20.1 mL")]}, "intervals"),
        ({"intervals": [interval(), interval()]}, "intervals"),
        ({"fluid": []}, "fluid"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(more, field):
    with pytest.raises(EntryRefused) as refused:
        asked(**more)
    assert refused.value.field == field
    assert "\n" not in str(refused.value)


def test_a_fill_beyond_the_reservoir_is_refused():
    assert said(asked(filled="20.001 mL"))["fill-too-large"] is Verdict.REFUSE


def test_the_label_of_the_very_pump_counts():
    assert numbers(asked(label_flow="0.48 mL/day"))["flow"] == "0.48 mL/day"
