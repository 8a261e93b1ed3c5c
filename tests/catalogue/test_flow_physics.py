"""Figures of transport are there for every drug, sourced, and agree with the law they were scaled by."""

from importlib import resources

import pytest

from thecal.catalogue.flow_physics import flow_physics, flow_physics_from
from thecal.catalogue.sourced import CatalogueError, Confidence, parse

DATA = resources.files("thecal.catalogue").joinpath("data/hydraulics.toml")
MANNITOL = (850, 182.17)  # um2/s, g/mol
MOLAR_MASS = {  # g/mol of the base
    "morphine": 285.34,
    "hydromorphone": 285.34,
    "fentanyl": 336.47,
    "sufentanil": 386.55,
    "bupivacaine": 288.43,
    "ropivacaine": 274.40,
    "clonidine": 230.09,
    "baclofen": 213.66,
    "ziconotide": 2639.1,
}


@pytest.mark.parametrize("drug", MOLAR_MASS)
def test_diffusivities_are_scaled_from_mannitol_by_molar_mass(drug):
    entry = flow_physics().diffusivity(drug)
    scaled = MANNITOL[0] * (MANNITOL[1] / MOLAR_MASS[drug]) ** (1 / 3)
    assert entry.whole() == pytest.approx(scaled, abs=5)
    assert entry.confidence is Confidence.DERIVED


def test_a_drug_without_an_entry_gets_the_assumed_default():
    found = flow_physics().diffusivity("something else")
    assert (found.whole(), found.confidence) == (700, Confidence.ASSUMED)


def test_every_number_is_listed_with_its_source():
    listed = flow_physics().sources
    assert len(listed) == len(MOLAR_MASS) + 1 + 3
    assert all(entry.source for _, entry in listed)
    assert 1 < flow_physics().thickness_least.amount < flow_physics().thickness_most.amount


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("default = ", "other = ", "diffusivity.default is missing"),
        ("value = 350", "value = 0", "diffusivity.ziconotide must be above 0"),
        ("value = 350", "value = 350.5", "must be a whole number"),
        ("[bellows]", "[springs]", "bellows is missing or not a table"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(before, after, told):
    whole = DATA.read_text(encoding="utf-8")
    with pytest.raises(CatalogueError, match=told):
        flow_physics_from(parse("damaged.toml", whole.replace(before, after)))
