"""Raising a dose over time: too soon, without effect, or as a mass at the catheter tip asks for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.quantities import Concentration, DoseRate, Instant
from thecal.therapy.findings import Verdict
from thecal.therapy.patient import Condition, Indication, Jurisdiction, PatientFacts
from thecal.therapy.situation import Devices, DoseThen, History

from .dosed import CANCER, CEREBRAL, CHILD, EUROPEAN, NAIVE, NONCANCER, SPINAL, Class, Told, history, someone
from .given import NOW

ZICONOTIDE = "ziconotide 25 microgram/mL"
ELSEWHERE = PatientFacts(Indication.NONCANCER_PAIN, jurisdiction=Jurisdiction.OTHER)
SAME_3 = (("30 day", "3 mg/day", "same"), ("20 day", "3.5 mg/day", "worse"), ("10 day", "4 mg/day", "same"))
NOTHING_HELPED = history(("40 day", "2 mg/day", "better"), *SAME_3)
LONG_AGO = ("500 day", "2 mg/day", "better")


def more(doses, dose="5 mg/day", before="4 mg/day", patient=NONCANCER, fluid="morphine 10 mg/mL", **rest):
    return Told(fluid, dose, before, patient=patient, history=doses, **rest)


def quick(*steps: tuple[str, str]):
    """A therapy of more than a year, and steps within the last months."""
    return history(LONG_AGO, *((ago, dose, "better") for ago, dose in steps))


CLASSES = [
    Class(
        "titration-too-soon",
        (
            (
                Verdict.WARN,  # no step in the first 24 hours
                Told(
                    "baclofen 500 microgram/mL",
                    "120 microgram/day",
                    "100 microgram/day",
                    patient=SPINAL,
                    history=history(("23 h", "100 microgram/day", None)),
                ),
            ),
            (
                Verdict.WARN,
                Told(
                    "baclofen 500 microgram/mL",
                    "110 microgram/day",
                    "100 microgram/day",
                    history=history(("9 day", "90 microgram/day", "same"), ("12 h", "100 microgram/day", "same")),
                ),
            ),
            (
                Verdict.WARN,  # not more than three times a week
                Told(
                    "ziconotide 25 microgram/mL",
                    "4.8 microgram/day",
                    "2.4 microgram/day",
                    patient=NONCANCER,
                    history=history(("2 day", "2.4 microgram/day", "same")),
                ),
            ),
            (
                Verdict.WARN,  # at the ceiling before day 21
                Told(
                    "ziconotide 100 microgram/mL",
                    "19.2 microgram/day",
                    "16.8 microgram/day",
                    patient=NONCANCER,
                    history=history(("20 day", "2.4 microgram/day", "same"), ("4 day", "16.8 microgram/day", "same")),
                ),
            ),
            (
                Verdict.WARN,  # the two labels agree on a day at least
                Told(
                    "ziconotide 25 microgram/mL",
                    "3.6 microgram/day",
                    "2.4 microgram/day",
                    patient=ELSEWHERE,
                    history=history(("0 h", "2.4 microgram/day", "same")),
                ),
            ),
        ),
        (
            Told(
                "baclofen 500 microgram/mL",
                "120 microgram/day",
                "100 microgram/day",
                patient=CEREBRAL,
                history=history(("24 h", "100 microgram/day", None)),
            ),
            Told(
                "baclofen 500 microgram/mL",
                "80 microgram/day",
                "100 microgram/day",
                patient=SPINAL,
                history=history(("1 h", "100 microgram/day", "worse")),
            ),
            Told(
                "ziconotide 25 microgram/mL",
                "4.8 microgram/day",
                "2.4 microgram/day",
                patient=EUROPEAN,
                history=history(("2 day", "2.4 microgram/day", "same")),
            ),
            Told(
                "ziconotide 25 microgram/mL",
                "4.8 microgram/day",
                "2.4 microgram/day",
                patient=ELSEWHERE,
                history=history(("2 day", "2.4 microgram/day", "same")),
            ),
            Told(
                "ziconotide 100 microgram/mL",
                "19.2 microgram/day",
                "16.8 microgram/day",
                patient=NONCANCER,
                history=history(("21 day", "2.4 microgram/day", "same"), ("4 day", "16.8 microgram/day", "same")),
            ),
            Told(
                "ziconotide 100 microgram/mL",
                "21.6 microgram/day",
                "19.2 microgram/day",
                patient=EUROPEAN,
                history=history(("9 day", "2.4 microgram/day", "same"), ("4 day", "19.2 microgram/day", "same")),
            ),
            more(history(("1 h", "4 mg/day", None))),  # nothing is printed for it
            Told("baclofen 500 microgram/mL", "120 microgram/day", "100 microgram/day", patient=CHILD),
        ),
    ),
    Class(
        "steps-without-response",
        (
            (Verdict.STOP, more(NOTHING_HELPED)),
            (Verdict.STOP, more(history(("40 day", "2 mg/day", None), *SAME_3, imaged=False))),
            (
                Verdict.STOP,  # a step back in between answers nothing
                more(
                    history(
                        ("50 day", "2 mg/day", "better"),
                        ("40 day", "3 mg/day", "same"),
                        ("30 day", "3.5 mg/day", "same"),
                        ("20 day", "3 mg/day", "same"),
                        ("10 day", "4 mg/day", "worse"),
                    )
                ),
            ),
            (
                Verdict.STOP,
                Told(
                    "baclofen 2000 microgram/mL",
                    "500 microgram/day",
                    "450 microgram/day",
                    patient=SPINAL,
                    history=history(
                        ("40 day", "300 microgram/day", "same"),
                        ("30 day", "350 microgram/day", "same"),
                        ("20 day", "400 microgram/day", "same"),
                        ("10 day", "450 microgram/day", "same"),
                    ),
                ),
            ),
        ),
        (
            more(history(("40 day", "2 mg/day", "better"), *SAME_3, imaged=True)),
            more(NOTHING_HELPED, dose="3.5 mg/day"),
            more(NOTHING_HELPED, dose="4 mg/day"),
            more(history(*SAME_3)),  # the first of them was the start
            more(history(*SAME_3, ("5 day", "4 mg/day", "same"))),  # the last was no step
            more(history(("40 day", "2 mg/day", "same"), *SAME_3[:2], ("10 day", "4 mg/day", "better"))),
            more(history(("40 day", "2 mg/day", "same"), *SAME_3[:2], ("10 day", "4 mg/day", None))),
            more(history()),
        ),
    ),
    Class(
        "granuloma-watch",
        (
            (Verdict.WARN, Told("morphine 10 mg/mL", "4 mg/day", "4 mg/day", patient=someone(sign=True))),
            (
                Verdict.WARN,  # whatever the drug
                Told(
                    "ziconotide 25 microgram/mL", "2.4 microgram/day", "2.4 microgram/day", patient=someone(sign=True)
                ),
            ),
            (Verdict.WARN, more(history(), patient=someone(Condition.GRANULOMA))),
            (
                Verdict.WARN,  # a year old to the day
                more(
                    history(
                        ("365 day", "2 mg/day", None), ("60 day", "2.5 mg/day", None), ("30 day", "3 mg/day", None)
                    ),
                    "3.5 mg/day",
                    "3 mg/day",
                ),
            ),
            (Verdict.WARN, more(quick(("60 day", "2.5 mg/day"), ("30 day", "3 mg/day")), "3.5 mg/day", "3 mg/day")),
            (
                Verdict.WARN,  # not so much more, but in a fluid above the consensus
                more(
                    quick(("60 day", "2.2 mg/day"), ("30 day", "2.4 mg/day")),
                    "2.6 mg/day",
                    "2.4 mg/day",
                    fluid="morphine 24 mg/mL",
                ),
            ),
            (
                Verdict.WARN,  # older than its record: implanted long ago
                more(
                    history(
                        ("100 day", "2 mg/day", "better"),
                        ("60 day", "2.5 mg/day", "better"),
                        ("9 day", "3 mg/day", "same"),
                    ),
                    "3.5 mg/day",
                    "3 mg/day",
                    devices=Devices(implanted=Instant.parse("2020-01-01T00:00:00Z")),
                ),
            ),
        ),
        (
            Told("morphine 10 mg/mL", "4 mg/day", "4 mg/day", patient=someone(sign=False)),
            Told("morphine 10 mg/mL", "stopped", "4 mg/day", patient=someone(sign=True)),
            more(history(), "4 mg/day", "5 mg/day", patient=someone(Condition.GRANULOMA)),
            Told(
                "ziconotide 25 microgram/mL",
                "2.4 microgram/day",
                "1.2 microgram/day",
                patient=someone(Condition.GRANULOMA),
            ),
            more(quick(("60 day", "2.2 mg/day"), ("30 day", "2.4 mg/day")), "2.6 mg/day", "2.4 mg/day"),
            more(quick(("60 day", "3 mg/day")), "3.5 mg/day", "3 mg/day"),
            more(quick(("60 day", "2.2 mg/day"), ("30 day", "2.5 mg/day")), "3 mg/day", "2.5 mg/day"),  # just half more
            more(
                quick(("60 day", "2.2 mg/day"), ("30 day", "2.4 mg/day")),
                "2.6 mg/day",
                "2.4 mg/day",
                fluid="morphine 20 mg/mL",
            ),
            more(quick(("90 day", "2.5 mg/day"), ("30 day", "3 mg/day")), "4 mg/day", "3 mg/day"),
            more(quick(("60 day", "2 mg/day"), ("30 day", "3 mg/day")), "3.5 mg/day", "3 mg/day"),
            more(
                history(
                    ("300 day", "2 mg/day", "better"), ("60 day", "2.5 mg/day", "better"), ("9 day", "3 mg/day", "same")
                ),
                "3.5 mg/day",
                "3 mg/day",
            ),  # titration of a first year
            more(
                history(
                    ("60 day", "2 mg/day", "better"), ("30 day", "2.5 mg/day", "better"), ("9 day", "3 mg/day", "same")
                ),
                "3.5 mg/day",
                "3 mg/day",
            ),
            Told(
                "bupivacaine 10 mg/mL",
                "3.5 mg/day",
                "3 mg/day",
                history=quick(("60 day", "2.5 mg/day"), ("30 day", "3 mg/day")),
            ),
        ),
    ),
]


@pytest.mark.parametrize("mistakes", CLASSES, ids=lambda each: each.rule)
def test_a_class_of_mistakes_is_caught_and_its_harmless_twin_is_not(mistakes):
    mistakes.must_hold()


def test_the_wait_and_the_interval_are_shown_side_by_side():
    told = more(
        history(("20 h", "100 microgram/day", None)),
        "110 microgram/day",
        "100 microgram/day",
        SPINAL,
        "baclofen 500 microgram/mL",
    )
    found = next(each for each in told.findings() if each.rule == "titration-too-soon")
    assert [each.text for each in found.compared] == ["20 h", "1 day"]
    assert found.confidence == "verified"


def test_a_dose_dated_after_the_clock_of_the_pump_counts_as_just_now():
    told = Told(ZICONOTIDE, "3.6 microgram/day", "2.4 microgram/day", patient=NONCANCER)
    later = DoseThen(Instant(NOW.epoch_ms + 3_600_000), DoseRate.parse("2.4 microgram/day"))
    found = replace(told, history=History((later,))).findings()
    early = next(each for each in found if each.rule == "titration-too-soon")
    assert early.compared[0].text == "0 min"


def test_the_stop_counts_the_steps_and_points_at_the_imaging():
    found = next(each for each in more(NOTHING_HELPED).findings() if each.rule == "steps-without-response")
    assert [each.text for each in found.compared] == ["3", "3"]
    assert found.path == "history.catheter_imaged"


@settings(max_examples=60, deadline=None)
@given(
    dose=st.integers(1_000_000, 2_000_000),
    before=st.integers(2_000_000, 9_000_000),
    now=st.integers(2_000_000, 9_000_000),
)
def test_the_same_dose_in_another_fluid_is_no_step_up(dose, before, now):
    """Whole strokes and whole nanolitres move the dose by a trifle; nobody raised it."""
    text = DoseRate(dose).text_in("ng/day")
    told = Told(
        f"morphine {Concentration(now).text_in('ng/mL')}",
        text,
        text,
        f"morphine {Concentration(before).text_in('ng/mL')}",
        patient=someone(Condition.GRANULOMA, Condition.SLEEP_APNOEA, sign=False),
        history=NOTHING_HELPED,
    )
    assert not {"granuloma-watch", "steps-without-response", "interaction"} & set(told.verdicts())


def test_a_naive_and_a_cancer_patient_are_watched_alike():
    assert {
        more(NOTHING_HELPED, patient=patient).verdicts()["steps-without-response"] for patient in (NAIVE, CANCER)
    } == {Verdict.STOP}
