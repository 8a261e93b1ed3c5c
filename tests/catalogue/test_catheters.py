"""A catheter holds what its implanted length holds: trimmed, cut again, spliced."""

from decimal import Decimal
from fractions import Fraction
from importlib import resources
from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thecal.catalogue.catheters import (
    Connector,
    ImplantedCatheter,
    ImplantedSegment,
    Trim,
    catheter,
    catheter_from,
    catheters,
)
from thecal.catalogue.sourced import CatalogueError, Confidence, parse
from thecal.quantities import Volume

DATA = resources.files("thecal.catalogue").joinpath("data/catheters")
WHOLE = [key for key in catheters() if catheter(key).length_cm is not None]

FULL_VOLUME = [  # facts, catheters, 2.1: full volume in microlitre
    ("flowonix-11823", 286),
    ("ascenda-8780", 251),
    ("ascenda-8781", 307),
    ("indura-8709", 196),
    ("indura-8709sc", 196),
    ("indura-8711", 229),
    ("intrathecal-8731", 229),
    ("intrathecal-8731sc", 229),
]
BORES = [  # facts, catheters, 2.1: volume per cm is pi/4 times the bore squared; bore in mm
    ("flowonix-11823", 0.575),
    ("codman-3000-outlet", 0.6),
    ("ascenda-8780", 0.53),
    ("ascenda-8782", 0.53),
    ("indura-8709", 0.53),
]
TABLE = {
    "ascenda-8780", "ascenda-8781", "ascenda-8782", "ascenda-8784", "indura-8709", "indura-8709sc", "indura-8711",
    "intrathecal-8731", "intrathecal-8731sc", "revision-8596sc", "revision-8578", "flowonix-11823",
    "codman-3000-outlet", "duracath", "surestream",
}  # fmt: skip


def cm(text):
    return Decimal(text)


def segment(length, per_cm="0.0022"):
    return ImplantedSegment("made-up", "a made-up piece", cm(length), cm(per_cm), None)


def test_every_catheter_of_the_table_is_there_and_says_where_its_numbers_come_from():
    assert set(catheters()) == TABLE
    for key in TABLE:
        found = catheter(key)
        assert found.name
        assert found.delivered_as.source
        assert all(number.source for _, number in found.sources)


@pytest.mark.parametrize(("key", "microlitre"), FULL_VOLUME)
def test_a_whole_catheter_holds_what_the_table_says(key, microlitre):
    assert catheter(key).implanted().volume().count == pytest.approx(microlitre * 1_000, abs=500)


@pytest.mark.parametrize(("key", "bore_mm"), BORES)
def test_the_volume_of_a_centimetre_agrees_with_the_bore(key, bore_mm):
    (piece,) = catheter(key).pieces
    assert float(piece.volume_per_cm) == pytest.approx(pi / 4 * bore_mm**2 / 100, rel=0.005)


def test_a_catheter_volume_follows_from_the_implanted_length():
    whole = catheter("ascenda-8780")
    assert whole.lumen(cm(0)) == Volume(251_460)
    assert whole.lumen(cm("14.3")) == Volume(220_000)
    assert whole.implanted().segments[0].origin.confidence is Confidence.RECALLED
    with pytest.raises(CatalogueError, match="trimmed length"):
        whole.lumen(cm("114.3"))
    with pytest.raises(CatalogueError, match="trimmed length"):
        whole.lumen(cm("-1"))


def test_twenty_five_forgotten_centimetres_misstate_a_milligram():
    """facts, catheters, 2.2: 25 cm at 2.2 microlitre/cm and 20 mg/mL are 1.1 mg of morphine."""
    recorded = catheter("indura-8709").implanted()
    forgotten = recorded.volume() - recorded.recut(cm(25)).volume()
    assert Fraction(forgotten.count, 1_000_000) * 20 == Fraction("1.1")


def test_a_flowonix_catheter_loses_two_to_three_centimetres_at_each_remake():
    found = catheter("flowonix-11823")
    assert [each.value for each in found.recut_cm] == [2, 3]
    implanted = found.implanted(Trim(cm(30)))
    once, twice = implanted.recut(cm(2)), implanted.recut(cm(2)).recut(cm(3))
    assert [each.volume().count for each in (implanted, once, twice)] == [208_000, 202_800, 195_000]


def test_a_piece_without_a_published_length_asks_for_it():
    kit = catheter("ascenda-8784")
    assert kit.length_cm is None
    with pytest.raises(CatalogueError, match="no published length of the pump segment; give it in cm"):
        kit.implanted()
    assert kit.implanted(Trim(cm(3), length_cm=cm(63))).volume() == Volume(132_000)


