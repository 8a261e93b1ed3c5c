"""Which system suits a patient: candidate or not, which trial, fixed rate or programmable, which pump and catheter."""

from __future__ import annotations

from thecal.therapy.calculation import Calculation, Calculator, given
from thecal.therapy.calculators.on_paper import known_drug
from thecal.therapy.entry import EntryRefused
from thecal.therapy.selection.answer import Selection, selection_for
from thecal.therapy.selection.cited import sources_of
from thecal.therapy.selection.contradictions import contradiction
from thecal.therapy.selection.facts import SelectionInputs
from thecal.therapy.selection.notes import notes
from thecal.therapy.selection.shown import lines_of


def selection(inputs: SelectionInputs) -> Calculation[Selection]:
    """The system that suits, what stands against the others, which facts are missing, and what would change it.

    Raises EntryRefused for facts that contradict each other, and for a drug the catalogue does not hold.
    """
    for at, each in enumerate(inputs.needs.drugs):
        known_drug(f"needs.drugs[{at}].drug", each.drug)
    wrong = contradiction(inputs)
    if wrong is not None:
        raise EntryRefused(*wrong)
    found = selection_for(inputs)
    return Calculation(
        kind="selection",
        answer=found,
        inputs=given(inputs),
        outputs=lines_of(found),
        formula=_FORMULA,
        sources=sources_of(inputs, found),
        assumptions=_ASSUMED,
        findings=notes(inputs, found),
    )


_FORMULA = (
    "candidate = no hard rule about the patient is against it, none waits for a fact, and a trial has helped",
    "hard rules about pumps first (H4 to H10), then points = sum of what weighs for a system less what weighs against",
    "rank: more points, then sold before not sold, then the longer refill interval",
    "C = D / Q for every drug, within its strictest limit; constant flow: Q at home, from pressure by height",
    "interval = earliest of volume at worst, stability, label and clinic, from a full reservoir",
    "what would change it: each fact changed alone and the choice made again; numbers by doubling, then halving",
    "cost = implantation + pumps x price + revisions + refills + drug + what is discarded, at the prices given",
)
_ASSUMED = (
    "Directions of reasons are published; how much each weighs is our own, and a clinic may weigh otherwise.",
    "A fact that is not given is not known: it neither excludes nor weighs, and is named as missing.",
    "A home that is not given is taken to lie where the label of a constant-flow pump holds, at sea level.",
    "Refill intervals count no patient boluses; doses are those given, without the course of tolerance.",
    "A dose moves in twentieths, and a closer value between two that were tried may be missed.",
)
CALCULATOR = Calculator("selection", "Selection: candidate, trial, pump and catheter", SelectionInputs, selection)
