"""First doses and doses after a gap."""

from __future__ import annotations

from fractions import Fraction

import pytest

from thecal.catalogue.drugs import Tolerance, drug
from thecal.catalogue.site import site
from thecal.quantities import DoseRate
from thecal.therapy.findings import Verdict
from thecal.therapy.starting import first_dose, naive_start

from .dosed import CANCER, NAIVE, SPINAL, TOLERANT, Class, Told, at, bolus, history, morning

SITE = site(
    """
    name = "Demo Pain Clinic"
    [[drugs]]
    drug = "morphine"
    figure = "start"
    value = 0.4
    unit = "mg/day"
    by = "Demo Pharmacist Birch"
    on = "2026-11-20"
    [[drugs]]
    drug = "morphine"
    figure = "start"
    tolerance = "naive"
    value = 0.3
    unit = "mg/day"
    by = "Demo Pharmacist Birch"
    on = "2026-11-20"
    [[drugs]]
    drug = "baclofen"
    figure = "start"
    value = 80
    unit = "microgram/day"
    by = "Demo Pharmacist Birch"
    on = "2026-11-20"
    """
)

CLASSES = [
    Class(
        "start-above-range",
        (
            (Verdict.WARN, Told("morphine 2 mg/mL", "1.2 mg/day", patient=NAIVE)),
            (Verdict.STOP, Told("morphine 10 mg/mL", "2.4 mg/day", patient=NAIVE)),
            (Verdict.WARN, Told("morphine 10 mg/mL", "2 mg/day", patient=NAIVE)),
            (Verdict.WARN, Told("morphine 20 mg/mL", "11 mg/day")),
            (Verdict.WARN, Told("morphine 2 mg/mL", "0.9 mg/day", bolus=bolus("0.1 mg"), patient=NAIVE)),
            (Verdict.WARN, Told("ziconotide 25 microgram/mL", "2.6 microgram/day")),
            (Verdict.STOP, Told("baclofen 500 microgram/mL", morning("60 microgram", "0 microgram/day", 1))),
            (Verdict.WARN, Told("baclofen 500 microgram/mL", "210 microgram/day", patient=SPINAL)),
            # a second drug added to the first
            (
                Verdict.WARN,
                Told("morphine 5 mg/mL + bupivacaine 25 mg/mL", "1 mg/day", "1 mg/day", "morphine 5 mg/mL"),
            ),
            # beside the first opioid, not in its place: nothing is converted
            (
                Verdict.STOP,
                Told("morphine 10 mg/mL + hydromorphone 1 mg/mL", "5 mg/day", "5 mg/day", "morphine 10 mg/mL"),
            ),
            # a rotation above what the old dose converts to, and one no ratio is printed for
            (Verdict.WARN, Told("hydromorphone 5 mg/mL", "1.1 mg/day", "5 mg/day", "morphine 20 mg/mL")),
            (Verdict.STOP, Told("hydromorphone 5 mg/mL", "2.1 mg/day", "5 mg/day", "morphine 20 mg/mL")),
            (Verdict.WARN, Told("fentanyl 500 microgram/mL", "140 microgram/day", "2 mg/day", "morphine 10 mg/mL")),
            (Verdict.STOP, Told("fentanyl 500 microgram/mL", "200 microgram/day", "2 mg/day", "morphine 10 mg/mL")),
            (
                Verdict.STOP,
                Told(
                    "sufentanil 500 microgram/mL", "500 microgram/day", "0.1 mg/day", "morphine 2 mg/mL", patient=NAIVE
                ),
            ),
            # tolerance not stated, the bolus and a rotation that converts to less included
            (Verdict.WARN, Told("morphine 10 mg/mL", "5 mg/day")),
            (Verdict.WARN, Told("morphine 10 mg/mL", "0.8 mg/day", bolus=bolus("0.1 mg"))),
            (Verdict.WARN, Told("morphine 10 mg/mL", "5 mg/day", "0.1 mg/day", "hydromorphone 1 mg/mL")),
            (Verdict.STOP, Told("morphine 20 mg/mL", "21 mg/day")),
            # what flows at minimum rate
            (Verdict.WARN, Told("hydromorphone 30 mg/mL", "minimum rate")),
            (Verdict.STOP, Told("hydromorphone 60 mg/mL", "minimum rate", patient=NAIVE)),
            (Verdict.WARN, Told("morphine 2 mg/mL", "0.5 mg/day", devices=at(SITE))),
            (Verdict.WARN, Told("morphine 2 mg/mL", "0.35 mg/day", patient=NAIVE, devices=at(SITE))),
        ),
        (
            Told("morphine 2 mg/mL", "1 mg/day", patient=NAIVE),
            Told("morphine 10 mg/mL", "2.4 mg/day", patient=TOLERANT),
            Told("morphine 10 mg/mL", "1 mg/day"),  # nobody asked, and no more than for a naive patient
            Told("morphine 10 mg/mL", "2.4 mg/day", "2.4 mg/day"),
            Told("morphine 10 mg/mL", "2.4 mg/day", "2.4 mg/day", patient=NAIVE),
            Told("hydromorphone 10 mg/mL", "minimum rate"),
            Told("hydromorphone 60 mg/mL", "minimum rate", "minimum rate"),  # as it flowed before
            Told("hydromorphone 60 mg/mL", "minimum rate", "5 mg/day"),
            Told("hydromorphone 60 mg/mL", "stopped"),
            Told("hydromorphone 5 mg/mL", "1 mg/day", "5 mg/day", "morphine 20 mg/mL"),
            Told("morphine 2 mg/mL", "2 mg/day", "4 mg/day", history=history(silent="60 day")),  # refused instead
            Told("ropivacaine 2 mg/mL", "1 mg/day"),
            Told(
                "baclofen 2000 microgram/mL", "500 microgram/day", history=history(("9 day", "500 microgram/day", None))
            ),
            Told("morphine 2 mg/mL", "0.4 mg/day", patient=TOLERANT, devices=at(SITE)),
        ),
    ),
    Class(
        "restart-after-gap",
        (
            # a fill recorded as twice its volume ran the pump dry for weeks; then the rate was raised
            (
                Verdict.REFUSE,
                Told("hydromorphone 10 mg/mL", "2.174 mg/day", "1.94 mg/day", history=history(silent="56 day")),
            ),
            # a stalled pump, refilled and restarted at the old dose
            (
                Verdict.REFUSE,
                Told(
                    "baclofen 500 microgram/mL",
                    "180 microgram/day",
                    "180 microgram/day",
                    patient=SPINAL,
                    history=history(silent="240 day"),
                ),
            ),
            (Verdict.REFUSE, Told("clonidine 500 microgram/mL", "300 microgram/day", history=history(silent="25 h"))),
            (
                Verdict.REFUSE,  # the boluses count
                Told(
                    "morphine 10 mg/mL",
                    "0.9 mg/day",
                    "5 mg/day",
                    bolus=bolus("0.1 mg"),
                    history=history(silent="3 day"),
                ),
            ),
            (
                Verdict.REFUSE,  # a component of a mixture
                Told(
                    "bupivacaine 10 mg/mL + morphine 10 mg/mL", "2 mg/day", "2 mg/day", history=history(silent="3 day")
                ),
            ),
            (Verdict.REFUSE, Told("methadone 10 mg/mL", "1 mg/day", "1 mg/day", history=history(silent="3 day"))),
            (
                Verdict.REFUSE,
                Told("hydromorphone 60 mg/mL", "minimum rate", "5 mg/day", history=history(silent="3 day")),
            ),
        ),
        (
            Told("morphine 10 mg/mL", "5 mg/day", "5 mg/day", history=history(silent="48 h")),
            Told("morphine 2 mg/mL", "0.9 mg/day", "5 mg/day", history=history(silent="60 day")),
            Told(
                "baclofen 500 microgram/mL", "100 microgram/day", "600 microgram/day", history=history(silent="60 day")
            ),
            Told(
                "ziconotide 25 microgram/mL", "7.2 microgram/day", "7.2 microgram/day", history=history(silent="60 day")
            ),
            Told("bupivacaine 10 mg/mL", "8 mg/day", "8 mg/day", history=history(silent="60 day")),
            Told("morphine 10 mg/mL", "stopped", "5 mg/day", history=history(silent="60 day")),
            Told("morphine 10 mg/mL", "5 mg/day", "5 mg/day"),
        ),
    ),
    Class(
        "restart-gap-unknown",
        (
            (Verdict.WARN, Told("morphine 10 mg/mL", "5 mg/day", "5 mg/day", stopped=True)),
            (
                Verdict.WARN,
                Told(
                    "baclofen 2000 microgram/mL", "400 microgram/day", "800 microgram/day", patient=SPINAL, stopped=True
                ),
            ),
            (Verdict.WARN, Told("methadone 10 mg/mL", "1 mg/day", "1 mg/day", stopped=True)),  # no naive start printed
            # the boluses count, and so does a component of a mixture
            (Verdict.WARN, Told("morphine 10 mg/mL", "0.9 mg/day", "5 mg/day", bolus=bolus("0.1 mg"), stopped=True)),
            (Verdict.WARN, Told("bupivacaine 10 mg/mL + morphine 10 mg/mL", "2 mg/day", "2 mg/day", stopped=True)),
        ),
        (
            Told("morphine 10 mg/mL", "5 mg/day", "5 mg/day"),  # it runs
            Told("morphine 10 mg/mL", "5 mg/day", "5 mg/day", stopped=True, history=history(silent="2 h")),
            Told(
                "morphine 10 mg/mL", "5 mg/day", "5 mg/day", stopped=True, history=history(silent="60 day")
            ),  # refused
            Told("morphine 10 mg/mL", "5 mg/day"),  # it never ran
            Told("morphine 10 mg/mL", "stopped", "5 mg/day", stopped=True),
            Told("morphine 10 mg/mL", "minimum rate", "5 mg/day", stopped=True),
            Told("morphine 10 mg/mL", "1 mg/day", "5 mg/day", stopped=True),  # a naive start
            Told("bupivacaine 10 mg/mL", "8 mg/day", "8 mg/day", stopped=True),  # tolerance is not the point
            Told("hydromorphone 10 mg/mL", "1 mg/day", "5 mg/day", "morphine 10 mg/mL", stopped=True),  # a first dose
        ),
    ),
]


