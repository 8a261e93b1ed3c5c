"""Limits and steps: each rule catches the variants of its class and lets the harmless near-twin pass."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.catalogue.site import site
from thecal.quantities import Concentration, DoseRate
from thecal.therapy.findings import Verdict
from thecal.therapy.patient import Indication, PatientFacts, SpasticityOrigin

from .dosed import (
    CANCER,
    CEREBRAL,
    CHILD,
    EUROPEAN,
    NONCANCER,
    SPINAL,
    Class,
    Told,
    at,
    bolus,
    history,
    morning,
)

TIGHT = at(
    site(
        """
        name = "Demo Pain Clinic"
        [[drugs]]
        drug = "morphine"
        figure = "daily_dose"
        value = 10
        unit = "mg/day"
        by = "Demo Pharmacist Birch"
        on = "2026-11-20"
        [[drugs]]
        drug = "morphine"
        figure = "concentration"
        value = 15
        unit = "mg/mL"
        by = "Demo Pharmacist Birch"
        on = "2026-11-20"
        """
    )
)
TWELVE = PatientFacts(Indication.SPASTICITY, SpasticityOrigin.SPINAL, age_years=12)
STEPS = history(
    ("4 day", "1 mg/day", None),
    ("3 day", "1.2 mg/day", None),
    ("2 day", "1.56 mg/day", None),
    ("1 day", "2 mg/day", None),
)
SUDDEN = history(("30 day", "0.9 mg/day", None), ("60 h", "1.5 mg/day", None), ("1 day", "2 mg/day", None))
SLOW = history(("30 day", "0.9 mg/day", None), ("9 day", "1.5 mg/day", None), ("4 day", "2 mg/day", None))
EVEN = history(("30 day", "1.4 mg/day", None), ("1 day", "2 mg/day", None))
FAST = history(("60 h", "130 microgram/day", None), ("1 day", "200 microgram/day", None))
BY_LABEL = history(("4 day", "2.4 microgram/day", None), ("2 day", "4.8 microgram/day", None))
ONE_DAY = history(("1 day", "300 microgram/day", "better"))

CLASSES = [
    Class(
        "concentration-above-consensus",
        (
            (Verdict.WARN, Told("morphine 22 mg/mL", "5 mg/day")),
            (Verdict.WARN, Told("morphine 5 mg/mL + bupivacaine 31 mg/mL", "1 mg/day")),
        ),
        (Told("morphine 20 mg/mL + bupivacaine 30 mg/mL", "2 mg/day"),),
    ),
    Class(
        "concentration-above-label",
        (
            (Verdict.WARN, Told("morphine 26 mg/mL", "5 mg/day")),
            (Verdict.WARN, Told("baclofen 2500 microgram/mL", "200 microgram/day")),
        ),
        (Told("morphine 25 mg/mL", "5 mg/day"), Told("baclofen 2000 microgram/mL", "200 microgram/day")),
    ),
    Class(
        "concentration-above-site",
        (
            (Verdict.STOP, Told("morphine 16 mg/mL", "5 mg/day", devices=TIGHT)),
            (Verdict.STOP, Told("bupivacaine 10 mg/mL + morphine 20 mg/mL", "1 mg/day", devices=TIGHT)),
        ),
        (Told("morphine 15 mg/mL", "5 mg/day", devices=TIGHT), Told("morphine 16 mg/mL", "5 mg/day")),
    ),
    Class(
        "concentration-above-ceiling",
        (
            (Verdict.REFUSE, Told("clonidine 10001 microgram/mL", "500 microgram/day")),
            (Verdict.REFUSE, Told("ziconotide 101 microgram/mL", "9.6 microgram/day")),
        ),
        (Told("ziconotide 100 microgram/mL", "9.6 microgram/day"),),
    ),
    Class(
        "concentration-below-lowest",
        (
            (Verdict.WARN, Told("ziconotide 24 microgram/mL", "2.4 microgram/day")),
            (Verdict.WARN, Told("morphine 2 mg/mL + ziconotide 5 microgram/mL", "0.5 mg/day")),
        ),
        (Told("ziconotide 25 microgram/mL", "2.4 microgram/day"), Told("morphine 0.5 mg/mL", "0.1 mg/day")),
    ),
    Class(
        "dose-above-consensus",
        (
            (Verdict.WARN, Told("morphine 20 mg/mL", "14.9 mg/day", "14 mg/day", bolus=bolus("0.1 mg"))),
            (Verdict.WARN, Told("morphine 2 mg/mL + bupivacaine 20 mg/mL", "1.6 mg/day", "1.4 mg/day")),
        ),
        (Told("morphine 20 mg/mL", "15 mg/day", "14 mg/day"),),
    ),
    Class(
        "dose-above-label-caution",
        (
            (Verdict.WARN, Told("morphine 25 mg/mL", "20.1 mg/day", "19 mg/day")),
            (Verdict.WARN, Told("baclofen 2000 microgram/mL", "1010 microgram/day", "900 microgram/day")),
        ),
        (Told("morphine 25 mg/mL", "20 mg/day", "19 mg/day"),),
    ),
    Class(
        "dose-above-site",
        (
            (Verdict.STOP, Told("morphine 15 mg/mL", "10.1 mg/day", "9 mg/day", devices=TIGHT)),
            (Verdict.STOP, Told("morphine 15 mg/mL", "9 mg/day", "9 mg/day", bolus=bolus("0.3 mg"), devices=TIGHT)),
        ),
        (Told("morphine 15 mg/mL", "9.9 mg/day", "9 mg/day", devices=TIGHT),),
    ),
    Class(
        "dose-above-ceiling",
        (
            (Verdict.REFUSE, Told("morphine 25 mg/mL", "50.1 mg/day")),
            (Verdict.REFUSE, Told("morphine 1 mg/mL + ziconotide 100 microgram/mL", "0.5 mg/day")),
            (Verdict.REFUSE, Told("ziconotide 50000 microgram/mL", "minimum rate")),
        ),
        (Told("morphine 25 mg/mL", "20 mg/day"), Told("ziconotide 100 microgram/mL", "minimum rate")),
    ),
    Class(
        "dose-step-up",
        (
            (Verdict.STOP, Told("morphine 10 mg/mL", "2.41 mg/day", "1.2 mg/day")),
            (Verdict.STOP, Told("morphine 10 mg/mL", "2.4 mg/day", "2.4 mg/day", bolus=bolus("0.3 mg", 10, "1 h"))),
            (
                Verdict.STOP,
                Told("morphine 10 mg/mL", "2.5 mg/day", "1 mg/day", bolus_before=bolus("0.3 mg", 10, "1 h")),
            ),
            (
                Verdict.STOP,  # a new pump: the record is what the patient had
                Told("baclofen 2000 microgram/mL", "700 microgram/day", history=ONE_DAY),
            ),
            (Verdict.STOP, Told("morphine 10 mg/mL", "2.4 mg/day", "1 mg/day", stopped=True)),
            # small steps on the same days: against the lowest dose of three days, and the one they began with
            (Verdict.STOP, Told("morphine 10 mg/mL", "2.6 mg/day", "2 mg/day", history=STEPS)),
            (Verdict.STOP, Told("morphine 10 mg/mL", "2.6 mg/day", "2 mg/day", history=SUDDEN)),
            (
                Verdict.STOP,
                Told(
                    "baclofen 2000 microgram/mL", "270 microgram/day", "200 microgram/day", history=FAST, patient=SPINAL
                ),
            ),
        ),
        (
            Told("morphine 10 mg/mL", "2.4 mg/day", "1.2 mg/day"),
            Told("morphine 3 mg/mL", "1.6 mg/day", "0.8 mg/day"),
            Told(  # boluses alone before, and as much without them now
                "morphine 2 mg/mL", "0.2 mg/day", morning("0 mg", "0 mg/day"), bolus_before=bolus("0.05 mg")
            ),
            Told("baclofen 2000 microgram/mL", "600 microgram/day", history=ONE_DAY),
            Told("morphine 10 mg/mL", "2.4 mg/day", "2 mg/day", history=STEPS),  # no more than twice
            Told("morphine 10 mg/mL", "2.6 mg/day", "2 mg/day", history=SLOW),
            Told("morphine 10 mg/mL", "2 mg/day", "2 mg/day", history=SUDDEN),  # no step at all
            Told("ziconotide 25 microgram/mL", "7.2 microgram/day", "4.8 microgram/day", history=BY_LABEL),
            Told("morphine 10 mg/mL", "stopped", "2 mg/day", history=STEPS),
            Told(  # its doses are those of the primary drug
                "bupivacaine 10 mg/mL + morphine 10 mg/mL", "2.6 mg/day", "2 mg/day", history=EVEN
            ),
        ),
    ),
    Class(
        "dose-step-soft",
        (
            (Verdict.WARN, Told("morphine 10 mg/mL", "1.35 mg/day", "1 mg/day", patient=NONCANCER)),
            (Verdict.WARN, Told("morphine 10 mg/mL", "1.55 mg/day", "1 mg/day", patient=CANCER)),
            (
                Verdict.WARN,
                Told("ziconotide 25 microgram/mL", "9.8 microgram/day", "7.2 microgram/day", patient=EUROPEAN),
            ),
            (Verdict.WARN, Told("baclofen 500 microgram/mL", "142 microgram/day", "100 microgram/day", patient=SPINAL)),
            (
                Verdict.WARN,
                Told("baclofen 500 microgram/mL", "122 microgram/day", "100 microgram/day", patient=CEREBRAL),
            ),
            (Verdict.WARN, Told("baclofen 500 microgram/mL", "130 microgram/day", "100 microgram/day", patient=CHILD)),
            (
                Verdict.WARN,  # high dose: 20 percent, though maintenance of spinal origin allows 40
                Told("baclofen 2000 microgram/mL", "990 microgram/day", "810 microgram/day", patient=SPINAL),
            ),
            (
                Verdict.WARN,  # the second component of the mixture, whose indication prints the same share
                Told("bupivacaine 10 mg/mL + morphine 5 mg/mL", "2.8 mg/day", "2 mg/day", patient=NONCANCER),
            ),
        ),
        (
            Told("morphine 10 mg/mL", "1.35 mg/day", "1 mg/day", patient=CANCER),
            Told("morphine 10 mg/mL", "1.35 mg/day", "1 mg/day"),
            Told("baclofen 500 microgram/mL", "130 microgram/day", "100 microgram/day", patient=TWELVE),
            Told("baclofen 2000 microgram/mL", "1000 microgram/day", "800 microgram/day", patient=SPINAL),
            Told("morphine 10 mg/mL", "2.1 mg/day", "1 mg/day", patient=CANCER),  # dose-step-up says it
            Told("bupivacaine 10 mg/mL", "3 mg/day", "2 mg/day", patient=NONCANCER),
            Told("baclofen 2000 microgram/mL", "960 microgram/day", "810 microgram/day", patient=SPINAL),
            Told("ziconotide 25 microgram/mL", "9.6 microgram/day", "7.2 microgram/day", patient=EUROPEAN),
        ),
    ),
    Class(
        "dose-step-down",
        (
            (Verdict.WARN, Told("morphine 10 mg/mL", "1.19 mg/day", "2.4 mg/day")),
            (Verdict.WARN, Told("clonidine 500 microgram/mL", "40 microgram/day", "90 microgram/day")),
            (
                Verdict.WARN,
                Told("baclofen 2000 microgram/mL", "230 microgram/day", "300 microgram/day", patient=SPINAL),
            ),
        ),
        (
            Told("morphine 10 mg/mL", "1.2 mg/day", "2.4 mg/day"),
            Told("ziconotide 25 microgram/mL", "1.2 microgram/day", "7.2 microgram/day"),
            Told("baclofen 2000 microgram/mL", "240 microgram/day", "300 microgram/day", patient=SPINAL),
            Told("baclofen 2000 microgram/mL", "230 microgram/day", "300 microgram/day"),
            Told(
                "morphine 10 mg/mL", "1.1 mg/day", "2.4 mg/day", bolus=bolus("0.3 mg"), bolus_before=None
            ),  # what may be asked for makes up for it
        ),
    ),
    Class(
        "abrupt-stop",
        (
            (Verdict.WARN, Told("morphine 10 mg/mL", "stopped", "2.4 mg/day")),
            (Verdict.WARN, Told("morphine 10 mg/mL", "minimum rate", "2.4 mg/day")),
            (Verdict.STOP, Told("baclofen 500 microgram/mL", "stopped", "200 microgram/day")),
            (
                Verdict.STOP,  # clonidine falls out of the mixture
                Told("morphine 5 mg/mL", "1 mg/day", "1 mg/day", "morphine 5 mg/mL + clonidine 250 microgram/mL"),
            ),
        ),
        (
            Told("ziconotide 25 microgram/mL", "stopped", "2.4 microgram/day"),
            Told("morphine 10 mg/mL", "stopped"),
            Told("hydromorphone 5 mg/mL", "0.8 mg/day", "5 mg/day", "morphine 20 mg/mL"),
            Told("baclofen 500 microgram/mL", "stopped", "200 microgram/day", history=history(silent="2 day")),
        ),
    ),
    Class(
        "no-previous-dose",
        (
            (Verdict.INFO, Told("morphine 10 mg/mL", "2.4 mg/day")),
            (Verdict.INFO, Told("morphine 10 mg/mL", "0.9 mg/day", "5 mg/day", history=history(silent="3 day"))),
        ),
        (Told("morphine 10 mg/mL", "2.4 mg/day", "2 mg/day"), Told("morphine 10 mg/mL", "stopped")),
    ),
    Class(
        "step-repeats",
        (
            (Verdict.STOP, Told("baclofen 500 microgram/mL", morning("60 microgram", "0 microgram/day", 1))),
            (Verdict.INFO, Told("baclofen 500 microgram/mL", morning("60 microgram", "0 microgram/day", 12))),
            (Verdict.INFO, Told("baclofen 500 microgram/mL", morning("0 microgram", "0 microgram/day", 12))),
        ),
        (Told("baclofen 500 microgram/mL", morning("60 microgram", "0 microgram/day")),),
    ),
]


@pytest.mark.parametrize("mistakes", CLASSES, ids=lambda each: each.rule)
def test_a_class_of_mistakes_is_caught_and_its_harmless_twin_is_not(mistakes):
    mistakes.must_hold()


def spoken(told: Told, rule: str):
    return next(each for each in told.findings() if each.rule == rule)


def test_a_step_shows_both_doses_and_their_ratio():
    found = spoken(Told("morphine 10 mg/mL", "2.5 mg/day", "1 mg/day"), "dose-step-up")
    assert found.ratio == Fraction(5, 2)
    assert [each.text for each in found.compared] == ["1 mg/day", "2.5 mg/day", "2.5 ×"]
    assert found.path == "pending.prescription.daily_dose"


def test_a_finding_about_a_component_names_its_place_in_the_fluid():
    found = spoken(Told("morphine 5 mg/mL + bupivacaine 31 mg/mL", "1 mg/day"), "concentration-above-consensus")
    assert found.path == "pending.prescription.fluid[1].concentration"
    assert found.field == "concentration of buPIVAcaine"


@pytest.mark.parametrize(
    ("dose", "path"),
    [
        ("stopped", "pending.prescription.mode"),
        (morning("10 microgram", "24 microgram/day"), "pending.prescription.steps"),
    ],
)
def test_a_step_down_points_at_what_was_prescribed(dose, path):
    told = Told("baclofen 500 microgram/mL", dose, "200 microgram/day")
    found = next(each for each in told.findings() if each.rule in ("abrupt-stop", "dose-step-down"))
    assert found.path == path


@settings(max_examples=60, deadline=None)
@given(
    dose=st.integers(500_000, 5_000_000),
    concentration=st.integers(1_000_000, 10_000_000),
    share=st.sampled_from([(NONCANCER, Fraction(13, 10)), (CANCER, Fraction(3, 2))]),
)
def test_rounding_never_turns_the_largest_printed_step_into_a_larger_one(dose, concentration, share):
    patient, factor = share
    wanted, fluid = DoseRate(int(dose * factor)), f"morphine {Concentration(concentration).text_in('ng/mL')}"
    told = Told(fluid, wanted.text_in("ng/day"), DoseRate(dose).text_in("ng/day"), patient=patient)
    assert not {"dose-step-soft", "dose-step-up"} & set(told.verdicts())
    more = DoseRate(int(dose * factor * Fraction(51, 50)))
    assert "dose-step-soft" in Told(fluid, more.text_in("ng/day"), told.before, patient=patient).verdicts()


@settings(max_examples=60, deadline=None)
@given(dose=st.integers(150_000, 900_000), concentration=st.integers(500_000, 2_000_000))
def test_rounding_never_turns_the_largest_printed_fall_into_a_larger_one(dose, concentration):
    fluid = f"baclofen {Concentration(concentration).text_in('ng/mL')}"
    before = DoseRate(dose).text_in("ng/day")
    for hundredths, warned in ((80, False), (79, True)):
        wanted = DoseRate(-(-dose * hundredths // 100)).text_in("ng/day")
        assert ("dose-step-down" in Told(fluid, wanted, before, patient=SPINAL).verdicts()) == warned


@settings(max_examples=40, deadline=None)
@given(st.integers(500, 60_000), st.integers(500, 60_000))
def test_a_higher_dose_never_draws_a_lighter_verdict_of_a_limit(one, other):
    def heaviest(microgram_per_day: int) -> int:
        found = Told("morphine 25 mg/mL", f"{microgram_per_day + 1_500} microgram/day").findings()
        return max((each.verdict.weight for each in found if each.rule.startswith("dose-above")), default=0)

    lower, higher = sorted((one, other))
    assert heaviest(lower) <= heaviest(higher)


def test_the_spasticity_of_unknown_origin_has_no_printed_step():
    unknown = PatientFacts(Indication.SPASTICITY)
    told = Told("baclofen 500 microgram/mL", "150 microgram/day", "100 microgram/day", patient=unknown)
    assert "dose-step-soft" not in told.verdicts()
    known = PatientFacts(Indication.SPASTICITY, SpasticityOrigin.SPINAL)
    assert "dose-step-soft" in Told(told.fluid, told.dose, told.before, patient=known).verdicts()


ABROAD = [
    ("dose-above-label-caution", Told("ziconotide 100 microgram/mL", "20 microgram/day", patient=EUROPEAN)),
    ("dose-above-label-caution", Told("morphine 25 mg/mL", "21 mg/day", patient=EUROPEAN)),
    ("concentration-above-label", Told("morphine 26 mg/mL", "3 mg/day", patient=EUROPEAN)),
    ("off-label", Told("fentanyl 500 microgram/mL", "50 microgram/day", patient=EUROPEAN)),
    ("off-label", Told("baclofen 500 microgram/mL", "50 microgram/day", patient=EUROPEAN)),
    ("mixture", Told("morphine 5 mg/mL + bupivacaine 5 mg/mL", "1 mg/day", patient=EUROPEAN)),
]


@pytest.mark.parametrize(("rule", "told"), ABROAD)
def test_a_label_is_held_against_a_plan_under_the_name_of_its_country(rule, told):
    assert re.search(r"\bUS\b", spoken(told, rule).words)
