"""Every drug file loads, hangs together, and is refused when a figure lacks its unit, source or confidence."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from thecal.catalogue.drugs import Authority, drug, drug_from
from thecal.catalogue.listing import entries
from thecal.catalogue.sourced import CatalogueError, Confidence, Table, load

DRUGS = entries("drugs")
Path = tuple[str | int, ...]


def sourced(part: Any, path: Path = ()) -> Iterator[Path]:
    """Where in a parsed file an entry with a source stands."""
    if isinstance(part, dict) and "source" in part:
        yield path
    elif isinstance(part, dict | list):
        for key, inner in part.items() if isinstance(part, dict) else enumerate(part):
            yield from sourced(inner, (*path, key))


def at(part: Any, path: Path) -> Any:
    for key in path:
        part = part[key]
    return part


def file(key: str) -> dict[str, Any]:
    return copy.deepcopy(dict(load(f"drugs/{key}.toml").entries))


def entry_from(content: dict[str, Any]) -> Any:
    return drug_from("morphine", Table("drugs/morphine.toml", "", content))


PARTS = [(path, part) for path in sourced(file("morphine")) for part in at(file("morphine"), path)]


@pytest.mark.parametrize("key", DRUGS)
def test_every_number_of_a_drug_says_where_it_comes_from(key):
    entry = drug(key)
    assert entry.sources
    assert all(number.source and number.confidence in Confidence for _, number in entry.sources)
    assert entry.reviewer == "not reviewed by a clinician"


@pytest.mark.parametrize("key", DRUGS)
def test_sources_hold_every_number_of_the_file_and_nothing_else(key):
    content = file(key)
    told = [
        (found[end], found["source"])
        for found in (at(content, path) for path in sourced(content))
        for end in ("value", "low", "high")
        if end in found
    ]
    held = [(number.value, number.source) for _, number in drug(key).sources]
    assert sorted(held) == sorted(told)


@pytest.mark.parametrize("key", DRUGS)
def test_built_in_ceilings_are_our_own_and_above_every_published_figure(key):
    entry = drug(key)
    for limits in (entry.concentration, entry.daily_dose):
        published = [limit.amount for authority, limit in limits.named() if authority is not Authority.BUILT_IN]
        if limits.hard is not None:
            assert limits.hard.amount >= max(published)
            assert limits.hard.origin.confidence is Confidence.ASSUMED
            assert "built-in ceiling" in limits.hard.origin.source
        else:
            assert entry.needs_site_limits
    doses = [start.dose.high.amount for start in entry.starts]
    doses += [each.ceiling.amount for each in entry.titrations if each.ceiling]
    doses += [each.usual.high.amount for each in entry.titrations if each.usual]
    assert entry.daily_dose.hard is None or all(dose < entry.daily_dose.hard.amount for dose in doses)


@pytest.mark.parametrize("key", DRUGS)
def test_no_published_first_dose_lies_above_a_limit_and_the_strongest_stock_is_the_label(key):
    entry = drug(key)
    for start in entry.starts:
        assert all(start.dose.high.amount <= limit.amount for _, limit in entry.daily_dose.named())
    if entry.concentration.label is not None:
        assert max(stock.amount for stock in entry.stocks) == entry.concentration.label.amount
    assert entry.step_ratio > 1


def test_the_strongest_labelled_morphine_is_above_the_consensus_so_both_limits_stand():
    strength = drug("morphine").concentration
    assert strength.label.amount > strength.consensus.amount
    assert [authority for authority, _ in strength.named()] == [
        Authority.LABEL,
        Authority.PACC_2017,
        Authority.BUILT_IN,
    ]


@pytest.mark.parametrize("key", DRUGS)
def test_after_a_gap_a_start_is_naive_wherever_withdrawal_or_tolerance_matters(key):
    entry = drug(key)
    gap = entry.naive_gap
    if entry.drug_class in ("opioid", "GABA-B agonist") or key == "clonidine":
        assert gap.origin.confidence is Confidence.ASSUMED
    else:
        assert gap is None


@pytest.mark.parametrize(("path", "part"), PARTS, ids=lambda part: str(part))
def test_an_entry_that_lacks_a_part_is_refused_in_one_line_that_names_file_and_field(path, part):
    content = file("morphine")
    del at(content, path)[part]
    with pytest.raises(CatalogueError) as refused:
        entry_from(content)
    message = str(refused.value)
    assert message.startswith("drugs/morphine.toml: ")
    assert "\n" not in message
    assert str(path[0]) in message


@pytest.mark.parametrize("path", sorted({path for path, _ in PARTS}, key=str), ids=str)
def test_an_entry_with_an_unknown_part_is_refused(path):
    content = file("morphine")
    at(content, path)["remark"] = "see below"
    with pytest.raises(CatalogueError, match="remark"):
        entry_from(content)


@pytest.mark.parametrize("path", [(), ("concentration",), ("starts", 0), ("titrations", 1), ("codes", 0)], ids=str)
def test_an_unknown_field_is_refused_wherever_it_stands(path):
    content = file("morphine")
    at(content, path)["colour"] = "blue"
    with pytest.raises(CatalogueError, match=r"colour is not a known field"):
        entry_from(content)


@pytest.mark.parametrize(
    "field",
    ["name", "dose_unit", "drug_class", "salt", "status", "label_status", "solubility", "granuloma", "version"],
)
def test_a_drug_without_one_of_its_words_is_refused(field):
    content = file("morphine")
    del content[field]
    with pytest.raises(CatalogueError, match=field):
        entry_from(content)


@pytest.mark.parametrize(
    ("path", "wrong", "accepted"),
    [
        (("dose_unit",), "mcg", "mg, microgram"),
        (("status",), "approved", "label, consensus, unsupported, research"),
        (("solubility",), "oily", "hydrophilic, lipophilic"),
        (("abrupt_stop_allowed",), "no", "true or false"),
        (("starts", 0, "tolerance"), "used to it", "naive, tolerant"),
        (("daily_dose", "label", "unit"), "mg", "mg/day"),
        (("daily_dose", "label", "unit"), "mg/mL", "mg/day"),
        (("daily_dose", "label", "confidence"), "sure", "verified, abstract, recalled, assumed, derived"),
        (("daily_dose", "label", "value"), "20", "a finite number"),
        (("daily_dose", "label", "value"), -1, "digits"),
        (("starts", 0, "dose", "low"), 3, "low is above high"),
        (("bolus_share", "low"), -5, "not negative"),
        (("step_ratio", "value"), 1, "above 1"),
        (("starts",), {}, "an array of tables"),
        (("interacts_with",), "sedatives", "a list of texts"),
        (("stability", 0, "days", "unit"), "h", "expected one of day"),
    ],
)
def test_a_wrong_field_is_refused_with_what_would_be_accepted(path, wrong, accepted):
    content = file("morphine")
    at(content, path[:-1])[path[-1]] = wrong
    with pytest.raises(CatalogueError, match=accepted):
        entry_from(content)


def test_a_drug_is_read_once():
    assert drug("morphine") is drug("morphine")


def test_an_unknown_drug_is_refused_with_the_ones_there_are():
    with pytest.raises(CatalogueError, match=r"'laudanum' is not a drug of this library: use one of baclofen, "):
        drug("laudanum")
