"""How long mixtures keep: as studied, never guessed, and never longer than an unstable pair inside them allows."""

import copy
from itertools import combinations

import pytest

from thecal.catalogue.drugs import Situation, drug
from thecal.catalogue.listing import entries
from thecal.catalogue.mixtures import cautions_for, mixtures, mixtures_from, stability_of, unstable_in
from thecal.catalogue.site import site
from thecal.catalogue.sourced import CatalogueError, Table, load
from thecal.quantities import Duration

KNOWN = [
    ({"morphine"}, Situation.LATER, "90 day"),
    ({"morphine", "clonidine"}, Situation.LATER, "90 day"),
    ({"morphine", "bupivacaine", "clonidine"}, Situation.ANY, "90 day"),
    ({"hydromorphone", "clonidine"}, Situation.ANY, "35 day"),
    ({"baclofen", "morphine"}, Situation.ANY, "30 day"),
    ({"sufentanil", "clonidine"}, Situation.ANY, "7 day"),
    ({"sufentanil", "clonidine", "bupivacaine"}, Situation.ANY, "7 day"),
    ({"ziconotide"}, Situation.FIRST_FILL, "14 day"),
    ({"ziconotide"}, Situation.LATER, "84 day"),
    ({"ziconotide"}, Situation.DILUTED, "40 day"),
    ({"ziconotide", "morphine"}, Situation.LATER, "14 day"),
    ({"ziconotide", "sufentanil", "clonidine"}, Situation.LATER, "7 day"),
]
NOBODY_SAID = [{"fentanyl"}, {"bupivacaine"}, {"fentanyl", "bupivacaine"}, {"morphine", "bupivacaine"}]


def document():
    return copy.deepcopy(dict(load("mixtures.toml").entries))


@pytest.mark.parametrize(("drugs", "situation", "days"), KNOWN)
def test_a_fill_keeps_as_long_as_was_studied(drugs, situation, days):
    assert stability_of(drugs, situation).amount == Duration.parse(days)


@pytest.mark.parametrize("drugs", NOBODY_SAID, ids=sorted)
def test_what_nobody_has_studied_has_no_figure(drugs):
    assert stability_of(drugs, Situation.LATER) is None


@pytest.mark.parametrize("situation", list(Situation))
def test_adding_a_drug_never_makes_an_unstable_mixture_or_a_ziconotide_fill_last_longer(situation):
    for size in (2, 3):
        for drugs in combinations(entries("drugs"), size):
            found = stability_of(drugs, situation)
            alone = stability_of(["ziconotide"], situation) if "ziconotide" in drugs else None
            if alone is not None:
                assert found.amount < alone.amount or situation is Situation.FIRST_FILL
                assert found.amount <= alone.amount
            for study in unstable_in(drugs):
                assert found.amount <= study.days.amount


def test_the_order_in_which_drugs_are_named_does_not_matter():
    assert stability_of(["clonidine", "morphine"], Situation.ANY) == stability_of(
        ["morphine", "clonidine", "morphine"], Situation.ANY
    )


def test_a_site_may_keep_a_drug_of_a_mixture_for_a_shorter_time():
    told = site(
        'name = "Demo Clinic"\n[[drugs]]\ndrug = "morphine"\nfigure = "stability"\nvalue = 60\nunit = "day"\n'
        'by = "Demo Pharmacist Birch"\non = "2026-11-20"\n'
    )
    at_site = (drug("morphine").at_site(told),)
    assert stability_of(["morphine", "clonidine"], Situation.ANY, at_site).amount == Duration.parse("60 day")
    assert stability_of(["hydromorphone", "clonidine"], Situation.ANY, at_site).amount == Duration.parse("35 day")


def test_no_drug_and_an_unknown_drug_are_refused():
    with pytest.raises(CatalogueError, match="name at least one"):
        stability_of([], Situation.ANY)
    with pytest.raises(CatalogueError, match="saline"):
        stability_of(["morphine", "saline"], Situation.ANY)


@pytest.mark.parametrize(
    ("drugs", "about"),
    [
        (["morphine"], []),
        (["ziconotide"], []),
        (["ziconotide", "bupivacaine"], ["bupivacaine"]),
        (["ziconotide", "morphine"], ["ziconotide"]),
        (["morphine", "clonidine", "bupivacaine"], ["clonidine", "bupivacaine"]),
        (["morphine", "baclofen"], []),
    ],
)
def test_a_mixture_says_what_its_parts_change(drugs, about):
    assert [caution.drug for caution in cautions_for(drugs)] == about


@pytest.mark.parametrize("part", ["value", "unit", "source", "confidence"])
def test_a_study_without_its_source_is_refused(part):
    content = document()
    del content["studies"][0]["days"][part]
    with pytest.raises(CatalogueError, match=rf"studies\[0\]\.days.*{part}"):
        mixtures_from(Table("mixtures.toml", "", content))


@pytest.mark.parametrize("part", ["text", "source", "confidence"])
def test_a_caution_without_its_source_is_refused(part):
    content = document()
    del content["cautions"][0]["words"][part]
    with pytest.raises(CatalogueError, match=part):
        mixtures_from(Table("mixtures.toml", "", content))


@pytest.mark.parametrize(
    ("where", "field", "wrong", "accepted"),
    [
        ("studies", "drugs", ["morphine", "morphine"], "at least two"),
        ("studies", "drugs", ["morphine", "water"], "water"),
        ("studies", "unstable", "yes", "true or false"),
        ("studies", "remark", "x", "not a known field"),
        ("cautions", "with_class", "opiate", "opioid"),
    ],
)
def test_a_wrong_entry_is_refused_with_what_would_be_accepted(where, field, wrong, accepted):
    content = document()
    content[where][0][field] = wrong
    with pytest.raises(CatalogueError, match=accepted):
        mixtures_from(Table("mixtures.toml", "", content))


def test_no_mixture_is_studied_twice():
    studied = [study.drugs for study in mixtures().studies]
    assert len(studied) == len(set(studied))
