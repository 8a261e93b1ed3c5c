"""Emergency facts: how much drug is where, what the pump gives, how long it lasts, and what never to do."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.catalogue.drugs import DrugClass
from thecal.catalogue.emergency import emergency, emergency_from
from thecal.catalogue.sourced import CatalogueError, parse
from thecal.documents import read
from thecal.quantities import Volume
from thecal.therapy import EntryRefused, Verdict
from thecal.therapy.calculation import Calculation
from thecal.therapy.calculators.emergency import CALCULATOR
from thecal.therapy.calculators.emergency.records import EmergencyFacts

AT = "2026-11-22T08:00:00Z"
RUNS = {"mode": "simple continuous", "daily_dose": "2 mg/day"}


def fluid(text: str) -> list[dict[str, str]]:
    return [dict(zip(("drug", "concentration"), each.split(" ", 1), strict=True)) for each in text.split(" + ")]


def asked(
    of: str = "morphine 10 mg/mL",
    reservoir: str = "12 mL",
    therapy: dict[str, Any] | None = RUNS,
    pump: str = "synchromed-ii-20",
    **more: Any,
) -> Calculation[EmergencyFacts]:
    document = {"pump": pump, "at": AT, "reservoir": reservoir, "fluid": fluid(of), **more}
    if therapy is not None:
        document["therapy"] = therapy
    return CALCULATOR.calculate(read(CALCULATOR.inputs, document))


def numbers(found: Calculation[EmergencyFacts]) -> dict[str, str]:
    return {line.key: line.text for line in found.outputs}


def told(found: Calculation[EmergencyFacts]) -> dict[str, Verdict]:
    return {each.rule: each.verdict for each in found.findings}


# fluid, reservoir, therapy, catheter volume -> in the reservoir, in the line, 24-hour dose, hours to alarm and to empty
WORKED = [
    # 0.2 mL/day; alarm at 2 mL, empty at 1.4 mL; line 0.14 + 0.2 mL
    ("morphine 10 mg/mL", "12 mL", RUNS, "0.2 mL", "120", "3.4", "2", "1200", "1272"),
    ("morphine 25 mg/mL", "20 mL", {**RUNS, "daily_dose": "25 mg/day"}, "0.22 mL", "500", "9", "25", "432", "446.4"),
    ("morphine 10 mg/mL", "1 mL", RUNS, "0.2 mL", "10", "3.4", "2", "0", "0"),
    ("morphine 10 mg/mL", "12 mL", {"mode": "stopped"}, "0.2 mL", "120", "3.4", "0", "–", "–"),
    # 0.006 mL/day: nearly nothing
    ("morphine 10 mg/mL", "12 mL", {"mode": "minimum rate"}, "0.2 mL", "120", "3.4", "0.06", "40000", "42400"),
]


@pytest.mark.parametrize(
    ("of", "reservoir", "therapy", "tube", "held", "in_line", "daily", "to_alarm", "to_empty"), WORKED
)
def test_worked_examples_come_out_to_the_last_digit(
    of, reservoir, therapy, tube, held, in_line, daily, to_alarm, to_empty
):
    shown = numbers(asked(of, reservoir, therapy, catheter_volume=tube))
    assert (shown["morphine.in_reservoir"], shown["morphine.in_line"]) == (held, in_line)
    assert shown["morphine.daily"] == daily
    assert (shown["to_alarm"], shown["to_empty"]) == (to_alarm, to_empty)
    assert shown["at"] == "22 Nov 2026, 08:00"


def test_every_drug_of_the_fluid_has_its_own_masses_doses_and_words():
    shown = numbers(asked("morphine 10 mg/mL + clonidine 100 microgram/mL", catheter_volume="0.2 mL"))
    assert (shown["clonidine.in_reservoir"], shown["clonidine.in_line"]) == ("1\u202f200", "34")
    assert (shown["clonidine.daily"], shown["clonidine.greatest"]) == ("20", "20")
    assert "naloxone" in shown["morphine.antidote"]
    assert "hypertension" in shown["clonidine.withdrawal"]


def test_boluses_count_in_the_greatest_dose_and_bring_the_empty_date_nearer():
    bolus = {"dose": "0.2 mg", "duration": "10 min", "lockout": "4 h", "maximum_per_24h": 5}
    shown = numbers(asked(therapy={**RUNS, "patient_bolus": bolus}))
    assert (shown["morphine.daily"], shown["morphine.greatest"]) == ("2", "3")
    assert (shown["to_empty"], shown["to_empty_with_boluses"]) == ("1272", "840")


def test_the_line_holds_what_it_was_told_and_drug_that_only_the_line_still_has_is_listed():
    line = [
        {"volume": "0.1 mL", "fluid": fluid("morphine 10 mg/mL")},
        {"volume": "0.2 mL", "fluid": fluid("hydromorphone 2 mg/mL")},
        {"volume": "0.04 mL"},
    ]
    found = asked(catheter_volume="0.2 mL", line=line)
    shown = numbers(found)
    assert (shown["line"], shown["line.1"], shown["line.3.fluid"]) == ("0.34", "0.1", "saline or CSF")
    assert shown["line.2.fluid"] == "HYDROmorphone 2 mg/mL"
    assert (shown["morphine.in_line"], shown["hydromorphone.in_line"]) == ("1", "0.4")
    assert (shown["hydromorphone.in_reservoir"], shown["hydromorphone.daily"]) == ("0", "0")
    assert told(found) == {}


def test_a_line_of_which_nobody_told_is_taken_to_hold_the_reservoirs_fluid_and_says_so():
    assert told(asked(catheter_volume="0.2 mL")) == {"line-assumed": Verdict.INFO}
    unknown = asked()
    assert told(unknown) == {"line-unknown": Verdict.INFO}
    assert (numbers(unknown)["line"], numbers(unknown)["morphine.in_line"]) == ("–", "–")


# drug -> CSF to withdraw, least and most; what is published and no more
CSF = [
    ("morphine 10 mg/mL", "30", "40"),
    ("hydromorphone 2 mg/mL", "30", "40"),
    ("baclofen 500 microgram/mL", "30", "50"),
    ("ziconotide 25 microgram/mL", None, None),
    ("bupivacaine 5 mg/mL", None, None),
]


@pytest.mark.parametrize(("of", "least", "most"), CSF)
def test_csf_to_withdraw_is_said_only_where_it_is_published(of, least, most):
    key = of.partition(" ")[0]
    shown = numbers(asked(of, therapy={"mode": "stopped"}))
    assert (shown.get(f"{key}.csf.least"), shown.get(f"{key}.csf.most")) == (least, most)
    assert (f"{key}.csf" in shown) == (least is None)


# fluid, pump -> words that stand among what is never to be done, and words that do not
NEVER = [
    ("morphine 10 mg/mL", "synchromed-ii-20", {"access port", "withdrawal follows"}, {"by mouth"}),
    ("baclofen 500 microgram/mL", "synchromed-ii-20", {"access port", "by mouth", "withdrawal follows"}, {"naloxone"}),
    ("ziconotide 25 microgram/mL", "synchromed-ii-20", {"access port"}, {"by mouth", "withdrawal follows"}),
]


@pytest.mark.parametrize(("of", "pump", "stands", "absent"), NEVER)
def test_what_is_never_to_be_done_follows_drug_and_pump(of, pump, stands, absent):
    shown = numbers(asked(of, therapy={"mode": "stopped"}, pump=pump))
    never = " / ".join(text for key, text in shown.items() if key.endswith(".never"))
    assert {words for words in stands if words in never} == stands
    assert not any(words in never for words in absent)


@pytest.mark.parametrize(
    ("pump", "runs"),
    [("synchromed-ii-20", RUNS), ("prometra-ii-20", RUNS), ("medstream-20", RUNS), ("elastic-20-05", None)],
)
def test_ports_needles_and_scan_come_from_the_pump(pump, runs):
    found = asked("morphine 10 mg/mL", "5 mL", runs, pump)
    ports, shown = found.answer.model.ports, numbers(found)
    assert shown["refill_needle"] == ports.refill_needle.text
    assert shown["tell_apart"] == ports.tell_apart.text
    assert (shown["access_needle"] == "none: this pump has no access to the catheter") == (ports.access_needle is None)
    assert ("smallest_syringe" in shown) == (ports.smallest_syringe is not None)
    assert shown["mri"] == found.answer.model.mri.words
    assert any(each.what.endswith("access needle") for each in found.sources) == (ports.access_needle is not None)
    assert any("access port" in each.words.text for each in found.answer.orders) == (ports.access_needle is not None)


def test_a_constant_flow_pump_has_no_alarm_and_gives_its_label_flow():
    shown = numbers(asked("baclofen 500 microgram/mL", therapy=None, pump="isomed-20-05", catheter_volume="0.2 mL"))
    assert (shown["baclofen.daily"], shown["baclofen.greatest"]) == ("250", "250")
    assert (shown["to_alarm"], shown["to_empty"]) == ("–", "504")  # 10.5 mL at 0.5 mL/day
    assert shown["line"] == "0.25"


def test_a_therapy_the_pump_cannot_run_leaves_the_masses_and_says_so():
    found = asked(therapy={**RUNS, "daily_dose": "0.1 mg/day"}, catheter_volume="0.2 mL")
    assert told(found) == {"rate-too-low": Verdict.REFUSE, "line-assumed": Verdict.INFO}
    shown = numbers(found)
    assert (shown["morphine.in_reservoir"], shown["morphine.daily"], shown["to_empty"]) == ("120", "–", "–")


LINE = [{"volume": "0.34 mL", "fluid": fluid("morphine 10 mg/mL")}]
REFUSED = [
    ({"reservoir": "21 mL"}, EntryRefused, "reservoir: SynchroMed II, 20 mL holds 20 mL at most"),
    ({"therapy": None}, EntryRefused, "therapy: missing; say what the pump runs"),
    ({"pump": "isomed-20-05"}, EntryRefused, "therapy: IsoMed, 20 mL, 0.5 mL/day has one flow for life"),
    ({"line": LINE}, EntryRefused, "catheter_volume: missing"),
    ({"line": LINE, "catheter_volume": "0.3 mL"}, EntryRefused, "line: the stretches together must fill"),
    ({"catheter_volume": "0 mL"}, EntryRefused, "catheter_volume: must be more than 0 mL"),
    ({"catheter_volume": "0.2 mL", "tubing_volume": "0 mL"}, EntryRefused, "tubing_volume: must be more than 0 mL"),
    (
        {"catheter_volume": "0.2 mL", "line": [*LINE, {"volume": "0 mL"}]},
        EntryRefused,
        "line[1].volume: must be more than 0 mL",
    ),
    (
        {"catheter_volume": "0.2 mL", "line": [{"volume": "0.34 mL", "fluid": fluid("heroin 1 mg/mL")}]},
        EntryRefused,
        "line[0].fluid[0].drug: 'heroin' is not a drug",
    ),
]


@pytest.mark.parametrize(("more", "refusal", "words"), REFUSED)
def test_data_that_contradict_themselves_are_refused_in_one_line(more, refusal, words):
    with pytest.raises(refusal) as said:
        asked(**more)
    assert str(said.value).startswith(words)
    assert "\n" not in str(said.value)


def test_another_tubing_volume_is_used_as_told():
    assert numbers(asked(catheter_volume="0.2 mL", tubing_volume="0.199 mL"))["line"] == "0.399"


@settings(max_examples=60, deadline=None)
@given(less=st.integers(0, 20_000_000), more=st.integers(0, 1_000_000), dose=st.integers(500_000, 10_000_000))
def test_more_in_the_reservoir_is_never_less_drug_nor_less_time(less, more, dose):
    therapy = {"mode": "simple continuous", "daily_dose": f"{dose} ng/day"}
    small, large = (
        asked(reservoir=str(Volume(each)), therapy=therapy).answer for each in (less, min(20_000_000, less + more))
    )
    assert small.drugs[0].in_reservoir <= large.drugs[0].in_reservoir
    assert small.to_alarm <= small.to_empty
    assert small.to_empty <= large.to_empty
    assert small.to_empty_with_boluses <= small.to_empty
    assert small.drugs[0].daily <= small.drugs[0].greatest


def test_nothing_depends_on_the_unit_a_number_is_typed_in():
    one = asked("morphine 10 mg/mL", "12 mL", catheter_volume="0.2 mL")
    other = asked("morphine 10000 microgram/mL", "12000 µL", catheter_volume="200 µL")
    assert (one.answer, one.outputs) == (other.answer, other.outputs)


def test_every_order_and_every_word_is_cited():
    found = asked(catheter_volume="0.2 mL")
    cited = {each.what for each in found.sources}
    assert {f"order: {each.words.text}" for each in found.answer.orders} <= cited
    assert {"morphine: antidote", "morphine: CSF to withdraw", "SynchroMed II, 20 mL: access needle"} <= cited


# what is wrong in the file -> refusal
DAMAGED = [
    ('[csf_withdrawal]\nopium = { low = 1, high = 2, unit = "mL", source = "s", confidence = "assumed" }', "opium"),
    (
        "[csf_withdrawal]\n[[orders]]\nkind = 'try'\nholds = 'always'\n"
        "text = 't'\nsource = 's'\nconfidence = 'assumed'",
        "kind is 'try', expected one of do, never",
    ),
    ("[csf_withdrawal]\n[[orders]]\nkind = 'do'\nholds = 'sometimes'", "text must be text"),
    ("[csf_withdrawal]\n[whatever]", "whatever is not a known field"),
]


@pytest.mark.parametrize(("document", "words"), DAMAGED)
def test_a_damaged_file_is_refused_in_one_line(document, words):
    with pytest.raises(CatalogueError) as said:
        emergency_from(parse("emergency.toml", document))
    assert words in str(said.value)
    assert "\n" not in str(said.value)


def test_only_published_volumes_are_held():
    assert {each for each, _ in emergency().csf_withdrawal} == {DrugClass.OPIOID, DrugClass.GABA_B_AGONIST}
    assert emergency().csf_volume(DrugClass.ALPHA_2_AGONIST) is None
