"""A plan is read strictly from a document, and a check of it is the check of what it says."""

from __future__ import annotations

import json
import tomllib
from fractions import Fraction

import pytest

from thecal.catalogue.catheters import catheter
from thecal.catalogue.pumps import ConstantFlowPump, pump_model
from thecal.catalogue.site import site
from thecal.column import Fluid, Segment
from thecal.device import Mode
from thecal.documents import DocumentError
from thecal.quantities import Concentration, DoseRate, Duration, Instant, Volume
from thecal.therapy import Flex, FluidComponent, PrescriptionInvalid, SimpleContinuous, Stopped, TimedDose, Verdict
from thecal.therapy.check_document import check_case, check_schema, load_check, rows_of_case
from thecal.therapy.findings import worst
from thecal.therapy.prescribed import Therapy, regimen_of

PLAIN = """
[current]
pump = "synchromed-ii-20"
serial = "TH-0001"
now = "2026-11-22T08:00:00Z"
reservoir = "18 mL"
fluid = [{ drug = "morphine", concentration = "10 mg/mL" }]
therapy = { mode = "simple continuous", daily_dose = "2 mg/day" }
[pending.prescription]
mode = "simple continuous"
daily_dose = "2.2 mg/day"
"""
MORPHINE = Fluid.of([("morphine", 10_000_000)])
REFILL = """
[pending.refill]
withdrawn = "1.4 mL"
filled = "20 mL"
fluid = [{ drug = "morphine", concentration = "10 mg/mL" }]
"""
DEVICES = """
[devices]
catheter = "ascenda-8780"
trimmed_cm = 25
"""


def situation(text):
    return load_check(text).situation


def test_what_is_written_is_what_is_checked():
    found = situation(PLAIN)
    assert found.pending.prescription.regimen == SimpleContinuous(DoseRate.parse("2.2 mg/day"))
    assert found.pending.prescription.components == (FluidComponent("morphine", Concentration.parse("10 mg/mL")),)
    assert found.current.pump.serial == "TH-0001"
    assert found.current.program.mode is Mode.SIMPLE_CONTINUOUS
    assert found.current.program == found.current.last_infusing
    assert found.current.derived.daily_doses == (DoseRate.parse("2 mg/day"),)
    assert found.current.reservoir == Volume.parse("18 mL")
    assert found.current.now == Instant.parse("2026-11-22T08:00:00Z")
    assert found.devices.model == pump_model("synchromed-ii-20")
    assert (found.devices.line, found.devices.catheter_volume, found.devices.site) == (None, None, None)


def test_the_same_plan_reads_from_json_as_from_toml():
    assert load_check(json.dumps(tomllib.loads(PLAIN + REFILL + DEVICES))) == load_check(PLAIN + REFILL + DEVICES)


def test_a_small_step_of_a_sound_plan_draws_no_warning():
    assert worst(check_case(load_check(PLAIN))).weight <= Verdict.INFO.weight


@pytest.mark.parametrize(("typed", "rule"), [('"22 mg/day"', "dose-step-up"), ('"200 mg/day"', "dose-above-ceiling")])
def test_a_slip_is_found_and_its_finding_leads_to_the_field(typed, rule):
    findings = check_case(load_check(PLAIN.replace('"2.2 mg/day"', typed)))
    found = next(each for each in findings if each.rule == rule)
    assert found.path == "pending.prescription.daily_dose"
    assert [each.verdict.weight for each in findings] == sorted(
        (each.verdict.weight for each in findings), reverse=True
    )


def test_no_finding_depends_on_the_unit_a_dose_is_written_in():
    spelled = [PLAIN.replace('"2.2 mg/day"', text) for text in ('"22 mg/day"', '"22000 microgram/day"')]
    first, second = [check_case(load_check(text)) for text in spelled]
    assert first == second


