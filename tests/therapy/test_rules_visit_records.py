"""Visits that no document can say, and what holds for every bridge, prime, label and returned volume."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.catalogue.catheters import Trim, catheter
from thecal.catalogue.labelled_pumps import insisting_from
from thecal.catalogue.pump_parts import MriRule
from thecal.catalogue.sourced import CatalogueError, parse
from thecal.column import Column, Fluid
from thecal.quantities import Concentration, DoseRate, Duration, Instant, Volume
from thecal.therapy.believed import BelievedLine
from thecal.therapy.calculators.bridge import bridge
from thecal.therapy.calculators.bridge.inputs import BridgeInputs
from thecal.therapy.checks import check, findings_of
from thecal.therapy.findings import Verdict
from thecal.therapy.prescribed import DrugIn
from thecal.therapy.prescription import FluidComponent
from thecal.therapy.refill import Refill, review_refill
from thecal.therapy.replacement import Replacement
from thecal.therapy.replacement_findings import due_findings
from thecal.therapy.rules.recording import fluid_told
from thecal.therapy.situation import BridgeOrder, LabelReading, MriPlan, PrimeOrder

from .sound_visits import (
    HYDROMORPHONE_5,
    NEW_IMPLANT,
    NO_REFILL,
    STRONGER_BRIDGED,
    continuous,
    holding,
    refilled_with,
)
from .visits import LEFT_OUT, case, found

SUGAR = (LabelReading("sugar", Concentration.parse("10 mg/mL")),)


def situation(changes=None):
    return case({} if changes is None else changes).situation


def rules(given_situation):
    """Rule -> finding."""
    each = given_situation
    return {one.rule: one for one in check(each.pending, each.current, each.patient, each.devices, each.history)}


def with_refill(at, **changes):
    return replace(at, pending=replace(at.pending, refill=replace(at.pending.refill, **changes)))


def of_a_model_nobody_knows(at):
    descriptor = replace(at.current.pump.descriptor, model="Demo Pump")
    pump = replace(at.current.pump, descriptor=descriptor)
    return replace(at, current=replace(at.current, pump=pump), devices=replace(at.devices, model=None))


def test_a_refill_names_drugs_of_the_library():
    assert rules(with_refill(situation(), fluid=()))["no-fluid"].verdict is Verdict.REFUSE
    assert rules(with_refill(situation(), fluid=SUGAR))["unknown-drug"].verdict is Verdict.REFUSE


def test_a_drug_nobody_knows_is_shown_as_it_was_read_and_draws_nothing_else_about_itself():
    read_otherwise = rules(with_refill(situation(), read_again=SUGAR))["label-differs"]
    assert ("sugar, second reading", "10 mg/mL") in [(each.label, each.text) for each in read_otherwise.compared]
    told = rules(with_refill(situation(), fluid=SUGAR, assayed=SUGAR))
    assert not {"concentration-step", "not-for-this-pump", "assay-outside"} & set(told)


def test_drug_in_the_line_that_nobody_knows_is_bridged_and_primed_like_any_other():
    held = Fluid.of([("sugar", 10_000_000)])
    at = situation(STRONGER_BRIDGED)
    line = BelievedLine(140_000, 200_000, Column.filled(340_000, held))
    at = replace(at, devices=replace(at.devices, line=line))
    assert "bridge-wrong" not in rules(at)
    unbridged = rules(replace(at, pending=replace(at.pending, bridge=None)))["bridge-missing"]
    assert unbridged.ratio is None
    primed = rules(replace(at, pending=replace(at.pending, bridge=None, prime=PrimeOrder(Volume(340_000)))))
    assert "3.4 mg" in [each.text for each in primed["prime-into-drug"].compared]


def test_a_pump_of_a_model_nobody_knows_is_judged_by_what_it_says_itself():
    at = of_a_model_nobody_knows(
        situation({**STRONGER_BRIDGED, "pending.mri": {"field_tesla": "3", "reservoir": "9 mL"}})
    )
    silent = {"mri-interrogate", "not-for-this-pump", "pairing-forbidden", "tubing-version", "delivered-ratio"}
    assert not silent & set(rules(at))
    assert "fill-too-large" in rules(with_refill(at, filled=Volume.parse("40 mL")))
    unknown_line = replace(at, devices=replace(at.devices, line=None, tubing_volume=None))
    assert "bridge-wrong" not in rules(unknown_line)


@pytest.mark.parametrize("key", ["synchromed-ii-20", "prometra-ii-20"])
def test_a_pump_that_must_not_be_scanned_is_refused_however_empty_it_is(key):
    at = situation({**NO_REFILL, "current.pump": key, "pending.mri": {"field_tesla": "1.5", "reservoir": "0 mL"}})
    model = at.devices.model
    unsafe = replace(model, mri=replace(model.mri, rule=MriRule.UNSAFE))
    assert rules(replace(at, devices=replace(at.devices, model=unsafe)))["mri-unsafe"].verdict is Verdict.REFUSE
    assert "mri-unsafe" not in rules(at)
    strong = replace(at.pending, mri=MriPlan(Decimal("7"), Volume(0)))
    assert "mri-field" in rules(replace(at, pending=strong))
    assert "mri-field" not in rules(replace(at, pending=strong, devices=replace(at.devices, model=unsafe)))


def test_the_volume_of_the_implanted_catheter_stands_in_where_none_is_written():
    tube = catheter("ascenda-8780").implanted(Trim(Decimal("14.3")))
    at = situation({**STRONGER_BRIDGED, "devices": LEFT_OUT})
    at = replace(at, devices=replace(at.devices, catheter=tube))
    assert Volume.parse("0.14 mL") + tube.volume() == Volume.parse("0.36 mL")
    for volume, lasts, wrong in (("0.36 mL", "36 h", False), ("0.3 mL", "30 h", True)):
        order = BridgeOrder(Volume.parse(volume), Duration.parse(lasts))
        assert ("bridge-wrong" in rules(replace(at, pending=replace(at.pending, bridge=order)))) is wrong


def test_blanks_are_no_reason_against_a_bridge():
    at = situation(STRONGER_BRIDGED)
    blank = BridgeOrder(declined_because="  ")
    assert "bridge-missing" in rules(replace(at, pending=replace(at.pending, bridge=blank)))
    for nothing in (".", "ok", "--- 1 ---"):
        said = rules(replace(at, pending=replace(at.pending, bridge=BridgeOrder(declined_because=nothing))))
        assert said["bridge-missing"].verdict is Verdict.REFUSE
        assert said["bridge-missing"].path == "pending.bridge.declined_because"
    typed = BridgeOrder(declined_because="the line was aspirated elsewhere")
    assert "bridge-missing" not in rules(replace(at, pending=replace(at.pending, bridge=typed)))


def test_a_bridge_where_nothing_ran_before_is_judged_by_its_volume_alone():
    fluid = [{"drug": "morphine", "concentration": "2 mg/mL"}]
    at = {
        **NEW_IMPLANT,
        **refilled_with(fluid),
        "pending.prime": LEFT_OUT,
        "devices.line.holds": [{"fluid": HYDROMORPHONE_5}],
    }
    right = {**at, "pending.bridge": {"volume": "0.34 mL", "duration": "50 h"}}
    assert "bridge-wrong" not in [each.rule for each in found(right)]
    short = {**at, "pending.bridge": {"volume": "0.2 mL", "duration": "50 h"}}
    assert "bridge-wrong" in [each.rule for each in found(short)]


def test_the_first_drug_of_the_old_fluid_is_the_one_that_was_dosed():
    """Names in a column stand in the order of the alphabet; doses are those of the drug that came first."""
    both = [{"drug": "morphine", "concentration": "10 mg/mL"}, {"drug": "bupivacaine", "concentration": "5 mg/mL"}]
    changes = {
        **STRONGER_BRIDGED,
        "current.fluid": both,
        "devices.line.holds": [{"fluid": both}],
    }
    assert "bridge-wrong" not in [each.rule for each in found(changes)]
    missing = next(each for each in found({**changes, "pending.bridge": LEFT_OUT}) if each.rule == "bridge-missing")
    assert ("morphine before", "2.4 mg/day") in [(each.label, each.text) for each in missing.compared]
    assert missing.ratio == Fraction(1, 2)


def test_telling_a_pump_of_nothing_says_nothing_about_its_fluid():
    assert not list(fluid_told(situation(NO_REFILL)))


def test_one_act_of_telling_and_the_whole_visit_find_the_same():
    at = situation({"pending.refill.withdrawn": "11 mL", "pending.refill.recovered": LEFT_OUT})
    order = at.pending.refill
    fluid = tuple(FluidComponent(each.drug, each.concentration) for each in order.fluid)
    refill = Refill(order.withdrawn, order.filled, fluid, order.injected, order.recovered)
    told = review_refill(refill, at.current, order.filled_before)
    assert told.may_be_sent
    assert set(told.findings) <= set(findings_of(at))
    assert {each.rule for each in told.findings} == {"volume-differs", "delivered-ratio", "place-unproven"}


def test_a_pump_that_has_sounded_its_warning_is_due_whatever_the_curve_says():
    now = Instant.parse("2026-11-22T08:00:00Z")
    sounded = Replacement(Instant.parse("2027-01-22T08:00:00Z"), Instant.parse("2026-10-24T08:00:00Z"), True)
    (said,) = due_findings(sounded, now, situation().current.policy)
    assert said.words.startswith("The pump has given")


def test_a_drug_that_names_its_pumps_is_one_of_the_library():
    with pytest.raises(CatalogueError, match="sugar"):
        insisting_from(parse("x.toml", '[[drug]]\ndrug = "sugar"\n'))


MG_PER_ML = st.sampled_from(["5", "8", "10", "12.5", "16", "20"])


@st.composite
def changes_of_fluid(draw):
    """Two concentrations within twice of each other, the dose before and after, the catheter's volume."""
    old = draw(MG_PER_ML)
    new = draw(MG_PER_ML.filter(lambda each: each != old and Fraction(1, 2) <= Fraction(each) / Fraction(old) <= 2))
    before, after = draw(st.integers(20, 60)), draw(st.integers(20, 60))
    return old, new, f"{before / 10} mg/day", f"{after / 10} mg/day", f"{draw(st.integers(100, 400))} µL"


