"""What weighs for and against systems, how they are ranked, and the fluid by which each would give the dose."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.catalogue.drug_terms import Situation
from thecal.catalogue.drugs import drug
from thecal.catalogue.policy import policy
from thecal.catalogue.pump_parts import Market
from thecal.catalogue.pumps import ConstantFlowPump, ProgrammablePump, pump_model, pump_models
from thecal.catalogue.selection_terms import Reason
from thecal.device import Mode
from thecal.quantities import Concentration, DoseRate, Duration, FlowRate, Instant
from thecal.therapy.arithmetic import concentration_to_fit, dose_given, rate_to_fit
from thecal.therapy.calculators.refill import refill
from thecal.therapy.calculators.refill.records import RefillInputs
from thecal.therapy.prescribed import Therapy
from thecal.therapy.selection.fill import EPOCH, fill_of, is_strong, strictest
from thecal.therapy.selection.height import flows_of

from .selecting import CANCER, SPASTIC, chosen, drugs, systems

ISOMED, ELASTIC, CODMAN = "isomed-35-05", "elastic-20-05", "codman-3000-50-05"
SYNCHROMED, LARGE, PROMETRA, EL = "synchromed-ii-20", "synchromed-ii-40", "prometra-ii-20", "synchromed-el-18"
OFTEN = {"needs.scans": "often"}
FAR = {"life.far_from_clinic": True, "needs.stable_dose": False}
STRONG = {"needs.drugs": drugs("morphine 10 mg/day")}
GRANULOMA = {"patient.conditions": ["granuloma, now or before"]}

# reason, (pump, change) with it, (pump, change) twice without
WEIGHED = [
    ("S1-stable", (ISOMED, {}), (SYNCHROMED, {}), (ISOMED, {"needs.stable_dose": False})),
    (
        "S1-stable",
        (ELASTIC, {}),
        (ISOMED, {"needs.drugs": drugs("morphine 2 mg/day", "bupivacaine 2 mg/day")}),
        (ISOMED, {"needs.stable_dose": None}),
    ),
    (
        "S1-replacement",
        (ISOMED, {"life.avoids_replacement": True}),
        (SYNCHROMED, {"life.avoids_replacement": True}),
        (ISOMED, {"life.avoids_replacement": None}),
    ),
    (
        "S1-survival",
        (ISOMED, {"patient.life_expectancy_months": 71}),
        (ISOMED, {"patient.life_expectancy_months": 70}),
        (SYNCHROMED, {"patient.life_expectancy_months": 300}),
    ),
    ("S1-cost", (ISOMED, {"life.cost_limited": True}), (SYNCHROMED, {"life.cost_limited": True}), (ISOMED, {})),
    ("S2-frequent", (ISOMED, OFTEN), (SYNCHROMED, OFTEN), (ISOMED, {"needs.scans": "sometimes"})),
    ("S2-empty", (PROMETRA, OFTEN), (SYNCHROMED, OFTEN), (PROMETRA, {"needs.scans": "sometimes"})),
    (
        "S2-reading",
        (ISOMED, {"needs.scans": "sometimes", "needs.read_after_scan": False}),
        (SYNCHROMED, {"needs.scans": "sometimes", "needs.read_after_scan": False}),
        (ISOMED, {"needs.read_after_scan": False}),
    ),
    ("S3-remote", (SYNCHROMED, FAR), (ISOMED, FAR), (SYNCHROMED, {"life.far_from_clinic": True})),
    ("S4-reservoir", (ISOMED, {}), (SYNCHROMED, {}), (EL, {})),
    ("S4-reservoir", (LARGE, {}), (ELASTIC, {}), (PROMETRA, {})),
    ("S5-strong", (LARGE, STRONG), (LARGE, {}), (LARGE, STRONG | GRANULOMA)),
    ("S5-granuloma", (LARGE, STRONG | GRANULOMA), (LARGE, GRANULOMA), (LARGE, STRONG)),
    (
        "label",
        (SYNCHROMED, {}),
        (SYNCHROMED, {"needs.drugs": drugs("morphine 2 mg/day", "bupivacaine 2 mg/day")}),
        (SYNCHROMED, {"needs.drugs": []}),
    ),
    ("height", (ISOMED, {"life.visited_altitude_m": 600}), (ISOMED, {}), (ELASTIC, {"life.flies_often": True})),
]


def reasons(pump: str, change: dict[str, object]) -> list[str]:
    return [each.reason.value for each in systems(chosen(change), pump)[0].scores]


@pytest.mark.parametrize(("reason", "weighs", "first", "second"), WEIGHED)
def test_a_reason_weighs_where_it_holds_and_nowhere_else(reason, weighs, first, second):
    assert reason in reasons(*weighs)
    assert reason not in reasons(*first)
    assert reason not in reasons(*second)


@pytest.mark.parametrize(
    ("reason", "pump", "catheter", "other"),
    [
        ("catheter-reinforced", SYNCHROMED, "ascenda-8780", "indura-8709"),
        ("catheter-connector", SYNCHROMED, "indura-8709sc", "indura-8709"),
        ("catheter-volume", CODMAN, "surestream", None),
        ("catheter-volume", ELASTIC, "duracath", "indura-8709"),
    ],
)
def test_a_catheter_weighs_by_its_wall_its_connector_and_what_is_published_of_it(reason, pump, catheter, other):
    found = {each.catheter.key: [score.reason.value for score in each.scores] for each in systems(chosen(), pump)}
    assert reason in found[catheter]
    assert other is None or reason not in found[other]


def test_every_reason_is_tried():
    tried = {row[0] for row in WEIGHED} | {"catheter-reinforced", "catheter-connector", "catheter-volume"}
    assert tried == set(Reason)


def test_every_reason_that_weighs_has_a_source_and_its_weight_says_that_it_is_ours():
    for change in ({}, STRONG | GRANULOMA | OFTEN, FAR, SPASTIC, CANCER):
        for system in chosen(change).systems:
            for score in system.scores:
                assert score.weighed.words.source
                assert score.weighed.points.confidence.value == "assumed"


def test_points_add_up_and_rank_before_market_and_market_before_interval():
    """Verify for the ranked systems
    - points never rise from one to the next
    - of equal points, one that is sold is never behind one that is not
    - of equal points and market, the interval never rises
    """
    order = [Market.SOLD, Market.UNCERTAIN, Market.ENDED, Market.TYPE]
    for change in ({}, STRONG, OFTEN, SPASTIC):
        ranked = chosen(change).systems
        keys = [
            (
                -sum(score.points for score in each.scores),
                order.index(each.pump.standing.market),
                -each.fill.interval.count,
            )
            for each in ranked
            if each.fill is not None
        ]
        assert len(keys) == len(ranked)
        assert keys == sorted(keys)


def test_what_is_as_good_as_the_first_differs_in_nothing_that_counts():
    found = chosen()
    for each in found.as_good:
        assert each.points == found.systems[0].points
        assert each.sold is found.systems[0].sold
    assert chosen({"patient.room_for_pump": False}).as_good == ()


def test_the_best_that_is_sold_is_told_beside_the_first():
    found = chosen({"life.avoids_replacement": True})
    assert found.first is not None
    assert found.first_sold is not None
    assert not found.first.sold
    assert found.first_sold.sold
    assert found.first_sold.programmable
    assert chosen({"life.visited_altitude_m": 0, "patient.conditions": ["active infection"]}).first_sold is None


def test_without_doses_systems_are_ranked_and_no_fluid_is_made_up():
    found = chosen({"needs.drugs": drugs("morphine")})
    assert found.systems
    assert all(each.fill is None for each in found.systems)


PROGRAMMABLE = [key for key in pump_models() if isinstance(pump_model(key), ProgrammablePump)]
CONSTANT = [key for key in pump_models() if isinstance(pump_model(key), ConstantFlowPump)]
MONTH = Duration.parse("28 day")
DOSES = st.integers(min_value=50_000, max_value=12_000_000)  # morphine, ng/day


@settings(max_examples=60, deadline=None)
@given(key=st.sampled_from(PROGRAMMABLE), dose=DOSES)
def test_the_interval_of_a_programmable_pump_is_that_of_the_refill_calculator(key, dose):
    pump = pump_model(key)
    fill = fill_of(pump, (("morphine", DoseRate(dose)),), MONTH, None, ())
    if fill is None:
        return
    therapy = Therapy(Mode.SIMPLE_CONTINUOUS, daily_dose=DoseRate(dose))
    sold = fill.fluid[0].concentration in {each.amount for each in drug("morphine").stocks}
    kind = Situation.LATER if sold else Situation.DILUTED
    answer = refill(RefillInputs(key, fill.fluid, pump.capacity, Instant(0), therapy, kind)).answer
    assert answer is not None
    assert fill.interval.count == answer.worst.at.epoch_ms - EPOCH.epoch_ms
    assert fill.due.binding.bound is answer.worst.binding.bound


@settings(max_examples=60, deadline=None)
@given(key=st.sampled_from(pump_models()), dose=DOSES, second=st.integers(min_value=100_000, max_value=20_000_000))
def test_a_fluid_never_passes_a_limit_and_never_gives_more_than_is_wanted(key, dose, second):
    """Verify for a mixture in any pump
    - no drug is stronger than its strictest limit
    - the primary drug is never given above its dose, and short of it by less than a thousandth
    """
    doses = (("morphine", DoseRate(dose)), ("bupivacaine", DoseRate(second)))
    fill = fill_of(pump_model(key), doses, MONTH, 100, (600,))
    if fill is None:
        return
    for each in fill.fluid:
        limit = strictest(drug(each.drug))
        assert limit is not None
        assert each.concentration <= limit.amount
    gives = dose_given(fill.flow, fill.fluid[0].concentration)
    assert Fraction(999, 1000) * dose <= gives.count <= dose


@settings(max_examples=60, deadline=None)
@given(key=st.sampled_from(pump_models()), dose=DOSES)
def test_more_dose_never_lasts_longer_in_a_pump(key, dose):
    pump, wanted = pump_model(key), DoseRate(dose)
    fill = fill_of(pump, (("morphine", wanted),), MONTH, None, ())
    more = fill_of(pump, (("morphine", DoseRate(dose + dose // 2)),), MONTH, None, ())
    assert more is None or (fill is not None and whole_days(more.interval) <= whole_days(fill.interval))


def whole_days(length: Duration) -> int:
    return length.count // Duration.parse("1 day").count


def test_a_strong_opioid_is_avoided_where_a_thinner_fluid_still_lasts():
    """2.4 mg/day for 90 days would take 14.8 mg/mL in 20 mL; at 10 mg/mL it lasts for 58 days, which is enough."""
    enough = fill_of(pump_model(SYNCHROMED), (("morphine", DoseRate.parse("2.4 mg/day")),), MONTH, None, ())
    longer = fill_of(
        pump_model(SYNCHROMED), (("morphine", DoseRate.parse("2.4 mg/day")),), Duration.parse("80 day"), None, ()
    )
    assert enough is not None
    assert longer is not None
    assert not enough.strong
    assert enough.fluid[0].concentration == Concentration.parse("10 mg/mL")
    assert longer.strong
    assert whole_days(longer.interval) == 80  # no stronger than it must be for 80 days
    assert longer.fluid[0].concentration < Concentration.parse("14 mg/mL")


def test_a_dose_that_no_fluid_gives_for_long_enough_is_planned_to_last_as_long_as_it_can():
    short = fill_of(pump_model("synchromed-el-10"), (("morphine", DoseRate.parse("4 mg/day")),), MONTH, None, ())
    assert short is not None
    assert short.interval < MONTH
    assert short.fluid[0].concentration == Concentration.parse("20 mg/mL")
    assert fill_of(pump_model(SYNCHROMED), (("morphine", DoseRate.parse("500 mg/day")),), MONTH, None, ()) is None


def test_ziconotide_as_it_is_sold_lasts_longer_than_diluted():
    """Undiluted 84 days, diluted 40; the lowest undiluted dose at 0.048 mL/day is 1.2 microgram/day (Prialt label)."""
    least = fill_of(pump_model(SYNCHROMED), (("ziconotide", DoseRate.parse("1.2 microgram/day")),), MONTH, None, ())
    assert least is not None
    assert (least.flow, least.interval) == (FlowRate.parse("0.048 mL/day"), Duration.parse("84 day"))
    assert least.fluid[0].concentration == Concentration.parse("25 microgram/mL")
    below = fill_of(pump_model(SYNCHROMED), (("ziconotide", DoseRate.parse("1.19 microgram/day")),), MONTH, None, ())
    assert below is None
    between = fill_of(
        pump_model("isomed-20-05"), (("ziconotide", DoseRate.parse("15 microgram/day")),), MONTH, None, ()
    )
    assert between is not None
    assert between.interval == Duration.parse("29 day")  # 17 mL at 0.575 mL/day, below the 40 days of a diluted one


def test_a_drug_nobody_names_limits_for_is_not_limited_by_strength_and_not_called_strong():
    known = drug("methadone")
    assert strictest(known) is None
    found = fill_of(pump_model("isomed-35-03"), (("methadone", DoseRate.parse("900 mg/day")),), MONTH, None, ())
    assert found is not None
    assert not is_strong(found.fluid)


@pytest.mark.parametrize(
    ("dose", "flow", "most"), [("10 mg/day", "0.5 mL/day", "20 mg/mL"), ("6 mg/day", "0.3 mL/day", "20 mg/mL")]
)
def test_the_cap_of_a_slow_constant_flow_is_as_worked_in_the_facts(dose, flow, most):
    """A 0.5 mL/day pump at 20 mg/mL of morphine caps at 10 mg/day [constant-flow 3.8]."""
    assert rate_to_fit(DoseRate.parse(dose), Concentration.parse(most)) == FlowRate.parse(flow)


@given(dose=st.integers(1, 10**12), concentration=st.integers(1, 10**8))
def test_the_slowest_flow_for_a_strength_needs_no_more_than_it_and_one_less_would(dose, concentration):
    limit = Concentration(concentration)
    slowest = rate_to_fit(DoseRate(dose), limit)
    assert concentration_to_fit(DoseRate(dose), slowest) <= limit
    assert slowest.count == 1 or concentration_to_fit(DoseRate(dose), FlowRate(slowest.count - 1)) > limit


@pytest.mark.parametrize(("pump", "days"), [("isomed-20-05", 29), ("isomed-35-03", 90)])
def test_constant_flow_intervals_are_whole_days_of_the_worst_flow(pump, days):
    """floor((V - reserve) / (1.15 Q)), capped by stability [constant-flow 6.3], at a home where the label holds."""
    model, figures = pump_model(pump), policy()
    fill = fill_of(model, (("morphine", DoseRate.parse("2 mg/day")),), MONTH, 0, ())
    assert fill is not None
    assert isinstance(model, ConstantFlowPump)
    usable = model.capacity.count - figures.constant_flow_reserve.count
    assert fill.interval == Duration.parse(f"{days} day")
    assert days == min(90, usable * 100 // (model.label_flow.count * 115))


def test_flow_by_height_is_that_of_the_flow_table():
    """Preset A at 1000 ft 1.064, at 8000 ft 1.465 [constant-flow 3.3]; a diaphragm does not notice."""
    pump = pump_model(ISOMED)
    assert isinstance(pump, ConstantFlowPump)
    found = flows_of(pump, 0, (305, 2438))
    assert found.home == pump.label_flow
    ratios = [Fraction(flow.count, found.home.count) for _, flow in found.visited]
    assert [round(Decimal(ratio.numerator) / Decimal(ratio.denominator), 3) for ratio in ratios] == [
        Decimal("1.064"),
        Decimal("1.465"),
    ]
    assert found.greatest_ratio == ratios[1]
    elastic = pump_model(ELASTIC)
    assert isinstance(elastic, ConstantFlowPump)
    assert flows_of(elastic, 0, (2438,)).greatest_ratio == 1
    assert flows_of(elastic, 0, ()).greatest_ratio == 1