def test_without_a_new_prescription_what_runs_goes_on_in_the_new_fluid():
    refill = REFILL.replace("10 mg/mL", "25 mg/mL")
    found = situation(PLAIN.partition("[pending.prescription]")[0] + refill)
    assert found.pending.prescription.regimen == SimpleContinuous(DoseRate.parse("2 mg/day"))
    assert found.pending.prescription.components[0].concentration == Concentration.parse("25 mg/mL")
    assert not load_check(PLAIN.partition("[pending.prescription]")[0] + refill).prescribes


def test_a_pump_that_was_never_programmed_is_stopped():
    new = PLAIN.replace('therapy = { mode = "simple continuous", daily_dose = "2 mg/day" }\n', "")
    assert situation(new).current.program.mode is Mode.STOPPED
    going_on = situation(new.partition("[pending.prescription]")[0] + REFILL)
    assert isinstance(going_on.pending.prescription.regimen, Stopped)


def test_a_stopped_pump_is_compared_with_what_ran_before_in_the_fluid_it_ran_with():
    stopped = PLAIN.replace(
        'therapy = { mode = "simple continuous", daily_dose = "2 mg/day" }',
        'therapy = { mode = "stopped" }\nlast_therapy = { mode = "simple continuous", daily_dose = "1 mg/day" }\n'
        'last_fluid = [{ drug = "morphine", concentration = "5 mg/mL" }]',
    )
    current = situation(stopped).current
    assert current.program.mode is Mode.STOPPED
    assert current.last_infusing.components[0].concentration_ng_per_ml == 5_000_000
    assert current.resumes


def test_a_flex_day_and_a_bolus_are_read_as_they_are_spoken():
    flex = PLAIN.replace(
        'mode = "simple continuous"\ndaily_dose = "2.2 mg/day"',
        'mode = "flex"\nbackground = "1 mg/day"\nlow_reservoir = "1.5 mL"\n'
        'steps = [{ start = "07:00", end = "09:00", dose = "0.3 mg", every_h = 24 }]\n'
        'patient_bolus = { dose = "0.1 mg", duration = "10 min", lockout = "4 h", maximum_per_24h = 4 }',
    )
    found = situation(flex).pending.prescription
    assert isinstance(found.regimen, Flex)
    (step,) = found.regimen.steps
    assert isinstance(step, TimedDose)
    assert (step.start_min, step.end_min, step.every_h) == (420, 540, 24)
    assert found.patient_bolus is not None
    assert found.patient_bolus.lockout == Duration.parse("4 h")
    assert found.low_reservoir == Volume.parse("1.5 mL")


def test_the_catheter_volume_follows_from_the_catheter_and_a_written_one_wins():
    lumen = situation(PLAIN + DEVICES).devices.catheter_volume
    assert lumen == catheter("ascenda-8780").lumen(25)
    whole = situation(PLAIN + DEVICES.replace("trimmed_cm = 25", "")).devices.catheter_volume
    assert whole is not None
    assert lumen < whole
    written = DEVICES + 'catheter_volume = "0.2 mL"\n'
    assert situation(PLAIN + written).devices.catheter_volume == Volume.parse("0.2 mL")


def test_a_catheter_of_two_pieces_is_told_piece_by_piece():
    pieces = (
        "pieces = [{ trimmed_cm = 5, length_cm = 40, volume_ml_per_cm = 0.002 },"
        " { trimmed_cm = 10, length_cm = 70, volume_ml_per_cm = 0.003 }]\n"
    )
    found = situation(f'{PLAIN}[devices]\ncatheter = "surestream"\n{pieces}').devices
    assert found.catheter_volume == Volume.parse("0.25 mL")
    assert found.catheter is not None
    assert found.catheter.length_cm == 95


def test_the_line_is_a_column_from_the_pump_to_the_tip():
    line = (
        '[devices.line]\ntubing = "0.1 mL"\ncatheter = "0.2 mL"\n'
        'holds = [{ volume = "0.12 mL", fluid = [{ drug = "morphine", concentration = "10 mg/mL" }] }, {}]\n'
    )
    found = situation(PLAIN + line).devices.line
    assert found is not None
    assert (found.tubing_nl, found.catheter_nl, found.dead_volume_nl) == (100_000, 200_000, 300_000)
    assert found.column is not None
    assert found.column.segments == (Segment(120_000, MORPHINE), Segment(180_000, Fluid()))


