"""A case document is read strictly: what is wrong is named in one line."""

import json
import tomllib
from decimal import Decimal

import pytest

from thecal.bench.case import case_schema, load_case
from thecal.documents import DocumentError
from thecal.quantities import DoseRate, Duration, Volume

CASE = """
id = "plain"
title = "A plain case"
starts = "2026-11-22T08:00:00Z"
duration = "2 day"
[source]
citation = "none"
confidence = "assumed"
taken = "nothing"
chosen = "everything"
[patient]
name = "Demo Patient"
born = "1958-03-14"
indication = "cancer pain"
pain_without_drug = 8
[system]
pump = "synchromed-ii-20"
serial = "TH-0001"
catheter = "ascenda-8780"
trimmed_cm = 25
tip = "T10"
[reservoir]
volume = "18 mL"
drugs = [{ drug = "morphine", concentration = "10 mg/mL" }]
[therapy]
mode = "simple continuous"
daily_dose = "2.4 mg/day"
"""

WRONG = {  # what is written instead -> how the refusal begins
    ('duration = "2 day"', 'duration = "2 d"'): "duration: '2 d' is not a duration",
    ('duration = "2 day"', ""): "duration: missing",
    ('duration = "2 day"', 'duration = "0 day"'): "duration: 0 ms must be above zero",
    ('duration = "2 day"', 'duration = "40000 day"'): "duration: 40000 day must be above zero and at most 36525 day",
    ('"10 mg/mL"', '"1000 mg/mL"'): "reservoir.drugs[0].concentration: must lie from 1 ng/mL to 100 mg/mL",
    ('title = "A plain case"', 'title = "A plain case"\ncolour = "red"'): "colour: unknown field",
    ('id = "plain"', 'id = "Plain Case"'): "id: 'Plain Case'",
    ("trimmed_cm = 25", "trimmed_cm = 114.3"): "system.trimmed_cm: trimmed length must lie",
    ("trimmed_cm = 25", 'trimmed_cm = "25 cm"'): "system.trimmed_cm: must be a number",
    ("trimmed_cm = 25", "trimmed_cm = -1"): "system.trimmed_cm: -1 must lie from 0",
    ('tip = "T10"', 'tip = "T13"'): "system.tip: 'T13' is not a level",
    ('pump = "synchromed-ii-20"', 'pump = "synchromed"'): "system.pump: 'synchromed' is not a pump model",
    ('catheter = "ascenda-8780"', 'catheter = "x"'): "system.catheter: 'x' is not a catheter",
    ('volume = "18 mL"', 'volume = "20.1 mL"'): "reservoir.volume: 20.1 mL is more than",
    ('volume = "18 mL"', 'volume = "18,0 mL"'): "reservoir.volume: '18,0' is not accepted",
    ('"morphine"', '"morfin"'): "reservoir.drugs[0].drug: 'morfin' is not a drug",
    ('"10 mg/mL"', '"0 mg/mL"'): "reservoir.drugs[0].concentration: must lie from 1 ng/mL to 100 mg/mL",
    ("pain_without_drug = 8", ""): "patient.pain_without_drug: missing for cancer pain",
    ("pain_without_drug = 8", "pain_without_drug = 11"): "patient.pain_without_drug: 11 must lie from 0 to 10",
    ('indication = "cancer pain"', 'indication = "spasticity"'): "patient.ashworth_without_drug: missing",
    ('born = "1958-03-14"', 'born = "14 March"'): "patient.born: '14 March' is not a calendar day",
    ('mode = "simple continuous"', 'mode = "turbo"'): "therapy.mode: 'turbo' is not one of stopped",
    ('mode = "simple continuous"', 'mode = "flex"'): "therapy.daily_dose: only for simple continuous",
    ('tip = "T10"', 'tip = "L3"'): "patient.level: missing, because there is no cord beside the tip at L3",
    ('daily_dose = "2.4 mg/day"', ""): "therapy.daily_dose: missing for simple continuous",
    ('daily_dose = "2.4 mg/day"', 'daily_dose = "2.4 mg"'): "therapy.daily_dose: '2.4 mg' is not a dose rate",
    (
        'starts = "2026-11-22T08:00:00Z"',
        'starts = "2026-11-22T08:00:00"',
    ): "starts: '2026-11-22T08:00:00' has no offset",
}


