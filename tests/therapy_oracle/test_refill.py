"""Refill dates: days to the alarm round down; worst case with every possible bolus and the label accuracy against you.

Days to alarm = (fill - alarm level) / daily volume; refill = the earliest of alarm less the lead, stability, label and
clinic; a pump that gives a share more than it counts reaches every level that share earlier.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from .asked import MS_PER_DAY, NL_PER_ML, at, ceil, examples, floor, fluid, plan, written

# Capacity, alarm level, what cannot be drawn out, label accuracy, stroke; all nL or a share.
PUMPS = {
    "synchromed-ii-20": (20_000_000, 2_000_000, 1_400_000, Fraction("0.145"), 500),
    "synchromed-ii-40": (40_000_000, 2_000_000, 1_400_000, Fraction("0.145"), 500),
    "prometra-ii-20": (20_000_000, 3_000_000, 1_400_000, Fraction("0.15"), 2_500),
}
LEAD_DAYS, MORPHINE_DAYS, LABEL_DAYS = 7, 90, 180
pumps = st.sampled_from(sorted(PUMPS))
flows = st.integers(60_000, 1_500_000)  # nL/day


def refill(pump, filled, flow, strength=10_000_000, bolus=None, **more):
    """A fill from which one flow runs; a bolus is (nL, lockout ms, allotted)."""
    dose = ceil(Fraction(flow * strength, NL_PER_ML))
    therapy = {"mode": "simple continuous", "daily_dose": written(dose, "ng/day")}
    if bolus:
        nl, lockout, allotted = bolus
        therapy["patient_bolus"] = {
            "dose": written(nl * strength // NL_PER_ML, "ng"),
            "duration": "5 min",
            "lockout": written(lockout, "ms"),
            "maximum_per_24h": allotted,
        }
    therapy |= more.pop("therapy", {})
    return plan(
        "refill",
        pump=pump,
        filled=written(filled, "nL"),
        filled_at=at(),
        fluid=fluid(("morphine", strength)),
        therapy=therapy,
        **more,
    )


def reached(volume: Fraction, flow: int, boluses_nl: int) -> Fraction:
    """When so much is gone, in ms, where each day begins with its boluses."""
    days = floor(Fraction(volume, flow + boluses_nl))
    rest = volume - days * (flow + boluses_nl)
    return MS_PER_DAY * (days + max(Fraction(0), (rest - boluses_nl) / Fraction(flow)))


@examples(30)
@given(pumps, st.fractions(Fraction(1, 2), 1), flows)
def test_alarm_and_empty_follow_from_volume_over_flow_and_days_round_down(pump, share, flow):
    capacity, alarm, left, _, _ = PUMPS[pump]
    filled = floor(share * capacity)
    found = refill(pump, filled, flow)
    assert found.count("days_to_alarm") == floor(Fraction(filled - alarm, flow))
    assert abs(found.ms("alarm") - reached(filled - alarm, flow, 0)) <= 1
    assert abs(found.ms("empty") - reached(filled - left, flow, 0)) <= 1
    assert found.ms("alarm.boluses") == found.ms("alarm")
    assert found.count("dry_before_alarm") == Fraction(filled, filled - alarm) - 1
    assert found.count("empty_before_alarm") == Fraction(filled - left, filled - alarm) - 1


@pytest.mark.parametrize(("pump", "percent"), [("synchromed-ii-20", "11.1"), ("synchromed-ii-40", "5.3")])
def test_the_published_over_delivery_that_runs_dry_without_a_sound(pump, percent):
    found = refill(pump, PUMPS[pump][0], 300_000)
    assert round(found.count("dry_before_alarm") * 100, 1) == Fraction(percent)
    assert "dry-before-alarm" in found.rules()


@examples(25)
@given(pumps, flows, st.integers(2, 20), st.integers(4, 48), st.integers(1, 24))
def test_every_possible_bolus_taken_and_the_label_accuracy_against_you(pump, flow, strokes, quarters, allotted):
    capacity, alarm, left, accuracy, stroke = PUMPS[pump]
    lockout = quarters * 900_000
    bolus = strokes * stroke
    possible = min(allotted, ceil(Fraction(MS_PER_DAY, lockout)))
    found = refill(pump, capacity, flow, bolus=(bolus, lockout, allotted))
    each_day = possible * bolus
    assert abs(found.ms("alarm") - reached(capacity - alarm, flow, 0)) <= 1
    assert abs(found.ms("alarm.boluses") - reached(capacity - alarm, flow, each_day)) <= 1
    one_nl = Fraction(MS_PER_DAY, flow) + 1  # whole nL are counted, and against you
    assert 0 <= reached((capacity - alarm) / (1 + accuracy), flow, each_day) - found.ms("alarm.worst") < one_nl
    assert 0 <= reached((capacity - left) / (1 + accuracy), flow, each_day) - found.ms("empty.worst") < one_nl


@examples(25)
@given(pumps, flows, st.integers(0, 30), st.integers(30, 180))
def test_the_refill_is_the_earliest_of_what_limits_it_and_the_worst_is_no_later(pump, flow, lead_days, longest_days):
    more = {"lead": f"{lead_days} day", "longest_interval": f"{longest_days} day"}
    capacity, alarm, _, accuracy, _ = PUMPS[pump]
    assume(Fraction(capacity - alarm, flow) / (1 + accuracy) > lead_days + 1)
    found = refill(pump, capacity, flow, **more)
    due = reached(capacity - alarm, flow, 0) - lead_days * MS_PER_DAY
    others = min(MORPHINE_DAYS, LABEL_DAYS, longest_days) * MS_PER_DAY
    assert abs(found.ms("expected") - min(due, others)) <= 1
    worst = reached((capacity - alarm) / (1 + accuracy), flow, 0) - lead_days * MS_PER_DAY
    assert 0 <= min(worst, others) - found.ms("worst") < Fraction(MS_PER_DAY, flow) + 1
    assert found.ms("worst") <= found.ms("expected") < found.ms("alarm") + 1
    for which in ("expected", "worst"):
        dates = [found.ms(key) for key in found.outputs if key.startswith(f"{which}.") and found.outputs[key]["unit"]]
        assert found.ms(which) == min(dates)


@examples(10)
@given(flows, flows, st.integers(0, 30), st.integers(0, 30))
def test_more_flow_or_more_boluses_never_put_the_refill_off(first, second, fewer, more):
    slow, fast = sorted((first, second))
    few, many = sorted((fewer, more))
    dates = [
        refill("synchromed-ii-20", 20_000_000, flow, bolus=(strokes * 500, 3_600_000 * 2, 12) if strokes else None)
        for flow, strokes in ((slow, few), (fast, many))
    ]
    for which in ("expected", "worst", "alarm.boluses", "empty.worst"):
        assert dates[1].ms(which) <= dates[0].ms(which)


@pytest.mark.parametrize(("kind", "days"), [("first fill", 14), ("later", 84), ("diluted", 40)])
def test_ziconotide_keeps_as_long_as_its_label_says(kind, days):
    """Prialt US label: 14 days after the first fill, later 84 undiluted and 40 diluted."""
    found = plan(
        "refill",
        pump="synchromed-ii-40",
        filled="40 mL",
        filled_at=at(),
        fluid=fluid(("ziconotide", 25_000)),
        therapy={"mode": "simple continuous", "daily_dose": "2.4 microgram/day"},
        kind=kind,
    )
    assert found.ms("expected") == found.ms("worst") == days * MS_PER_DAY


@pytest.mark.parametrize("allotted", [4, 8, 10])
def test_the_hand_held_date_counts_every_allotted_bolus(allotted):
    flow, bolus = 300_000, 20_000
    found = refill("prometra-ii-20", 20_000_000, flow, bolus=(bolus, 3 * 3_600_000, allotted))
    assert abs(found.ms("expected.handheld") - reached(17_000_000, flow, allotted * bolus)) <= 1