def test_a_line_without_stretches_is_one_nobody_knows_and_its_volumes_are_the_recorded_ones():
    found = situation(PLAIN + DEVICES + "[devices.line]\n").devices.line
    assert found is not None
    assert found.column is None
    assert found.tubing_nl == pump_model("synchromed-ii-20").tubing_volume.count
    assert found.catheter_nl == catheter("ascenda-8780").lumen(25).count
    recorded = situation(PLAIN + '[devices]\ntubing_volume = "0.199 mL"\ncatheter_volume = "0.2 mL"\nline = {}').devices
    assert recorded.line is not None
    assert (recorded.line.tubing_nl, recorded.line.catheter_nl) == (199_000, 200_000)


def test_the_record_may_name_another_pump_than_the_one_that_answers():
    found = load_check(PLAIN + '[devices]\npump = "synchromed-ii-40"\nrecorded_serial = "TH-0002"\n')
    assert found.situation.devices.model == pump_model("synchromed-ii-40")
    assert any(each.rule == "wrong-pump" for each in check_case(found))


SITE = """
name = "Demo Pain Clinic"
[[drugs]]
drug = "morphine"
figure = "daily_dose"
value = 2.1
unit = "mg/day"
by = "Demo Pharmacist Birch"
on = "2026-11-20"
[[planning]]
figure = "lead_before_alarm"
value = 10
unit = "day"
by = "Demo Nurse Rowan"
on = "2026-11-20"
"""


def test_a_site_looks_with_its_own_limits_and_planning_figures():
    ours = load_check(PLAIN, site(SITE))
    assert ours.situation.current.policy.lead_before_alarm == Duration.parse("10 day")
    said = {each.rule for each in check_case(ours)} - {each.rule for each in check_case(load_check(PLAIN))}
    assert said == {"dose-above-site"}


CONSTANT = """
[current]
pump = "isomed-20-05"
now = "2026-11-22T08:00:00Z"
reservoir = "3 mL"
fluid = [{ drug = "morphine", concentration = "10 mg/mL" }]
"""


def test_a_constant_flow_pump_gives_its_flow_times_the_fluid_and_is_never_programmed():
    case = load_check(CONSTANT + REFILL)
    model = case.situation.devices.model
    assert isinstance(model, ConstantFlowPump)
    ng_per_day = Fraction(model.label_flow.count) * 10
    assert case.situation.current.derived.daily_doses == (DoseRate(int(ng_per_day)),)
    assert "constant-flow" not in {each.rule for each in check_case(case)}
    assert rows_of_case(case) == ()
    programmed = load_check(CONSTANT + PLAIN[PLAIN.index("[pending") :])
    assert check_case(programmed)[0].rule == "constant-flow"
    assert check_case(programmed)[0].verdict is Verdict.REFUSE


def test_the_fluid_of_a_refill_is_the_prescription_of_a_constant_flow_pump():
    said = {each.rule for each in check_case(load_check(CONSTANT + REFILL))}
    tenfold = check_case(load_check(CONSTANT + REFILL.replace("10 mg/mL", "100 mg/mL")))
    assert not said & {"dose-step-up", "dose-above-ceiling"}
    assert {each.rule for each in tenfold} >= {"dose-step-up", "concentration-step", "dose-above-consensus"}
    dose = next(each for each in tenfold if each.rule == "dose-step-up")
    assert dose.ratio == 10


EMPTY = CONSTANT.replace("3 mL", "0 mL").replace('fluid = [{ drug = "morphine", concentration = "10 mg/mL" }]\n', "")


