"""The systemic opioid total, by the edition of the factors that is named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.catalogue.conversions import FactorVersion, SystemicOpioid
from thecal.documents import read
from thecal.quantities import DoseRate
from thecal.therapy import EntryRefused, Verdict
from thecal.therapy.calculation import Calculation
from thecal.therapy.calculators.mme import CALCULATOR, Mme, MmeInputs, Taken, mme

# opioid, dose -> total in mg/day by the factors of 2016 and of 2022 [clinical 2.3]
WORKED = [
    ("codeine", "120 mg/day", "18", "18"),
    ("fentanyl patch", "50 microgram/h", "120", "120"),
    ("hydrocodone", "30 mg/day", "30", "30"),
    ("hydromorphone", "8 mg/day", "32", "40"),
    ("methadone", "20 mg/day", "80", "94"),
    ("methadone", "20.001 mg/day", "160.008", "94.0047"),
    ("methadone", "40 mg/day", "320", "188"),
    ("methadone", "60 mg/day", "600", "282"),
    ("methadone", "61 mg/day", "732", "286.7"),
    ("morphine", "180 mg/day", "180", "180"),
    ("oxycodone", "80 mg/day", "120", "120"),
    ("oxymorphone", "20 mg/day", "60", "60"),
    ("tapentadol", "200 mg/day", "80", "80"),
    ("tramadol", "300 mg/day", "30", "60"),
    ("meperidine", "400 mg/day", "40", None),
]


def asked(version: str, *opioids: tuple[str, str]) -> Calculation[Mme]:
    taken = [{"opioid": opioid, "daily_dose": dose} for opioid, dose in opioids]
    return CALCULATOR.calculate(read(CALCULATOR.inputs, {"version": version, "opioids": taken}))


def numbers(found: Calculation[Mme]) -> dict[str, str]:
    return {line.key: line.text for line in found.outputs}


@pytest.mark.parametrize(("opioid", "dose", "by_2016", "by_2022"), WORKED)
def test_each_opioid_by_both_editions_side_by_side(opioid, dose, by_2016, by_2022):
    found = asked("CDC 2016", (opioid, dose))
    shown = numbers(found)
    assert (shown["2016.total"], shown["2022.total"]) == (by_2016, by_2022 or "–")
    assert next(iter(shown)) == "2016.total"
    assert next(iter(numbers(asked("CDC 2022", (opioid, dose))))) == "2022.total"


def test_each_total_is_told_once_that_of_the_edition_asked_for_first():
    labels = [line.label for line in asked("CDC 2022", ("methadone", "60 mg/day")).outputs]
    assert labels[0] == "total by CDC 2022"
    assert len(set(labels)) == len(labels)


def test_editions_that_differ_are_said_to_differ_with_their_ratio():
    (told,) = asked("CDC 2022", ("methadone", "60 mg/day")).findings
    assert (told.rule, told.verdict) == ("mme-editions-differ", Verdict.INFO)
    assert "By CDC 2016 the total is 2.13 × that by CDC 2022" in told.words
    assert asked("CDC 2022", ("morphine", "60 mg/day")).findings == ()
    assert asked("CDC 2022", ("methadone", "0 mg/day")).findings == ()


def test_an_edition_without_a_factor_gives_no_total():
    refused = asked("CDC 2022", ("morphine", "60 mg/day"), ("meperidine", "100 mg/day"))
    assert refused.answer.total is None
    assert [(each.rule, each.verdict) for each in refused.findings] == [("mme-no-factor", Verdict.REFUSE)]
    told = asked("CDC 2016", ("morphine", "60 mg/day"), ("meperidine", "100 mg/day"))
    assert told.answer.total == DoseRate.parse("70 mg/day")
    assert [(each.rule, each.verdict) for each in told.findings] == [("mme-no-factor", Verdict.INFO)]
    assert numbers(told)["2022.meperidine.factor"] == "–"


def test_several_opioids_add_up():
    found = asked(
        "CDC 2022", ("oxycodone", "40 mg/day"), ("fentanyl patch", "25 microgram/h"), ("tramadol", "200 mg/day")
    )
    assert found.answer.total == DoseRate.parse("160 mg/day")  # 60 + 60 + 40


def test_the_edition_and_the_source_stand_beside_every_factor():
    cited = {(each.what, each.confidence) for each in asked("CDC 2016", ("methadone", "60 mg/day")).sources}
    assert cited == {
        ("CDC 2016: methadone, 10 for each mg/day", "verified"),
        ("CDC 2022: methadone, 4.7 for each mg/day", "abstract"),
    }


@pytest.mark.parametrize(
    ("opioids", "words"),
    [
        ((), "opioids: name at least one systemic opioid"),
        ((("methadone", "20 mg/day"), ("methadone", "40 mg/day")), "opioids: names an opioid twice"),
    ],
)
def test_a_list_that_cannot_be_added_is_refused_in_one_line(opioids, words):
    with pytest.raises(EntryRefused) as told:
        asked("CDC 2022", *opioids)
    assert str(told.value).startswith(words)


@settings(max_examples=60, deadline=None)
@given(
    opioid=st.sampled_from([each for each in SystemicOpioid if each is not SystemicOpioid.MEPERIDINE]),
    version=st.sampled_from(FactorVersion),
    dose=st.integers(0, 500_000_000),
    more=st.integers(0, 100_000_000),
)
def test_more_of_an_opioid_never_counts_less(opioid, version, dose, more):
    """Also across the tiers of methadone, where the factor itself grows."""
    small = mme(MmeInputs((Taken(opioid, DoseRate(dose)),), version)).answer.total
    large = mme(MmeInputs((Taken(opioid, DoseRate(dose + more)),), version)).answer.total
    assert small <= large


@pytest.mark.parametrize(
    ("opioid", "one", "other"),
    [("fentanyl patch", "50 microgram/h", "1.2 mg/day"), ("methadone", "60 mg/day", "2.5 mg/h")],
)
def test_nothing_depends_on_the_unit_a_dose_is_typed_in(opioid, one, other):
    assert asked("CDC 2016", (opioid, one)).answer == asked("CDC 2016", (opioid, other)).answer
