"""The believed line keeps every nanolitre and nanogram, knows what it does not know, and says what leaves the tip."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.column import NOTHING, SALINE, UNKNOWN, Column, Fluid, Masses, Segment
from thecal.quantities import Concentration, FlowRate, QuantityError, Volume
from thecal.therapy import FluidComponent
from thecal.therapy.believed import BelievedLine
from thecal.therapy.priming import AtOnce, Push, given_at_once, prime_volume
from thecal.therapy.tip import Phase, at_the_tip

OLD = Fluid.of([("morphine", 10_000_000)])
NEW = Fluid.of([("morphine", 20_000_000), ("bupivacaine", Fraction(7, 3))])
DYE = Fluid.of([("dye", 1)])
TUBING, CATHETER = Volume(140_000), Volume(176_000)
DEAD = Volume(316_000)

fluids = st.sampled_from([SALINE, OLD, NEW])
small = st.integers(0, 400_000).map(Volume)


def full() -> BelievedLine:
    return BelievedLine.holding(TUBING, CATHETER, OLD)


@st.composite
def lines(draw: st.DrawFn) -> BelievedLine:
    """Any line that a few pushes and aspirations make of a known one."""
    line = BelievedLine.holding(TUBING, CATHETER, draw(fluids))
    for _ in range(draw(st.integers(0, 4))):
        amount = draw(small)
        line = line.pushed(amount, draw(fluids)) if draw(st.booleans()) else line.aspirated(amount)
    return line


@given(lines(), small, fluids)
@settings(max_examples=100)
def test_what_leaves_the_tip_and_what_stays_is_all_there_was(line, amount, fluid):
    before, entered = line.drug, fluid.mass_in(amount.count)
    left, after = line.drug_leaving(amount, fluid), line.pushed(amount, fluid).drug
    assert before is not None
    assert left is not None
    assert after is not None
    assert left + after == before + entered


@given(lines(), fluids)
@settings(max_examples=100)
def test_once_the_asked_volume_is_pushed_only_that_fluid_is_left_and_before_that_it_is_not_at_the_tip(line, fluid):
    needed = line.until_at_tip(fluid)
    assert line.pushed(needed, fluid).stretches == (Segment(DEAD.count, fluid),)
    assert line.gap(fluid).count == 0 or needed.count > 0
    if needed.count:
        assert line.pushed(Volume(needed.count - 1), fluid).contents.tip.fluid != fluid


@given(lines(), small)
@settings(max_examples=50)
def test_aspiration_through_the_port_takes_nothing_out_of_the_tubing(line, amount):
    before, after = line.contents, line.aspirated(amount).contents
    assert after.between(0, TUBING.count) == before.between(0, TUBING.count)


@given(lines(), st.lists(st.tuples(st.integers(1, 300_000), st.integers(1, 30_000_000)), max_size=4), fluids)
@settings(max_examples=100)
def test_the_legs_at_the_tip_are_all_that_leaves_whatever_the_rates(line, moves, fluid):
    phases = [Phase(Volume(amount), FlowRate(rate), fluid) for amount, rate in moves]
    legs, after = at_the_tip(line.contents, phases)
    total = Volume(sum(amount for amount, _ in moves))
    assert sum((leg.drug for leg in legs), NOTHING) == line.drug_leaving(total, fluid)
    assert after == line.pushed(total, fluid).contents
    for leg in legs:
        exact_ms = Fraction(leg.volume.count * 86_400_000, leg.rate.count)
        assert 0 <= leg.lasts.count - exact_ms < 1
        for drug, ng in leg.drug.entries:
            per_day = leg.exact_dose(drug)
            assert per_day * exact_ms == ng * 86_400_000
            assert 0 <= leg.dose(drug).count - per_day < 1


def test_a_pump_that_does_not_flow_moves_nothing_in_any_time():
    with pytest.raises(QuantityError, match="rate 0"):
        Phase(Volume(1), FlowRate(0), OLD)


# what was done -> stretches from the pump to the tip, in nL
HISTORIES = [
    ("implanted", BelievedLine.implanted(TUBING, CATHETER), [(316_000, SALINE)]),
    ("run on", full(), [(316_000, OLD)]),
    ("new fluid on its way", full().pushed(Volume(100_000), NEW), [(100_000, NEW), (216_000, OLD)]),
    ("catheter aspirated", full().aspirated(CATHETER), [(140_000, OLD), (176_000, SALINE)]),
    ("half aspirated", full().aspirated(Volume(88_000)), [(228_000, OLD), (88_000, SALINE)]),
    ("more than the catheter aspirated", full().aspirated(Volume(1_000_000)), [(140_000, OLD), (176_000, SALINE)]),
    ("dye injected", full().injected(Volume(50_000), DYE)[0], [(140_000, OLD), (50_000, DYE), (126_000, OLD)]),
    ("pump replaced", full().with_pump(Volume(199_000)), [(199_000, SALINE), (176_000, OLD)]),
    ("pump replaced, primed before", full().with_pump(TUBING, OLD), [(316_000, OLD)]),
    ("catheter replaced", full().with_catheter(Volume(220_000)), [(140_000, OLD), (220_000, SALINE)]),
    (
        "new piece at the tip",
        full().spliced(Volume(0), Volume(0), Volume(22_000), Volume(44_000)),
        [(294_000, OLD), (44_000, SALINE)],
    ),
    (
        "new piece at the pump",
        full().spliced(Volume(22_000), Volume(44_000), Volume(0), Volume(0)),
        [(140_000, OLD), (44_000, SALINE), (154_000, OLD)],
    ),
    ("catheter opened", full().revised(Volume(198_000)), [(140_000, OLD), (198_000, UNKNOWN)]),
    (
        "catheter opened, then aspirated whole",
        full().revised(Volume(198_000)).aspirated(Volume(198_000)),
        [(140_000, OLD), (198_000, SALINE)],
    ),
    (
        "catheter opened, aspirated in part",
        full().revised(Volume(198_000)).aspirated(Volume(98_000)),
        [(140_000, OLD), (100_000, UNKNOWN), (98_000, SALINE)],
    ),
]


@pytest.mark.parametrize(("line", "held"), [each[1:] for each in HISTORIES], ids=[each[0] for each in HISTORIES])
def test_after_what_was_done_the_line_holds_this(line, held):
    assert [(each.volume_nl, each.fluid) for each in line.stretches] == held
    assert line.dead_volume.count == sum(volume for volume, _ in held)
    assert line.known == all(fluid != UNKNOWN for _, fluid in held)


def test_an_injection_through_the_port_tells_what_it_drove_out():
    after, out = full().injected(Volume(50_000), DYE)
    assert out == OLD.mass_in(50_000)
    assert after.contents.between(140_000, 190_000) == (Segment(50_000, DYE),)
    _, unknown = full().revised(CATHETER).injected(Volume(50_000), DYE)
    assert unknown is None


def test_what_is_unknown_stays_unknown_until_it_has_left():
    """Verify: no drug is claimed for it, half a push does not make it known, and a whole one does."""
    line = BelievedLine.unknown(TUBING, CATHETER)
    assert (line.column, line.known, line.drug) == (None, False, None)
    assert line.until_at_tip(OLD) == DEAD
    assert line.gap(OLD) == DEAD
    half = line.pushed(Volume(158_000), OLD)
    assert not half.known
    assert half.drug_leaving(Volume(1), OLD) is None
    assert line.drug_leaving(DEAD, OLD) is None
    whole = line.pushed(DEAD, OLD)
    assert whole == full()
    assert whole.drug_leaving(Volume(1), OLD) == OLD.mass_in(1)


def test_a_line_of_which_nothing_is_known_any_more_has_no_column():
    assert BelievedLine.unknown(TUBING, CATHETER).revised(CATHETER).column is None
    assert BelievedLine.unknown(TUBING, CATHETER).aspirated(Volume(0)).column is None


def test_a_line_is_as_long_as_its_tubes():
    assert BelievedLine(0, 1, Column.filled(1, SALINE)).dead_volume == Volume(1)
    with pytest.raises(ValueError, match="not a line of 3 nL"):
        BelievedLine(1, 2, Column.filled(4, SALINE))
    with pytest.raises(ValueError, match="a line has a catheter"):
        BelievedLine(1, 0, None)
    with pytest.raises(ValueError, match="outside the column"):
        full().spliced(CATHETER, Volume(1), Volume(1), Volume(0))


@given(lines())
@settings(max_examples=100)
def test_a_prime_brings_drug_to_the_tip_and_lets_none_out(line):
    needed = prime_volume(line)
    if needed is None:
        watery = [not segment.fluid.drugs for segment in line.stretches]
        assert any(watery[:-1])
        return
    after = line.pushed(needed, OLD)
    assert line.drug_leaving(needed, OLD) == NOTHING
    assert all(segment.fluid.drugs for segment in after.stretches)


@pytest.mark.parametrize(
    ("line", "pushed", "out_ng", "gap", "before_gap"),
    [
        # a new pump connected to a catheter full of drug, and the tubing volume pushed
        (full().with_pump(TUBING), TUBING, 1_400_000, 140_000, 36_000),
        (full().with_pump(TUBING), DEAD, 1_760_000, 0, 0),
        (BelievedLine.implanted(TUBING, CATHETER), TUBING, 0, 176_000, 0),
        (BelievedLine.implanted(TUBING, CATHETER), DEAD, 0, 0, 0),
    ],
)
def test_a_push_gives_this_drug_and_leaves_this_gap(line, pushed, out_ng, gap, before_gap):
    push = Push(line, pushed, OLD, FlowRate.parse("1 mL/h"))
    assert push.out == Masses.of([("morphine", Fraction(out_ng))])
    assert (push.gap.count, push.before_gap.count) == (gap, before_gap)
    assert push.duration.count == pushed.count * 86_400_000 // 24_000_000


def test_what_is_given_at_once_is_held_against_each_drugs_own_day():
    """Verify for 1 mg of morphine a day, bupivacaine at half its strength, and baclofen that is in no fluid: above
    5 % of the day, exactly, and nothing at it.
    """
    fluid = [
        FluidComponent("morphine", Concentration(10_000_000)),
        FluidComponent("bupivacaine", Concentration(5_000_000)),
    ]
    daily, share = Fraction(1_000_000), Fraction(5, 100)
    limits = Masses.of([("morphine", Fraction(50_000)), ("bupivacaine", Fraction(25_000))])
    assert given_at_once(limits, fluid, daily, share) == ()
    more = Masses.of([(name, ng + Fraction(1, 9)) for name, ng in limits.entries] + [("baclofen", Fraction(1))])
    assert given_at_once(more, fluid, daily, share) == (
        AtOnce("baclofen", Fraction(1), 0),
        AtOnce("bupivacaine", Fraction(25_000) + Fraction(1, 9), 500_000),
        AtOnce("morphine", Fraction(50_000) + Fraction(1, 9), 1_000_000),
    )


def test_nobody_primes_a_line_of_which_part_is_unknown():
    assert prime_volume(full().revised(CATHETER)) is None
    assert Push(full().revised(CATHETER), CATHETER, OLD, FlowRate(1)).out is None


def test_a_leg_of_unknown_fluid_tells_no_dose():
    (leg,), _ = at_the_tip(BelievedLine.unknown(TUBING, CATHETER).contents, [Phase(Volume(1), FlowRate(1), OLD)])
    assert not leg.known
    with pytest.raises(ValueError, match="nobody knows"):
        leg.dose("morphine")
