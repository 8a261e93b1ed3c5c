"""The rules of a refill, for a whole visit and for the one act of telling it to the pump."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from thecal.device import INFUSING, Component
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.rules import filling, labels, returns
from thecal.therapy.situation import Situation

_PATH = "pending.refill.fluid"


def fluid_told(situation: Situation) -> Iterator[Finding]:
    """Another fluid than before: refused while a dose runs, warned of when it does not."""
    order, current = situation.pending.refill, situation.current
    if order is None or not current.fluid:
        return
    if tuple(Component(each.drug, each.concentration.count) for each in order.fluid) == current.fluid:
        return
    if current.program.mode in INFUSING:
        words = (
            "Another fluid cannot be recorded while a dose runs: every dose would be wrong. Stop the infusion first."
        )
        yield refusal("fluid-change-while-infusing", "fluid", words, path=_PATH)
        return
    words = "The old fluid is still in tubing and catheter and reaches the patient first; plan the change for it."
    yield finding("fluid-change", Verdict.WARN, "fluid", words, path=_PATH)


REFILL_RULES: tuple[Callable[[Situation], Iterator[Finding]], ...] = (
    filling.fill_too_large,
    filling.fill_inconsistent,
    labels.drugs_known,
    returns.volume_differs,
    returns.place_unproven,
    returns.drug_free_interval,
    returns.unexpectedly_full,
    returns.delivered_ratio,
    labels.concentration_step,
    labels.assay_outside,
)
RECORDING_RULES = (*REFILL_RULES, fluid_told)
