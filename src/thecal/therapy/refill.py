"""A refill as it is told to the pump: expected, withdrawn and filled volume, and what their differences may mean.

What the needle really did is not known here. The rules are those of a whole visit [clinical 4.2, 5.4 ranks 1, 2, 3, 7];
this is the one act of telling the pump, with no program beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from thecal.quantities import Volume
from thecal.therapy.findings import Finding, Verdict, heaviest_first
from thecal.therapy.prescription import FluidComponent, Prescription, Stopped
from thecal.therapy.returned import Returned
from thecal.therapy.rules.recording import RECORDING_RULES
from thecal.therapy.situation import LabelReading, Pending, RefillOrder, Situation
from thecal.therapy.standing import Standing

_NOTHING_PRESCRIBED = Prescription((), Stopped())


@dataclass(frozen=True, slots=True)
class Refill:
    """What was done, as told: volume drawn out, volume filled (all the reservoir then holds), and the fluid.

    ``injected`` is what the syringes held, ``recovered`` what was drawn back of it to prove the place of the needle;
    None: not told.
    """

    withdrawn: Volume
    filled: Volume
    components: tuple[FluidComponent, ...]
    injected: Volume | None = None
    recovered: Volume | None = None


@dataclass(frozen=True, slots=True)
class RefillReview:
    """A refill against what the pump expects. ``delivered_ratio`` is really to supposedly delivered since last time."""

    refill: Refill
    expected: Volume
    difference: Volume  # between withdrawn and expected, either way
    fuller_than_expected: bool
    delivered_ratio: Fraction | None
    findings: tuple[Finding, ...]

    @property
    def may_be_sent(self) -> bool:
        """Whether it may go to the pump."""
        return all(found.verdict is not Verdict.REFUSE for found in self.findings)


def review_refill(refill: Refill, standing: Standing, filled_before: Volume) -> RefillReview:
    """Hold a refill against the interrogated pump; ``filled_before`` is what it was told at the last refill.

    Raises OutOfBounds for a concentration that no pump can be told.
    """
    returned = Returned(filled_before, standing.reservoir, refill.withdrawn)
    situation = Situation(Pending(_NOTHING_PRESCRIBED, refill=_order(refill, filled_before)), standing)
    return RefillReview(
        refill=refill,
        expected=returned.expected,
        difference=returned.difference,
        fuller_than_expected=returned.fuller,
        delivered_ratio=returned.ratio,
        findings=heaviest_first(found for rule in RECORDING_RULES for found in rule(situation)),
    )


def _order(refill: Refill, filled_before: Volume) -> RefillOrder:
    fluid = tuple(LabelReading(each.drug, each.concentration) for each in refill.components)
    return RefillOrder(
        refill.withdrawn,
        refill.filled,
        fluid,
        injected=refill.injected,
        recovered=refill.recovered,
        filled_before=filled_before,
    )
