"""What the syringe is said to hold: read twice alike, as prescribed, near the last fluid, and as assayed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from thecal.quantities import Concentration
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.mixing import Labelled
from thecal.therapy.rules.known import known_drug
from thecal.therapy.showing import amount_text, ratio_text
from thecal.therapy.situation import RefillOrder, Situation

_TOLD = "pending.refill.fluid"
_NOT_THERE = "none"


def drugs_known(situation: Situation) -> Iterator[Finding]:
    """A refill names its drugs, and the catalogue holds each of them."""
    order = situation.pending.refill
    if order is None:
        return
    if not order.fluid:
        yield refusal("no-fluid", "fluid", "Name the drug and its concentration.", path=_TOLD)
    prescribed = {component.drug for component in situation.pending.prescription.components}
    for reading in order.fluid:
        if reading.drug not in prescribed and known_drug(reading.drug, situation) is None:
            words = f"{reading.drug!r} is not a drug of this library; read the label again."
            yield refusal("unknown-drug", "fluid", words, path=_TOLD)


def label_differs(situation: Situation) -> Iterator[Finding]:
    """Two readings of one label that differ, and a label that is not what the program is written for."""
    order = situation.pending.refill
    if order is None:
        return
    if order.read_again and content(order.read_again) != content(order.fluid):
        words = "Two people read the label differently; nothing is filled until they agree."
        shown = _compared(situation, "first reading", order.fluid, "second reading", order.read_again)
        yield refusal("label-differs", "fluid", words, *shown, path="pending.refill.read_again")
    meant = situation.pending.prescription.components
    if meant and content(meant) != content(order.fluid):
        words = "The label is not the fluid the program is written for: every dose would be wrong. Correct one of them."
        shown = _compared(situation, "on the label", order.fluid, "programmed", meant)
        yield refusal("label-differs", "fluid", words, *shown, path=situation.pending.written.fluid)


def concentration_step(situation: Situation) -> Iterator[Finding]:
    """A concentration far from that of the last fluid: stopped, until two readings and the program agree on it."""
    order = situation.pending.refill
    agreed = order is not None and _agreed(order, situation.pending.prescription.components)
    before = {component.drug: component.concentration_ng_per_ml for component in situation.current.fluid}
    for index, reading in enumerate(() if order is None else order.fluid):
        old, known = before.get(reading.drug), known_drug(reading.drug, situation)
        if old is None or known is None:
            continue
        ratio = Fraction(reading.concentration.count, old)
        if ratio * known.step_ratio >= 1 and ratio <= known.step_ratio:
            continue
        unit = f"{known.dose_unit}/mL"
        wanted = "make sure that this change is meant" if agreed else "read the label again"
        words = f"The concentration of {known.display} becomes {ratio_text(ratio)} the last one; {wanted}."
        shown = (
            ("last", amount_text(Concentration(old), unit)),
            ("now", amount_text(reading.concentration, unit)),
            ("ratio", ratio_text(ratio)),
        )
        field, limit = f"concentration of {known.display}", known.source_of("step_ratio")
        verdict, path = Verdict.WARN if agreed else Verdict.STOP, f"{_TOLD}[{index}].concentration"
        yield finding("concentration-step", verdict, field, words, *shown, limit=limit, ratio=ratio, path=path)


def assay_outside(situation: Situation) -> Iterator[Finding]:
    """An assay that finds another concentration than the label, or a drug that is not on it."""
    order, policy = situation.pending.refill, situation.current.policy
    if order is None:
        return
    told = {reading.drug: reading.concentration for reading in order.fluid}
    for index, found in enumerate(order.assayed):
        labelled = told.get(found.drug)
        if labelled is not None and abs(found.concentration.count - labelled.count) <= (
            policy.assay_tolerance * labelled.count
        ):
            continue
        words = (
            f"The assay found {found.drug}, which is not on the label; do not use it."
            if labelled is None
            else f"The assay of {found.drug} is too far from the label; ask the pharmacy before it is used."
        )
        shown = (
            ("assay", _text(situation, found.drug, found.concentration)),
            ("label", _NOT_THERE if labelled is None else _text(situation, found.drug, labelled)),
        )
        limit, path = policy.source_of("assay_tolerance"), f"pending.refill.assayed[{index}]"
        yield finding("assay-outside", Verdict.STOP, "assay", words, *shown, limit=limit, path=path)


def content(fluid: Iterable[Labelled]) -> dict[str, Concentration]:
    """Drug to concentration, whatever the order in which they are named."""
    return {each.drug: each.concentration for each in fluid}


def _agreed(order: RefillOrder, meant: Iterable[Labelled]) -> bool:
    """Whether a second person read the label alike, and the program is written for that fluid."""
    return content(order.read_again) == content(order.fluid) == content(meant)


def _compared(
    situation: Situation, first: str, one: Iterable[Labelled], second: str, other: Iterable[Labelled]
) -> tuple[tuple[str, str], ...]:
    """What differs between two fluids, drug by drug."""
    left, right = content(one), content(other)
    differing = [drug for drug in {**left, **right} if left.get(drug) != right.get(drug)]
    return tuple(
        (f"{drug}, {label}", _text(situation, drug, fluid.get(drug)))
        for drug in differing
        for label, fluid in ((first, left), (second, right))
    )


def _text(situation: Situation, drug: str, concentration: Concentration | None) -> str:
    if concentration is None:
        return _NOT_THERE
    known = known_drug(drug, situation)
    return str(concentration) if known is None else amount_text(concentration, f"{known.dose_unit}/mL")
