"""Battery: an illustrative curve of life over flow, used up in proportion; the date never jumps back (Z-1338-2012)."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from .asked import MS_PER_DAY, at, examples, plan, written

MONTH_DAYS = Fraction("365.25") / 12
# Illustrative curve for SynchroMed II: nL/day, months.
CURVE = [(500_000, 84), (1_000_000, 78), (2_000_000, 60), (6_000_000, 36), (24_000_000, 15)]
flows = st.integers(6_000, 24_000_000)
lengths = st.integers(30, 500)


def life_days(flow: int) -> Fraction:
    if flow <= CURVE[0][0]:
        return CURVE[0][1] * MONTH_DAYS
    for (slow, longer), (fast, shorter) in pairwise(CURVE):
        if flow <= fast:
            return (longer - Fraction((longer - shorter) * (flow - slow), fast - slow)) * MONTH_DAYS
    raise AssertionError(flow)


def battery(runs, now_day, **more):
    """Runs are (nL/day, days), the last one going on."""
    since, listed = 0, []
    for flow, days in runs:
        listed.append({"since": at(since * MS_PER_DAY), "flow": written(flow, "nL/day")})
        since += days
    return plan("battery", pump="synchromed-ii-20", flows=listed, now=at(now_day * MS_PER_DAY), **more)


@examples(30)
@given(st.lists(st.tuples(flows, lengths), min_size=1, max_size=4), st.integers(1, 400))
def test_life_use_and_date_follow_from_the_flows(runs, more_days):
    now = sum(days for _, days in runs[:-1]) + more_days
    found = battery(runs, now)
    lasts, used, since, end = life_days(runs[-1][0]), Fraction(0), 0, None
    for number, (flow, days) in enumerate(runs):
        last = number == len(runs) - 1
        left = (1 - used) * life_days(flow)
        if end is None and (last or left <= days):
            end = since + left
        used += (more_days if last else days) / life_days(flow)
        since += days
    assert abs(found.count("life") - lasts * MS_PER_DAY) <= 1
    assert found.count("used") == min(Fraction(1), used)
    assert -1 <= found.ms("replace_by") - end * MS_PER_DAY <= 1
    assert found.ms("replace_by") - found.ms("warning") == 90 * MS_PER_DAY


@examples(15)
@given(st.lists(st.tuples(flows, lengths), min_size=1, max_size=3), st.integers(0, 300), st.integers(0, 300))
def test_asking_later_never_moves_the_date(runs, first, second):
    began = sum(days for _, days in runs[:-1])
    assert battery(runs, began + first).ms("replace_by") == battery(runs, began + second).ms("replace_by")


@examples(15)
@given(
    st.lists(st.tuples(flows, lengths), min_size=1, max_size=3),
    st.integers(0, 2),
    st.integers(0, 18_000_000),
    flows,
    flows,
)
def test_more_flow_at_any_time_never_gives_a_later_date(runs, which, extra, planned, also_planned):
    which %= len(runs)
    faster = list(runs)
    faster[which] = (min(24_000_000, runs[which][0] + extra), runs[which][1])
    now = sum(days for _, days in runs)
    assert battery(faster, now).ms("replace_by") <= battery(runs, now).ms("replace_by")
    slow, fast = sorted((planned, also_planned))
    dates = [battery(runs, now, planned_flow=written(flow, "nL/day")).ms("replace_by") for flow in (slow, fast)]
    assert dates[1] <= dates[0]


@examples(10)
@given(flows, st.integers(30, 1500))
def test_once_the_warning_has_sounded_ninety_days_are_left(flow, day):
    found = battery([(flow, 1)], day + 1, warned=at(day * MS_PER_DAY))
    assert found.ms("replace_by") == (day + 90) * MS_PER_DAY
