"""From the trial to the first plan: judged by its own record, and nothing typed twice."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.documents import read
from thecal.quantities import Concentration, DoseRate, Mass
from thecal.therapy import EntryRefused, FluidComponent, Prescription, SimpleContinuous, Verdict
from thecal.therapy.calculation import Calculation
from thecal.therapy.calculators.first_plan import CALCULATOR, FirstPlan

FLUID = {
    "morphine": "0.5 mg/mL",
    "hydromorphone": "0.2 mg/mL",
    "fentanyl": "100 microgram/mL",
    "ziconotide": "25 microgram/mL",
    "bupivacaine": "5 mg/mL",
    "clonidine": "100 microgram/mL",
    "baclofen": "500 microgram/mL",
    "methadone": "1 mg/mL",
}


def passed(dose: str, best: Any = 2, lasted: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "dose": dose,
        "best_score": best,
        "tolerable": True,
        **({"relief_lasted": lasted} if lasted else {}),
        **more,
    }


def spasm(dose: str, lasted: str | None = None, responded: bool = True) -> dict[str, Any]:
    return {"dose": dose, "responded": responded, "tolerable": True, **({"relief_lasted": lasted} if lasted else {})}


def asked(
    of: str, *doses: dict[str, Any], baseline: Any = 8, route: str = "intrathecal", **more: Any
) -> Calculation[FirstPlan]:
    trial = {"drug": of, "route": route, "doses": list(doses)} | (
        {} if baseline is None else {"baseline_score": baseline}
    )
    document = {
        "trial": trial,
        "pump": "synchromed-ii-20",
        "fluid": [{"drug": of, "concentration": FLUID[of]}],
        **more,
    }
    return CALCULATOR.calculate(read(CALCULATOR.inputs, document))


def numbers(found: Calculation[FirstPlan]) -> dict[str, str]:
    return {line.key: line.text for line in found.outputs}


def told(found: Calculation[FirstPlan]) -> dict[str, Verdict]:
    return {each.rule: each.verdict for each in found.findings}


# drug, effective dose, how long it worked, route -> as intrathecal dose, worked out, start (drug's own unit)
WORKED = [
    # opioids: half the effective trial dose [PACC 2017]
    ("morphine", "0.2 mg", "8 h", "intrathecal", "0.2", "0.1", "0.1"),
    ("morphine", "0.5 mg", "8 h", "intrathecal", "0.5", "0.25", "0.25"),
    ("hydromorphone", "0.1 mg", "8 h", "intrathecal", "0.1", "0.05", "0.05"),
    ("fentanyl", "30 microgram", "2 h", "intrathecal", "30", "15", "15"),
    # epidural: a tenth of it first [morphine label], a fifth for hydromorphone
    ("morphine", "4 mg", "8 h", "epidural", "0.4", "0.2", "0.2"),
    ("hydromorphone", "0.5 mg", "8 h", "epidural", "0.1", "0.05", "0.05"),
    # no rule is printed: the lowest published start, or the pump's floor within it
    ("ziconotide", "2 microgram", "8 h", "intrathecal", "2", "1.2", "1.2"),
    ("clonidine", "20 microgram", "8 h", "intrathecal", "20", "20", "20"),
]


@pytest.mark.parametrize(("of", "dose", "lasted", "route", "intrathecal", "worked_out", "start"), WORKED)
def test_worked_examples_come_out_to_the_last_digit(of, dose, lasted, route, intrathecal, worked_out, start):
    found = asked(of, passed(dose, lasted=lasted), route=route)
    shown = numbers(found)
    assert (shown["intrathecal"], shown["worked_out"], shown["start"]) == (intrathecal, worked_out, start)
    assert told(found) == {}
    assert found.answer.prescription.regimen == SimpleContinuous(found.answer.first.start)


# screening dose, how long it worked -> start [Lioresal and Gablofen labels]
BACLOFEN = [
    ("50 microgram", "8 h", "100"),
    ("50 microgram", "9 h", "50"),
    ("100 microgram", "4 h", "200"),
    ("75 microgram", None, "75"),
]


@pytest.mark.parametrize(("dose", "lasted", "start"), BACLOFEN)
def test_baclofen_starts_at_twice_the_screening_dose_or_once_after_more_than_8_hours(dose, lasted, start):
    found = asked("baclofen", spasm("25 microgram", responded=False), spasm(dose, lasted), baseline=None)
    assert numbers(found)["start"] == start
    assert numbers(found)["dose.1.passed"] == "no"


def test_the_plan_is_a_prescription_ready_to_draft():
    found = asked("morphine", passed("0.4 mg"))
    assert found.answer.prescription == Prescription(
        (FluidComponent("morphine", Concentration.parse("0.5 mg/mL")),), SimpleContinuous(DoseRate.parse("0.2 mg/day"))
    )


def test_the_smallest_dose_that_worked_and_was_tolerated_counts():
    found = asked(
        "morphine",
        passed("0.1 mg", best=6),
        passed("0.2 mg", best=4, tolerable=False, effects="itching"),
        passed("0.4 mg", best=1),
        passed("0.3 mg", best=4),
    )
    assert found.answer.effective.amount == Mass.parse("0.3 mg")
    assert [each.passed for each in found.answer.outcomes] == [False, False, True, True]
    assert [each.relief for each in found.answer.outcomes] == [
        Fraction(1, 4),
        Fraction(1, 2),
        Fraction(7, 8),
        Fraction(1, 2),
    ]


def test_half_the_pain_gone_passes_and_a_little_less_does_not():
    assert told(asked("morphine", passed("0.2 mg", best=4))) == {}
    refused = asked("morphine", passed("0.2 mg", best=Decimal("4.1")))
    assert told(refused) == {"trial-not-passed": Verdict.REFUSE}
    assert [each.text for each in refused.findings[0].compared] == ["48.75 %", "50 %"]
    assert refused.answer.prescription is None
    assert numbers(refused)["start"] == "–"


def test_pain_that_grew_is_no_relief():
    assert asked("morphine", passed("0.2 mg", best=10)).answer.outcomes[0].relief == Fraction(-1, 4)


def test_a_screening_that_failed_names_the_next_dose_until_there_is_none():
    (next_dose,) = asked("baclofen", spasm("50 microgram", responded=False), baseline=None).findings
    assert [each.text for each in next_dose.compared] == ["75 microgram"]
    (none_left,) = asked("baclofen", spasm("100 microgram", responded=False), baseline=None).findings
    assert none_left.verdict is Verdict.REFUSE
    assert none_left.compared == ()
    assert "not planned" in none_left.words


# drug, how long it worked -> mode, doses a day
MODES = [
    ("morphine", None, "simple continuous", "–"),
    ("morphine", "5.9 h", "simple continuous", "–"),
    ("morphine", "6 h", "flex", "4"),
    ("morphine", "7 h", "flex", "4"),
    ("morphine", "8 h", "flex", "3"),
    ("morphine", "11.9 h", "flex", "3"),
    ("morphine", "12 h", "patient boluses on the lowest flow", "2"),
    ("morphine", "30 h", "patient boluses on the lowest flow", "1"),
    ("clonidine", "12 h", "flex", "2"),  # nobody gives it as a patient bolus
]


@pytest.mark.parametrize(("of", "lasted", "mode", "times"), MODES)
def test_how_long_one_dose_works_suggests_the_mode(of, lasted, mode, times):
    shown = numbers(asked(of, passed("0.1 mg" if of == "morphine" else "20 microgram", lasted=lasted)))
    assert (shown["suggested.mode"], shown["suggested.times"]) == (mode, times)


def test_an_infusion_trial_is_judged_by_its_24_hour_dose_and_suggests_an_infusion():
    found = asked("morphine", {"daily_dose": "0.6 mg/day", "best_score": 2, "tolerable": True, "relief_lasted": "24 h"})
    assert (numbers(found)["start"], numbers(found)["suggested.mode"]) == ("0.3", "simple continuous")
    epidural = {"daily_dose": "6 mg/day", "best_score": 2, "tolerable": True}
    assert numbers(asked("morphine", epidural, route="epidural"))["start"] == "0.3"


# wanted, reason, tolerance, effective dose -> start, what is said
ASKED_FOR = [
    (None, None, None, "2 mg", "0.5", {"start-clamped": Verdict.INFO, "trial-above-printed": Verdict.WARN}),
    ("0.05 mg/day", None, None, "0.2 mg", "0.05", {}),
    ("0.2 mg/day", None, None, "0.2 mg", "–", {"start-above-proposal": Verdict.REFUSE}),
    ("0.2 mg/day", "as before", None, "0.2 mg", "0.2", {"start-above-proposal": Verdict.WARN}),
    (
        "3 mg/day",
        "as before",
        None,
        "0.2 mg",
        "3",
        {"start-above-proposal": Verdict.WARN, "start-above-range": Verdict.STOP},
    ),
]


@pytest.mark.parametrize(("wanted", "reason", "tolerance", "dose", "start", "said"), ASKED_FOR)
def test_more_than_is_proposed_needs_a_typed_reason(wanted, reason, tolerance, dose, start, said):
    more = {key: value for key, value in (("wanted_dose", wanted), ("reason", reason)) if value}
    found = asked("morphine", passed(dose), patient={"tolerance": tolerance} if tolerance else {}, **more)
    assert numbers(found)["start"] == start
    assert told(found) == said
    assert (found.answer.prescription is None) == (start == "–")


def test_a_start_the_pump_cannot_give_names_the_fluid_that_would_do():
    found = asked("morphine", passed("0.2 mg"), fluid=[{"drug": "morphine", "concentration": "10 mg/mL"}])
    assert found.answer.prescription is None
    assert numbers(found)["start"] == "0.1"  # the dose stands, the fluid does not
    assert told(found) == {"rate-too-low": Verdict.REFUSE, "fluid-fits": Verdict.INFO}
    slow = asked("ziconotide", passed("2 microgram"), wanted_dose="0.5 microgram/day")
    assert told(slow) == {"rate-too-low": Verdict.REFUSE, "no-fluid-fits": Verdict.REFUSE}


def test_the_fluid_of_the_plan_is_held_against_its_limits():
    thin = asked(
        "ziconotide", passed("2 microgram"), fluid=[{"drug": "ziconotide", "concentration": "10 microgram/mL"}]
    )
    assert told(thin) == {"concentration-below-lowest": Verdict.WARN}
    assert numbers(thin)["start"] == "0.5"  # the lowest published start, for this fluid reaches it


def test_without_a_ratio_from_epidural_nothing_is_planned():
    found = asked("fentanyl", passed("100 microgram"), route="epidural")
    assert told(found) == {"conversion-no-ratio": Verdict.REFUSE}
    assert found.answer.first is None


SINGLE = {"dose": "0.2 mg", "best_score": 2, "tolerable": True}
REFUSED = [
    ("morphine", [], {}, "trial.doses: name at least one dose"),
    ("morphine", [SINGLE, {**SINGLE, "daily_dose": "1 mg/day"}], {}, "trial.doses[1]: give either dose"),
    (
        "morphine",
        [SINGLE, {"daily_dose": "1 mg/day", "best_score": 2, "tolerable": True}],
        {},
        "trial.doses: are single",
    ),
    ("morphine", [{"best_score": 2, "tolerable": True}], {}, "trial.doses[0]: give either dose"),
    ("morphine", [{**SINGLE, "dose": "0 mg"}], {}, "trial.doses[0]: a dose must be more than zero"),
    ("morphine", [{"dose": "0.2 mg", "tolerable": True}], {}, "trial.doses[0].best_score: missing"),
    ("morphine", [SINGLE], {"baseline": None}, "trial.baseline_score: missing"),
    ("morphine", [SINGLE], {"baseline": 0}, "trial.baseline_score: must be more than 0"),
    ("morphine", [SINGLE], {"fluid": [{"drug": "fentanyl", "concentration": "1 mg/mL"}]}, "fluid: must begin with"),
    ("baclofen", [{"dose": "50 microgram", "tolerable": True}], {}, "trial.doses[0].responded: missing"),
    ("methadone", [SINGLE], {}, "trial.drug: nobody publishes a first dose of methadone"),
]


@pytest.mark.parametrize(("of", "doses", "more", "words"), REFUSED)
def test_a_record_that_cannot_be_judged_is_refused_in_one_line(of, doses, more, words):
    with pytest.raises(EntryRefused) as said:
        asked(of, *doses, **more)
    assert str(said.value).startswith(words)


@settings(max_examples=60, deadline=None)
@given(dose=st.integers(1_000, 5_000_000), more=st.integers(0, 1_000_000), best=st.integers(0, 10))
def test_no_start_passes_half_the_dose_or_the_strictest_start(dose, more, best):
    """Verify, for any trial of morphine: the start is at most half the dose and 0.5 mg/day, and grows with the dose."""

    def start(ng: int) -> DoseRate | None:
        found = asked("morphine", passed(str(Mass(ng)), best=best)).answer
        assert (found.effective is None) == (best > 4)
        return None if found.first is None else found.first.start

    small, large = start(dose), start(dose + more)
    if small is not None:
        assert small <= large <= DoseRate.parse("0.5 mg/day")
        assert small.count * 2 <= dose


def test_nothing_depends_on_the_unit_a_dose_is_typed_in():
    one, other = (
        asked("morphine", passed(dose, lasted=lasted))
        for dose, lasted in (("0.2 mg", "8 h"), ("200 microgram", "480 min"))
    )
    assert (one.answer, one.outputs) == (other.answer, other.outputs)


def test_what_it_rests_on_is_cited():
    cited = {each.what: each.confidence for each in asked("morphine", passed("4 mg"), route="epidural").sources}
    assert cited["start from the trial"] == "derived"
    assert cited["epidural to intrathecal, 10 to 1"] == "verified"
    assert cited["relief for steps"] == "assumed"
    assert "morphine: strictest published start" in cited
