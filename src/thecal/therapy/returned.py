"""What came out of a reservoir against what should be left in it: difference, delivered ratio, error.

The pump subtracts and does not measure, so ``expected`` is belief; ``withdrawn`` is a person's reading of a syringe.
delivered ratio = (filled - withdrawn) / (filled - expected) [TGA RC-2014-RN-00357-1; Wesemann 2014].
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from thecal.catalogue.policy import Policy
from thecal.catalogue.pumps import ConstantFlowPump, Pump
from thecal.catalogue.quoted import Quoted
from thecal.catalogue.returned_volumes import Came
from thecal.quantities import Volume


@dataclass(frozen=True, slots=True)
class Returned:
    """One refill: what was filled the time before, what should have been left, and what was drawn out."""

    filled: Volume
    expected: Volume
    withdrawn: Volume

    @property
    def fuller(self) -> bool:
        """Whether more came out than expected."""
        return self.withdrawn > self.expected

    @property
    def difference(self) -> Volume:
        """Between withdrawn and expected, either way."""
        return apart(self.withdrawn, self.expected)

    @property
    def ratio(self) -> Fraction | None:
        """Really to supposedly delivered; never below 0; None where nothing was supposed to be delivered."""
        supposed = self.filled.count - self.expected.count
        return Fraction(max(0, self.filled.count - self.withdrawn.count), supposed) if supposed > 0 else None

    @property
    def error(self) -> Fraction | None:
        """Above 0: more was delivered than supposed."""
        return None if self.ratio is None else self.ratio - 1

    def came(self, tolerance: Volume) -> Came:
        """Its class: within ``tolerance`` it is as expected."""
        if self.difference <= tolerance:
            return Came.AS_EXPECTED
        return Came.MORE if self.fuller else Came.LESS

    def about_nothing(self, mark: Volume) -> bool:
        """Whether so little came out that the reservoir may have run dry."""
        return self.withdrawn <= mark


def apart(one: Volume, other: Volume) -> Volume:
    """How far two volumes lie apart, either way."""
    return max(one, other) - min(one, other)


def tolerance_for(capacity: Volume, policy: Policy) -> Quoted[Volume]:
    """How far withdrawn and expected may differ in a reservoir of this size, and who says so."""
    field = "tolerance_small" if capacity <= policy.small_reservoir else "tolerance_large"
    return Quoted(policy.tolerance(capacity), policy.source_of(field))


def accepted_for(pump: Pump, policy: Policy) -> Quoted[Fraction]:
    """How far one delivered ratio may lie from 1: the label accuracy; for a constant flow what the clinic accepts."""
    if isinstance(pump, ConstantFlowPump):
        return Quoted(policy.constant_flow_accept, policy.source_of("constant_flow_accept"))
    return pump.accuracy


def outside(ratio: Fraction | None, accuracy: Fraction) -> bool:
    """Whether a delivered ratio is further from 1 than the label accuracy; never where there is no ratio."""
    return ratio is not None and abs(ratio - 1) > accuracy
