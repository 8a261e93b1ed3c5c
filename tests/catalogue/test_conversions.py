"""Ratios and factors are as published, each kept with its citation, and none can be run backwards."""

import copy

import pytest

from thecal.catalogue.conversions import (
    FactorUnit,
    FactorVersion,
    Route,
    SystemicOpioid,
    conversions,
    conversions_from,
)
from thecal.catalogue.sourced import CatalogueError, Confidence, Table, load
from thecal.quantities import DoseRate

# drug, route, every published ratio in mg by that route for 1 mg intrathecally
ROUTES = [
    ("morphine", Route.ORAL, [(400, 400), (300, 300), (200, 200), (75, 150), (100, 100), (90, 90), (10, 125)]),
    ("morphine", Route.INTRAVENOUS, [(100, 100), (200, 300)]),
    ("morphine", Route.EPIDURAL, [(10, 10)]),
    ("fentanyl", Route.INTRAVENOUS, [(10, 20)]),
    ("sufentanil", Route.INTRAVENOUS, [(10, 20)]),
    ("hydromorphone", Route.EPIDURAL, [(5, 5)]),
    ("ziconotide", Route.ORAL, []),
]

# opioid, factor of 2016, factor of 2022 (None: the edition has none)
FACTORS = [
    ("codeine", "0.15", "0.15"),
    ("fentanyl patch", "2.4", "2.4"),
    ("hydrocodone", "1", "1"),
    ("hydromorphone", "4", "5"),
    ("morphine", "1", "1"),
    ("oxycodone", "1.5", "1.5"),
    ("oxymorphone", "3", "3"),
    ("tapentadol", "0.4", "0.4"),
    ("tramadol", "0.1", "0.2"),
    ("meperidine", "0.1", None),
]


def ends(ratio):
    return (ratio.ratio.low.amount, ratio.ratio.high.amount)


def document():
    return copy.deepcopy(dict(load("conversions.toml").entries))


@pytest.mark.parametrize(("drug", "route", "published"), ROUTES)
def test_every_published_ratio_of_a_route_is_kept(drug, route, published):
    assert [ends(each) for each in conversions().to_intrathecal(drug, route)] == published


def test_the_largest_cohort_gives_its_median():
    (cohort,) = [each for each in conversions().routes if each.median is not None]
    assert (str(cohort.median.origin.value), cohort.median.origin.confidence) == ("105.5", Confidence.ABSTRACT)


def test_every_ratio_has_its_own_citation():
    known = conversions()
    sources = [each.ratio.low.origin.source for each in (*known.routes, *known.opioids, *known.out_of_intrathecal)]
    assert len(set(sources)) == len(sources)


def test_the_way_out_of_the_intrathecal_route_is_told_and_never_among_the_ways_in():
    known = conversions()
    assert {each.drug: ends(each) for each in known.out_of_intrathecal} == {
        "morphine": (12, 12),
        "baclofen": (10_000,) * 2,
    }
    for out in known.out_of_intrathecal:
        assert out not in known.to_intrathecal(out.drug, Route.ORAL)


def test_morphine_goes_to_hydromorphone_by_two_rules_and_never_back():
    known = conversions()
    assert [(each.use.value, *ends(each)) for each in known.between("morphine", "hydromorphone")] == [
        ("chronic infusion", 5, 6),
        ("single shot", 2, 2),
    ]
    assert known.between("hydromorphone", "morphine") == ()


@pytest.mark.parametrize(("opioid", "in_2016", "in_2022"), FACTORS)
def test_a_factor_is_that_of_its_edition(opioid, in_2016, in_2022):
    dose = DoseRate.parse("10 mg/day")
    for version, expected in ((FactorVersion.CDC_2016, in_2016), (FactorVersion.CDC_2022, in_2022)):
        if expected is None:
            with pytest.raises(CatalogueError, match=f"{version} has no factor for {opioid}"):
                conversions().factor(version, SystemicOpioid(opioid), dose)
        else:
            found = conversions().factor(version, SystemicOpioid(opioid), dose)
            assert str(found.factor.origin.value) == expected
            assert (found.unit is FactorUnit.MICROGRAM_PER_H) == (opioid == "fentanyl patch")


@pytest.mark.parametrize(
    ("dose", "in_2016"),
    [("0.1", 4), ("20", 4), ("20.5", 8), ("21", 8), ("40", 8), ("41", 10), ("60", 10), ("61", 12), ("200", 12)],
)
def test_methadone_climbs_by_tiers_in_2016_and_is_flat_in_2022(dose, in_2016):
    taken = DoseRate.of(dose, "mg/day")
    factor = conversions().factor
    assert factor(FactorVersion.CDC_2016, SystemicOpioid.METHADONE, taken).factor.amount == in_2016
    assert str(factor(FactorVersion.CDC_2022, SystemicOpioid.METHADONE, taken).factor.origin.value) == "4.7"


def test_sixty_mg_of_methadone_are_600_under_one_edition_and_282_under_the_other():
    sixty = DoseRate.parse("60 mg/day")
    totals = [
        60 * conversions().factor(version, SystemicOpioid.METHADONE, sixty).factor.amount for version in FactorVersion
    ]
    assert totals == [600, 282]


def test_what_no_source_gives_in_numbers_is_marked_as_our_own():
    reductions = conversions().reductions
    assert (reductions.cross_tolerance.low.amount * 100, reductions.cross_tolerance.high.amount * 100) == (25, 50)
    for each in (reductions.old_age, reductions.sleep_apnoea, reductions.sedatives):
        assert each.origin.confidence is Confidence.ASSUMED
        assert 0 < each.amount < 1
    assert reductions.old_from_years.whole() == 65


@pytest.mark.parametrize("part", ["low", "high", "unit", "source", "confidence"])
@pytest.mark.parametrize("where", ["routes", "opioids", "out_of_intrathecal"])
def test_a_ratio_without_its_source_is_refused(where, part):
    content = document()
    del content[where][0]["ratio"][part]
    with pytest.raises(CatalogueError, match=rf"^conversions.toml: {where}\[0\]\.ratio"):
        conversions_from(Table("conversions.toml", "", content))


@pytest.mark.parametrize(
    ("where", "field", "wrong", "accepted"),
    [
        ("routes", "route", "rectal", "oral, intravenous, epidural"),
        ("routes", "drug", "laudanum", "morphine"),
        ("opioids", "use", "often", "chronic infusion, single shot"),
        ("factors", "version", "CDC 2019", "CDC 2016, CDC 2022"),
        ("factors", "opioid", "laudanum", "codeine"),
        ("factors", "unit", "mg", "mg/day, microgram/h"),
        ("factors", "remark", "x", "not a known field"),
    ],
)
def test_a_wrong_entry_is_refused_with_what_would_be_accepted(where, field, wrong, accepted):
    content = document()
    content[where][0][field] = wrong
    with pytest.raises(CatalogueError, match=accepted):
        conversions_from(Table("conversions.toml", "", content))
