"""To the intrathecal route: every published ratio, the safer end, reductions, and the clamp to a published start.

Ratios and their sources are those of the reviewed tables (Krames; Brogan 2021; Alicino 2012; Japanese series 2023;
Gorlin 2016; Infumorph label; Sviggum 2016). MME factors: CDC 2016 and 2022, each with its edition.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .asked import UNITS, ceil, examples, floor, plan, written

# Lowest and highest ratio of each source, in no particular order.
PUBLISHED = {
    ("oral", "morphine", "morphine"): [(400, 400), (300, 300), (200, 200), (75, 150), (100, 100), (90, 90), (10, 125)],
    ("intravenous", "morphine", "morphine"): [(100, 100), (200, 300)],
    ("epidural", "morphine", "morphine"): [(10, 10)],
    ("intravenous", "fentanyl", "fentanyl"): [(10, 20)],
    ("intravenous", "sufentanil", "sufentanil"): [(10, 20)],
    ("intrathecal", "morphine", "hydromorphone"): [(5, 6), (2, 2)],
}
# Highest published first 24-hour dose, strictest source, ng/day: PACC 2017.
START = {"morphine": 500_000, "hydromorphone": 150_000, "fentanyl": 75_000, "sufentanil": 20_000}
QUARTER_LESS = Fraction(3, 4)  # our own, for each of age from 65 years, sleep apnoea and sedatives


def converted(way, dose, **more):
    route, drug, to_drug = way
    return plan(
        "conversion", from_route=route, from_drug=drug, to_drug=to_drug, daily_dose=written(dose, "ng/day"), **more
    )


@pytest.mark.parametrize("way", PUBLISHED)
@examples(8)
@given(st.integers(1_000_000, 600_000_000))
def test_the_range_runs_over_every_published_ratio_and_the_safest_is_used(way, dose):
    found = converted(way, dose)
    lowest, highest = min(low for low, _ in PUBLISHED[way]), max(high for _, high in PUBLISHED[way])
    assert found.count("least") == floor(Fraction(dose, highest))
    assert found.count("most") == floor(Fraction(dose, lowest))
    assert found.count("ratio") == highest
    shown = {found.count(key) for key in found.outputs if key.startswith("ratio.") and "median" not in key}
    assert shown == {floor(Fraction(dose, ratio)) for pair in PUBLISHED[way] for ratio in pair}


@pytest.mark.parametrize("way", PUBLISHED)
@examples(10)
@given(
    st.integers(1_000_000, 600_000_000),
    st.integers(18, 95),
    st.booleans(),
    st.booleans(),
    st.sampled_from([25, 30, 40, 50]),
)
def test_reductions_come_off_before_the_clamp_and_nothing_rounds_up(way, dose, age, apnoea, sedated, cross):
    patient = {
        "tolerance": "tolerant",
        "age_years": age,
        "conditions": ["sleep apnoea"] if apnoea else [],
        "medicines": ["sedative"] if sedated else [],
    }
    other_opioid = way[1] != way[2]
    more = {"cross_tolerance": cross} if other_opioid else {}
    found = converted(way, dose, patient=patient, **more)
    worked_out = Fraction(dose, max(high for _, high in PUBLISHED[way]))
    for applies in (age >= 65, apnoea, sedated):
        worked_out *= QUARTER_LESS if applies else 1
    worked_out *= 1 - Fraction(cross, 100) if other_opioid else 1
    assert found.count("worked_out") == floor(worked_out)
    assert found.count("clamp") == START[way[2]]
    assert found.count("proposed") == min(floor(worked_out), START[way[2]])
    assert ("start-clamped" in found.rules()) == (floor(worked_out) > START[way[2]])


@examples(15)
@given(st.integers(1_000_000, 600_000_000), st.integers(10, 400), st.sampled_from([None, "naive", "tolerant"]))
def test_no_ratio_and_no_class_lifts_the_proposal_over_the_published_start(dose, ratio, tolerance):
    patient = {"tolerance": tolerance} if tolerance else {}
    found = converted(("oral", "morphine", "morphine"), dose, ratio=ratio, patient=patient)
    assert found.count("worked_out") == floor(Fraction(dose, ratio))
    assert found.count("proposed") == min(floor(Fraction(dose, ratio)), START["morphine"])


@examples(15)
@given(st.integers(10_000_000, 600_000_000), st.integers(1, 2_000_000), st.booleans())
def test_more_than_proposed_needs_a_reason(dose, wanted, with_reason):
    more = {"reason": "best of two bad choices"} if with_reason else {}
    found = converted(
        ("oral", "morphine", "morphine"),
        dose,
        wanted_dose=written(wanted, "ng/day"),
        patient={"tolerance": "tolerant"},
        **more,
    )
    above = wanted > found.count("proposed")
    assert (found.count("start") is None) == (above and not with_reason)
    assert (found.status == 1) == (above and not with_reason)
    if found.count("start") is not None:
        assert found.count("start") == wanted


@pytest.mark.parametrize("route", ["oral", "intravenous", "epidural"])
def test_nothing_runs_backwards(route):
    """12:1 is published for one patient leaving the therapy, an order of magnitude below the way in."""
    found = plan("conversion", from_route="intrathecal", from_drug="morphine", daily_dose="5 mg/day", to_route=route)
    assert "conversion-backwards" in found.rules("refuse")
    assert found.count("start") is None


FACTORS = {
    "codeine": ("0.15", "0.15"),
    "fentanyl patch": ("2.4", "2.4"),
    "hydrocodone": ("1", "1"),
    "hydromorphone": ("4", "5"),
    "morphine": ("1", "1"),
    "oxycodone": ("1.5", "1.5"),
    "oxymorphone": ("3", "3"),
    "tapentadol": ("0.4", "0.4"),
    "tramadol": ("0.1", "0.2"),
}
METHADONE_2016 = ((20_000_000, 4), (40_000_000, 8), (60_000_000, 10))
EDITIONS = ("CDC 2016", "CDC 2022")


def equivalent(opioid: str, ng_per_day: int, edition: int) -> Fraction:
    if opioid == "methadone":
        tiers = [factor for up_to, factor in METHADONE_2016 if ng_per_day <= up_to]
        return ng_per_day * ((tiers or [12])[0] if edition == 0 else Fraction("4.7"))
    if opioid == "fentanyl patch":  # mg of morphine a day for each microgram/h
        return Fraction(ng_per_day, UNITS["microgram/h"]) * Fraction("2.4") * UNITS["mg/day"]
    return ng_per_day * Fraction(FACTORS[opioid][edition])


@examples(25)
@given(
    st.dictionaries(st.sampled_from([*FACTORS, "methadone"]), st.integers(1, 2_000), min_size=1, max_size=4),
    st.sampled_from(EDITIONS),
)
def test_mme_adds_up_by_the_edition_named_and_shows_the_other_one(parts, version):
    step = {"fentanyl patch": UNITS["microgram/h"]}
    taken = {name: number * step.get(name, 50_000) for name, number in parts.items()}
    found = plan(
        "mme",
        version=version,
        opioids=[
            {"opioid": name, "daily_dose": written(dose, "microgram/h" if name == "fentanyl patch" else "ng/day")}
            for name, dose in taken.items()
        ],
    )
    totals = []
    for edition, year in enumerate(("2016", "2022")):
        each = {name: ceil(Fraction(equivalent(name, dose, edition))) for name, dose in taken.items()}
        totals.append(sum(each.values()))
        for name, ng in each.items():
            assert found.count(f"{year}.{name.replace(' ', '_')}.equivalent") == ng
        assert found.count(f"{year}.total") == totals[-1]
    assert next(iter(found.outputs)) == f"{('2016', '2022')[EDITIONS.index(version)]}.total"


@pytest.mark.parametrize(("mg", "mme"), [(20, 80), (21, 168), (40, 320), (41, 410), (60, 600), (61, 732)])
def test_methadone_changes_tier_with_its_whole_dose(mg, mme):
    found = plan("mme", version="CDC 2016", opioids=[{"opioid": "methadone", "daily_dose": f"{mg} mg/day"}])
    assert found.count("2016.total") == mme * 10**6
    assert found.count("2022.total") == mg * 4_700_000


def test_the_published_pair_of_editions():
    """Methadone 60 mg is 600 MME by one edition and 282 by the other."""
    found = plan("mme", version="CDC 2022", opioids=[{"opioid": "methadone", "daily_dose": "60 mg/day"}])
    assert (found.count("2016.total"), found.count("2022.total")) == (600 * 10**6, 282 * 10**6)
    assert "mme-editions-differ" in found.rules()