def test_the_first_fill_of_a_constant_flow_pump_is_a_start():
    case = load_check(EMPTY + REFILL.replace("1.4 mL", "0 mL").replace("10 mg/mL", "25 mg/mL"))
    assert case.situation.current.program.mode is Mode.STOPPED
    start = next(each for each in check_case(case) if each.rule == "start-above-range")
    assert start.compared[0].text == "12.5 mg/day"
    low = EMPTY + REFILL.replace("1.4 mL", "0 mL").replace("10 mg/mL", "1 mg/mL")
    said = {each.rule for each in check_case(load_check(low))}
    assert not said & {"start-above-range", "dose-step-up", "abrupt-stop", "drug-free-interval", "fluid-differs"}


def test_a_constant_flow_pump_without_fluid_that_is_not_filled_is_refused():
    with pytest.raises(DocumentError, match=r"current\.fluid: missing; .* gives whatever it holds"):
        load_check(EMPTY + "[pending]\n")


def test_a_record_that_names_another_kind_of_pump_does_not_change_what_answers():
    found = load_check(PLAIN + '[devices]\npump = "isomed-20-05"\n')
    assert {"wrong-pump"} <= {each.rule for each in check_case(found)}
    assert rows_of_case(found)


def test_the_rows_lay_what_runs_now_beside_what_is_planned_after_the_refill():
    rows = {row.key: row for row in rows_of_case(load_check(PLAIN + REFILL))}
    assert (rows["achievable.morphine"].old_text, rows["achievable.morphine"].new_text) == ("2", "2.2")
    full, left = rows["days-to-empty"], {row.key: row for row in rows_of_case(load_check(PLAIN))}["days-to-empty"]
    assert full.new > left.new


