"""Bridge bolus, after the published formulas (SynchroMed EL clinician manual p. 176; practice of programmable pumps).

V = tubing + catheter; R = D / C_old; T = V x C_old / D; to enter in the new drug's units B = V x C_new; afterwards
R_new = D_new / C_new; without a bridge D_new x C_old / C_new for V / R_new. Flow is rounded down, time is rounded up,
and so is the drug that reaches the patient: it counts against a limit.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, example, given
from hypothesis import strategies as st

from .asked import MS_PER_DAY, NL_PER_ML, ceil, examples, floor, fluid, plan, written

TUBING_NL = (140_000, 199_000)  # TGA RC-2017-RN-00065-1: programmer cards since and before 2016/17
LOWEST_NL, HIGHEST_NL = 48_000, 24_000_000  # SynchroMed II, nL/day
ASK_MS, REFUSE_MS = 72 * 3_600_000, 168 * 3_600_000

catheters_nl = st.integers(50_000, 400_000)
strengths = st.integers(500_000, 25_000_000)  # ng/mL
doses = st.integers(100_000, 10_000_000)  # ng/day


def bridge(catheter_nl: int, old: int, new: int, now: int, after: int, **more):
    return plan(
        "bridge",
        pump="synchromed-ii-20",
        catheter_volume=written(catheter_nl, "nL"),
        old=fluid(("morphine", old)),
        new=fluid(("morphine", new)),
        daily_dose_now=written(now, "ng/day"),
        daily_dose_after=written(after, "ng/day"),
        **more,
    )


def flow(dose: int, strength: int) -> int:
    """Whole nL a day that give no more than the dose."""
    return floor(Fraction(dose * NL_PER_ML, strength))


def possible(*flows: int) -> bool:
    """Whether the pump can run each of these, and they differ: with one flow the new fluid simply follows."""
    return all(LOWEST_NL <= each <= HIGHEST_NL for each in flows) and len(set(flows)) == len(flows)


@examples(25)
@given(catheters_nl, strengths, strengths, doses, doses)
@example(196_460, 10_000_000, 20_000_000, 2_000_000, 2_000_000)
def test_volume_dose_flow_time_and_what_is_entered_follow_the_formulas(catheter_nl, old, new, now, after):
    assume(old != new and possible(flow(now, old), flow(after, new)))
    volume = TUBING_NL[0] + catheter_nl
    lasts = ceil(Fraction(volume * MS_PER_DAY, flow(now, old)))
    assume(lasts <= REFUSE_MS)
    found = bridge(catheter_nl, old, new, now, after)
    assert found.status == 0
    assert found.count("volume") == volume
    assert found.count("rate") == flow(now, old)
    assert found.count("duration") == found.count("arrives") == lasts
    assert found.count("rate_after") == flow(after, new)
    assert found.count("entered") == ceil(Fraction(volume * new, NL_PER_ML))
    in_line = Fraction(volume * old, NL_PER_ML)
    assert 0 <= found.count("dose") - in_line < 1
    assert found.count("morphine.in_line") == found.count("dose")
    # What the patient gets meanwhile is never more than is wanted, and short of it by less than one nL a day of fluid.
    assert 0 <= now - found.count("morphine.during") < Fraction(old, NL_PER_ML) + 1
    assert 0 <= after - found.count("morphine.after") < Fraction(new, NL_PER_ML) + 1
    # Conservation: what runs for the time of the bridge is what the line held.
    assert 0 <= Fraction(found.count("rate") * lasts, MS_PER_DAY) - volume < Fraction(HIGHEST_NL, MS_PER_DAY)


@examples(25)
@given(catheters_nl, strengths, strengths, doses, doses)
@example(196_460, 500_000, 2_000_000, 300_000, 300_000)  # a quarter of the dose
@example(196_460, 2_000_000, 500_000, 300_000, 300_000)  # four times the dose
def test_without_a_bridge_the_old_fluid_runs_at_the_new_flow(catheter_nl, old, new, now, after):
    assume(old != new and possible(flow(now, old), flow(after, new)))
    found = bridge(catheter_nl, old, new, now, after)
    volume = TUBING_NL[0] + catheter_nl
    meanwhile = Fraction(after * old, new)
    assert found.count("without.1.volume") == volume
    assert -1 < meanwhile - found.count("without.1.morphine") < Fraction(old, NL_PER_ML) + 1
    lasts = Fraction(volume * MS_PER_DAY * new, after * NL_PER_ML)
    assert 0 <= found.count("without.1.lasts") - lasts < lasts / (flow(after, new) - 1) + 1


@examples(25)
@given(catheters_nl, st.integers(0, 200_000), strengths, strengths, doses, doses)
@example(196_460, 0, 10_000_000, 20_000_000, 2_000_000, 2_000_000)
def test_the_least_volume_going_up_the_most_going_down(least_nl, wider_nl, old, new, now, after):
    assume(old != new and possible(flow(now, old), flow(after, new)))
    assume((TUBING_NL[1] + least_nl + wider_nl) * MS_PER_DAY <= REFUSE_MS * flow(now, old))
    bounds = {"catheter_least": written(least_nl, "nL"), "catheter_most": written(least_nl + wider_nl, "nL")}
    found = bridge(least_nl, old, new, now, after, **bounds)
    least, most = TUBING_NL[0] + least_nl, TUBING_NL[1] + least_nl + wider_nl
    cautious = least if new > old else most
    assert (found.count("bracket.least"), found.count("bracket.most")) == (least, most)
    assert found.count("bracket.cautious") == cautious
    assert found.count("bracket.cautious_duration") == ceil(Fraction(cautious * MS_PER_DAY, flow(now, old)))
    # Stopped too early, the rest of the old fluid runs at the new flow; kept too long, the new one at the old flow.
    assert found.count("bracket.early.1.volume") == found.count("bracket.late.1.volume") == most - least
    assert found.count("bracket.early.1.morphine") == ceil(Fraction(flow(after, new) * old, NL_PER_ML))
    assert found.count("bracket.late.1.morphine") == ceil(Fraction(flow(now, old) * new, NL_PER_ML))
    harmless = "early" if new > old else "late"
    assert found.count(f"bracket.{harmless}.1.morphine") <= max(now, after)


@examples(20)
@given(catheters_nl, strengths, doses, st.integers(2, 6))
@example(196_460, 10_000_000, 480_000, 2)
def test_a_long_bridge_is_asked_about_and_one_beyond_a_week_refused(catheter_nl, old, now, times):
    running = flow(now, old)
    assume(possible(running, flow(now, old * times)))
    lasts = ceil(Fraction((TUBING_NL[0] + catheter_nl) * MS_PER_DAY, running))
    found = bridge(catheter_nl, old, old * times, now, now)
    told = {each["verdict"] for each in found.findings if each["rule"] == "bridge-long"}
    assert told == ({"refuse"} if lasts > REFUSE_MS else {"warn"} if lasts > ASK_MS else set())
    assert (found.status == 1) == (lasts > REFUSE_MS)
    assert (found.count("volume") is None) == (lasts > REFUSE_MS)


@examples(15)
@given(catheters_nl, strengths, strengths, doses)
def test_a_bridge_the_pump_cannot_run_is_refused(catheter_nl, old, new, now):
    assume(old != new and not possible(flow(now, old)))
    found = bridge(catheter_nl, old, new, now, max(now, new // 10))
    assert "bridge-rate" in found.rules("refuse")
    assert found.count("volume") is None


@examples(20)
@given(catheters_nl, strengths, st.integers(2, 4), doses, st.fractions(0, 1))
def test_an_interrupted_bridge_goes_on_restarts_or_is_cancelled(catheter_nl, old, times, now, share):
    new = old * times
    assume(possible(flow(now, old), flow(now, new)))
    volume = TUBING_NL[0] + catheter_nl
    moved = floor(share * (volume - 2)) + 1
    assume(volume * MS_PER_DAY <= REFUSE_MS * flow(now, old))
    found = bridge(catheter_nl, old, new, now, now, delivered=written(moved, "nL"))
    left, running = volume - moved, flow(now, old)
    assert found.count("resumed.continue.volume") == left
    assert found.count("resumed.continue.duration") == ceil(Fraction(left * MS_PER_DAY, running))
    assert found.count("resumed.restart.volume") == volume
    assert found.count("resumed.restart.leg.1.volume") == left
    assert found.count("resumed.restart.leg.2.volume") == moved
    assert found.count("resumed.restart.leg.2.morphine") == ceil(Fraction(running * new, NL_PER_ML))
    assert found.count("resumed.cancel.leg.1.volume") == left
    assert found.count("resumed.cancel.leg.1.morphine") == ceil(Fraction(flow(now, new) * old, NL_PER_ML))


@examples(20)
@given(catheters_nl, strengths, strengths, st.integers(1_000, 900_000), doses)
def test_every_drug_of_the_old_fluid_leaves_the_line_with_it(catheter_nl, old, new, beside, now):
    assume(old != new and possible(flow(now, old), flow(now, new)))
    volume = TUBING_NL[0] + catheter_nl
    assume(volume * MS_PER_DAY <= REFUSE_MS * flow(now, old))
    found = plan(
        "bridge",
        pump="synchromed-ii-20",
        catheter_volume=written(catheter_nl, "nL"),
        old=fluid(("morphine", old), ("clonidine", beside)),
        new=fluid(("morphine", new), ("bupivacaine", 5_000_000)),
        daily_dose_now=written(now, "ng/day"),
        daily_dose_after=written(now, "ng/day"),
    )
    assert 0 <= found.count("clonidine.in_line") - Fraction(volume * beside, NL_PER_ML) < 1
    assert found.count("clonidine.during") == ceil(Fraction(flow(now, old) * beside, NL_PER_ML))
    assert found.count("without.1.clonidine") == ceil(Fraction(flow(now, new) * beside, NL_PER_ML))
    assert found.count("bupivacaine.in_line") == found.count("bupivacaine.during") == 0
    assert found.count("bupivacaine.after") == ceil(Fraction(flow(now, new) * 5_000_000, NL_PER_ML))


@examples(10)
@given(catheters_nl, strengths, doses)
def test_the_same_fluid_needs_no_bridge(catheter_nl, strength, now):
    assume(possible(flow(now, strength)))
    found = bridge(catheter_nl, strength, strength, now, now * 2)
    assert found.count("volume") is None
    assert found.rules() == {"bridge-not-needed"}
