"""The drug library in the pump: hard limits refuse, soft ones are acknowledged and stay on show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.pump.driven import BOLUS, DAY, HOUR, MINUTE, MORPHINE, Driven, once_bolus, program, treated
from thecal.device import (
    BolusKind,
    Commit,
    Component,
    Done,
    DrugLimits,
    Library,
    Limit,
    Limited,
    Mode,
    PeriodicBolus,
    Program,
    Reason,
    Refused,
    SetLibrary,
    SoftLimit,
    Staged,
)

# 10 mg/mL; basal 0.24 mL/day = 2.4 mg/day; bolus 10 uL = 0.1 mg, four of them in 24 h: at most 2.8 mg in any 24 h.
PLAIN = program((0, 240_000), bolus=BOLUS)
VALUES = {
    Limited.CONCENTRATION: (PLAIN, 10_000_000),
    Limited.DAILY_DOSE: (PLAIN, 2_800_000),
    Limited.BOLUS_DOSE: (PLAIN, 100_000),
    Limited.STEP_UP: (PLAIN, 25),  # from 0.192 mL/day
}
BEFORE = program((0, 192_000))


def library(what: Limited, limit: Limit, drug: str = "morphine", version: str = "1") -> Library:
    """A library that limits one value of one drug."""
    field = {
        Limited.CONCENTRATION: "concentration_ng_per_ml",
        Limited.DAILY_DOSE: "daily_dose_ng",
        Limited.BOLUS_DOSE: "bolus_dose_ng",
    }.get(what)
    limits = DrugLimits(drug) if field is None else replace(DrugLimits(drug), **{field: limit})
    return Library(version, (limits,), limit if what is Limited.STEP_UP else Limit())


def checked_against(wanted: Program, version: str | None = "1") -> Program:
    return replace(wanted, library_version=version)


def pump_with(held: Library, before: Program = BEFORE) -> Driven:
    """A pump that runs a program when it is given this library."""
    pump = treated(before)
    assert isinstance(pump.send(SetLibrary(held)), Done)
    return pump


@pytest.mark.parametrize("step", [-1, 0, 1])
@pytest.mark.parametrize("what", Limited)
def test_a_hard_limit_refuses_from_the_first_step_above_it(what, step):
    wanted, value = VALUES[what]
    answer = pump_with(library(what, Limit(hard=value - step))).stage(checked_against(wanted))
    if step <= 0:
        assert isinstance(answer, Staged)
        assert answer.soft_limits == ()
    else:
        assert answer == Refused(Reason.HARD_LIMIT, field=f"morphine: {what.value}")


@pytest.mark.parametrize("step", [-1, 0, 1])
@pytest.mark.parametrize("what", Limited)
def test_a_soft_limit_is_named_from_the_first_step_above_it(what, step):
    wanted, value = VALUES[what]
    answer = pump_with(library(what, Limit(soft=value - step))).stage(checked_against(wanted))
    assert isinstance(answer, Staged)
    assert answer.soft_limits == (() if step <= 0 else (SoftLimit("morphine", what, value, value - step),))


def test_a_soft_limit_is_acknowledged_exactly_and_stays_on_show_as_long_as_its_program():
    pump = pump_with(library(Limited.DAILY_DOSE, Limit(soft=2_000_000)))
    staged = pump.stage(checked_against(PLAIN))
    (passed,) = staged.soft_limits
    for wrong in ((), (replace(passed, value=passed.value - 1),), (passed, passed)):
        assert pump.send(Commit(staged.staged_hash, wrong)) == Refused(Reason.ACKNOWLEDGEMENT_MISSING)
        assert pump.report().status.overrides == ()
    assert isinstance(pump.send(Commit(staged.staged_hash, (passed,))), Done)
    pump.wait(3 * DAY)
    assert pump.report().status.overrides == (passed,)
    pump.send(SetLibrary(None))
    assert pump.report().status.overrides == (passed,)
    pump.stop()
    assert pump.report().status.overrides == ()


def test_without_soft_limits_nothing_may_be_acknowledged():
    pump = treated(BEFORE)
    staged = pump.stage(PLAIN)
    extra = (SoftLimit("morphine", Limited.DAILY_DOSE, 2, 1),)
    assert pump.send(Commit(staged.staged_hash, extra)) == Refused(Reason.ACKNOWLEDGEMENT_MISSING)


def test_what_counts_against_a_limit_rounds_up():
    """Verify a dose of 100 000.5 ng: as the hard limit allows only what is not above it, 100 000 refuses it."""
    odd = (Component("morphine", 10_000_050),)
    wanted = checked_against(program((0, 240_000), bolus=BOLUS, components=odd))
    for hard, refused in ((100_000, True), (100_001, False)):
        pump = Driven.new()
        pump.refill(components=odd)
        pump.send(SetLibrary(library(Limited.BOLUS_DOSE, Limit(hard=hard))))
        assert isinstance(pump.stage(wanted), Refused) is refused


@pytest.mark.parametrize(
    ("wanted", "dose"),
    [
        (program((0, 240_000), periodic=PeriodicBolus(20_400, 30 * MINUTE, 8 * HOUR)), 200_000),
        (program((0, 240_000), bolus=BOLUS, once=once_bolus(BolusKind.SINGLE, 30)), 150_000),
        (program(mode=Mode.MINIMUM_RATE, once=once_bolus(BolusKind.SINGLE, 30)), 150_000),
    ],
)
def test_the_largest_bolus_of_the_program_counts(wanted, dose):
    for step, refused in ((-1, True), (0, False)):
        pump = pump_with(library(Limited.BOLUS_DOSE, Limit(hard=dose + step)))
        assert isinstance(pump.stage(checked_against(wanted)), Refused) is refused


@pytest.mark.parametrize("kind", [BolusKind.PRIMING, BolusKind.BRIDGE])
def test_priming_and_bridge_move_fluid_that_was_there_before(kind):
    pump = pump_with(library(Limited.BOLUS_DOSE, Limit(hard=1)))
    assert isinstance(pump.stage(checked_against(program((0, 240_000), once=once_bolus(kind, 300)))), Staged)


@pytest.mark.parametrize(
    ("wanted", "most"),
    [
        (program((0, 240_000), periodic=PeriodicBolus(20_000, 30 * MINUTE, 7 * HOUR)), 2_400_000 + 4 * 200_000),
        (program((0, 240_000), once=once_bolus(BolusKind.SINGLE, 30)), 2_400_000 + 150_000),
        (program((0, 48_000), (720, 240_000)), 1_440_000),
    ],
)
def test_the_daily_dose_is_the_most_that_any_24_h_can_hold(wanted, most):
    for step, refused in ((-1, True), (0, False)):
        pump = pump_with(library(Limited.DAILY_DOSE, Limit(hard=most + step)))
        assert isinstance(pump.stage(checked_against(wanted)), Refused) is refused


def test_a_step_up_is_judged_against_the_running_program_and_only_where_the_same_drug_runs():
    """Verify: after a stop, at minimum rate or with another drug there is nothing to rise from; falling is free."""
    strict = library(Limited.STEP_UP, Limit(hard=0))
    for before in (program(), program(mode=Mode.MINIMUM_RATE)):
        assert isinstance(pump_with(strict, before).stage(checked_against(PLAIN)), Staged)
    assert isinstance(pump_with(strict, program((0, 240_000))).stage(checked_against(PLAIN)), Staged)
    assert isinstance(pump_with(strict, program((0, 480_000))).stage(checked_against(PLAIN)), Staged)
    assert pump_with(strict).stage(checked_against(PLAIN)).reason is Reason.HARD_LIMIT
    barely = program((0, 192_001))
    assert pump_with(strict).stage(checked_against(barely)).reason is Reason.HARD_LIMIT


def test_a_drug_that_the_library_does_not_hold_is_refused_for_programs_that_give_a_dose():
    other = library(Limited.DAILY_DOSE, Limit(hard=1), drug="baclofen")
    for wanted in (
        PLAIN,
        program((0, 240_000), (60, 480_000)),
        program((0, 0), periodic=PeriodicBolus(10_000, 10 * MINUTE, HOUR)),
        program(mode=Mode.MINIMUM_RATE, once=once_bolus(BolusKind.SINGLE)),
    ):
        answer = pump_with(other).stage(checked_against(wanted))
        assert answer == Refused(Reason.DRUG_NOT_IN_LIBRARY, field="morphine")
    for safe in (program(), program(mode=Mode.MINIMUM_RATE)):
        assert isinstance(pump_with(other).stage(checked_against(safe)), Staged)


@pytest.mark.parametrize("theirs", [None, "1", "2"])
@pytest.mark.parametrize("ours", [None, "1"])
def test_a_program_names_the_library_that_the_pump_holds(ours, theirs):
    pump = treated(BEFORE)
    pump.send(SetLibrary(None if ours is None else library(Limited.DAILY_DOSE, Limit(), version=ours)))
    answer = pump.stage(checked_against(PLAIN, theirs))
    if ours == theirs:
        assert isinstance(answer, Staged)
    else:
        assert answer == Refused(Reason.LIBRARY_DIFFERS, field="library_version")
    assert pump.report().status.library_version == ours


def test_another_library_drops_the_staged_program_and_bars_the_waiting_one():
    pump = treated(BEFORE)
    pump.stage(PLAIN)
    pump.send(SetLibrary(library(Limited.DAILY_DOSE, Limit())))
    assert pump.state.staged is None

    waiting = replace(checked_against(PLAIN), begins_utc_ms=pump.state.utc_ms + HOUR)
    pump.commit(waiting)
    report = pump.report()
    assert (report.waiting_program, report.status.waiting.begins_utc_ms) == (waiting, waiting.begins_utc_ms)
    pump.send(SetLibrary(library(Limited.DAILY_DOSE, Limit(), version="2")))
    pump.wait(2 * HOUR)
    assert pump.state.program == BEFORE
    assert [alarm.value for alarm in pump.report().status.alarms] == ["program not started"]


def test_limits_of_every_drug_of_a_mixture_are_told_in_the_order_of_the_fluid():
    fluid = (*MORPHINE, Component("baclofen", 2_000_000))
    soft = Limit(soft=1)
    both = Library("1", (DrugLimits("baclofen", soft), DrugLimits("morphine", soft, soft)))
    pump = Driven.new()
    pump.refill(components=fluid)
    pump.send(SetLibrary(both))
    answer = pump.stage(checked_against(program((0, 240_000), components=fluid)))
    assert [(each.drug, each.what) for each in answer.soft_limits] == [
        ("morphine", Limited.CONCENTRATION),
        ("morphine", Limited.DAILY_DOSE),
        ("baclofen", Limited.CONCENTRATION),
    ]
