"""What the patient, the fluid and the bolus ask for; and what nobody said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from thecal.catalogue.drugs import Status, drug
from thecal.catalogue.precautions import precautions
from thecal.catalogue.site import site
from thecal.quantities import Concentration, Duration, Volume
from thecal.therapy import Prescription, check
from thecal.therapy.findings import Verdict
from thecal.therapy.patient import Condition, Indication, Medicine, PatientFacts
from thecal.therapy.rules.facts import FACTS
from thecal.therapy.situation import LabelReading, Pending, PrimeOrder, RefillOrder

from .dosed import (
    CANCER,
    CHILD,
    NAIVE,
    NONCANCER,
    SPINAL,
    Class,
    Told,
    at,
    bolus,
    fluid,
    history,
    morning,
    regimen,
    someone,
)
from .given import standing

VOUCHED = at(
    site(
        """
        name = "Demo Pain Clinic"
        [[drugs]]
        drug = "ropivacaine"
        figure = "daily_dose"
        value = 10
        unit = "mg/day"
        by = "Demo Pharmacist Birch"
        on = "2026-11-20"
        reviewer = "Demo Physician Alder"
        reason = "six patients followed for a year"
        [[drugs]]
        drug = "ropivacaine"
        figure = "concentration"
        value = 10
        unit = "mg/mL"
        by = "Demo Pharmacist Birch"
        on = "2026-11-20"
        reviewer = "Demo Physician Alder"
        reason = "six patients followed for a year"
        """
    )
)
ZICONOTIDE = "ziconotide 25 microgram/mL"
PSYCHOTIC = someone(Condition.PSYCHOSIS)

CLASSES = [
    Class(
        "contraindication",
        (
            (Verdict.REFUSE, Told(ZICONOTIDE, "1.2 microgram/day", patient=PSYCHOTIC)),
            (Verdict.REFUSE, Told(ZICONOTIDE, "2.4 microgram/day", "2.4 microgram/day", patient=PSYCHOTIC)),
            (
                Verdict.REFUSE,
                Told(
                    "morphine 2 mg/mL + ziconotide 25 microgram/mL", "0.2 mg/day", patient=someone(Condition.CSF_BLOCK)
                ),
            ),
        ),
        (
            Told(ZICONOTIDE, "2.4 microgram/day", "4.8 microgram/day", patient=PSYCHOTIC),
            Told(ZICONOTIDE, "stopped", "4.8 microgram/day", patient=PSYCHOTIC),
            Told("morphine 2 mg/mL", "0.2 mg/day", patient=PSYCHOTIC),
            Told(ZICONOTIDE, "1.2 microgram/day", patient=someone(Condition.SLEEP_APNOEA)),
        ),
    ),
    Class(
        "interaction",
        (
            (Verdict.WARN, Told("morphine 2 mg/mL", "0.5 mg/day", patient=someone(Medicine.SEDATIVE))),
            (
                Verdict.WARN,
                Told("fentanyl 500 microgram/mL", "50 microgram/day", patient=someone(Condition.SLEEP_APNOEA)),
            ),
            (
                Verdict.WARN,  # the bolus is more of the drug
                Told(
                    "morphine 10 mg/mL",
                    "4 mg/day",
                    "4 mg/day",
                    bolus=bolus("0.2 mg"),
                    patient=someone(Medicine.SEDATIVE),
                ),
            ),
            (
                Verdict.WARN,
                Told(
                    "baclofen 500 microgram/mL",
                    "120 microgram/day",
                    "100 microgram/day",
                    patient=someone(Condition.RENAL_FAILURE),
                ),
            ),
            (
                Verdict.WARN,  # the component that comes new
                Told(
                    "bupivacaine 10 mg/mL + morphine 2 mg/mL",
                    "2 mg/day",
                    "2 mg/day",
                    "bupivacaine 10 mg/mL",
                    patient=someone(Medicine.SEDATIVE),
                ),
            ),
            (Verdict.INFO, Told("morphine 2 mg/mL", "0.5 mg/day", patient=someone(Medicine.SYSTEMIC_OPIOID))),
        ),
        (
            Told("morphine 10 mg/mL", "4 mg/day", "4 mg/day", patient=someone(Medicine.SEDATIVE)),
            Told("morphine 10 mg/mL", "stopped", "4 mg/day", patient=someone(Medicine.SEDATIVE)),
            Told("bupivacaine 10 mg/mL", "3 mg/day", patient=someone(Medicine.SEDATIVE, Condition.SLEEP_APNOEA)),
            Told("morphine 2 mg/mL", "0.5 mg/day", patient=someone(Medicine.ANTICOAGULANT)),
        ),
    ),
    Class(
        "off-label",
        (
            (Verdict.INFO, Told("hydromorphone 1 mg/mL", "0.1 mg/day")),
            (Verdict.INFO, Told("baclofen 500 microgram/mL", "100 microgram/day", patient=CANCER)),
            (Verdict.INFO, Told("morphine 2 mg/mL", "0.5 mg/day", patient=SPINAL)),
            (Verdict.INFO, Told("morphine 2 mg/mL", "0.2 mg/day", patient=someone(age=17))),
        ),
        (
            Told("morphine 2 mg/mL", "0.5 mg/day", patient=NAIVE),
            Told("morphine 2 mg/mL", "0.5 mg/day", patient=someone(age=18)),
            Told("baclofen 500 microgram/mL", "100 microgram/day", patient=CHILD),
            Told("hydromorphone 1 mg/mL", "stopped", "0.1 mg/day"),
        ),
    ),
    Class(
        "unsupported-drug",
        (
            (Verdict.REFUSE, Told("ropivacaine 2 mg/mL", "1 mg/day")),
            (Verdict.REFUSE, Told("morphine 2 mg/mL + methadone 2 mg/mL", "0.2 mg/day", "0.2 mg/day")),
            (Verdict.STOP, Told("ropivacaine 2 mg/mL", "1 mg/day", devices=VOUCHED)),
            (Verdict.STOP, Told("ropivacaine 2 mg/mL", "1.2 mg/day", "1 mg/day", devices=VOUCHED)),
        ),
        (
            Told("ropivacaine 2 mg/mL", "1 mg/day", "1 mg/day", devices=VOUCHED),
            Told("ropivacaine 2 mg/mL", "0.8 mg/day", "1 mg/day"),
            Told("ropivacaine 2 mg/mL", "stopped", "1 mg/day"),
            Told("hydromorphone 1 mg/mL", "0.1 mg/day"),
        ),
    ),
    Class(
        "mixture",
        (
            (Verdict.INFO, Told("morphine 2 mg/mL + bupivacaine 5 mg/mL", "0.5 mg/day")),
            (Verdict.INFO, Told("baclofen 500 microgram/mL + clonidine 100 microgram/mL", "100 microgram/day")),
        ),
        (
            Told("morphine 2 mg/mL", "0.5 mg/day"),
            Told("morphine 2 mg/mL + bupivacaine 5 mg/mL", "stopped", "0.5 mg/day"),
        ),
    ),
    Class(
        "bolus-not-allowed",
        (
            (Verdict.REFUSE, Told("baclofen 500 microgram/mL", "100 microgram/day", bolus=bolus("0.01 mg"))),
            (
                Verdict.REFUSE,
                Told("morphine 2 mg/mL + clonidine 100 microgram/mL", "0.5 mg/day", bolus=bolus("0.05 mg")),
            ),
        ),
        (
            Told("morphine 2 mg/mL + bupivacaine 5 mg/mL", "0.5 mg/day", bolus=bolus("0.05 mg")),
            Told("baclofen 500 microgram/mL", "100 microgram/day"),
        ),
    ),
    Class(
        "bolus-share",
        (
            (Verdict.WARN, Told("morphine 10 mg/mL", "2 mg/day", "2 mg/day", bolus=bolus("0.45 mg", 2))),
            (Verdict.WARN, Told(ZICONOTIDE, "2.4 microgram/day", bolus=bolus("0.3 microgram", 2))),
            (
                Verdict.WARN,  # of a flex day
                Told("morphine 10 mg/mL", morning("0.1 mg", "1 mg/day"), bolus=bolus("0.3 mg", 2)),
            ),
        ),
        (
            Told("morphine 10 mg/mL", "2 mg/day", "2 mg/day", bolus=bolus("0.4 mg", 2)),
            Told("morphine 10 mg/mL", "2 mg/day"),
            Told("morphine 2 mg/mL", "0.096 mg/day", bolus=bolus("0.05 mg")),  # boluses are the therapy
            Told("bupivacaine 10 mg/mL", "2 mg/day", bolus=bolus("0.8 mg", 2)),
        ),
    ),
    Class(
        "effective-boluses",
        (
            (Verdict.WARN, Told("morphine 10 mg/mL", "2.4 mg/day", bolus=bolus("0.1 mg", 4, "8 h"))),
            (Verdict.WARN, Told("morphine 10 mg/mL", "2.4 mg/day", bolus=bolus("0.1 mg", 20, "2 h"))),
        ),
        (Told("morphine 10 mg/mL", "2.4 mg/day", bolus=bolus("0.1 mg", 3, "8 h")),),
    ),
    Class(
        "residual-daily",
        (
            (Verdict.INFO, Told("morphine 3 mg/mL", "1 mg/day")),
            (Verdict.INFO, Told("morphine 7 mg/mL", morning("0.1 mg", "1 mg/day"))),
        ),
        (Told("morphine 10 mg/mL", "1 mg/day"), Told("morphine 3 mg/mL", "stopped")),
    ),
    Class(
        "residual-bolus",
        (
            (Verdict.INFO, Told("morphine 10 mg/mL", "2.4 mg/day", bolus=bolus("0.123 mg"))),
            (Verdict.INFO, Told("morphine 3 mg/mL", "2.4 mg/day", bolus=bolus("0.1 mg"))),
        ),
        (Told("morphine 10 mg/mL", "2.4 mg/day", bolus=bolus("0.12 mg")),),
    ),
]


@pytest.mark.parametrize("mistakes", CLASSES, ids=lambda each: each.rule)
def test_a_class_of_mistakes_is_caught_and_its_harmless_twin_is_not(mistakes):
    mistakes.must_hold()


def test_every_condition_and_medicine_the_catalogue_names_can_be_told_of_a_patient():
    """A misspelt precaution would never be met."""
    told = {each.value for each in (*Condition, *Medicine)}
    named = {each.condition or each.medicine for each in precautions() if each.below_age is None}
    assert named <= told


@pytest.mark.parametrize(
    ("patient", "begins"),
    [
        (someone(Medicine.SEDATIVE), "morphine with sedative: "),
        (someone(Condition.LUNG_DISEASE), "morphine with lung disease: "),
        (someone(age=17), "morphine with age: "),
    ],
)
def test_a_precaution_says_what_was_met_in_the_patient(patient, begins):
    words = [each.words for each in Told("morphine 2 mg/mL", "0.2 mg/day", patient=patient).findings()]
    assert any(each.startswith(begins) for each in words)


def test_a_mixture_names_what_the_library_says_of_it():
    found = Told("morphine 2 mg/mL + ziconotide 25 microgram/mL", "0.2 mg/day").findings()
    words = [each.words for each in found if each.rule == "mixture"]
    assert len(words) == 2
    assert "advises against intrathecal opioids" in words[1]


def test_a_drug_under_research_is_confirmed_by_a_second_person(monkeypatch):
    research = replace(drug("hydromorphone"), status=Status.RESEARCH)
    monkeypatch.setattr("thecal.therapy.plan.drug", lambda _key: research)
    assert Told("hydromorphone 1 mg/mL", "0.1 mg/day").verdicts()["unsupported-drug"] is Verdict.STOP


def missed(told: Told) -> dict[str, str]:
    found = [each for each in told.findings() if each.rule == "facts-missing"]
    assert len(found) <= 1
    assert all(each.verdict is Verdict.INFO for each in found)
    return {each.label: each.text for finding in found for each in finding.compared}


KNOWN = replace(Told("morphine 10 mg/mL", "2 mg/day").devices, recorded_serial="S1")
ASKED = PatientFacts(Indication.NONCANCER_PAIN, new_neurological_sign=False)
RECORDED = history(("90 day", "1 mg/day", "same"), ("60 day", "2 mg/day", "better"))

MISSING = [
    (Told("morphine 10 mg/mL", "2 mg/day"), "opioid tolerance"),
    (Told("morphine 10 mg/mL", "2.4 mg/day", "2 mg/day"), "what the therapy is for"),
    (Told("morphine 10 mg/mL", "2.4 mg/day", "2 mg/day"), "earlier doses"),
    (Told("morphine 10 mg/mL", "2.4 mg/day", "2 mg/day"), "whether there is a new neurological sign"),
    (
        Told(
            "baclofen 500 microgram/mL",
            "120 microgram/day",
            "100 microgram/day",
            patient=PatientFacts(Indication.SPASTICITY),
        ),
        "where the spasticity comes from",
    ),
    (
        Told(
            "morphine 10 mg/mL",
            "2.4 mg/day",
            "2 mg/day",
            history=history(("90 day", "1 mg/day", None), ("60 day", "2 mg/day", None)),
        ),
        "what earlier steps did",
    ),
    (Told("morphine 10 mg/mL", "2 mg/day", "2 mg/day", stopped=True), "how long no drug has reached the patient"),
    (Told("morphine 10 mg/mL", "2 mg/day", "2 mg/day"), "serial number in this patient's record"),
]


@pytest.mark.parametrize(("told", "fact"), MISSING)
def test_what_nobody_said_is_named_with_the_rules_that_need_it(told, fact):
    rules = missed(told)[fact].split(", ")
    assert rules == list(next(each.rules for each in FACTS if each.words == fact))


NOT_ASKED = [
    (Told("hydromorphone 1 mg/mL", "0.1 mg/day"), "opioid tolerance"),
    (Told("morphine 10 mg/mL", "2 mg/day", patient=NAIVE), "opioid tolerance"),
    (Told("morphine 10 mg/mL", "2 mg/day", "2 mg/day", "hydromorphone 2 mg/mL"), "opioid tolerance"),
    (Told("morphine 10 mg/mL", "2 mg/day", "2 mg/day"), "what the therapy is for"),
    (Told("morphine 10 mg/mL", "2.4 mg/day", "2 mg/day", patient=NONCANCER), "what the therapy is for"),
    (Told(ZICONOTIDE, "2.4 microgram/day", "1.2 microgram/day"), "what the therapy is for"),
    (
        Told("morphine 10 mg/mL", "2.4 mg/day", "2 mg/day", patient=PatientFacts(Indication.SPASTICITY)),
        "where the spasticity comes from",
    ),
    (
        Told(
            "baclofen 500 microgram/mL",
            "120 microgram/day",
            "100 microgram/day",
            patient=PatientFacts(Indication.SPASTICITY, age_years=9),
        ),
        "where the spasticity comes from",
    ),
    (Told("morphine 10 mg/mL", "2.4 mg/day", "2 mg/day", history=RECORDED), "earlier doses"),
    (Told("morphine 10 mg/mL", "2.4 mg/day", "2 mg/day", history=RECORDED), "what earlier steps did"),
    (
        Told("morphine 10 mg/mL", "2 mg/day", "2 mg/day", stopped=True, history=history(silent="2 h")),
        "how long no drug has reached the patient",
    ),
    (Told("morphine 10 mg/mL", "2 mg/day", "2 mg/day", devices=KNOWN), "serial number in this patient's record"),
]


@pytest.mark.parametrize(("told", "fact"), NOT_ASKED)
def test_what_would_change_nothing_is_not_asked_for(told, fact):
    assert fact not in missed(told)


def test_where_all_that_matters_is_known_nothing_is_said():
    told = Told("morphine 10 mg/mL", "2.4 mg/day", "2 mg/day", patient=ASKED, history=RECORDED, devices=KNOWN)
    assert missed(told) == {}


def test_a_refill_in_the_same_visit_asks_for_what_its_rules_need():
    new = (LabelReading("morphine", Concentration.parse("20 mg/mL")),)
    bare = RefillOrder(Volume.parse("5 mL"), Volume.parse("18 mL"), new)
    told = {"injected": "18 mL", "recovered": "5 mL", "filled_before": "20 mL"}
    whole = replace(bare, read_again=new, **{name: Volume.parse(each) for name, each in told.items()})
    wanted = Prescription(fluid("morphine 20 mg/mL"), regimen("2 mg/day"))

    def asked(pending: Pending) -> set[str]:
        ran = Prescription(fluid("morphine 10 mg/mL"), regimen("2 mg/day"))
        found = check(pending, standing(fluid("morphine 10 mg/mL"), ran))
        return {each.label for finding in found if finding.rule == "facts-missing" for each in finding.compared}

    visit = {
        "the label read by a second person",
        "what the syringes held",
        "what was drawn back to prove the place",
        "what the refill before this one filled",
        "planned refill interval",
    }
    assert visit | {"what tubing and catheter hold"} <= asked(Pending(wanted, bare))
    assert not visit & asked(Pending(wanted, whole, refill_interval=Duration.parse("90 day")))
    same = Prescription(fluid("morphine 10 mg/mL"), regimen("2 mg/day"))
    assert "what tubing and catheter hold" not in asked(Pending(same))
    assert "what tubing and catheter hold" in asked(Pending(same, prime=PrimeOrder(Volume.parse("0.2 mL"))))


def test_every_fact_is_one_a_check_document_can_state():
    assert len({each.words for each in FACTS}) == len(FACTS)
    for each in FACTS:
        record, _, field = each.path.rpartition(".")
        holder = {"patient": PatientFacts, "history": type(RECORDED), "devices": type(KNOWN), "pending": Pending}
        kind = RefillOrder if record == "pending.refill" else holder[record]
        assert field in kind.__dataclass_fields__