def test_a_lumen_nobody_published_is_given_by_the_clinic_and_has_no_origin():
    given_by_hand = Trim(cm(10), length_cm=cm(90), volume_ml_per_cm=cm("0.002"))
    (piece,) = catheter("duracath").implanted(given_by_hand).segments
    assert piece.origin is None
    with pytest.raises(CatalogueError, match="no published lumen volume of the whole; give it in mL/cm"):
        catheter("duracath").implanted(Trim(cm(0), length_cm=cm(90)))


def test_what_the_catalogue_knows_is_not_typed_over():
    with pytest.raises(CatalogueError, match=r"the length is 89 cm and is not given by hand"):
        catheter("indura-8709").implanted(Trim(cm(0), length_cm=cm(100)))


def test_two_pieces_are_trimmed_each():
    found = catheter("surestream")
    pump = Trim(cm(5), length_cm=cm(40), volume_ml_per_cm=cm("0.0028"))
    spinal = Trim(cm(10), length_cm=cm(60), volume_ml_per_cm=cm("0.0020"))
    implanted = found.implanted(pump, spinal)
    assert implanted.volume() == Volume(98_000 + 100_000)
    assert implanted.length_cm == 85
    assert [each.name for each in implanted.segments] == ["SureStream, pump segment", "SureStream, spinal segment"]
    with pytest.raises(CatalogueError, match="has 2 pieces"):
        found.implanted(pump)


def test_a_splice_sums_each_piece_with_its_own_lumen_and_the_connector():
    old = catheter("indura-8709").implanted(Trim(cm(49)))
    new = catheter("ascenda-8784").implanted(Trim(cm(0), length_cm=cm(50)))
    spliced = new.splice(old, Volume(3_000))
    assert spliced.volume() == Volume(50 * 2_200 + 40 * 2_200 + 3_000)
    assert [each.model for each in spliced.segments] == ["ascenda-8784", "indura-8709"]
    assert spliced.recut(cm(2)).segments[1] == spliced.segments[1]


lengths = st.decimals("0.1", "150", places=1)
lumens = st.decimals("0.0005", "0.0050", places=4)


@given(lengths, lumens, lengths, lumens, st.integers(0, 9_000))
def test_splicing_loses_less_than_a_nanolitre(first, first_lumen, second, second_lumen, joint):
    one = ImplantedCatheter((ImplantedSegment("a", "a", first, first_lumen, None),))
    two = ImplantedCatheter((ImplantedSegment("b", "b", second, second_lumen, None),))
    together = one.splice(two, Volume(joint)).volume().count
    apart = one.volume().count + two.volume().count + joint
    assert apart <= together <= apart + 1


@given(lengths, lumens, st.decimals(0, 1, places=3))
def test_what_is_cut_off_and_what_stays_make_the_whole(length, per_cm, part):
    whole = ImplantedCatheter((ImplantedSegment("a", "a", length, per_cm, None),))
    cut = (length * part).quantize(Decimal("0.1"))
    if cut < length:
        exact = sum(each.exact_ml for each in whole.recut(cut).segments) + cut * per_cm
        assert exact == length * per_cm


@pytest.mark.parametrize(("length", "per_cm"), [("0", "0.002"), ("-1", "0.002"), ("10", "0")])
def test_a_segment_without_length_or_lumen_does_not_exist(length, per_cm):
    with pytest.raises(CatalogueError, match="must be above 0"):
        segment(length, per_cm)


def test_a_catheter_without_a_segment_does_not_exist():
    with pytest.raises(CatalogueError, match="at least one segment"):
        ImplantedCatheter(())


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("[[pieces]]", "[[parts]]", "parts is not a known field"),
        ('connector = "of its maker"', 'connector = "glue"', "expected one of SC sutureless"),
        ("least = { value = 2,", "least = { value = 4,", "recut.least must be above 0 and not above most"),
        ('part = "whole"', 'part = "half"', "expected one of whole, pump segment, spinal segment"),
        ("length = { value = 110", "size = { value = 110", "size is not a known field"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(before, after, told):
    whole = DATA.joinpath("flowonix-11823.toml").read_text(encoding="utf-8")
    assert before in whole
    with pytest.raises(CatalogueError, match=told):
        catheter_from("damaged", parse("damaged.toml", whole.replace(before, after)))


def test_a_catheter_has_at_least_one_piece():
    text = DATA.joinpath("duracath.toml").read_text(encoding="utf-8").partition("[[pieces]]")[0]
    with pytest.raises(CatalogueError, match="pieces must name at least one piece"):
        catheter_from("damaged", parse("damaged.toml", text))


def test_sc_connectors_are_told_from_the_ones_that_came_later():
    assert {key for key in catheters() if catheter(key).connector is Connector.SC} == {
        "indura-8709sc", "intrathecal-8731sc", "revision-8596sc", "revision-8578",
    }  # fmt: skip