WRONG = {  # what is written instead -> how the refusal begins
    ('"synchromed-ii-20"', '"synchromed"'): "current.pump: 'synchromed' is not a pump model",
    ('now = "2026-11-22T08:00:00Z"', ""): "current.now: missing",
    ('reservoir = "18 mL"', 'reservoir = "180 mL"'): "current.reservoir: must be at most 60 mL",
    ('serial = "TH-0001"', f'serial = "{"9" * 41}"'): "current.serial: must be 1 to 40 printable ASCII characters",
    ('"morphine"', '"morfin"'): "current.fluid[0].drug: 'morfin' is not a drug",
    ('"10 mg/mL"', '"0 mg/mL"'): "current.fluid[0].concentration: must lie from 1 ng/mL to 100 mg/mL",
    ('"10 mg/mL"', '"10 mg"'): "current.fluid[0].concentration: '10 mg' is not a concentration",
    ('"2 mg/day"', '"2 g/day"'): "current.therapy.daily_dose: '2 g/day' is not a dose rate",
    ('"2 mg/day"', '"9000 mg/day"'): "current.therapy: this pump cannot be running that. ",
    (', daily_dose = "2 mg/day"', ""): "current.therapy.daily_dose: missing for simple continuous",
    ('daily_dose = "2.2 mg/day"', ""): "pending.prescription.daily_dose: missing for simple continuous",
    ('daily_dose = "2.2 mg/day"', 'daily_dose = ".5 mg/day"'): "pending.prescription.daily_dose: '.5' is not accepted",
    ('daily_dose = "2.2 mg/day"', 'dialy_dose = "2 mg/day"'): "pending.prescription.dialy_dose: unknown field",
    ("[pending.prescription]", "[pending]"): "pending.mode: unknown field; known here: prescription, refill",
    ('fluid = [{ drug = "morphine", concentration = "10 mg/mL" }]', ""): "current.therapy.fluid: name the drug",
    (
        '"10 mg/mL" }]',
        '"10 mg/mL" }, { drug = "morphine", concentration = "1 mg/mL" }]',
    ): "current.fluid: each drug once",
    (
        'daily_dose = "2.2 mg/day"',
        'daily_dose = "2.2 mg/day"\nfluid = [{ drug = "x", concentration = "1 mg/mL" }]',
    ): "pending.prescription.fluid[0].drug: 'x' is not a drug",
    (
        'mode = "simple continuous"\n',
        'mode = "stopped"\n',
    ): "pending.prescription.daily_dose: only for simple continuous",
    (
        'daily_dose = "2.2 mg/day"',
        'daily_dose = "2.2 mg/day"\nsteps = [{ start = "07:00", end = "08:00", dose = "1 mg", every_h = 24 }]',
    ): "pending.prescription.steps: only for flex",
    ('mode = "simple continuous"\ndaily_dose = "2.2 mg/day"', 'mode = "flex"'): (
        "pending.prescription.background: missing for flex"
    ),
    ('mode = "simple continuous"\ndaily_dose = "2.2 mg/day"', 'mode = "flex"\nbackground = "1 mg/day"'): (
        "pending.prescription.steps: flex needs at least one step"
    ),
    (
        'daily_dose = "2.2 mg/day"',
        'daily_dose = "2.2 mg/day"\n'
        'patient_bolus = { dose = "0 mg", duration = "1 h", lockout = "2 h", maximum_per_24h = 2 }',
    ): "pending.prescription.patient_bolus.dose: must be above zero",
    (
        'daily_dose = "2.2 mg/day"',
        'daily_dose = "2.2 mg/day"\n'
        'patient_bolus = { dose = "1 mg", duration = "2 h", lockout = "2 h", maximum_per_24h = 2 }',
    ): "pending.prescription.patient_bolus.lockout: must be longer than the bolus lasts",
    (
        'mode = "simple continuous"\ndaily_dose = "2.2 mg/day"',
        'mode = "minimum rate"\n'
        'patient_bolus = { dose = "1 mg", duration = "1 h", lockout = "2 h", maximum_per_24h = 2 }',
    ): "pending.prescription.patient_bolus: only on top of simple continuous or flex",
}
ADDED = {  # what is added -> how the refusal begins
    **{
        f'[pending.mri]\nreservoir = "0 mL"\nfield_tesla = "{written}"\n': (
            f"pending.mri.field_tesla: {written!r} is no field strength: write tesla above 0, without unit, such as 1.5"
        )
        for written in ("1,5", "1.5 T", "1.5T", "0", "0.0", "-3", "3e0", "03", "1.", "high", "150")
    },
    REFILL.replace('[{ drug = "morphine", concentration = "10 mg/mL" }]', "[]"): "pending.refill.fluid: name the drug",
    REFILL.replace("morphine", "saline"): "pending.refill.fluid[0].drug: 'saline' is not a drug",
    REFILL
    + 'assayed = [{ drug = "morphine", concentration = "0 mg/mL" }]': "pending.refill.assayed[0].concentration: ",
    REFILL + 'read_again = [{ drug = "m", concentration = "1 mg/mL" }]': "pending.refill.read_again[0].drug: ",
    '[devices]\npump = "pump"\n': "devices.pump: 'pump' is not a pump model",
    "[devices]\ntrimmed_cm = 3\n": "devices.trimmed_cm: only with devices.catheter",
    "[devices]\npieces = [{ trimmed_cm = 3 }]\n": "devices.pieces: only with devices.catheter",
    '[devices]\ncatheter = "x"\n': "devices.catheter: 'x' is not a catheter",
    '[devices]\ncatheter = "surestream"\n': "devices.pieces: ",
    DEVICES + "pieces = [{ trimmed_cm = 3 }]\n": "devices.trimmed_cm: each piece says what was cut off it",
    DEVICES.replace("25", "150"): "devices.trimmed_cm: ",
    "[devices.line]\n": "devices.line.catheter: missing",
    DEVICES + '[devices.line]\ntubing = "0 mL"\n': "devices.line.tubing: must be more than 0 mL",
    DEVICES + "[devices.line]\nholds = [{}, {}]\n": "devices.line.holds[0].volume: missing; only the last",
    DEVICES + '[devices.line]\nholds = [{ volume = "1 mL" }]\n': "devices.line.holds[0].volume: the stretches",
    DEVICES + '[devices.line]\nholds = [{ volume = "0 mL" }, {}]\n': "devices.line.holds[0].volume: the stretches",
    DEVICES + '[devices.line]\nholds = [{ volume = "0.01 mL" }]\n': "devices.line.holds[0].volume: the stretches",
    DEVICES + '[devices.line]\nholds = [{ fluid = [{ drug = "x", concentration = "1 mg/mL" }] }]\n': (
        "devices.line.holds[0].fluid[0].drug: 'x' is not a drug"
    ),
}