def test_a_plain_case_is_read_into_exact_quantities():
    case = load_case(CASE)
    assert case.therapy is not None
    assert case.therapy.daily_dose == DoseRate(2_400_000)
    assert case.reservoir.volume == Volume(18_000_000)
    assert case.duration == Duration(172_800_000)
    assert case.system.trimmed_cm == Decimal(25)


def test_the_same_case_reads_from_json_as_from_toml():
    assert load_case(json.dumps(tomllib.loads(CASE))) == load_case(CASE)


@pytest.mark.parametrize(("written", "refusal"), WRONG.items(), ids=[" ".join(key) for key in WRONG])
def test_whatever_is_wrong_is_refused_in_one_line_that_names_the_field(written, refusal):
    right, wrong = written
    assert right in CASE
    with pytest.raises(DocumentError) as refused:
        load_case(CASE.replace(right, wrong))
    assert str(refused.value).startswith(refusal)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "][", "{", "{}", "[]", "id = 1"])
def test_a_text_that_is_no_case_is_refused(text):
    with pytest.raises(DocumentError):
        load_case(text)


@pytest.mark.parametrize(
    ("addition", "refusal"),
    [
        ('[[requests]]\nafter = "2 day"', "requests[0].after: must lie within"),
        ('[[requests]]\nafter = "2 h"\n[[requests]]\nafter = "1 h"', "requests: must be in ascending order"),
        ('[[changes]]\nafter = "1 h"\ntherapy = { mode = "flex" }', "changes[0].therapy.background: missing for flex"),
        (
            '[[changes]]\nafter = "1 h"\ntherapy = { mode = "flex", background = "1 mg/day" }',
            "changes[0].therapy.steps: flex needs at least one step",
        ),
        (
            '[[changes]]\nafter = "1 h"\n[changes.therapy]\nmode = "flex"\nbackground = "0 mg/day"\n'
            'steps = [{ start = "07:00", end = "24:01", dose = "1 mg", every_h = 24 }]',
            "changes[0].therapy.steps[0].end: '24:01' is not a time of day",
        ),
        (
            '[therapy.patient_bolus]\ndose = "1 mg"\nduration = "2 h"\nlockout = "1 h"\nmaximum_per_24h = 4',
            "therapy.patient_bolus.lockout: must be longer",
        ),
        (
            '[therapy.patient_bolus]\ndose = "1 mg"\nduration = "2 h"\nlockout = "4 h"\nmaximum_per_24h = 0',
            "therapy.patient_bolus.maximum_per_24h: 0 must lie from 1 to 24",
        ),
    ],
)
def test_times_steps_and_boluses_must_fit(addition, refusal):
    with pytest.raises(DocumentError) as refused:
        load_case(CASE + addition)
    assert str(refused.value).startswith(refusal)


def test_nobody_can_program_or_ask_a_constant_flow_pump():
    constant = CASE.replace("synchromed-ii-20", "isomed-20-05")
    with pytest.raises(DocumentError, match=r"therapy: .* one flow for life"):
        load_case(constant)
    unprogrammed = constant[: constant.index("[therapy]")]
    assert load_case(unprogrammed).therapy is None
    with pytest.raises(DocumentError, match=r"requests: .* one flow for life"):
        load_case(unprogrammed + '[[requests]]\nafter = "1 h"')


def test_a_programmable_pump_states_what_it_runs_even_when_that_is_nothing():
    with pytest.raises(DocumentError, match="therapy: missing for a programmable pump"):
        load_case(CASE[: CASE.index("[therapy]")])


def test_the_schema_names_every_field_and_forbids_others():
    found = case_schema()
    json.dumps(found)
    assert found["additionalProperties"] is False
    assert set(tomllib.loads(CASE)) <= set(found["properties"])
    assert found["properties"]["therapy"]["properties"]["mode"]["enum"][0] == "stopped"
    assert "duration" in found["required"]
    assert "changes" not in found["required"]
