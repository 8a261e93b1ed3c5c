"""What the bridge calculation has to say beside its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from thecal.catalogue.drugs import drug
from thecal.catalogue.policy import policy
from thecal.therapy.bridge_findings import (
    flow_findings,
    length_findings,
    line_findings,
    meeting_findings,
    old_drug_findings,
)
from thecal.therapy.bridging import FluidChange, NoBridge
from thecal.therapy.calculators.bridge.inputs import Asked, BridgeInputs
from thecal.therapy.calculators.bridge.parts import Bracket, ComponentDoses
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.mixing import mass_counted_of
from thecal.therapy.showing import amount_text, ratio_text


def bridge_findings(inputs: BridgeInputs, question: Asked, reason: NoBridge | None) -> Iterator[Finding]:
    """What stands against a bridge, or why none is needed."""
    change = question.change
    if reason is not NoBridge.SAME_FLUID:
        yield from meeting_findings(change)
    if reason is not None:
        words = f"No bridge is needed: {reason.value}."
        yield finding("bridge-not-needed", Verdict.INFO, "bridge", words)
        return
    yield from line_findings(change)
    yield from flow_findings(change, question.volumes.pump)
    if change.rate.count:
        yield from length_findings(change, policy())
    yield from old_drug_findings(change, chosen=inputs.dose_during is not None)
    if inputs.old_unwanted:
        yield _unwanted(change)
    if not question.is_confirmed:
        words = "The catheter volume is not confirmed; the cautious end of its range is used. Confirm it first."
        ends = f"{_ml(question.least)} to {_ml(question.most)}"
        yield finding("catheter-volume-unconfirmed", Verdict.STOP, "catheter volume", words, ("line holds", ends))
    if question.prime_first.count:
        words = "The catheter was aspirated: prime it first, or the patient is without drug until it is full again."
        shown = ("prime first", amount_text(question.prime_first, "mL"))
        yield finding("prime-first", Verdict.WARN, "bridge", words, shown)


def bracket_findings(bracket: Bracket, change: FluidChange) -> Iterator[Finding]:
    """Which end of the line's range is the cautious one, and what it means to miss."""
    end = "least" if bracket.cautious == bracket.least else "most"
    words = (
        f"The line may hold more or less than the programmer has it; the {end} is the cautious volume: "
        "if it is wrong the patient has too little for a while, at the other end too much."
    )
    shown = (
        ("least", amount_text(bracket.least, "mL")),
        ("most", amount_text(bracket.most, "mL")),
        ("cautious", amount_text(bracket.cautious, "mL")),
        ("programmed here", _ml(change)),
    )
    yield finding("bridge-bracket", Verdict.INFO, "bridge", words, *shown)


def component_findings(components: tuple[ComponentDoses, ...]) -> Iterator[Finding]:
    """Which drugs are under or over while the bridge follows the primary one."""
    for each in components:
        known = drug(each.drug)
        if each.ratio is None:
            words = f"{known.display} still arrives until the bridge ends, and then no more."
        elif each.ratio == 0:
            words = f"{known.display} is not in the line; it arrives when the bridge ends."
        elif not _is_as_wanted(each.ratio):
            side = "over" if each.ratio > 1 else "under"
            words = f"During the bridge {known.display} is {side} the dose wanted after it: {ratio_text(each.ratio)}."
        else:
            continue
        over = each.during > each.now and each.during > each.after
        unit = f"{known.dose_unit}/day"
        shown = (
            ("now", amount_text(each.now, unit)),
            ("during the bridge", amount_text(each.during, unit)),
            ("after it", amount_text(each.after, unit)),
        )
        yield finding("bridge-component", Verdict.WARN if over else Verdict.INFO, known.display, words, *shown)


def _unwanted(change: FluidChange) -> Finding:
    old = drug(change.old[0].drug)
    words = (
        f"{old.display} must not reach the patient, and a bridge would give all that is in the line; "
        "aspirate the catheter through the access port instead, and prime."
    )
    left = change.drug_in_line
    shown = () if left is None else (("in the line", amount_text(mass_counted_of(left.ng(old.key)), old.dose_unit)),)
    return refusal("old-drug-unwanted", "bridge", words, *shown)


def _is_as_wanted(ratio: Fraction) -> bool:
    """To the nearest hundredth: whole counts of flow differ by less."""
    return round(ratio * 100) == 100


def _ml(change: FluidChange) -> str:
    return amount_text(change.volume, "mL")
