"""A program that cannot exist is refused when it is made; every number is checked at its edges."""

from dataclasses import replace

import pytest

from thecal.device import (
    MAY,
    Bound,
    Component,
    FlexStep,
    Mode,
    OutOfBounds,
    PatientBolus,
    Program,
    ProgramInvalid,
    PumpDescriptor,
    Role,
    bounds,
    program_hash,
)

BOLUS = PatientBolus(volume_nl=10_000, duration_ms=600_000, lockout_ms=14_400_000, maximum_per_24h=4)
SIMPLE = Program(
    pump_serial="DEMO-0001",
    patient_token="alder",
    mode=Mode.SIMPLE_CONTINUOUS,
    steps=(FlexStep(0, 240_000),),
    patient_bolus=BOLUS,
    components=(Component("morphine", 10_000_000),),
    stated_daily_dose_ng=(2_400_000,),
    volume_limit_nl_per_24h=280_000,
    low_reservoir_nl=2_000_000,
)
FLEX = replace(SIMPLE, mode=Mode.FLEX, steps=(FlexStep(0, 100_000), FlexStep(360, 300_000), FlexStep(420, 100_000)))


@pytest.mark.parametrize("bound", [found for found in vars(bounds).values() if isinstance(found, Bound)])
def test_every_field_takes_its_edges_and_refuses_one_step_beyond(bound):
    assert bound.check(bound.low) == bound.low
    assert bound.check(bound.high) == bound.high
    for wrong in (bound.low - 1, bound.high + 1, float(bound.low), True, str(bound.low), None):
        with pytest.raises(OutOfBounds) as refusal:
            bound.check(wrong)
        assert bound.name in str(refusal.value)
        assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": ()},
        {"steps": (FlexStep(1, 240_000),)},
        {"steps": FLEX.steps},
        {"components": ()},
        {"stated_daily_dose_ng": ()},
        {"components": SIMPLE.components * 2, "stated_daily_dose_ng": (1, 1)},
        {"mode": Mode.STOPPED},
        {"mode": Mode.STOPPED, "steps": ()},
        {"mode": Mode.MINIMUM_RATE, "steps": ()},
        {"pump_serial": ""},
        {"pump_serial": "x" * 41},
        {"patient_token": "naïve"},
        {"patient_token": "two\nlines"},
        {"volume_limit_nl_per_24h": -1},
        {"low_reservoir_nl": 60_000_001},
    ],
)
def test_a_program_that_contradicts_itself_is_never_made(wrong):
    with pytest.raises((ProgramInvalid, OutOfBounds)):
        replace(SIMPLE, **wrong)


@pytest.mark.parametrize("starts", [(0,), (1, 2), (0, 0), (0, 420, 360), tuple(range(14))])
def test_flex_steps_cover_the_day_from_midnight_in_ascending_order(starts):
    with pytest.raises(ProgramInvalid, match="flex"):
        replace(FLEX, steps=tuple(FlexStep(start, 100_000) for start in starts))


def test_flex_takes_thirteen_steps():
    assert len(replace(FLEX, steps=tuple(FlexStep(start, 100_000) for start in range(13))).steps) == 13


def test_a_bolus_must_end_before_its_lockout():
    with pytest.raises(ProgramInvalid, match="lockout"):
        PatientBolus(volume_nl=1_000, duration_ms=3_600_000, lockout_ms=3_600_000, maximum_per_24h=1)


CHANGES = [
    {"pump_serial": "DEMO-0002"},
    {"patient_token": "birch"},
    {"steps": (FlexStep(0, 240_001),)},
    {"patient_bolus": None},
    {"patient_bolus": replace(BOLUS, volume_nl=10_001)},
    {"patient_bolus": replace(BOLUS, duration_ms=600_001)},
    {"patient_bolus": replace(BOLUS, lockout_ms=14_400_001)},
    {"patient_bolus": replace(BOLUS, maximum_per_24h=5)},
    {"components": (Component("morphine", 10_000_001),)},
    {"components": (Component("baclofen", 10_000_000),)},
    {"stated_daily_dose_ng": (2_400_001,)},
    {"volume_limit_nl_per_24h": 280_001},
    {"low_reservoir_nl": 2_000_001},
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_hash_of_a_program_changes_with_every_field(change):
    assert program_hash(replace(SIMPLE, **change)) != program_hash(SIMPLE)


def test_equal_programs_have_equal_hashes():
    assert program_hash(replace(SIMPLE)) == program_hash(SIMPLE)
    assert len(program_hash(SIMPLE)) == 32


def test_the_patient_role_can_ask_for_the_prescribed_bolus_silence_an_alarm_and_nothing_else():
    allowed = {"ReadStatus", "Query", "RequestBolus", "SilenceAlarm"}
    assert {command.__name__ for command in MAY[Role.PATIENT]} == allowed
    request = next(command for command in MAY[Role.PATIENT] if command.__name__ == "RequestBolus")
    assert not request.__dataclass_fields__


def test_the_rates_of_a_pump_ascend():
    with pytest.raises(ValueError, match="ascend"):
        PumpDescriptor("x", 500, 20_000_000, 6_000, 5_000, 24_000_000)
