"""A pump that holds a drug library, programmed through the conversation of every other pump."""

from __future__ import annotations

import pytest

from thecal.device import DrugLimits, Library, Limit, Limited, LogKind, SetLibrary
from thecal.programmer import (
    Acknowledged,
    NotStaged,
    Result,
    StagedUpdate,
    begin,
    confirm,
    review,
    stage,
)
from thecal.telemetry import Applied, change

from ..therapy.given import continuous
from .bedside import Bedside
from .test_visit import NURSE, confirmed, filled, staged, updated

MG = 1_000_000


def library(drug: str = "morphine", version: str = "demo 3", **limits: Limit) -> Library:
    return Library(version, (DrugLimits(drug, **limits),))


def holding(held: Library | None) -> Bedside:
    """A filled pump that has been given this library."""
    bedside = filled()
    assert isinstance(bedside.drive(change(bedside.session, SetLibrary(held))), Applied)
    return bedside


def test_a_program_within_the_library_is_updated_as_ever_and_names_its_version():
    bedside = holding(library(daily_dose_ng=Limit(soft=3 * MG, hard=5 * MG)))
    report = updated(bedside, continuous("2.4 mg/day"))
    assert report.result is Result.VERIFIED
    assert bedside.state.program.library_version == "demo 3"
    found = bedside.interrogated()
    assert found.notices() == ()
    assert {fact.key: fact.text for fact in found.facts()}["library"] == "demo 3"
    assert LogKind.LIBRARY_SET in [entry.kind for entry in found.report.log]


def test_a_soft_limit_passed_is_accepted_before_the_commit_and_stays_on_show_until_the_next_program():
    bedside = holding(library(daily_dose_ng=Limit(soft=2 * MG, hard=5 * MG)))
    update = staged(bedside, continuous("2.4 mg/day"))
    assert isinstance(update, StagedUpdate)
    (needed,) = update.still_needed
    assert needed.field == "morphine daily dose 2.4 mg/day, soft limit 2 mg/day"
    assert bedside.drive(confirm(bedside.session, update, NURSE)).result is Result.NOT_APPLIED
    accepted = update.acknowledged((Acknowledged(needed.rule, needed.field, NURSE, "discussed"),))
    report = bedside.drive(confirm(bedside.session, accepted, NURSE))
    assert report.result is Result.VERIFIED, report.words
    (notice,) = bedside.interrogated().notices()
    assert needed.field in notice
    updated(bedside, continuous("1.9 mg/day"))
    assert bedside.interrogated().notices() == ()


@pytest.mark.parametrize(
    ("held", "says"),
    [
        (library(daily_dose_ng=Limit(hard=2 * MG)), ("hard limit", "morphine", Limited.DAILY_DOSE.value)),
        (library(concentration_ng_per_ml=Limit(hard=5 * MG)), ("hard limit", Limited.CONCENTRATION.value)),
        (library("baclofen"), ("does not hold this drug",)),
    ],
)
def test_what_the_library_forbids_is_refused_in_words_and_nothing_changes(held, says):
    bedside = holding(held)
    before = bedside.state.program
    refused = staged(bedside, continuous("2.4 mg/day"))
    assert isinstance(refused, NotStaged)
    assert all(word in refused.words for word in says)
    assert (bedside.state.program, bedside.state.staged) == (before, None)


def test_a_library_that_changed_since_the_interrogation_is_told():
    bedside = holding(library(version="demo 3"))
    found = bedside.interrogated()
    draft = begin(found).with_prescription(continuous("2.4 mg/day"))
    bedside.drive(change(bedside.session, SetLibrary(library(version="demo 4"))))
    given = confirmed(review(draft, found).confirmations_needed)
    refused = bedside.drive(stage(bedside.session, draft, found, given))
    assert isinstance(refused, NotStaged)
    assert "another drug library" in refused.words


def test_a_library_changed_between_staging_and_commit_drops_the_program():
    bedside = holding(library(version="demo 3"))
    update = staged(bedside, continuous("2.4 mg/day"))
    bedside.drive(change(bedside.session, SetLibrary(None)))
    report = bedside.drive(confirm(bedside.session, update, NURSE))
    assert report.result is Result.NOT_APPLIED
    assert "holds no program for confirmation" in report.words