@pytest.mark.parametrize("mistakes", CLASSES, ids=lambda each: each.rule)
def test_a_class_of_mistakes_is_caught_and_its_harmless_twin_is_not(mistakes):
    mistakes.must_hold()


STARTS = [
    # drug, tolerance, from, to, highest for a naive patient
    ("morphine", None, "0.1 mg/day", "10 mg/day", "1 mg/day"),
    ("morphine", Tolerance.NAIVE, "0.1 mg/day", "1 mg/day", "1 mg/day"),
    ("morphine", Tolerance.TOLERANT, "0.1 mg/day", "10 mg/day", "1 mg/day"),
    ("hydromorphone", Tolerance.TOLERANT, "0.01 mg/day", "0.15 mg/day", "0.15 mg/day"),
    ("ziconotide", None, "500 ng/day", "2.4 microgram/day", "2.4 microgram/day"),
    ("baclofen", None, "50 microgram/day", "200 microgram/day", "100 microgram/day"),
]


@pytest.mark.parametrize(("key", "tolerance", "low", "high", "naive"), STARTS)
def test_the_printed_starts_of_a_patient(key, tolerance, low, high, naive):
    found = first_dose(drug(key), tolerance)
    assert (found.low.amount, found.high.amount) == (DoseRate.parse(low), DoseRate.parse(high))
    assert naive_start(drug(key)).amount == DoseRate.parse(naive)