def asked(change):
    old, new, before, after, tube = change
    inputs = BridgeInputs(
        pump="synchromed-ii-20",
        catheter_volume=Volume.parse(tube),
        old=(DrugIn("morphine", Concentration.parse(f"{old} mg/mL")),),
        new=(DrugIn("morphine", Concentration.parse(f"{new} mg/mL")),),
        daily_dose_now=DoseRate.parse(before),
        daily_dose_after=DoseRate.parse(after),
        dose_during=None,
    )
    return bridge(inputs).answer


def visit(change, order):
    old, new, before, after, tube = change
    held = [{"drug": "morphine", "concentration": f"{old} mg/mL"}]
    return {
        "current.fluid": held,
        "current.therapy": continuous(before),
        "pending.prescription": continuous(after),
        **refilled_with([{"drug": "morphine", "concentration": f"{new} mg/mL"}]),
        "devices.catheter_volume": tube,
        "devices.line.holds": [{"fluid": held}],
        "pending.bridge": order,
    }


def test_what_the_line_gives_meanwhile_is_judged_alike_whatever_is_typed():
    """Morphine 20 mg/mL at 1 mg/day, then a fluid a hundred times thinner: 0.75 mL/day of the old one are 15 mg."""
    change = ("20", "0.2", "1 mg/day", "0.15 mg/day", "200 µL")
    (said,) = [each for each in found(visit(change, {"declined_because": "flushed"})) if each.rule == "fluid-change"]
    assert (said.verdict, said.ratio) == (Verdict.STOP, 15)
    assert ("morphine meanwhile", "15 mg/day") in [(each.label, each.text) for each in said.compared]
    assert ("for", "10 h 53 min") in [(each.label, each.text) for each in said.compared]


