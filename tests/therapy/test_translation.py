"""From what is wanted to what a pump can give: never more, and the rest is shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.device import FlexStep, Mode
from thecal.pump.controller.manufacture import manufacture
from thecal.pump.controller.staging import decoded
from thecal.quantities import Concentration, DoseRate, Duration, Mass, Volume
from thecal.therapy import (
    BolusOrder,
    CannotTranslate,
    Flex,
    FluidComponent,
    MinimumRate,
    Prescription,
    PrescriptionInvalid,
    SimpleContinuous,
    Stopped,
    TimedDose,
    Translation,
    as_prescribed,
    translate,
)

from .given import baclofen, bolus, continuous, morning_dose, morphine, pump, translated

concentrations = st.integers(50_000, 50_000_000).map(Concentration)
fluids = st.tuples(concentrations) | st.tuples(concentrations, concentrations)


@st.composite
def prescriptions(draw):
    names = ("morphine", "baclofen")
    fluid = tuple(FluidComponent(name, each) for name, each in zip(names, draw(fluids), strict=False))
    if draw(st.booleans()):
        regimen = SimpleContinuous(DoseRate(draw(st.integers(100_000, 20_000_000))))
    else:
        cuts = sorted(draw(st.lists(st.integers(0, 1_440), min_size=2, max_size=6, unique=True)))
        pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
        steps = tuple(TimedDose(a, b, Mass(draw(st.integers(1_000, 5_000_000))), 24) for a, b in pairs)
        regimen = Flex(DoseRate(draw(st.just(0) | st.integers(100_000, 9_000_000))), steps)
    order = None
    if draw(st.booleans()):
        lasts = Duration(draw(st.integers(100, 6_000)) * 600)  # hundredths of a minute
        lockout = Duration(draw(st.integers(101, 2_400)) * 36_000)  # hundredths of an hour
        order = BolusOrder(Mass(draw(st.integers(1_000, 500_000))), lasts, lockout, draw(st.integers(1, 24)))
    return Prescription(fluid, regimen, order)


@settings(max_examples=200)
@given(prescriptions())
def test_a_translation_never_gives_more_than_programmed_and_keeps_the_rest(prescription):
    """Verify, for any prescription this pump can run:
    - programmed = achievable + residual, for every component, daily and bolus
    - a draft begun from the program, unedited, translates into the same program
    """
    found = translate(prescription, pump())
    if isinstance(found, CannotTranslate):
        assert found.findings
        return
    for programmed, achievable, residual in (
        *zip(found.programmed.daily, found.achievable.daily, found.residual.daily, strict=True),
        *zip(found.programmed.bolus, found.achievable.bolus, found.residual.bolus, strict=True),
    ):
        assert achievable <= programmed
        assert achievable + residual == programmed
    again = translate(as_prescribed(found.program), pump())
    assert isinstance(again, Translation)
    assert again.program == found.program


@settings(max_examples=200)
@given(prescriptions())
def test_the_pump_derives_the_same_numbers_from_the_program(prescription):
    """The twins, written apart, agree: daily volume and dose, bolus, effective boluses, greatest 24 h."""
    found = translate(prescription, pump())
    if isinstance(found, CannotTranslate):
        return
    state = manufacture(pump().descriptor, "S1", "alder", 0, 0)
    theirs, ours = decoded(state.identity.descriptor, found.program), found.derived
    assert theirs.daily_volume_nl == ours.daily_volume.count
    assert theirs.daily_dose_ng == tuple(dose.count for dose in ours.daily_doses)
    assert theirs.daily_dose_ng == found.program.stated_daily_dose_ng
    assert theirs.bolus_volume_nl == (None if ours.bolus_volume is None else ours.bolus_volume.count)
    assert theirs.effective_boluses_per_24h == ours.effective_boluses
    assert theirs.greatest_24h_volume_nl == ours.greatest_24h_volume.count


def test_in_a_thin_fluid_a_long_step_is_not_taken_for_the_background():
    """1202 ng over 721 min of 50 microgram/mL is no whole number of ng a day, so it cannot be the background."""
    steps = (TimedDose(0, 721, Mass(1_202), 24),)
    found = translated(Prescription(morphine("50 microgram/mL"), Flex(DoseRate(0), steps)))
    assert as_prescribed(found.program).regimen == Flex(DoseRate(0), steps)


@pytest.mark.parametrize(("fluid", "dose"), [(morphine(), Mass(2_400_000)), (morphine("50 microgram/mL"), Mass(2_403))])
def test_one_dose_over_the_whole_day_comes_back_as_it_was_typed(fluid, dose):
    """2403 ng of 50 microgram/mL are 48060 nL; as two halves of a day, in whole ng, they would be another program."""
    typed = Flex(DoseRate(0), (TimedDose(0, 1_440, dose, 24),))
    found = translated(Prescription(fluid, typed))
    assert found.program.mode is Mode.FLEX
    assert len({step.rate_nl_per_day for step in found.program.steps}) == 1
    again = as_prescribed(found.program)
    assert again.regimen == typed
    assert translated(again).program == found.program


def test_morphine_2_4_mg_per_day_from_10_mg_per_ml_is_0_24_ml_per_day():
    found = translated(continuous("2.4 mg/day", bolus=bolus("0.1 mg")))
    assert found.program.steps == (FlexStep(0, 240_000),)
    assert found.derived.daily_volume == Volume.parse("0.24 mL")
    assert found.program.stated_daily_dose_ng == (2_400_000,)
    assert found.residual.daily == (DoseRate(0),)


def test_a_bolus_of_0_1_mg_is_ten_microlitres_in_twenty_strokes():
    found = translated(continuous("2.4 mg/day", bolus=bolus("0.1 mg")))
    assert found.derived.bolus_volume == Volume.parse("10 µL")
    assert found.derived.bolus_volume.count // pump().descriptor.stroke_nl == 20
    assert found.program.volume_limit_nl_per_24h == 240_000 + 4 * 10_000


def test_a_bolus_between_two_strokes_is_rounded_down_and_the_rest_shown():
    found = translated(continuous("2.4 mg/day", bolus=bolus("0.123 mg")))
    assert found.achievable.bolus == (Mass.parse("0.12 mg"),)
    assert found.residual.bolus == (Mass.parse("0.003 mg"),)


def test_a_morning_dose_is_three_steps_of_a_flex_day():
    found = translated(morning_dose())
    assert found.program.steps == (FlexStep(0, 0), FlexStep(360, 2_880_000), FlexStep(420, 0))
    assert found.derived.daily_doses == (DoseRate.parse("60 microgram/day"),)


def test_the_same_dose_every_hour_is_24_times_as_much():
    assert translated(morning_dose(every_h=1)).derived.daily_doses == (DoseRate.parse("1440 microgram/day"),)


def test_a_step_that_repeats_over_midnight_runs_on_both_sides_of_it():
    steps = (
        TimedDose(1_380, 1_440, Mass.parse("30 microgram"), 24),
        TimedDose(90, 210, Mass.parse("60 microgram"), 12),
    )
    found = translated(Prescription(baclofen(), Flex(DoseRate(0), steps)))
    assert found.derived.daily_doses == (DoseRate.parse("150 microgram/day"),)
    over_midnight = (TimedDose(690, 810, Mass.parse("60 microgram"), 12),)
    again = translated(Prescription(baclofen(), Flex(DoseRate(0), over_midnight)))
    assert [step.start_min for step in again.program.steps] == [0, 90, 690, 810, 1_410]
    assert again.derived.daily_doses == (DoseRate.parse("120 microgram/day"),)


def test_the_other_drug_of_a_mixture_follows_by_concentration():
    fluid = (*morphine(), FluidComponent("baclofen", Concentration.parse("500 microgram/mL")))
    found = translated(continuous("2.4 mg/day", fluid))
    assert found.achievable.daily == (DoseRate.parse("2.4 mg/day"), DoseRate.parse("120 microgram/day"))


@pytest.mark.parametrize(("regimen", "volume"), [(Stopped(), 0), (MinimumRate(), 6_000)])
def test_stopped_and_minimum_rate_have_no_steps(regimen, volume):
    found = translated(Prescription(morphine(), regimen))
    assert found.program.steps == ()
    assert found.program.mode in (Mode.STOPPED, Mode.MINIMUM_RATE)
    assert found.derived.daily_volume.count == volume
    assert found.residual.daily == (DoseRate(0),)
    assert as_prescribed(found.program).regimen == regimen


@pytest.mark.parametrize(
    ("prescription", "rule", "path"),
    [
        (continuous("0.4 mg/day"), "rate-too-low", "daily_dose"),
        (continuous("250 mg/day"), "rate-too-high", "daily_dose"),
        (continuous("2.4 mg/day", bolus=bolus("0.004 mg")), "bolus-below-stroke", "patient_bolus.dose"),
        (continuous("2.4 mg/day", bolus=bolus("5 mg", lasts="1 min")), "bolus-flow", "patient_bolus.duration"),
        (continuous("2.4 mg/day", bolus=bolus(lasts="0.5 min")), "bolus-duration", "patient_bolus.duration"),
        (continuous("2.4 mg/day", bolus=bolus(lockout="25 h")), "lockout", "patient_bolus.lockout"),
        (continuous("2.4 mg/day", bolus=bolus(maximum=25)), "bolus-maximum", "patient_bolus.maximum_per_24h"),
        (Prescription(morphine(), Stopped(), low_reservoir=Volume.parse("20 mL")), "low-level-range", "low_reservoir"),
        (
            Prescription(
                baclofen(),
                Flex(
                    DoseRate.parse("100 microgram/day"),
                    (TimedDose(30, 60, Mass.parse("60 microgram"), 3),),
                ),
            ),
            "too-many-steps",
            "steps",
        ),
        (
            Prescription(baclofen(), Flex(DoseRate(0), (TimedDose(0, 60, Mass(1), 24),))),
            "rate-too-low",
            "steps[0].dose",
        ),
        (continuous("2.4 mg/day", morphine("0.0001 mg/mL")), "rate-too-high", "daily_dose"),
        (
            Prescription(baclofen(), Flex(DoseRate(1), (TimedDose(0, 60, Mass.parse("60 microgram"), 24),))),
            "rate-too-low",
            "background",
        ),
        (continuous("100 mg/day", morphine("101 mg/mL")), "not-a-program", "fluid"),
        (continuous("2.4 mg/day", morphine() * 2), "not-a-program", "fluid"),
    ],
)
def test_what_the_model_cannot_do_is_a_refusal_that_names_its_field(prescription, rule, path):
    found = translate(prescription, pump())
    assert isinstance(found, CannotTranslate)
    assert (rule, f"pending.prescription.{path}") in {(finding.rule, finding.path) for finding in found.findings}


@pytest.mark.parametrize(
    "make",
    [
        lambda: TimedDose(420, 360, Mass(1), 24),
        lambda: TimedDose(0, 60, Mass(1), 5),
        lambda: TimedDose(0, 61, Mass(1), 1),
        lambda: Flex(DoseRate(0), ()),
        lambda: Flex(DoseRate(0), (TimedDose(0, 60, Mass(1), 24), TimedDose(59, 80, Mass(1), 24))),
        lambda: BolusOrder(Mass(1), Duration(10), Duration(10), 1),
        lambda: Prescription((), SimpleContinuous(DoseRate(1))),
        lambda: Prescription(morphine(), Stopped(), bolus()),
        lambda: Prescription((FluidComponent("morphine", Concentration(0)),), Stopped()),
    ],
)
def test_a_prescription_that_contradicts_itself_does_not_exist(make):
    with pytest.raises(PrescriptionInvalid, match=": "):
        make()