def test_a_superseded_edition_widens_no_start():
    """PACC 2012 printed up to 0.5 mg a day of hydromorphone."""
    assert first_dose(drug("hydromorphone"), None).high.amount < DoseRate.parse("0.5 mg/day")


def test_a_drug_nobody_prints_a_start_for_has_none():
    assert first_dose(drug("ropivacaine"), None) is None
    assert naive_start(drug("ropivacaine")) is None


def test_a_site_start_stands_alone_and_the_closer_one_for_its_tolerance():
    here = drug("morphine").at_site(SITE)
    assert [first_dose(here, each).high.amount for each in (None, Tolerance.TOLERANT, Tolerance.NAIVE)] == [
        DoseRate.parse("0.4 mg/day"),
        DoseRate.parse("0.4 mg/day"),
        DoseRate.parse("0.3 mg/day"),
    ]
    assert naive_start(drug("baclofen").at_site(SITE)).amount == DoseRate.parse("80 microgram/day")


def test_a_start_from_screening_is_derived_and_names_its_label():
    found = first_dose(drug("baclofen"), None).high.origin
    assert found.confidence.value == "derived"
    assert "Lioresal" in found.source
    assert found.unit == "microgram/day"


def test_a_rotation_may_reach_what_the_old_dose_converts_to():
    """5 mg of morphine a day at 5 to 1 is 1 mg of hydromorphone; the ratio shown is against that."""
    told = Told("hydromorphone 5 mg/mL", "1.5 mg/day", "5 mg/day", "morphine 20 mg/mL", patient=CANCER)
    found = next(each for each in told.findings() if each.rule == "start-above-range")
    assert found.ratio == Fraction(3, 2)
    assert ("highest start", "1 mg/day") in [(each.label, each.text) for each in found.compared]


def test_without_tolerance_the_refusal_names_the_gap_and_the_start():
    told = Told("morphine 10 mg/mL", "5 mg/day", "5 mg/day", history=history(silent="60 day"))
    found = next(each for each in told.findings() if each.rule == "restart-after-gap")
    assert [each.text for each in found.compared] == ["60 days", "2 days", "5 mg/day", "1 mg/day"]


def test_where_no_naive_start_is_printed_the_refusal_says_so():
    told = Told("methadone 10 mg/mL", "1 mg/day", "1 mg/day", history=history(silent="3 day"))
    found = next(each for each in told.findings() if each.rule == "restart-after-gap")
    assert "no start is printed" in found.words
    assert [each.label for each in found.compared][-1] == "greatest 24-hour dose"