def test_both_fluids_are_named_as_the_library_names_them_and_in_one_unit():
    old, new = ([{"drug": "baclofen", "concentration": each}] for each in ("500 microgram/mL", "2 mg/mL"))
    base = {**holding(old, "300 microgram/day"), **refilled_with(new)}
    (said,) = [each for each in found({**base, "pending.bridge": LEFT_OUT}) if each.rule == "bridge-missing"]
    told = {each.label: each.text for each in said.compared}
    assert told["in the line"] == "baclofen 500 microgram/mL"
    assert told["in the reservoir"].startswith("baclofen 2")
    assert told["in the reservoir"].endswith("000 microgram/mL")


def about_the_bridge(change, volume, duration):
    order = {"volume": f"{volume} nL", "duration": f"{duration} ms"}
    return {each.rule for each in found(visit(change, order)) if each.rule.startswith("bridge")}


@settings(max_examples=40, deadline=None)
@given(changes_of_fluid())
def test_the_bridge_that_the_calculator_works_out_is_never_called_wrong(change):
    plan = asked(change).plan
    if plan is not None:
        assert about_the_bridge(change, plan.volume.count, plan.duration.count) <= {"bridge-long"}


@settings(max_examples=40, deadline=None)
@given(changes_of_fluid(), st.integers(0, 100))
def test_no_volume_from_the_programmed_line_to_the_cautious_end_is_called_wrong(change, percent):
    answer = asked(change)
    if answer.plan is None or answer.bracket is None:
        return
    plan, cautious = answer.plan, answer.bracket
    volume = plan.volume.count + (cautious.cautious.count - plan.volume.count) * percent // 100
    lasts = -(-plan.duration.count * volume // plan.volume.count)
    assert about_the_bridge(change, volume, lasts) <= {"bridge-long"}
    whole = about_the_bridge(change, cautious.cautious.count, cautious.cautious_duration.count)
    assert whole <= {"bridge-long"}


@settings(max_examples=40, deadline=None)
@given(changes_of_fluid(), st.integers(8, 40), st.booleans())
def test_a_bridge_some_per_cent_off_in_volume_or_in_time_is_never_missed(change, percent, in_volume):
    plan = asked(change).plan
    if plan is None:
        return
    volume, duration = plan.volume.count, plan.duration.count
    if in_volume:  # at the same flow
        volume, duration = volume * (100 - percent) // 100, duration * (100 - percent) // 100
    else:  # the dose falls below, or rises above, the old and the new one
        old, new = (Fraction(each.split(" ")[0]) for each in change[2:4])
        duration = int(duration / (max(old, new) / old) / (1 + Fraction(percent, 100)))
    assert "bridge-wrong" in about_the_bridge(change, volume, duration)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 340_000), st.integers(0, 340_000))
