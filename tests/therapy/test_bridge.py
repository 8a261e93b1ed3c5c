"""A bridge lets out the old fluid at the dose it was made for, and says what happens when it is wrong or missing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.column import NOTHING, Fluid, Segment
from thecal.documents import read
from thecal.quantities import Concentration, DoseRate, Duration, QuantityError, Volume
from thecal.therapy import EntryRefused, FluidComponent, Verdict
from thecal.therapy.arithmetic import rate_to_move, time_to_move, volume_for_mass
from thecal.therapy.believed import BelievedLine
from thecal.therapy.bridging import FluidChange, NoBridge, misjudged, resumed, with_bridge, without_bridge
from thecal.therapy.calculation import Calculation
from thecal.therapy.calculators.bridge import CALCULATOR
from thecal.therapy.calculators.bridge.parts import Bridge
from thecal.therapy.mixing import as_fluid
from thecal.therapy.situation import AfterInterruption

MG_10, MG_20 = "morphine 10 mg/mL", "morphine 20 mg/mL"
STRONG, WEAK = "baclofen 2000 microgram/mL", "baclofen 500 microgram/mL"


def drugs(text: str) -> list[dict[str, str]]:
    return [dict(zip(("drug", "concentration"), each.split(" ", 1), strict=True)) for each in text.split(" + ")]


def asked(
    old: str, new: str, now: str = "1 mg/day", after: str | None = None, pump: str = "synchromed-ii-20", **more: Any
) -> Calculation[Bridge]:
    volume = {} if {"catheter", "catheter_least"} & more.keys() else {"catheter_volume": "0.176 mL"}
    document = {"pump": pump, "old": drugs(old), "new": drugs(new), "daily_dose_now": now}
    document |= {"daily_dose_after": after or now, **volume, **more}
    return CALCULATOR.calculate(read(CALCULATOR.inputs, document))


def numbers(found: Calculation[Bridge]) -> dict[str, str]:
    return {line.key: f"{line.text} {line.unit}".strip() for line in found.outputs}


def said(found: Calculation[Bridge]) -> dict[str, Verdict]:
    return {each.rule: each.verdict for each in found.findings}


# Exact to the last count: tubing 0.140 mL, catheter 0.176 mL (80 cm of 2.2 uL/cm).
WORKED = [
    # the arithmetic of programmable 3.1 and 3.2: 0.316 mL at 0.1 mL/day takes 75.84 h
    (
        {"old": MG_10, "new": MG_20},
        {
            "volume": "0.316 mL",
            "dose": "3.16 mg",
            "rate": "0.1 mL/day",
            "duration": "75.84 h",
            "entered": "6.32 mg",
            "rate_after": "0.05 mL/day",
            "without.1.morphine": "0.5 mg/day",
            "without.1.morphine.ratio": "0.5 ×",
            "without.1.lasts": "151.68 h",
        },
    ),
    # 500 to 2000 microgram/mL without a bridge: a quarter of the dose
    (
        {"old": WEAK, "new": STRONG, "now": "100 microgram/day"},
        {
            "duration": "37.92 h",
            "rate": "0.2 mL/day",
            "rate_after": "0.05 mL/day",
            "without.1.baclofen": "25 microgram/day",
            "without.1.baclofen.ratio": "0.25 ×",
            "without.1.lasts": "151.68 h",
        },
    ),
    # 2000 to 500: four times the dose
    (
        {"old": STRONG, "new": WEAK, "now": "200 microgram/day"},
        {
            "volume": "0.316 mL",
            "dose": "632 microgram",
            "duration": "75.84 h",
            "entered": "158 microgram",
            "without.1.baclofen": "800 microgram/day",
            "without.1.baclofen.ratio": "4 ×",
            "without.1.lasts": "18.96 h",
        },
    ),
    # the constant of the card before 2016/17: 0.059 mL more
    ({"old": MG_10, "new": MG_20, "tubing_volume": "0.199 mL"}, {"volume": "0.375 mL", "duration": "90 h"}),
    # a chosen dose of the old drug meanwhile, and a new dose after
    (
        {"old": MG_10, "new": MG_20, "now": "1 mg/day", "after": "1.2 mg/day", "dose_during": "1.2 mg/day"},
        {"rate": "0.12 mL/day", "duration": "63.2 h", "rate_after": "0.06 mL/day", "morphine.ratio": "1 ×"},
    ),
    # another drug: 2 mg/day of morphine until 0.4 mg/day of hydromorphone arrives
    (
        {
            "old": MG_10,
            "new": "hydromorphone 5 mg/mL",
            "now": "2 mg/day",
            "after": "0.4 mg/day",
            "dose_during": "2 mg/day",
        },
        {
            "rate": "0.2 mL/day",
            "duration": "37.92 h",
            "entered": "1.58 mg",
            "rate_after": "0.08 mL/day",
            "without.1.morphine": "0.8 mg/day",
            "without.1.morphine.ratio": "0.4 ×",
            "hydromorphone.ratio": "0 ×",
        },
    ),
    # a mixture: bupivacaine falls with the flow once the stronger morphine has arrived
    (
        {"old": MG_10 + " + bupivacaine 5 mg/mL", "new": MG_20 + " + bupivacaine 5 mg/mL"},
        {
            "bupivacaine.in_line": "1.58 mg",
            "bupivacaine.now": "0.5 mg/day",
            "bupivacaine.during": "0.5 mg/day",
            "bupivacaine.after": "0.25 mg/day",
            "bupivacaine.ratio": "2 ×",
            "without.1.bupivacaine": "0.25 mg/day",
            "without.1.bupivacaine.ratio": "1 ×",
        },
    ),
    # least tubing when the concentration goes up: to end early is too little, to end late twice the dose
    (
        {"old": MG_10, "new": MG_20},
        {
            "bracket.least": "0.316 mL",
            "bracket.most": "0.375 mL",
            "bracket.cautious": "0.316 mL",
            "bracket.early.1.lasts": "28.32 h",
            "bracket.early.1.morphine.ratio": "0.5 ×",
            "bracket.late.1.lasts": "14.16 h",
            "bracket.late.1.morphine.ratio": "2 ×",
        },
    ),
    # most when it goes down: to end late is a quarter, to end early four times the dose
    (
        {"old": STRONG, "new": WEAK, "now": "200 microgram/day"},
        {
            "bracket.cautious": "0.375 mL",
            "bracket.cautious_duration": "90 h",
            "bracket.early.1.lasts": "3.54 h",
            "bracket.early.1.baclofen.ratio": "4 ×",
            "bracket.late.1.lasts": "14.16 h",
            "bracket.late.1.baclofen.ratio": "0.25 ×",
        },
    ),
    # interrupted after 0.1 mL
    (
        {"old": MG_10, "new": MG_20, "delivered": "0.1 mL"},
        {
            "resumed.continue.volume": "0.216 mL",
            "resumed.continue.duration": "51.84 h",
            "resumed.continue.leg.1.morphine.ratio": "1 ×",
            "resumed.restart.volume": "0.316 mL",
            "resumed.restart.duration": "75.84 h",
            "resumed.restart.leg.2.volume": "0.1 mL",
            "resumed.restart.leg.2.lasts": "24 h",
            "resumed.restart.leg.2.morphine.ratio": "2 ×",
            "resumed.cancel.volume": "– mL",
            "resumed.cancel.leg.1.lasts": "103.68 h",
            "resumed.cancel.leg.1.morphine.ratio": "0.5 ×",
        },
    ),
    # after the port was aspirated: prime the catheter, then bridge the tubing
    (
        {"old": MG_10, "new": MG_20, "line": "old fluid in the tubing, catheter aspirated"},
        {"prime_first": "0.176 mL", "volume": "0.14 mL", "dose": "1.4 mg", "duration": "33.6 h"},
    ),
    # the catalogue's catheter, trimmed to 80 cm
    ({"old": MG_10, "new": MG_20, "catheter": "ascenda-8780", "trimmed_cm": Decimal("34.3")}, {"volume": "0.316 mL"}),
]


@pytest.mark.parametrize(("told", "expected"), WORKED, ids=[str(number) for number in range(len(WORKED))])
def test_worked_examples_come_out_to_the_last_digit(told, expected):
    shown = numbers(asked(**told))
    assert {key: shown.get(key) for key in expected} == expected


concentrations = st.sampled_from([500, 1_000, 2_000, 10_000, 25_000]).map(lambda each: Concentration(each * 1_000))
doses = st.integers(50_000, 3_000_000).map(DoseRate)
tubes = st.integers(50_000, 300_000).map(Volume)


@st.composite
def changes(draw: st.DrawFn) -> FluidChange:
    """Any change of a two-drug fluid in any line full of the old one."""
    old = (FluidComponent("morphine", draw(concentrations)), FluidComponent("bupivacaine", draw(concentrations)))
    new = (FluidComponent("morphine", draw(concentrations)), FluidComponent("clonidine", draw(concentrations)))
    line = BelievedLine.holding(draw(tubes), draw(tubes), as_fluid(old))
    return FluidChange(line, old, new, draw(doses), draw(doses))


@given(changes())
@settings(max_examples=60)
def test_every_nanogram_of_the_old_drugs_leaves_within_the_bridge_and_nothing_else_does(change):
    legs = with_bridge(change)
    assert sum((leg.drug for leg in legs), NOTHING) == change.line.drug == change.drug_in_line
    assert change.line.pushed(change.volume, change.fluid).stretches == (
        Segment(change.line.dead_volume_nl, change.fluid),
    )
    moved_nl = Fraction(change.duration.count * change.rate.count, 86_400_000)
    assert change.volume.count <= moved_nl < change.volume.count + change.rate.count
    assert all(leg.exact_dose("morphine") <= change.dose_during.count for leg in legs)


@given(changes())
@settings(max_examples=60)
def test_with_or_without_a_bridge_and_however_it_is_misjudged_the_patient_gets_all_of_the_old_fluid(change):
    assert sum((leg.drug for leg in without_bridge(change)), NOTHING) == change.line.drug
    for wrong in (Volume(0), Volume(change.volume.count // 3), Volume(change.volume.count * 2)):
        legs = misjudged(change, wrong)
        short = wrong < change.volume
        assert sum(leg.volume.count for leg in legs) == abs(wrong.count - change.volume.count)
        assert {leg.fluid for leg in legs} == {as_fluid(change.old if short else change.new)}
        assert {leg.rate for leg in legs} == {change.rate_after if short else change.rate}
    assert misjudged(change, change.volume) == ()


@given(changes(), st.data())
@settings(max_examples=60)
def test_an_interrupted_bridge_is_settled_by_what_is_still_in_the_line(change, data):
    """Verify: continued, the whole bridge has moved exactly its volume; cancelled, the same rest leaves at another
    flow; restarted, the new fluid runs on at the old flow for as much as had been delivered.
    """
    delivered = Volume(data.draw(st.integers(0, change.volume.count)))
    rest = change.volume.count - delivered.count
    going, again, off = (resumed(change, delivered, how) for how in AfterInterruption)
    assert (going.volume, again.volume, off.volume, off.duration) == (Volume(rest), change.volume, None, None)
    assert going.duration == time_to_move(Volume(rest), change.rate)
    old = as_fluid(change.old)
    for each in (going, again, off):
        assert sum(leg.volume.count for leg in each.legs if leg.fluid == old) == rest
    assert sum(leg.volume.count for leg in again.legs if leg.fluid == change.fluid) == delivered.count
    assert {leg.rate for leg in off.legs} <= {change.rate_after}


@given(changes())
@settings(max_examples=60)
def test_what_is_entered_in_units_of_the_new_drug_moves_at_least_the_line_and_hardly_more(change):
    moved = volume_for_mass(change.entered, change.new[0].concentration)
    step_nl = -(-1_000_000 // change.new[0].concentration.count)
    assert change.volume.count <= moved.count <= change.volume.count + step_nl


@given(changes(), st.integers(0, 200_000))
@settings(max_examples=60)
def test_the_cautious_end_of_the_range_never_gives_more_than_was_or_is_to_be_given(change, more_nl):
    """Verify for one drug in another concentration: ending early on the least gives no more than the new dose, and
    ending late on the most gives no more than the old one (the rule of the SynchroMed EL manual, p. 176).
    """
    longer = BelievedLine.holding(
        Volume(change.line.tubing_nl + more_nl), Volume(change.line.catheter_nl), as_fluid(change.old)
    )
    most = FluidChange(longer, change.old, change.new, change.dose_during, change.dose_after)
    if change.old[0].concentration == change.new[0].concentration:
        return
    if change.by_least:
        assert all(leg.exact_dose("morphine") <= change.dose_after.count for leg in misjudged(most, change.volume))
    else:
        assert all(leg.exact_dose("morphine") <= change.dose_during.count for leg in misjudged(change, most.volume))


@given(tubes, st.integers(1, 3_000_000), st.integers(1, 3_000_000))
@settings(max_examples=40)
def test_more_of_the_old_drug_a_day_never_takes_longer(tube, one, other):
    low, high = sorted((max(one, 10_000), max(other, 10_000)))
    line = BelievedLine.holding(tube, tube, Fluid.of([("morphine", 10_000_000)]))
    fluid = (FluidComponent("morphine", Concentration(10_000_000)),)
    new = (FluidComponent("morphine", Concentration(20_000_000)),)
    slow, fast = (FluidChange(line, fluid, new, DoseRate(dose), DoseRate(1)).duration for dose in (low, high))
    assert fast <= slow


def test_no_number_depends_on_the_unit_it_was_entered_in():
    plain = asked(MG_10, MG_20, "1 mg/day", delivered="0.1 mL")
    other = asked(
        "morphine 10000 microgram/mL", "morphine 20000 microgram/mL", "1000 microgram/day", delivered="100 µL",
        catheter_volume="176000 nL",
    )  # fmt: skip
    assert other.answer == plain.answer
    assert (other.outputs, other.findings) == (plain.outputs, plain.findings)


LINE = BelievedLine.holding(Volume(140_000), Volume(176_000), Fluid.of([("morphine", 10_000_000)]))
OLD = (FluidComponent("morphine", Concentration(10_000_000)),)
NEW = (FluidComponent("morphine", Concentration(20_000_000)),)


@pytest.mark.parametrize(
    ("line", "running", "after", "reason"),
    [
        (LINE, True, "1 mg/day", None),
        (LINE, False, "1 mg/day", NoBridge.STILL),
        (LINE, True, "2 mg/day", NoBridge.SAME_FLOW),
        (LINE.pushed(Volume(316_000), as_fluid(NEW)), True, "1 mg/day", NoBridge.SAME_FLUID),
        (BelievedLine.implanted(Volume(140_000), Volume(176_000)), True, "1 mg/day", NoBridge.NO_DRUG),
        (BelievedLine.unknown(Volume(140_000), Volume(176_000)), True, "1 mg/day", None),
        (BelievedLine.unknown(Volume(140_000), Volume(176_000)), True, "2 mg/day", None),
    ],
)
def test_a_bridge_is_needed_only_where_another_fluid_would_run_at_a_wrong_flow(line, running, after, reason):
    change = FluidChange(line, OLD, NEW, DoseRate.parse("1 mg/day"), DoseRate.parse(after))
    assert change.not_needed(running=running) is reason


def test_for_another_drug_the_cautious_end_follows_the_flow():
    other = (FluidComponent("hydromorphone", Concentration(5_000_000)),)
    slower = FluidChange(LINE, OLD, other, DoseRate.parse("2 mg/day"), DoseRate.parse("0.4 mg/day"))
    faster = FluidChange(LINE, OLD, other, DoseRate.parse("1 mg/day"), DoseRate.parse("2 mg/day"))
    assert (slower.by_least, faster.by_least) == (True, False)


@pytest.mark.parametrize(("gone_nl", "cautious_nl"), [(0, 257_000), (256_999, 1), (257_000, 0), (316_000, 0)])
def test_of_a_bridge_that_has_run_the_cautious_volume_left_is_never_less_than_nothing(gone_nl, cautious_nl):
    """A line of 316 microlitre whose tubing may hold 59 less: once 257 are gone, the least the line can hold is out."""
    stronger = (FluidComponent("morphine", Concentration(20_000_000)),)
    dose = DoseRate.parse("1 mg/day")
    whole = FluidChange(
        BelievedLine.holding(Volume(140_000), Volume(176_000), as_fluid(OLD)), OLD, stronger, dose, dose
    )
    left = replace(whole, line=whole.line.pushed(Volume(gone_nl), whole.fluid))
    assert left.by_least
    assert left.cautious([Volume(81_000)]) == Volume(cautious_nl)


@pytest.mark.parametrize(
    ("told", "reason", "arrives"),
    [
        ({"mode": "stopped"}, NoBridge.STILL, None),
        ({"mode": "minimum rate"}, NoBridge.STILL, None),
        ({"line": "new fluid"}, NoBridge.SAME_FLUID, "0 h"),
        # a component more at the same concentration and dose of the first drug: it simply follows
        ({"new": MG_10 + " + bupivacaine 5 mg/mL"}, NoBridge.SAME_FLOW, "75.84 h"),
        ({"after": "2 mg/day"}, NoBridge.SAME_FLOW, "75.84 h"),
    ],
)
def test_where_none_is_needed_none_is_made_and_the_reason_is_told(told, reason, arrives):
    found = asked(**{"old": MG_10, "new": MG_20, **told})
    assert (found.answer.plan, found.answer.reason) == (None, reason)
    assert said(found)["bridge-not-needed"] is Verdict.INFO
    assert Verdict.REFUSE not in said(found).values()
    if arrives is not None:
        assert numbers(found)["arrives"] == arrives


# what is asked -> the finding that it draws
TOLD = [
    ({"line": "unknown"}, "line-unknown", Verdict.REFUSE),
    ({"old_unwanted": True}, "old-drug-unwanted", Verdict.REFUSE),
    ({"old_unwanted": True, "line": "unknown"}, "old-drug-unwanted", Verdict.REFUSE),
    ({"now": "0.4 mg/day"}, "bridge-rate", Verdict.REFUSE),
    ({"now": "0.000001 mg/day"}, "bridge-rate", Verdict.REFUSE),
    ({"now": "0.000001 mg/day", "new": "hydromorphone 5 mg/mL", "after": "1 mg/day"}, "bridge-rate", Verdict.REFUSE),
    ({"now": "241 mg/day"}, "bridge-rate", Verdict.REFUSE),
    ({"after": "0.9 mg/day"}, "bridge-rate", Verdict.REFUSE),
    ({"now": "1.0534 mg/day"}, "bridge-long", None),
    ({"now": "1.0533 mg/day"}, "bridge-long", Verdict.WARN),
    ({"now": "0.5 mg/day", "after": "1.2 mg/day", "catheter_volume": "0.21 mL"}, "bridge-long", Verdict.WARN),
    ({"now": "0.5 mg/day", "after": "1.2 mg/day", "catheter_volume": "0.210001 mL"}, "bridge-long", Verdict.REFUSE),
    ({"catheter_least": "0.1 mL", "catheter_most": "0.2 mL"}, "catheter-volume-unconfirmed", Verdict.STOP),
    ({"line": "old fluid in the tubing, catheter aspirated"}, "prime-first", Verdict.WARN),
    ({"new": "hydromorphone 5 mg/mL", "after": "0.4 mg/day"}, "bridge-dose-not-chosen", Verdict.WARN),
    (
        {"new": "hydromorphone 5 mg/mL", "after": "0.4 mg/day", "dose_during": "1 mg/day"},
        "bridge-dose-not-chosen",
        None,
    ),
    ({"new": "hydromorphone 5 mg/mL", "after": "0.4 mg/day"}, "fluids-meet", Verdict.INFO),
    ({"old": "sufentanil 1 mg/mL", "new": "clonidine 2 mg/mL"}, "fluids-meet", Verdict.WARN),
    ({"old": "morphine 10 mg/mL + clonidine 1 mg/mL", "new": "morphine 20 mg/mL"}, "fluids-meet", None),
    ({"old": "morphine 10 mg/mL", "new": "clonidine 1 mg/mL"}, "fluids-meet", None),
    ({}, "bridge-bracket", Verdict.INFO),
    ({"pump": "prometra-ii-20"}, "bridge-bracket", None),
    ({"old": MG_10 + " + bupivacaine 5 mg/mL"}, "bridge-component", Verdict.INFO),
    ({"new": MG_20 + " + bupivacaine 5 mg/mL"}, "bridge-component", Verdict.INFO),
    ({"dose_during": "2 mg/day"}, "bridge-component", Verdict.WARN),
    ({}, "bridge-component", None),
]


@pytest.mark.parametrize(("told", "rule", "verdict"), TOLD)
def test_what_stands_against_a_bridge_is_said_and_nothing_else(told, rule, verdict):
    found = asked(**{"old": MG_10, "new": MG_20, **told})
    assert said(found).get(rule) is verdict
    assert (found.answer.plan is None) == (Verdict.REFUSE in said(found).values())


def test_an_unknown_catheter_volume_is_taken_at_its_cautious_end():
    up = asked(MG_10, MG_20, catheter_least="0.1 mL", catheter_most="0.2 mL")
    down = asked(STRONG, WEAK, "200 microgram/day", catheter_least="0.1 mL", catheter_most="0.2 mL")
    assert (numbers(up)["volume"], numbers(down)["volume"]) == ("0.24 mL", "0.34 mL")
    assert (numbers(up)["bracket.least"], numbers(up)["bracket.most"]) == ("0.24 mL", "0.399 mL")
    known = asked(MG_10, MG_20, catheter="ascenda-8780", catheter_least="0.1 mL", catheter_most="0.3 mL")
    assert "catheter-volume-unconfirmed" not in said(known)


def test_an_unknown_line_shows_no_doses_of_what_nobody_knows():
    shown = numbers(asked(MG_10, MG_20, line="unknown"))
    assert shown["without.1.volume"] == "0.316 mL"
    assert "without.1.morphine" not in shown
    assert shown["morphine.in_line"] == "– mg"


def test_a_flow_of_nothing_is_refused_and_never_divided_by():
    found = asked(MG_10, MG_20, now="1 mg/day", after="0.000001 mg/day")
    assert found.answer.without == ()
    assert found.answer.components[0].ratio is None


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"delivered": "0.317 mL"}, "delivered: is more than the whole bridge of 0.316 mL"),
        ({"now": "0 mg/day"}, "daily_dose_now: must be more than zero"),
        ({"dose_during": "0 mg/day"}, "dose_during: must be more than zero"),
        ({"catheter_least": "0.1 mL"}, "catheter_least: must be above 0 mL"),
        ({"catheter_least": "0.2 mL", "catheter_most": "0.1 mL"}, "catheter_least: must be above 0 mL"),
        ({"catheter_volume": "0 mL"}, "catheter_volume: must be more than 0 mL"),
        ({"tubing_volume": "0 mL"}, "tubing_volume: must be more than 0 mL"),
        ({"trimmed_cm": 3}, "trimmed_cm: only together with a catheter"),
        ({"pump": "isomed-20-05"}, "pump: .* one flow for life"),
    ],
)
def test_what_contradicts_itself_is_refused_in_one_line(told, words):
    with pytest.raises(EntryRefused, match=words) as refused:
        asked(**{"old": MG_10, "new": MG_20, **told})
    assert "\n" not in str(refused.value)


def test_a_catheter_must_be_told_in_one_way_or_another():
    document = {"pump": "synchromed-ii-20", "old": drugs(MG_10), "new": drugs(MG_20)}
    document |= {"daily_dose_now": "1 mg/day", "daily_dose_after": "1 mg/day"}
    with pytest.raises(EntryRefused, match="catheter: name a catheter"):
        CALCULATOR.calculate(read(CALCULATOR.inputs, document))
    with pytest.raises(EntryRefused, match=r"^old\[0\].drug: 'nobody' is not a drug"):
        asked("nobody 1 mg/mL", MG_20)


def test_time_and_flow_belong_to_each_other():
    assert rate_to_move(Volume(316_000), Duration.parse("75.84 h")).text_in("mL/day") == "0.1 mL/day"
    for wrong in (
        lambda: rate_to_move(Volume(1), Duration(0)),
        lambda: time_to_move(Volume(1), rate_to_move(Volume(0), Duration(1))),
    ):
        with pytest.raises(QuantityError):
            wrong()


def test_every_number_of_the_catalogue_that_is_used_is_cited():
    found = asked(MG_10, MG_20, catheter="ascenda-8780")
    told = " ".join(f"{each.what}: {each.source}" for each in found.sources)
    for source in ("TGA RC-2017-RN-00065-1", "catheter labelling", "SynchroMed EL clinician manual", "bridge, refuse"):
        assert source in told
    assert {each.confidence for each in found.sources} <= {
        "verified", "abstract", "recalled", "assumed", "derived", "not checked",
    }  # fmt: skip
