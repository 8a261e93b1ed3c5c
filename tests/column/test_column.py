"""A column keeps every nanolitre and every nanogram, and knows what is where."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.column import NOTHING, SALINE, UNKNOWN, Column, Fluid, Masses, Segment, mass_in, mixed

MORPHINE = Fluid.of([("morphine", 10_000_000)])
STRONGER = Fluid.of([("morphine", 20_000_000)])
MIXTURE = Fluid.of([("morphine", 1), ("bupivacaine", Fraction(7, 3))])

fluids = st.sampled_from([SALINE, MORPHINE, STRONGER, MIXTURE])
volumes = st.integers(0, 3_000)
acts = st.lists(st.tuples(st.sampled_from(["push", "draw"]), volumes, fluids), max_size=12)


@given(st.integers(1, 2_000), fluids, acts)
@settings(max_examples=100)
def test_whatever_is_pushed_and_drawn_nothing_is_made_or_lost(volume_nl, fluid, done):
    column = Column.filled(volume_nl, fluid)
    inside, outside, moved_nl = column.mass, NOTHING, 0
    for act, amount_nl, entering in done:
        column, left = column.push(amount_nl, entering) if act == "push" else column.draw(amount_nl, entering)
        inside += entering.mass_in(amount_nl)
        outside += mass_in(left)
        moved_nl += amount_nl
        assert sum(segment.volume_nl for segment in left) == amount_nl
        assert column.volume_nl == volume_nl
    assert column.mass + outside == inside


@given(st.integers(1, 2_000), fluids, volumes, volumes, fluids)
@settings(max_examples=50)
def test_pushing_twice_is_pushing_the_sum_once(volume_nl, inside, first_nl, second_nl, entering):
    start = Column.filled(volume_nl, inside)
    halfway, first = start.push(first_nl, entering)
    apart, second = halfway.push(second_nl, entering)
    together, both = start.push(first_nl + second_nl, entering)
    assert apart == together
    assert mass_in((*first, *second)) == mass_in(both)


@given(st.integers(1, 2_000), fluids, fluids, st.data())
@settings(max_examples=50)
def test_drawing_back_what_was_pushed_restores_the_column(volume_nl, inside, entering, data):
    amount_nl = data.draw(st.integers(0, volume_nl))
    start = Column.filled(volume_nl, inside)
    pushed, _ = start.push(amount_nl, entering)
    restored, drawn = pushed.draw(amount_nl, inside)
    assert restored == start
    assert mass_in(drawn) == entering.mass_in(amount_nl)


def test_the_front_moves_towards_the_tip_by_what_is_pushed():
    column, left = Column.filled(1_000, SALINE).push(300, MORPHINE)
    (front,) = column.fronts
    assert (front.from_pump_nl, front.to_tip_nl, front.behind, front.ahead) == (300, 700, MORPHINE, SALINE)
    assert left == (Segment(300, SALINE),)
    assert (column.fluid_at(299), column.fluid_at(300)) == (MORPHINE, SALINE)
    with pytest.raises(ValueError, match="outside the column"):
        column.fluid_at(1_000)


def test_what_leaves_first_comes_first():
    column, _ = Column.filled(10, SALINE).push(4, MORPHINE)
    _, left = column.push(15, STRONGER)
    assert left == (Segment(6, SALINE), Segment(4, MORPHINE), Segment(5, STRONGER))


def test_aspiration_takes_the_pump_end_first_and_lets_csf_in_at_the_tip():
    column, _ = Column.filled(10, MORPHINE).push(4, STRONGER)
    column, drawn = column.draw(6, SALINE)
    assert drawn == (Segment(4, STRONGER), Segment(2, MORPHINE))
    assert column.segments == (Segment(4, MORPHINE), Segment(6, SALINE))


@given(st.lists(st.tuples(st.integers(1, 10_000), fluids), max_size=6))
@settings(max_examples=50)
def test_mixing_keeps_every_drug_exactly(parts):
    segments = [Segment(volume_nl, fluid) for volume_nl, fluid in parts]
    whole_nl = sum(volume_nl for volume_nl, _ in parts)
    assert mixed(segments).mass_in(whole_nl) == mass_in(segments)


def test_equal_parts_of_drug_and_saline_have_half_the_concentration():
    half = mixed([Segment(5, MORPHINE), Segment(5, SALINE)])
    assert half.ng_per_ml("morphine") == 5_000_000
    assert half.ng_per_ml("baclofen") == 0
    assert mixed([]) == SALINE


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Segment(0, SALINE),
        lambda: Column(()),
        lambda: Column((Segment(1, SALINE), Segment(1, SALINE))),
        lambda: Fluid((("morphine", Fraction(0)),)),
        lambda: Fluid((("morphine", Fraction(1)), ("baclofen", Fraction(1)))),
        lambda: Fluid.of([("morphine", 1), ("morphine", 2)]),
        lambda: Masses((("morphine", Fraction(-1)),)),
        lambda: Masses((("morphine", Fraction(1)), ("baclofen", Fraction(1)))),
        lambda: NOTHING - MORPHINE.mass_in(1),
    ],
)
def test_what_cannot_exist_is_refused(wrong):
    with pytest.raises(ValueError, match=r"."):
        wrong()


def test_masses_add_and_subtract_drug_by_drug():
    one = Masses.of([("morphine", Fraction(3)), ("baclofen", Fraction(1)), ("morphine", Fraction(2))])
    assert (one.ng("morphine"), one.ng("baclofen"), one.ng("clonidine")) == (5, 1, 0)
    assert one.times(3) - one - one == one
    assert one.times(0) == one - one == NOTHING


@given(st.integers(1, 2_000), fluids, fluids, volumes, st.data())
@settings(max_examples=100)
def test_at_a_port_only_what_lies_between_port_and_tip_moves(volume_nl, inside, entering, amount_nl, data):
    """Verify for injection and for aspiration: nothing is lost, and between pump and port nothing changes."""
    port_nl = data.draw(st.integers(0, volume_nl - 1))
    start, _ = Column.filled(volume_nl, inside).push(data.draw(st.integers(0, volume_nl)), MORPHINE)
    for after, out in (start.inject(port_nl, amount_nl, entering), start.aspirate(port_nl, amount_nl, entering)):
        assert after.between(0, port_nl) == start.between(0, port_nl)
        assert after.mass + mass_in(out) == start.mass + entering.mass_in(amount_nl)
        assert sum(segment.volume_nl for segment in out) == amount_nl


@given(st.integers(1, 2_000), fluids, st.data())
@settings(max_examples=50)
def test_a_port_at_the_pump_end_is_the_pump_itself(volume_nl, entering, data):
    start, _ = Column.filled(volume_nl, SALINE).push(data.draw(st.integers(0, volume_nl)), MORPHINE)
    amount_nl = data.draw(volumes)
    assert start.inject(0, amount_nl, entering) == start.push(amount_nl, entering)
    assert start.aspirate(0, amount_nl, entering) == start.draw(amount_nl, entering)


@given(st.integers(1, 2_000), st.data())
@settings(max_examples=50)
def test_the_stretches_between_two_places_fit_together_into_the_whole(volume_nl, data):
    column, _ = Column.filled(volume_nl, SALINE).push(data.draw(st.integers(0, volume_nl)), MORPHINE)
    cut_nl = data.draw(st.integers(0, volume_nl))
    assert Column.of((*column.between(0, cut_nl), *column.between(cut_nl, volume_nl))) == column
    assert column.between(cut_nl, cut_nl) == ()


@given(st.integers(1, 2_000), fluids, fluids, st.data())
@settings(max_examples=100)
def test_what_must_be_pushed_is_exactly_what_it_takes_and_not_one_nanolitre_less(volume_nl, inside, wanted, data):
    start, _ = Column.filled(volume_nl, inside).push(data.draw(st.integers(0, volume_nl)), MORPHINE)
    needed_nl = start.until_unbroken_nl(wanted)
    assert start.push(needed_nl, wanted)[0].segments == (Segment(volume_nl, wanted),)
    if needed_nl:
        assert start.push(needed_nl - 1, wanted)[0].tip.fluid != wanted


def test_drug_at_the_tip_with_water_behind_it_is_not_there_without_a_gap():
    column = Column((Segment(3, SALINE), Segment(7, MORPHINE)))
    assert column.until_unbroken_nl(MORPHINE) == 10
    assert Column((Segment(3, MORPHINE), Segment(7, SALINE))).until_unbroken_nl(MORPHINE) == 7


def test_what_nobody_knows_takes_up_room_and_is_never_taken_for_water():
    column, left = Column.filled(10, UNKNOWN).push(4, MORPHINE)
    assert column.segments == (Segment(4, MORPHINE), Segment(6, UNKNOWN))
    assert left == (Segment(4, UNKNOWN),)
    assert UNKNOWN != SALINE
    for asked in (lambda: mass_in(left), lambda: column.mass, lambda: mixed(left), lambda: UNKNOWN.ng_per_ml("x")):
        with pytest.raises(ValueError, match="nobody knows"):
            asked()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda column: column.inject(10, 1, MORPHINE),
        lambda column: column.aspirate(-1, 1, MORPHINE),
        lambda column: column.between(4, 3),
        lambda column: column.between(0, 11),
        lambda column: column.fluid_at(-1),
    ],
)
def test_a_place_outside_the_column_is_refused(wrong):
    with pytest.raises(ValueError, match="outside the column"):
        wrong(Column.filled(10, SALINE))


def test_no_stretches_make_no_column():
    with pytest.raises(ValueError, match="at least one segment"):
        Column.of(())