def test_to_prime_more_never_turns_a_refusal_into_silence(first, more):
    """Over a line that holds drug all the way, and over one that holds none."""
    for holds in ([{"fluid": [{"drug": "morphine", "concentration": "10 mg/mL"}]}], [{}]):
        base = {**NEW_IMPLANT, "devices.line.holds": holds}
        less, greater = ({**base, "pending.prime": {"volume": f"{each} nL"}} for each in (first, first + more))
        refused = ["prime-into-drug" in [each.rule for each in found(changes)] for changes in (less, greater)]
        assert refused[0] <= refused[1]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 20_000))
def test_no_finding_depends_on_the_unit_in_which_a_volume_is_written(microlitres):
    in_ml = {"pending.refill.withdrawn": Volume(microlitres * 1_000).text_in("mL")}
    in_nl = {"pending.refill.withdrawn": f"{microlitres * 1_000} nL"}
    assert found(in_ml) == found(in_nl)


@settings(max_examples=30, deadline=None)
@given(st.integers(4_000, 19_000), st.integers(0, 1_000))
def test_the_fuller_it_comes_back_the_heavier_it_is_taken(microlitres, more):
    """From silence over a difference to a pump that hardly delivered, never back."""
    order = ["volume-differs", "delivered-ratio", "unexpectedly-full"]
    less, greater = (
        {each.rule for each in found({"pending.refill.withdrawn": f"{amount} µL"})} & set(order)
        for amount in (microlitres, microlitres + more)
    )
    assert less <= greater


def test_a_scan_plan_alone_needs_no_program_to_be_judged():
    at = situation({**NO_REFILL, "current.pump": "isomed-20-05", "current.therapy": LEFT_OUT, "devices": LEFT_OUT})
    planned = replace(at, pending=replace(at.pending, mri=MriPlan(Decimal("1.5"), Volume.parse("12 mL"))))
    assert "mri-interrogate" not in {each.rule for each in findings_of(planned)}


@pytest.mark.parametrize(("dose", "lasts"), [("100 mg/day", "1 day"), ("50 mg/day", "3 days")])
def test_one_day_is_not_days(dose, lasts):
    at = situation({"pending.prescription": {"mode": "simple continuous", "daily_dose": dose}})
    said = next(each for each in check(at.pending, at.current) if each.rule == "refill-interval")
    assert said.compared[0].text == lasts
