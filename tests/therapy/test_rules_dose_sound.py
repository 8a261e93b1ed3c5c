"""Silence: a sound plan draws nothing that has to be acknowledged, whatever drug, indication and step it is."""

from __future__ import annotations

import pytest

from thecal.catalogue.site import site
from thecal.therapy.findings import Verdict, worst
from thecal.therapy.patient import Condition, Medicine

from .dosed import (
    CANCER,
    CEREBRAL,
    CHILD,
    EUROPEAN,
    NAIVE,
    NONCANCER,
    SPINAL,
    TOLERANT,
    Told,
    at,
    bolus,
    history,
    morning,
    someone,
)

TIGHT = site(
    """
    name = "Demo Pain Clinic"
    [[drugs]]
    drug = "morphine"
    figure = "daily_dose"
    value = 10
    unit = "mg/day"
    by = "Demo Pharmacist Birch"
    on = "2026-11-20"
    """
)

SOUND = {
    "morphine, naive, first": Told("morphine 2 mg/mL", "0.5 mg/day", patient=NAIVE),
    "morphine, tolerant, first": Told("morphine 20 mg/mL", "5 mg/day", patient=TOLERANT),
    "morphine, microdose": Told("morphine 2 mg/mL", "0.15 mg/day", patient=NAIVE),
    "morphine, nobody asked": Told("morphine 2 mg/mL", "0.8 mg/day", bolus=bolus("0.04 mg")),
    "morphine, non-cancer, a quarter more": Told("morphine 10 mg/mL", "5 mg/day", "4 mg/day", patient=NONCANCER),
    "morphine, non-cancer, exactly the largest step": Told(
        "morphine 3 mg/mL", "1.3 mg/day", "1 mg/day", patient=NONCANCER
    ),
    "morphine, cancer, exactly the largest step": Told("morphine 20 mg/mL", "9 mg/day", "6 mg/day", patient=CANCER),
    "morphine, a fifth less": Told("morphine 10 mg/mL", "4 mg/day", "5 mg/day", patient=NONCANCER),
    "morphine, a bolus added": Told(
        "morphine 10 mg/mL", "4 mg/day", "4 mg/day", bolus=bolus("0.4 mg"), patient=NONCANCER
    ),
    "morphine, twice the concentration, same dose": Told(
        "morphine 20 mg/mL", "4 mg/day", "4 mg/day", before_fluid="morphine 10 mg/mL", patient=NONCANCER
    ),
    "morphine, diluted, same dose": Told(
        "morphine 2 mg/mL", "0.7 mg/day", "0.7 mg/day", before_fluid="morphine 10 mg/mL", patient=NONCANCER
    ),
    "morphine, twelve times a day": Told(
        "morphine 10 mg/mL", "3 mg/day", "3 mg/day", bolus=bolus("0.15 mg", 8, "2 h"), patient=CANCER
    ),
    "morphine, resumed after two hours": Told(
        "morphine 10 mg/mL", "2.4 mg/day", "2.4 mg/day", stopped=True, history=history(silent="2 h")
    ),
    "morphine, naive again after two months": Told(
        "morphine 2 mg/mL", "0.5 mg/day", "5 mg/day", "morphine 20 mg/mL", history=history(silent="60 day")
    ),
    "morphine, boluses only": Told(
        "morphine 2 mg/mL", "0.096 mg/day", "0.096 mg/day", bolus=bolus("0.05 mg"), bolus_before=bolus("0.05 mg")
    ),
    "morphine, established, one step in three months": Told(
        "morphine 10 mg/mL",
        "5 mg/day",
        "4 mg/day",
        patient=NONCANCER,
        history=history(("400 day", "3 mg/day", "better"), ("100 day", "4 mg/day", "better")),
    ),
    "morphine below the limit of its site": Told(
        "morphine 20 mg/mL", "9 mg/day", "8 mg/day", patient=NONCANCER, devices=at(TIGHT)
    ),
    "morphine lowered beside sleep apnoea": Told(
        "morphine 10 mg/mL", "4 mg/day", "5 mg/day", patient=someone(Condition.SLEEP_APNOEA)
    ),
    "morphine unchanged beside a sedative": Told(
        "morphine 10 mg/mL", "4 mg/day", "4 mg/day", patient=someone(Medicine.SEDATIVE)
    ),
    "morphine after a psychosis": Told(
        "morphine 10 mg/mL", "4 mg/day", "4 mg/day", patient=someone(Condition.PSYCHOSIS)
    ),
    "hydromorphone, first": Told("hydromorphone 1 mg/mL", "0.1 mg/day", patient=NAIVE),
    "hydromorphone, non-cancer": Told("hydromorphone 10 mg/mL", "1.2 mg/day", "1 mg/day", patient=NONCANCER),
    "hydromorphone, cancer": Told("hydromorphone 10 mg/mL", "3 mg/day", "2 mg/day", patient=CANCER),
    "hydromorphone in the place of morphine": Told(
        "hydromorphone 5 mg/mL", "0.8 mg/day", "5 mg/day", "morphine 20 mg/mL", patient=CANCER
    ),
    "fentanyl, first": Told("fentanyl 500 microgram/mL", "50 microgram/day"),
    "fentanyl, non-cancer": Told(
        "fentanyl 500 microgram/mL", "125 microgram/day", "100 microgram/day", patient=NONCANCER
    ),
    "fentanyl in the place of morphine": Told(
        "fentanyl 500 microgram/mL", "70 microgram/day", "2 mg/day", "morphine 10 mg/mL", patient=CANCER
    ),
    "sufentanil, first": Told("sufentanil 100 microgram/mL", "15 microgram/day"),
    "sufentanil, cancer": Told("sufentanil 200 microgram/mL", "55 microgram/day", "40 microgram/day", patient=CANCER),
    "morphine and bupivacaine, first": Told("morphine 5 mg/mL + bupivacaine 10 mg/mL", "1 mg/day", patient=TOLERANT),
    "bupivacaine alone, first": Told("bupivacaine 10 mg/mL", "3 mg/day"),
    "morphine and bupivacaine, a fifth more": Told(
        "morphine 5 mg/mL + bupivacaine 20 mg/mL", "1.2 mg/day", "1 mg/day", patient=NONCANCER
    ),
    "bupivacaine added to morphine": Told(
        "morphine 5 mg/mL + bupivacaine 10 mg/mL", "1.5 mg/day", "1.5 mg/day", "morphine 5 mg/mL", patient=NONCANCER
    ),
    "bupivacaine taken away": Told(
        "morphine 5 mg/mL", "1.5 mg/day", "1.5 mg/day", "morphine 5 mg/mL + bupivacaine 10 mg/mL"
    ),
    "morphine and clonidine, first": Told(
        "morphine 5 mg/mL + clonidine 250 microgram/mL", "1 mg/day", patient=TOLERANT
    ),
    "clonidine, half as much again": Told("clonidine 500 microgram/mL", "150 microgram/day", "100 microgram/day"),
    "ziconotide, slow start": Told("ziconotide 25 microgram/mL", "1.2 microgram/day", patient=NAIVE),
    "ziconotide, label start": Told("ziconotide 25 microgram/mL", "2.4 microgram/day", patient=NONCANCER),
    "ziconotide, label step after four days": Told(
        "ziconotide 25 microgram/mL",
        "4.8 microgram/day",
        "2.4 microgram/day",
        patient=NONCANCER,
        history=history(("4 day", "2.4 microgram/day", "same")),
    ),
    "ziconotide, European step after two days": Told(
        "ziconotide 25 microgram/mL",
        "7.2 microgram/day",
        "4.8 microgram/day",
        patient=EUROPEAN,
        history=history(("4 day", "2.4 microgram/day", "same"), ("2 day", "4.8 microgram/day", "same")),
    ),
    "ziconotide, stopped at once": Told("ziconotide 25 microgram/mL", "stopped", "7.2 microgram/day"),
    "baclofen, first after 50 microgram worked": Told("baclofen 500 microgram/mL", "100 microgram/day", patient=SPINAL),
    "baclofen, first after 100 microgram worked": Told(
        "baclofen 500 microgram/mL", "200 microgram/day", patient=CEREBRAL
    ),
    "baclofen, spinal, a day after the last step": Told(
        "baclofen 500 microgram/mL",
        "260 microgram/day",
        "200 microgram/day",
        patient=SPINAL,
        history=history(("2 day", "180 microgram/day", "same"), ("1 day", "200 microgram/day", "same")),
    ),
    "baclofen, spinal, exactly the largest step": Told(
        "baclofen 2000 microgram/mL", "420 microgram/day", "300 microgram/day", patient=SPINAL
    ),
    "baclofen, cerebral, exactly the largest step": Told(
        "baclofen 500 microgram/mL", "120 microgram/day", "100 microgram/day", patient=CEREBRAL
    ),
    "baclofen, child": Told("baclofen 500 microgram/mL", "115 microgram/day", "100 microgram/day", patient=CHILD),
    "baclofen, a fifth less": Told(
        "baclofen 2000 microgram/mL", "400 microgram/day", "500 microgram/day", patient=SPINAL
    ),
    "baclofen, high dose, a small step": Told(
        "baclofen 2000 microgram/mL", "990 microgram/day", "900 microgram/day", patient=SPINAL
    ),
    "baclofen, morning dose": Told(
        "baclofen 2000 microgram/mL", morning("60 microgram", "240 microgram/day"), "280 microgram/day", patient=SPINAL
    ),
    "baclofen, four times the concentration, same dose": Told(
        "baclofen 2000 microgram/mL",
        "300 microgram/day",
        "300 microgram/day",
        "baclofen 500 microgram/mL",
        patient=SPINAL,
    ),
    "baclofen, restart as naive after three days": Told(
        "baclofen 500 microgram/mL",
        "100 microgram/day",
        "600 microgram/day",
        "baclofen 2000 microgram/mL",
        patient=SPINAL,
        history=history(silent="3 day"),
    ),
    "baclofen, the recorded dose in a new pump": Told(
        "baclofen 2000 microgram/mL",
        "600 microgram/day",
        patient=SPINAL,
        history=history(("30 day", "600 microgram/day", "better"), silent="3 h"),
    ),
}


@pytest.mark.parametrize("told", SOUND.values(), ids=SOUND.keys())
def test_a_sound_plan_draws_nothing_heavier_than_information(told):
    heavy = [found for found in told.findings() if found.verdict.weight > Verdict.INFO.weight]
    assert heavy == []


def test_the_table_holds_every_supported_drug_and_at_least_thirty_plans():
    drugs = {each.split(" ")[0] for told in SOUND.values() for each in told.fluid.split(" + ")}
    assert drugs >= {
        "morphine", "hydromorphone", "fentanyl", "sufentanil", "bupivacaine", "clonidine", "ziconotide", "baclofen",
    }  # fmt: skip
    assert len(SOUND) >= 30
    assert worst(()) is Verdict.ALLOW