@pytest.mark.parametrize(("written", "refusal"), WRONG.items(), ids=[" ".join(key) for key in WRONG])
def test_whatever_is_wrong_is_refused_in_one_line_that_names_the_field(written, refusal):
    right, wrong = written
    assert right in PLAIN
    with pytest.raises(DocumentError) as refused:
        load_check(PLAIN.replace(right, wrong, 1))
    assert str(refused.value).startswith(refusal)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("added", "refusal"), ADDED.items(), ids=list(ADDED.values()))
def test_whatever_does_not_fit_is_refused_in_one_line_that_names_the_field(added, refusal):
    with pytest.raises(DocumentError) as refused:
        load_check(PLAIN + added)
    assert str(refused.value).startswith(refusal)
    assert "\n" not in str(refused.value)


def test_a_serial_number_of_the_record_needs_one_to_compare_with():
    with pytest.raises(DocumentError, match=r"current\.serial: missing, to be compared"):
        load_check(PLAIN.replace('serial = "TH-0001"\n', "") + '[devices]\nrecorded_serial = "TH-0001"\n')


def test_a_pump_that_infuses_has_nothing_it_ran_before():
    ran = 'last_therapy = { mode = "simple continuous", daily_dose = "1 mg/day" }\n'
    with pytest.raises(DocumentError, match=r"current\.last_therapy: only where the pump does not infuse now"):
        load_check(PLAIN.replace("[pending", ran + "[pending"))


def test_six_drugs_are_more_than_a_pump_can_hold():
    keys = ("morphine", "baclofen", "bupivacaine", "clonidine", "fentanyl", "ziconotide")
    fluid = ", ".join(f'{{ drug = "{key}", concentration = "1 mg/mL" }}' for key in keys)
    with pytest.raises(DocumentError, match=r"current\.fluid: at most 5 drugs in one fluid"):
        load_check(PLAIN.replace('{ drug = "morphine", concentration = "10 mg/mL" }', fluid))


@pytest.mark.parametrize(
    ("written", "refusal"),
    [
        ('therapy = { mode = "stopped" }', r"current\.therapy: .* has one flow for life"),
        ('last_therapy = { mode = "stopped" }', r"current\.last_therapy: .* has one flow for life"),
        ("fluid = []", r"current\.fluid: missing; .* gives whatever it holds"),
    ],
)
def test_a_constant_flow_pump_has_no_therapy_and_some_fluid(written, refusal):
    lines = [line for line in CONSTANT.splitlines() if not (written.startswith("fluid") and line.startswith("fluid"))]
    with pytest.raises(DocumentError, match=refusal):
        load_check("\n".join([*lines, written, "[pending]"]))


def test_no_regimen_is_made_up_where_the_dose_is_missing():
    with pytest.raises(PrescriptionInvalid, match="daily_dose: missing for simple continuous"):
        regimen_of(Therapy(Mode.SIMPLE_CONTINUOUS))


def test_the_schema_describes_the_same_document():
    told = check_schema()
    assert told["title"] == "Thecal check"
    assert set(told["required"]) == {"current", "pending"}
    assert set(told["properties"]["pending"]["properties"]) >= {"prescription", "refill", "bridge", "prime", "mri"}
    assert told["properties"]["pending"]["properties"]["prescription"]["required"] == ["mode"]
